"""One thing to learn from: a question, a window of text, what answers it there. Knows no data set and no model."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.article import Span
from corpus.text.sentences import split_clauses, split_sentences

LONG = 80  # characters; a longer sentence is cut into clauses, as when answering
WINDOW = (120, 420)  # characters of a window, least and most


@dataclass(frozen=True, slots=True)
class Example:
    """`spans` are stretches of `text` of which each answers alone, none where nothing does; `units` cut `text` into what
    can be shown, and a unit answers that holds most of a span. `head` is the title and the headings above. `kind` says
    where the example comes from, for figures by kind."""

    question: str
    head: str
    text: str
    spans: tuple[Span, ...]
    units: tuple[Span, ...]
    kind: str

    @property
    def labels(self) -> tuple[int, ...]:
        """1 for each unit that answers."""
        return tuple(int(any(_holds(unit, span) for span in self.spans)) for unit in self.units)


def _holds(unit: Span, span: Span) -> bool:
    shared = min(unit[1], span[1]) - max(unit[0], span[0])
    return shared > 0 and 2 * shared > min(span[1] - span[0], unit[1] - unit[0])


def units_in(text: str) -> tuple[Span, ...]:
    """Sentences of `text`, long ones cut into clauses of about half `LONG`."""
    units: list[Span] = []
    for start, end in split_sentences(text):
        first = len(units)
        for piece in split_clauses(text, start, end) if end - start > LONG else [(start, end)]:
            if len(units) > first and piece[1] - units[-1][0] <= LONG and units[-1][1] - units[-1][0] < LONG // 2:
                units[-1] = (units[-1][0], piece[1])
            else:
                units.append(piece)
    return tuple(units)


def window_around(text: str, span: Span, dice: random.Random) -> tuple[str, Span]:
    """A window of `text` that holds `span`, with sentence borders at both ends but for one in eight; the span in it."""
    size = dice.randint(*WINDOW)
    spare = max(0, size - (span[1] - span[0]))
    before = dice.randint(0, spare)
    start, end = max(0, span[0] - before), min(len(text), span[1] + spare - before)
    if dice.random() > 0.125:
        borders = split_sentences(text[max(0, start - 300) : end + 300])
        shift = max(0, start - 300)
        start = min((a + shift for a, b in borders if b + shift > start), default=start)
        end = max((b + shift for a, b in borders if a + shift < end), default=end)
    start, end = max(min(start, span[0]), span[0] - 500, 0), min(max(end, span[1]), span[1] + 500, len(text))
    return text[start:end], (span[0] - start, span[1] - start)


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Write them as gzipped JSON Lines, complete or not at all; returns how many."""
    count = 0
    unfinished = path.with_name(f"{path.name}.part")
    with gzip.open(unfinished, "wt", encoding="utf-8", compresslevel=3) as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            count += 1
    unfinished.replace(path)
    return count


def read_examples(path: Path) -> Iterator[Example]:
    """The examples of a file written by `write_examples`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            row |= {name: tuple(tuple(span) for span in row[name]) for name in ("spans", "units")}
            yield Example(**row)


def mixed(parts: Sequence[Sequence[Example]], dice: random.Random) -> list[Example]:
    """All examples of all parts in random order."""
    together = [example for part in parts for example in part]
    dice.shuffle(together)
    return together
