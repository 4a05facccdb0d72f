"""A guess that the reader makes before the answer is shown, and that the answer's picture shows beside the truth."""

import html
import types
from pathlib import Path

import anywidget
import traitlets
from IPython.display import display

from course.figures.show import show


class Guess(anywidget.AnyWidget):
    """A question with a small control: choices, or a number between two bounds.

        guess = widgets.Guess("How many of 100 digits does it read?", number=(0, 100))
        guess                                                                    # the last line shows the control
        guess.answer("It reads 93.", lambda g: figures.named_bars(..., guess=g))  # in a later cell

    `value` is the choice, or the number; None until a guess is made, and everything runs without one. It is kept under
    the text of the question, so that running the cell again does not lose it. `step` is that of the number's arrows.
    """

    _esm = Path(__file__).parent / "guess.js"
    _css = Path(__file__).parent / "guess.css"
    _made = {}  # question: the guess that was made last under this text

    question = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode(), help="of the choices; none for a number").tag(sync=True)
    bounds = traitlets.List(traitlets.Float(), help="smallest and largest number").tag(sync=True)
    step = traitlets.Float(1).tag(sync=True)
    unit = traitlets.Unicode(help="stands behind the number").tag(sync=True)
    chosen = traitlets.Float(None, allow_none=True, help="index of the choice, or the number").tag(sync=True)

    def __init__(self, question, choices=None, number=None, step=1, unit=""):
        if (choices is None) == (number is None):
            raise ValueError(f"Guess({question!r}) needs either choices or a number=(smallest, largest)")
        if choices is not None and len(set(map(str, choices))) < max(2, len(choices)):
            raise ValueError(f"Guess({question!r}) needs two or more different choices; got {choices}")
        if number is not None and not number[0] < number[1]:
            raise ValueError(f"Guess({question!r}) needs number=(smallest, largest); got {number}")
        self._choices = [] if choices is None else list(choices)
        labels, bounds = [str(choice) for choice in self._choices], list(map(float, number or []))
        super().__init__(question=question, labels=labels, bounds=bounds, step=step, unit=unit)
        earlier = self._made.get(question)
        if earlier is not None and (earlier.labels, earlier.bounds) == (labels, bounds):
            traitlets.link((earlier, "chosen"), (self, "chosen"))  # pictures that were shown before follow as well
        self._made[question] = self
        self.answers = []  # (truth, draw) of each picture that answers

    @classmethod
    def asked(cls):
        """All guesses of this kernel, each question once, in the order in which they were first asked."""
        return list(cls._made.values())

    @traitlets.validate("chosen")
    def _possible(self, proposal):
        chosen = proposal["value"]
        if chosen is None:
            return None
        if self.labels and chosen not in range(len(self.labels)):
            raise traitlets.TraitError(f"there are {len(self.labels)} choices; got number {chosen:g}")
        return chosen if self.labels else min(max(chosen, self.bounds[0]), self.bounds[1])

    @property
    def value(self):
        """The choice or the number that the reader guesses, or None."""
        if self.chosen is None:
            return None
        return self._choices[int(self.chosen)] if self._choices else self.chosen

    @property
    def middle(self):
        """A possible guess: a choice, or the number half way between the bounds."""
        return self._choices[len(self._choices) // 2] if self._choices else sum(self.bounds) / 2

    def guess(self, value):
        """Make a guess from Python, as the control does: one of the choices or a number. ValueError for others."""
        if self._choices and value not in self._choices:
            raise ValueError(f"{self.question} Choose one of {', '.join(self.labels)}; got {value!r}")
        self.chosen = self._choices.index(value) if self._choices else value

    @property
    def said(self):
        """The guess in words, with a full stop, or nothing."""
        if self.chosen is None:
            return ""
        words = self.labels[int(self.chosen)] if self.labels else f"{self.chosen:g}{self.unit}"
        return f"Your guess: {words}."

    def caption(self, truth):
        """What stands below a picture that answers: the guess, if one was made, and the truth."""
        return f"{self.said} {truth}".strip()

    def answer(self, truth, draw):
        """Show the figure `draw(value)` and below it the guess and the truth; again when the guess changes.

        truth: a sentence. draw: a function of `value`, which may be None; it returns a figure with alt text. It goes on
        to draw what its names stand for now: a later cell may use the same names for something else.
        """
        draw = _as_of_now(draw)

        def picture():
            return show(draw(self.value), caption=self.caption(truth))

        self.answers.append((truth, draw))
        handle = display(picture(), display_id=True)
        if handle is not None:  # outside a notebook there is nothing to update
            self.observe(lambda change: handle.update(picture()), "chosen")

    def __repr__(self):
        what = " / ".join(self.labels) if self.labels else f"{self.bounds[0]:g} to {self.bounds[1]:g}{self.unit}"
        return f"Guess. {self.question} ({what}) {self.said}".strip()

    def _repr_mimebundle_(self, **kwargs):
        """The live control, and the question with its choices for where no kernel runs."""
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle = dict(bundle[0] if isinstance(bundle, tuple) else bundle or {})
        bundle["text/plain"] = repr(self)
        text = html.escape(repr(self).removeprefix("Guess. "))
        bundle["text/html"] = f'<p class="course-guess"><b>Guess.</b> {text}</p>'
        return bundle


def _as_of_now(function):
    """A copy of a notebook's function that keeps the values which its global names have at this moment."""
    if not isinstance(function, types.FunctionType):
        return function
    names, codes = {"__builtins__"}, [function.__code__]
    while codes:
        code = codes.pop()
        names.update(code.co_names)
        codes += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    kept = {name: function.__globals__[name] for name in names if name in function.__globals__}
    copy = types.FunctionType(
        function.__code__, kept, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy
