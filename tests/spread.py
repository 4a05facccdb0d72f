"""How a test run is spread over its workers: by files, the longest first, and the longest files in parts.

`pytest -n 3 --dist loadfile` alone takes files in the order of their number of tests, so that one worker may begin the
longest file when the other has nothing left to do. A file is one unit, since its module fixtures are made once
(an environment, a graded class, a browser); a file in parts makes them once a worker.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

# file below tests/: (seconds on one idle core, parts); measured, `make test` prints the ten longest. Only the order
# depends on it: a file that is missing here counts as SLOW seconds for each of its slow tests.
LONGEST = {
    "browser/test_course.py": (105, 1),
    "browser/test_exchange.py": (61, 1),
    "browser/test_explorers.py": (41, 1),
    "browser/test_frames_ahead.py": (71, 1),
    "browser/test_gallery.py": (56, 1),
    "browser/test_problem_set.py": (92, 1),
    "grading/classroom/test_batch.py": (170, 1),
    "grading/classroom/test_evil_texts.py": (48, 1),
    "grading/classroom/test_postgresql.py": (62, 1),
    "grading/classroom/test_secret.py": (44, 1),
    "grading/classroom/test_sets.py": (51, 1),
    "grading/hostile/test_hostile.py": (209, 2),
    "grading/sandbox/test_jail.py": (79, 1),
    "grading/test_endless.py": (90, 1),
    "notebooks/test_bundle.py": (143, 1),
    "notebooks/test_lecture_3.py": (40, 1),
    "notebooks/test_lectures.py": (63, 1),
    "notebooks/test_problem_sets.py": (40, 1),
    "unit/notebooks/test_bundle.py": (63, 1),
}
SLOW = 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Take the place of xdist's own scheduler for files."""
    if config.getvalue("dist") == "loadfile":
        config.option.loadscopereorder = False  # as the workers sorted them
        return Spread(config, log)


COLLECTED = pytest.StashKey[list]()


@pytest.hookimpl(tryfirst=True)  # before -m takes some away
def pytest_collection_modifyitems(config, items):
    """Sort the units of a worker by their length; a run without workers keeps the order of the files."""
    config.stash[COLLECTED] = [(item.nodeid, item.get_closest_marker("long")) for item in items]
    if hasattr(config, "workerinput"):
        lengths = seconds_of_files((item.nodeid, item.get_closest_marker("slow") is not None) for item in items)
        items.sort(key=lambda item: -lengths[file_of(item.nodeid)])


class Spread(LoadFileScheduling):
    """xdist's scheduling by files, with some files in parts."""

    def schedule(self):
        if self.collection is None:
            self._unit_of = units(next(iter(self.registered_collections.values())))
        super().schedule()

    def _split_scope(self, nodeid):
        return self._unit_of[nodeid]


def file_of(nodeid):
    """The file of a test, below tests/."""
    return nodeid.split("::", 1)[0].removeprefix("tests/")


def seconds_of_files(tests, longest=LONGEST):
    """{file: seconds of one of its parts} for [(nodeid, whether it is slow), ...]."""
    found = {}
    for nodeid, slow in tests:
        file = file_of(nodeid)
        found[file] = found.get(file, 0) + (SLOW if slow else 0.01)
    return found | {file: seconds / parts for file, (seconds, parts) in longest.items() if file in found}


def units(nodeids, longest=LONGEST):
    """{nodeid: name of its unit}: its file, and for a file in parts one test here, the next one there."""
    found, seen = {}, {}
    for nodeid in nodeids:
        file = file_of(nodeid)
        number = seen[file] = seen.get(file, -1) + 1
        _, parts = longest.get(file, (0, 1))
        found[nodeid] = file if parts == 1 else f"{file} {number % parts + 1}/{parts}"
    return found


def without_short_one(tests):
    """The long ones among [(nodeid, marker `long` or None), ...] of which `make test` runs no shorter one."""
    short = {nodeid.split("[", 1)[0] for nodeid, long in tests if long is None}
    return [nodeid for nodeid, long in tests if long is not None and not short & set(_siblings(nodeid, long))]


def _siblings(nodeid, long):
    function = nodeid.split("[", 1)[0]
    return [f"{function.rsplit('::', 1)[0]}::{long.args[0]}"] if long.args else [function]
