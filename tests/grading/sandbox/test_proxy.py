"""Do the checks see through a proxy what they see without one, and nothing that the student has made up?"""

import gc
import importlib
import inspect
import json
import pickle
import re

import numpy as np
import pytest

from course.checks import activations
from course.checks.cases import lay_out
from course.checks.compare import describe
from course.checks.kinds import called_again
from course.checks.question import Question
from course.checks.record import Case
from course.checks.render import to_html, to_text
from course.grading.hidden import activations as hidden
from course.grading.sandbox.client import RemoteError, SandboxDied
from course.grading.sandbox.proxy import Proxy
from tests.grading.variants.sets import ASKED
from tests.unit.checks import strange
from tests.unit.checks.test_question import X, _cases, _hidden, both, double


@pytest.fixture
def session(plain):
    with plain.open() as session:
        yield session


def _function(session, source, name="f"):
    result = session.execute(source)
    assert result.error is None, result.error.traceback
    return session.namespace()[name]


# The checks of ps1, with proxies and without


def _as_data(record):
    """Everything that a record says, with the arrays that came back.

    Numbers to four digits: where an array lies in memory decides in which order a sum is taken.
    """
    data = [record.question, record.answered, record.share, to_text(record), json.dumps(record.to_dict())]
    for r in record.results:
        missed = r.error if not r.passed else None  # that of a right value is a last digit and no more
        data.append((r.passed, r.message, r.hint, r.mistake, repr(missed), repr(r.got), repr(r.expected)))
    rounded = re.sub(r"\d+\.\d*(e[-+]\d+)?", lambda number: f"{round(float(number[0]), 4):.4g}", repr(data))
    return rounded.replace(" ", "")  # arrays are padded to the width of their longest number


def _source(module):
    """A file of variants as one cell, every line where it was: the messages quote the line."""
    source = inspect.getsource(module)
    line = "from tests.grading.variants.expects import expects"
    assert source.count(line) == 1
    return source.replace(line, "expects = lambda mistake: lambda function: function")


def _compare(plain, asked, names):
    module = importlib.import_module(f"{asked.package.__name__}.{asked.name}")
    with plain.open() as session:
        assert session.execute(_source(module)).error is None
        remote = session.namespace()
        for name in names:
            for cases in (None, asked.hidden):
                with_proxy = asked.question.run(remote[name], cases)
                without = asked.question.run(getattr(module, name), cases)
                assert _as_data(with_proxy) == _as_data(without), name
        return len(session.calls)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_records_are_equal(plain, asked):
    """Does a check make the same record of wrong and right answers, whether it runs them here or in a sandbox?"""
    names = [*list(asked.variants("wrong"))[::4], *list(asked.variants("right"))[:1]]
    assert len(names) >= 4
    assert _compare(plain, asked, names) >= 40


@pytest.mark.slow
@pytest.mark.long("test_records_are_equal")
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_all_records_are_equal(plain, asked):
    """The same for every variant."""
    _compare(plain, asked, [*asked.variants("wrong"), *asked.variants("right")])


BETWEEN = """
import numpy as np
buffer, known, calls = np.zeros((2, 3)), {}, []
def one_array(x):
    return np.multiply(x, 2, out=buffer)
def remembered(x):
    return known.setdefault(x.shape, 2 * x)
def differs(x):
    calls.append(x)
    return 2 * x + len(calls)
def right(x):
    return 2 * x
def changes_its_first_input(x):
    calls.append(x)
    calls[0][...] = 7
    return 2 * x
"""


@pytest.mark.parametrize("name", ["one array", "remembered", "differs", "right", "changes its first input"])
def test_between_calls(plain, name):
    """Is what goes wrong between calls found through a proxy as it is without one: results sent after the last call?"""
    case = called_again(Case("two rows", {"x": X}), Case("two other rows", {"x": X + 1}))
    question = Question("double", lambda x: 2 * x, lambda: [case])
    names = {}
    exec(BETWEEN, names)
    without = question.run(names[name.replace(" ", "_")])
    with plain.open() as session:
        assert session.execute(BETWEEN).error is None
        function = session.namespace()[name.replace(" ", "_")]
        before = len(session.calls)
        record = question.run(function)
        assert [call.what for call in list(session.calls)[before:]] == [name.replace(" ", "_")]
    assert record.to_dict() == without.to_dict()
    expected = {"right": None, "changes its first input": "in place"}.get(name, name)
    assert expected == (record.first_failure.mistake if record.first_failure else None)


