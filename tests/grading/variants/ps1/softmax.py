"""Question 9 as students write it: each row of logits (N, C) to probabilities."""

import math

import numpy as np

from tests.grading.variants.expects import expects


@expects("overflow")
def wrong_overflow(logits):
    """The formula as it stands."""
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


@expects("wrong axis")
def wrong_axis(logits):
    """Columns sum to 1."""
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)


@expects("one total for all")
def wrong_one_total(logits):
    """The whole batch shares one maximum and one total."""
    e = np.exp(logits - np.max(logits))
    return e / np.sum(e)


@expects("one maximum for all")
def wrong_one_maximum(logits):
    """The whole batch shares one maximum: rows far below it vanish."""
    e = np.exp(logits - np.max(logits))
    return e / e.sum(axis=1, keepdims=True)


@expects("no keepdims")
def wrong_total_loses_axis(logits):
    """The totals are matched with the columns; fits only if the batch is square."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


@expects("total not divided")
def wrong_not_divided(logits):
    """The exponentials only."""
    return np.exp(logits - logits.max(axis=1, keepdims=True))


@expects("no exp")
def wrong_no_exponential(logits):
    """Shares of the raw logits."""
    return logits / logits.sum(axis=1, keepdims=True)


@expects("length 1")
def wrong_length_1(logits):
    """Rows of length 1."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / np.sqrt((e**2).sum(axis=1, keepdims=True))


@expects("sigmoid")
def wrong_sigmoid(logits):
    """Each entry alone."""
    return 1 / (1 + np.exp(-logits))


@expects("log")
def wrong_logarithm(logits):
    """The logarithms of the probabilities."""
    z = logits - logits.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@expects("softmin")
def wrong_softmin(logits):
    """The smallest logit wins."""
    e = np.exp(logits.min(axis=1, keepdims=True) - logits)
    return e / e.sum(axis=1, keepdims=True)


