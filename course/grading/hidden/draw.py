"""Draw hidden cases from the secret in use, and keep them: a worker grades a class with the same ones."""

import functools
from dataclasses import replace

import numpy as np

from course.grading.hidden.secret import current

KEPT = 500  # functions times secrets in a worker; a course has some sixty functions


def drawn(generate):
    """Make of `generate(rng)`, which returns cases, a function without arguments: the hidden cases of the secret.

    The numbers depend on the secret, the module's name and the function's.
    """

    @functools.wraps(generate)
    def cases():
        return list(_cases(current(), generate))

    return cases


@functools.lru_cache(KEPT)
def _cases(secret, generate):
    """The cases, hidden, in a tuple. Each check gets copies of their arrays (`course.checks.cases.lay_out`)."""
    module = generate.__module__.rpartition(".")[2]
    cases = tuple(replace(case, hidden=True) for case in generate(secret.generator(f"{module}.{generate.__name__}")))
    for case in cases:
        for value in (value for inputs in case.calls for value in inputs.values()):
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
    return cases
