"""How a collection grows: `python -m qa.bench.growing 5000 20000`.

For each number of made-up articles: the bytes of its files for a passage, and how long it takes to put in one article
more, in the median of several, by the clock and by the time of a processor, which other programs disturb less. The
words are made up, too, and more than a language has, so that the files are large.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder

_ADDED = 12


def made_up(numbers: range) -> Iterator[Article]:
    """An article of 30 sentences for each of `numbers`, always the same for the same number."""
    characters = [chr(0x4E00 + number) for number in range(3000)]
    for number in numbers:
        chance = random.Random(number)
        text = "".join("".join(chance.choices(characters, k=chance.randint(12, 30))) + "。" for _ in range(30))
        title = "".join(chance.choices(characters, k=10))
        yield Article(f"made-up-{number}", title, text, published=f"2020-01-{number % 28 + 1:02}")


def grown(count: int, folder: Path) -> str:
    """A row of the table: a collection of `count` articles, built in the empty `folder`."""
    encoder = load_encoder("hashing")
    seconds, worked = [], []
    with Collection.build(folder, made_up(range(count)), encoder=encoder) as collection:
        passages = collection.manifest.passages
        sizes = {file.path.partition("/")[0]: 0 for file in collection.manifest.files}
        for file in collection.manifest.files:
            sizes[file.path.partition("/")[0]] += file.size
        for number in range(count, count + _ADDED):
            began, busy = time.perf_counter(), time.process_time()
            collection.add(made_up(range(number, number + 1)))
            seconds.append(time.perf_counter() - began)
            worked.append(time.process_time() - busy)
    files = " ".join(f"{name} {size / passages:.0f}" for name, size in sorted(sizes.items()))
    times = (median(seconds), max(seconds), median(worked), max(worked))
    return f"| {count:,} | {passages:,} | {files} | {' | '.join(f'{1000 * one:.0f}' for one in times)} |"


def main(counts: list[int]) -> None:
    """Print a row for each of `counts`."""
    print("| articles | passages | bytes a passage | one more: ms, median | at most | processor | at most |")
    print("| ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    for count in counts:
        with tempfile.TemporaryDirectory() as temporary:
            print(grown(count, Path(temporary, "collection")), flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1_000])
