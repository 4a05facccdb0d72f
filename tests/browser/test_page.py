"""The page of a lecture in JupyterLab and as an export: themes, guesses by keyboard, folded code, slides."""

import nbformat
import pytest

from course.notebooks.export import export

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PICTURE = """from course import figures, widgets
figures.show(figures.named_bars(["one", "two"], [1, 2]))"""
CHOICE = """guess = widgets.Guess("Which is larger?", ["one", "two"])
guess"""
NUMBER = """number = widgets.Guess("How large is two?", number=(0, 10), step=0.5)
number"""
ANSWER = """guess.answer("Two is.", lambda g: figures.named_bars(["one", "two"], [1, 2], guess=g))
number.answer(
    "It is 2.",
    lambda g: figures.named_bars(["one", "two"], [1, 2], guess=None if g is None else ("two", g)),
)"""


@pytest.fixture
def lecture(lab, page):
    """A notebook with a picture, two guesses and their answers, open and executed."""
    lab.notebook("page.ipynb", PICTURE, CHOICE, NUMBER, ANSWER)
    lab.open(page, "page.ipynb")
    lab.run_all(page)
    page.locator(".course-guess input").first.wait_for()
    return page.locator(".jp-Notebook")


def seen(figure):
    """Which of the two pictures of a figure is seen: "light" or "dark"."""
    images = figure.locator("img")
    assert images.count() == 2
    visible = [name for name, number in (("light", 0), ("dark", 1)) if images.nth(number).is_visible()]
    assert len(visible) == 1
    return visible[0]


def test_a_picture_follows_the_theme_without_a_new_run(lecture, page, screenshot):
    """When JupyterLab turns dark and light again, does the picture that is there do so as well?"""
    figure = lecture.locator(".course-figure").first
    assert seen(figure) == "light"
    for theme in ("Dark", "Light"):
        change = f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
        page.evaluate(change)
        page.locator(f"body[data-jp-theme-name='JupyterLab {theme}']").wait_for(state="attached")
        assert seen(figure) == theme.lower()
        screenshot(lecture, f"page_{theme.lower()}")


def test_a_guess_by_keyboard(lecture, page):
    """Can a choice and a number be made by keys alone, seen in the pictures at once, without JupyterLab's shortcuts?"""
    captions = lecture.locator(".course-figure figcaption")
    assert captions.all_inner_texts() == ["Two is.", "It is 2."]
    first, second = lecture.locator(".course-guess input[type=radio]").all()
    first.focus()
    page.keyboard.press("Space")
    lecture.get_by_text("Your guess: one. Two is.").wait_for()
    page.keyboard.press("ArrowDown")
    lecture.get_by_text("Your guess: two. Two is.").wait_for()
    assert "your guess: two" in lecture.locator(".course-figure img").nth(2).get_attribute("alt").lower()
    for key in ("r", "m", "y", "a", "d", "d"):  # JupyterLab's: raw, Markdown, code, insert above, delete
        page.keyboard.press(key)
    box = lecture.locator(".course-guess input[type=number]")
    box.focus()
    page.keyboard.type("3.5")
    page.keyboard.press("Enter")
    lecture.get_by_text("Your guess: 3.5. It is 2.").wait_for()
    cells = page.evaluate("jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.type)")
    assert cells == ["code"] * 4
    lecture.get_by_role("button", name="Clear").first.click()
    lecture.get_by_text("Your guess: two. Two is.").wait_for(state="detached")


def test_a_guess_has_names(lecture):
    """Can a screen reader name the question, each choice, the number and the buttons?"""
    assert lecture.get_by_role("group", name="Guess. Which is larger?").count() == 1
    assert [lecture.get_by_role("radio", name=name).count() for name in ("one", "two")] == [1, 1]
    assert lecture.get_by_role("spinbutton", name="From 0 to 10").count() == 1
    assert lecture.get_by_role("button", name="Guess").count() == 1


@pytest.fixture
def exported(tmp_path):
    """exported(kind): the address of a small lecture, exported."""
    v4 = nbformat.v4
    picture = '<figure class="course-figure"><style></style><p>a picture</p></figure>'
    cells = [
        v4.new_markdown_cell("# A lecture\n\n$$\\sum_i w_i^2$$", id="l1-title", metadata=slide("slide")),
        v4.new_markdown_cell("More of it.", id="l1-more", metadata=slide("fragment")),
        v4.new_code_cell("draw()", id="l1-draw", metadata=slide("subslide") | {"jupyter": {"source_hidden": True}},
                         outputs=[v4.new_output("display_data", {"text/html": picture})]),
        v4.new_markdown_cell("Left out.", id="l1-skip", metadata=slide("skip")),
    ]  # fmt: skip
    path = tmp_path / "lecture.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return lambda kind: export(path, kind, tmp_path).as_uri()


def slide(kind):
    return {"slideshow": {"slide_type": kind}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_exported_page(exported, page, scheme, screenshot):
    """Is an exported page light or dark as the reader's system is, its formula drawn, its code one click away?"""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    address = exported("page")
    page.goto(address)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    formula = page.locator("math").bounding_box()
    assert formula["height"] > 24 and page.get_by_text("sum_i").first.is_hidden()
    assert not page.get_by_text("draw()").is_visible() and page.get_by_text("a picture").is_visible()
    page.locator("summary", has_text="Code").click()
    assert page.get_by_text("draw()").is_visible()
    screenshot(page, f"export_{scheme}")
    assert asked == [address] and page.problems == []


def test_exported_slides(exported, page):
    """Do the arrow keys go through the slides, with a fragment added to its slide and skipped cells left out?"""
    page.goto(exported("slides"))

    def shown():
        texts = "A lecture", "More of it.", "a picture", "Left out."
        return [text for text in texts if page.get_by_text(text).is_visible()]

    assert shown() == ["A lecture"]
    page.keyboard.press("ArrowRight")
    assert shown() == ["A lecture", "More of it."]
    page.keyboard.press("Space")
    assert shown() == ["a picture"]
    page.keyboard.press("ArrowRight")
    assert shown() == ["a picture"] and page.get_by_role("status").inner_text() == "3 of 3"
    page.keyboard.press("Home")
    assert shown() == ["A lecture"]
    page.goto(page.url.split("#")[0] + "#3")
    page.reload()
    assert shown() == ["a picture"] and page.problems == []
