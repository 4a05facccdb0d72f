"""`make mutants`: a table of what the checks make of wrong and right answers, over some secrets of the course.

    python -m tests.grading.variants [--secrets 20] [--question softmax]

caught: wrong answers that fail a hidden case by ten tolerances, under every secret. slips: the kinds of CONTRIBUTING,
made from the solution. kept: right answers below half of the tolerance, in every case under every secret. hints: wrong
answers that are told the known mistake they were written for, of those that have one. Exits with 1 if one got away.
"""

import argparse
import contextlib
import io
import sys
import warnings

import numpy as np

from course.grading.hidden import Secret, drawn_from
from tests.grading.variants.sets import ASKED
from tests.grading.variants.slips import right_forms, slips

HEADER = ("question", "wrong", "caught", "slips", "caught", "right", "kept", "hints")


def row(asked, secrets):
    """(the numbers of one question's row, the names of all that went wrong)."""
    wrong, right = asked.variants("wrong"), asked.variants("right") | dict(right_forms(asked))
    made = {str(slip): slip.make for slip in slips(asked)}
    lost, refused, errors = set(), set(), {}
    for number in range(secrets):
        with drawn_from(Secret(f"variants {number}")):
            for name, f in [*wrong.items(), *((name, make()) for name, make in made.items())]:
                failed = [r.error for r in asked.question.run(f, asked.hidden).results if not r.passed]
                if max(failed, default=0) < 10:
                    lost.add(name)
            for name, f in right.items():
                results = asked.question.run(f, asked.hidden).results
                errors[name] = max(errors.get(name, 0.0), *(r.error if r.passed else np.inf for r in results))
    refused = {name for name, error in errors.items() if not error < 0.5}
    named = {name: f.mistake for name, f in wrong.items() if getattr(f, "mistake", None)}
    told = {name for name, mistake in named.items() if _first(asked.question.run(wrong[name])) == mistake}
    numbers = (
        str(asked), len(wrong), len(wrong.keys() - lost), len(made), len(made.keys() - lost), len(right),
        len(right) - len(refused), f"{len(told)} of {len(named)}",
    )  # fmt: skip
    hidden_only = {name for name in named.keys() - told if asked.question.run(wrong[name]).passed}
    return numbers, sorted(lost | refused | (named.keys() - told - hidden_only))


def _first(record):
    return None if record.passed else record.first_failure.mistake


def main():
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.split("\n\n")[0])
    parser.add_argument("--secrets", type=int, default=3, help="how many secrets (3)")
    parser.add_argument("--question", help="only this one")
    options = parser.parse_args()
    chosen = [asked for asked in ASKED if options.question in (None, asked.name, str(asked))]
    if not chosen or options.secrets < 1:
        parser.error(f"choose a question of {', '.join(map(str, ASKED))} and at least one secret")
    warnings.simplefilter("ignore")
    widths = [max(map(len, map(str, ASKED))), *map(len, HEADER[1:-1]), 8]
    print("  ".join(text.rjust(width) for text, width in zip(HEADER, widths, strict=True)))
    got_away = []
    for asked in chosen:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            numbers, bad = row(asked, options.secrets)
        print("  ".join(str(number).rjust(width) for number, width in zip(numbers, widths, strict=True)), flush=True)
        got_away += [f"{asked}: {name}" for name in bad]
    print(f"{options.secrets} secrets; " + ("nothing got away" if not got_away else "look at:"), *got_away, sep="\n  ")
    return bool(got_away)


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)  # tiny arrays: threads would only wait for each other
    sys.exit(main())