@pytest.mark.parametrize("value", ["[0] * 10**6", "np.zeros(3 * 10**6)"])
def test_one_of_several_results_is_too_large(session, value):
    """Is each result of several calls sent as far as it can be, alone and together, and does the process live on?"""
    session.execute(f"import numpy as np\nlarge = {value}")
    function = _function(session, "def f(x):\n    return x + 1 if x else large")
    one, large, other = session.call_each(function, [[1], [0], [2]])
    assert (one, other) == (2, 3) and describe(large) == describe(function(0))
    three = session.call_each(function, [[0], [0], [0]])
    assert len({describe(value) for value in three}) == 1 and "too large" in describe(three[0])
    assert session.alive and function(5) == 6


@pytest.mark.slow
def test_the_solution_passes(plain):
    """Does the solution of ps1 get full marks for all questions through proxies?"""
    from pathlib import Path

    import nbformat

    import course

    path = Path(course.__file__).parents[1] / "solutions" / "ps1_activations" / "ps1_activations.ipynb"
    notebook = nbformat.read(path, as_version=4)
    with plain.open() as session:
        for cell in notebook.cells:
            kind = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and not kind.get("grade"):
                result = session.execute(cell.source)
                assert result.error is None, (cell.source, result.error.traceback)
        names = session.namespace()
        for question in activations.QUESTIONS:
            for cases in (None, getattr(hidden, question.name)):
                assert question.run(names[question.name], cases).passed


def test_a_stub_is_not_answered(session):
    """Is NotImplementedError one here as well?"""
    record = double.run(_function(session, "def f(x):\n    raise NotImplementedError('Question 1')"))
    assert not record.answered


# What a function may return or raise

# described by type alone here, since they cannot be sent
DIFFERENT = {
    "a list of itself": "list (too large or deep)", "a long list": "list (too large or deep)",
    "a deep tuple": "tuple (too large or deep)", "a huge integer": None, "a lying tuple": None,
    "a huge array": "array (too large or deep)",
    "an array as large as the memory of a cluster": "array (too large or deep)",
    "an array of objects": "object array", "an object without axes": "object array",
    "an array of texts": "text array", "an array of bytes": "bytes array", "an array of dates": "date array",
    "an array of records": "record array", "a NumPy text": None,
}  # fmt: skip


@pytest.mark.parametrize("name", strange.STRANGE)
def test_strange_values(plain, name):
    """Is anything but the answer refused through a proxy too, and described in the same words?"""
    with plain.open() as session:
        source = inspect.getsource(strange) + "\ndef f(*x):\n    return STRANGE[name]()\n"
        function = _function(session, f"{source}name = {name!r}")
        for question in (double, both, activations.neuron, activations.linear_backward):
            for cases in (None, lambda q=question: [Case(c.kind, c.inputs, hidden=True) for c in q.cases()]):
                record = question.run(function, cases)
                assert record.answered and not record.passed and 0 <= record.share < 1
                same = question.run(lambda *x: strange.STRANGE[name](), cases)
                for ours, theirs in zip(record.results, same.results, strict=True):
                    if name not in DIFFERENT:
                        assert ours.message == theirs.message
                    elif DIFFERENT[name]:
                        assert f"an object of type {DIFFERENT[name]}"[:50] in ours.message
        assert session.alive


def test_types_that_are_no_plain_ones(session):
    """Is a matrix still a matrix and a number of one's own one's own, and is a named tuple a tuple?"""
    session.execute("import numpy as np, collections\nclass Mine(float): pass\nP = collections.namedtuple('P', 'a b')")
    for expression, words in [("np.matrix([1.0])", "an object of type matrix"), ("Mine(1)", "an object of type Mine"),
                              ("np.ma.array([1.0])", "an object of type MaskedArray")]:  # fmt: skip
        function = _function(session, f"def f(x): return {expression}")
        got = function(1)
        assert isinstance(got, Proxy) and not isinstance(got, float | np.ndarray) and describe(got) == words
    pair = _function(session, "def f(x): return P(x, [x])")(2)
    assert issubclass(type(pair), tuple) and tuple(tuple.__iter__(pair)) == (2, [2]) and pair.b == [2]
    assert type(pair).__name__ == "P" and describe(pair) == "an object of type P"
    assert both.run(_function(session, "def f(x): return P(x.sum(), 2 * x)")).passed


