"""`make clean`: remove the environment and what a command makes again; keep everything else, and name it.

It runs where the environment is broken, so it needs any Python 3 and nothing else. What may go is a list: a file that
nobody thought of stays.
"""

import shutil
import sys
from pathlib import Path

# what makes it again
AGAIN = {
    ".venv": "any command of make",
    ".ruff_cache": "make lint",
    ".hypothesis": "make test",
    "build/executed": "make execute, make test",
    "build/screenshots": "make test",
    "build/class": "make class",
    "build/student-bundle": "make student-bundle",
    "build/course-*-student.zip": "make student-bundle",
}
# what nothing makes again, in the words of who would miss it; whatever else lies in build/ is kept as well
LOST = {
    "gradebook.db": "marks and comments, those by hand as well",
    "submitted": "what students handed in",
    "autograded": "what formgrader shows",
    "feedback": "what students were sent",
    "exchange": "released and handed in, not collected yet",
    "records": "how each submission was graded",
    "reports": "reports of the class",
}
MARKER = ".sample-class"  # in a folder that `make class` made; one without it is somebody's


def clean(root):
    """Remove from the checkout `root` what can be made again. Returns (removed, kept): lists of paths below `root`.

    A link is removed, never what it leads to. OSError if something cannot be removed.
    """
    root = Path(root)
    removed = [path for pattern in AGAIN for path in sorted(root.glob(pattern)) if not _somebodys(path)]
    for path in removed:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    build = root / "build"
    kept = [path for path in sorted(build.iterdir()) if path.name != ".gitignore"] if build.is_dir() else []
    return [path.relative_to(root) for path in removed], [path.relative_to(root) for path in kept]


def _somebodys(path):
    return path.name == "class" and not (path / MARKER).is_file()


def main(root=None):
    """Clean the checkout that this file lies in, and say what was done. Returns the exit status."""
    root = Path(root or Path(__file__).resolve().parents[1])
    try:
        removed, kept = clean(root)
    except OSError as error:
        print(f"clean: {error.filename} cannot be removed: {error.strerror}", file=sys.stderr)
        return 1
    names = ", ".join(map(str, removed)) or "nothing, it is clean already"
    print(f"removed: {names}")
    if kept:
        print("kept, because no command makes it again (delete by hand what you do not want):")
    for path in kept:
        files = [path] if not path.is_dir() else [inside for inside in (root / path).rglob("*") if inside.is_file()]
        # gradebook.db-journal and the like belong to gradebook.db
        meaning = next((said for name, said in LOST.items() if path.name.startswith(name)), "unknown to make clean")
        word = "file " if len(files) == 1 else "files"
        print(f"  {str(path):24} {len(files):5d} {word}  {meaning}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
