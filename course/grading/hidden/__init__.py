"""Hidden cases, one module an assignment, drawn from a secret of the course. Hidden regions of test cells use them.

A function that draws them takes a random generator and returns cases; `drawn` makes it what a test cell hands over:

    @drawn
    def softmax(rng):
        return [Case("three examples", {"logits": spread(rng, 3, 4)}), ...]

    check.softmax(softmax, cases=hidden.softmax)         # in the hidden region; `hidden` is the module

`hidden.softmax()` gives the cases of the secret in use, each marked as hidden: the same list in every process that has
the same secret, made once and kept, with arrays that cannot be written to. `rng` belongs to this one function; take
all chance from it and nothing else. `with drawn_from(secret):` says which secret is in use in this context; outside
it is `PUBLIC`, which every reader of the repository has. A test draws from others: `drawn_from(Secret("any text"))`.
What numbers must keep clear of, so that every secret is a fair one: `course.grading.hidden.distance`.
"""

from course.grading.hidden.draw import drawn
from course.grading.hidden.secret import PUBLIC, Secret, drawn_from

__all__ = ["PUBLIC", "Secret", "drawn", "drawn_from"]
