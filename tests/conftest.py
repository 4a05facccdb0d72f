"""What all tests share: how each process of a test run starts, and skips counted by reason."""

import os
import sys
from collections import Counter
from pathlib import Path

STARTUP = str(Path(__file__).parent / "startup")
# two workers share two cores: threads that wait for one another cost more than the small arrays of tests
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
if STARTUP not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [STARTUP, os.environ.get("PYTHONPATH")]))
sys.modules.setdefault("rfc3987_syntax", None)  # this process has started already

pytest_plugins = ["tests.spread", "tests.minutes"]


def pytest_terminal_summary(terminalreporter):
    """Say at the end how many tests were skipped, and why."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("skipped, by reason")
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count:4d}  {reason}")


def _reason(report):
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
