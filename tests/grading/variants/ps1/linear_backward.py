"""Question 3 as students write it: the gradients of x (N, D), weight (H, D) and bias (H,)."""

from typing import NamedTuple

import numpy as np

from tests.grading.variants.expects import expects


@expects("weight mean")
def wrong_weight_averaged(grad_output, x, weight):
    """1/N once more, in the weights."""
    return grad_output @ weight, grad_output.T @ x / len(x), grad_output.sum(axis=0)


@expects("bias mean")
def wrong_bias_averaged(grad_output, x, weight):
    """1/N once more, in the bias."""
    return grad_output @ weight, grad_output.T @ x, np.mean(grad_output, axis=0)


@expects("both means")
def wrong_both_averaged(grad_output, x, weight):
    """1/N once more, in weights and bias."""
    n = x.shape[0]
    return grad_output @ weight, grad_output.T @ x / n, grad_output.sum(axis=0) / n


@expects("bias not summed over examples")
def wrong_bias_summed_over_neurons(grad_output, x, weight):
    """The bias is summed along the wrong axis."""
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=1)


@expects("weight not transposed")
def wrong_weight_transposed(grad_output, x, weight):
    """The formula of a weight of shape (D, H)."""
    return grad_output @ weight.T, grad_output.T @ x, grad_output.sum(axis=0)


@expects("grad_weight transposed")
def wrong_grad_weight_transposed(grad_output, x, weight):
    """The gradient of the weights has their shape turned."""
    return grad_output @ weight, x.T @ grad_output, grad_output.sum(axis=0)


@expects("order")
def wrong_order(grad_output, x, weight):
    """Weights first."""
    return grad_output.T @ x, grad_output @ weight, grad_output.sum(axis=0)


@expects("forward x for grad_output")
def wrong_grad_x_is_x(grad_output, x, weight):
    """x itself is handed back as its gradient."""
    return x, grad_output.T @ x, grad_output.sum(axis=0)


@expects("ones")
def wrong_nothing_from_above(grad_output, x, weight):
    """What arrives from above is left out of the chain rule."""
    ones = np.ones(grad_output.shape)
    return ones @ weight, ones.T @ x, ones.sum(axis=0)


@expects("bias keeps an axis")
def wrong_bias_keeps_axis(grad_output, x, weight):
    """The gradient of the bias is a row of a matrix."""
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=0, keepdims=True)


@expects("shape")
def wrong_bias_not_summed(grad_output, x, weight):
    """The gradient of the bias is that of z, unsummed."""
    return grad_output @ weight, grad_output.T @ x, grad_output.copy()


@expects("shape")
def wrong_bias_one_number(grad_output, x, weight):
    """The sum has no axis."""
    return grad_output @ weight, grad_output.T @ x, grad_output.sum()


def wrong_bias_without_chain_rule(grad_output, x, weight):
    """The slope of z by the bias alone is 1."""
    return grad_output @ weight, grad_output.T @ x, np.ones(len(weight))


def wrong_bias_counts_examples(grad_output, x, weight):
    """The number of examples is taken for the gradient of the bias."""
    return grad_output @ weight, grad_output.T @ x, np.full(len(weight), float(len(x)))


@expects("tuple")
def wrong_without_bias(grad_output, x, weight):
    """The gradient of the bias is missing."""
    return grad_output @ weight, grad_output.T @ x


@expects("tuple")
def wrong_dictionary(grad_output, x, weight):
    """The gradients come by name."""
    return {"x": grad_output @ weight, "weight": grad_output.T @ x, "bias": grad_output.sum(axis=0)}


def wrong_last_example_only(grad_output, x, weight):
    """The gradients of the examples overwrite each other."""
    for g, row in zip(grad_output, x, strict=True):
        grad_weight, grad_bias = np.outer(g, row), g.copy()
    return grad_output @ weight, grad_weight, grad_bias


def wrong_last_example_missing(grad_output, x, weight):
    """The loop ends one example early."""
    grad_weight, grad_bias = np.zeros(weight.shape), np.zeros(len(weight))
    for n in range(len(x) - 1):
        grad_weight += np.outer(grad_output[n], x[n])
        grad_bias += grad_output[n]
    return grad_output @ weight, grad_weight, grad_bias


def wrong_descent(grad_output, x, weight):
    """The sign of a learning step is already in it."""
    return -(grad_output @ weight), -(grad_output.T @ x), -grad_output.sum(axis=0)


def wrong_grad_x_sign(grad_output, x, weight):
    """One minus too many, in grad_x only."""
    return -grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=0)


def wrong_reshape_for_transpose(grad_output, x, weight):
    """Reshape gives the right shape and wrong places."""
    return grad_output @ weight, (x.T @ grad_output).reshape(weight.shape), grad_output.sum(axis=0)


@expects("in place")
def wrong_learns_at_once(grad_output, x, weight):
    """The weights are changed by a learning step."""
    grad_x, grad_weight = grad_output @ weight, grad_output.T @ x
    weight -= 0.1 * grad_weight
    return grad_x, grad_weight, grad_output.sum(axis=0)


def wrong_weight_summed_over_neurons(grad_output, x, weight):
    """All neurons get the same gradient."""
    total = grad_output.sum(axis=1) @ x
    return grad_output @ weight, np.tile(total, (len(weight), 1)), grad_output.sum(axis=0)


