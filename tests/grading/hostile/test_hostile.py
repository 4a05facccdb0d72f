"""Hostile submissions: none gains a point, none harms the next student, and each attack works where nobody defends."""

import os

import pytest

from course.grading import runner
from course.grading.sandbox.inside import attempts
from course.grading.worker import work
from tests.grading.hostile.attack import FULL, SOURCE, honest
from tests.grading.hostile.submissions import ATTACKS, SEEN
from tests.grading.hostile.world import SECRET, World
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The surroundings, with a secret in the grader's environment and decoys in its working directory."""
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("grader")
    before = os.getcwd()
    os.environ["COURSE_SECRET"] = SECRET
    world = World(folder)  # its plain process starts in the checkout
    os.chdir(folder)
    yield world
    os.chdir(before)
    del os.environ["COURSE_SECRET"]
    world.close()


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
