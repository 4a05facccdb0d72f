"""The form of a lecture's page: what is open and what is folded, minutes, guesses, terms, what *Notice* may say."""

import ast
import re

import nbformat
import pytest

from course.notebooks.canonical import is_folded, read
from tests.notebooks.executed import LECTURES, executed, guessed, html

SETUP = 8  # lines
OPEN = 10  # lines of code that a cell shows
DRAWING = {"Sliders", "Notice", "answer", "Guess"}  # what belongs into a folded cell, wherever it is called from

every_lecture = pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def lines(cell):
    """The lines of a cell that are not empty."""
    return [line for line in cell.source.split("\n") if line.strip()]


def calls(source):
    """The last names of all that is called: "answer" for `guess.answer(...)`."""
    called = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {getattr(function, "attr", getattr(function, "id", None)) for function in called}


def code(source, folded=False):
    metadata = {"jupyter": {"source_hidden": True}} if folded else {}
    return nbformat.v4.new_code_cell(source, id="l1-a-cell", metadata=metadata)


def too_open(cell):
    """Why the code of this cell should not be open; an empty list if it may be, or is folded."""
    if is_folded(cell):
        return []
    found = [f"{len(lines(cell))} lines"] if len(lines(cell)) > OPEN else []
    found += ["fmt: skip"] if "fmt: skip" in cell.source else []
    found += [f"draws: {name}" for name in sorted(calls(cell.source) & DRAWING)]
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(cell.source)))
    return found + ["assert"] * asserts


@every_lecture
def test_setup_is_short(path):
    """Is the first code cell folded and short, does it import one namespace a folder, and take the course's look?"""
    notebook = read(path)
    setup = code_cells(notebook)[0]
    assert is_folded(setup) and len(lines(setup)) <= SETUP and "from course import" in setup.source
    assert "figures.style.use()" in setup.source, "without it pictures have matplotlib's look, and labels are cut off"
    deep = [cell.id for cell in code_cells(notebook) if re.search(r"^\s*(from|import) course\.", cell.source, re.M)]
    assert deep == [], "a name of the course comes from a namespace: figures.confusion"


@every_lecture
def test_only_what_is_taught_is_open(path):
    """Is open code ten lines or less, without layout comments, drawing and comparisons; is the rest folded?"""
    notebook = read(path)
    assert {cell.id: found for cell in code_cells(notebook) if (found := too_open(cell))} == {}
    folded = sum(is_folded(cell) for cell in code_cells(notebook))
    assert 0.4 < folded / len(code_cells(notebook)) < 0.9


def test_open_code_is_found():
    """Would the test above notice long code, layout comments, drawing and comparisons, and leave folded code alone?"""
    assert too_open(code("x = 1\n" * 11)) == ["11 lines"] and too_open(code("x = 1\n\n" * 10)) == []
    assert too_open(code("x = [1,\n     2]  # fmt: skip")) == ["fmt: skip"]
    assert too_open(code("guess.answer('1', draw)\nassert x")) == ["draws: answer", "assert"]
    assert too_open(code("assert x\n" * 20, folded=True)) == []


@every_lecture
def test_a_comparison_that_fails_says_a_sentence(path):
    """Has every assert of a lecture words for the reader who changed something?"""
    silent = [
        (cell.id, node.lineno)
        for cell in code_cells(read(path))
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Assert) and node.msg is None
    ]
    assert silent == []


