"""Question 5 as students write it: strength / 2 times the sum of the squared weights, and what the gradients get."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("no half in the loss")
def wrong_no_half_in_the_loss(loss, grad_weight, grad_bias, weight, bias, strength):
    """The loss has the square without one half, the gradient has not the 2."""
    return loss + strength * np.sum(weight**2), grad_weight + strength * weight, grad_bias


@expects("2 in the gradient")
def wrong_two_in_the_gradient(loss, grad_weight, grad_bias, weight, bias, strength):
    """The gradient has the 2 that one half has taken away."""
    return loss + 0.5 * strength * np.sum(weight**2), grad_weight + 2 * strength * weight, grad_bias


@expects("no half at all")
def wrong_no_half(loss, grad_weight, grad_bias, weight, bias, strength):
    """Another convention, right in itself."""
    return loss + strength * np.sum(weight**2), grad_weight + 2 * strength * weight, grad_bias


@expects("half in both")
def wrong_half_in_both(loss, grad_weight, grad_bias, weight, bias, strength):
    """The half stands in the gradient as well."""
    half = 0.5 * strength
    return loss + half * (weight * weight).sum(), grad_weight + half * weight, grad_bias


@expects("bias too")
def wrong_bias_too(loss, grad_weight, grad_bias, weight, bias, strength):
    """The biases pay as the weights do."""
    new_loss = loss + strength / 2 * (np.sum(weight**2) + np.sum(bias**2))
    return new_loss, grad_weight + strength * weight, grad_bias + strength * bias


@expects("bias too")
def wrong_bias_in_its_gradient(loss, grad_weight, grad_bias, weight, bias, strength):
    """The biases pay, and the loss does not know."""
    new_loss = loss + strength / 2 * np.sum(weight**2)
    return new_loss, grad_weight + strength * weight, grad_bias + strength * bias


@expects("bias in the loss")
def wrong_bias_in_the_loss(loss, grad_weight, grad_bias, weight, bias, strength):
    """The biases pay in the loss only."""
    new_loss = loss + strength / 2 * (np.sum(weight**2) + np.sum(bias**2))
    return new_loss, grad_weight + strength * weight, grad_bias


@expects("not in the loss")
def wrong_not_in_the_loss(loss, grad_weight, grad_bias, weight, bias, strength):
    """Only the gradient knows of it."""
    return loss, grad_weight + strength * weight, grad_bias


@expects("not in the gradient")
def wrong_not_in_the_gradient(loss, grad_weight, grad_bias, weight, bias, strength):
    """Only the loss knows of it."""
    return loss + strength / 2 * np.sum(weight**2), grad_weight, grad_bias


@expects("a sum in the gradient")
def wrong_scalar_in_the_gradient(loss, grad_weight, grad_bias, weight, bias, strength):
    """One number is added to all gradients."""
    return loss + strength / 2 * np.sum(weight**2), grad_weight + strength * np.sum(weight), grad_bias


@expects("no strength")
def wrong_no_strength(loss, grad_weight, grad_bias, weight, bias, strength):
    """The strength is never used."""
    return loss + 0.5 * np.sum(weight**2), grad_weight + weight, grad_bias


@expects("sign")
def wrong_sign(loss, grad_weight, grad_bias, weight, bias, strength):
    """Large weights are rewarded."""
    return loss - strength / 2 * np.sum(weight**2), grad_weight - strength * weight, grad_bias


@expects("sign of the gradient")
def wrong_sign_of_the_gradient(loss, grad_weight, grad_bias, weight, bias, strength):
    """The decay of the weights instead of the gradient."""
    return loss + strength / 2 * np.sum(weight**2), grad_weight - strength * weight, grad_bias


@expects("absolute values")
def wrong_absolute_values(loss, grad_weight, grad_bias, weight, bias, strength):
    """L1 instead of L2."""
    half = strength / 2
    return loss + half * np.abs(weight).sum(), grad_weight + half * np.sign(weight), grad_bias


@expects("mean")
def wrong_mean(loss, grad_weight, grad_bias, weight, bias, strength):
    """The squares are averaged."""
    return loss + strength / 2 * np.mean(weight**2), grad_weight + strength * weight / weight.size, grad_bias


@expects("root")
def wrong_root(loss, grad_weight, grad_bias, weight, bias, strength):
    """The length of the weights."""
    return loss + strength / 2 * np.linalg.norm(weight), grad_weight + strength * weight, grad_bias


@expects("in place")
def wrong_in_place(loss, grad_weight, grad_bias, weight, bias, strength):
    """The gradient that was handed in is changed."""
    grad_weight += strength * weight
    return loss + strength / 2 * np.sum(weight**2), grad_weight, grad_bias


def wrong_divided_by_outputs(loss, grad_weight, grad_bias, weight, bias, strength):
    """A share for each neuron."""
    share = strength / len(weight)
    return loss + share / 2 * np.sum(weight**2), grad_weight + share * weight, grad_bias


@expects("tuple")
def wrong_bias_not_returned(loss, grad_weight, grad_bias, weight, bias, strength):
    """What does not change is left out."""
    return loss + strength / 2 * np.sum(weight**2), grad_weight + strength * weight


def right_formula(loss, grad_weight, grad_bias, weight, bias, strength):
    """The formula."""
    return loss + strength / 2 * np.sum(weight**2), grad_weight + strength * weight, grad_bias


def right_loops(loss, grad_weight, grad_bias, weight, bias, strength):
    """One weight at a time."""
    new = np.array(grad_weight, dtype=float)
    for j in range(weight.shape[0]):
        for i in range(weight.shape[1]):
            loss = loss + 0.5 * strength * weight[j, i] ** 2
            new[j, i] += strength * weight[j, i]
    return loss, new, grad_bias.copy()


def right_dot(loss, grad_weight, grad_bias, weight, bias, strength):
    """The sum of squares as a product of the weights with themselves."""
    flat = weight.astype(float).ravel()
    return float(loss + 0.5 * strength * flat.dot(flat)), np.add(grad_weight, weight * strength), grad_bias


def right_float32(loss, grad_weight, grad_bias, weight, bias, strength):
    """In float32, through NumPy's length."""
    w = weight.astype(np.float32)
    penalty = np.float32(strength) * np.linalg.norm(w) ** 2 / 2
    return np.float32(loss) + penalty, grad_weight.astype(np.float32) + np.float32(strength) * w, 1.0 * grad_bias


def right_einsum(loss, grad_weight, grad_bias, weight, bias, strength):
    """With einsum, and a list that is returned."""
    squares = np.einsum("ji,ji->", weight, weight)
    return [loss + squares * strength * 0.5, grad_weight - (-strength) * weight, grad_bias - 0]
