"""Backpropagation on a graph, step by step: values forward, gradients backward, by the rules and by your own class.

Slides: intro-ann-027, intro-ann-028, intro-ann-029, icme-s2-026 to icme-s2-037.
"""

from contextlib import nullcontext
from functools import lru_cache

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.widgets.axes import only_rounded
from course.widgets.graph_check import Check, load_reference
from course.widgets.graph_examples import EXAMPLES
from course.widgets.graph_expression import NoGraph, literal, number_or_list, parse
from course.widgets.graph_layout import layout
from course.widgets.graph_rules import digits, said, shape_of, symbol
from course.widgets.graph_steps import backward_words, formula, forward_words
from course.widgets.graph_still import draw_graph
from course.widgets.live import Live, Stage, stage_module
from course.widgets.reader import WrongAnswer, describe

FIRST = next(iter(EXAMPLES))
OWN = "your own"


class GraphStage(Stage):
    """The expression, its graph, and the buttons that step through it."""

    _esm = stage_module("graph_stepper.js")

    # no echo: the page knows where it is, and an old echo would take it back
    position = traitlets.Int(0).tag(sync=True, echo_update=False)
    answer_first = traitlets.Bool().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True, echo_update=False)
    expression = traitlets.Unicode().tag(sync=True)


class GraphStepper(Live):
    """Step through a computational graph; your class calculates it as well, and each of its numbers is compared.

    value: a class like `nn.Value`: `value(3.0)` has `data`, the operators + - * / ** @ and the methods maximum, relu,
    tanh, exp, log and sum; `backward()` of the result puts the gradients into `grad`.
    expression: such as "x = -2; y = 5; q = x + y; f = q * 3"; or example: the name of one that is there.
    """

    picture_class = GraphStage
    state = ("expression", "values")
    views = ("position", "answer_first", "answers")
    size = (7.2, 4.2)
    read_below = True

    expression = traitlets.Unicode(help="statements between semicolons; the last is the result")
    values = traitlets.Dict(help="{variable: number or list}, where they are others than in the expression")
    position = traitlets.Int(0, min=0, help="steps done: forward node by node, then backward edge by edge")
    answer_first = traitlets.Bool(False, help="the reader says a gradient before it is shown")
    answers = traitlets.Dict(help='{"5": 1.0}: what was said of a step; None where it was shown unsaid')

    def __init__(self, value=nn.Value, expression=None, example=FIRST, **kwargs):
        if not callable(value):
            raise TypeError(f"value must be a class such as nn.Value, without the brackets of a call; "
                            f"got {describe(value)}")  # fmt: skip
        if example not in EXAMPLES:
            raise ValueError(f"example must be one of {', '.join(map(repr, EXAMPLES))}; got {example!r}")
        load_reference()  # here, since a thread that is stopped while it loads PyTorch would leave half of it
        self._value, self._following = self.follow("value", value), False
        parse(EXAMPLES[example] if expression is None else expression)  # in the cell that makes it: raises at once
        self.expression = EXAMPLES[example] if expression is None else expression
        super().__init__(**kwargs)
        traitlets.link((self, "expression"), (self.picture, "expression"))

    def say(self, value):
        """Say the gradient that the present step sends, before it is shown; None gives up and shows it."""
        self.position = self._at(self._result)  # it stays here when the next step opens
        self.answers = self.answers | {str(self.position): value}

    # the controls

    def controls(self):
        self._example = widgets.Dropdown(options=[OWN, *EXAMPLES], description="Example")
        self._example.observe(lambda change: self._chosen(change["new"]), "value")
        self._boxes, self._variables = {}, widgets.VBox()
        self._variables.add_class("course-explorer-dense")
        self._follow_expression()
        self.observe(lambda change: self._other_expression(), "expression")
        self.observe(lambda change: self._changed(), list(self.state))
        answer = widgets.Checkbox(description="You first: say the gradient, then see it", indent=False)
        traitlets.link((self, "answer_first"), (answer, "value"))
        return [self._example, self._variables, answer]

    def _chosen(self, name):
        if name in EXAMPLES and not self._following:
            self.expression = EXAMPLES[name]

    def _other_expression(self):
        with nullcontext() if self._hold else self.together():
            self.values, self.position = {}, 0
        self._follow_expression()

    def _changed(self):
        self.answers = {}
        self._follow_values()

    def _follow_expression(self):
        """A control for each variable of the expression."""
        self._following = True
        self._example.value = next((name for name, text in EXAMPLES.items() if text == self.expression), OWN)
        self._following = False
        try:
            graph = parse(self.expression)
        except NoGraph:
            return  # said where the picture is; the controls wait
        self._boxes = {name: self._control(name, graph.values[name]) for name in graph.variables}
        self._variables.children = list(self._boxes.values())
        self._typed = graph.values
        self._follow_values()

    def _control(self, name, value):
        if np.ndim(value):
            control = widgets.Text(description=name, continuous_update=False)
        else:
            control = widgets.FloatSlider(value, min=min(-6, value), max=max(6, value), step=0.1, description=name)
        control.observe(lambda change: self._moved(name, change["new"]), "value")
        return control

    def _moved(self, name, value):
        now = self.values.get(name, self._typed[name])
        if self._following or (isinstance(now, int | float) and only_rounded(self._boxes[name], now)):
            return
        if isinstance(value, str):
            try:
                value = literal(value)
            except NoGraph:
                pass  # `compute` says what is wrong with it
        self.values = self.values | {name: value.tolist() if isinstance(value, np.ndarray) else value}

    def _follow_values(self):
        """The controls say what the variables are."""
        self._following = True
        for name, control in self._boxes.items():
            value = self.values.get(name, self._typed[name])
            if isinstance(control, widgets.Text):
                control.value = value if isinstance(value, str) else str(np.asarray(value).tolist())
            elif isinstance(value, int | float):
                control.min, control.max = min(control.min, value), max(control.max, value)
                control.value = value
        self._following = False

    # the answer

    def compute(self, expression, values):
        try:
            graph, places = _laid_out(expression)
        except NoGraph as problem:
            raise WrongAnswer(str(problem)) from None
        given = dict(graph.values)
        for name in given.keys() & values.keys():
            try:
                given[name] = number_or_list(values[name])
            except NoGraph as problem:
                raise WrongAnswer(f"{name} {problem}") from None
        check = Check(graph, given, self._value)
        return {"graph": graph, "values": check.values, "check": check, "warning": check.warning,
                "steps": check.steps, "places": places}  # fmt: skip

    # what is shown

    def _verdict(self, result, number):
        """(is the step open?, what is said of the answer) while the reader says the gradients first."""
        step = result["steps"][number]
        if not self.answer_first or step.phase != "backward":
            return True, ""
        if np.ndim(step.part):
            return True, "A gradient with a shape is shown unasked."
        if str(number) not in self.answers:
            return False, ""
        heard = self.answers[str(number)]
        if heard is None:
            return True, "Shown."
        if np.isclose(heard, step.part, rtol=0.02, atol=1e-3):
            return True, f"Right: {digits(step.part)}."
        return False, f"{digits(heard)} is not it. Try again: upstream times local."

    def _furthest(self, result):
        """The first step that is still closed, or the last one."""
        last = len(result["steps"]) - 1
        return next((k for k in range(last) if not self._verdict(result, k)[0]), last)

    def _at(self, result):
        return min(self.position, self._furthest(result))

    def _step(self, result, number):
        graph, values, check, step = result["graph"], result["values"], result["check"], result["steps"][number]
        is_open, verdict = self._verdict(result, number)
        shown = self._shown(result, number, is_open)
        operations = sum(bool(node.op) for node in graph.nodes)
        edges = len(result["steps"]) - operations - 2
        said_too = ""
        if step.phase == "start":
            line, sentences = "", ["The variables have their values. Forward, one operation after the other."]
        elif step.phase == "forward":
            line, sentence = forward_words(graph, values, step.node)
            sentences = [f"Forward {number} of {operations}: {sentence}"]
            said_too = check.about_value(step.node)
        elif step.phase == "seed":
            name = graph.nodes[step.node].name
            line = f"∂{name}/∂{name} = 1"
            sentences = [f"Backward begins at {name}: its own gradient is 1."]
            said_too = check.about_gradient(step.node)
        else:
            line, sentences = backward_words(graph, values, step, step.gradients[step.node], is_open)
            way = f"from {graph.nodes[step.node].name} to {graph.nodes[step.to].name}"
            sentences[0] = f"Backward {number - operations - 1} of {edges}, {way}. {sentences[0]}"
            said_too = check.about_gradient(step.to) if is_open and step.to in step.done else ""
        says = "\n".join(filter(None, [*sentences, said_too, verdict]))
        return {"line": line, "says": says, "open": is_open, "phase": step.phase, "node": step.node, "to": step.to,
                "local": step.operand, **shown}  # fmt: skip

    def _shown(self, result, number, is_open):
        """Texts of values and gradients of all nodes after a step, and which of them differ from the rules."""
        graph, check, step = result["graph"], result["check"], result["steps"][number]
        variables = len(graph.variables)
        far = variables + number if step.phase in ("start", "forward") else len(graph.nodes)
        values = [check.value_text(place) if place < far else "" for place in range(len(graph.nodes))]
        gradients, wrong = [], []
        for place in range(len(graph.nodes)):
            text = ""
            if place == step.to and not is_open:
                text = "?" if step.before is None else f"{_brief(step.before)} + ?"
            elif place in step.done:
                text = check.gradient_text(place)
            elif place in step.gradients:
                text = f"{_brief(step.gradients[place])} + …"
            gradients.append(text)
            wrong.append([bool(values[place] and check.value_wrong[place]),
                          bool(place in step.done and check.gradient_wrong[place]
                               and not (place == step.to and not is_open))])  # fmt: skip
        return {"values": values, "gradients": gradients, "wrong": wrong}

    def scene(self, result):
        graph = result["graph"]
        return {
            "drawn": True, "head": result["check"].sentence,
            "nodes": [
                {"name": node.name, "symbol": symbol(node) if node.op else node.name, "op": bool(node.op),
                 "x": x, "y": y, "title": formula(graph, place) if node.op else node.name}
                for place, (node, (x, y)) in enumerate(zip(graph.nodes, result["places"], strict=True))
            ],
            "edges": [[one, place, operand] for place, node in enumerate(graph.nodes)
                      for operand, one in enumerate(node.operands) if isinstance(one, int)],
            "steps": [self._step(result, number) for number in range(len(result["steps"]))],
        }  # fmt: skip

    def words(self, result):
        graph, number = result["graph"], self._at(result)
        step = self._step(result, number)
        known = []
        for place, node in enumerate(graph.nodes):
            value, gradient = step["values"][place], step["gradients"][place]
            if np.ndim(result["values"][place]) and value:  # the picture has room for shapes only
                value, gradient = f"{value} {said(result['check'].yours[place])}", gradient and (
                    f"{gradient} {said(result['check'].your_gradients[place])}")  # fmt: skip
            known.append(f"{formula(graph, place) if node.op else node.name} is {value or 'not known yet'}"
                         + (f", its gradient {gradient}" if gradient else ""))  # fmt: skip
        counts = {"variable": len(graph.variables), "operation": len(graph.nodes) - len(graph.variables)}
        size = " and ".join(f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items())
        alt = f"A computational graph of {size}. {'; '.join(known)}."
        return f"{step['says']}\n{result['check'].sentence}", alt

    def draw(self, figure, result):
        draw_graph(figure, self.scene(result), self._at(result))


@lru_cache(8)
def _laid_out(expression):
    """The graph and where its nodes stand: the same for all values."""
    graph = parse(expression)
    return graph, layout(graph)


def _brief(value):
    return shape_of(value) or said(value)
