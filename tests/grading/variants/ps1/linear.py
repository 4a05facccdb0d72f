"""Question 2 as students write it: x (N, D), weight (H, D), bias (H,) to (N, H)."""

import numpy as np

from tests.grading.variants.expects import expects

WEIGHT = np.array([[1.0, 0.0, 2.0], [-1.0, 1.0, 0.5]])  # left over from an experiment further up


@expects("no bias")
def wrong_forgets_bias(x, weight, bias):
    """The bias is never used."""
    return x @ weight.T


@expects("weight not transposed")
def wrong_weight_not_transposed(x, weight, bias):
    """Columns of the weight are taken for neurons; fits only if it is square."""
    return x @ weight + bias


@expects("bias per example")
def wrong_bias_per_example(x, weight, bias):
    """The bias is added down the rows; fits only if there are as many examples as neurons."""
    return x @ weight.T + bias[:, None]


@expects("bias subtracted")
def wrong_bias_subtracted(x, weight, bias):
    """The bias is taken for a threshold."""
    return x @ weight.T - bias


@expects("one bias for all")
def wrong_sum_of_biases(x, weight, bias):
    """All neurons get the sum of the biases."""
    return np.dot(x, weight.T) + np.sum(bias)


@expects("mean")
def wrong_mean(x, weight, bias):
    """The weighted inputs are averaged."""
    return (x[:, None, :] * weight).mean(axis=-1) + bias


@expects("activation inside")
def wrong_relu_inside(x, weight, bias):
    """The activation is applied at once."""
    return np.maximum(0, x @ weight.T + bias)


@expects("transposed")
def wrong_result_transposed(x, weight, bias):
    """Neurons are rows of the result."""
    return weight @ x.T + bias.reshape(-1, 1)


@expects("shape")
def wrong_first_example_only(x, weight, bias):
    """Only the first example is looked at."""
    return weight @ x[0] + bias


@expects("shape")
def wrong_summed_over_everything(x, weight, bias):
    """The sum swallows the axis of the neurons as well."""
    return (x[:, None, :] * weight).sum(axis=(1, 2)) + bias.sum()


@expects("list")
def wrong_list(x, weight, bias):
    """A list of rows comes back."""
    return [list(row @ weight.T + bias) for row in x]


@expects("list")
def wrong_list_of_lists_with_bug(x, weight, bias):
    """A list of rows, and the first bias for all of them."""
    return [[float(row @ w + bias[0]) for w in weight] for row in x]


@expects("broadcast")
def wrong_elementwise(x, weight, bias):
    """Arrays are multiplied entry by entry."""
    return x * weight + bias


def wrong_bias_in_the_loop(x, weight, bias):
    """The bias is added once for every input."""
    out = np.zeros((len(x), len(weight)))
    for i in range(x.shape[1]):
        out += np.outer(x[:, i], weight[:, i]) + bias
    return out


def wrong_last_example_missing(x, weight, bias):
    """The loop ends one example early."""
    out = np.zeros((len(x), len(weight)))
    for n in range(len(x) - 1):
        out[n] = weight @ x[n] + bias
    return out


@expects("index")
def wrong_loop_over_inputs_for_neurons(x, weight, bias):
    """The loop over neurons counts the inputs."""
    out = np.zeros((x.shape[0], weight.shape[0]))
    for h in range(x.shape[1]):
        out[:, h] = x @ weight[h] + bias[h]
    return out


def wrong_starts_from_ones(x, weight, bias):
    """The sum starts from 1."""
    out = np.ones((len(x), len(weight)))
    out += x @ weight.T
    return out + bias


def wrong_sum_assigned(x, weight, bias):
    """The inner sum is overwritten instead of added to."""
    out = np.zeros((len(x), len(weight)))
    for n in range(len(x)):
        for h in range(len(weight)):
            for d in range(x.shape[1]):
                out[n, h] = x[n, d] * weight[h, d]
    return out + bias


def wrong_reshape_for_transpose(x, weight, bias):
    """Reshape gives the right shape and puts the weights in wrong places."""
    return x @ weight.reshape(weight.shape[::-1]) + bias


@expects("not converted")
def wrong_integer_result(x, weight, bias):
    """The result array holds integers."""
    out = np.zeros((x.shape[0], weight.shape[0]), dtype=int)
    out[:] = x @ weight.T + bias
    return out


@expects("in place")
def wrong_weight_overwritten(x, weight, bias):
    """The products of the last example are left in the weights."""
    rows = []
    for row in x:
        kept = weight.copy()
        weight *= row
        rows.append(weight.sum(axis=1) + bias)
        weight[:] = kept if len(rows) < len(x) else weight
    return np.array(rows)


def wrong_uses_a_global(x, weight, bias):
    """A variable of the notebook is used instead of the argument."""
    return x @ WEIGHT.T + bias


def wrong_bias_for_first_example(x, weight, bias):
    """The bias reaches the first row only."""
    out = x @ weight.T
    out = out.astype(float)
    out[0] += bias
    return out


