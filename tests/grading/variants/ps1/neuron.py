"""Question 1 as students write it: z, the weighted sum with bias, and y, 1 if z is at least 0."""

import math

import numpy as np

from tests.grading.variants.expects import expects


@expects("no bias")
def wrong_forgets_bias(x, weight, bias):
    """The bias is never used."""
    z = np.dot(x, weight)
    return z, 1 if z >= 0 else 0


@expects("bias subtracted")
def wrong_bias_as_threshold(x, weight, bias):
    """The bias is taken for a threshold that the sum has to reach."""
    z = np.dot(x, weight) - bias
    return z, 1 if z >= 0 else 0


@expects("strict")
def wrong_strict(x, weight, bias):
    """A sum of exactly 0 does not fire."""
    z = x @ weight + bias
    return z, 1 if z > 0 else 0


@expects("fires below")
def wrong_fires_for_small_sums(x, weight, bias):
    """The comparison points the other way."""
    z = x @ weight + bias
    return z, int(z < 0)


@expects("sign")
def wrong_minus_one_for_silence(x, weight, bias):
    """A silent neuron answers -1, as in another convention; 0 stays 0."""
    z = x @ weight + bias
    return z, np.sign(z)


@expects("decides without bias")
def wrong_decides_on_the_sum_alone(x, weight, bias):
    """The bias is in z but not in the decision."""
    total = (x * weight).sum()
    return total + bias, int(total >= 0)


@expects("swapped")
def wrong_order(x, weight, bias):
    """The answer comes before the sum."""
    z = x @ weight + bias
    return int(z >= 0), z


@expects("probability")
def wrong_sigmoid_for_step(x, weight, bias):
    """A soft decision where a hard one is asked for."""
    z = x @ weight + bias
    return z, 1 / (1 + math.exp(-z))


@expects("shape")
def wrong_never_summed(x, weight, bias):
    """The products are not added up."""
    z = x * weight + bias
    return z, (z >= 0) * 1


@expects("nothing returned")
def wrong_prints(x, weight, bias):
    """The values are printed instead of returned."""
    z = x @ weight + bias
    print(z, int(z >= 0))


@expects("tuple")
def wrong_only_the_sum(x, weight, bias):
    """The decision is not returned."""
    return x @ weight + bias


@expects("tuple")
def wrong_only_the_decision(x, weight, bias):
    """The sum is not returned."""
    return int(x @ weight + bias >= 0)


def wrong_two_inputs_only(x, weight, bias):
    """The sizes of the first example are written into the code."""
    z = x[0] * weight[0] + x[1] * weight[1] + bias
    return z, int(z >= 0)


def wrong_loop_ends_early(x, weight, bias):
    """The last input is left out."""
    z = bias
    for i in range(len(x) - 1):
        z = z + x[i] * weight[i]
    return z, int(z >= 0)


def wrong_bias_in_the_loop(x, weight, bias):
    """The bias is added once for every input."""
    z = 0
    for i in range(len(x)):
        z += x[i] * weight[i] + bias
    return z, int(z >= 0)


def wrong_loop_overwrites(x, weight, bias):
    """The sum is assigned in the loop instead of added to, so only the last product stays."""
    for a, w in zip(x, weight, strict=True):
        z = a * w
    return z + bias, int(z + bias >= 0)


def wrong_product_of_sums(x, weight, bias):
    """The sums are multiplied instead of the products summed."""
    z = x.sum() * weight.sum() + bias
    return z, int(z >= 0)


def wrong_mean(x, weight, bias):
    """The products are averaged."""
    z = np.mean(x * weight) + bias
    return z, int(z >= 0)


def wrong_relu_for_step(x, weight, bias):
    """The neuron passes its sum on instead of deciding."""
    z = x @ weight + bias
    return z, max(z, 0)


def wrong_cut_to_integer(x, weight, bias):
    """Everything behind the point is cut off."""
    z = int(x @ weight + bias)
    return z, int(z >= 0)


