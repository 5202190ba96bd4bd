"""Where on a Milvus server the index of a generation is, and what of it the generation shows. No pymilvus needed.

A Milvus collection is shared by the generations of a collection that grew out of each other. A generation shows the
rows up to `newest` but those in `gone`: so what the next one puts in is not seen by those who have this one open, nor
is what a killed writer left; and what the next one takes out stays until no generation that is kept shows it any more.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.article import Passage

PREFIX = "wenju_"
# VARCHAR holds no more bytes.
_MOST_BYTES = 65_535


@dataclass(frozen=True, slots=True)
class Place:
    """A Milvus collection by `address` (URI or file) and `name`, and which of its rows are to be seen."""

    address: str
    name: str
    newest: int = 0
    gone: tuple[int, ...] = ()

    @property
    def family(self) -> str:
        """What the names of all Milvus collections begin with that were made for the same folder."""
        return self.name.rpartition("_")[0] + "_"

    @property
    def visible(self) -> str:
        """The condition that a row is to be seen."""
        gone = f" and row not in {list(self.gone)}" if self.gone else ""
        return f"row <= {self.newest}{gone}"

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")


def read_place(path: Path) -> Place:
    """The place that the file at `path` names. Raises OSError, ValueError, TypeError, KeyError where it is damaged."""
    plain = json.loads(path.read_bytes())
    return Place(plain["address"], plain["name"], int(plain["newest"]), tuple(map(int, plain["gone"])))


def condition(articles: tuple[str, ...], since: str, until: str) -> str:
    """The condition that a row is of one of `articles` (any where empty) and published in the period; "" for none.

    As the article store has it: dates are compared at the coarser of the two precisions, "2021" is inside a search
    since "2021-07"; no date is in no period.
    """
    parts = ['last_day != ""'] if since or until else []
    parts += [f'last_day >= "{_day(since, "0")}"'] if since else []
    parts += [f'first_day <= "{_day(until, "9")}"'] if until else []
    parts += [f"article in [{', '.join(_quoted(key_of(article)) for article in articles)}]"] if articles else []
    return " and ".join(parts)


def scalars(passage: Passage) -> dict[str, str]:
    """What conditions ask of a passage: its article, and the first and last day that its date may mean."""
    published = "".join(character for character in passage.published if character in "0123456789-")
    days = {"first_day": _day(published, "0"), "last_day": _day(published, "9")} if published else {}
    return {"article": key_of(passage.article_id), "first_day": "", "last_day": "", **days}


def key_of(article_id: str) -> str:
    """An id in 32 letters and figures, whatever it is made of: nothing of it is ever read as a condition."""
    return hashlib.blake2b(article_id.encode(), digest_size=16).hexdigest()


def coded(terms: list[str]) -> str:
    """`terms` as a text that every analyzer cuts into words of ASCII, one for each term.

    Terms as they are would be cut anew, "§18条" into three, and counted twice where an analyzer looks for words inside
    words.
    """
    return " ".join(code_of(term) for term in terms)[:_MOST_BYTES]


def code_of(term: str) -> str:
    return "t" + hashlib.blake2b(term.encode(), digest_size=6).hexdigest()


def _day(date: str, digit: str) -> str:
    """`date` to the day, with `digit` for what is not said."""
    return date[:10] + f"0000-{digit * 2}-{digit * 2}"[len(date[:10]) :]


def _quoted(text: str) -> str:
    return f'"{text}"'
