"""The names of `reference` for notebooks, and the file of each."""

from . import functional as functional
from .convnet import accuracy as accuracy
from .convnet import convnet as convnet
from .convnet import predict as predict
from .convnet import train_convnet as train_convnet
from .device import Tolerance as Tolerance
from .device import device as device
from .device import dtype as dtype
from .device import exact_arithmetic as exact_arithmetic
from .device import to_numpy as to_numpy
from .device import to_tensor as to_tensor
from .device import tolerance as tolerance
from .gradients import gradients as gradients
from .mlp import load as load
from .mlp import loss_and_gradients as loss_and_gradients
from .mlp import mlp as mlp
from .mlp import state as state
from .mlp import train as train
from .mlp import train_step as train_step
