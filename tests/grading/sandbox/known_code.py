"""All student code that the course knows, for one session: solutions, sample students, variants, ordinary work."""

import importlib
import inspect
from pathlib import Path

from course.checks import activations, backprop, convolution, mnist
from course.grading import samples
from course.grading.run.runner import is_test
from course.notebooks.canonical import read

ROOT = Path(__file__).parents[3]
# by the folder of their variants
QUESTIONS = {"ps1": activations.QUESTIONS, "ps2": mnist.QUESTIONS, "ps3": convolution.QUESTIONS,
             "ps4": backprop.QUESTIONS}
EXPECTS = "from tests.grading.variants.expects import expects"
# what students do besides, and nobody is told of
ORDINARY = {
    "plots": "plt.plot([1, 2], [3, 4]); plt.title('$x^2$'); plt.savefig('a.png'); plt.savefig('a.pdf'); plt.show()",
    "other font": "plt.rcParams['font.family'] = 'serif'; plt.plot([1, 2]); plt.savefig('a.svg')",
    "pictures": "plt.imsave('p.png', np.eye(9)); plt.imshow(plt.imread('p.png')); plt.colorbar(); plt.show()",
    "own files": """
import os, pathlib
open('a.txt', 'w').write('x'); pathlib.Path('a.txt').read_text(); os.listdir()
np.save('x.npy', np.ones(3)); np.load('x.npy'); np.savez_compressed('x.npz', a=np.ones(3)); np.load('x.npz')['a']""",
    "file tree": """
import os, pathlib, shutil
os.makedirs('a/b'); pathlib.Path('a/b/c').touch(); shutil.copytree('a', 'd'); shutil.copy2('a/b/c', 'e')
os.rename('e', 'f'); os.chmod('f', 0o600); os.symlink('f', 'g'); os.link('f', 'h'); os.truncate('f', 10)
os.utime('f'); os.stat('g'); list(os.walk('.')); shutil.rmtree('a'); shutil.move('d', 'i'); shutil.disk_usage('.')""",
    "packed": """
import gzip, json, pickle, zipfile
pickle.loads(pickle.dumps(np.ones(3)))
with gzip.open('x.gz', 'wb') as file: file.write(b'x')
zipfile.ZipFile('x.zip', 'w').writestr('a', 'b')""",
    "mapped files": """
np.save('m.npy', np.ones(9)); np.load('m.npy', mmap_mode='r+')[0] = 3
m = np.memmap('n', np.float32, 'w+', shape=(9, 9)); m[:] = 1; m.flush(); del m""",
    "temporary files": """
import tempfile
with tempfile.TemporaryDirectory() as folder:
    open(folder + '/x', 'w').write('x')
tempfile.TemporaryFile().write(b'x')""",
    "own module": "open('mine.py', 'w').write('y = 3'); import mine",
    "numpy": """
np.linalg.svd(np.random.rand(9, 9)); np.testing.assert_allclose([1], [1]); np.ones(3).ctypes.data
np.fft.fft(np.ones(9)); np.polynomial.Polynomial([1, 2]).roots(); np.random.default_rng().normal(size=9)""",
    "large arrays": """
x = np.ones((2000, 2000)); y = x @ x[:, :100]; np.sort(x.ravel()); del x, y
a, b = [i for i in range(10**6)], bytearray()
for i in range(99): b += bytes(10**5)""",
    "standard library": """
import collections, decimal, fractions, functools, inspect, itertools, json, math, os, pprint, random
import resource, statistics, time, timeit, tracemalloc, unittest, zoneinfo
time.sleep(0.01); time.process_time(); time.ctime(); os.cpu_count(); os.urandom(3); os.times()
zoneinfo.ZoneInfo('Europe/Berlin'); tracemalloc.start(); tracemalloc.stop()
resource.getrusage(resource.RUSAGE_SELF); resource.getrlimit(resource.RLIMIT_NOFILE)""",
    "database": "import sqlite3\nc = sqlite3.connect(':memory:'); c.execute('create table t (a)'); c.close()",
    "magics": "%timeit -n 1 -r 1 sum(range(10))\n%matplotlib inline\n%time sum(range(10))\n%who\n%pwd",
    "help": "help(np.sum)",
    "data": "from course.data import load_text; len(load_text('python'))",
    "locked imports": "from course.checks import activations as check\nfrom course import widgets, figures",
    "threads": """
import concurrent.futures, threading, time
t = threading.Thread(target=print); t.start(); t.join(); threading.Event().wait(0.01)
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda x: time.sleep(0.001), range(20)))""",
    "an error": "1 / 0",
}
# what an instructor is told of, and works all the same
NOTED = {
    "fork": """
import os
pid = os.fork()
if pid == 0:
    os._exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3""",
    "pipe": """
import os
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, b'x')
    os._exit(0)
assert os.read(read, 1) == b'x'
os.wait()""",
    "processes": """
import multiprocessing
forks = multiprocessing.get_context('fork')
forks.Array('d', 9)[0] = 1
with forks.Pool(2) as pool:
    assert pool.map(abs, range(-3, 3)) == [3, 2, 1, 0, 1, 2]""",
    "signals": "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: None); signal.raise_signal(signal.SIGUSR1)",
    "platform": "import platform; platform.platform(); platform.uname().processor",
    "profile": "import cProfile; cProfile.Profile().runcall(sum, [1])",
}


def notebooks():
    """Yield (name, source) of what is executed inside: the cells of all solutions, and what sample students wrote."""
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        for cell in read(path).cells:
            nbgrader = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and not is_test(nbgrader):
                yield f"{path.stem}: {nbgrader.get('grade_id', cell.id)}", samples.without_markers(cell.source)
        for student, sample in samples.students(path.parent.name).items():
            for name, source in sample.answers.items():
                if source is not None and name != "written":
                    yield f"{path.stem}: {student}'s {name}", source


def variants():
    """Yield (question, source of its variants, names of the right ones, names of the wrong ones)."""
    for folder, questions in QUESTIONS.items():
        for question in questions:
            module = importlib.import_module(f"tests.grading.variants.{folder}.{question.name}")
            source = inspect.getsource(module)
            assert EXPECTS in source
            names = [[name for name in vars(module) if name.startswith(kind)] for kind in ("right_", "wrong_")]
            yield question, source.replace(EXPECTS, "expects = lambda mistake: lambda variant: variant"), *names


def run_all(session):
    """Run everything in one session. Returns {name: text} of what went wrong: an error of a cell, the record of a right
    variant that did not pass, an error of the system in a wrong one."""
    wrong = {}
    cells = {"imports": "import numpy as np, matplotlib.pyplot as plt", **ORDINARY, **NOTED, **dict(notebooks())}
    for name, source in cells.items():
        if (error := session.execute(source).error) is not None:
            wrong[name] = f"{type(error).__name__}: {error}"
    for question, source, right, mistaken in variants():
        session.execute(source)
        names = session.namespace()
        for name in right + mistaken:
            cases = question.cases()[:3]
            function = question.adapt(names[name]) if hasattr(question, "adapt") else names[name]
            record = question.run(function, lambda cases=cases: cases)
            messages = " ".join(result.message for result in record.results)
            if not record.passed if name in right else "OSError" in messages or "PermissionError" in messages:
                wrong[f"{question.name}: {name}"] = messages
    return wrong
