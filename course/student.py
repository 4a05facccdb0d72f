"""`course ...` as students get it: `doctor` and `data`. In the instructor's checkout more commands come on top.

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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("doctor", help="check the installation and say what to do").set_defaults(run=_doctor)
    commands.add_parser("data", help="get the data sets now, for a lecture without network").set_defaults(run=_data)
    return commands


def run(parser, arguments):
    """Parse, call the command, and return its exit status; an expected error becomes one line on stderr."""
    options = parser.parse_args(arguments)
    try:
        return options.run(options) or 0
    except (ValueError, RuntimeError, OSError) as error:
        print(f"course: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("course: interrupted; what was done is kept, and the same command goes on from there", file=sys.stderr)
        return 130  # as shells say it


def _doctor(options):
    from course import doctor

    return doctor.main()


def _data(options):
    from course import data

    print(f"MNIST: {data.mnist_source()}")
    for split in ("train", "test"):
        images, _ = data.load_mnist(split)
        print(f"  {split}: {len(images)} digits")
    print(f"Shakespeare: {len(data.load_text('shakespeare'))} characters")
