"""Tables in plain text as grids: the pipes of Markdown, lines of CSV and TSV, records of JSON.

Knows characters and where they stand. Knows nothing of files, encodings, heads and values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.reading.grid import Grid, GridCell, cell_of

_RULE = re.compile(r":?-+:?")
_MARKS = re.compile(
    r"\*\*|__|`|~~|!\[[^\]]{0,300}\]\([^)]{0,500}\)|\[(?P<label>[^\]]{0,300})\]\([^)]{0,500}\)|<br\s{0,3}/?>|\\(?=[|\\])",
    re.I,
)
_DELIMITERS = ",\t;|，"
_SNIFFED = 50  # lines that a delimiter is told from


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table at `text[start:end]`."""

    start: int
    end: int
    grid: Grid


def pipe_tables(text: str) -> Iterator[FoundTable]:
    """The tables of Markdown, in order: a head row, a rule of dashes, rows until the first line without pipe."""
    lines = _lines(text)
    number = 1
    while number < len(lines):
        rule, head = lines[number][1], lines[number - 1][1]
        if "|" in head and _is_rule(rule) and len(_borders(head)) == len(_borders(rule)):
            last = number + 1
            while last < len(lines) and "|" in lines[last][1]:
                last += 1
            rows = [_pipe_row(*lines[number - 1], head=True), *(_pipe_row(*line) for line in lines[number + 1 : last])]
            end = lines[last - 1][0] + len(lines[last - 1][1])
            yield FoundTable(lines[number - 1][0], end, Grid.of(rows))
            number = last
        number += 1


def delimited_grid(text: str, delimiter: str = "") -> Grid:
    """The rows of CSV or TSV; the delimiter is told from the first lines where it is not given.

    Quoted cells may hold delimiters, line breaks and doubled quotes. Every cell knows where it stood in `text`.
    """
    mark = delimiter or told_delimiter(text)
    return Grid.of(row for row in delimited_rows(text, mark) if any(cell.text for cell in row))


def told_delimiter(text: str) -> str:
    """The mark that parts most of the first lines into the same number of cells, more than one; "," if none does."""
    sample = text[:200_000]
    best, best_score = ",", 0.0
    for mark in _DELIMITERS:
        widths = []
        for row in delimited_rows(sample, mark):
            if any(cell.text for cell in row):
                widths.append(len(row))
            if len(widths) == _SNIFFED:
                break
        common = max(set(widths), key=widths.count, default=1)
        score = (widths.count(common) / len(widths)) * (1 - 1 / common) if widths and common > 1 else 0.0
        if score > best_score + 1e-9:
            best, best_score = mark, score
    return best


def delimited_rows(text: str, mark: str) -> Iterator[list[GridCell]]:
    """The rows of `text` as they stand, also empty ones."""
    row: list[GridCell] = []
    place, size = 0, len(text)
    ends = re.compile(f"[{re.escape(mark)}\r\n]")
    while place < size:
        cell, place = _delimited_cell(text, place, mark, ends)
        row.append(cell)
        if place < size and text[place] == mark:
            place += 1
            if place == size:
                row.append(GridCell(""))
            continue
        if place < size:
            place += 2 if text.startswith("\r\n", place) else 1
        yield row
        row = []
    if row:
        yield row


def names_of(records: Iterable[Mapping[str, object]]) -> list[str]:
    """The names in records of JSON, in the order in which they are first met; of records inside records the path
    (住址/城市)."""
    return list(dict.fromkeys(name for record in records for name, _ in _flattened(record)))


def record_grid(records: Sequence[Mapping[str, object]], names: Sequence[str] = ()) -> Grid:
    """Records of JSON as a table: one column for each of `names` (default: of `names_of`); lists are joined with 、."""
    flat = [dict(_flattened(record)) for record in records]
    names = names or names_of(records)
    head = [GridCell(name, head=True) for name in names]
    return Grid.of([head, *([cell_of(record.get(name, "")) for name in names] for record in flat)])


def _flattened(record: Mapping[str, object], above: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        path = f"{above}/{name}" if above else str(name)
        if isinstance(value, Mapping) and depth < 5:
            yield from _flattened(value, path, depth + 1)
        else:
            yield path, _written(value)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(filter(None, map(_written, value)))
    if isinstance(value, Mapping):
        return "，".join(f"{name}：{_written(entry)}" for name, entry in value.items())
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lines(text: str) -> list[tuple[int, str]]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append((start, line.removesuffix("\r")))
        start += len(line) + 1
    return lines


def _is_rule(line: str) -> bool:
    """Whether the line is the rule of dashes under a head."""
    return (
        "-" in line
        and set(line) <= set("|:- \t")
        and all(_RULE.fullmatch(line[a:b].strip()) for a, b in _borders(line))
    )


def _borders(line: str) -> list[tuple[int, int]]:
    """The stretches between the pipes of a line, without the outer ones; an escaped pipe is none."""
    first, last = 0, len(line.rstrip())
    if (bare := line.lstrip()).startswith("|"):
        first = len(line) - len(bare) + 1
    if last > first and line[last - 1] == "|" and line[last - 2 : last - 1] != "\\":
        last -= 1
    cuts = [match.start() for match in re.finditer(r"(?<!\\)\|", line) if first <= match.start() < last]
    return list(zip([first, *(cut + 1 for cut in cuts)], [*cuts, last], strict=True))


def _pipe_row(start: int, line: str, head: bool = False) -> list[GridCell]:
    return [_marked_cell(line[first:last], start + first, head) for first, last in _borders(line)]


def _marked_cell(text: str, start: int, head: bool) -> GridCell:
    """A cell of Markdown less the marks that make it bold, code or a link; they show nothing."""
    if not _MARKS.search(text):
        return cell_of(text, start, head=head)
    bold = text.strip().startswith(("**", "__"))
    shown = _MARKS.sub(lambda match: match["label"] or (" " if match.group().startswith("<") else ""), text)
    return cell_of(shown, head=head, bold=bold)


def _delimited_cell(text: str, place: int, mark: str, ends: re.Pattern[str]) -> tuple[GridCell, int]:
    """The cell that begins at `place`, and the place of the mark or line break after it."""
    begin = place
    while place < len(text) and text[place] in " \t" and text[place] != mark:
        place += 1
    if place < len(text) and text[place] == '"' and (closed := _closing_quote(text, place + 1)) >= 0:
        after = _end_of_cell(text, closed + 1, ends)
        if not text[closed + 1 : after].strip():
            inside = text[place + 1 : closed]
            return (cell_of(inside.replace('""', '"')) if '""' in inside else cell_of(inside, place + 1)), after
    end = _end_of_cell(text, begin, ends)
    return cell_of(text[begin:end], begin), end


def _closing_quote(text: str, place: int) -> int:
    while (place := text.find('"', place)) >= 0:
        if not text.startswith('""', place):
            return place
        place += 2
    return -1


def _end_of_cell(text: str, place: int, ends: re.Pattern[str]) -> int:
    found = ends.search(text, place)
    return found.start() if found else len(text)
