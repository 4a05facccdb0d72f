"""Render a student's text as the pages for students and instructors do: by nbconvert's own steps, within limits.

Runs in a process of its own, see `shown`. Each text is rendered by a fork of it, which the kernel ends when its time is
up: Markdown, Pygments' lexers and HTML's parser take quadratic time, or worse, for some texts.
"""

import binascii
import json
import os
import resource
import signal

from course.grading.rebuild.bounds import ALL_PIXELS
from course.grading.rebuild.picture import pixels

CPU_SECONDS = 1.0
SECONDS = 20.0  # where the machine is so busy that a second of CPU time takes longer
MEMORY = 2**30  # bytes of address space, the programs in it included


def rendered(kind, text, pictures):
    """Return {"size": characters of HTML, "tags": how many, "pixels": of pictures in it}, or None.

    kind: "markdown", "code" or "raw". pictures: {name: characters} of those attached to it; each time one is shown
    counts. None is the answer for a text that takes too long or too much memory, or names pictures that are not there.
    """
    _renderers()  # before the fork: every text needs them
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # the default action of both signals ends a process
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.write(write, json.dumps(_render(kind, text, pictures)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer or "null")


def _renderers():
    from bs4 import BeautifulSoup
    from nbconvert.filters import Highlight2HTML, strip_files_prefix
    from nbconvert.filters.strings import clean_html

    from course.notebooks.formulas import markdown_to_html

    return BeautifulSoup, Highlight2HTML, strip_files_prefix, markdown_to_html, clean_html


def _render(kind, text, pictures):
    """`rendered` in this process; any exception means None."""
    BeautifulSoup, Highlight2HTML, strip_files_prefix, markdown_to_html, clean_html = _renderers()
    if kind == "code":
        html = Highlight2HTML(pygments_lexer="python")(text)
    elif kind == "raw":
        html = clean_html(text)
    else:
        stubs = {name: {"image/png": f"{number}="} for number, name in enumerate(pictures)}
        html = strip_files_prefix(markdown_to_html(text, attachments=stubs))
    soup = BeautifulSoup(html, features="html.parser")
    sizes, size, inside = list(pictures.values()), len(str(soup)), 0
    for image in soup.select("img"):
        source = image.get("src", "")
        if source.startswith("data:image/png;base64,") and source.endswith("="):
            number = source.removeprefix("data:image/png;base64,").removesuffix("=")
            if number.isdecimal() and int(number) < len(sizes):
                size += sizes[int(number)]
                continue
        if source.lower().lstrip().startswith("data:"):
            inside += pixels(binascii.a2b_base64(source.partition(",")[2])) or ALL_PIXELS
    return {"size": size, "tags": len(soup.find_all(True)), "pixels": inside}
