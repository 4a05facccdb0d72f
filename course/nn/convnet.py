"""A small convolutional net, forward and backward. Slides: ehinger-022, ehinger-023, cmu-l10-026.

Twice (convolution, ReLU, 2x2 max pooling), then one dense layer: the net of `course.reference.convnet`, in NumPy.
Each convolution keeps height and width: it is padded by half its kernel, whose sizes are odd.
"""

import numpy as np

from course.nn.activations import relu, relu_backward, softmax
from course.nn.conv import conv2d, conv2d_backward
from course.nn.linear import linear, linear_backward
from course.nn.loss import cross_entropy, cross_entropy_backward
from course.nn.pool import max_pool2d, max_pool2d_backward

NAMES = ("0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias")  # of PyTorch's `Sequential`


class ConvNet:
    """The net with the given parameters: for each convolution weight (F, C, K, K) and bias (F,), then of the dense
    layer weight (classes, F H/4 W/4) and bias (classes,). Six arrays, or a dictionary under PyTorch's names.
    """  # fmt: skip

    def __init__(self, parameters):
        if isinstance(parameters, dict):
            if set(parameters) != set(NAMES):
                raise ValueError(f"expected parameters named {', '.join(NAMES)}; got {', '.join(parameters)}")
            parameters = [parameters[name] for name in NAMES]
        self.parameters = [np.array(value) for value in parameters]  # copies: training changes them in place
        if [value.ndim for value in self.parameters] != [4, 1, 4, 1, 2, 1]:
            raise ValueError(f"expected six arrays with 4, 1, 4, 1, 2 and 1 axes; got {_shapes(self.parameters)}")
        w1, b1, w2, b2, w3, b3 = self.parameters
        fits = w2.shape[1] == len(w1) and w3.shape[1] % len(w2) == 0 and (
            [len(w) for w in (w1, w2, w3)] == [len(b) for b in (b1, b2, b3)])  # fmt: skip
        if not fits or any(w.shape[2] != w.shape[3] or w.shape[2] % 2 == 0 for w in (w1, w2)):
            raise ValueError(f"these parameters do not fit each other: {_shapes(self.parameters)}")

    @classmethod
    def random(cls, channels=(8, 16), kernel_size=3, height=28, width=28, num_classes=10, seed=0, dtype=np.float64):
        """Return a net that has learned nothing: weights as `MLP` draws them, in the sizes of the reference."""
        first, second = channels
        shapes = [(first, 1, kernel_size, kernel_size), (second, first, kernel_size, kernel_size),
                  (num_classes, second * (height // 4) * (width // 4))]  # fmt: skip
        rng, parameters = np.random.default_rng(seed), []
        for shape in shapes:
            bound = 1 / np.sqrt(np.prod(shape[1:]))
            parameters += [rng.uniform(-bound, bound, shape), rng.uniform(-bound, bound, shape[0])]
        return cls([value.astype(dtype) for value in parameters])

    def state_dict(self):
        """Parameters under the names that PyTorch's `Sequential` gives them: 0.weight, 0.bias, 3.weight, ..."""
        return dict(zip(NAMES, self.parameters, strict=True))

    def layers(self, x):
        """Return what each layer hands on, {name: activations}, in order. x: (N, C, H, W). The last is "logits"."""
        w1, b1, w2, b2, w3, b3 = self.parameters
        found = {}
        found["conv1"] = conv2d(x, w1, b1, padding=w1.shape[-1] // 2)  # (N, C, H, W) -> (N, F, H, W)
        found["relu1"] = relu(found["conv1"])
        found["pool1"] = max_pool2d(found["relu1"], 2)  # -> (N, F, H/2, W/2)
        found["conv2"] = conv2d(found["pool1"], w2, b2, padding=w2.shape[-1] // 2)  # -> (N, G, H/2, W/2)
        found["relu2"] = relu(found["conv2"])
        found["pool2"] = max_pool2d(found["relu2"], 2)  # -> (N, G, H/4, W/4)
        flat = found["pool2"].reshape(len(x), -1)  # -> (N, G H/4 W/4)
        found["logits"] = linear(flat, w3, b3)  # -> (N, classes)
        return found

    def __call__(self, x):
        """Return the logits. x: (N, C, H, W) -> (N, classes)."""
        return self.layers(x)["logits"]

    def predict_proba(self, x):
        """Return the class probabilities. x: (N, C, H, W) -> (N, classes)."""
        return softmax(self(x))

    def predict(self, x):
        """Return the most probable class of each picture. x: (N, C, H, W) -> (N,)."""
        return self(x).argmax(axis=-1)

    def loss_and_gradients(self, x, labels, of_input=True):
        """Return the mean cross-entropy, its gradients in the order of `parameters`, and the gradient of x.

        With `of_input=False` the last one is None, and its work is saved.
        """
        found = self.layers(x)
        gradients, grad = self._backward(cross_entropy_backward(found["logits"], labels), x, found, of_input)
        return cross_entropy(found["logits"], labels), gradients, grad

    def input_gradient(self, x, grad_logits):
        """Gradient by x (N, C, H, W) of anything whose gradient by the logits is `grad_logits` (N, classes)."""
        return self._backward(grad_logits, x, self.layers(x), of_input=True)[1]

    def _backward(self, grad, x, found, of_input):
        """From the gradient of the logits (N, classes) to those of the parameters, in their order, and of x."""
        w1, _, w2, _, w3, _ = self.parameters
        flat = found["pool2"].reshape(len(x), -1)
        grad, grad_w3, grad_b3 = linear_backward(grad, flat, w3)  # -> (N, G H/4 W/4)
        grad = max_pool2d_backward(grad.reshape(found["pool2"].shape), found["relu2"], 2)  # -> (N, G, H/2, W/2)
        grad = relu_backward(grad, found["conv2"])
        grad, grad_w2, grad_b2 = conv2d_backward(grad, found["pool1"], w2, padding=w2.shape[-1] // 2)
        grad = relu_backward(max_pool2d_backward(grad, found["relu1"], 2), found["conv1"])  # -> (N, F, H, W)
        grad, grad_w1, grad_b1 = conv2d_backward(grad, x, w1, padding=w1.shape[-1] // 2, of_input=of_input)
        return [grad_w1, grad_b1, grad_w2, grad_b2, grad_w3, grad_b3], grad


def _shapes(parameters):
    return ", ".join(str(np.shape(value)) for value in parameters)