def minutes(notebook):
    """({section: minutes} of the headings, {section: minutes} of the table at the top, the sum that the table says)."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^## (.+?)(?: \((\d+) minutes?\))?$", prose, re.M)
    table = re.findall(r"^\| (.+?) \| (\d+) \|$", notebook.cells[0].source, re.M)
    rows = {name: int(number) for name, number in table}
    total = rows.pop("all, with breaks of your own", None)
    return {name: int(number or 0) for name, number in headings}, rows, total


@every_lecture
def test_minutes_are_stated(path):
    """Does every section say its minutes, and the table at the top the same ones and more than their sum?"""
    headings, table, total = minutes(read(path))
    assert headings and all(headings.values()) and table == headings
    assert 0 <= total - sum(table.values()) <= 0.15 * total + 10


def guesses(notebook):
    """{name of a guess: (cell that asks, cells that answer)}."""
    found = {}
    for number, cell in enumerate(code_cells(notebook)):
        for name in re.findall(r"^(\w+) = widgets\.Guess\(", cell.source, re.M):
            found[name] = (number, [])
        for name in re.findall(r"^(\w+)\.answer\(", cell.source, re.M):
            found[name][1].append(number)
    return found


@every_lecture
def test_every_guess_is_made_and_answered(path):
    """Is each guess asked by a control that its cell shows, and answered by a picture in a later cell, never before?"""
    notebook = read(path)
    found = guesses(notebook)
    assert len(found) >= 5
    for name, (asked, answered) in found.items():
        assert answered and min(answered) > asked, f"{name} is asked and not answered, or answered too early"
        assert lines(code_cells(notebook)[asked])[-1] == name, f"the cell of {name} should end with its name"
    prose = [cell.id for cell in notebook.cells if cell.cell_type == "markdown" and "**Guess.**" in cell.source]
    assert prose == [], "a guess is made with widgets.Guess, not only asked for"


@pytest.mark.slow
@every_lecture
def test_pictures_show_the_guess(path):
    """With each guess made, does its picture say it beside the truth; and without one, does the truth stand alone?"""
    notebook = executed(path)
    shown = guessed(notebook)
    assert len(shown) == len(guesses(read(path)))
    for question, answers in shown.items():
        assert answers, question
        for answer in answers:
            caption = answer["caption"]
            assert caption.startswith("Your guess: ") and caption.endswith(answer["truth"]), question
            assert len(answer["truth"]) > 10 and len(answer["alt"]) > 20
    marked = [any("Marked as your guess" in answer["alt"] for answer in answers) for answers in shown.values()]
    assert sum(marked) > 0.8 * len(marked), "most guesses can be marked in the picture itself"
    captions = [page for _, page in html(notebook) if "<figcaption>" in page]
    assert len(captions) >= len(shown) and not any("Your guess" in page for page in captions)


# words of a measured comparison; a *Notice* that uses one is computed by the cell (figures.Notice)
MEASURED = re.compile(
    r"\b(accura\w+|error\w*|loss|mistake\w*|probe|faster|slower|better|worse|nearly|almost)\b|\d ?%", re.I
)
NOT_MEASURED = {
    "l1-jump-notice": "how to read percentages",
    "l1-demo1-notice": "ln 10 follows from ten classes; the cells above compare it with the untrained net",
}


def claims(cell):
    """The words in a Notice of prose that speak of measurements; answers to check-yourself questions apart."""
    text = re.sub(r"<details>.*?</details>", "", cell.source, flags=re.S)
    return [found[0] for found in MEASURED.finditer(text)] if "**Notice.**" in text else []


@every_lecture
def test_notices_about_numbers_are_computed(path):
    """Does no Notice of prose speak of what was measured? That stands in figures.Notice, with its numbers."""
    cells = {cell.id: cell for cell in read(path).cells if cell.cell_type == "markdown"}
    assert {i: words for i, cell in cells.items() if i not in NOT_MEASURED and (words := claims(cell))} == {}
    prose = nbformat.v4.new_markdown_cell("**Notice.** The errors fall.\n<details>Better.</details>")
    assert claims(prose) == ["errors"]


def texts(notebook):
    """Yield (cell id, text) of all that the cells printed or showed as Markdown."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            yield cell.id, output.get("text", "") + output.get("data", {}).get("text/markdown", "")


@pytest.mark.slow
@every_lecture
def test_every_computed_notice_holds(path):
    """Does each sentence of a computed Notice hold for the data of this machine, and is none "-0.0000"?"""
    said = list(texts(executed(path)))
    assert sum("**Notice.**" in text for _, text in said) >= 5
    assert [(cell_id, text) for cell_id, text in said if "Not so with the numbers above" in text] == []
    assert [(cell_id, text) for cell_id, text in said if re.search(r"-0\.0+\b(?!\d)", text)] == []


def trained(source):
    """(names that are trained, names that are made from `MLP`) in a cell."""
    tree = ast.parse(source)
    train = [node.args[0] for node in ast.walk(tree) if isinstance(node, ast.Call) and calls_train(node)]
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and "MLP" in calls(ast.unparse(node.value))]
    return {ast.unparse(net) for net in train}, {ast.unparse(target) for node in made for target in node.targets}


def calls_train(node):
    return getattr(node.func, "attr", "") == "train" and node.args


@every_lecture
def test_to_run_again_is_to_start_anew(path):
    """Does a cell that asks to be changed and run again make the nets that it trains?"""
    again = [cell for cell in code_cells(read(path)) if "run again" in cell.source]
    assert {cell.id: old for cell in again if (old := trained(cell.source)[0] - trained(cell.source)[1])} == {}
    assert trained("net = nn.MLP([1, 2])\nnn.train(net, x, y)\nnn.train(old, x, y)") == ({"net", "old"}, {"net"})


