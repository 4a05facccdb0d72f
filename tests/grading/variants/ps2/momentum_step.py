"""Question 6 as students write it: velocity = momentum * velocity + gradient; parameter -= rate * velocity."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("uphill")
def wrong_uphill(parameter, gradient, velocity, learning_rate, momentum):
    """The step is added."""
    v = momentum * velocity + gradient
    return parameter + learning_rate * v, v


@expects("no momentum")
def wrong_plain_sgd(parameter, gradient, velocity, learning_rate, momentum):
    """The velocity is never used."""
    return parameter - learning_rate * gradient, gradient * 1.0


@expects("no momentum")
def wrong_velocity_not_used(parameter, gradient, velocity, learning_rate, momentum):
    """The velocity is kept, and the step does not look at it."""
    return parameter - learning_rate * gradient, momentum * velocity + gradient


@expects("old velocity")
def wrong_old_velocity(parameter, gradient, velocity, learning_rate, momentum):
    """First the step, then the velocity."""
    return parameter - learning_rate * velocity, momentum * velocity + gradient


@expects("velocity not kept")
def wrong_velocity_not_kept(parameter, gradient, velocity, learning_rate, momentum):
    """The old velocity is returned."""
    return parameter - learning_rate * (momentum * velocity + gradient), velocity


@expects("rate in the velocity")
def wrong_rate_in_the_velocity(parameter, gradient, velocity, learning_rate, momentum):
    """The learning rate goes into the velocity, which points downhill."""
    v = momentum * velocity - learning_rate * gradient
    return parameter + v, v


@expects("rate in the velocity")
def wrong_rate_in_the_velocity_uphill(parameter, gradient, velocity, learning_rate, momentum):
    """The learning rate goes into the velocity, which points uphill."""
    v = momentum * velocity + learning_rate * gradient
    return parameter - v, v


@expects("average")
def wrong_average(parameter, gradient, velocity, learning_rate, momentum):
    """A running average, as other methods keep it."""
    v = momentum * velocity + (1 - momentum) * gradient
    return parameter - learning_rate * v, v


@expects("looks ahead")
def wrong_nesterov(parameter, gradient, velocity, learning_rate, momentum):
    """Nesterov's momentum."""
    v = momentum * velocity + gradient
    return parameter - learning_rate * (gradient + momentum * v), v


@expects("velocity forgotten")
def wrong_velocity_forgotten(parameter, gradient, velocity, learning_rate, momentum):
    """The momentum multiplies the gradient instead of the velocity."""
    v = momentum * gradient + gradient
    return parameter - learning_rate * v, v


@expects("not slowed down")
def wrong_not_slowed_down(parameter, gradient, velocity, learning_rate, momentum):
    """All gradients are added up."""
    v = velocity + gradient
    return parameter - learning_rate * v, v


@expects("gradient slowed down")
def wrong_gradient_slowed_down(parameter, gradient, velocity, learning_rate, momentum):
    """The momentum stands at the other term."""
    v = velocity + momentum * gradient
    return parameter - learning_rate * v, v


@expects("both slowed down")
def wrong_brackets(parameter, gradient, velocity, learning_rate, momentum):
    """Brackets around both terms."""
    v = momentum * (velocity + gradient)
    return parameter - learning_rate * v, v


@expects("rate and momentum exchanged")
def wrong_exchanged(parameter, gradient, velocity, momentum, learning_rate):
    """The two numbers have changed places."""
    v = momentum * velocity + gradient
    return parameter - learning_rate * v, v


@expects("swapped")
def wrong_order(parameter, gradient, velocity, learning_rate, momentum):
    """The velocity comes first."""
    v = momentum * velocity + gradient
    return v, parameter - learning_rate * v


@expects("velocity subtracted")
def wrong_two_signs(parameter, gradient, velocity, learning_rate, momentum):
    """Both lines have a minus."""
    v = momentum * velocity - gradient
    return parameter - learning_rate * v, v


@expects("no learning rate")
def wrong_no_rate(parameter, gradient, velocity, learning_rate, momentum):
    """The learning rate is never used."""
    v = momentum * velocity + gradient
    return parameter - v, v


@expects("only the change")
def wrong_only_the_change(parameter, gradient, velocity, learning_rate, momentum):
    """How far it moves is returned, not where it stands."""
    v = momentum * velocity + gradient
    return -learning_rate * v, v


@expects("in place")
def wrong_in_place(parameter, gradient, velocity, learning_rate, momentum):
    """Parameter and velocity are changed, as optimizers do."""
    velocity *= momentum
    velocity += gradient
    parameter -= learning_rate * velocity
    return parameter, velocity


@expects("tuple")
def wrong_only_the_parameter(parameter, gradient, velocity, learning_rate, momentum):
    """The velocity is not returned."""
    return parameter - learning_rate * (momentum * velocity + gradient)


def wrong_clipped(parameter, gradient, velocity, learning_rate, momentum):
    """Gradients are clipped, which nobody has asked for."""
    v = momentum * velocity + np.clip(gradient, -1, 1)
    return parameter - learning_rate * v, v


def right_formula(parameter, gradient, velocity, learning_rate, momentum):
    """The formula."""
    v = momentum * velocity + gradient
    return parameter - learning_rate * v, v


def right_copies(parameter, gradient, velocity, learning_rate, momentum):
    """In place, on copies."""
    p, v = np.array(parameter, dtype=float), np.array(velocity, dtype=float)
    v *= momentum
    v += gradient
    p -= learning_rate * v
    return p, v


def right_loop(parameter, gradient, velocity, learning_rate, momentum):
    """One number at a time."""
    p, v = np.zeros(parameter.shape), np.zeros(parameter.shape)
    for place in np.ndindex(parameter.shape):
        v[place] = momentum * velocity[place] + gradient[place]
        p[place] = parameter[place] - learning_rate * v[place]
    return p, v


def right_float32(parameter, gradient, velocity, learning_rate, momentum):
    """In float32."""
    p, g, v = (a.astype(np.float32) for a in (parameter, gradient, velocity))
    new = np.float32(momentum) * v + g
    return np.subtract(p, np.float32(learning_rate) * new), new


def right_parts(parameter, gradient, velocity, learning_rate, momentum):
    """The step as the sum of two steps."""
    from_before, from_now = momentum * velocity, gradient
    return parameter - learning_rate * from_before - learning_rate * from_now, np.add(from_before, from_now)
