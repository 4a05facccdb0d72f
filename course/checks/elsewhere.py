"""What a function uses that is here and not where it is graded: SciPy, PyTorch, the course's own networks."""

import ast
import dis
import sys
import types

# What the grader has beside the standard library: NumPy, matplotlib, IPython and what these need. A test compares it
# with the grader's own list.
HAS = frozenset("""
    IPython PIL asttokens contourpy cycler dateutil executing fontTools ipython_pygments_lexers jedi kiwisolver
    matplotlib matplotlib_inline mpl_toolkits numpy packaging parso pexpect prompt_toolkit psutil ptyprocess pure_eval
    pygments pylab pyparsing stack_data traitlets typing_extensions tzdata wcwidth
""".split())  # fmt: skip
COURSE_HAS = ("checks", "data", "figures", "widgets")  # parts of `course` that cells find while they are graded


def missing(function, names, sources, own=""):
    """Return the packages, sorted, that `function` needs and the grader does not have.

    names: the namespace of the notebook. sources: texts of its cells, for what they import. own: the text of the cell
    that defines the function; what that imports at its top must be there, or the cell ends before the definition.
    """
    imported = {}
    for source in sources:
        imported |= _imports(source)
    modules = {module for module in _imports(own).values() if _is_lacking(module)}
    for used in _functions(function, names):
        modules |= {module for module in _imported_by(used.__code__) if _is_lacking(module)}
        for name in _names_of(used.__code__):
            value = names.get(name)
            module = value.__name__ if isinstance(value, types.ModuleType) else imported.get(name, "")
            if value is not None and _is_lacking(module):
                modules.add(module)
    return sorted({_shown(module) for module in modules})


def _is_lacking(module):
    top, _, rest = module.partition(".")
    if top == "course":
        return bool(rest) and rest.partition(".")[0] not in COURSE_HAS
    return bool(top) and top != "__main__" and top not in sys.stdlib_module_names and top not in HAS


def _shown(module):
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "course" else parts[0]


def _imports(source):
    """{name: module} of the imports at the top level of a cell; {} if it does not compile."""
    found = {}
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a cell with a magic in it, or no Python
        return found
    for node in body:
        if isinstance(node, ast.Import):
            for name in node.names:
                found[name.asname or name.name.partition(".")[0]] = name.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for name in node.names:
                module = f"{node.module}.{name.name}" if node.module == "course" else node.module
                found[name.asname or name.name] = module
    return found


def _functions(function, names):
    """Yield the function and all functions of the notebook that it reaches by name."""
    waiting, seen = [function], set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, type):
            waiting += [member for member in vars(value).values() if isinstance(member, types.FunctionType)]
        if not isinstance(value, types.FunctionType) or value in seen or value.__globals__ is not names:
            continue
        seen.add(value)
        yield value
        waiting += [names[name] for name in _names_of(value.__code__) if name in names]


def _codes(code):
    """Yield a code object and those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _names_of(code):
    return {name for one in _codes(code) for name in one.co_names}


def _imported_by(code):
    return {step.argval for one in _codes(code) for step in dis.get_instructions(one) if step.opname == "IMPORT_NAME"}
