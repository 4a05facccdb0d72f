"""Hostile submissions: none gains a point, none harms the next student, and each attack works where nobody defends."""

import os
import tempfile

import pytest

from course.grading.classroom.worker import work
from course.grading.run import runner
from course.grading.sandbox.inside import attempts
from tests.grading.hostile import breaking, counting, protocol, reading
from tests.grading.hostile.attack import FULL, SOURCE, honest
from tests.grading.hostile.submissions import ATTACKS, SEEN
from tests.grading.hostile.world import SECRET, World
from tests.grading.sandbox.as_user import run_as_user
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world():
    """The surroundings, with a secret in the grader's environment and decoys in its working directory."""
    require_bubblewrap()
    before = os.getcwd()
    os.environ["COURSE_SECRET"] = SECRET
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:  # not in /tmp: that is a student's own inside
        world = World(folder)  # its plain process starts in the checkout
        os.chdir(folder)
        yield world
        os.chdir(before)
        world.close()
    del os.environ["COURSE_SECRET"]


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_gains_nothing_and_harms_nobody(name, world):
    """Does the attack work in the weak way, get exactly its marks here, and leave the next student alone?"""
    attack = ATTACKS[name]
    attack.shown(attack, world)
    assert world.left() == [] and not world.heard() and not world.proof(), "showing it has left something"
    found = work(attack.content(world), SOURCE, attack.limits)
    after = work(honest(), SOURCE)
    assert found["points"] == attack.plan()
    assert after["points"] == FULL and after["notes"] == []
    assert name not in SEEN or SEEN[name] in found["attempts"]
    assert after["attempts"] == []
    assert found["isolation"] == "bubblewrap"
    assert world.left() == [], "a process lives on"
    assert not world.heard(), "it reached somebody outside"
    assert not world.proof(), "it wrote outside"
    for text in (SECRET, *attack.absent):
        assert text not in found["notebook"], f"the student's page holds {text}"
    assert SECRET not in str(found)
    assert attack.noted in " ".join(found["notes"])
    if attack.afterwards is not None:
        attack.afterwards(found, world)


def test_there_are_enough():
    """Are there at least forty attacks, and is every text about attempts shown by one of them?"""
    assert len(ATTACKS) >= 40 and set(SEEN) <= set(ATTACKS)
    assert set(SEEN.values()) == {*attempts.KINDS, runner.STRANGE}


@pytest.mark.timeout(900)
@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as a user already")
def test_as_an_unprivileged_user():
    """Do the attacks on files, processes, limits and the line fail as well where the grader is not root?"""
    require_bubblewrap()
    names = [name for module in (reading, breaking, counting, protocol) for name in module.ATTACKS]
    chosen = [f"{__file__}::test_attack_gains_nothing_and_harms_nobody[{name}]" for name in names]
    assert f"{len(names)} passed" in run_as_user(*chosen)
