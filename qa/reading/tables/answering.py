"""From a question and tables to the exact answer of one of them, with its cells as evidence.

Knows tables; nothing of search or of the reader of texts. Which request a question makes, `requests` tells; what a
table answers to it, `answers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Block
from qa.reading.tables.answers import Found, found_in
from qa.reading.tables.groups import by_group, in_period
from qa.reading.tables.mentions import Similar
from qa.reading.tables.requests import requested
from qa.reading.tables.synonyms import known_alike
from qa.reading.tables.view import TableRows, View, view_of
from qa.reading.tables.words import Operation


@dataclass(frozen=True, slots=True)
class TableEvidence:
    """A row that an answer rests on, and which of its cells (indices of `block.cells`)."""

    block: Block
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """An exact answer from one table.

    `text` is the shortest form (a value, names joined with 、; "" where the cell is empty), `sentence` says it whole.
    `computed` is true where no cell says it: then `formula` tells how it came about (12 + 30 + 8 = 50).
    """

    operation: Operation
    text: str
    sentence: str
    computed: bool
    formula: str
    source: TableRows
    evidence: tuple[TableEvidence, ...]


def answer_from_tables(
    question: str, tables: Sequence[TableRows], similar: Similar = known_alike
) -> TableAnswer | None:
    """The answer of the one table that answers `question` exactly, or None.

    `similar` tells how much alike two heads mean (0 to 1). Two tables that answer differently are no answer.
    """
    answers: list[TableAnswer] = []
    for source in tables:
        view = view_of(source)
        if view and (found := _found(question, view, similar)):
            answers.append(_answer(source, found))
    return answers[0] if len({answer.text for answer in answers}) == 1 else None


def _found(question: str, view: View, similar: Similar) -> Found | None:
    """What a table answers: at once, of a period, or member by member of a group."""

    def directly(asked: str, of: View) -> Found | None:
        request = requested(asked, of, similar)
        return found_in(of, request) if request else None

    def of_group(asked: str, of: View) -> Found | None:
        return directly(asked, of) or by_group(asked, of, directly)

    return of_group(question, view) or in_period(question, view, of_group)


def _answer(source: TableRows, found: Found) -> TableAnswer:
    rows: dict[int, list[int]] = {}
    for held in found.held:
        cells = rows.setdefault(held.row, [])
        if held.cell >= 0 and held.cell not in cells:
            cells.append(held.cell)
    if not source.table.heads:
        rows = _where_said_together(source, rows)
    evidence = tuple(TableEvidence(source.rows[row], tuple(sorted(cells))) for row, cells in rows.items())
    return TableAnswer(found.operation, found.text, found.sentence, found.computed, found.formula, source, evidence)


def _where_said_together(source: TableRows, rows: dict[int, list[int]]) -> dict[int, list[int]]:
    """The rows of a form that say all: its subject, which every row repeats, is shown in the row of the value."""
    said = {row: {_said(source, row, cell) for cell in cells} for row, cells in rows.items()}
    kept: dict[int, list[int]] = {}
    for row, cells in rows.items():
        others = [other for other in rows if other != row]
        repeated = [{_said(source, other, at) for at in range(len(source.rows[other].cells))} for other in others]
        if any(said[row] <= everything for everything in repeated):
            for other in others:
                again = [at for at in range(len(source.rows[other].cells)) if _said(source, other, at) in said[row]]
                kept.setdefault(other, list(rows[other])).extend(at for at in again if at not in kept[other])
        else:
            kept.setdefault(row, list(cells))
    return kept or rows


def _said(source: TableRows, row: int, cell: int) -> tuple[str, str]:
    told = source.rows[row].cells[cell]
    return told.head, source.article.text[told.start : told.end]
