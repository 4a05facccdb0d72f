"""How long does a class take: stock nbgrader against `course grade`, on the same submissions, in one run.

    python benchmarks/grading.py [--students 60] [--stock 60] [--assignment ps1_activations ...]

Each question of these submissions is fully right or raises an error, so all graders must give the same marks; they are
compared. Stock nbgrader gets its best: one command for everybody, and two commands side by side, each with half of the
class. It is slow: `--stock 12` grades only so many with it, so that its start counts for more; 0 leaves it out.
The floor is what answers and tests take alone (benchmarks/floor.py). For a large class, `--students 1000 --stock 0`
shows whether time and memory grow with it. Nothing is asserted about time: the figures are printed.
"""

import argparse
import ast
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from memory import KINDS, Memory

from course.grading.classroom import evening
from course.grading.classroom.gradebook import read_marks
from course.grading.samples import Sample, submission, without_markers
from course.notebooks.canonical import read
from course.notebooks.release import with_environment_on_path

STOCK_CONFIG = Path(__file__).parent / "stock_nbgrader_config.py"
FLOOR = Path(__file__).parent / "floor.py"
PARTS = 5  # of a class, to see whether the last part takes as long as the first
HALVES = ("*[02468]", "*[13579]")  # of the students, for two commands of stock nbgrader side by side


@dataclass
class Row:
    """One way to grade: its time, {student: points}, and what was seen while it ran."""

    name: str
    count: int
    wall: float
    cpu: float
    marks: dict
    finished: list = field(default_factory=list)  # when each submission was done, time.time()
    ended: float = 0.0
    memory: list = field(default_factory=list)


