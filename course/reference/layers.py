"""A look inside a trained net: what each layer makes of a picture, and what the picture would have to be.

Slides: ehinger-035 (embeddings), ehinger-037 (the picture that a class asks for).
Shapes: N pictures (N, 1, H, W), or rows (N, D) for a net of dense layers. It computes in the type of the net.
"""

import numpy as np
import torch
from torch import nn

from course.reference.convnet import one_thread

NAMES = {nn.Conv2d: "conv", nn.ReLU: "relu", nn.MaxPool2d: "pool", nn.Linear: "linear"}
SILENT = (nn.Flatten, nn.Dropout)  # they change the shape alone, or in use nothing


@one_thread()
def layers(module, images, batch_size=200):
    """Return what each layer makes of the pictures, {name: array}, in order: the embeddings of the pictures.

    module: a `Sequential`, such as `convnet()`: "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "logits".
    The last layer is always called "logits". Arrays are (N, channels, height, width) or, from dense layers, (N, D).
    Raises ValueError if there is no picture, TypeError if the module has no layers in a row.
    """
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module must be a Sequential, whose layers follow one another; got {type(module).__name__}")
    if len(images) == 0:
        raise ValueError("there must be at least one picture; got none")
    parts = [_batch(module, images[start : start + batch_size]) for start in range(0, len(images), batch_size)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@one_thread()
def class_gradient(module, images, classes):
    """Return the gradient of each picture's logit of one class with respect to the picture, of the pictures' shape.

    classes: one class for all pictures, or (N,). The gradient says which pixels should be brighter for the net to be
    surer of the class, whatever the other classes say: that is the logit, not the probability.
    """
    x = _tensor(module, images).requires_grad_()
    with torch.enable_grad():
        logits = module(x)  # (N, C)
        chosen = torch.as_tensor(np.broadcast_to(classes, len(x)).copy(), device=x.device)  # (N,)
        total = logits.gather(1, chosen[:, None]).sum()  # each picture has a term of its own
        (gradient,) = torch.autograd.grad(total, [x])
    return gradient.cpu().numpy()


def _batch(module, images):
    """What the layers make of some pictures, by name."""
    x, found, counts = _tensor(module, images), {}, {}
    last = max(k for k, layer in enumerate(module) if not isinstance(layer, SILENT))
    with torch.no_grad():
        for k, layer in enumerate(module):
            x = layer(x)
            if isinstance(layer, SILENT):
                continue
            kind = NAMES.get(type(layer), type(layer).__name__.lower())
            counts[kind] = counts.get(kind, 0) + 1
            found["logits" if k == last else f"{kind}{counts[kind]}"] = x.cpu().numpy()
    return found


def _tensor(module, images):
    where = next(module.parameters())
    return torch.tensor(np.ascontiguousarray(images), dtype=where.dtype, device=where.device)
