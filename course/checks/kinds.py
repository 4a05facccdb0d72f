"""The kinds of cases that every question gets: types, layouts, and what happens between two calls.

A question gives two sets of inputs of the same shapes and with different answers; `every_kind` makes the rest. The
ranges in which the formula of a question behaves differently stand beside the question, as `Range`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from course.checks.cases import in_layouts


@dataclass(frozen=True)
class Range:
    """Inputs for which the formula of a question behaves in one way.

    where: function of the inputs of a case; returns for each entry (or example, or the whole case) whether it lies
    in the range. A range of entries counts as tested by a case that has one there whose error would be seen.
    """

    name: str
    where: Callable


def every_kind(case, other, integers=None):
    """Return the two cases, and the first one again in every kind: layouts, integers, called more than once.

    other: a case with inputs of the same shapes, whose answer is another one.
    integers: names of the inputs that can hold integers; without it, all arrays of floats.
    """
    if integers is None:
        integers = [name for name, value in case.inputs.items() if _is_float_array(value)]
    return [case, other, *in_layouts(case), *in_integers(case, integers), called_again(case, other)]


def kinds_of_two(first, second, integers=None):
    """Return the layouts of one pair of cases and the integers and repeated calls of another pair, the pairs in front.

    first, second: pairs as `every_kind` takes them. Where half of the mistakes show in one of them only (padding 0, and
    padding), each costs a clear share.
    """
    one, two = every_kind(*first, integers), every_kind(*second, integers)
    layouts = [case for case in one[2:] if case.layout != "plain"]
    return [*one[:2], *two[:2], *layouts, *(case for case in two[2:] if case.layout == "plain")]


def in_integers(case, names):
    """Return the case with integers in each of these inputs alone, and in all of them.

    With integers in one input of several the answer still has digits behind the point: a result in the type of that
    input loses them.
    """
    sets = [[name] for name in names] + ([names] if len(names) > 1 else [])
    cases = []
    for some in sets:
        everywhere = some == names and names == [n for n, v in case.inputs.items() if _is_float_array(v)]
        inputs = {name: _whole(value) if name in some or (everywhere and type(value) is float) else value
                  for name, value in case.inputs.items()}  # fmt: skip
        said = "integers" if everywhere else f"integers in `{'` and `'.join(some)}`"
        cases.append(replace(case, kind=f"{case.kind}, {said}", inputs=inputs))
    return cases


def called_again(case, other):
    """Return the case as one that is called twice, and then with the inputs of `other`, before anybody looks."""
    return replace(case, kind=f"{case.kind}, called twice and then with other values", then=other.inputs)


def _whole(value):
    """The next whole number further away from 0: none becomes 0, where slopes are a matter of taste."""
    whole = np.sign(value) * np.ceil(np.abs(value))
    return whole.astype(np.int64) if isinstance(value, np.ndarray) else int(whole)


def _is_float_array(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"