@pytest.mark.parametrize("source, kind, text, line", [
    ("def f(x):\n    raise ValueError('no luck')", ValueError, "no luck", "line 2 of your cell: `raise ValueError("),
    ("def f(x):\n    raise KeyError('k')", KeyError, "'k'", "`raise KeyError"),
    ("def f(x):\n    import numpy as np\n    return np.linalg.inv(x[0])", ValueError, "",
     "line 3 of your cell: `return np.linalg.inv(x[0])`"),
    ("def f(x):\n    import statistics\n    return statistics.mean([])", ValueError, "", "statistics.mean([])`"),
    ("class MineError(TypeError): pass\ndef f(x): raise MineError('m')", TypeError, "m", "It raised MineError in line"),
    ("def f(x):\n    raise SystemExit(3)", Exception, "3", "It raised SystemExit in line 2"),
    ("def f(x):\n    raise KeyboardInterrupt", Exception, "", "It raised KeyboardInterrupt in line 2"),
    ("class Odd(BaseException): pass\ndef f(x): raise Odd", Exception, "", "It raised Odd in line 2"),
    ("def f(x): return f(x)", RecursionError, "", "It raised RecursionError in line 1"),
    ("def f(x):\n    raise ValueError('\\ud800\\x1b[31m' + 'x' * 10**6)", ValueError, "??[31mxxx", "line 2"),
    ("def f(x):\n    raise StopIteration", StopIteration, "", "It raised StopIteration"),
    ("def f(x): raise UnicodeDecodeError('utf-8', b'x', 0, 1, 'r')", UnicodeDecodeError, "", "UnicodeDecodeError"),
    ("def f(x): raise OSError(2, 'gone')", OSError, "gone", "FileNotFoundError"),
    ("def f(x): raise ExceptionGroup('g', [ValueError()])", Exception, "g", "ExceptionGroup"),
    ("def f(x): return x @ __import__('numpy').ones((7, 7))", ValueError, "matmul", "line 1"),
    ("class E(Exception):\n    def __str__(self): raise RuntimeError\ndef f(x): raise E", Exception, "", "no message"),
])  # fmt: skip
def test_raising(session, source, kind, text, line):
    """Is an exception the right builtin type here, with its text and the student's line, and does none end us?"""
    function = _function(session, source)
    with pytest.raises(kind) as caught:
        function(X)
    assert isinstance(caught.value, Exception) and isinstance(caught.value, RemoteError) and text in str(caught.value)
    record = double.run(function)
    assert line in record.first_failure.message and record.share == 0 and record.answered
    record = double.run(function, _hidden)
    assert "It raised" in record.first_failure.message
    shown = re.sub("`.*?`", "", to_text(record))  # without the student's own line
    assert not any(word in shown for word in ("no luck", "[31m", "Mine", "Odd"))
    again = pickle.loads(pickle.dumps(caught.value))  # our own objects: results cross to other processes of ours
    assert (type(again).__mro__[2:], again.traceback) == (type(caught.value).__mro__[2:], caught.value.traceback)


@pytest.mark.parametrize("source", ["def f(): return 1", "def f(x, y): return x", "def f(*, x): return x",
                                    "import numpy as np\nf = np.add"])  # fmt: skip
def test_wrong_arguments(session, source):
    """Is a wrong signature told from an error inside, as without a proxy?"""
    function = _function(session, source)
    assert double.run(function).first_failure.mistake == "signature"
    inside = _function(session, "def g(): pass\ndef f(x): return g(x)")
    assert double.run(inside).first_failure.mistake != "signature"


@pytest.mark.parametrize("source", ["f = None", "f = 3", "f = 'double'", "f = {}", "f = [1]", "f = object()"])
def test_not_callable(session, source):
    """Is something that is no function said to be none?"""
    record = double.run(_function(session, source))
    assert record.share == 0 and "a function was expected" in to_text(record)


@pytest.mark.parametrize("source", [
    "f = lambda x: 2 * x", "import numpy as np\nf = np.vectorize(lambda v: 2 * v)",
    "class D:\n    def __call__(self, x): return 2 * x\nf = D()", "def f(*a, **o): return 2 * a[0]",
    "class D(int):\n    def m(self, x): return self * x\nf = D(2).m",
    "import functools, operator\nf = functools.partial(operator.mul, 2)",
])  # fmt: skip
def test_any_callable_may_be_right(session, source):
    """Does every kind of callable pass through a proxy?"""
    assert double.run(_function(session, source)).passed


