"""The report of a class in a real browser: light, dark, narrow and printed, sorted by keyboard, deaf to scripts."""

import itertools

import pytest

from course.grading.report import page as report
from tests.grading.report import made_up_class as made_up
from tests.grading.report.test_report import EVIL, evil_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """written(name): the address of the page of a class of 12, of 500, or of students who attack it."""
    folder = tmp_path_factory.mktemp("reports")

    def write(name):
        if name == "evil":
            given = evil_class(EVIL)
        else:
            choices = made_up.by_chance(int(name))
            given = (*made_up.graded(choices), made_up.sources(choices))
            given[0]["s003"] |= {"isolation": "weak"}
            given[0]["s004"] |= {"attempts": ["imported torch", "reached for the network"]}
            given[0]["s007"] |= {"usage": {"reason": "cpu time", "cpu": 120.0, "wall": 130.0}}
            given[2]["s009"] = dict(given[2]["s002"])
        return report.write(folder / f"{name}.html", "ps1_activations", *given, made_up.TEMPLATE).as_uri()

    return write


SOON = [(1280, "light", "12"), (360, "dark", "500")]  # each size, theme and class once; the others with the long tests
PICTURES = [pytest.param(*one, marks=[] if one in SOON else pytest.mark.long)
            for one in itertools.product([1280, 360], ["light", "dark"], ["12", "500"])]  # fmt: skip


@pytest.mark.parametrize("width, theme, name", PICTURES)
def test_pictures(written, page, screenshot, name, theme, width):
    """Does the page fit its window, light and dark, wide and narrow, small class and large?"""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(written(name))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg.histogram").count() == 2
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}[theme]
    screenshot(page, f"report_{name}_{theme}_{width}")
    for part in ("questions", "students", "alike"):
        page.locator(f"#{part}").scroll_into_view_if_needed()
        page.evaluate(f"document.getElementById('{part}').scrollIntoView()")
        screenshot(page, f"report_{name}_{theme}_{width}_{part}")
    assert page.problems == []


def test_sorting_by_keyboard(written, page):
    """Does Enter on a heading sort the table by it, down and up, numbers as numbers and those without a mark last?"""
    page.goto(written("12"))
    button = page.locator("#students ~ .wide th", has_text="mark").first.locator("button")
    marks = page.locator("#students ~ .wide tbody tr td:nth-child(2)")
    before = marks.all_inner_texts()
    button.focus()
    page.keyboard.press("Enter")
    assert marks.all_inner_texts() == sorted(before, key=float, reverse=True) != before
    assert button.locator("..").get_attribute("aria-sort") == "descending"
    page.keyboard.press("Enter")
    assert marks.all_inner_texts() == sorted(before, key=float)
    page.locator("#students ~ .wide th button", has_text="student").focus()
    page.keyboard.press("Space")
    names = page.locator("#students ~ .wide tbody th").all_inner_texts()
    assert names == sorted(names)
    assert page.problems == []


def test_readable_without_script(written, browser):
    """Is everything there where scripts are switched off?"""
    context = browser.new_context(java_script_enabled=False)
    fresh = context.new_page()
    fresh.goto(written("12"))
    assert fresh.locator("th button").count() == 0 and fresh.locator("#students ~ .wide tbody tr").count() == 12
    fresh.locator("details summary").first.click()
    assert fresh.locator("details").first.locator("caption").is_visible()
    context.close()


def test_attack_is_text(written, page, screenshot):
    """Is nothing run of what students put into names, messages and answers?"""
    dialogs, requests = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    address = written("evil")
    page.goto(address)
    for summary in page.locator("section > details > summary").all():
        summary.click()
    assert dialogs == [] and requests == [address] and page.problems == []
    assert "<script>alert('x')</script>" in page.locator("#students ~ .wide").inner_text()
    screenshot(page, "report_evil")


def test_foreign_script_is_refused(page, tmp_path):
    """If a text ever got into the page unescaped, does the page's own rule keep its script from running?"""
    path, html = tmp_path / "page.html", report.page("ps1", {}, [], {}, {})
    path.write_text(html.replace("<main>", "<main><script>document.title = 'run'</script>"), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.title() == "ps1: report of the class"
    assert len(page.problems) == 1 and "Content Security Policy" in page.problems[0]


def test_printed(written, page, tmp_path):
    """Does it print, on paper's colours also from a dark screen?"""
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(written("12"))
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    data = page.pdf(format="A4", print_background=True)
    assert data.startswith(b"%PDF") and len(data) > 20_000
