"""An expression that the reader typed, as a graph. It is parsed, part by part, and never evaluated as Python."""

import ast
import warnings
from dataclasses import dataclass

import numpy as np

LONGEST, MOST_VARIABLES, MOST_OPERATIONS, DEEPEST, LARGEST = 300, 6, 16, 10, 1e6
FUNCTIONS = {"max": 2, "relu": 1, "tanh": 1, "sigmoid": 1, "exp": 1, "log": 1, "sqrt": 1, "sum": 1}  # and their inputs
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@"}
USUAL = (2.0, -3.0, 4.0, 1.0, -2.0, 3.0)  # values of variables that have none

# of what behaves like a number: a reader's Value, a tensor
APPLY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "@": lambda a, b: a @ b,
    "neg": lambda a: -a,
    "max": lambda a, b: a.maximum(b),
    "relu": lambda a: a.relu(),
    "tanh": lambda a: a.tanh(),
    "sigmoid": lambda a: 1.0 / (1.0 + (-a).exp()),
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "sqrt": lambda a: a**0.5,
    "sum": lambda a: a.sum(),
}


class NoGraph(ValueError):
    """What was typed makes no graph. The text is a sentence for the reader."""


@dataclass(frozen=True)
class Node:
    """A variable (op "") or an operation. operands: an int is the place of an earlier node, a float is a number."""

    name: str
    op: str = ""
    operands: tuple = ()

    @property
    def inputs(self):
        """Places of the nodes it is made of, in the order of its operands; of `x * x` that of x twice."""
        return tuple(operand for operand in self.operands if isinstance(operand, int))


@dataclass(frozen=True)
class Graph:
    """nodes: the variables, then the operations, each after its inputs; the last one is the result.

    values: {variable: number or array}, those that were typed and usual ones for the others.
    """

    nodes: tuple
    values: dict

    @property
    def variables(self):
        """Names, in the order in which they were typed."""
        return [node.name for node in self.nodes if not node.op]

    @property
    def depth(self):
        """Of each node the number of operations on the longest way to it."""
        depths = []
        for node in self.nodes:
            depths.append(1 + max(depths[place] for place in node.inputs) if node.op else 0)
        return depths

    def evaluate(self, make, values, wanted=lambda node, output: output):
        """Everything that `make(number or array)` makes on the way: one for each node.

        wanted(node, output) may refuse what an operation returned.
        """
        made = []
        for node in self.nodes:
            if not node.op:
                made.append(make(values[node.name]))
                continue
            number = make if node.op == "max" else float  # a method, which a plain number does not have
            inputs = [made[one] if isinstance(one, int) else number(one) for one in node.operands]
            made.append(wanted(node, APPLY[node.op](*inputs)))
        return made


def parse(text):
    """The graph of statements between semicolons or lines, as in `x = -2; y = 5; q = x + y; q * 3`.

    A name with a number or a list is a variable; the last statement is the result. Raises NoGraph.
    """
    if len(text) > LONGEST:
        raise NoGraph(f"An expression has at most {LONGEST} characters; this one has {len(text)}.")
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's advice on 2(x) and the like
            statements = ast.parse(";".join(filter(None, map(str.strip, text.replace("\n", ";").split(";"))))).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = f" near character {error.offset}" if isinstance(error, SyntaxError) and error.offset else ""
        raise NoGraph(f"This is not an expression{place}. One looks like (x + y) * z.") from None
    if not statements:
        raise NoGraph("Type an expression, such as (x + y) * z.")
    return _Reader().read(statements)


def number_or_list(value):
    """A float, or an array of floats with up to 4 entries a side. Raises NoGraph."""
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise NoGraph(f"must be a number or a list of numbers, such as [[1, 2], [3, 4]]; got {value!r}.") from None
    if array.ndim > 2 or 0 in array.shape or max(array.shape, default=0) > 4:
        raise NoGraph(f"may have one or two axes with 1 to 4 entries; got shape {array.shape}.")
    if not (np.isfinite(array).all() and np.abs(array).max() <= LARGEST):
        raise NoGraph(f"must be finite, of size {LARGEST:g} or less.")
    return array if array.ndim else float(array)


def literal(text):
    """What a box with a number or a list says. Raises NoGraph."""
    try:
        return number_or_list(ast.literal_eval(text.strip()))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
        if isinstance(error, NoGraph):
            raise
        raise NoGraph(f"must be a number or a list of numbers, such as [[1, 2], [3, 4]]; got {text!r}.") from None


