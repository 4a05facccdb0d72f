"""The ways to show that an attack works where the defence is missing. Each gives a function of (attack, world)."""

from course.grading.classroom.worker import work
from tests.grading.hostile.attack import FULL, SOURCE
from tests.grading.hostile.world import SECRET


def _by_name(attack, world, tests=(), seconds=30):
    if not isinstance(tests, dict):
        tests = dict.fromkeys(tests)
    found = world.plain.run(attack.cells(world, tests), seconds)
    return found, {cell["name"]: cell for cell in found["cells"] if cell["name"]}


def gains(test="relu-test", naive=None):
    """In one process with the tests the attack passes a test that it must not pass. naive: code of a test cell as
    people write them, for attacks that the course's own checks see through wherever they run."""

    def show(attack, world):
        _, cells = _by_name(attack, world, {test: naive})
        assert not cells[test]["failed"], "the attack does not work in one process with the tests"
        assert attack.plan()[test] < FULL[test]

    return show


def passes_visible(test="relu-test", check="check.relu(relu)"):
    """Without hidden cases it gets full marks."""

    def show(attack, world):
        _, cells = _by_name(attack, world, {test: check})
        assert not cells[test]["failed"], "the attack does not pass the visible cases"

    return show


def steals(text=SECRET):
    """In one process with the grader's surroundings it prints what nobody may read."""

    def show(attack, world):
        found, _ = _by_name(attack, world)
        assert text in "".join(cell["printed"] for cell in found["cells"]), "the attack steals nothing"

    return show


def prints(text="BOOM"):
    """In an ordinary process it gets as far as it wants."""

    def show(attack, world):
        found, _ = _by_name(attack, world)
        assert text in "".join(cell["printed"] for cell in found["cells"]), "the attack does not get far"

    return show


def writes(attack, world):
    """In one process with the grader's surroundings it leaves a file or changes a mark."""
    _by_name(attack, world)
    assert world.proof(), "the attack writes nothing"


def calls(attack, world):
    """From a process without a sandbox it reaches a listener."""
    _by_name(attack, world)
    assert world.heard(), "the attack reaches nobody"


def stays(attack, world):
    """In an ordinary kernel its processes live on."""
    _by_name(attack, world)
    left = world.left()
    world.end_left()
    assert left, "the attack leaves nothing behind"


def hangs(*tests):
    """In an ordinary process it takes all the time that there is."""

    def show(attack, world):
        found, _ = _by_name(attack, world, tests, 1)
        assert not found["finished"], "the attack ends by itself"

    return show


def ends(*tests):
    """In an ordinary process nothing is graded after it."""

    def show(attack, world):
        found, _ = _by_name(attack, world, tests, 20)
        assert not found["finished"], "the attack does not end the process"

    return show


def booms(text="BOOM", **raised):
    """With one limit raised it gets as far as it wants."""

    def show(attack, world):
        found = work(attack.content(world), SOURCE, {**attack.limits, **raised})
        assert text in found["notebook"], "the attack goes off under no limit"

    return show
