"""Articles and passages: the values that every other part passes on.

Knows nothing of files, repair or chunking; it only guards the offsets.
"""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters of the clean text that stand in the raw text one for one.

    Repair deletes, joins and moves; it may change a punctuation mark to its full-width twin, but never the
    number of characters in a run. Clean characters outside every run (line breaks) were put there by repair.
    """

    clean: int
    raw: int
    length: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article: what a person reads, and where each character of it stood in the file.

    `text` is the repaired text. `raw` is the stretch of the file that the article came from, before repair, and
    begins at character `raw_start` of the decoded file; None means that nothing was changed and `raw` is `text`.
    `runs` map clean to raw offsets (offsets in `raw`, ascending in `clean`), and are empty where `raw` is None.
    `published` is "YYYY-MM-DD", "YYYY-MM", "YYYY" or "".
    """

    id: str
    title: str
    text: str
    source: str = ""
    published: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    raw: str | None = None
    raw_start: int = 0
    runs: tuple[Run, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        if self.raw is None and self.runs:
            raise ValueError(f"article {self.id}: runs without a raw text")
        end = 0
        for run in self.runs:
            if run.length <= 0 or run.clean < end or run.raw < 0:
                raise ValueError(f"article {self.id}: runs overlap or are not ascending at {run}")
            if self.raw is not None and run.raw + run.length > len(self.raw):
                raise ValueError(f"article {self.id}: {run} ends outside the raw text")
            end = run.clean + run.length
        if end > len(self.text):
            raise ValueError(f"article {self.id}: runs end outside the text")

    @property
    def raw_text(self) -> str:
        """The text before repair."""
        return self.text if self.raw is None else self.raw

    def raw_spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where `text[start:end]` stood in the decoded file: spans in reading order, touching ones joined.

        More than one where repair took something out of the middle or brought halves of a sentence together.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"article {self.id}: [{start}:{end}] is outside its {len(self.text)} characters")
        if self.raw is None:
            return ((self.raw_start + start, self.raw_start + end),)
        spans: list[Span] = []
        for run in self.runs:
            first, last = max(start, run.clean), min(end, run.clean + run.length)
            if first >= last:
                continue
            shift = run.raw - run.clean + self.raw_start
            if spans and spans[-1][1] == first + shift:
                spans[-1] = (spans[-1][0], last + shift)
            else:
                spans.append((first + shift, last + shift))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article on sentence borders: `article.text[start:end] == text`, always.

    Carries what a reader wants to see of its article, so that a passage can be shown by itself.
    """

    id: str
    article_id: str
    text: str
    start: int
    end: int
    title: str = ""
    source: str = ""
    published: str = ""

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or self.start < 0:
            raise ValueError(f"passage {self.id}: offsets [{self.start}:{self.end}] for {len(self.text)} characters")
