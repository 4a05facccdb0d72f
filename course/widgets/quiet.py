"""Thousands of calls of the reader's functions, and nothing of what they say; a sentence where a picture will be."""

import contextlib
import io
import warnings

import numpy as np
from threadpoolctl import threadpool_limits


class Sentence:
    """A text in the place of a picture."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


@contextlib.contextmanager
def quiet():
    """Thousands of calls follow: what the reader's functions print or warn of would fill the page."""
    with contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # such small products take one core no longer than all of them, and much longer where others use these
        with np.errstate(all="ignore"), threadpool_limits(1):
            yield


class _Nowhere(io.TextIOBase):
    def write(self, text):
        return len(text)
