"""Ten students of ps3. What they write is what students write; see the stories."""

from course.grading.samples import Sample
from course.notebooks.canonical import dumps

QUESTIONS = ("output-size", "correlate", "convolve", "conv-matrix", "conv2d", "max-pool", "max-pool-backward",
             "conv2d-backward-weight", "conv2d-backward-input", "convnet")  # fmt: skip
EVERY_TEST = tuple(f"{name}-test" for name in QUESTIONS)
EMPTY = dict.fromkeys([*QUESTIONS, "written"])


def _nothing_for(tests):
    return dict.fromkeys(tests, 0.0)


def _cut(notebook):
    """The upload broke off in the middle of question 8b."""
    text = dumps(notebook)
    return text[: text.index("def conv2d_backward_input(") + 30]


STUDENTS = {
    "ada": Sample("everything right"),
    "blaise": Sample(
        "everything right, written with loops, and with functions of one's own in another cell's answer",
        {
            "output-size": """def output_size(sizes, kernel_size, stride, padding):
    positions, left_over = [], []
    for size in sizes:
        starts = range(0, size + 2 * padding - kernel_size + 1, stride)
        positions.append(len(starts))
        left_over.append(size + 2 * padding - (starts[-1] + kernel_size if len(starts) else 0))
    return np.array(positions), np.array(left_over)""",
            "correlate": """def correlate(image, kernel, stride, padding):
    height, width = image.shape
    rows, columns = kernel.shape
    out = np.zeros(((height + 2 * padding - rows) // stride + 1, (width + 2 * padding - columns) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(rows):
                for b in range(columns):
                    y, x = i * stride + a - padding, j * stride + b - padding
                    if 0 <= y < height and 0 <= x < width:
                        out[i, j] += image[y, x] * kernel[a, b]
    return out""",
            "convolve": "def convolve(image, kernel):\n    return correlate(image, kernel[::-1, ::-1], 1, 0)",
            "conv-matrix": """def conv_matrix(kernel, height, width, stride):
    columns = []
    for pixel in range(height * width):
        image = np.zeros(height * width)
        image[pixel] = 1
        columns.append(correlate(image.reshape(height, width), kernel, stride, 0).ravel())
    return np.array(columns).T""",
            "conv2d": """def conv2d(x, weight, bias, stride, padding):
    planes = []
    for picture in x:
        for kernels, b in zip(weight, bias):
            planes.append(b + sum(correlate(p, k, stride, padding) for p, k in zip(picture, kernels)))
    return np.array(planes).reshape(len(x), len(weight), *planes[0].shape)""",
            "max-pool": """def max_pool(x, rows, columns, stride):
    n, c, height, width = x.shape
    out = np.zeros((n, c, (height - rows) // stride + 1, (width - columns) // stride + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
            out[:, :, i, j] = window.max(axis=(2, 3))
    return out""",
        },
    ),
    "carl": Sample(
        "right, but noisy: prints, and warnings on stderr, must cost nothing",
        {
            "convolve": """import warnings

def convolve(image, kernel):
    print("kernel", kernel.shape)
    warnings.warn("I turn it by half a turn")
    view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", view, np.rot90(kernel, 2))""",
        },
    ),
    "dora": Sample(
        "the border cut off by [p:-p], and overlapping windows assigned: what most people get wrong",
        {
            "max-pool-backward": """def max_pool_backward(gradient, x, rows, columns, stride):
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(gradient.shape):
        window = x[n, c, i * stride : i * stride + rows, j * stride : j * stride + columns]
        mask = window == window.max()
        grad_x[n, c, i * stride : i * stride + rows, j * stride : j * stride + columns] = mask * gradient[n, c, i, j]
    return grad_x""",
            "conv2d-backward-input": """def conv2d_backward_input(gradient, x, weight, stride, padding):
    padded = np.pad(np.zeros(x.shape), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = weight.shape[2:]
    for n, f, i, j in np.ndindex(gradient.shape):
        place = padded[n, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
        place += gradient[n, f, i, j] * weight[f]
    return padded[:, :, padding:-padding, padding:-padding]""",
        },
        {"max-pool-backward-test": 0.62, "conv2d-backward-input-test": 1.3},
    ),
    "emil": Sample(
        "the bias inside the sum, windows side by side, a kernel that is turned for nothing",
        {
            "correlate": """def correlate(image, kernel, stride, padding):
    image, kernel = np.pad(image, padding), np.flip(kernel)
    view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (view * kernel).sum(axis=(2, 3))""",
            "conv2d": """def conv2d(x, weight, bias, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = weight.shape[2:]
    out = np.zeros((len(x), len(weight), (x.shape[2] - rows) // stride + 1, (x.shape[3] - columns) // stride + 1))
    for n, f, i, j in np.ndindex(out.shape):
        window = x[n, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
        out[n, f, i, j] = np.sum(window * weight[f] + bias[f])
    return out""",
            "max-pool": """def max_pool(x, rows, columns, stride):
    n, c, height, width = x.shape
    x = x[:, :, : height // rows * rows, : width // columns * columns]
    return x.reshape(n, c, height // rows, rows, width // columns, columns).max(axis=(3, 5))""",
        },
        {"correlate-test": 0.21, "conv2d-test": 0.26, "max-pool-test": 0.76},
    ),
    "flora": Sample("handed in the sheet as it was", EMPTY, _nothing_for(EVERY_TEST)),
    "georg": Sample(
        "ran out of time after question 6",
        dict.fromkeys([*QUESTIONS[6:], "written"]),
        _nothing_for(EVERY_TEST[6:]),
    ),
    "hedy": Sample(
        "answers that are no answers: nothing returned, a list, a typo, a function that calls itself for ever",
        {
            "convolve": "def convolve(image, kernel):\n    turned = kernel[::-1, ::-1]",
            "output-size": "def output_size(sizes, kernel_size, stride, padding):\n    return [0, 0]",
            "conv-matrix": "def conv_matrix(kernel, height, width, stride):\n    return np.zeros((heigth, width))",
            "convnet": "def convnet(x, *parameters):\n    return convnet(x, *parameters)",
        },
        _nothing_for(["convolve-test", "output-size-test", "conv-matrix-test", "convnet-test"]),
    ),
    "ivan": Sample(
        "height taken for width, no ReLU, and the gradient of a mean",
        {
            "correlate": """def correlate(image, kernel, stride, padding):
    image = np.pad(image, padding)
    k, size = kernel.shape, (image.shape[0] - kernel.shape[0]) // stride + 1
    out = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            out[i, j] = (image[i * stride : i * stride + k[0], j * stride : j * stride + k[1]] * kernel).sum()
    return out""",
            "conv2d-backward-weight": """def conv2d_backward_weight(gradient, x, weight, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    grad_weight = np.zeros(weight.shape)
    for n, f, i, j in np.ndindex(gradient.shape):
        window = x[n, :, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        grad_weight[f] += gradient[n, f, i, j] * window / len(x)
    return grad_weight, gradient.sum(axis=(0, 2, 3))""",
            "convnet": """def convnet(x, w1, b1, w2, b2, w3, b3):
    first = max_pool(conv2d(x, w1, b1, 1, len(w1[0, 0]) // 2), 2, 2, 2)
    second = max_pool(conv2d(first, w2, b2, 1, len(w2[0, 0]) // 2), 2, 2, 2)
    return first, second, second.reshape(len(x), -1) @ w3.T + b3""",
        },
        {"correlate-test": 0.71, "conv2d-backward-weight-test": 1.94, "convnet-test": 0},
    ),
    "kurt": Sample(
        "the file is cut in the middle: what can be read counts", marks=_nothing_for(EVERY_TEST[8:]), mangle=_cut
    ),
}
