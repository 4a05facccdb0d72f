"""Which frame comes next, and which goes when there are too many."""

from hypothesis import given
from hypothesis import strategies as st

from course.widgets.frames import Frame, Frames, key_of


def frame(size=10):
    return Frame("said", "alt", "", bytes(size))


def made(positions=(3, 5), lengths=(7, 11), **kwargs):
    frames = Frames(lambda axis: lengths[axis], **kwargs)
    frames.move(positions)
    return frames


def order(frames, count):
    """The positions that come next, as if each was computed."""
    places = []
    while len(places) < count and (positions := frames.next()):
        places.append(positions)
        frames.keep(key_of(positions), frame())
    return places


def test_nearest_first_and_in_the_direction_of_the_move():
    """After a step down the second axis, do its nearest states come first, below before above?"""
    frames = made((3, 6))
    frames.move((3, 5))
    assert order(frames, 5) == [(3, 4), (3, 6), (3, 3), (3, 7), (3, 2)]


def test_the_axis_that_moved_last():
    """Does the work go on along another axis as soon as that one is moved?"""
    frames = made()
    frames.move((3, 6))
    order(frames, 3)
    frames.move((4, 6))
    assert order(frames, 3) == [(5, 6), (3, 6), (6, 6)]


def test_the_whole_line_and_no_more():
    """Do all other positions of the axis come once, and then nothing?"""
    frames = made()
    frames.axis = 1
    assert sorted(order(frames, 99)) == [(3, k) for k in range(11) if k != 5]
    assert frames.next() is None


def test_nothing_before_the_first_move():
    """Does nothing come while no control was touched?"""
    assert made().next() is None


def test_between_two_positions():
    """Where the control stands between two positions, or nowhere, does the work start at its first one?"""
    frames = made((3, "@1234"))
    frames.axis = 1
    assert order(frames, 3) == [(3, 1), (3, 2), (3, 3)]


def test_a_foreseen_state_is_found():
    """Is the frame of a state given back when the controls get there, and none for another state?"""
    frames = made()
    kept = frame()
    frames.keep("3,6", kept)
    assert frames.move((3, 6)) is kept
    assert frames.move((3, 7)) is None


def test_the_furthest_goes_first():
    """When the page would keep too much, do frames of other lines go first, and then the furthest?"""
    frames = made(limit=35)
    frames.keep("0,0", frame())
    frames.axis = 1
    frames.keep("3,8", frame())
    frames.keep("3,6", frame())
    assert frames.keep("3,4", frame()) == ["0,0"]
    assert frames.keep("3,3", frame()) == ["3,8"]
    assert frames.keep("3,9", frame()) == ["3,9"]


def test_no_room_for_another():
    """Does it say that it is full, so that nothing is computed in order to be thrown away?"""
    frames = made(limit=35)
    for key in ("3,4", "3,6"):
        frames.keep(key, frame())
        assert not frames.full
    frames.keep("3,7", frame())
    assert frames.full


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 10), st.integers(0, 60)), max_size=40))
def test_never_more_than_the_limit(moves):
    """Whatever is kept in whatever order, is it never more than the limit, and the size never wrong?"""
    frames = made(limit=100)
    for first, second, size in moves:
        frames.move((first, second))
        frames.keep(key_of((first, second)), frame(size))
        assert frames.size == sum(len(one.png) for one in frames.kept.values()) <= 100
