"""An excerpt of a notebook: some of its cells, and those before them that define what they use.

What only changes what a cell has made, such as the line that trains a net, is not part of it: an excerpt of a lecture
takes a few seconds where the lecture takes half a minute.
"""

import ast
import dis
import types

import nbformat

from course import widgets

TRAIN = {"train", "fit"}  # nn.train(net, ...), and the loop of lecture 2


def names(source):
    """(needs, gives) of the code of a cell: the names that it takes from earlier cells, and those that it defines."""
    needs, gives, later = set(), set(), set()
    code = compile(source, "cell", "exec")
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_NAME", "LOAD_GLOBAL") and step.argval not in gives:
            needs.add(step.argval)
        elif step.opname == "STORE_NAME":
            gives.add(step.argval)
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    while inner:  # functions, comprehensions, classes: what they use may be defined below them
        code = inner.pop()
        later |= {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_NAME", "LOAD_GLOBAL")}
        inner += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return needs | later - gives, gives


def untrained(source):
    """The code of a cell without the lines that train a net: the net is there, and the cell takes no time."""
    lines = source.split("\n")
    for node in ast.parse(source).body:
        called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
        if getattr(called, "attr", getattr(called, "id", "")) in TRAIN:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines)


def excerpt(notebook, ids):
    """A notebook of the code cells `ids` and those that they need. ValueError if there is no such cell."""
    unknown = set(ids) - {cell.id for cell in notebook.cells if cell.cell_type == "code"}
    if unknown:
        raise ValueError(f"no code cells {', '.join(sorted(unknown))}")
    chosen, wanted = [], set()
    for cell in reversed([cell for cell in notebook.cells if cell.cell_type == "code"]):
        source = untrained(cell.source)
        needs, gives = names(source)
        if cell.id in ids or gives & wanted:
            chosen.insert(0, nbformat.NotebookNode(cell | {"source": source}))
            wanted = (wanted - gives) | needs
    return nbformat.v4.new_notebook(cells=chosen, metadata=notebook.metadata)


def explorers(notebook):
    """{explorer: id of the cell that makes one and needs the fewest others}, for each class that the notebook uses."""
    public = {name: getattr(widgets, name) for name in widgets.__all__}
    classes = [name for name, kind in public.items() if isinstance(kind, type) and issubclass(kind, widgets.Explorer)]
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            called = set(compile(cell.source, "cell", "exec").co_names)
            for name in classes:
                if f"{name}(" in cell.source and name in called:
                    found.setdefault(name, []).append(cell.id)
    return {name: min(ids, key=lambda one: len(excerpt(notebook, [one]).cells)) for name, ids in found.items()}


def excerpt_with_explorers(notebook):
    """An excerpt with one of each explorer that the notebook uses."""
    return excerpt(notebook, explorers(notebook).values())
