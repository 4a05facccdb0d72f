"""`course ...` in the instructor's checkout; the commands that students have too stand in `course.student`.

Parses and calls; what is heavy is imported inside the functions.
"""

import argparse
import contextlib
import re
import sys
from pathlib import Path


def main(arguments=None):
    """Run a command and return its exit status: 0 is good, 1 is a problem that was said, 2 is a wrong call."""
    from course import student

    return student.run(_parser(), arguments)


def _parser():
    from course import student

    parser = argparse.ArgumentParser(prog="course", description="The commands of the deep-learning course.")
    commands = student.add_commands(parser)

    add = commands.add_parser("grade", help="grade a whole class: sandboxed, in parallel, to be interrupted at will")
    add.add_argument("assignment")
    add.add_argument("--student", action="append", dest="students", metavar="NAME", help="only this one; repeatable")
    add.add_argument("--jobs", type=int, metavar="N", help="worker processes (default: one a core)")
    add.add_argument("--scheduler", metavar="ADDRESS", help="hand the work to this Dask scheduler: tcp://host:8786")
    add.add_argument("--force", action="store_true", help="grade again what is graded already")
    add.add_argument("--allow-weak", action="store_true",
                     help="grade without bubblewrap: student code can then read whatever you can")  # fmt: skip
    add.add_argument("--preview", action="store_true",
                     help="write nothing: say which marks would change if all were graded again now")  # fmt: skip
    add.set_defaults(run=_grade)

    add = commands.add_parser("report", help="marks and page of a class as they are now, with marks by hand")
    add.add_argument("assignment")
    add.set_defaults(run=_report)

    add = commands.add_parser("export", help="marks for a learning management system, in all and by question")
    add.add_argument("assignment")
    add.add_argument("--to", choices=["csv", "canvas", "moodle"], default="csv",
                     help="csv has a column for each question (default: %(default)s)")  # fmt: skip
    add.add_argument("--merge", metavar="FILE",
                     help="what Canvas or Moodle exported: marks are written into a copy of it")  # fmt: skip
    add.add_argument("--output", metavar="FILE", help="where to (default: in build/exports)")
    add.add_argument("--column", metavar="NAME", help="the column of that file to fill (default: by the assignment)")
    add.add_argument("--match", metavar="NAME", help="the column of that file with the names that the gradebook uses")
    add.add_argument("--partial", action="store_true", help="also marks of which something is not yet read")
    add.add_argument("--zero", action="store_true", help="0 instead of a blank for who handed nothing in")
    add.set_defaults(run=_export_marks)

    add = commands.add_parser("secret", help="make the secret that hidden cases are drawn from, or check it")
    add.add_argument("--replace", action="store_true",
                     help="make another one; the old file is kept beside it, with its hash in the name")  # fmt: skip
    add.set_defaults(run=_secret)

    add = commands.add_parser("class", help="grade a made-up class: an instructor's evening in a minute")
    add.add_argument("assignment", nargs="?", default="ps1_activations")
    add.add_argument("--folder", default="build/class", help="scratch folder (default: %(default)s)")
    add.add_argument("--open", action="store_true",
                     help="open the class that was played last in formgrader, with its own gradebook")  # fmt: skip
    add.set_defaults(run=_class)

    add = commands.add_parser("bundle", help="build what students get: a wheel without the grader, and the notebooks")
    add.set_defaults(run=_bundle)

    notebooks = commands.add_parser("notebooks", help="clean, check, release and execute notebooks")
    notebooks.set_defaults(run=lambda options, shown=notebooks: shown.print_help())
    steps = notebooks.add_subparsers(metavar="STEP")
    for name, run, text in [
        ("clean", _clean, "write the canonical form: no outputs, readable ids"),
        ("check", _check, "refuse notebooks that are not in canonical form"),
        ("release", _release, "generate assignments/ from solutions/"),
        ("execute", _execute, "run notebooks from top to bottom; copies go to build/executed"),
        ("export", _export, "write notebooks as pages that need neither kernel nor network, into build/exported"),
    ]:
        add = steps.add_parser(name, help=text)
        if name != "release":
            which = "lectures" if name == "export" else "lectures and solutions"
            add.add_argument("paths", nargs="*", help=f"notebooks or folders (default: {which})")
        if name == "export":
            add.add_argument("--to", choices=["page", "slides"], default="page",
                             help="a page to read, or slides to present with the arrow keys (default: %(default)s)")
        add.set_defaults(run=run)
    return parser


