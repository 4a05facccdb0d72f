"""A progress bar with the time left, for a loop in a notebook; it ends as one line of text."""

import html
import time

from IPython.display import HTML, display


class _Line(HTML):
    """HTML that reads well as text too."""

    def __init__(self, done, total, text):
        self.text = text
        bar = "" if done == total else f'<progress max="{total}" value="{done}" aria-label="progress"></progress> '
        super().__init__(f"<div>{bar}{html.escape(text)}</div>")

    def __repr__(self):
        return self.text


def progress(items, what):
    """Go through a list and show how far we are: `for share in progress(shares, "training")`.

    The line changes in place and stays as "training: 7 of 7 in 3.2 s".
    """
    items, started = list(items), time.perf_counter()
    total = len(items)
    handle = display(_Line(0, total, f"{what}: 0 of {total}"), display_id=True)
    for done, item in enumerate(items, start=1):
        yield item
        took = time.perf_counter() - started
        text = f"{what}: {done} of {total}, {took / done * (total - done):.0f} s left"
        if done == total:
            text = f"{what}: {total} of {total} in {took:.1f} s"
        if handle is not None:  # outside a notebook there is nothing to update
            handle.update(_Line(done, total, text))
