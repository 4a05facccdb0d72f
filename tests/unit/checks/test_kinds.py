"""Does every question get cases of every kind from two?"""

import numpy as np

from course.checks.kinds import called_again, every_kind, in_integers, kinds_of_two
from course.checks.record import Case

FIRST = Case("a row", {"x": np.array([0.2, -1.5]), "w": np.array([2.5, 0.1]), "bias": 0.5, "labels": np.array([0, 1])})
OTHER = Case("another row", {"x": np.array([1.0, 2.0]), "w": np.array([3.0, 4.5]), "bias": 1.0,
                             "labels": np.array([1, 0])})  # fmt: skip


def _integers(case):
    return {name for name, v in case.inputs.items() if type(v) is int or getattr(v, "dtype", np.dtype("f")).kind == "i"}


def test_every_kind():
    """Are there the two cases, every layout, integers in each input alone and in all, and one that is called again?"""
    cases = every_kind(FIRST, OTHER)
    assert cases[:2] == [FIRST, OTHER]
    assert {c.layout for c in cases} == {"plain", "float32", "non-contiguous", "transposed", "read-only"}
    found = [_integers(c) for c in cases]
    assert {"labels", "x"} in found and {"labels", "w"} in found and {"labels", "x", "w", "bias"} in found
    assert [c.then for c in cases if c.then] == [OTHER.inputs]
    assert len({c.kind for c in cases}) == len(cases)
    assert not any(_integers(c) - {"labels"} for c in every_kind(FIRST, OTHER, []))


def test_kinds_of_two():
    """Are layouts made of one pair and everything else of the other, each pair in front, and no kind left out?"""
    second, more = (Case(f"wide, {case.kind}", case.inputs | {"x": np.tile(case.inputs["x"], (2, 1))})
                    for case in (FIRST, OTHER))  # fmt: skip
    cases = kinds_of_two((FIRST, OTHER), (second, more))
    assert cases[:4] == [FIRST, OTHER, second, more]
    assert {c.kind.split(",")[0] for c in cases[4:] if c.layout != "plain"} == {"a row"}
    assert {c.kind.split(",")[0] for c in cases[4:] if c.layout == "plain"} == {"wide"}
    made = {c.kind.removeprefix("wide, ") for c in cases}
    assert made == {c.kind for c in every_kind(FIRST, OTHER)}


def test_whole_numbers_keep_their_sign_and_are_never_0():
    """Do integers lie next to the numbers that they stand for, away from 0?"""
    (x, all_of_them) = in_integers(FIRST, ["x"])[0], in_integers(FIRST, ["x", "w"])[-1]
    assert x.inputs["x"].tolist() == [1, -2] and x.inputs["x"].dtype == np.int64
    assert x.inputs["w"] is FIRST.inputs["w"] and x.inputs["bias"] == 0.5
    assert "integers in `x`" in x.kind and all_of_them.kind == "a row, integers"
    assert all_of_them.inputs["bias"] == 1 and type(all_of_them.inputs["bias"]) is int


def test_called_again():
    """Are the calls the case twice and then the other one?"""
    case = called_again(FIRST, OTHER)
    assert case.calls == [FIRST.inputs, FIRST.inputs, OTHER.inputs] and FIRST.calls == [FIRST.inputs]
