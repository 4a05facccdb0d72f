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


@expects("matmul")
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