def _grade(options):
    if options.jobs is not None and options.jobs < 1:
        raise ValueError(f"--jobs must be 1 or more; got {options.jobs}")
    from course.grading.classroom import pool

    if options.scheduler is None and _has_gradebook():
        pool.start_early()  # what comes now takes as long to load as the worker
    from course.grading.classroom import batch, preview

    with contextlib.nullcontext() if options.scheduler is None else pool.cluster(options.scheduler) as workers:
        common = {"students": options.students, "jobs": options.jobs, "workers": workers, "weak": options.allow_weak}
        if options.preview:
            preview.preview_class(options.assignment, **common)
        else:
            batch.grade_class(options.assignment, force=options.force, **common)
            print(f"Next: written answers in formgrader, `nbgrader generate_feedback {options.assignment}`, "
                  f"`course report {options.assignment}`, `course export {options.assignment}`")  # fmt: skip


def _has_gradebook():
    """Is here a course with a gradebook, as far as its settings show without loading nbgrader?"""
    path = Path("nbgrader_config.py")
    files = re.findall(r"""sqlite:///([^"'?]+)""", path.read_text(encoding="utf-8")) if path.is_file() else [""]
    return not files or Path(files[-1]).is_file()


def _report(options):
    from course.grading.classroom import batch

    batch.report_class(options.assignment)


def _export_marks(options):
    from course.grading.lms.export import export

    export(options.assignment, options.to, options.merge, options.output, options.column, options.match,
           options.partial, options.zero)  # fmt: skip


def _secret(options):
    from course.grading.classroom import secret_file
    from course.grading.classroom.folder import Course

    course = Course.here()
    print(secret_file.settle(course.secret_file, options.replace))


def _class(options):
    from course.grading.classroom import evening

    if options.open:
        return evening.open_in_formgrader(options.folder)
    return 1 if evening.play(options.assignment, options.folder) else 0


def _bundle(options):
    from course.notebooks.bundle import build_bundle

    archive = build_bundle()
    print(f"Students get {archive}; the same lies open in {archive.parent / 'student-bundle'}")


def _clean(options):
    from course.notebooks.canonical import clean

    for path in _notebooks(options.paths):
        print(f"{path}: {'rewritten' if clean(path) else 'clean already'}")


def _check(options):
    from course.notebooks.canonical import problems

    found = [problem for path in _notebooks(options.paths) for problem in problems(path)]
    print("\n".join(found) if found else "All notebooks are in canonical form.")
    return 1 if found else 0


def _execute(options):
    from course.notebooks.execute import execute_all

    execute_all(_notebooks(options.paths))


def _export(options):
    from course.notebooks.export import export

    for path in _notebooks(options.paths or ["lectures"]):
        print(f"{path} -> {export(path, options.to)}")


def _release(options):
    from course.notebooks.release import release

    print(f"Generated: {', '.join(release())}")


def _notebooks(paths):
    """The notebooks among `paths`; folders are searched. A path that does not exist is a ValueError."""
    found = []
    for path in map(Path, paths or ["lectures", "solutions"]):
        if not path.exists():
            raise ValueError(f"{path} does not exist")
        inside = sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
        found += [p for p in inside if ".ipynb_checkpoints" not in p.parts]
    if not found:
        raise ValueError(f"no notebooks in {', '.join(map(str, paths))}")
    return found


if __name__ == "__main__":
    sys.exit(main())
