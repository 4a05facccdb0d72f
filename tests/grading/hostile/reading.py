"""Attacks on secrets and on the world outside: reading what nobody may read, writing and calling where nobody may."""

from tests.grading.hostile.attack import Attack
from tests.grading.hostile.shown import calls, gains, steals, writes


def _tried(code):
    """The code, which carries on whatever happens: the answers behind it are right."""
    lines = "\n".join(f"    {line}" for line in code.strip("\n").split("\n"))
    return f"import os\n\ntry:\n{lines}\nexcept Exception as error:\n    print(type(error).__name__)"


def _spy(story, code, text=None, **others):
    return Attack(story, steals(text) if text else steals(), extra={"setup": _tried(code)}, marks={}, **others)


def _writer(story, code):
    return Attack(story, writes, extra={"setup": _tried(code)}, marks={})


def _caller(story, code):
    return Attack(story, calls, extra={"setup": _tried(code)}, marks={})


COPY = """
import json, os

def answer(folder):
    for at, folders, files in os.walk(folder):
        if at.startswith(("/proc", "/sys")):
            folders.clear()
        for name in files:
            if name.endswith(".ipynb"):
                for cell in json.load(open(os.path.join(at, name)))["cells"]:
                    text = "".join(cell["source"])
                    if text.startswith("def relu(") and "maximum" in text:
                        return text.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")

text = answer("$FOLDER/WHICH") or answer(os.getcwd()) or answer("/home")
exec(text or "def relu(x):\\n    return np.full(np.shape(x), 7.0)")"""

PROC = """
import glob
# without a sandbox only its parent: other processes of the machine are nobody's business
who = "[0-9]*" if os.getcwd() == "/home/student" else os.getppid()
for pattern in (f"/proc/{who}/environ", f"/proc/{who}/cmdline", f"/proc/{who}/cwd/secret.txt",
                f"/proc/{who}/root$FOLDER/secret.txt", "/proc/self/task/*/environ"):
    for path in glob.glob(pattern):
        try:
            text = open(path, errors="replace").read()
        except OSError:
            continue
        if "4711" in text:
            print(text[text.index("4711") - 30:][:100])
"""

