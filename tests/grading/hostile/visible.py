"""What an attack on relu knows, since everybody can read it: its visible cases. And what it must get for them."""

import numpy as np

from course.checks.activations import relu
from course.checks.cases import lay_out
from course.grading.hidden import activations as hidden
from tests.grading.hostile.attack import FULL

CALLS = [lay_out(inputs["x"], case.layout) for case in relu.cases() for inputs in case.calls]
COUNT = len(CALLS)  # of calls, before the first hidden one
INPUTS = list({str(x.tolist()): x for x in CALLS}.values())
# code of an attack: all visible inputs with their answers; is this array one of the inputs?
ANSWERS = f"""
ANSWERS = {[(x.tolist(), np.maximum(x, 0).tolist()) for x in INPUTS]}

def is_visible(x):
    return any(np.array_equal(x, known) for known, _ in ANSWERS)
"""


def only(visible):
    """The marks of a relu that is right in all visible cases and in no hidden one, or the other way round."""
    counts = {True: len(relu.cases()), False: len(hidden.relu())}
    return {"relu-test": round(FULL["relu-test"] * counts[visible] / sum(counts.values()), 2)}


VISIBLE, HIDDEN = only(visible=True), only(visible=False)
assert 0 < VISIBLE["relu-test"] < FULL["relu-test"] and 0 < HIDDEN["relu-test"] < FULL["relu-test"]
