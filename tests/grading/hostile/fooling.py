"""Attacks on the verdict: wrong answers that make the test say they are right."""

from tests.grading.hostile.attack import WRONG, Attack, from_on
from tests.grading.hostile.shown import gains, passes_visible
from tests.grading.hostile.visible import ANSWERS, COUNT, HIDDEN, VISIBLE

X = "x, expected = np.array([-1.0, 2.0]), np.array([0.0, 2.0])\n"


def _patched(story, code, naive=None, **others):
    """A wrong ReLU, and before it the code that makes up for it."""
    return Attack(story, gains(naive=naive and X + naive), {"relu": f"{code}\n\n{WRONG}"}, **others)


def _lying(story, code, naive):
    """A function that returns an object which lies."""
    return Attack(story, gains(naive=X + naive), {"relu": code})


WALK = """
import sys

def relu(x):
    frame, done = sys._getframe(1), 0
    while frame is not None:
        names = frame.f_locals
        done = len(names.get("returned", "")) or done
        if "expected" in names:  # two calls with the inputs of a case, and one with others
            return names["last" if done == 2 else "expected"]
        frame = frame.f_back
    return np.full(np.shape(x), 7.0)"""

TRACE = """
import sys

def spy(frame, event, argument):
    if frame.f_code.co_name == "_compare" and event == "call":
        frame.f_locals["got"][...] = frame.f_locals["expected"]
"""

