"""Frames ahead: what is computed, when, and for which functions never. The page is a list of messages here."""

import threading
import time

import matplotlib.pyplot as plt
import pytest
import traitlets

from course.widgets import ActivationExplorer
from course.widgets import ahead as module
from course.widgets.ahead import Ahead
from course.widgets.cells import CELLS
from course.widgets.frames import Frame
from course.widgets.sliders import Sliders
from course.widgets.watch import Seen, watch
from course.widgets.worker import LatestWins


class Bench:
    """The work ahead of an explorer that is nothing but a function of one number from 0 to 9, done step by step."""

    def __init__(self, function):
        self.function, self.place, self.calls, self.sent, self.answers = function, 4, [], [], 0
        self.ahead = Ahead(lambda: True, lambda axis: 10, self.answer, self.compute, self.draw,
                           lambda message, buffers=(): self.sent.append(message), lambda: False)  # fmt: skip
        self.ahead.hello()
        self.move(4)
        self.ahead.attend(0)

    def compute(self, positions):
        self.calls.append(positions[0])
        with watch(swallow=True) as seen:
            value = self.function(positions[0])
        return value, seen

    def draw(self, outcome, go_on):
        go_on()
        value, seen = outcome
        return Frame(f"{value}", "alt", "", b"picture"), seen

    def answer(self):
        self.answers += 1
        frame, seen = self.draw(self.compute((self.place,)), lambda: None)
        self.ahead.answered((self.place,), frame, seen)

    def move(self, place):
        self.place = place
        if not self.ahead.moved((place,)):
            self.answer()

    def rest(self, steps=99):
        """Let it work until nothing is left, at most so many steps."""
        for _ in range(steps):
            delay = self.ahead.delay()
            if delay is None:
                return
            time.sleep(delay)
            self.ahead.step()

    @property
    def keys(self):
        return [message["key"] for message in self.sent if "key" in message]


class NoThread:
    def attend(self, ahead):
        pass

    def poke(self):
        pass


@pytest.fixture(autouse=True)
def steps(monkeypatch):
    """The tests take the steps themselves, and a busy machine makes no function slow."""
    monkeypatch.setattr(module, "IDLE", NoThread())
    monkeypatch.setattr(module, "SLOW", 5.0)
    monkeypatch.setattr(module, "REST", 0.02)


def test_all_states_of_the_axis_are_sent():
    """While nothing happens, does the page get the frames of the axis, the nearest first, each once?"""
    bench = Bench(lambda x: x * x)
    bench.rest()
    assert bench.keys == ["5", "3", "6", "2", "7", "1", "8", "0", "9"]
    assert bench.sent[0]["readout"] == "25"


def test_a_foreseen_state_is_confirmed_when_the_reader_rests():
    """Does Python's own answer follow a foreseen state, once, and not before the reader rests?"""
    bench = Bench(lambda x: x)
    bench.rest()
    answers = bench.answers
    for place in (5, 6, 7):
        bench.move(place)
    assert bench.answers == answers
    bench.rest()
    assert bench.answers == answers + 1 and bench.calls[-1] == 7


def test_wait_confirms_at_once():
    """Does who waits for the explorer get the answer without the pause?"""
    bench = Bench(lambda x: x)
    bench.rest()
    answers = bench.answers
    bench.move(5)
    bench.ahead.confirm()
    bench.ahead.confirm()
    assert bench.answers == answers + 1


def test_nothing_is_foreseen_without_a_page():
    """Is nothing computed ahead while no page shows the explorer?"""
    bench = Bench(lambda x: x)
    bench.ahead.page = False
    bench.rest()
    assert bench.sent == []


def test_nothing_while_a_cell_runs(monkeypatch):
    """Does the work stand still while a cell runs?"""
    bench = Bench(lambda x: x)
    monkeypatch.setattr(CELLS, "running", True)
    assert bench.ahead.delay() is None
    bench.ahead.step()
    assert bench.sent == []


def test_new_input_cancels_a_call():
    """Is a call under way given up when input comes that was not foreseen, and its frame never sent?"""
    began, gate = threading.Event(), threading.Event()

    def function(x):
        if x != 4 and not gate.is_set():
            began.set()
            gate.wait(20)
        return x

    bench = Bench(function)
    bench.rest(1)  # the check
    step = threading.Thread(target=bench.rest, args=[1])
    step.start()
    assert began.wait(20)
    bench.ahead.cancel()
    step.join(20)
    gate.set()
    assert not step.is_alive() and bench.keys == []


def refused(function, reason):
    bench = Bench(function)
    bench.rest()
    assert bench.keys == [] and bench.ahead.refused == reason and bench.ahead.basis == 0
    before = len(bench.calls)
    bench.move(7)
    bench.rest()
    assert bench.calls[before:] == [7], "called for states that nobody asked for"


def test_never_for_a_function_that_prints():
    """Is a function that prints called for no state but the reader's own?"""
    refused(lambda x: print(x), "it prints")


def test_never_for_a_function_that_draws():
    """Is a function that opens a figure called for no state but the reader's own?"""
    refused(lambda x: plt.close(plt.figure(99)) if plt.fignum_exists(99) else plt.figure(99), "it draws on the page")
    plt.close(99)


def test_never_for_a_function_with_two_answers():
    """Is a function that answers differently the second time called for no other state?"""
    counted = iter(range(1000))
    bench = Bench(lambda x: next(counted))
    bench.rest()
    assert set(bench.calls) == {4} and bench.ahead.refused == "it gave two answers for one state"


