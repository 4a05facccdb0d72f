"""Question 9 as students write it: a small convolutional net, forward."""

import numpy as np

from tests.grading.variants.expects import expects


def _conv(x, weight, bias, half=None):
    half = weight.shape[2] // 2 if half is None else half
    view = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (0, 0), (half, half), (half, half))),
                                                    weight.shape[2:], axis=(2, 3))  # fmt: skip
    return np.einsum("nchwab,fcab->nfhw", view, weight) + bias[:, None, None]


def _pool(x, of=np.max):
    n, c, height, width = x.shape
    return of(x.reshape(n, c, height // 2, 2, width // 2, 2), axis=(3, 5))


def _relu(x):
    return np.maximum(x, 0)


def _flat(x):
    return x.reshape(len(x), -1)


def _right(x, w1, b1, w2, b2, w3, b3):
    first = _pool(_relu(_conv(x, w1, b1)))
    second = _pool(_relu(_conv(first, w2, b2)))
    return first, second, _flat(second) @ w3.T + b3


@expects("no ReLU")
def wrong_no_relu(x, w1, b1, w2, b2, w3, b3):
    """No ReLU anywhere."""
    first = _pool(_conv(x, w1, b1))
    second = _pool(_conv(first, w2, b2))
    return first, second, _flat(second) @ w3.T + b3


@expects("no first ReLU")
def wrong_no_first_relu(x, w1, b1, w2, b2, w3, b3):
    """The first ReLU is missing."""
    first = _pool(_conv(x, w1, b1))
    second = _pool(_relu(_conv(first, w2, b2)))
    return first, second, _flat(second) @ w3.T + b3


@expects("no second ReLU")
def wrong_no_second_relu(x, w1, b1, w2, b2, w3, b3):
    """The second ReLU is missing."""
    first = _pool(_relu(_conv(x, w1, b1)))
    second = _pool(_conv(first, w2, b2))
    return first, second, _flat(second) @ w3.T + b3


@expects("ReLU at the end")
def wrong_relu_at_the_end(x, w1, b1, w2, b2, w3, b3):
    """A ReLU after every layer."""
    first, second, logits = _right(x, w1, b1, w2, b2, w3, b3)
    return first, second, _relu(logits)


@expects("probabilities")
def wrong_softmax(x, w1, b1, w2, b2, w3, b3):
    """Probabilities come back."""
    first, second, logits = _right(x, w1, b1, w2, b2, w3, b3)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return first, second, e / e.sum(axis=1, keepdims=True)


@expects("mean pooling")
def wrong_mean_pooling(x, w1, b1, w2, b2, w3, b3):
    """Windows are averaged."""
    first = _pool(_relu(_conv(x, w1, b1)), np.mean)
    second = _pool(_relu(_conv(first, w2, b2)), np.mean)
    return first, second, _flat(second) @ w3.T + b3


@expects("turned")
def wrong_turned(x, w1, b1, w2, b2, w3, b3):
    """True convolutions."""
    return _right(x, w1[:, :, ::-1, ::-1], b1, w2[:, :, ::-1, ::-1], b2, w3, b3)


@expects("channels last")
def wrong_channels_last(x, w1, b1, w2, b2, w3, b3):
    """Flat in the order of another library."""
    first, second, _ = _right(x, w1, b1, w2, b2, w3, b3)
    return first, second, _flat(np.moveaxis(second, 1, -1)) @ w3.T + b3


@expects("columns first")
def wrong_columns_first(x, w1, b1, w2, b2, w3, b3):
    """Planes are read column by column."""
    first, second, _ = _right(x, w1, b1, w2, b2, w3, b3)
    return first, second, _flat(second.swapaxes(2, 3)) @ w3.T + b3


@expects("no first bias")
def wrong_no_first_bias(x, w1, b1, w2, b2, w3, b3):
    """The first bias is missing."""
    return _right(x, w1, np.zeros(len(w1)), w2, b2, w3, b3)


@expects("no second bias")
def wrong_no_second_bias(x, w1, b1, w2, b2, w3, b3):
    """The second bias is missing."""
    return _right(x, w1, b1, w2, np.zeros(len(w2)), w3, b3)


@expects("no last bias")
def wrong_no_last_bias(x, w1, b1, w2, b2, w3, b3):
    """The last bias is missing."""
    return _right(x, w1, b1, w2, b2, w3, 0)


@expects("no bias")
def wrong_no_bias(x, w1, b1, w2, b2, w3, b3):
    """No bias anywhere."""
    return _right(x, w1, 0 * b1, w2, 0 * b2, w3, 0 * b3)


@expects("padding 1")
def wrong_padding_of_one(x, w1, b1, w2, b2, w3, b3):
    """A border of one pixel, whatever the kernel is; what is too much or too little is mended."""
    first = _relu(_conv(x, w1, b1, half=1))
    first = _pool(first[:, :, : first.shape[2] // 2 * 2, : first.shape[3] // 2 * 2])
    second = _relu(_conv(first, w2, b2, half=1))
    second = _pool(second[:, :, : second.shape[2] // 2 * 2, : second.shape[3] // 2 * 2])
    return first, second, _flat(second) @ w3.T + b3


@expects("before the second block")
def wrong_second_before_the_relu(x, w1, b1, w2, b2, w3, b3):
    """`second` is kept before the ReLU."""
    first = _pool(_relu(_conv(x, w1, b1)))
    second = _pool(_conv(first, w2, b2))
    return first, second, _flat(_relu(second)) @ w3.T + b3


@expects("swapped")
def wrong_order(x, w1, b1, w2, b2, w3, b3):
    """The later block comes first."""
    first, second, logits = _right(x, w1, b1, w2, b2, w3, b3)
    return second, first, logits


@expects("tuple")
def wrong_logits_only(x, w1, b1, w2, b2, w3, b3):
    """Only the logits come back."""
    return _right(x, w1, b1, w2, b2, w3, b3)[-1]


def wrong_bias_after_the_relu(x, w1, b1, w2, b2, w3, b3):
    """The bias is added after the ReLU."""
    first = _pool(_relu(_conv(x, w1, 0 * b1)) + b1[:, None, None])
    second = _pool(_relu(_conv(first, w2, 0 * b2)) + b2[:, None, None])
    return first, second, _flat(second) @ w3.T + b3


def wrong_tanh(x, w1, b1, w2, b2, w3, b3):
    """Another activation."""
    first = _pool(np.tanh(_conv(x, w1, b1)))
    second = _pool(np.tanh(_conv(first, w2, b2)))
    return first, second, _flat(second) @ w3.T + b3


def right_formula(x, w1, b1, w2, b2, w3, b3):
    """The blocks one after the other."""
    first = _pool(_relu(_conv(x, w1, b1)))
    second = _pool(_relu(_conv(first, w2, b2)))
    return first, second, np.dot(_flat(second), w3.T) + b3


def right_relu_after_pooling(x, w1, b1, w2, b2, w3, b3):
    """The largest first, and then the ReLU: the same."""
    first = _relu(_pool(_conv(x, w1, b1)))
    second = _relu(_pool(_conv(first, w2, b2)))
    return first, second, np.einsum("nd,cd->nc", _flat(second), w3) + b3


def right_loops(x, w1, b1, w2, b2, w3, b3):
    """Loops over everything but the pictures and the channels."""
    results = []
    for weight, bias in ((w1, b1), (w2, b2)):
        half = (weight.shape[-1] - 1) // 2
        padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * half, x.shape[3] + 2 * half))
        padded[:, :, half : half + x.shape[2], half : half + x.shape[3]] = x
        out = np.zeros((len(x), len(weight), x.shape[2] // 2, x.shape[3] // 2))
        for f in range(len(weight)):
            for i in range(2 * out.shape[2]):
                for j in range(2 * out.shape[3]):
                    window = padded[:, :, i : i + weight.shape[2], j : j + weight.shape[3]]
                    value = (window * weight[f]).sum(axis=(1, 2, 3)) + bias[f]
                    out[:, f, i // 2, j // 2] = np.maximum(out[:, f, i // 2, j // 2], value)
        results.append(out)
        x = out
    logits = [[w3[k] @ picture.ravel() + b3[k] for k in range(len(w3))] for picture in x]
    return results[0], results[1], np.array(logits)


def right_float32(x, w1, b1, w2, b2, w3, b3):
    """In float32, and a list."""
    x, w1, b1, w2, b2, w3, b3 = (np.asarray(v, np.float32) for v in (x, w1, b1, w2, b2, w3, b3))
    return [*_right(x, w1, b1, w2, b2, w3, b3)]


class _Net:
    """A class with a list of layers, one picture at a time."""

    def __call__(self, x, *parameters):
        found = [self.one(picture[None], *parameters) for picture in x]
        return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))

    def one(self, x, w1, b1, w2, b2, w3, b3):
        kept = []
        for weight, bias in ((w1, b1), (w2, b2)):
            x = np.where((maps := _conv(x, weight, bias)) > 0, maps, 0)
            x = np.maximum(np.maximum(x[:, :, ::2, ::2], x[:, :, 1::2, ::2]),
                           np.maximum(x[:, :, ::2, 1::2], x[:, :, 1::2, 1::2]))  # fmt: skip
            kept.append(x)
        return *kept, (w3 @ x.ravel() + b3)[None]


right_object = _Net()
