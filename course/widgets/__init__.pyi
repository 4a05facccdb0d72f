"""The names of `widgets` for notebooks, and the file of each."""

from .activation_explorer import ActivationExplorer as ActivationExplorer
from .adversarial_explorer import AdversarialExplorer as AdversarialExplorer
from .base import Explorer as Explorer
from .class_visualiser import ClassVisualiser as ClassVisualiser
from .convolution_stepper import ConvolutionStepper as ConvolutionStepper
from .depth_explorer import DepthExplorer as DepthExplorer
from .descent_explorer import DescentExplorer as DescentExplorer
from .digit_pad import DigitPad as DigitPad
from .dropout_explorer import DropoutExplorer as DropoutExplorer
from .embedding_map import EmbeddingMap as EmbeddingMap
from .feature_maps import FeatureMaps as FeatureMaps
from .graph_stepper import GraphStepper as GraphStepper
from .guess import Guess as Guess
from .linear_map_explorer import LinearMapExplorer as LinearMapExplorer
from .neuron_explorer import NeuronExplorer as NeuronExplorer
from .own_convnet import OwnConvNet as OwnConvNet
from .own_graph import two_curves as two_curves
from .own_net import OwnNet as OwnNet
from .own_net import twenty_digits as twenty_digits
from .pooling_explorer import PoolingExplorer as PoolingExplorer
from .progress import progress as progress
from .sliders import Sliders as Sliders
from .softmax_explorer import SoftmaxExplorer as SoftmaxExplorer
from .strokes import to_mnist as to_mnist
from .training import LiveTraining as LiveTraining
