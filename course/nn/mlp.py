"""A net of dense layers (multi-layer perceptron). Slides: cmu-l10-035, cmu-l10-042.

`MLP([784, 10])` is the 1-layer net of the lecture, `MLP([784, 512, 10])` the 2-layer net. The last layer gives
logits; softmax belongs to the loss. As in the decks, a layer is a linear step and its activation.
"""

import numpy as np

from course.nn import activations
from course.nn.linear import linear, linear_backward
from course.nn.loss import cross_entropy, cross_entropy_backward

# name: (forward, backward, what the backward needs: the layer's input to the activation or its output)
ACTIVATIONS = {
    "relu": (activations.relu, activations.relu_backward, "input"),
    "sigmoid": (activations.sigmoid, activations.sigmoid_backward, "output"),
    "tanh": (activations.tanh, activations.tanh_backward, "output"),
    "softplus": (activations.softplus, activations.softplus_backward, "input"),
}


class MLP:
    """Dense layers of the given sizes, `sizes[0]` inputs to `sizes[-1]` logits, with one activation in between."""

    def __init__(self, sizes, activation="relu", seed=0, dtype=np.float64):
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"sizes must name at least inputs and outputs, each 1 or more; got {list(sizes)}")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {activation!r}")
        self.sizes, self.activation = tuple(sizes), activation
        rng = np.random.default_rng(seed)
        self.parameters = []  # weight (H, D), bias (H,) of each layer in turn, PyTorch's order
        for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
            bound = 1 / np.sqrt(inputs)  # PyTorch's default: small enough that no neuron starts saturated
            self.parameters.append(rng.uniform(-bound, bound, (outputs, inputs)).astype(dtype))
            self.parameters.append(rng.uniform(-bound, bound, outputs).astype(dtype))

    @property
    def layers(self):
        """The (weight, bias) pairs, first layer first."""
        return list(zip(self.parameters[::2], self.parameters[1::2], strict=True))

    @property
    def num_parameters(self):
        """How many numbers learning has to choose: the sum of (inputs + 1) * outputs over the layers."""
        return sum(p.size for p in self.parameters)

    def hidden(self, x):
        """Return what each hidden layer hands on, a list of (N, H) arrays: the representations."""
        return self._forward(x)[1][1:]

    def __call__(self, x):
        """Return the logits. x: (N, D) -> (N, C)."""
        return self._forward(x)[0]

    def predict_proba(self, x):
        """Return the class probabilities. x: (N, D) -> (N, C)."""
        return activations.softmax(self(x))

    def predict(self, x):
        """Return the most probable class of each example. x: (N, D) -> (N,)."""
        return self(x).argmax(axis=-1)

    def _forward(self, x):
        act = ACTIVATIONS[self.activation][0]
        inputs, sums = [x], []  # inputs[l] goes into layer l, sums[l] is its linear step
        for weight, bias in self.layers[:-1]:
            sums.append(linear(inputs[-1], weight, bias))  # (N, D) -> (N, H)
            inputs.append(act(sums[-1]))
        return linear(inputs[-1], *self.layers[-1]), inputs, sums  # logits: (N, C)

    def loss_and_gradients(self, x, labels, of_input=True):
        """Return the mean cross-entropy, its gradients in the order of `parameters`, and the gradient of x.

        Training does not ask for the last one: with `of_input=False` it is None, and a third of the work is saved.
        """
        logits, inputs, sums = self._forward(x)
        gradients, grad = self._backward(cross_entropy_backward(logits, labels), inputs, sums, of_input)
        return cross_entropy(logits, labels), gradients, grad

    def input_gradient(self, x, grad_logits):
        """Gradient by x (N, D) of anything whose gradient by the logits is `grad_logits` (N, C)."""
        _, inputs, sums = self._forward(x)
        return self._backward(grad_logits, inputs, sums, of_input=True)[1]

    def _backward(self, grad, inputs, sums, of_input):
        """From the gradient of the logits (N, C) to those of the parameters, in their order, and of x (N, D)."""
        _, act_backward, needs = ACTIVATIONS[self.activation]
        gradients = []
        for index in reversed(range(len(self.layers))):
            weight, _ = self.layers[index]
            asked = of_input or index > 0
            grad, grad_weight, grad_bias = linear_backward(grad, inputs[index], weight, asked)  # (N, H) -> (N, D)
            gradients = [grad_weight, grad_bias, *gradients]
            if index > 0:
                grad = act_backward(grad, sums[index - 1] if needs == "input" else inputs[index])
        return gradients, grad

    def state_dict(self):
        """Parameters under the names that PyTorch's `Sequential` gives them: 0.weight, 0.bias, 2.weight, ..."""
        names = (f"{2 * index}.{kind}" for index in range(len(self.layers)) for kind in ("weight", "bias"))
        return dict(zip(names, self.parameters, strict=True))

    def load_state_dict(self, state):
        """Take over parameters from `state_dict()`; a missing name or another shape is an error."""
        wanted = self.state_dict()
        found = {name: np.shape(value) for name, value in state.items()}
        expected = {name: value.shape for name, value in wanted.items()}
        if found != expected:
            raise ValueError(f"these parameters do not fit: expected {expected}, found {found}")
        for name, value in wanted.items():
            value[...] = state[name]
