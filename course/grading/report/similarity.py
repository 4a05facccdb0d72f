"""Which students have written the same: fingerprints of answers by copydetect, as MOSS makes them.

Variables count as equal, so that a renamed copy is still found; answers are compared question by question, so that
their order does not matter. Three kinds of text say nothing and are left out: what was released, what a quarter of the
class wrote, and answers that are shorter than one fingerprint, such as `np.maximum(x, 0)`.

What is left counts by how rare it is. `surprise` adds up, over the questions, log2 of one in how many classmates wrote
what a student has in common with the other: a text that a quarter of the class has adds 2, one in a thousand 10, and
half a text half of that. So a handful of natural ways to write each answer brings two students near each other only if
they agree again and again. Ten places that nobody else has add 1 more: a long passage is no accident in a class of any
size. It is a figure to sort by, and no probability: students learn from the same lecture.
"""

import io
import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

CODE_LENGTH = 25  # characters of a fingerprint in code whose names are one letter each: copydetect's own choice
TEXT_LENGTH = 40  # characters of a fingerprint in prose: about seven words
LONGEST = 10_000  # characters of an answer that are compared
COMMON = 4  # one in this many students: what so many wrote is what there is to write
FEW = 3  # and so many never make a text common, however small the class
SHORT = 25  # fingerprints; in a shorter answer agreement says less, since there are fewer ways to write it
PLACES = 10  # places of a passage that nobody else has, for 1 of surprise


@dataclass(frozen=True)
class Match:
    """What two students share in one question. share: of each one's own text, 0 to 1, once what says nothing is left
    out. texts: as compared. passages: for each text [(start, end), ...]. same: are they equal letter by letter?"""

    question: str
    share: tuple[float, float]
    texts: tuple[str, str]
    passages: tuple[list, list]
    same: bool


@dataclass(frozen=True)
class Pair:
    """Two students. surprise: how rare it is what they share, see above. share: of all their own text, 0 to 1 each.
    matches: question by question, the longest first."""

    students: tuple[str, str]
    surprise: float
    share: tuple[float, float]
    matches: list[Match]


@dataclass(frozen=True)
class Similarity:
    """pairs: the most similar first. closest: {student: surprise of the most similar other}. limit: a text that more
    students than this wrote is common."""

    pairs: list[Pair] = field(default_factory=list)
    closest: dict[str, float] = field(default_factory=dict)
    limit: int = FEW


