"""Where the minutes of a test run go: a table by folder, and the ten longest tests, at the end of every run with -n.

Seconds are those that a worker was busy with a test. CPU seconds are those of the test and all that it started, so
they are the same on a busy machine and on an idle one.
"""

import os
import resource
import time
from collections import defaultdict

import psutil
import pytest

LONGEST = 10
BUDGETS = {"lectures": 30, "solutions": 15}  # CPU seconds of a notebook, executed on one core


class Meter:
    """CPU seconds of this process and all that it started, since it was asked last."""

    def __init__(self):
        self._ended = self._living = 0.0

    def since(self, look):
        """Seconds since the last call. look: whether to look for processes that still run, which takes a while."""
        ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime
        living = _living() if look else self._living
        # what has ended without being waited for is lost: less is said, never more
        used = max(0.0, ended - self._ended + living - self._living)
        self._ended, self._living = ended, living
        return used


def _living():
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


METER = Meter()
STARTED = time.monotonic()


def pytest_collection_finish():
    """Do not count what was imported."""
    METER.since(look=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Write the CPU seconds into the report, which goes to the process that prints the table."""
    report = yield
    last = call.when == "teardown" and item.get_closest_marker("slow") is not None
    report.cpu = METER.since(look=last)
    return report


def pytest_terminal_summary(terminalreporter, config):
    """Print the table, in runs with several workers."""
    workers = getattr(config.option, "numprocesses", None)
    if not workers:
        return
    tests = seconds_of_tests(report for reports in terminalreporter.stats.values() for report in reports)
    terminalreporter.section("seconds by folder")
    for line in table(tests, time.monotonic() - STARTED, workers):
        terminalreporter.write_line(line)
    from tests.notebooks.executed import timings  # here, since it loads the course

    for line in notebooks(timings()):
        terminalreporter.write_line(line)


def seconds_of_tests(reports):
    """{nodeid: [seconds, CPU seconds]} with setup and teardown, from what pytest has collected."""
    tests = defaultdict(lambda: [0.0, 0.0])
    for report in reports:
        if hasattr(report, "when") and hasattr(report, "duration"):
            tests[report.nodeid][0] += report.duration
            tests[report.nodeid][1] += getattr(report, "cpu", 0.0)
    return dict(tests)


def table(tests, wall, workers):
    """The lines of the table: folders by their seconds, the sum, and the longest tests."""
    folders = defaultdict(lambda: [0, 0.0, 0.0])
    for nodeid, (seconds, cpu) in tests.items():
        row = folders[os.path.dirname(nodeid.split("::", 1)[0])]
        for place, value in enumerate((1, seconds, cpu)):
            row[place] += value
    yield f"{'seconds':>9} {'CPU':>7} {'tests':>6}"
    for folder, (count, seconds, cpu) in sorted(folders.items(), key=lambda item: -item[1][1]):
        yield f"{seconds:9.1f} {cpu:7.1f} {count:6d}  {folder}"
    seconds, cpu = (sum(row[place] for row in folders.values()) for place in (1, 2))
    busy = seconds / (wall * workers) if wall else 0
    yield f"{seconds:9.1f} {cpu:7.1f} {len(tests):6d}  together; {wall:.0f} s on {workers} workers, {busy:.0%} busy"
    yield f"the {LONGEST} longest tests"
    for nodeid, (seconds, cpu) in sorted(tests.items(), key=lambda item: -item[1][0])[:LONGEST]:
        yield f"{seconds:9.1f} {cpu:7.1f}         {nodeid}"


def notebooks(timings):
    """The lines about notebooks, for (path, stamp of its executed copy): whoever is over the budget is marked."""
    rows = sorted(timings, key=lambda row: -row[1]["cpu"])
    if rows:
        yield "notebooks, each executed once on one core"
    for path, stamp in rows:
        budget = BUDGETS[path.parts[0]]
        over = f"  OVER the budget of {budget} s" if stamp["cpu"] > budget else ""
        yield f"{stamp['seconds']:9.1f} {stamp['cpu']:7.1f}         {path}{over}"
