"""What is shown of a table beside an answer, and how a terminal draws it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from corpus.article import Article, Block, Cell, Passage, Table
from corpus.text.shown_tables import ShownTable, table_around, table_in
from qa.answer import Citation
from qa.cli.evidence import drawn_table, quoted_lines

HEADS = (("门店", "营业额", "营业额"), ("门店", "上年", "本年"))
NAMES = ("门店", "营业额/上年", "营业额/本年")


def article(
    rows: list[tuple[str, ...]], names: tuple[str, ...] = NAMES, heads: tuple[tuple[str, ...], ...] = HEADS
) -> Article:
    text, blocks = "各店营业额", [Block("caption", 0, 5)]
    for row in rows:
        start = len(text) + 1
        line, cells = "", []
        for column, (name, value) in enumerate(zip(names, row, strict=True)):
            line += ("；" if line and value else "") + (f"{name}：" if value else "")
            cells.append(Cell(name, start + len(line), start + len(line) + len(value), column))
            line += value
        text += "\n" + line
        blocks.append(Block("row", start, len(text), above=0, table=0, cells=tuple(cells)))
    return Article("a", "年报", text, blocks=tuple(blocks), tables=(Table("各店营业额", "万元", heads),))


STORES = article(
    [
        (f"{name}店", str(number), "" if number == 3 else str(2 * number))
        for number, name in enumerate("甲乙丙丁戊己庚辛壬")
    ]
)


def test_the_row_stands_among_its_neighbours_under_the_printed_heads() -> None:
    shown = table_around(STORES, STORES.blocks[5], cells=(0, 2), around=1)
    assert (shown.caption, shown.unit, shown.above, shown.below) == ("各店营业额", "万元", 3, 3)
    assert [[(cell.text, cell.columns, cell.rows) for cell in row.cells] for row in shown.heads] == [
        [("门店", 1, 2), ("营业额", 2, 1)],
        [("上年", 1, 1), ("本年", 1, 1)],
    ]
    assert [[cell.text for cell in row.cells] for row in shown.rows] == [
        ["丁店", "3", ""],
        ["戊店", "4", "8"],
        ["己店", "5", "10"],
    ]
    assert [row.marked for row in shown.rows] == [False, True, False]
    assert [cell.marked for cell in shown.rows[1].cells] == [True, False, True]


def test_what_is_no_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        table_around(STORES, STORES.blocks[0])


def test_a_form_shows_names_and_values_and_its_subject_once() -> None:
    names = ("姓名", "民族")
    form = article([("贺兰", "回族"), ("贺兰", "汉族")], names, ())
    shown = table_around(form, form.blocks[2])
    assert [[(cell.text, cell.head) for cell in row.cells] for row in shown.rows] == [
        [("姓名", True), ("贺兰", False), ("民族", True), ("回族", False)],
        [("民族", True), ("汉族", False)],
    ]


def passage_of(source: Article) -> Passage:
    return Passage("a:0", "a", source.text, 0, len(source.text), "年报", blocks=source.blocks)


def test_a_passage_shows_the_cells_that_answer() -> None:
    row = STORES.blocks[3]
    shown = table_in(passage_of(STORES), row.start, row.end, [(row.cells[2].start, row.cells[2].end)])
    assert shown is not None
    assert [[cell.text for cell in one.cells if cell.marked] for one in shown.rows if one.marked] == [["4"]]
    assert table_in(passage_of(STORES), 0, 5) is None


def drawn(table: ShownTable, width: int = 60) -> list[str]:
    return [line.plain for line in drawn_table(table, width)]


def test_a_terminal_aligns_by_the_width_of_characters() -> None:
    lines = drawn(table_around(STORES, STORES.blocks[5], around=1))
    assert lines == [
        "各店营业额（单位：万元）",
        "  门店  营业额",
        "        上年  本年",
        "  ────────────────",
        "  丁店  3",
        "> 戊店  4     8",
        "  己店  5     10",
        "（另有 6 行）",
    ]


def test_no_line_is_wider_than_the_terminal() -> None:
    long = article([("很长的名字" * 9, "说明" * 30, "8")] * 2)
    lines = drawn(table_around(long, long.blocks[1]), 40)
    assert all(cell_len(line) <= 40 for line in lines)
    assert any("…" in line for line in lines)


def test_a_quoted_row_is_drawn_and_a_sentence_is_not() -> None:
    row = STORES.blocks[3]
    citation = Citation(1, passage_of(STORES), STORES.text[row.start : row.end], row.start, row.end)
    lines = list(quoted_lines(citation, ["4"], 60))
    assert len(lines) > 4
    marked = [line.plain[span.start : span.end] for line in lines for span in line.spans if "bold" in str(span.style)]
    assert "4" in marked
    plain = Citation(1, passage_of(STORES), "各店营业额", 0, 5)
    assert [line.plain for line in quoted_lines(plain, ["营业额"], 60)] == ["各店营业额"]
