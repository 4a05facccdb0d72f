"""Hostile submissions: none gains a point, none harms the next student, and each attack works where nobody defends."""

import os
import tempfile
from unittest import mock

import pytest

from course.grading.classroom.worker import work
from course.grading.run import runner
from course.grading.sandbox.inside import attempts
from tests.grading.hostile.attack import FULL, SOURCE, honest
from tests.grading.hostile.batch import SIZE, Batch
from tests.grading.hostile.submissions import ATTACKS, BY_USER, SEEN
from tests.grading.hostile.world import SECRET, World
from tests.grading.sandbox.as_user import USER, run_as_user
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


@pytest.fixture(scope="module")
def batch(world):
    """Grades an honest submission now and then, and at the end."""
    batch = Batch(lambda name: work(ATTACKS[name].content(world), SOURCE, ATTACKS[name].limits), trouble)
    yield batch
    batch.check()


def trouble():
    """Grade an honest submission. Returns what is not as it should be, or ""."""
    after = work(honest(), SOURCE)
    wrong = {name: points for name, points in after["points"].items() if points != FULL[name]}
    found = {"marks": wrong, "notes": after["notes"], "attempts": after["attempts"]}
    return ", ".join(f"{name} {value}" for name, value in found.items() if value)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_gains_nothing_and_harms_nobody(name, world, batch):
    """Does the attack work in the weak way, get exactly its marks here, and leave the next student alone?"""
    attack = ATTACKS[name]
    if os.geteuid() != USER:  # there it has been shown already
        attack.shown(attack, world)
    assert world.left() == [] and not world.heard() and not world.proof(), "showing it has left something"
    found = work(attack.content(world), SOURCE, attack.limits)
    assert found["points"] == attack.plan()
    assert name not in SEEN or SEEN[name] in found["attempts"]
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
    batch.add(name)


def test_who_harms_the_next_student_is_named():
    """In a batch with one attack that leaves something behind, is it found, by name, when the batch is full?"""
    names, harmed = [f"a{number}" for number in range(SIZE)], []

    def play(name):
        harmed.extend(["marks"] * (name == "a3"))

    batch = Batch(play, lambda: harmed.pop() if harmed else "")
    for name in names[:-1]:
        play(name)
        batch.add(name)
    with pytest.raises(pytest.fail.Exception, match="^a3 harms the next student: marks$"):
        batch.add(names[-1])
    batch.check()  # nobody since then


@pytest.mark.parametrize("said, left", [("none of them does so alone", 1), ("not graded well any more", 9)])
def test_a_batch_that_harms_together(said, left):
    """Is a harm that no attack does alone, or that stays, told with the names of the batch?"""
    troubles = ["marks"] * left
    batch = Batch(lambda name: None, lambda: troubles.pop() if troubles else "")
    batch.add("a1")
    batch.add("a2")
    with pytest.raises(pytest.fail.Exception, match=f"a1, a2 .*{said}"):
        batch.check()


def test_an_honest_submission_in_trouble():
    """Is a worker that gives an honest student less noticed at all?"""
    require_bubblewrap()
    assert trouble() == ""
    with mock.patch.dict(FULL, {"relu-test": 99.0}):
        assert "marks {'relu-test'" in trouble()


def test_there_are_enough():
    """Are there at least forty attacks, and is every text about attempts shown by one of them?"""
    assert len(ATTACKS) >= 40 and set(SEEN) <= set(ATTACKS)
    assert set(SEEN.values()) == {*attempts.KINDS, runner.STRANGE}


@pytest.mark.timeout(900)
@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as a user already")
def test_as_an_unprivileged_user():
    """Do the attacks that ask who the user is fail as well where the grader is not root?"""
    require_bubblewrap()
    chosen = [f"{__file__}::test_attack_gains_nothing_and_harms_nobody[{name}]" for name in BY_USER]
    assert f"{len(BY_USER)} passed" in run_as_user(*chosen)
