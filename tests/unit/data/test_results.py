"""Results that took long are kept: found again, computed anew when anything changes, never half written."""

import os

import numpy as np
import pytest

from course.data.results import cached


class Counter:
    """A slow computation that counts how often it runs."""

    def __init__(self):
        self.calls = 0

    def __call__(self, n=3):
        self.calls += 1
        return {"squares": np.arange(n) ** 2, "name": "x"}


def test_the_second_call_does_not_compute(tmp_path):
    """Does the same call find the stored arrays?"""
    compute = Counter()
    first = cached("squares", compute, folder=tmp_path, n=4)
    second = cached("squares", compute, folder=tmp_path, n=4)
    assert compute.calls == 1
    assert second["squares"].tolist() == first["squares"].tolist() == [0, 1, 4, 9]
    assert second["name"] == "x"


def test_other_settings_are_another_result(tmp_path):
    """Do settings, `depends_on` and the name each decide which result fits?"""
    compute = Counter()
    assert len(cached("a", compute, folder=tmp_path, n=2)["squares"]) == 2
    assert len(cached("a", compute, folder=tmp_path, n=5)["squares"]) == 5
    cached("a", compute, folder=tmp_path, n=2, depends_on=60000)
    cached("b", compute, folder=tmp_path, n=2)
    assert compute.calls == 4 and len(list(tmp_path.iterdir())) == 4


def test_other_code_is_another_result(tmp_path):
    """After an edit of the function, is its old result left alone?"""

    def compute():
        return {"value": 1}

    assert cached("value", compute, folder=tmp_path)["value"] == 1

    def compute():
        return {"value": 2}

    assert cached("value", compute, folder=tmp_path)["value"] == 2


def test_recompute(tmp_path):
    """Can the reader ask for a fresh result, which is then kept?"""
    compute = Counter()
    cached("a", compute, folder=tmp_path)
    cached("a", compute, folder=tmp_path, recompute=True)
    cached("a", compute, folder=tmp_path)
    assert compute.calls == 2


@pytest.mark.parametrize("damage", [b"", b"not a zip file", None])
def test_a_broken_file_is_computed_again(tmp_path, damage):
    """Empty, something else, or cut in the middle: is the result right, and whole the next time?"""
    compute = Counter()
    cached("a", compute, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:200] if damage is None else damage)
    assert cached("a", compute, folder=tmp_path)["squares"].tolist() == [0, 1, 4]
    cached("a", compute, folder=tmp_path)
    assert compute.calls == 2
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_a_file_with_pickled_objects_is_not_opened(tmp_path):
    """Is a file that would run code when read thrown away?"""

    class Bad:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "run"),)

    compute = Counter()
    cached("a", compute, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    with open(file, "wb") as stream:
        np.savez(stream, squares=np.array([Bad()], dtype=object))
    assert cached("a", compute, folder=tmp_path)["squares"].tolist() == [0, 1, 4]
    assert not (tmp_path / "run").exists() and compute.calls == 2


def test_an_error_leaves_nothing(tmp_path):
    """If the computation fails, is nothing stored?"""

    def fails():
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        cached("a", fails, folder=tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_a_folder_that_cannot_be_written_costs_only_the_cache(tmp_path):
    """With a file where the folder should be, does the result still come?"""
    (tmp_path / "results").write_text("in the way")
    assert cached("a", Counter(), folder=tmp_path / "results")["squares"].tolist() == [0, 1, 4]


def test_objects_are_refused(tmp_path):
    """Is a result that is no plain array refused with a sentence?"""
    with pytest.raises(TypeError, match="dict of arrays"):
        cached("a", lambda: {"x": np.array([{}, []], dtype=object)}, folder=tmp_path)


def test_the_default_folder_is_in_the_cache(tmp_path, monkeypatch):
    """Without `folder`, does the result lie in the cache folder of the course?"""
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    cached("a", Counter())
    assert [path.parent.name for path in tmp_path.rglob("*.npz")] == ["results"]