@expects("no bias, weight not transposed")
def wrong_bare_product(x, weight, bias):
    """Two mistakes at once: no bias, and the weight as it stands."""
    return np.dot(x, weight)


@expects("never filled")
def wrong_never_filled(x, weight, bias):
    """The result is made, and what is computed goes nowhere."""
    out = np.zeros((x.shape[0], weight.shape[0]))
    for row in out:
        row = x @ weight.T + bias  # noqa: F841
    return out


@expects("integer buffer")
def wrong_sum_in_the_type_of_x(x, weight, bias):
    """Products are added into an array of the type of x: floats do not go into integers."""
    out = np.zeros((x.shape[0], weight.shape[0]), dtype=x.dtype)
    for d in range(x.shape[1]):
        out += np.outer(x[:, d], weight[:, d])
    out += bias
    return out


@expects("not converted")
def wrong_entries_in_the_type_of_weight(x, weight, bias):
    """Entry by entry into an array of the type of the weights: integers cut what is behind the point."""
    out = np.zeros((len(x), len(weight)), weight.dtype)
    for n in range(len(x)):
        for h in range(len(weight)):
            out[n, h] = (x[n] * weight[h]).sum() + bias[h]
    return out


@expects("only transposed")
def wrong_walks_through_memory(x, weight, bias):
    """nditer goes through the entries as they lie in memory."""
    flat = np.array([float(v) for v in np.nditer(x)])
    return flat.reshape(x.shape) @ weight.T + bias


@expects("only non-contiguous")
def wrong_reads_one_piece(x, weight, bias):
    """The numbers are taken from memory as if they lay in one piece."""
    whole = x if x.base is None or x.flags.forc else x.base.ravel()[: x.size].reshape(x.shape)
    return whole @ weight.T + bias


@expects("matrix")
def wrong_matrix_class(x, weight, bias):
    """The matrix class, as in old tutorials."""
    return np.asmatrix(x) * np.asmatrix(weight).T + bias


def wrong_half_precision(x, weight, bias):
    """In float16 large sums are infinite."""
    return (x.astype(np.float16) @ weight.T.astype(np.float16) + bias).astype(float)


@expects("axes")
def wrong_axis_that_is_not_there(x, weight, bias):
    """The sum runs along an axis that the product does not have."""
    return np.sum(x @ weight.T, axis=2) + bias


@expects("brackets")
def wrong_round_brackets(x, weight, bias):
    """An array is called like a function."""
    return x @ weight.T + bias(0)


@expects("reshape")
def wrong_reshaped_to_bias(x, weight, bias):
    """The batch is forced into the shape of the weights."""
    return (x.reshape(weight.shape[0], -1, 7) * weight).sum(axis=-1) + bias



def right_product(x, weight, bias):
    """The formula."""
    return np.dot(x, np.transpose(weight)) + bias


def right_einsum(x, weight, bias):
    """Einstein's sum."""
    return np.einsum("nd,hd->nh", x, weight) + bias[None, :]


def right_loops(x, weight, bias):
    """Three loops."""
    out = np.empty((x.shape[0], weight.shape[0]))
    for n in range(x.shape[0]):
        for h in range(weight.shape[0]):
            total = bias[h]
            for d in range(x.shape[1]):
                total = total + x[n, d] * weight[h, d]
            out[n, h] = total
    return out


def right_broadcast(x, weight, bias):
    """All products at once, then the sum."""
    return np.sum(x[:, np.newaxis, :] * weight[np.newaxis], axis=2) + bias


def right_bias_as_column(x, weight, bias):
    """The bias as one more column of weights."""
    with_one = np.hstack([x, np.ones((len(x), 1))])
    return with_one @ np.hstack([weight, bias[:, None]]).T


def right_float32(x, weight, bias):
    """Everything in float32, neurons first and then turned."""
    z = weight.astype(np.float32) @ x.astype(np.float32).T
    return (z + bias.astype(np.float32)[:, None]).T


def right_rows_stacked(x, weight, bias):
    """One row a time, stacked."""
    return np.stack([weight @ row + bias for row in x])


class _Dense:
    """A layer as an object, as in other courses."""

    def __call__(self, x, weight, bias):
        return np.add(np.matmul(x, np.swapaxes(weight, 0, 1)), np.expand_dims(bias, 0))


right_object = _Dense()


def right_column_vectors(x, weight, bias):
    """As in a well-known course: examples as columns, Z = WA + b, turned at the end; a view comes back."""
    b = bias.reshape(-1, 1)  # (H, 1)
    z = np.dot(weight, x.T) + b  # (H, N)
    return z.T


def right_tensordot(x, weight, bias):
    """Sum over the last axes of both, added into an array made before."""
    out = np.tile(np.asarray(bias, dtype=float), (x.shape[0], 1))
    out += np.tensordot(x, weight, axes=(1, 1))
    return out
