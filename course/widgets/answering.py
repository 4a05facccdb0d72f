"""From a state to its picture: call the reader's function, draw what it returned, say what went wrong."""

import numpy as np

from course.widgets.ahead import SLOW
from course.widgets.frames import Frame, key_of
from course.widgets.reader import WrongAnswer, explain
from course.widgets.watch import Seen, watch
from course.widgets.worker import Stopped

STOPPED = "Stopped. Change a control to run your function again."


class Answering:
    """The part of `Explorer` that answers: for the present state, and ahead for those that may come."""

    def _answer(self):
        positions = self._positions()
        state = self._state_at(positions)
        self._calls.submit(lambda: (positions, *self._run(state)))

    def _run(self, state, swallow=False):
        """Call the reader's function: (what `compute` returns or the text of an error, what it did besides)."""
        with watch(swallow) as seen:
            try:
                with np.errstate(all="ignore"):  # huge numbers give inf and nan, which are talked about, not warned of
                    outcome = self.compute(**state)
            except WrongAnswer as wrong:
                outcome = str(wrong)
            except Stopped:
                outcome = STOPPED
            except BaseException as error:  # the reader's function may raise anything, even SystemExit
                outcome = explain(error)
        return outcome, seen

    def _receive(self, call):
        positions, outcome, seen = (self._positions(), STOPPED, Seen()) if isinstance(call, Stopped) else call
        with self._drawing, self.picture.hold_sync():  # one message
            if isinstance(outcome, str):
                self._fail(outcome)
            else:
                self._result = outcome
                self.error, self.picture.stale = outcome.get("warning", ""), False
                seen += self._redraw()
            keep = self.ahead and not self.picture.stale
            frame = Frame(self.readout, self.alt, self.error, self.png) if keep else None
            self._ahead.answered(positions, frame, seen)
            self.picture.key, self.picture.basis = key_of(positions), self._ahead.basis

    def _fail(self, text):
        self.error, self.picture.stale = text, True
        if self._result is None:
            self.readout, self.alt = "No result: the message says why.", "No picture: the function gave no result."
            self._redraw()
        else:
            self.readout = "No result: the message says why. The picture is the last one that worked."
            self.alt = f"Out of date. {self.alt.removeprefix('Out of date. ')}"

    def _redraw(self):
        """Draw the result; returns what `show` did besides."""
        with self._drawing, self.picture.hold_sync():
            self.paper = self.theme
            with watch() as seen, np.errstate(all="ignore"):  # nan and inf are drawn, or said, where they occur
                try:
                    said = None if self._result is None else self.show(self._result)
                except BaseException as error:  # a drawing function of the reader's may raise anything as well
                    self.error, self.picture.stale = explain(error), True
                    said = "No result: the message says why.", "No picture: the drawing failed."
                    self.readout, self.alt = said
            if said and not self.picture.stale:
                self.readout, self.alt = said
            self._canvas.paint(self.theme, self._scale)
            self.png = self._canvas.png(self.moving, empty=self._result is None)  # no curve before the first result
        return seen

    def _repaint(self):
        """The same result in other colours, or finer."""
        self.outdate()
        with self._drawing, self.picture.hold_sync():
            self._redraw()

    def in_both_themes(self):
        """PNG of the present picture for light pages, and for dark ones."""
        with self._drawing, np.errstate(all="ignore"):
            self.paper = other = "dark" if self.theme == "light" else "light"
            if self._result is not None and not self.picture.stale:
                self.show(self._result)
            self._canvas.paint(other, self._scale)
            drawn = {self.theme: self.png, other: self._canvas.png(self.moving, empty=self._result is None)}
            self.paper = self.theme
        return drawn["light"], drawn["dark"]

    # states that may come

    def _positions(self):
        return tuple(axis.position for axis in self.axes)

    def _state_at(self, positions):
        """The state when the controls stand at these positions. It has the values of their steps, 1.7 where a slider in
        a page says 1.7000000000000002: the same picture, whoever asks for it."""
        state = {name: getattr(self, name) for name in self.state}
        for axis, position in zip(self.axes, positions, strict=True):
            if axis.length and (position != axis.position or axis.is_rough):
                state = axis.change(state, axis.value(position))
        return state

    def _compute_at(self, positions):
        return self._run(self._state_at(positions), swallow=True)

    def _draw_ahead(self, computed, go_on):
        """Frame of a result, None for an error, and what the functions did; `go_on` may raise."""
        outcome, seen = computed
        if isinstance(outcome, str):
            return None, seen
        with self._drawing, np.errstate(all="ignore"):
            go_on()
            self.paper = self.theme
            with watch(swallow=True) as drawing:
                try:
                    readout, alt = self.show(outcome)
                except BaseException:  # shown when the reader gets there
                    return None, seen + drawing
            self._canvas.paint(self.theme, self._scale)
            png = self._canvas.png(self.moving, go_on=go_on)
        return Frame(readout, alt, outcome.get("warning", ""), png), seen + drawing

    def frame_at(self, places):
        """Frame of the state with some controls elsewhere, {Axis: position}, for a page without a kernel.

        None where the function raises; ValueError says why this function is not called for states not asked for.
        """
        if not self._ahead.allowed:
            raise ValueError(self._ahead.refused or "frames ahead are switched off")
        positions = [places.get(axis, axis.position) for axis in self.axes]
        for _ in range(3):  # a slow call may be chance
            frame, seen = self._draw_ahead(self._compute_at(positions), lambda: None)
            if reason := self._ahead.misbehaviour(seen):
                raise ValueError(reason)
            if seen.seconds <= SLOW:
                return frame
        raise ValueError(f"it takes over {1000 * SLOW:.0f} ms")
