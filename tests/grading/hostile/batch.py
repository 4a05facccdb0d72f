"""The next student: one honest submission is graded after each batch of attacks, not after each attack.

Within a batch each attack is the next student of the one before it, and must get exactly its own marks. What harms only
honest ones shows at the end of the batch, which is then played again, attack by attack, to say who did it.
"""

import pytest

SIZE = 10


class Batch:
    """The attacks since an honest submission was graded last.

    play: function of a name that grades this attack once more. trouble: function that grades an honest submission and
    returns what is wrong with it, or "".
    """

    def __init__(self, play, trouble, size=SIZE):
        self._play, self._trouble, self._size, self._names = play, trouble, size, []

    def add(self, name):
        """An attack was graded; if the batch is full, look whether it has harmed the next student."""
        self._names.append(name)
        if len(self._names) >= self._size:
            self.check()

    def check(self):
        """Grade an honest submission; if something is wrong with it, fail with the name of the attack."""
        names, self._names = self._names, []
        said = self._trouble() if names else ""
        if not said:
            return
        if again := self._trouble():
            pytest.fail(f"after {', '.join(names)} an honest submission is not graded well any more: {again}")
        for name in names:
            self._play(name)
            if found := self._trouble():
                pytest.fail(f"{name} harms the next student: {found}")
        pytest.fail(f"{', '.join(names)} harmed the next student, but none of them does so alone: {said}")