# lecture 1: (term, how it may be written); its first use is in the cell that explains it, in bold type, or later
TERMS = {
    "held-out": r"held-out", "test": r"\btest\** set", "neuron": r"\bneurons?\b", "weight": r"\bweights?\b",
    "layer": r"\blayers?\b", "loss": r"\bloss\b", "gradient": r"\bgradients?\b",
    "learning rate": r"learning rate|\blr\b", "mini-batch": r"mini-batch|batch_size", "epoch": r"\bepochs?\b",
    "momentum": r"\bmomentum\b", "deep": r"\bdeep(er)? (net(?!s?: more)|neural)", "hidden": r"\bhidden\b",
    "bias": r"\bbias\b", "parameters": r"\bparameters\b", "representation": r"\brepresentations?\b",
    "probe": r"\bprobe\b", "features": r"\bfeatures\b", "classifier": r"\bclassifier\b", "dense": r"\bdense\b",
    "convolutional net": r"\bconvnet\b|\bconvolutional\b", "flatten": r"\bflatten\b", "template": r"\btemplates?\b",
    "activation function": r"\bactivation\b", "rectified linear unit": r"\bReLU\b|\brelu\b", "logits": r"\blogits?\b",
    "categorical cross-entropy": r"\bcross-entropy\b", "one-hot": r"\bone-hot\b",
    "gradient descent": r"\bgradient descent\b", "finite differences": r"\bfinite differences\b",
    "hyperparameters": r"\bhyperparameters?\b", "Backpropagation": r"\b[Bb]ackpropagation\** finds\b",
}  # fmt: skip
INTRODUCTION = {"l1-title", "l1-setup", "l2-title", "l2-setup"}  # says what will be learned, and loads tools
EARLIER = {"deep": "section 1.1 quotes the news of 2012"}  # terms that may be heard before they are explained


def shown_to_the_reader(notebook):
    """(cell id, text) of prose and open code; answers to check-yourself questions and errata apart."""
    for cell in notebook.cells:
        if cell.id not in INTRODUCTION and not is_folded(cell):
            yield cell.id, re.sub(r"<details>.*?</details>", "", cell.source, flags=re.S)


def unexplained(cells, term, pattern):
    """The id of the cell that uses a term before one explains it in bold type; None if there is none."""
    used = next(number for number, (_, text) in enumerate(cells) if re.search(pattern, text))
    plural = f"**{term}" if not term.endswith("s") else f"**{term[:-1]}"
    return None if plural.lower() in cells[used][1].lower() else cells[used][0]


@pytest.mark.parametrize("term", [term for term in TERMS if term not in EARLIER])
def test_lecture_1_explains_before_it_uses(term):
    """Is each term explained, in bold type, in the cell where a reader first meets it?"""
    assert unexplained(list(shown_to_the_reader(read(LECTURES[0]))), term, TERMS[term]) is None


# lecture 2: terms that lecture 1 does not explain
TERMS_2 = {
    "tensor": r"\btensors?\b(?!\()", "automatic differentiation": r"\bautomatic differentiation\b",
    "finite differences": r"\bfinite differences\b", "convolution": r"\bconvolution(al|s)?\b", "map": r"\bmaps?\b",
    "channel": r"\bchannels?\b", "inception module": r"\binception modules?\b", "reduction": r"\breductions?\b",
    "GoogLeNet": r"\bGoogLeNet\b", "VGG-16": r"\bVGG\b",
}  # fmt: skip


@pytest.mark.parametrize("term", TERMS_2)
def test_lecture_2_explains_before_it_uses(term):
    """Is each term that lecture 1 leaves open explained, in bold type, where a reader first meets it?"""
    assert unexplained(list(shown_to_the_reader(read(LECTURES[1]))), term, TERMS_2[term]) is None


# lecture 3: terms that lectures 1 and 2 do not explain, or that it explains anew
TERMS_3 = {
    "perceptron": r"\b[Pp]erceptron\b", "depth": r"\bdepth\b", "width": r"\bwidth\b", "map": r"\bmaps?\b(?!_)",
    "convolution": r"\bconvolutions?\b", "kernel": r"\bkernels?\b", "stride": r"\bstride\b(?!_)",
    "padding": r"\bpadding\b", "cross-correlation": r"\bcross-correlation\b", "channel": r"\bchannels\b",
    "equivariant": r"\bequivariant\b", "receptive field": r"\breceptive fields?\b",
    "Max pooling": r"\b[Mm]ax pooling\b",
    "translation invariance": r"\binvarian(t|ce)\b", "overfitting": r"\boverfitting\b", "dropout": r"\bdropout\b",
    "embedding": r"\bembeddings?\b", "PCA": r"\bPCA\b", "t-SNE": r"\bt-SNE\b", "transfer": r"\btransfer\b",
    "regulariser": r"\bregulariser\b", "jitter": r"\bjitter\b",
}  # fmt: skip
# they announce what a later section explains, or only use its name for a variable
ANNOUNCE_3 = {"l3-title", "l3-changed-text", "l3-plan-text", "l3-resnet-text", "l3-resnet"}


@pytest.mark.parametrize("term", TERMS_3)
def test_lecture_3_explains_before_it_uses(term):
    """Is each term of convnets explained, in bold type, where a reader first meets it?"""
    cells = [
        (cell_id, re.sub(r"^#.*", "", text, flags=re.M))  # a heading may name what its section explains
        for cell_id, text in shown_to_the_reader(read(LECTURES[2]))
        if cell_id not in ANNOUNCE_3
    ]
    assert unexplained(cells, term, TERMS_3[term]) is None