def compare(answers, template, written=(), most=20):
    """Return the Similarity of a class.

    answers: {student: {grade_id: source}}; template: {grade_id: what was released}; written: the grade_ids of answers
    in words. most: so many pairs at most. The result does not depend on Python's random string hashes. Raises
    ImportError without copydetect.
    """
    answers = {name: {question: _prepared(text, question in written) for question, text in (given or {}).items()
                      if isinstance(text, str)} for name, given in answers.items()}  # fmt: skip
    students, limit = sorted(answers), max(FEW, len(answers) // COMMON)
    if len(students) < 2:
        return Similarity([], dict.fromkeys(students, 0.0), limit)
    surprise, nothing = np.zeros((len(students), len(students))), {}
    for question in sorted(set().union(*answers.values())):  # one after the other: fingerprints take memory
        in_words = question in written
        released = _fingerprint(_prepared(template.get(question) or "", in_words), in_words).hash_idx.keys()
        places, sizes = _index([answers[name].get(question, "") for name in students], released, in_words)
        surprise += _surprise(places, sizes, limit)
        nothing[question] = released | {print_ for print_, found in places.items() if len(found) > limit}
    first, second = np.triu_indices(len(students), 1)
    order = np.argsort(-np.round(surprise[first, second], 6), kind="stable")[:most]
    found = [(students[first[i]], students[second[i]], surprise[first[i], second[i]]) for i in order]
    pairs = [_pair(a, b, value, answers, written, nothing) for a, b, value in found if value > 0]
    closest = surprise.max(axis=0).tolist() if students else []
    return Similarity(pairs, dict(zip(students, closest, strict=True)), limit)


def _prepared(text, in_words):
    """An answer as it is compared: without what nobody sees, and of bounded length."""
    text = text.replace("\r", "\n")[:LONGEST]
    if in_words:
        return " ".join(text.split())
    # thousands of empty lines would also take the tokeniser seconds
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def _fingerprint(text, in_words):
    from copydetect import CodeFingerprint

    # A window of 1 keeps every fingerprint. A larger one would choose by the hashes of strings, which Python draws anew
    # for every run, and would lose passages that are hardly longer than one fingerprint.
    length = TEXT_LENGTH if in_words else CODE_LENGTH
    return CodeFingerprint("answer.py", length, 1, filter=not in_words, language="python", fp=io.StringIO(text))


def _index(texts, released, in_words):
    """Return ({fingerprint: numbers of the students who have it}, (N,) how many each has), without those released."""
    places, sizes, known = {}, np.zeros(len(texts)), {}
    for student, text in enumerate(texts):
        if text not in known:  # many students write the same, and making fingerprints is the slow part
            prints = _fingerprint(text, in_words).hash_idx.keys()
            known[text] = np.array([*(prints - released)], dtype=np.int64)
        sizes[student] = len(known[text])
        for print_ in known[text].tolist():
            places.setdefault(print_, []).append(student)
    return places, sizes


def _surprise(places, sizes, limit):
    """Matrix (N, N) of what one question adds to the surprise of each pair; the diagonal is 0.

    places: {fingerprint: numbers of the students who have it}; sizes: (N,), how many fingerprints each has.
    """
    others = len(sizes) - 1
    rarity, alone = np.zeros((2, len(sizes), len(sizes)))
    groups = Counter(map(tuple, places.values()))
    # in a fixed order: sums of fractions depend on it in their last digits
    for group, count in sorted(groups.items(), key=lambda item: (len(item[0]), item[0])):
        if 2 <= len(group) <= limit:
            rarity[np.ix_(group, group)] += count * math.log2(others / (len(group) - 1))
            alone[np.ix_(group, group)] += count / (len(group) - 1)
    total = rarity / np.maximum(np.minimum.outer(sizes, sizes), SHORT) + alone / PLACES
    np.fill_diagonal(total, 0)
    return total


def _pair(a, b, surprise, answers, written, nothing):
    """Look closely at two students. nothing: {question: fingerprints that say nothing}."""
    from copydetect import compare_files

    matches, totals = [], np.zeros((2, 2))  # totals: (what is shared, what there is) of each
    for question in sorted(answers[a].keys() | answers[b].keys()):
        texts = tuple(answers[name].get(question, "") for name in (a, b))
        both = [_without(_fingerprint(text, question in written), nothing[question]) for text in texts]
        _, share, passages = compare_files(*both)
        share = np.minimum(share, 1)  # two passages with something left out between them count as one
        existing = np.array([print_.token_coverage for print_ in both])
        totals += share * existing, existing
        if share.any():
            passages = tuple([(int(i), int(j)) for i, j in zip(*ends, strict=True)] for ends in passages)
            match = Match(question, tuple(share.tolist()), texts, passages, texts[0] == texts[1])
            matches.append((-max(share * existing), match))
    matches = [match for _, match in sorted(matches, key=lambda item: item[0])]
    return Pair((a, b), float(surprise), tuple((totals[0] / np.maximum(totals[1], 1)).tolist()), matches)


def _without(fingerprint, hashes):
    """Leave some fingerprints out. Not by copydetect's `boilerplate`: it fails if one stands there twice, and then also
    drops places of what a text repeats."""
    from copydetect.utils import get_token_coverage

    fingerprint.hash_idx = {print_: places for print_, places in fingerprint.hash_idx.items() if print_ not in hashes}
    fingerprint.hashes = set(fingerprint.hash_idx)
    length = len(fingerprint.filtered_code)
    fingerprint.token_coverage = get_token_coverage(fingerprint.hash_idx, fingerprint.k, length)
    return fingerprint