def test_warnings_and_numpy_settings_fail_no_answer(session):
    """Is an answer right whatever the student has told warnings and NumPy to raise?"""
    session.execute("import warnings, numpy as np\nwarnings.simplefilter('error')\nnp.seterr(all='raise')")
    source = "def f(x):\n    warnings.warn('w')\n    return 2 * x + 0 / (1 + np.exp(x * 1000))"
    assert double.run(_function(session, source)).passed


# What reaches the page in a hidden case


def test_nothing_made_up_shows_in_hidden_cases(session):
    """Can a function carry its input out by a name, a type, a text, a line or what it prints? Does the instructor
    read it all the same?"""
    session.execute("import numpy as np\ndef quote(x): return ' '.join(map(str, np.ravel(x)))")
    tricks = [
        "raise ValueError(quote(x))",
        "raise type(quote(x), (ValueError,), {})",
        "return type(quote(x), (), {})()",
        "return type(quote(x), (tuple,), {})((1,))",
        "return np.array([quote(x)])",
        "return np.zeros(1, [(quote(x), int)])",
        "print(quote(x)); display(quote(x)); return quote(x)",
        "exec(compile('\\n' * 7 + 'raise ValueError', '<cell 1>', 'exec'))",
        "import linecache; linecache.cache['made up'] = (1, None, [quote(x)], 'made up')\n"
        "    exec(compile('1 / 0', 'made up', 'exec'))",
        "exec(compile('\\n' * int(x.ravel()[0] * 1000) + '1 / 0', '<cell 1>', 'exec'))",
    ]
    secrets = np.array([[31.25, 27.125]]), np.array([[4.5, -6.0]])
    questions = [Question("double", lambda x: 2 * x, lambda x=x: [Case("two numbers", {"x": x}, hidden=True)])
                 for x in secrets]  # fmt: skip
    messages = []
    for trick in tricks:
        function = _function(session, f"def f(x):\n    {trick}")
        records = [question.run(function) for question in questions]
        assert [record.share for record in records] == [0, 0]
        shown = [to_text(record) + to_html(record) for record in records]
        assert shown[0] == shown[1] and not re.search(r"31\.25|27\.12|3125[01]", shown[0]), trick
        messages += [records[0].results[0].message] * ("type(" in trick and "raise" not in trick)
    assert len(messages) == 2 and "31.25" not in "".join(messages)  # a type that is made up on the way has no name here
    assert any("31.25" in log.stdout for log in session.calls)  # for the instructor
    assert "31.25" in questions[0].run(_function(session, f"def f(x):\n    {tricks[0]}")).results[0].message


# Arguments


def _layout_of(array):
    return array.dtype.str, array.shape, array.flags.c_contiguous, array.flags.f_contiguous, array.flags.writeable


@pytest.mark.parametrize("layout", ["plain", "float32", "non-contiguous", "read-only"])
def test_layouts_arrive(session, layout):
    """Does a student's function get arrays as the case lays them out, whatever their order?"""
    function = _function(session, "def f(x):\n    s = x.flags\n    return (x.dtype.str, x.shape, s.c_contiguous, "
                         "s.f_contiguous, s.writeable, x.copy())")  # fmt: skip
    for array in (X, X.T, X[0], X[:, ::-1], np.asfortranarray(X), np.arange(4), np.array(2.0)):
        given = lay_out(array, layout)
        *got, copy = function(given)
        assert tuple(got) == _layout_of(given) and np.array_equal(copy, given)


IN_PLACE = {
    "the values": "x *= 2\n    return x.copy()",
    "one value": "y = 2 * x\n    x.flat[0] = 9\n    return y",
    "nan to nan": "y = 2 * x\n    x.flat[0] = np.nan\n    return y",
    "the type": "y = 2 * x\n    x.dtype = np.int64\n    return y",
    "the shape": "y = 2 * x\n    x.shape = (x.size, 1)\n    return y",
    "what was locked": "y = 2 * x\n    x.flags.writeable = True\n    x += 1\n    return y",
    "and raises": "x += 1\n    raise ValueError('after all')",
}


