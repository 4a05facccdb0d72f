"""Neural networks from scratch, in NumPy, the way the lectures teach them.

Names, argument order and shapes are PyTorch's, so that every function can be compared with `course.reference`.
Read the files in this order: activations, linear, loss, mlp, optim, train, attack, scale, penalty, dropout; then conv,
pool, convnet, visualise, embedding; then graph.
"""

from course.nn.activations import (
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    softplus,
    softplus_backward,
    tanh,
    tanh_backward,
)
from course.nn.attack import class_gradient, fgsm, input_gradient, iterative_fgsm
from course.nn.conv import conv2d, conv2d_backward, conv_matrix, conv_output_size
from course.nn.convnet import ConvNet
from course.nn.dropout import dropout, dropout_backward
from course.nn.embedding import nearest_neighbours, neighbour_accuracy, pca
from course.nn.graph import Value
from course.nn.linear import linear, linear_backward
from course.nn.loss import cross_entropy, cross_entropy_backward, log_softmax, one_hot
from course.nn.mlp import MLP
from course.nn.optim import SGD, Adadelta, Adagrad, Adam, RMSprop
from course.nn.penalty import l2, l2_backward
from course.nn.pool import max_pool2d, max_pool2d_backward
from course.nn.scale import standardise
from course.nn.train import accuracy, confusion_matrix, minibatches, train
from course.nn.visualise import ascend, smooth

__all__ = [
    "Adadelta", "Adagrad", "Adam", "ConvNet", "MLP", "RMSprop", "SGD", "Value", "accuracy", "ascend",
    "class_gradient", "confusion_matrix", "conv2d", "conv2d_backward", "conv_matrix", "conv_output_size",
    "cross_entropy", "cross_entropy_backward", "dropout", "dropout_backward", "fgsm", "input_gradient",
    "iterative_fgsm", "l2", "l2_backward", "linear", "linear_backward", "log_softmax", "max_pool2d",
    "max_pool2d_backward", "minibatches", "nearest_neighbours", "neighbour_accuracy", "one_hot", "pca", "relu",
    "relu_backward", "sigmoid", "sigmoid_backward", "smooth", "softmax", "softplus", "softplus_backward",
    "standardise", "tanh", "tanh_backward", "train",
]  # fmt: skip