def main():
    """Make the class of each assignment, grade it in several ways, print tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", nargs="+", help="default: every folder in solutions/")
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--stock", type=int, help="how many of them stock nbgrader grades (default: all); 0 is none")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    names = options.assignment or sorted(p.name for p in (evening.REPOSITORY / "solutions").iterdir() if p.is_dir())
    for name in names:
        with tempfile.TemporaryDirectory(prefix="course-benchmark-") as scratch:
            report(name, grade(Path(scratch), name, options))


def grade(scratch, assignment, options):
    """Make a class in `scratch` and grade it in every way. Returns the rows of the table, the floor first."""
    course = scratch / "course"
    make_class(course, assignment, options.students)
    floor = json.loads(subprocess.run([sys.executable, FLOOR, course, assignment], capture_output=True, text=True,
                                      check=True).stdout)  # fmt: skip
    rows = [Row("answers and tests alone", floor["submissions"], floor["wall"], floor["cpu"], floor["points"])]
    slow = options.students if options.stock is None else min(options.stock, options.students)
    for halves, name in [(("*",), "stock nbgrader"), (HALVES, "stock nbgrader, 2 at once")] if slow else []:
        folder = copy(course, scratch / f"stock{len(halves)}", slow)
        shutil.copy(STOCK_CONFIG, folder / "nbgrader_config.py")
        commands = [["nbgrader", "autograde", assignment, "--student", half] for half in halves]
        rows.append(measure(name, folder, assignment, commands))
    for jobs in options.jobs:
        folder = copy(course, scratch / f"jobs{jobs}", options.students)
        command = ["course.cli", "grade", assignment, "--jobs", str(jobs)]
        rows.append(measure(f"course grade --jobs {jobs}", folder, assignment, [command]))
    return rows


def make_class(course, assignment, count):
    """A course folder with `count` submissions; each question of each is right or raises an error, at random."""
    evening.prepare(assignment, course)
    evening.nbgrader(course, "generate_assignment", assignment, "--force")
    source = course / "solutions" / assignment / f"{assignment}.ipynb"
    release = course / "assignments" / assignment / source.name
    answers = {cell.metadata.nbgrader.grade_id: raising(without_markers(cell.source)) for cell in read(source).cells
               if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")}  # fmt: skip
    rng = random.Random(0)
    for number in range(count):
        broken = {name: code for name, code in answers.items() if rng.random() < 0.3}
        target = course / "build/submitted" / f"student{number:04d}" / assignment / source.name
        target.parent.mkdir(parents=True)
        target.write_text(submission(Sample("random", broken), source, release))


def raising(code):
    """The same functions and classes, each of which raises an error when it is called."""
    lines = []
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef):
            lines.append(f"def {node.name}(*inputs, **options):\n    raise ValueError('no idea')\n")
        elif isinstance(node, ast.ClassDef):
            lines.append(f"class {node.name}:\n    def __init__(self, *inputs, **options):\n"
                         "        raise ValueError('no idea')\n")  # fmt: skip
    return "\n\n".join(lines)


def copy(course, folder, count):
    """The course with the first `count` of its submissions."""
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns("submitted"))
    for student in sorted((course / "build/submitted").iterdir())[:count]:
        shutil.copytree(student, folder / "build/submitted" / student.name)
    return folder


def measure(name, folder, assignment, commands):
    """Run `python -m command` for all commands at once, in `folder`. Returns a Row."""
    count = len(list((folder / "build/submitted").iterdir()))
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with open(folder / "benchmark.log", "w+") as log:
        running = [subprocess.Popen([sys.executable, "-m", *command], cwd=folder, stdout=log, stderr=log,
                                    env=with_environment_on_path()) for command in commands]  # fmt: skip
        memory = Memory(running[0].pid)
        failed = any([process.wait() for process in running])
        wall, ended, after = time.perf_counter() - started, time.time(), resource.getrusage(resource.RUSAGE_CHILDREN)
        if failed:
            log.seek(0)
            raise SystemExit(f"{name} failed:\n{log.read()[-4000:]}")
    memory.join()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    marks = {m.student: m.points for m in read_marks(f"sqlite:///{folder}/build/gradebook.db", assignment)}
    finished = sorted(path.stat().st_mtime for path in (folder / "build/records" / assignment).glob("*.json"))
    return Row(name, count, wall, cpu, marks, finished, ended, memory.samples)


def report(assignment, rows):
    """Print the table, whether the marks agree, and time and memory over the class."""
    floor = rows[0]
    stock = next((row for row in rows if row.name == "stock nbgrader"), None)
    print(f"\n{assignment}, {os.cpu_count()} cores")
    columns = ("submissions", "wall s", "s each", "CPU s each", "CPU, floors", "times stock")
    print(f"{'':26}" + "".join(f"{column:>12}" for column in columns))
    for row in rows:
        each, cpu = row.wall / row.count, row.cpu / row.count
        faster = f"{stock.wall / stock.count / each:12.1f}" if stock else f"{'-':>12}"
        floors = cpu * floor.count / floor.cpu
        print(f"{row.name:26}{row.count:12}{row.wall:12.1f}{each:12.3f}{cpu:12.3f}{floors:12.1f}{faster}")
    for row in rows[1:]:
        different = [name for name, points in row.marks.items() if points != floor.marks[name]]
        print(f"{row.name}: {len(different)} of {len(row.marks)} marks differ from the floor's {different[:3]}")
    for row in rows:
        if len(row.finished) >= 2 * PARTS:
            over_the_class(row)


def over_the_class(row):
    """Print time a submission and the largest memory in each part of the class, in the order they were graded."""
    bounds = [row.finished[round(i * (len(row.finished) - 1) / PARTS)] for i in range(PARTS + 1)]
    each = (len(row.finished) - 1) / PARTS
    start = row.finished[0] - (row.ended - row.wall)
    print(f"\n{row.name}: {start:.1f} s until the first is done, {row.ended - row.finished[-1]:.1f} s after the last")
    print(f"{'part of the class':>20}{'s each':>9}" + "".join(f"{kind + ' MiB':>14}" for kind in KINDS))
    for number, (begin, end) in enumerate(pairwise(bounds), 1):
        print(f"{f'{number} of {PARTS}':>20}{(end - begin) / each:9.3f}{peaks(row.memory, begin, end)}")
    print(f"{'after the last':>20}{'':9}{peaks(row.memory, bounds[-1], row.ended)}")


def peaks(samples, begin, end):
    """The largest memory of each kind between two moments, as columns; "-" if no sample fell between them."""
    seen = [found for at, found in samples if begin <= at <= end]
    return "".join(f"{max(found[kind] for found in seen):14.0f}" if seen else f"{'-':>14}" for kind in KINDS)


if __name__ == "__main__":
    main()