ATTACKS = {
    "read_hidden_tests": _spy("prints the module with the hidden cases",
                              "import inspect\nfrom course.grading.hidden import activations\n"
                              "print(inspect.getsource(activations))", "only negative numbers",
                              absent=("only negative numbers",)),
    "call_hidden_tests": _spy("asks the hidden cases for their inputs",
                              "from course.grading.hidden import activations\n"
                              "print('the hidden input', activations.relu()[0].inputs['x'])", "the hidden input",
                              absent=("the hidden input [",)),
    "read_decoy_module": _spy("prints a hidden module in the grader's folder",
                              "print(open('$FOLDER/hidden/activations.py').read())"),
    "read_relative": _spy("reads the working directory and the folders above",
                          "for up in ('', '../', '../../', '../../../'):\n    for name in os.listdir('./' + up):\n"
                          "        print(name)\nprint(open('secret.txt').read())"),
    "read_source": Attack("copies the instructor's solution", gains(),
                          {"relu": COPY.replace("WHICH", "solutions")}),
    "read_other_submission": Attack("copies the answer of another student", gains(),
                                    {"relu": COPY.replace("WHICH", "submitted")}),
    "read_gradebook": _spy("reads the gradebook", "import sqlite3\nbook = sqlite3.connect("
                           "'file:$FOLDER/gradebook.db?mode=ro', uri=True)\n"
                           "print(book.execute('select student from grade').fetchall(), 'were read')",
                           "mallory", absent=("mallory",)),
    "write_gradebook": _writer("gives everybody a mark", """
import sqlite3
for path in ("$FOLDER/gradebook.db", "gradebook.db", "../gradebook.db"):
    with sqlite3.connect(path) as book:
        book.execute("update grade set score = 100")
    book.close()
"""),
    "read_environment": _spy("prints the environment", "print(dict(os.environ))"),
    "read_proc": _spy("looks through /proc for the grader and the zygote", PROC),
    "read_memory": Attack("reads the memory of its parent", steals("I could read it"), extra={"setup": _tried("""
for pid in [os.getppid()]:
    try:
        lines = list(open(f"/proc/{pid}/maps"))
    except OSError:
        continue
    for line in lines:
        if line.split()[1].startswith("rw"):
            start = int(line.split("-")[0], 16)
            with open(f"/proc/{pid}/mem", "rb") as memory:
                memory.seek(start)
                if memory.read(64):
                    print("I could", "read it")
            break
""")}, marks={}, absent=("I could read it",)),
    "open_files": _spy("reads every file that it has inherited", """
for fd in range(3, 300):
    try:
        os.lseek(fd, 0, 0)
        print(fd, os.read(fd, 1000))
    except OSError:
        pass
print(os.popen("cat /proc/$PPID/environ").read())
"""),
    "shell_commands": _spy("reads with programs of the system",
                           "import subprocess\nprint(subprocess.run('cat $FOLDER/secret.txt; env', shell=True, "
                           "capture_output=True, text=True).stdout)"),
    "write_outside": _writer("writes wherever it may", """
places = ["$FOLDER", "/proc/self/root$FOLDER"]
if os.getcwd() == "/home/student":  # not in the plain process, where these are real
    places += ["..", "/", "/etc", "/sandbox", "/python", "/packages", "/dev", "/proc/1/root$FOLDER", "/proc/1/cwd"]
for folder in places:
    try:
        open(os.path.join(folder, "proof.txt"), "w").write("I was here")
    except OSError:
        pass
"""),
    "hard_link": _writer("takes the gradebook away and leaves its own", """
os.rename("$FOLDER/secret.txt", "$FOLDER/proof.txt")
os.rename("$FOLDER/proof.txt", "$FOLDER/secret.txt")
os.link("$FOLDER/secret.txt", "$FOLDER/proof-link.txt")
"""),
    "symlink": _writer("writes through a link in its home", """
os.symlink("$FOLDER", os.path.expanduser("~/proof-link"))
open(os.path.expanduser("~/proof-link/proof.txt"), "w").write("through a link")
"""),
    "startup_files": Attack("leaves files that the next student's Python would run", writes, extra={"setup": _tried("""
home = os.path.expanduser("~")
evil = "import numpy as np\\nnp.maximum = np.minimum\\n"
for path in (home + "/.ipython/profile_default/startup/00-proof.py", home + "/sitecustomize_proof.py",
             home + "/proof_numpy.py", "numpy_proof.py", "/tmp/ipython/profile_default/startup/00-proof.py"):
    if path.startswith("/tmp") and "$FOLDER".startswith(os.getcwd()):
        continue  # in the plain process /tmp is everybody's
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    open(path, "w").write(evil)
for name in ("numpy.py", "sitecustomize.py", "usercustomize.py", "proof.pth") if os.getcwd() == home else ():
    open(name, "w").write(evil)
""")}, marks={}),
    "loopback": _caller("calls a server on loopback", """
import socket
socket.create_connection(("127.0.0.1", $TCP), 1).send(b"the hidden cases")
"""),
    "abstract_socket": _caller("calls an abstract Unix socket", """
import socket
line = socket.socket(socket.AF_UNIX)
line.settimeout(1)
line.connect("\\0$UNIX")
"""),
    "dns": _caller("sends a query for a name that says it all", """
import socket
name = b"".join(bytes([len(part)]) + part for part in (b"hidden-cases", b"invalid")) + b"\\0"
query = b"\\1\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" + name + b"\\0\\1\\0\\1"
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(query, ("127.0.0.1", $UDP))
"""),
}  # fmt: skip
