"""A copy of the instructor's checkout, without git, to build a bundle from and to spoil."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[3]
FILES = ("LICENSE", "constraints.txt", "nbgrader_config.py", "pyproject.toml", "docs/student_readme.md")
PS1 = "assignments/ps1_activations/ps1_activations.ipynb"
LECTURE = "lectures/1_introduction_to_neural_nets.ipynb"


def checkout(folder):
    """Copy what a bundle is made of into `folder`, which must not exist yet; returns its path."""
    for name in ("course", "lectures", "assignments", "labextension", "settings", "solutions", "student_settings"):
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / name, Path(folder, name), ignore=ignored)
    for name in FILES:
        Path(folder, name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, Path(folder, name))
    return Path(folder)