class _Reader:
    """Reads statements into variables and operations; a name stands for the node it was given to."""

    def __init__(self):
        self.variables, self.values, self.operations, self.named = [], {}, [], {}

    def read(self, statements):
        for number, statement in enumerate(statements, start=1):
            last = number == len(statements)
            if isinstance(statement, ast.Assign):
                if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
                    raise NoGraph("On the left of = stands one name, such as q = x + y.")
                self._assign(statement.targets[0].id, statement.value)
            elif isinstance(statement, ast.Expr) and last:
                self._result = self._node(statement.value)
            elif isinstance(statement, ast.Expr):
                raise NoGraph(f"Only the last part may stand without a name; give one to {_said(statement)}.")
            else:
                raise NoGraph(f"Only expressions and names for them are possible here; got {_said(statement)}.")
        return self._graph()

    def _assign(self, name, value):
        if name in FUNCTIONS or name in self.named or name in self.variables:
            raise NoGraph(f"{name} is a function here." if name in FUNCTIONS else f"{name} is given a value too late, "
                          "or twice: once, before it is used.")  # fmt: skip
        if (number := _literal(value)) is not None:
            self._variable(name)
            try:
                self.values[name] = number_or_list(number)
            except NoGraph as problem:
                raise NoGraph(f"{name} {problem}") from None
            return
        node = self._node(value)
        if not isinstance(node, tuple):
            raise NoGraph(f"{name} is only a number: no variable is in it.")
        self.named[name] = self._result = node

    def _graph(self):
        if not self.operations or not isinstance(getattr(self, "_result", None), tuple):
            raise NoGraph("There is nothing to calculate: a graph needs a variable and an operation, such as x * x.")
        self.operations, used, waiting = list(self.operations), set(), [self._result]
        while waiting:
            if (node := waiting.pop()) not in used:
                used.add(node)
                if node[0] == "op":
                    waiting += [one for one in self.operations[node[1]][1] if isinstance(one, tuple)]
        names = {node: name for name, node in self.named.items() if node[0] == "op"}
        unused = [name for name in self.variables if ("variable", name) not in used]
        unused += [name for node, name in names.items() if node not in used]
        if unused or self._result[0] != "op":
            raise NoGraph(f"The result does not use {', '.join(unused)}." if unused else "The result is no operation.")
        _at_most(MOST_VARIABLES, len(self.variables), "variables")
        _at_most(MOST_OPERATIONS, len(self.operations), "operations")
        places = {("variable", name): place for place, name in enumerate(self.variables)}
        places |= {("op", number): len(places) + number for number in range(len(self.operations))}
        nodes = [Node(name) for name in self.variables]
        taken, count = {*self.variables, *self.named}, 0
        for number, (op, operands) in enumerate(self.operations):
            name = names.get(("op", number))
            if name is None and ("op", number) == self._result and "f" not in taken:
                name = "f"
            while name is None:
                count += 1
                name = f"q{count}" if f"q{count}" not in taken else None
            nodes.append(Node(name, op, tuple(places.get(one, one) for one in operands)))
        values = {}
        for place, name in enumerate(self.variables):
            values[name] = self.values.get(name, USUAL[place])
        graph = Graph(tuple(nodes), values)
        _at_most(DEEPEST, max(graph.depth), "operations one after the other")
        return graph

    def _variable(self, name):
        if name not in self.variables:
            if len(name) > 6:
                raise NoGraph(f"Names have at most 6 characters here; got {name}.")
            self.variables.append(name)
        return ("variable", name)

    def _node(self, tree):
        """A float, or ("variable", name), or ("op", number); new operations are noted."""
        if (number := _literal(tree)) is not None:
            if isinstance(number, list):
                raise NoGraph(f"Give the list a name, such as a = {_said(tree)}.")
            if not abs(number) <= LARGEST:
                raise NoGraph(f"Numbers are of size {LARGEST:g} or less; got {_said(tree)}.")
            return float(number)
        if isinstance(tree, ast.Name):
            if tree.id in FUNCTIONS:
                raise NoGraph(f"{tree.id} needs brackets: {tree.id}({', '.join('xy'[: FUNCTIONS[tree.id]])}).")
            return self.named.get(tree.id) or self._variable(tree.id)
        if isinstance(tree, ast.BinOp) and type(tree.op) in OPERATORS:
            op = OPERATORS[type(tree.op)]
            left, right = self._node(tree.left), self._node(tree.right)
            if op == "**" and isinstance(right, tuple):
                raise NoGraph(f"The exponent must be a number; got {_said(tree.right)}. There is exp(x).")
            return self._operation(op, left, right)
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub | ast.UAdd):
            inner = self._node(tree.operand)
            return inner if isinstance(tree.op, ast.UAdd) else self._operation("neg", inner)
        if isinstance(tree, ast.Call):
            return self._call(tree)
        if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitXor):
            raise NoGraph(f"A power is written **; got {_said(tree)}.")
        raise NoGraph(f"Possible are names, numbers, + - * / ** @ and {', '.join(FUNCTIONS)}; got {_said(tree)}.")

    def _call(self, tree):
        name = tree.func.id if isinstance(tree.func, ast.Name) else None
        if name not in FUNCTIONS or tree.keywords or any(isinstance(one, ast.Starred) for one in tree.args):
            raise NoGraph(f"The functions are {', '.join(FUNCTIONS)}; got {_said(tree)}.")
        inputs = [self._node(one) for one in tree.args]
        if name == "max" and len(inputs) > 2:
            first = inputs.pop(0)
            while inputs:
                first = self._operation("max", first, inputs.pop(0))
            return first
        if len(inputs) != FUNCTIONS[name]:
            raise NoGraph(f"{name} takes {FUNCTIONS[name]} of them; got {_said(tree)}.")
        return self._operation(name, *inputs)

    def _operation(self, op, *operands):
        if not any(isinstance(one, tuple) for one in operands):
            return _of_numbers(op, operands)
        self.operations.append((op, operands))
        return ("op", len(self.operations) - 1)


def _at_most(most, count, what):
    if count > most:
        raise NoGraph(f"At most {most} {what} fit into the picture; here are {count}.")


def _literal(tree):
    """The number or nested list that the source says, or None."""
    try:
        value = ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    plain = isinstance(value, list) or (isinstance(value, int | float) and not isinstance(value, bool))
    return value if plain else None


def _of_numbers(op, operands):
    """2 * 3 needs no node."""
    if op in ("+", "-", "*", "/", "**", "neg"):
        try:
            return float(APPLY[op](*operands))
        except (ArithmeticError, TypeError):  # 1 / 0, 9 ** 999; a root of -1 is complex
            pass
    raise NoGraph(f"{op} of numbers alone: write what it gives; got {', '.join(f'{one:g}' for one in operands)}.")


def _said(tree):
    text = ast.unparse(tree)
    return text if len(text) <= 40 else f"{text[:40]} ..."