@pytest.mark.parametrize("what", IN_PLACE)
@pytest.mark.parametrize("layout", ["plain", "float32", "non-contiguous", "read-only"])
def test_changes_in_place_are_seen(session, what, layout):
    """Does an array that the function changes change here, as it would without a proxy?"""
    code = f"import numpy as np\ndef f(x):\n    {IN_PLACE[what]}"
    remote = _function(session, code)
    names = {}
    exec(code, names)
    for hide in (False, True):
        question = Question("double", lambda x: 2 * x, lambda h=hide: [Case("c", {"x": X}, layout=layout, hidden=h)])
        ours, theirs = question.run(remote), question.run(names["f"])
        assert ours.share == theirs.share == 0
        assert ours.first_failure.mistake == theirs.first_failure.mistake
    given = np.array(X)
    try:
        remote(given)
    except ValueError:
        pass
    assert not np.array_equal(given, X)


def test_what_is_not_changed_stays(session):
    """Is an argument that the function only reads left alone, several of them and nested ones too?"""
    function = _function(session, "def f(a, b, c=None):\n    b['x'][1] += 1\n    return a + 1")
    a, nested, c = np.arange(3.0), {"x": [0, np.zeros(2)]}, np.ones(2)
    a.flags.writeable = False
    assert function(a, nested, c=c).tolist() == [1, 2, 3]
    assert a.tolist() == [0, 1, 2] and nested["x"][1].tolist() == [1, 1] and c.tolist() == [1, 1]
    assert not a.flags.writeable


def test_later_changes_change_nothing(session):
    """Can a function that keeps its inputs and outputs reach them later?"""
    function = _function(session, "seen = []\ndef f(x):\n    for old in seen: old[...] = -1\n"
                         "    out = 2.0 * x if x.ndim == 1 else 3.0 * x\n"
                         "    seen.extend([x, out])\n    return out")  # fmt: skip
    record = double.run(function)
    assert [r.passed for r in record.results] == [False, True]
    assert np.array_equal(record.results[0].got, 3 * X) and np.array_equal(record.results[0].inputs["x"], X)


def test_only_plain_values_and_own_proxies_are_sent(plain, session):
    """Is an object of the grader's, or a proxy of another session, refused before it leaves?"""
    function = _function(session, "def f(x): return x")
    with plain.open() as other:
        stranger = _function(other, "def f(x): return x")
        for value in (len, object(), stranger, np.array([None]), {1.0}):
            with pytest.raises(ValueError, match="cannot be sent"):
                function(value)
    assert session.alive and function(function) is function and function([function])[0] is function


# Values that stay where they are: a computational graph, as in ps4

GRAPH = '''
import numpy as np

class Node:
    """A value that remembers where it came from."""

    __array_ufunc__ = None

    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, list(parents), 0.0

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, [self, other])

    __radd__ = __add__

    def __mul__(self, other):
        return Node(self.value * getattr(other, "value", other), [self])

    __rmul__ = __mul__

    def __sub__(self, other): return Node(self.value - other)
    def __rsub__(self, other): return Node(other - self.value)
    def __matmul__(self, other): return Node(self.value @ other)
    def __rmatmul__(self, other): return Node(other @ self.value)
    def __pow__(self, n): return Node(self.value ** n, [self])
    def __neg__(self): return Node(-self.value, [self])
    def __lt__(self, other): return self.value < other.value
    def __len__(self): return len(self.parents)
    def __iter__(self): return iter(self.parents)
    def __getitem__(self, i): return self.parents[i]
    def __setitem__(self, i, node): self.parents[i] = node
    def __contains__(self, node): return any(p is node for p in self.parents)
    def __float__(self): return float(self.value)
    def __repr__(self): return f"Node({self.value})"
    def backward(self, grad=1.0):
        self.grad += grad
        for p in self.parents: p.backward(grad)

def order(node): return [*node.parents, node]
'''


@pytest.fixture
def names(session):
    result = session.execute(GRAPH)
    assert result.error is None
    return session.namespace()


def test_classes_attributes_and_methods(names):
    """Can a test make objects of the student's class, read and set attributes and call methods?"""
    node = names["Node"](2.0)
    assert node.value == 2.0 and node.parents == [] and repr(node) == str(node) == f"{node}" == "Node(2.0)"
    total = node + node
    total.backward()
    assert node.grad == 2.0 and total.grad == 1.0
    node.grad = np.zeros(2)
    assert node.grad.tolist() == [0, 0] and hasattr(node, "grad") and "backward" in dir(node)
    del node.grad
    assert not hasattr(node, "grad")
    with pytest.raises(AttributeError, match="grad"):
        _ = node.grad
    with pytest.raises(TypeError, match="argument"):
        node.backward(1, 2, 3)
    assert type(node).__name__ == "Node" and isinstance(node, names["Node"]) and not isinstance(3, names["Node"])
    assert not callable(node) and callable(names["Node"]) and names["order"].__name__ == "order"


