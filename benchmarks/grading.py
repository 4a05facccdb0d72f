"""How long does a class take: stock nbgrader against `course grade`, on the same submissions, in one run.

    python benchmarks/grading.py [--students 60] [--stock 12] [--assignment ps1_activations]

Each question of these submissions is fully right or raises an error, so both graders must give the same marks; they are
compared. Stock nbgrader is slow: `--stock` of the submissions are enough for its time a submission. Nothing is asserted
about time: the figures are printed.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course.grading import evening
from course.grading.gradebook import read_marks
from course.grading.samples import Sample, submission
from course.notebooks.canonical import read
from course.notebooks.release import with_environment_on_path

STOCK_CONFIG = Path(__file__).parent / "stock_nbgrader_config.py"


def main():
    """Make the class, grade it in three ways, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="ps1_activations")
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--stock", type=int, default=12, help="how many of them stock nbgrader grades")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="course-benchmark-") as scratch:
        course = Path(scratch, "course")
        make_class(course, options.assignment, options.students)
        rows, marks = [], {}
        stock = copy(course, Path(scratch, "stock"), options.stock, options.assignment)
        shutil.copy(STOCK_CONFIG, stock / "nbgrader_config.py")
        rows.append(measure("stock nbgrader", stock, options.stock, ["nbgrader", "autograde", options.assignment]))
        marks["stock"] = read_marks(f"sqlite:///{stock}/build/gradebook.db", options.assignment)
        for jobs in (1, 2):
            folder = copy(course, Path(scratch, f"jobs{jobs}"), options.students, options.assignment)
            command = ["course.cli", "grade", options.assignment, "--jobs", str(jobs)]
            rows.append(measure(f"course grade --jobs {jobs}", folder, options.students, command))
            marks[jobs] = read_marks(f"sqlite:///{folder}/build/gradebook.db", options.assignment)
    report(rows, marks)


def make_class(course, assignment, count):
    """A course folder with `count` submissions; each question of each is right or raises an error, at random."""
    evening.prepare(assignment, course)
    evening.nbgrader(course, "generate_assignment", assignment, "--force")
    source = course / "solutions" / assignment / f"{assignment}.ipynb"
    release = course / "assignments" / assignment / source.name
    answers = [cell.metadata.nbgrader.grade_id for cell in read(source).cells
               if cell.cell_type == "code" and cell.metadata.nbgrader.solution]  # fmt: skip
    rng = random.Random(0)
    for number in range(count):
        wrong = [name for name in answers if rng.random() < 0.3]
        broken = {name: f"def {name.replace('-', '_')}(*inputs):\n    raise ValueError('no idea')" for name in wrong}
        target = course / "build/submitted" / f"student{number:04d}" / assignment / source.name
        target.parent.mkdir(parents=True)
        target.write_text(submission(Sample("random", broken), source, release))


def copy(course, folder, count, assignment):
    """The course with the first `count` of its submissions."""
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns("submitted"))
    for student in sorted((course / "build/submitted").iterdir())[:count]:
        shutil.copytree(student, folder / "build/submitted" / student.name)
    return folder


def measure(name, folder, count, command):
    """Run `python -m command` in `folder`. Returns (name, submissions, wall seconds, CPU seconds)."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True,
                          env=with_environment_on_path())  # fmt: skip
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return name, count, wall, cpu


def report(rows, marks):
    """Print the table and whether the marks agree."""
    stock = rows[0][2] / rows[0][1]
    print(f"\n{'':24}{'submissions':>12}{'wall s':>9}{'s each':>9}{'CPU s each':>12}{'times stock':>13}")
    for name, count, wall, cpu in rows:
        print(f"{name:24}{count:12}{wall:9.1f}{wall / count:9.3f}{cpu / count:12.3f}{stock / (wall / count):13.1f}")
    for jobs in (1, 2):
        mine = {m.student: m.points for m in marks[jobs]}
        different = [m.student for m in marks["stock"] if m.points != mine[m.student]]
        print(f"--jobs {jobs} against stock: {len(different)} of {len(marks['stock'])} marks differ {different[:3]}")


if __name__ == "__main__":
    main()