def wrong_maximum_loses_axis(logits):
    """The maxima of the rows are taken from the columns."""
    e = np.exp(logits - logits.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


@expects("overflow")
def wrong_mean_taken_away(logits):
    """The mean helps against a common offset, not against one large logit."""
    e = np.exp(logits - logits.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def wrong_clipped(logits):
    """The logits are clipped: an offset makes them all equal."""
    e = np.exp(np.clip(logits, -50, 50))
    return e / e.sum(axis=1, keepdims=True)


@expects("not a number")
def wrong_offset_of_the_example(logits):
    """The offset of the example, 1000, is written into the code."""
    e = np.exp(logits - 1000)
    return e / e.sum(axis=1, keepdims=True)


def wrong_maximum_of_first_row(logits):
    """The first row's maximum serves all rows."""
    e = np.exp(logits - logits[0].max())
    return e / e.sum(axis=1, keepdims=True)


def wrong_shift_in_total_only(logits):
    """The shifted exponentials are in the total, the raw ones above it."""
    z = logits - logits.max(axis=1, keepdims=True)
    return np.exp(logits) / np.exp(z).sum(axis=1, keepdims=True)


def wrong_nan_becomes_1(logits):
    """infinite / infinite is swept under the carpet."""
    e = np.exp(logits)
    return np.nan_to_num(e / e.sum(axis=1, keepdims=True), nan=1.0)


@expects("in place")
def wrong_in_place(logits):
    """The shift is written into the input."""
    logits -= logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


@expects("not converted")
def wrong_type_of_input(logits):
    """The result has the type of the input: for integers everything is cut to 0 or 1."""
    out = np.empty_like(logits)
    for i, row in enumerate(logits):
        e = np.exp(row - row.max())
        out[i] = e / e.sum()
    return out


def wrong_largest_wins(logits):
    """A hard decision."""
    return (logits == logits.max(axis=1, keepdims=True)).astype(float)


def wrong_base_2(logits):
    """Powers of 2."""
    e = np.exp2(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def wrong_standardised(logits):
    """Rows are divided by their spread as well."""
    z = (logits - logits.mean(axis=1, keepdims=True)) / (logits.std(axis=1, keepdims=True) + 1e-8)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def wrong_last_row_missing(logits):
    """The loop ends one example early."""
    out = np.zeros(logits.shape)
    for i in range(len(logits) - 1):
        e = np.exp(logits[i] - logits[i].max())
        out[i] = e / e.sum()
    return out


@expects("shape")
def wrong_first_row_only(logits):
    """Works for a batch of one, and forgets the batch."""
    e = np.exp(logits[0] - logits[0].max())
    return e / e.sum()


def wrong_constant_in_the_total(logits):
    """A constant against division by 0 that is too large."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 0.01)


@expects("no keepdims")
def wrong_keepdims_twice(logits):
    """Neither the maximum nor the total keeps its axis: the most typical mistake of all."""
    e = np.exp(logits - np.max(logits, axis=1))
    return e / np.sum(e, axis=1)


@expects("no keepdims")
def wrong_no_shift_no_keepdims(logits):
    """No shift, and the total loses its axis."""
    return np.exp(logits) / np.sum(np.exp(logits), axis=1)


@expects("no keepdims, wrong axis")
def wrong_maximum_and_total_crossed(logits):
    """The maximum along one axis, the total along the other, and no axis kept."""
    e = np.exp(logits - logits.max(axis=-1))
    return e / e.sum(axis=0)


@expects("overflow, wrong axis")
def wrong_no_shift_wrong_axis(logits):
    """Two mistakes at once: as for a single vector."""
    return np.exp(logits) / np.sum(np.exp(logits), axis=0)


def wrong_maximum_at_least_0(logits):
    """The maximum starts at 0: rows far below it vanish."""
    largest = np.zeros((len(logits), 1))
    for row in logits.T:
        largest = np.maximum(largest, row[:, None])
    e = np.exp(logits - largest)
    return e / e.sum(axis=1, keepdims=True)


def wrong_clipped_at_500(logits):
    """Clipped where exp still works: logits of a thousand become equal."""
    e = np.exp(np.clip(logits, -500, 500))
    return e / e.sum(axis=1, keepdims=True)


def wrong_clipped_differences(logits):
    """Differences are clipped at 10."""
    e = np.exp(np.maximum(logits - logits.max(axis=1, keepdims=True), -5.0))
    return e / e.sum(axis=1, keepdims=True)


def wrong_half_precision(logits):
    """In float16 logits of a thousand have no digits behind the point."""
    z = logits.astype(np.float16)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).astype(np.float64)


@expects("never filled")
def wrong_never_filled(logits):
    """Each row is computed and goes nowhere."""
    out = np.zeros(logits.shape)
    for row, z in zip(out, logits, strict=True):
        e = np.exp(z - z.max())
        row = e / e.sum()  # noqa: F841
    return out


@expects("only transposed")
def wrong_order_of_memory(logits):
    """Flattened as it lies in memory."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True)).ravel(order="A").reshape(logits.shape)
    return e / e.sum(axis=1, keepdims=True)


@expects("one place")
def wrong_row_in_an_entry(logits):
    """A whole row is put into one entry."""
    out = np.zeros(logits.shape)
    for n, z in enumerate(logits):
        for c in range(len(z)):
            out[n, c] = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    return out



def right_shifted(logits):
    """The formula, with the largest logit of a row taken away."""
    e = np.exp(logits - np.amax(logits, axis=1)[:, None])
    return e / np.sum(e, axis=1).reshape(-1, 1)


def right_math(logits):
    """One row at a time with the math module."""
    rows = []
    for row in logits.tolist():
        exp = [math.exp(v - max(row)) for v in row]
        rows.append([e / sum(exp) for e in exp])
    return np.array(rows)


def right_by_logarithms(logits):
    """exp of the logarithm of the probabilities."""
    return np.exp(logits - np.logaddexp.reduce(logits.astype(float), axis=1, keepdims=True))


def right_turned(logits):
    """With classes as rows, and turned back."""
    z = logits.T - logits.T.max(axis=0)
    e = np.exp(z)
    return (e / e.sum(axis=0)).T


def right_float32(logits):
    """In float32, in place on a copy."""
    p = logits.astype(np.float32)
    p -= p.max(axis=-1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=-1, keepdims=True)
    return p


def right_by_differences(logits):
    """1 over the sum of exp of all differences: infinite sums give 0."""
    z = logits.astype(float)
    return 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)


class _Softmax:
    """An object that is called: examples as columns, turned at the end."""

    def __call__(self, logits):
        columns = np.transpose(logits)  # (C, N)
        e = np.exp(columns - columns.max(axis=0))
        return (e / e.sum(axis=0)).T


right_object = _Softmax()


def right_loop_of_loops(logits):
    """As in a well-known course: one example at a time, scores shifted by their maximum."""
    out = np.zeros(logits.shape)
    for i in range(logits.shape[0]):
        scores = logits[i] - np.max(logits[i])
        total = 0.0
        for score in scores:
            total += np.exp(score)
        for j in range(logits.shape[1]):
            out[i, j] = np.exp(scores[j]) / total
    return out
