"""The progress line: what it says, and that it changes nothing in the loop."""

import importlib

module = importlib.import_module("course.widgets.progress")  # the name is the function's in course.widgets


class Handle:
    """Takes the place of the notebook's output."""

    def __init__(self):
        self.lines = []

    def update(self, line):
        self.lines.append(line)


def test_all_items_come_and_the_line_says_how_far(monkeypatch):
    """Does the loop see every item, and the line count them and end with the time?"""
    handle = Handle()
    monkeypatch.setattr(module, "display", lambda line, display_id: handle.lines.append(line) or handle)
    assert list(module.progress(["a", "b", "c"], "training")) == ["a", "b", "c"]
    texts = [repr(line) for line in handle.lines]
    assert texts[0] == "training: 0 of 3" and texts[1].startswith("training: 1 of 3, ")
    assert texts[-1].startswith("training: 3 of 3 in ")
    assert "<progress" in handle.lines[1].data and "<progress" not in handle.lines[-1].data


def test_the_name_is_text(monkeypatch):
    """Is a name with brackets shown, not taken as HTML?"""
    handle = Handle()
    monkeypatch.setattr(module, "display", lambda line, display_id: handle.lines.append(line) or handle)
    list(module.progress([1], "<b>"))
    assert "&lt;b&gt;" in handle.lines[-1].data


def test_outside_a_notebook_the_loop_runs(monkeypatch):
    """Without a notebook `display` returns None: does the loop run all the same?"""
    monkeypatch.setattr(module, "display", lambda line, display_id: None)
    assert list(module.progress(range(3), "loop")) == [0, 1, 2]
