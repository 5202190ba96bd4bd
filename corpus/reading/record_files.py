"""Files of rows (.csv .tsv .json .jsonl and spreadsheets): articles, questions with answers, or tables.

Knows what is made of each kind of rows. Knows nothing of how the kinds are told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.article import Article
from corpus.errors import ReadError, WenjuError
from corpus.reading.contents import Contents, damage, document_contents, page_contents, stem_of, text_article
from corpus.reading.decoding import decode
from corpus.reading.document import Document
from corpus.reading.grid import Grid, GridCell
from corpus.reading.records import (
    Rows,
    broken_rows,
    check_width,
    csv_rows,
    json_rows,
    jsonl_rows,
    no_objects,
    question_set,
    records_of,
)
from corpus.reading.row_kinds import answered, kind_of_rows
from corpus.reading.sheets import sheets
from corpus.reading.text_tables import delimited_rows, names_of, record_grid, told_delimiter
from corpus.repair.cleaning import Repairs

_ROWS_AT_ONCE = 5_000
"""Rows of a table that are recognised at once; a longer one is put together of parts with the same head."""
_TITLE_ROWS = 5  # rows of a sheet that may stand above its head


def json_file(data: bytes, name: str) -> Contents:
    """What a .json file holds."""
    decoded = decode(data)
    rows = json_rows(decoded.text)
    if not rows.objects:
        texts = [str(value) for _, value in rows.values if isinstance(value, str | int | float)]
        if not texts:
            raise no_objects()
        return page_contents("\n".join(texts), name, damage(decoded.damaged))
    return _rows_contents(rows, name, damage(decoded.damaged))


def jsonl_file(data: bytes, name: str) -> Contents:
    """What a .jsonl file holds."""
    decoded = decode(data)
    return _rows_contents(jsonl_rows(decoded.text), name, damage(decoded.damaged))


def csv_file(data: bytes, name: str) -> Contents:
    """What a .csv or .tsv file holds."""
    decoded = decode(data)
    text = decoded.text
    mark = told_delimiter(text)
    rows = csv_rows(text, mark)
    problems = damage(decoded.damaged)
    if rows.objects and kind_of_rows(rows.objects) != "table":
        return _rows_contents(rows, name, problems)
    document = Document()
    document.raw = text
    _put_table(document, [row for row in delimited_rows(text, mark) if any(cell.text for cell in row)])
    return _found(document, name, problems)


def sheet_file(data: bytes, name: str) -> Contents:
    """What a spreadsheet holds: its sheets one below the other, or the questions or articles that its rows are."""
    found = sheets(data)
    document = Document()
    articles: list[Article] = []
    repairs = Repairs()
    problems: list[WenjuError] = []
    for sheet in found:
        rows = _named_rows(sheet.rows)
        kind = kind_of_rows(rows.objects) if rows.objects else "table"
        if kind in ("articles", "answers"):
            part = _rows_contents(rows, f"{name}#{sheet.name}" if len(found) > 1 else name, ())
            articles += part.articles
            repairs += part.repairs
            problems += part.problems
        elif kind == "questions" and len(found) == 1:
            raise question_set()
        else:
            if len(found) > 1:
                document.heading(sheet.name, 2)
            document.table(sheet.grid())
    if document.text.strip():
        whole = document_contents(document, name)
        articles = [*whole.articles, *articles]
    if not articles:
        raise ReadError("表格是空的。请确认里面有内容。", "The workbook is empty. Make sure that something is in it.")
    return Contents(articles, repairs, tuple(problems))


def _rows_contents(rows: Rows, name: str, problems: tuple[WenjuError, ...]) -> Contents:
    kind = kind_of_rows(rows.objects)
    if kind == "questions":
        raise question_set()
    if kind == "answers":
        return _answers(rows.objects, name, problems)
    if kind == "table" and rows.objects:
        document = Document()
        objects = rows.objects
        names = names_of(objects)
        check_width(len(names))
        for first in range(0, len(objects), _ROWS_AT_ONCE):
            document.table(record_grid(objects[first : first + _ROWS_AT_ONCE], names), goes_on=first > 0)
        broken = broken_rows(rows)
        return _found(document, name, (*problems, broken) if broken else problems)
    return _articles(rows, name, problems)


def _articles(rows: Rows, name: str, problems: tuple[WenjuError, ...]) -> Contents:
    found = records_of(rows)
    repairs = Repairs()
    articles = []
    for row in found.rows:
        article, repaired = text_article(
            row.text,
            id=f"{name}#{row.id or row.number}" if row.number else name,
            title=row.title,
            source=row.source or name,
            published=row.published,
            author=row.author,
            tags=row.tags,
        )
        articles.append(article)
        repairs += repaired
    return Contents(articles, repairs, (*problems, found.problem) if found.problem else problems)


def _answers(rows: Sequence[Mapping[str, object]], name: str, problems: tuple[WenjuError, ...]) -> Contents:
    """Each question is the title of an article that is its answer: it helps to find, and the answer is quoted."""
    articles: list[Article] = []
    for number, pair in enumerate(answered(rows), 1):
        document = Document()
        document.title = pair.question
        document.heading(pair.question, 6)
        document.paragraph(pair.answer)
        document.tags = (pair.group,) if pair.group else ()
        document.source = name
        articles += document_contents(document, f"{name}#{number}").articles
    if not articles:
        raise ReadError(
            "问答表里没有一条既有问题又有答案。请补上。", "No row has both a question and an answer. Add them."
        )
    return Contents(articles, Repairs(), problems)


def _named_rows(rows: Sequence[Sequence[str]]) -> Rows:
    """The rows of a sheet by the names in its head, which may stand below a title."""
    for top, head in enumerate(rows[:_TITLE_ROWS]):
        names = [cell.strip() for cell in head]
        if sum(map(bool, names)) > 1 or len(names) == 1:
            named = [
                dict(zip(names, row, strict=False)) for row in rows[top + 1 :] if any(cell.strip() for cell in row)
            ]
            return Rows(tuple(enumerate(named, 1)), "行", "row")
    return Rows((), "行", "row")


def _put_table(document: Document, rows: Sequence[list[GridCell]]) -> None:
    """The rows as a table, in parts where there are very many."""
    document.table(Grid.of(rows[:_ROWS_AT_ONCE]))
    if len(rows) <= _ROWS_AT_ONCE:
        return
    heads = document.tables[-1].heads
    last = next((at for at, row in enumerate(rows[:_TITLE_ROWS]) if heads and _texts(row) == heads[-1]), 0)
    head = rows[last + 1 - max(1, len(heads)) : last + 1]
    for first in range(_ROWS_AT_ONCE, len(rows), _ROWS_AT_ONCE):
        document.table(Grid.of([*head, *rows[first : first + _ROWS_AT_ONCE]]), goes_on=True)


def _texts(row: Sequence[GridCell]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)


def _found(document: Document, name: str, problems: tuple[WenjuError, ...]) -> Contents:
    document.title = document.title or stem_of(name)
    return document_contents(document, name, problems)
