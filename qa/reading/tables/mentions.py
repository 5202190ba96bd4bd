"""Where a question names values and heads of a table, and which columns and records that makes.

Knows one question in plain form and one view of a table. The longest names win; a name inside a longer word or code
(3号楼 in 13号楼, X-90 in X-900, 1月 in 11月) is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from corpus.text.figures import NUMERAL
from corpus.text.quantities import kind_of_cell
from qa.reading.tables.view import Column, View, plain
from qa.reading.tables.words import Words

Similar = Callable[[str, str], float]
"""How much alike two short texts mean, 0 to 1."""

ALIKE, AHEAD = 0.8, 0.1
"""How similar a word and a head must be to mean the same, and how much more than any other head."""

_LONGEST = 40
_PART = 2
_PRESENT = ("现", "当前", "目前")
"""How a head begins that is meant where nothing else is said: 职务 beside 现任职务 and 拟任职务."""


@dataclass(slots=True)
class Named:
    """What a question names: for each column the records whose value it names, and groups of columns by their heads."""

    records: dict[int, set[int]] = field(default_factory=dict)
    heads: list[set[int]] = field(default_factory=list)
    names: list[tuple[int, int, int]] = field(default_factory=list)
    """Place in the question, column and record of each name."""
    places: list[tuple[int, int, set[int]]] = field(default_factory=list)
    """Where each head stands in the question, and its columns."""

    def by_head(self, columns: Iterable[int], start: int, end: int) -> None:
        """One more head: the level of a group that shares columns with it, else a group of its own."""
        named = set(columns)
        self.places.append((start, end, named))
        for at, group in enumerate(self.heads):
            if group & named:
                self.heads[at] = group & named
                return
        self.heads.append(named)


def names_in(words: Words, view: View) -> Named | None:
    """The values and heads that the question names as they are written; None where a value could be of two columns."""
    named = Named()
    heads = _heads(view.columns)
    unsettled: list[tuple[int, tuple[tuple[int, int], ...]]] = []
    for start, end in _stretches(words):
        text = words.text[start:end]
        places, columns = view.values.get(text), heads.get(text)
        if not (places or columns) or not words.is_free(start, end) or not _is_whole(words.text, start, end):
            continue
        words.take(start, end)
        if places and not columns:
            unsettled.append((start, places))
        elif columns:
            named.by_head(columns, start, end)
    settled = [_settle(named, view, start, places) for start, places in sorted(unsettled)]
    return named if all(settled) else None


def amounts_in(words: Words, view: View, named: Named) -> None:
    """Amounts that stand in a column which the question names or whose unit they have: 办公室在212."""
    columns = {column for group in named.heads for column in group}
    for start, end in _stretches(words):
        text = words.text[start:end]
        places = view.amounts.get(text, ())
        alone = len({column for _, column in places}) == 1 and (len(text) > 4 or not text.isdigit())
        fitting = [(record, column) for record, column in places if column in columns or alone]
        if fitting and words.is_free(start, end) and _is_whole(words.text, start, end):
            words.take(start, end)
            for record, column in fitting:
                named.records.setdefault(column, set()).add(record)


def parts_in(words: Words, view: View, named: Named) -> None:
    """Beginnings and endings of heads that belong to one head only: 投用 for 投用时间."""
    parts: dict[str, set[int]] = {}
    for at, column in enumerate(view.columns):
        for name in {column.plain, *column.levels}:
            for length in range(_PART, len(name)):
                parts.setdefault(name[:length], set()).add(at)
                parts.setdefault(name[-length:], set()).add(at)
    for start, end in _stretches(words):
        columns = parts.get(words.text[start:end])
        if not columns or not words.is_free(start, end) or not _is_whole(words.text, start, end):
            continue
        present = {at for at in columns if view.columns[at].plain.startswith(_PRESENT)}
        meant = present if len(columns) > 1 and len(present) == 1 else columns
        if len(meant) == 1:
            words.take(start, end)
            named.by_head(meant, start, end)


def likes_in(words: Words, view: View, named: Named, similar: Similar) -> None:
    """Words left over that shorten exactly one name of a record, or mean the same as exactly one head."""
    for start, end, text in list(words.left()):
        if not words.is_free(start, end) or len(text) < _PART:
            continue
        if (record := _one_record(view, text)) is not None:
            named.records.setdefault(view.key, set()).add(record)
            named.names.append((start, view.key, record))
        elif (column := _one_head(view.columns, text, similar)) is not None:
            named.by_head({column}, start, end)
        else:
            continue
        words.take(start, end)


def _stretches(words: Words) -> list[tuple[int, int]]:
    """All stretches of the question, longest first, then from left to right."""
    size = len(words.text)
    return [
        (start, start + length) for length in range(min(size, _LONGEST), 0, -1) for start in range(size - length + 1)
    ]


def _heads(columns: Sequence[Column]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for at, column in enumerate(columns):
        for name in {column.plain, *column.levels}:
            if name:
                found.setdefault(name, set()).add(at)
    return found


def _settle(named: Named, view: View, start: int, places: tuple[tuple[int, int], ...]) -> bool:
    """Choose the column of a value: the only one, a column that the question names, the one that names records."""
    columns = {column for _, column in places}
    if len(columns) > 1:
        said = columns & {column for group in named.heads for column in group}
        columns = said if len(said) == 1 else columns & {view.key}
    if len(columns) != 1:
        return False
    column = columns.pop()
    of_column = [record for record, at in places if at == column]
    named.records.setdefault(column, set()).update(of_column)
    named.names += [(start, column, record) for record in of_column]
    return True


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the stretch is no piece of a longer code, figure or date."""
    before, after = text[start - 1 : start], text[end : end + 1]
    first, last = text[start], text[end - 1]
    if _is_code(first) and (_is_code(before) or (before in "-./" and _is_code(text[start - 2 : start - 1]) and before)):
        return False
    if first in NUMERAL and before and before in NUMERAL:
        return False
    if _is_code(last) and (_is_code(after) or (after and after in "-./" and _is_code(text[end + 1 : end + 2]))):
        return False
    return not (kind_of_cell(text[start:end]) == "date" and after.isdigit())


def _is_code(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _one_head(columns: Sequence[Column], text: str, similar: Similar) -> int | None:
    """The head that means the same as `text`, clearly more than any other."""
    scores = sorted(
        (
            (max(similar(text, name) for name in column.levels), at)
            for at, column in enumerate(columns)
            if column.levels
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < ALIKE or (len(scores) > 1 and scores[0][0] - scores[1][0] < AHEAD):
        return None
    return scores[0][1]


def _one_record(view: View, text: str) -> int | None:
    """The only record whose name `text` shortens: 浑源电站 for 浑源抽水蓄能电站."""
    fitting = [at for at, record in enumerate(view.records) if _shortens(text, plain(record.text(view.key)))]
    return fitting[0] if len(fitting) == 1 else None


def _shortens(text: str, name: str) -> bool:
    """Whether `text` is `name` less some characters, none of a figure or code, from the same beginning."""
    if len(text) >= len(name) or text[:2] != name[:2]:
        return False
    left_out, place = "", 0
    for character in name:
        if place < len(text) and text[place] == character:
            place += 1
        else:
            left_out += character
    return place == len(text) and not any(_is_code(c) or c in NUMERAL for c in left_out)
