"""The linear step of a dense layer: weighted sums. Slides: cmu-l10-029 to cmu-l10-032.

Shapes: N examples, D inputs (`in_features`), H neurons (`out_features`). As in PyTorch, `weight` is (H, D): row j
holds the weights of neuron j. The slides write the same layer as `input @ W + b` with W of shape (D, H).
"""


def linear(x, weight, bias):
    """Return x W^T + b. x: (N, D) or (D,), weight: (H, D), bias: (H,). Returns (N, H) or (H,)."""
    return x @ weight.T + bias


def linear_backward(grad_output, x, weight, of_input=True):
    """Gradients of the linear step. grad_output: (N, H), x: (N, D), weight: (H, D).

    Returns grad_x (N, D), grad_weight (H, D), grad_bias (H,): each has the shape of what it belongs to.
    With `of_input=False` grad_x is None: nobody learns from the gradient of a picture.
    """
    grad_x = grad_output @ weight if of_input else None  # (N, H) @ (H, D) -> (N, D)
    grad_weight = grad_output.T @ x  # (H, N) @ (N, D) -> (H, D): the sum over the examples
    grad_bias = grad_output.sum(axis=0)  # (H,)
    return grad_x, grad_weight, grad_bias
