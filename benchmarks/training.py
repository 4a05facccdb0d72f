"""How fast do the nets of course.nn train, against the same nets in PyTorch on the CPU?

    python benchmarks/training.py [--threads 1] [--batch 64] [--rounds 15]

A row is one net: milliseconds for a step of training (loss, gradients, SGD with momentum) on the same mini-batches of
float32 pictures, in NumPy and in eager PyTorch, taken in turns in one process; the median of the rounds, and the ratio
of the two, above 1 where NumPy is slower. The nets begin with the same weights: both losses are printed, after the
last step. The machine is part of every number, the ratio hardly.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main():
    """Print a line for each net."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1, help="of NumPy's products and of PyTorch")
    parser.add_argument("--batch", type=int, default=64, help="pictures in a mini-batch")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each, of 10 steps")
    options = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)  # before NumPy is loaded
    measure(options)


def measure(options):
    """Build each net twice, train both in turns, print what they took."""
    import numpy as np
    import torch

    from course import data, nn, reference

    torch.set_num_threads(options.threads)
    images, labels = data.offline_digits()
    flat, planes = np.float32(images), np.float32(images).reshape(-1, 1, 28, 28)
    nets = {}
    for name, sizes in {"1 layer, 784-10": [784, 10], "2 layers, 784-512-10": [784, 512, 10],
                        "4 layers, 784-128-128-128-10": [784, 128, 128, 128, 10]}.items():  # fmt: skip
        ours = nn.MLP(sizes, dtype=np.float32)
        nets[name] = ours, torch_mlp(torch, sizes), flat
    ours = nn.ConvNet.random(dtype=np.float32)
    nets["convnet, 8 and 16 filters of 3x3"] = ours, reference.convnet().cpu(), planes

    print(f"{options.threads} thread(s), mini-batches of {options.batch}; ms a step, median of {options.rounds} turns")
    print(f"{'net':36}{'NumPy':>9}{'PyTorch':>9}{'ratio':>7}  loss after the last step, both")
    for name, (ours, theirs, x) in nets.items():
        theirs.load_state_dict({key: torch.tensor(value) for key, value in ours.state_dict().items()})
        steps = numpy_steps(nn, ours, x, labels, options.batch), torch_steps(torch, theirs, x, labels, options.batch)
        took, losses = ([], []), [0.0, 0.0]
        for turn in range(options.rounds + 1):
            for which, step in enumerate(steps):
                started = time.perf_counter()
                for number in range(10 * turn, 10 * turn + 10):
                    losses[which] = step(number)
                if turn:  # the first one warms up
                    took[which].append((time.perf_counter() - started) * 100)
        mine, yours = map(statistics.median, took)
        print(f"{name:36}{mine:9.3f}{yours:9.3f}{mine / yours:7.2f}  {losses[0]:.5f} {losses[1]:.5f}", flush=True)


def torch_mlp(torch, sizes):
    """The same net as a float32 `Sequential`."""
    layers = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def rows(number, batch, count):
    """The rows of mini-batch `number`, over and over."""
    start = number * batch % (count - batch)
    return slice(start, start + batch)


def numpy_steps(nn, net, x, labels, batch):
    """step(number) of the NumPy net; returns the loss."""
    optimizer = nn.SGD(net.parameters, 0.05, 0.9)

    def step(number):
        chosen = rows(number, batch, len(x))
        loss, gradients, _ = net.loss_and_gradients(x[chosen], labels[chosen], of_input=False)
        optimizer.step(gradients)
        return float(loss)

    return step


def torch_steps(torch, net, x, labels, batch):
    """step(number) of the PyTorch net; returns the loss."""
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)

    def step(number):
        chosen = rows(number, batch, len(x))
        loss = torch.nn.functional.cross_entropy(net(x[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


if __name__ == "__main__":
    main()
