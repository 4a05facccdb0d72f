"""Question 4 as students write it: negative entries become 0."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("mask")
def wrong_mask(x):
    """Where it is on, not what comes through."""
    return (x > 0).astype(float)


@expects("abs")
def wrong_abs(x):
    """Negative entries turn positive."""
    return np.abs(x)


@expects("leaky")
def wrong_leaky(x):
    """A little comes through on the left."""
    return np.where(x > 0, x, 0.01 * x)


@expects("wrong side")
def wrong_keeps_negative(x):
    """The other half survives."""
    return np.minimum(x, 0)


@expects("clipped")
def wrong_clipped_at_1(x):
    """A ceiling of 1."""
    return np.clip(x, 0, 1)


@expects("clipped at 6")
def wrong_clipped_at_6(x):
    """A ceiling of 6, as in networks for phones."""
    return np.minimum(np.maximum(x, 0), 6)


@expects("softplus")
def wrong_softplus(x):
    """The smooth cousin."""
    return np.logaddexp(0, x)


@expects("shifted")
def wrong_floor_at_1(x):
    """Everything below 1 becomes 1."""
    return np.maximum(1, x)


@expects("in place")
def wrong_in_place(x):
    """The input is overwritten."""
    x[x < 0] = 0
    return x


@expects("in place")
def wrong_in_place_through_another_name(x):
    """A second name is taken for a copy, and the slices for the whole."""
    out = x
    out *= out > 0
    return out + 0.0


@expects("shape")
def wrong_largest_entry(x):
    """np.max is taken for np.maximum: the largest along the first axis."""
    return np.max(x, 0)


@expects("shape")
def wrong_drops_negative(x):
    """Negative entries are left out."""
    return x[x > 0]


@expects("shape")
def wrong_flattened(x):
    """The shape is lost."""
    return np.array([v if v > 0 else 0.0 for v in x.ravel()])


@expects("truth value")
def wrong_python_max(x):
    """Python's max does not compare entry by entry."""
    return max(x, 0)


def wrong_if_on_an_array(x):
    """One decision for the whole array."""
    if x.all() > 0:
        return x
    return np.zeros(x.shape)


@expects("truth value")
def wrong_vector_only(x):
    """The loop knows one axis."""
    out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] if x[i] > 0 else 0
    return out


def wrong_matrix_only(x):
    """The loops know two axes."""
    rows, columns = x.shape
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = max(0, x[i, j])
    return out


@expects("list")
def wrong_list(x):
    """A list comes back."""
    return np.maximum(x, 0).tolist()


@expects("not converted")
def wrong_vectorize_decides_on_first(x):
    """np.vectorize takes the type of the first result, often the integer 0, and cuts the others."""
    return np.vectorize(lambda v: v if v > 0 else 0)(x)


def wrong_last_entry_missing(x):
    """The loop ends one entry early."""
    out = np.zeros(x.size)
    for i in range(x.size - 1):
        out[i] = max(x.flat[i], 0)
    return out.reshape(x.shape)


def wrong_elu(x):
    """Another activation, which goes down to -1."""
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def wrong_squared(x):
    """The mask is made of x itself."""
    return x * np.maximum(x, 0)


@expects("nothing returned")
def wrong_nothing_returned(x):
    """The result is computed and forgotten."""
    np.maximum(x, 0)


@expects("shifted")
def wrong_small_ones_dropped(x):
    """A threshold of 0.1 takes small positive entries away."""
    return np.where(x > 0.1, x, 0)


def wrong_rounded_near_0(x):
    """Rounded to one digit on the way."""
    return np.maximum(np.round(x, 1), 0)


def wrong_smooth(x):
    """A smooth curve that is nearly the same far from 0."""
    return np.where(np.abs(x) < 0.1, (x + 0.1) ** 2 / 0.4, np.maximum(x, 0))


@expects("never filled")
def wrong_never_filled(x):
    """The loop changes a copy of each entry."""
    out = np.zeros(x.shape)
    for value in out.ravel():
        value = max(value, 0)
    return out


@expects("only transposed")
def wrong_walks_through_memory(x):
    """nditer goes through the entries as they lie in memory."""
    return np.array([max(float(v), 0) for v in np.nditer(x)]).reshape(x.shape)


@expects("float16")
def wrong_half_precision_returned(x):
    """The result is left in float16."""
    return np.maximum(x, 0).astype("float16")


@expects("attribute")
def wrong_method(x):
    """Arrays have no such method."""
    return x.maximum(0)


def wrong_unsigned(x):
    """Negative entries wrap around."""
    return np.maximum(x.astype(np.uint8), 0).astype(float)



def right_maximum(x):
    """The formula."""
    return np.maximum(0, x)


def right_where(x):
    """A choice entry by entry."""
    return np.where(x > 0, x, 0)


def right_mask(x):
    """A product with the mask."""
    return x * (x >= 0)


def right_in_place_on_a_copy(x):
    """Written into a copy."""
    out = x.copy()
    out[out < 0] = 0
    return out


def right_half_of_x_plus_abs(x):
    """Half of x and its absolute value."""
    return (x + abs(x)) / 2


def right_loop(x):
    """One entry at a time, in any shape."""
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            out[index] = x[index]
    return out


def right_float32(x):
    """In float32, by a floor without a ceiling."""
    return np.clip(x.astype(np.float32), 0, None)


def right_itself_if_nothing_is_negative(x):
    """Hands the input back where there is nothing to do."""
    return x if (x >= 0).all() else np.maximum(x, 0)


def right_half_of_sum(x):
    """The mean of x and its absolute value."""
    return 0.5 * (x + np.fabs(x))


class _ReLU:
    """A layer as an object, with what it remembers for the way back."""

    def __call__(self, x):
        self.mask = x > 0
        out = np.array(x, copy=True)
        out[~self.mask] = 0
        return out


right_object = _ReLU()
