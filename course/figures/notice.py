"""What to notice in a picture, said with the numbers of this run."""


class Notice:
    """Sentences below a picture, shown as Markdown after the word *Notice*.

    Each is a text, or `(text, holds)` with what makes it true. A sentence that does not hold for the numbers of this
    run, because you changed something, is not left out: it says so. Numbers come in by an f-string.
    """

    def __init__(self, *sentences):
        pairs = [(sentence, True) if isinstance(sentence, str) else sentence for sentence in sentences]
        self.sentences = [(" ".join(text.split()), bool(holds)) for text, holds in pairs]

    @property
    def holds(self):
        """Whether every sentence holds."""
        return all(holds for _, holds in self.sentences)

    def _repr_markdown_(self):
        return "**Notice.** " + " ".join(
            text if holds else f"*(Not so with the numbers above: {text})*" for text, holds in self.sentences
        )

    def __repr__(self):
        return self._repr_markdown_().replace("*", "")
