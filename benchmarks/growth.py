"""How the time of everything that reads a student's text grows with the length of the text.

For each reader: the text that takes it longest, seconds of CPU time for n and for 2 n characters, and their ratio: 2 is
linear, 4 quadratic. The texts are those that have stopped graders before, and others drawn at random.

    python benchmarks/growth.py [--length 50000] [--drawn 200]
"""

import argparse
import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.grading.endless import READERS, drawn, known, seconds

TIMES = 3  # a text is read so often; the least time counts


def main():
    """Print a line for each reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--length", type=int, default=50_000, help="characters: n, if a reader has no bound")
    parser.add_argument("--drawn", type=int, default=200, help="random texts for each reader, besides the known ones")
    options = parser.parse_args()
    print(f"{'reader':32}{'n':>8}{'s for n':>9}{'for 2 n':>9}{'ratio':>7}  text")
    for reader, (_, most) in READERS.items():
        n = min(most or options.length, options.length) // (2 if most and 2 * options.length > most else 1)
        texts = lambda length: dict(itertools.chain(known(length), drawn(length, options.drawn)))  # noqa: E731
        twice = {name: seconds(reader, text) for name, text in texts(2 * n).items()}
        name = max(twice, key=twice.get)
        small, large = (min(seconds(reader, texts(length)[name]) for _ in range(TIMES)) for length in (n, 2 * n))
        print(f"{reader:32}{n:8}{small:9.3f}{large:9.3f}{large / max(small, 1e-4):7.1f}  {name}", flush=True)


if __name__ == "__main__":
    main()
