"""Generate `assignments/` from `solutions/`: nbgrader's own command, in a scratch folder, so that no gradebook changes.

nbgrader writes the same bytes every time, so a test can compare what is committed with a fresh generation.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# nbgrader's command for one assignment after the other, in one process: to start it takes longer than to generate.
# --no-db: the gradebook knows an assignment from the first real generation or grading on
GENERATE = """
import sys
from nbgrader.apps import GenerateAssignmentApp
for name in sys.argv[1:]:
    print(name, flush=True)
    app = GenerateAssignmentApp()
    app.initialize([name, "--no-db"])
    app.start()
"""


def release(target="assignments", root="."):
    """Generate the released form of every assignment of the course in `root` into the folder `target`.

    What `target` held is replaced once all assignments are generated. Returns the names of the assignments.
    Raises RuntimeError with nbgrader's words if one cannot be generated.
    """
    root, target = Path(root).resolve(), Path(target).resolve()
    names = sorted(path.name for path in (root / "solutions").iterdir() if any(path.glob("*.ipynb")))
    with tempfile.TemporaryDirectory(prefix="course-release-") as scratch:
        shutil.copy(root / "nbgrader_config.py", scratch)
        shutil.copytree(root / "solutions", Path(scratch) / "solutions", ignore=shutil.ignore_patterns(".*"))
        command = [sys.executable, "-c", GENERATE, *names]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, env=with_environment_on_path())
        if done.returncode:
            begun = done.stdout.split()[-1] if done.stdout else "anything"
            raise RuntimeError(f"nbgrader could not generate {begun}:\n{done.stderr[-6000:]}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(Path(scratch) / "assignments", target)
    return names


def with_environment_on_path():
    """The environment variables, with this Python's own programs found first: nbgrader calls `alembic` by name."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
