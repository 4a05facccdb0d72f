"""What a student is told of a hidden case that failed: one of these sentences.

Whatever came back may hold the hidden input, in digits of a shape, the name of a class, a line that raised, a length.
So nothing of it is shown: a result says which sentence fits, and what it does not name gets the first one. The whole
message goes into the instructor's record.
"""

import numpy as np

SENTENCES = {
    "": "It did not do what the task asks for.",
    "no function": "The name does not stand for a function.",
    "raised": "It raised an error.",
    "late": "It ran longer than it may.",
    "ended": "The program ended.",
    "changed": "It changed its own input.",
    "calls": "It was called more than once, and one call had to do with the result of another.",
    "type": "What it returned is not of the type that the task asks for.",
    "shape": "What it returned has another shape than the task asks for.",
    "values": "The values differ from the expected ones.",
}
DIFFERS = ("type", "shape", "values")  # the sentences that may name one of several outputs


def why_it_differs(got, expected, where):
    """Which of DIFFERS fits an output that is not the expected one.

    expected: None if several outputs were expected; where: the place of the worst number, None if nothing was compared.
    """
    if where is not None:
        return "values"
    arrays = expected is not None and np.ndim(expected) and type(got) is np.ndarray
    return "shape" if arrays and got.shape != np.shape(expected) else "type"


def sentence(result):
    """The sentence for a failed result of a hidden case; of several outputs it names the one that is wrong."""
    text = SENTENCES.get(result.failure, SENTENCES[""])
    return f"{result.output}: {text}" if result.output and result.failure in DIFFERS else text
