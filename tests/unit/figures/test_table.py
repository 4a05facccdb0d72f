"""A table reads well on the page and as text."""

import numpy as np
import pytest

from course.figures.table import Table


def test_markdown_and_text():
    """Are numbers set to the right, with commas and three digits after the point?"""
    table = Table(["net", "parameters", "accuracy"], [["1 layer", 7850, np.float32(0.9258)], ["2", 407050, 0.9834]])
    assert table._repr_markdown_().split("\n") == [
        "| net | parameters | accuracy |", "| --- | ---: | ---: |",
        "| 1 layer | 7,850 | 0.926 |", "| 2 | 407,050 | 0.983 |",
    ]  # fmt: skip
    assert repr(table).split("\n") == [
        "net      parameters  accuracy", "1 layer       7,850     0.926", "2           407,050     0.983",
    ]  # fmt: skip


def test_a_column_with_words_is_set_to_the_left():
    """Is a column of strings, or of strings and numbers, left alone?"""
    assert Table(["a", "b"], [["x", "1.5 s"], ["y", 3]]).right == [False, False]


def test_digits():
    """Can the places after the point be chosen?"""
    assert "0.98" in repr(Table(["x"], [[0.9834]], digits=2))


def test_a_ragged_table_is_refused():
    """Is a row with a missing entry named?"""
    with pytest.raises(ValueError, match="2 entries"):
        Table(["a", "b"], [["x"]])
