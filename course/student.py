"""`course ...` as students get it: `doctor`, `check`, `data`. In the instructor's checkout more commands come on top.

Parses and calls; what is heavy is imported inside the functions.
"""

import argparse
import sys


def main(arguments=None):
    """Run a command and return its exit status: 0 is good, 1 is a problem that was said, 2 is a wrong call."""
    parser = argparse.ArgumentParser(
        prog="course",
        description="The commands of the deep-learning course.",
        epilog="Commands that grade, or that make assignments, belong to the instructor's checkout.",
    )
    add_commands(parser)
    return run(parser, arguments)


def add_commands(parser):
    """Give `parser` the commands that everybody has; returns argparse's sub-parsers, to add more."""
    parser.add_argument("--version", action="store_true", help="say the version of the course, and where it lies")
    parser.set_defaults(run=lambda options: parser.print_help())
    commands = parser.add_subparsers(metavar="COMMAND")
    commands.add_parser("doctor", help="check the installation and say what to do").set_defaults(run=_doctor)
    add = commands.add_parser("check", help="run the visible checks of a problem set; exit status 1 if one fails")
    add.add_argument("file", metavar="FILE.ipynb")
    add.add_argument("question", nargs="?", metavar="QUESTION", help="only this one: its number or its function")
    add.set_defaults(run=_check)
    commands.add_parser("data", help="get the data sets now, for a lecture without network").set_defaults(run=_data)
    return commands


def run(parser, arguments):
    """Parse, call the command, and return its exit status; an expected error becomes one line on stderr."""
    options = parser.parse_args(arguments)
    try:
        return (_version if options.version else options.run)(options) or 0
    except (ValueError, RuntimeError, OSError) as error:
        print(f"course: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("course: interrupted; what was done is kept, and the same command goes on from there", file=sys.stderr)
        return 130  # as shells say it


def _version(options):
    from importlib.metadata import version
    from pathlib import Path

    print(f"course {version('course')} in {Path(__file__).parent}")


def _doctor(options):
    from course import doctor

    return doctor.main()


def _check(options):
    from course import check_file

    return check_file.main(options.file, options.question)


def _data(options):
    from course import data

    missing = []
    for name, get, is_here in (
        ("MNIST", _mnist, data.is_full_mnist),
        ("Shakespeare", _shakespeare, data.has_shakespeare),
    ):
        try:
            print(f"  {get()}")
        except (RuntimeError, OSError) as error:
            print(f"course: {error}", file=sys.stderr)
            missing.append(name)
        else:
            missing += [] if is_here() else [name]
    if not missing:
        return 0
    print(f"course: {' and '.join(missing)} could not be had; what takes their place in the lectures is said above. "
          "With a network, run `course data` again.", file=sys.stderr)  # fmt: skip
    return 1


def _mnist():
    from course.data import load_mnist

    return ", ".join(f"{split}: {len(load_mnist(split).labels)} digits" for split in ("train", "test"))


def _shakespeare():
    from course.data import load_text

    return f"{len(load_text('shakespeare'))} characters"
