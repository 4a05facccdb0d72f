"""Which copy of a file is taken: cache, local folder, download; and what is said about it."""

import gzip

import pytest

from course.data import DataError, store
from tests.unit.data.conftest import closed_port, data_file, listing

CONTENT = b"Now is the winter of our discontent"
FILE = data_file("text/richard.txt", CONTENT)


def put(folder, name=FILE.path, content=CONTENT):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def local(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "local"))
    return tmp_path / "local"


def test_cache_before_local_before_download(cache, local, mirror):
    """Is the order the cache, COURSE_DATA_DIR, then a mirror?"""
    mirror.answers["/richard"] = ("good", CONTENT)
    urls = [mirror.url + "/richard"]
    there, here = put(local), put(cache)
    assert store.find(FILE, urls) == (here, "cache")
    here.unlink()
    assert store.find(FILE, urls) == (there, "local")
    assert mirror.requests == []
    there.unlink()
    assert store.find(FILE, urls) == (here, "download")
    assert store.find(FILE, urls) == (here, "cache")
    assert mirror.requests == ["/richard"]
    assert listing(local) == []  # the instructor's folder is only read


@pytest.mark.parametrize("packed", [False, True])
def test_packed_or_plain_copies_are_found(local, packed):
    """Does a local copy serve, packed or plain, whatever the usual name is?"""
    path = put(local, FILE.path + packed * ".gz", gzip.compress(CONTENT) if packed else CONTENT)
    for file in (FILE, data_file("text/richard.txt.gz", CONTENT)):
        assert store.locate(file) == (path, "local")
        assert store.read(file, path, "local") == CONTENT


def test_nothing_anywhere(cache):
    """Is a file that is nowhere None, with a reason, and no folder made for it?"""
    gone = closed_port()
    assert store.why_missing(FILE, [gone + "/x"]) == ""
    assert store.find(FILE, [gone + "/x"]) is None
    assert gone.removeprefix("http://") in store.why_missing(FILE, [gone + "/x"])
    assert not cache.exists()


def test_a_failure_is_not_repeated(mirror):
    """Is a server that failed left alone for the rest of the process, for its other files too?"""
    for name in ("one", "two"):
        assert store.find(data_file(name, CONTENT), [f"{mirror.url}/{name}"]) is None
    assert mirror.requests == ["/one"]


def test_damage_is_reported_each_time(mirror, cache):
    """Can a download that came wrong be tried again by running the cell again?"""
    mirror.answers["/richard"] = ("good", b"Now is the")
    with pytest.raises(DataError, match=r"richard\.txt"):
        store.find(FILE, [mirror.url + "/richard"])
    mirror.answers["/richard"] = ("good", CONTENT)
    assert store.find(FILE, [mirror.url + "/richard"]) == (cache / FILE.path, "download")


@pytest.mark.parametrize("value, forbidden", [("1", True), ("yes", True), ("0", False), ("", False), ("false", False)])
def test_downloads_can_be_forbidden(mirror, monkeypatch, value, forbidden):
    """Does COURSE_OFFLINE=1 keep the network out, and COURSE_OFFLINE=0 not?"""
    monkeypatch.setenv("COURSE_OFFLINE", value)
    mirror.answers["/richard"] = ("good", CONTENT)
    found = store.find(FILE, [mirror.url + "/richard"])
    assert (found is None) == forbidden == (mirror.requests == [])
    assert ("COURSE_OFFLINE" in store.why_missing(FILE)) == forbidden


def test_other_mirrors_by_environment(mirrors, monkeypatch):
    """Does COURSE_DATA_MIRRORS replace the mirrors, each laid out as the data folder?"""
    monkeypatch.setenv("COURSE_DATA_MIRRORS", f"{mirrors[0].url}/none/ {mirrors[1].url}/course")
    mirrors[1].answers["/course/text/richard.txt"] = ("good", CONTENT)
    usual = data_file(FILE.path, CONTENT, closed_port() + "/usual")
    assert store.find(usual)[1] == "download"
    assert mirrors[0].requests == ["/none/text/richard.txt"]


def test_without_other_mirrors_the_usual_ones_are_asked(mirror):
    """Are the addresses of the file itself used when nothing else is said?"""
    mirror.answers["/usual"] = ("good", CONTENT)
    assert store.find(data_file(FILE.path, CONTENT, mirror.url + "/usual"))[1] == "download"


@pytest.mark.parametrize("source, advice", [("cache", "Delete that file"), ("local", "unset COURSE_DATA_DIR")])
def test_a_damaged_copy_is_reported(cache, local, source, advice):
    """Is a damaged file on disk an error with its path, both sums and the remedy, and is the file left alone?"""
    path = put(cache if source == "cache" else local, content=b"damaged")
    with pytest.raises(DataError) as caught:
        store.read(FILE, *store.find(FILE))
    for part in (str(path), FILE.sha256, advice):
        assert part in str(caught.value)
    assert path.read_bytes() == b"damaged"


def test_the_default_cache_is_the_systems(monkeypatch):
    """Without COURSE_CACHE_DIR, is the cache a folder of the course, and `~` the home where it is set?"""
    monkeypatch.delenv("COURSE_CACHE_DIR")
    assert "deep-learning-course" in str(store.cache_dir())
    monkeypatch.setenv("COURSE_CACHE_DIR", "~/kept")
    assert store.cache_dir().is_absolute() and store.cache_dir().name == "kept"


def test_a_source_is_said_once(capsys):
    """Is each source named once, a download not again as the cache, and another source again?"""
    for source in ("download", "cache", "offline", "offline"):
        store.say("digits", source, f"from {source}")
    assert capsys.readouterr().out.split("\n") == ["from download", "from offline", ""]


def test_a_data_folder_that_is_none(local, capsys):
    """Does a mistyped COURSE_DATA_DIR show?"""
    store.say("digits", "offline", "Digits.")
    assert f"COURSE_DATA_DIR is set to {local}, which is not a folder" in capsys.readouterr().out