def test_never_for_a_slow_function(monkeypatch):
    """Is a function whose answer took over 50 ms not called ahead, and again when it is quick?"""
    monkeypatch.setattr(module, "SLOW", 0.05)
    slow = True
    bench = Bench(lambda x: time.sleep(0.06) if slow else x)
    bench.rest()
    assert bench.calls == [4] and bench.sent == []
    slow = False
    monkeypatch.setattr(module, "SLOW", 5.0)
    bench.move(5)
    bench.rest()
    assert len(bench.keys) == 9


def test_a_state_that_is_slow_ends_the_work(monkeypatch):
    """Where another state takes too long, is it given up after two tries, and tried no more until the next answer?"""
    monkeypatch.setattr(module, "SLOW", 0.2)
    bench = Bench(lambda x: time.sleep(1) if x > 4 else x)
    bench.rest()
    assert bench.calls.count(5) == 2 and bench.keys == []


def test_printing_elsewhere_ends_the_work(capsys):
    """Does a function that prints in other states only stay unheard, and is it not called again?"""
    bench = Bench(lambda x: print("hear me") if x == 6 else x)
    bench.rest()
    assert bench.keys == ["5", "3"] and bench.ahead.refused == "it prints"
    assert bench.sent[-1] == {"basis": 0}, "the page has to forget"
    assert capsys.readouterr().out == ""


def test_a_cell_makes_frames_out_of_date():
    """Are all frames forgotten with a new basis, and computed anew?"""
    bench = Bench(lambda x: x)
    bench.rest()
    old = bench.ahead.basis
    assert bench.ahead.forget() not in (0, old)
    assert not bench.ahead.moved((5,))
    bench.answer()
    bench.sent.clear()
    bench.rest()
    assert {message["basis"] for message in bench.sent} == {bench.ahead.basis}


def test_a_wrong_frame_is_found_out():
    """When Python's own answer differs from what was foreseen, does the page forget everything?"""
    bench = Bench(lambda x: x)
    bench.rest()
    bench.function = lambda x: -x
    bench.move(5)
    bench.rest()
    assert bench.ahead.refused and bench.ahead.basis == 0


def test_a_failed_answer_is_no_frame():
    """Is a state in which the reader's function failed computed again, when the reader comes back?"""
    bench = Bench(lambda x: x)
    bench.rest()
    bench.ahead.answered((4,), None, Seen())
    assert not bench.ahead.moved((4,))


def test_an_explorer_works_ahead(monkeypatch):
    """Do the frames of a real explorer show what it shows itself in that state, and is its own picture unharmed?"""
    explorer = Sliders(lambda ax, n: (ax.plot([0, n]) and f"n {n}", f"a line to {n}"), n=(1, 5, 3), size=(2, 1))
    sent = []
    monkeypatch.setattr(explorer._ahead, "_send", lambda message, buffers: sent.append((message, buffers)))
    explorer._from_page(None, {"opened": True, "views": 1}, [])
    explorer._from_page(None, {"axis": 0}, [])
    for _ in range(20):
        if (delay := explorer._ahead.delay()) is not None:
            time.sleep(delay)
            explorer._ahead.step()
    assert [message["key"] for message, _ in sent] == ["2", "3", "1", "4", "0"]
    assert explorer.readout == "n 3"
    for message, (png,) in sent:
        explorer.n = int(message["key"]) + 1
        assert explorer.wait()
        assert (explorer.readout, explorer.alt, explorer.png) == (message["readout"], message["alt"], png)
    assert explorer._ahead.refused == ""


def test_the_switch(monkeypatch):
    """Does the environment variable turn it off, and `ahead = False` for one explorer?"""
    explorer = Sliders(lambda ax, n: (f"n {n}", f"alt {n}"), n=(1, 5, 3), size=(2, 1))
    explorer._from_page(None, {"opened": True}, [])
    assert explorer._ahead.working and explorer.picture.basis > 0
    explorer.ahead = False
    assert not explorer._ahead.working
    explorer.ahead = True
    monkeypatch.setenv("COURSE_FRAMES_AHEAD", "0")
    assert not explorer._ahead.working


def test_a_change_beside_the_controls_forgets():
    """Where the state changes in what no control says, are frames out of date?"""

    class Two(Sliders):
        hidden = traitlets.Int(0)

        def compute(self, hidden=0, **values):
            return {"values": values}

    explorer = Two(lambda ax, n: (f"n {n}", f"alt {n}"), n=(1, 5, 3), size=(2, 1))
    explorer.state = ("n", "hidden")
    explorer.observe(lambda change: explorer.refresh(), "hidden")
    explorer._from_page(None, {"opened": True}, [])
    explorer.n = 4
    basis = explorer.picture.basis
    explorer.hidden = 1
    assert explorer.picture.basis not in (0, basis)


def test_slow_calls_of_any_explorer_come_first(gate):
    """While a slow function runs somewhere, is nothing computed ahead?"""
    calls = LatestWins(lambda outcome: None, lambda seconds: None, patience=0.01)
    calls.submit(gate(lambda: None))
    assert LatestWins.busy()
    gate.open()
    assert calls.wait() and not LatestWins.busy()


def test_rough_values_are_the_same_state():
    """Is a slider's 1.7000000000000002 the 1.7 that was computed ahead, and not another answer for one state?"""
    explorer = ActivationExplorer()
    assert explorer.wait()
    axis = next(axis for axis in explorer.axes if axis.name == "Input x")
    rough = next(v for v in (axis.control.min + k * 0.1 for k in range(120)) if v != round(v, 9))
    axis.control.value = rough
    assert explorer.wait() and axis.control.value == rough and axis.is_rough
    assert explorer._state_at(explorer._positions())["x"] == round(rough, 9)
    axis.control.value = 1.0
    assert not axis.is_rough
