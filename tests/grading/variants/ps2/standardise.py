"""Question 2 as students write it: both sets minus the mean of train, divided by its standard deviation."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("each by its own")
def wrong_each_by_its_own(train, test):
    """One helper is used for both sets."""

    def scale(x):
        return (x - x.mean()) / x.std()

    return scale(train), scale(test)


@expects("both together")
def wrong_both_together(train, test):
    """The numbers come from all data."""
    every = np.vstack([train, test])
    return (train - every.mean()) / every.std(), (test - every.mean()) / every.std()


@expects("by the test set")
def wrong_by_the_test_set(train, test):
    """The wrong set is measured."""
    return (train - test.mean()) / test.std(), (test - test.mean()) / test.std()


@expects("column by column")
def wrong_columns(train, test):
    """A mean and a deviation for each column."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


@expects("row by row")
def wrong_rows(train, test):
    """A mean and a deviation for each example."""
    return tuple((x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True) for x in (train, test))


@expects("variance")
def wrong_variance(train, test):
    """Divided by the variance."""
    mean, var = train.mean(), train.var()
    return (train - mean) / var, (test - mean) / var


@expects("N - 1")
def wrong_sample_deviation(train, test):
    """The deviation of a sample, as other programs compute it."""
    mean, std = train.mean(), train.std(ddof=1)
    return (train - mean) / std, (test - mean) / std


@expects("mean not subtracted")
def wrong_only_divided(train, test):
    """The mean is never used."""
    return train / train.std(), test / train.std()


@expects("not divided")
def wrong_only_centred(train, test):
    """The deviation is never used."""
    return train - train.mean(), test - train.mean()


@expects("test left as it is")
def wrong_test_untouched(train, test):
    """Only the training set is changed."""
    return (train - train.mean()) / train.std(), test * 1.0


@expects("from 0 to 1")
def wrong_min_max(train, test):
    """The numbers are brought between 0 and 1."""
    low, high = train.min(), train.max()
    return (train - low) / (high - low), (test - low) / (high - low)


@expects("constant added")
def wrong_constant(train, test):
    """A small number in the divisor."""
    std = train.std() + 1e-3
    return (train - train.mean()) / std, (test - train.mean()) / std


@expects("mean of the test set")
def wrong_mean_of_test(train, test):
    """The deviation is that of the training set, the mean is not."""
    return (train - train.mean()) / train.std(), (test - test.mean()) / train.std()


@expects("in place")
def wrong_in_place(train, test):
    """The arrays that were handed in are changed."""
    mean, std = train.mean(), train.std()
    train -= mean
    train /= std
    return train, (test - mean) / std


@expects("tuple")
def wrong_only_test(train, test):
    """Only the test set comes back."""
    return (test - train.mean()) / train.std()


def wrong_precedence(train, test):
    """The division covers the mean only."""
    return train - train.mean() / train.std(), test - train.mean() / train.std()


def wrong_deviation_of_test(train, test):
    """The mean is that of the training set, the deviation is not."""
    return (train - train.mean()) / train.std(), (test - train.mean()) / test.std()


def wrong_bytes(train, test):
    """Pixels are taken for bytes from 0 to 255."""
    return train / 255 - 0.5, test / 255 - 0.5


def right_formula(train, test):
    """The formula."""
    mean, std = train.mean(), train.std()
    return (train - mean) / std, (test - mean) / std


def right_by_hand(train, test):
    """Mean and deviation in loops of Python."""
    numbers = [float(v) for v in train.ravel()]
    mean = sum(numbers) / len(numbers)
    deviation = (sum((v - mean) ** 2 for v in numbers) / len(numbers)) ** 0.5
    return [np.array([[(v - mean) / deviation for v in row] for row in x]) for x in (train, test)]


def right_float32(train, test):
    """In float32, both sets in one piece that is cut again."""
    a, b = train.astype(np.float32), test.astype(np.float32)
    shifted = np.concatenate([a, b]) - a.mean()
    shifted /= np.sqrt(np.square(a - a.mean()).mean())
    return shifted[: len(a)], shifted[len(a) :]


class _Scaler:
    """As in a well-known library: fit, then transform."""

    def fit(self, x):
        self.mean, self.scale = np.mean(x), np.sqrt(np.var(x))
        return self

    def transform(self, x):
        return (x - self.mean) / self.scale

    def __call__(self, train, test):
        self.fit(train)
        return self.transform(train), self.transform(test)


right_scaler = _Scaler()


def right_z_score(train, test):
    """With functions of NumPy alone."""
    return tuple(np.divide(np.subtract(x, np.average(train)), np.std(train)) for x in (train, test))
