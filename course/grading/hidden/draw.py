"""Draw hidden cases from the secret in use, and keep them: a worker grades a class with the same ones."""

import functools
import hashlib
from dataclasses import replace

import numpy as np

from course.grading.hidden.secret import current

KEPT = 500  # functions times secrets in a worker; a course has some sixty functions
_kept = {}  # (secret, name of the function): its cases


def drawn(generate):
    """Make of `generate(rng)`, which returns cases, a function without arguments: the hidden cases of the secret.

    The numbers depend on the secret, the module's name and the function's.
    """

    @functools.wraps(generate)
    def cases():
        return list(_cases(current(), generate))

    return cases


def checksums():
    """{name: checksum} of the cases that were drawn from the secret in use: all workers must have drawn the same, and
    NumPy promises no one stream of numbers for all its versions."""
    found = {}
    for (secret, name), cases in list(_kept.items()):
        if secret == current():
            content = b"".join(map(_content, _values(cases)))
            found[name] = hashlib.sha256(content).hexdigest()[:16]
    return found


def _cases(secret, generate):
    """The cases, hidden, in a tuple. Each check gets copies of their arrays (`course.checks.cases.lay_out`)."""
    name = f"{generate.__module__.removeprefix(f'{__package__}.')}.{generate.__name__}"
    if (secret, name) not in _kept:
        cases = tuple(replace(case, hidden=True) for case in generate(secret.generator(name)))
        for value in _values(cases):
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[secret, name] = cases
    return _kept[secret, name]


def _content(value):
    """What a value is, as bytes that are the same in every process: of an object NumPy would give the address."""
    array = np.asarray(value)
    return repr(value).encode() if array.dtype.hasobject else array.tobytes()


def _values(cases):
    return [value for case in cases for inputs in case.calls for value in inputs.values()]
