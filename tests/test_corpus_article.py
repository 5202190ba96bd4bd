"""The guards on the offsets of blocks and cells, and what an article and a passage say of them."""

from __future__ import annotations

import pytest

from corpus.article import Article, Block, Cell, Passage, Table

TEXT = "渡口规程\n一、开航\n每天六点。\n二、停航\n大风天停航。"
BLOCKS = (
    Block("heading", 0, 4, 1),
    Block("heading", 5, 9, 3, "一、"),
    Block("paragraph", 10, 15),
    Block("heading", 16, 20, 3, "二、"),
    Block("paragraph", 21, 27),
)


@pytest.mark.parametrize(
    "blocks",
    [
        (Block("paragraph", 0, 4), Block("paragraph", 3, 9)),
        (Block("paragraph", 5, 9), Block("paragraph", 0, 4)),
        (Block("paragraph", 20, len(TEXT) + 1),),
        (Block("item", 0, 4, above=0),),
        (Block("row", 0, 4, table=1),),
    ],
)
def test_blocks_must_fit_their_article(blocks: tuple[Block, ...]) -> None:
    with pytest.raises(ValueError, match="article a"):
        Article("a", "", TEXT, blocks=blocks, tables=(Table("表1"),))


def test_blocks_hold_text_and_their_cells() -> None:
    with pytest.raises(ValueError, match="no text"):
        Block("paragraph", 3, 3)
    with pytest.raises(ValueError, match="outside its row"):
        Block("row", 3, 9, cells=(Cell("姓名", 8, 10, 0),))


def test_headings_above_a_place() -> None:
    article = Article("a", "", TEXT, blocks=BLOCKS)
    assert article.headings_above(24) == ("渡口规程", "二、停航")
    assert article.headings_above(17) == ("渡口规程",)
    assert article.headings_above(0) == ()
    assert Article("a", "", TEXT).headings_above(24) == ()


def test_clipped_rows_keep_what_is_left_of_their_cells() -> None:
    row = Block("row", 0, 13, cells=(Cell("船名", 3, 6, 0), Cell("船工", 10, 13, 1)))
    left = row.clipped(4, 8)
    assert (left.start, left.end) == (4, 8)
    assert [(cell.start, cell.end) for cell in left.cells] == [(4, 6), (8, 8)]
    assert row.clipped(0, 13) is row


def test_a_passage_tells_what_leads_into_its_blocks() -> None:
    text = "（二）印章；\n1.公章；"
    blocks = (Block("item", 20, 26, 1, "（二）", 3), Block("item", 27, 32, 2, "1.", 5))
    passage = Passage("a#1", "a", text, 20, 32, lead="须带下列材料：", blocks=blocks, first_block=5)
    assert passage.text_of(blocks[1]) == "1.公章；"
    assert passage.leads_of(blocks[1]) == ("须带下列材料：", "（二）印章；")
    with pytest.raises(ValueError, match="blocks are outside"):
        Passage("a#1", "a", text, 21, 33, blocks=blocks)
