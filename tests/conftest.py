"""What all tests share: a temporary cache for data where a test asks for it, and skips counted by reason."""

from collections import Counter

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