@expects("in place")
def wrong_weight_overwritten(x, weight, bias):
    """The products are written into the weights."""
    weight *= x
    z = weight.sum() + bias
    return z, int(z >= 0)


def wrong_text(x, weight, bias):
    """The answer is a word."""
    z = x @ weight + bias
    return z, "fires" if z >= 0 else "silent"


@expects("rounded")
def wrong_rounded(x, weight, bias):
    """The sum is rounded before it is compared."""
    z = np.dot(x, weight) + bias
    return z, int(np.round(z) >= 0)


def wrong_threshold_of_a_probability(x, weight, bias):
    """The sum is compared with one half, as a probability would be."""
    z = x @ weight + bias
    return z, int(z >= 0.5)


def wrong_nearly_0_fires(x, weight, bias):
    """A margin below the threshold, as for comparing floats."""
    z = x @ weight + bias
    return z, int(z > -0.1)


@expects("in place")
def wrong_products_in_the_input(x, weight, bias):
    """The products are written over the inputs."""
    x *= weight
    z = x.sum() + bias
    return z, int(z >= 0)


def wrong_half_precision(x, weight, bias):
    """In float16 large sums are infinite."""
    z = float(np.sum(x.astype(np.float16) * weight.astype(np.float16)) + np.float16(bias))
    return z, int(z >= 0)


@expects("integer buffer")
def wrong_sum_in_the_type_of_x(x, weight, bias):
    """The sum is kept in the type of the inputs, and floats do not go into integers."""
    z = np.zeros(1, dtype=x.dtype)
    z += x @ weight + bias
    return z[0], int(z[0] >= 0)


@expects("shape")
def wrong_one_number_in_an_array(x, weight, bias):
    """z and y keep an axis of length 1."""
    z = np.atleast_1d(x @ weight + bias)
    return z, (z >= 0).astype(int)


@expects("name")
def wrong_name_of_another_cell(x, weight, bias):
    """The weights are called w here, as in an experiment further up."""
    z = np.dot(w, x) + bias  # noqa: F821
    return z, int(z >= 0)


@expects("no bias")
def wrong_no_bias_and_strict(x, weight, bias):
    """Two mistakes at once, one in each part."""
    z = x @ weight
    return z, int(x @ weight + bias > 0)



def right_product(x, weight, bias):
    """The formula, with a NumPy bool as the answer."""
    z = x @ weight + bias
    return z, z >= 0


def right_loop(x, weight, bias):
    """A loop over Python floats."""
    z = float(bias)
    for a, w in zip(x.tolist(), weight.tolist(), strict=True):
        z += a * w
    if z < 0:
        return z, 0
    return z, 1


def right_fsum(x, weight, bias):
    """The math module's exact sum."""
    z = math.fsum([*(x * weight), bias])
    return z, float(z >= 0)


def right_bias_as_weight(x, weight, bias):
    """The bias as one more weight of an input that is always 1, and NumPy's step function."""
    z = np.append(weight, bias) @ np.append(x, 1.0)
    return z, np.heaviside(z, 1.0)


def right_float32(x, weight, bias):
    """Everything in float32."""
    z = np.einsum("i,i->", x.astype(np.float32), weight.astype(np.float32)) + np.float32(bias)
    return np.float32(z), np.float32(z >= 0)


def right_arrays_without_axes(x, weight, bias):
    """The two numbers as arrays without axes, out of np.where."""
    z = np.asarray(np.sum(np.multiply(x, weight)) + bias)
    return z, np.where(z >= 0, 1, 0)


class _Neuron:
    """As in courses that begin with a class."""

    def __call__(self, x, weight, bias):
        z = bias
        for xi, wi in zip(x, weight, strict=True):
            z = z + wi * xi
        return [float(z), bool(z >= 0)]


right_object = _Neuron()


def right_perceptron(x, weight, bias):
    """As in a well-known course: np.where on the product, in float32."""
    z = np.einsum("i,i->", x.astype(np.float32), weight.astype(np.float32)) + np.float32(bias)
    return z, np.where(z >= 0.0, 1, 0)
