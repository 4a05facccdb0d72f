"""The folders that readers of notebooks use."""

from . import checks as checks
from . import data as data
from . import figures as figures
from . import nn as nn
from . import reference as reference
from . import widgets as widgets

__version__: str