def test_operators(names):
    """Do operators work from both sides, with numbers and with arrays?"""
    node, array = names["Node"](3.0), np.array([1.0, 2.0])
    results = [node + 1, 1 + node, node * 2, 2 * node, node - 1, 1 - node, node**2, -node]
    assert [float(r) for r in results] == [4, 4, 6, 6, 2, -2, 9, -3]
    assert (array + node).value.tolist() == (node + array).value.tolist() == [4, 5]
    assert (np.float64(2) * node).value == 6 and (array * node).value.tolist() == [3, 6]
    matrix = names["Node"](np.eye(2))
    assert (matrix @ array).value.tolist() == (array @ matrix).value.tolist() == [1, 2]
    assert (names["Node"](1) < node) is True and (node == node) is True and (node != node) is False
    with pytest.raises(TypeError):
        _ = node / 2
    with pytest.raises(TypeError):
        _ = node + object()
    with pytest.raises(TypeError, match="is no array"):
        np.asarray(node)
    with pytest.raises(TypeError):
        pickle.dumps(node)


def test_containers_and_identity(names):
    """Are length, items, iteration and membership the student's, and is the same node the same proxy?"""
    a, b = names["Node"](1.0), names["Node"](2.0)
    total = a + b
    assert len(total) == 2 and total[0] is a and [*total][1] is b and a in total and total not in total
    total[0] = b
    assert total[0] is b and total.parents[0] is b and bool(total) and not bool(a)
    assert names["order"](total) == [b, b, total] and names["order"](total)[2] is total
    assert len({a, b, total, total[0]}) == 3 and {a: 1}[a] == 1
    iterator = iter(total)
    assert next(iterator) is b and next(iterator) is b
    with pytest.raises(StopIteration):
        next(iterator)
    with pytest.raises(IndexError):
        _ = total[5]


def test_objects_are_given_back(session, names):
    """Is an object in the sandbox freed when the last proxy for it has gone, and not before?"""
    session.execute("import weakref, gc\nalive = weakref.WeakSet()\nclass Kept(Node):\n"
                    "    def __init__(self, v):\n        super().__init__(v)\n        alive.add(self)\n"
                    "def count():\n    gc.collect()\n    return len(alive)\ndef same(x): return x")  # fmt: skip
    count, same = names["count"], names["same"]
    nodes = [names["Kept"](i) for i in range(50)]
    again = [same(node) for node in nodes]
    assert count() == 50 and all(a is b for a, b in zip(nodes, again, strict=True))
    del again
    gc.collect()
    assert count() == 50
    del nodes[10:]
    gc.collect()
    assert count() == 10 and [n.value for n in nodes] == list(range(10))
    nodes.clear()
    gc.collect()
    assert count() == 0


def test_names_of_the_student_in_a_test_cell(session):
    """Does a test cell find the student's names, in functions too, and never in place of its own or of Python's?"""
    session.execute("def relu(x): return 3\ndef abs(x): return 'theirs'\nnp = 'theirs'\n_private = 1\nlosses = [2.0]")
    names = session.namespace()
    exec("import numpy as np", names)
    exec("def inner():\n    return relu(1) + losses[0], abs(-2), [relu(i) for i in range(2)]\n"
         "found = inner(), np.zeros(1), relu(2)", names)  # fmt: skip
    assert names["found"][0] == (5.0, 2, [3, 3]) and names["found"][1].tolist() == [0] and names["found"][2] == 3
    with pytest.raises(NameError, match="softmax"):
        exec("softmax(1)", names)
    with pytest.raises(KeyError):
        names["softmax"]
    assert session.names()[:3] == ["In", "Out", "abs"] or "abs" in session.names()
    session.close()
    with pytest.raises(SandboxDied):
        exec("relu(1)", names)


def test_handles_of_functions_as_arguments(session):
    """Can a function of the student's be handed to another one?"""
    session.execute("def square(x): return x * x\ndef slope(f, x): return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5")
    names = session.namespace()
    assert abs(names["slope"](names["square"], 3.0) - 6) < 1e-6


def test_cases_of_the_question_file_are_used():
    """Are the cases that this file borrows those of two rows and a vector?"""
    assert [c.inputs["x"].ndim for c in _cases()] == [2, 1]