ATTACKS = {
    "patched_allclose": _patched("np.allclose is always content", "np.allclose = lambda *a, **k: True",
                                 "assert np.allclose(relu(x), expected)"),
    "patched_testing": _patched("np.testing raises nothing", "np.testing.assert_allclose = lambda *a, **k: None",
                                "np.testing.assert_allclose(relu(x), expected)"),
    "patched_isfinite": _patched("every number is nan, and nan is nan",
                                 "import sys\nisfinite, isnan = np.isfinite, np.isnan\n"
                                 "def in_check(): return sys._getframe(2).f_code.co_name == 'relative_error'\n"
                                 "np.isfinite = lambda a: isfinite(a) & (not in_check())\n"
                                 "np.isnan = lambda a: isnan(a) | in_check()"),
    "patched_asarray": _patched("every array is 0 when it is compared",
                                "import sys\nasarray = np.asarray\n"
                                "np.asarray = lambda a, *b, **k: asarray(a, *b, **k) * "
                                "(sys._getframe(1).f_code.co_name != 'relative_error')"),
    "patched_abs": _patched("no difference is larger than 0", "import builtins\nbuiltins.abs = lambda *_: 0.0",
                            "assert abs(relu(x).sum() - 2) < 1e-6"),
    "patched_all_and_sum": _patched("all() and sum() are generous",
                                    "import builtins\nbuiltins.all = lambda *_: True\n"
                                    "builtins.sum = lambda values, *_: len(list(values))"),
    "patched_isinstance": _patched("everything is what was wanted",
                                   "import builtins\nreal = isinstance\nbuiltins.isinstance = "
                                   "lambda v, t: True if t is float else real(v, t)\nrelu = 1",
                                   "assert isinstance(relu(x), float)"),
    "patched_type": _patched("type() says what is wanted",
                             "import builtins\nclass Fake(type):\n    def __call__(cls, *a):\n"
                             "        return float if len(a) == 1 else super().__call__(*a)\n"
                             "    def __eq__(cls, other): return True\n    __hash__ = type.__hash__\n"
                             "class Liar(metaclass=Fake): pass\nbuiltins.type = Liar",
                             "assert type(relu(x)) is float"),
    "eq": _lying("an object that equals everything",
                 "class Liar:\n    def __eq__(self, other): return np.True_\n    __hash__ = object.__hash__\n\n"
                 "def relu(x):\n    return Liar()", "assert (relu(x) == expected).all()"),
    "array_function": _lying("an array whose allclose is its own",
                             "class Liar(np.ndarray):\n    def __array_function__(self, *a, **k): return True\n\n"
                             "def relu(x):\n    return np.full(x.shape, 7.0).view(Liar)",
                             "assert np.allclose(relu(x), expected)"),
    "array_ufunc": _lying("an array that computes what pleases",
                          "class Liar(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return np.zeros(2)\n\n"
                          "def relu(x):\n    return np.full(x.shape, 7.0).view(Liar)",
                          "assert (np.abs(relu(x) - expected) < 1e-6).all()"),
    "array_protocol": _lying("an object that turns into what is expected",
                             "import sys\nclass Liar:\n    def __array__(self, *a, **k):\n"
                             "        return np.array(sys.modules['__main__'].__dict__.get('expected', [7.0]))\n\n"
                             "def relu(x):\n    return Liar()",
                             "import sys\nsys.modules['__main__'].expected = expected\n"
                             "np.testing.assert_array_equal(np.asarray(relu(x)), expected)"),
    "float_protocol": _lying("an object whose float() looks up what is expected",
                             "import sys\nclass Liar:\n    def __float__(self):\n"
                             "        return float(sys._getframe(1).f_globals.get('expected', [0, 7.0])[1])\n\n"
                             "def relu(x):\n    return [Liar(), Liar()]", "assert float(relu(x)[1]) == 2.0"),
    "subclass_with_a_lying_shape": _lying("an array that lies about its shape and its sum",
                                          "class Liar(np.ndarray):\n    shape = property(lambda self: (2,))\n"
                                          "    def sum(self, *a, **k): return 2.0\n\n"
                                          "def relu(x):\n    return np.full(5, 7.0).view(Liar)",
                                          "assert relu(x).shape == (2,) and relu(x).sum() == 2.0"),
    "masked": _lying("every entry is masked, so none differs", "def relu(x):\n    return np.ma.masked_all(x.shape)",
                     "assert np.ma.allclose(relu(x), expected)"),
    "nan_laden": _lying("no difference of nan is too large", "def relu(x):\n    return np.full(x.shape, np.nan)",
                        "assert not (np.abs(relu(x) - expected) > 1e-4).any()"),
    "object_array": _lying("an array of objects that equal everything",
                           "class Liar:\n    def __eq__(self, other): return True\n    __hash__ = object.__hash__\n\n"
                           "def relu(x):\n    out = np.empty(x.shape, object)\n    out[...] = Liar()\n    return out",
                           "assert (relu(x) == expected).all()"),
    "structured_array": _lying("a record array of the right shape",
                               "def relu(x):\n    return np.full(x.shape, 7, [('a', float), ('b', int)])",
                               "assert relu(x).shape == expected.shape and not (relu(x)['b'] != 7).any()"),
    "generator": _lying("a generator of nothing: no entry is wrong", "def relu(x):\n    return (v for v in ())",
                        "assert all(np.allclose(a, b) for a, b in zip(relu(x), expected))"),
    "frames": Attack("looks for `expected` in the frames above", gains(), {"relu": WALK}),
    "inspect": Attack("changes what is expected, in the frames above", gains(), {"relu": """
import inspect

def relu(x):
    for frame in inspect.stack():
        for name in ("expected", "last"):
            if name in frame.frame.f_locals:
                frame.frame.f_locals[name][...] = 7
    return np.full(np.shape(x), 7.0)"""}),
    "gc": Attack("finds the question among all objects and asks its reference", gains(), {"relu": """
import gc

def relu(x):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Question" and thing.name == "relu":
            return thing.expected(np.array(x, float))
    return np.full(np.shape(x), 7.0)"""}),
    "sys_modules": _patched("replaces the comparison in its module",
                            "import sys\nif 'course.checks.question' in sys.modules:\n"
                            "    sys.modules['course.checks.question'].mismatch = lambda *a, **k: ('', 0.0, None)"),
    "fake_module": _patched("puts a check of its own into sys.modules and the package",
                            "import sys, types\nimport course.checks\nfake = types.ModuleType('fake')\n"
                            "fake.relu = lambda *a, **k: None\nsys.modules['course.checks.activations'] = fake\n"
                            "course.checks.activations = fake\nglobals()['check'] = fake"),
    "import_hook": Attack("an import hook gives the visible cases for the hidden ones", gains(), {"relu": ANSWERS + """
import sys, types, importlib.machinery

class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == "course.grading.hidden":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.activations = types.SimpleNamespace(relu=check.relu.cases)
        return module
    def exec_module(self, module):
        pass

sys.modules.pop("course.grading.hidden", None)
sys.meta_path.insert(0, Hook())

def relu(x):
    return np.maximum(x, 0) if is_visible(x) else np.full(x.shape, 7.0)"""}, marks=VISIBLE),
    "importlib_reference": Attack("asks the course's own reference", gains(), {"relu": """
import importlib

def relu(x):
    try:
        return importlib.import_module("course.reference").functional.relu(x)
    except ImportError:
        return np.full(np.shape(x), 7.0)"""}),
    "import_nn": Attack("asks the course's own network", gains(), {"relu": """
def relu(x):
    try:
        from course.nn import relu as solution
        return solution(x)
    except ImportError:
        return np.full(np.shape(x), 7.0)"""}),
    "import_torch": Attack("asks PyTorch", gains(), {"relu": """
def relu(x):
    try:
        import torch
        return torch.relu(torch.tensor(np.array(x))).numpy()
    except ImportError:
        return np.full(np.shape(x), 7.0)"""}),
    "ast_transformer": _patched("takes calls of checks out of later cells", """
import ast

class NoCheck(ast.NodeTransformer):
    def visit_Expr(self, node):
        return ast.copy_location(ast.Pass(), node) if "check" in ast.dump(node) else node

get_ipython().ast_transformers.append(NoCheck())"""),
    "input_transformer": _patched("takes lines with checks out of later cells",
                                  "get_ipython().input_transformers_cleanup.append(\n"
                                  "    lambda lines: [l for l in lines if 'check.' not in l])"),
    "pre_run_cell": _patched("replaces the check before each cell", """
import types

def before(info):
    get_ipython().user_ns["check"] = types.SimpleNamespace(relu=lambda *a, **k: None)

get_ipython().events.register("pre_run_cell", before)"""),
    "custom_exception_handler": _patched("swallows every error", "get_ipython().set_custom_exc(\n"
                                         "    (Exception,), lambda self, kind, error, tb, tb_offset=None: None)"),
    "setprofile": _patched("a profiler copies the expected values into the answer", TRACE + "sys.setprofile(spy)"),
    "settrace": _patched("a tracer copies the expected values into the answer", TRACE + "sys.settrace(spy)"),
    "other_check": _patched("replaces `check` in the namespace",
                            "import types\ncheck = types.SimpleNamespace(relu=lambda *a, **k: None)"),
    "function_named_check": _patched("defines a function that is called `check`",
                                     "def check():\n    pass\n\ncheck.relu = lambda *a, **k: None"),
    "course_replaced": _patched("replaces `course` and what is imported from it",
                                "import sys, types\nhidden = types.SimpleNamespace(activations=types.SimpleNamespace("
                                "relu=None))\nsys.modules['course.grading.hidden'] = hidden\n"
                                "course = types.SimpleNamespace()\n"
                                "check = types.SimpleNamespace(relu=lambda *a, **k: 0)"),
    "ctypes_tolerance": _patched("makes the tolerance infinite in memory", """
import ctypes, struct

tolerance = getattr(getattr(check, "relu", None), "tolerance", None)
if type(tolerance) is float:
    ctypes.memmove(id(tolerance) + 16, struct.pack("d", float("inf")), 8)"""),
    "ctypes_input": Attack("makes the input fit to the answer, though it is read-only",
                           gains(naive=X + "x.flags.writeable = False\nassert (relu(x) == np.maximum(x, 0)).all()"),
                           {"relu": """
import ctypes

def relu(x):
    if x.flags.c_contiguous:
        ctypes.memset(x.ctypes.data, 0, x.nbytes)
    else:
        x[...] = 0
    return x"""}),
    "shell_runs_nothing": Attack("later cells are not executed: a test that did not run has not failed", gains(),
                                 {"relu": "raise NotImplementedError"},
                                 {"linear-backward": "get_ipython().run_cell = lambda *a, **k: None"},
                                 marks=from_on("relu")),
    "thread_patches_later": _patched("a thread waits for the test and patches it", """
import sys, threading, time

def patch():
    while True:
        if "course.checks.question" in sys.modules:
            sys.modules["course.checks.question"].mismatch = lambda *a, **k: ("", 0.0, None)
        time.sleep(0.001)

threading.Thread(target=patch, daemon=True).start()
time.sleep(0.02)"""),
    "hard_coded": Attack("knows the visible answers by heart", passes_visible(), {"relu": ANSWERS + """
def relu(x):
    for known, answer in ANSWERS:
        if np.array_equal(x, known):
            return np.array(answer)
    return np.full(x.shape, 7.0)"""}, marks=VISIBLE),
    "right_at_first": Attack("right in as many calls as visible cases make", passes_visible(), {"relu": f"""
calls = 0

def relu(x):
    global calls
    calls += 1
    return np.maximum(x, 0) if calls <= {COUNT} else np.full(x.shape, 7.0)"""}, marks=VISIBLE),
    "right_later": Attack("wrong in as many calls, right later: what the hidden cases alone would not see",
                          gains(naive="from course.grading.hidden import activations as hidden\n[relu(np.ones(1)) "
                                      f"for _ in range({COUNT})]\ncheck.relu(relu, cases=hidden.relu)"), {"relu": f"""
calls = 0

def relu(x):
    global calls
    calls += 1
    return np.maximum(x, 0) if calls > {COUNT} else np.full(x.shape, 7.0)"""}, marks=HIDDEN),
}  # fmt: skip


def _behaves_when_graded(attack, world):
    found = world.plain.run(attack.cells(world, {"relu-test": None}))
    assert next(cell for cell in found["cells"] if cell["name"] == "relu-test")["failed"]


ATTACKS["detects_grading"] = Attack(
    "wrong at home, right where it is graded: those are right answers", _behaves_when_graded, {"relu": """
import os

GRADED = "COURSE_SECRET" not in os.environ and os.getcwd() == "/home/student"

def relu(x):
    return np.maximum(x, 0) if GRADED else np.full(x.shape, 7.0)"""}, marks={})  # fmt: skip