def wrong_outputs_are_one_array(grad_output, x, weight):
    """The same array is used for two of the results."""
    grad_weight = total = np.zeros(weight.shape)
    for g, row in zip(grad_output, x, strict=True):
        grad_weight += np.outer(g, row)
        total += g[:, None]
    return grad_output @ weight, grad_weight, total[:, 0] / weight.shape[1]


@expects("not converted")
def wrong_integer_buffers(grad_output, x, weight):
    """The sums are kept in integers."""
    grad_weight, grad_bias = np.zeros(weight.shape, int), np.zeros(len(weight), int)
    for g, row in zip(grad_output, x, strict=True):
        grad_weight += np.outer(g, row).astype(int)
        grad_bias += g.astype(int)
    return grad_output @ weight, grad_weight, grad_bias


class Gradients(NamedTuple):
    """The three gradients by name, still a tuple."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray


@expects("weight mean, bias not summed over examples")
def wrong_two_parts(grad_output, x, weight):
    """Two mistakes at once, in two of the gradients."""
    return grad_output @ weight, grad_output.T @ x / len(x), grad_output.sum(axis=1)


@expects("matmul")
def wrong_x_part_transposed_and_bias_mean(grad_output, x, weight):
    """Two mistakes at once; the first one raises unless the weight is square."""
    return grad_output @ weight.T, grad_output.T @ x, grad_output.mean(axis=0)


@expects("never filled")
def wrong_never_filled(grad_output, x, weight):
    """Three arrays of the right shapes."""
    return np.zeros(x.shape), np.zeros(weight.shape), np.zeros(weight.shape[0])


@expects("not converted")
def wrong_zeros_like(grad_output, x, weight):
    """Filled entry by entry into arrays of the types of the inputs."""
    grad_x, grad_weight, grad_bias = np.zeros_like(x), np.zeros_like(weight), np.zeros(weight.shape[0])
    for n, g in enumerate(grad_output):
        for h, gh in enumerate(g):
            for d in range(x.shape[1]):
                grad_x[n, d] += gh * weight[h, d]
                grad_weight[h, d] += gh * x[n, d]
            grad_bias[h] += gh
    return grad_x, grad_weight, grad_bias


def wrong_half_precision(grad_output, x, weight):
    """In float16 large gradients are infinite."""
    g = grad_output.astype(np.float16)
    return g @ weight, g.T @ x, g.sum(axis=0)


@expects("only transposed")
def wrong_order_of_memory(grad_output, x, weight):
    """The gradient is flattened as it lies in memory."""
    g = grad_output.ravel(order="K").reshape(grad_output.shape)
    return g @ weight, g.T @ x, g.sum(axis=0)


def wrong_batch_of_two(grad_output, x, weight):
    """The size of the example is written into the code."""
    grad_bias = grad_output[0] + grad_output[-1]
    return grad_output @ weight, grad_output.T @ x, grad_bias



def right_products(grad_output, x, weight):
    """The formulas."""
    return np.dot(grad_output, weight), np.dot(grad_output.T, x), grad_output.sum(0)


def right_einsum(grad_output, x, weight):
    """Einstein's sums, in a named tuple."""
    return Gradients(
        np.einsum("nh,hd->nd", grad_output, weight),
        np.einsum("nh,nd->hd", grad_output, x),
        np.einsum("nh->h", grad_output),
    )


def right_loops(grad_output, x, weight):
    """Every path from an entry to the loss, added up."""
    grad_x, grad_weight, grad_bias = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(weight.shape[0])
    for n in range(x.shape[0]):
        for h in range(weight.shape[0]):
            grad_bias[h] += grad_output[n, h]
            for d in range(x.shape[1]):
                grad_x[n, d] += grad_output[n, h] * weight[h, d]
                grad_weight[h, d] += grad_output[n, h] * x[n, d]
    return grad_x, grad_weight, grad_bias


def right_one_example_a_time(grad_output, x, weight):
    """Outer products of one example, added up."""
    grad_weight = sum(np.outer(g, row) for g, row in zip(grad_output, x, strict=True))
    grad_x = np.vstack([weight.T @ g for g in grad_output])
    return grad_x, grad_weight, np.ones(len(x)) @ grad_output


def right_float32(grad_output, x, weight):
    """Everything in float32, the other way round and turned."""
    g, x, weight = (a.astype(np.float32) for a in (grad_output, x, weight))
    return (weight.T @ g.T).T, (x.T @ g).T, np.add.reduce(g)


def right_other_course(grad_output, x, weight):
    """As in a well-known course: dx, dw, db, with the inputs reshaped to rows."""
    n = x.shape[0]
    flat = x.reshape(n, -1)  # (N, D)
    dx = grad_output.dot(weight).reshape(x.shape)
    dw = flat.T.dot(grad_output)  # (D, H)
    db = np.ones(n) @ grad_output
    return [dx, dw.T, db]


class _Backward:
    """An object that is called."""

    def __call__(self, grad_output, x, weight):
        return (np.einsum("nh,hd->nd", grad_output, weight), np.einsum("nh,nd->hd", grad_output, x),
                np.einsum("nh->h", grad_output))  # fmt: skip


right_object = _Backward()
