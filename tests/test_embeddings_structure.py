"""What an article store keeps of the structure of articles."""

from __future__ import annotations

from pathlib import Path

from corpus.article import Article, Block, Cell, Table
from corpus.text.passages import split_passages
from embeddings.collections.article_store import ArticleStore, content_of

_ROW = "船名：柳湾号；船工：周大山"


def _article() -> Article:
    """A heading, a long list with its lead, and a table of one row with an empty cell."""
    listed = [f"{number}．第{number}条航线的船票和班次都要公示；" for number in range(1, 9)]
    text = "\n".join(["渡口规程", "各站必须做到下列各项：", *listed, _ROW])
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    ends = [start - 1 for start in starts[1:]] + [len(text)]
    row = starts[-1]
    cells = (
        Cell("船名", row + 3, row + 6, 0),
        Cell("船工", row + 10, row + 13, 1),
        Cell("电话", row + 13, row + 13, 2),
    )
    blocks = [
        Block("heading", starts[0], ends[0], 1),
        Block("paragraph", starts[1], ends[1]),
        *(Block("item", starts[i], ends[i], 1, f"{i - 1}．", 1) for i in range(2, 10)),
        Block("row", starts[10], ends[10], table=0, cells=cells),
    ]
    table = Table("表1 渡船", "单位：艘", (("船名", "船工", "电话"),))
    return Article("a", "规程", text, blocks=tuple(blocks), tables=(table,))


def test_blocks_and_tables_come_back_as_they_were(tmp_path: Path) -> None:
    article = _article()
    passages = split_passages(article, 60)
    store = ArticleStore(tmp_path / "articles.sqlite", writable=True)
    store.add(article, content_of(article), passages)
    assert store.article("a") == article
    kept = store.passages_of("a")
    assert kept == tuple(passages) and len(kept) > 2
    assert kept[1].lead == "各站必须做到下列各项：" and "渡口规程" in kept[1].headings
    row = next(block for passage in kept for block in passage.blocks if block.kind == "row")
    assert [article.text[cell.start : cell.end] for cell in row.cells] == ["柳湾号", "周大山", ""]
    assert kept[-1].headings[-2:] == ("表1 渡船", "单位：艘") or kept[-1].blocks[0].kind != "row"


def test_a_block_that_a_border_cuts_is_one_block_again(tmp_path: Path) -> None:
    text = "。".join("渡口的船一天来回二十趟" for _ in range(40)) + "。"
    article = Article("a", "", text, blocks=(Block("paragraph", 0, len(text)),))
    passages = split_passages(article, 100)
    store = ArticleStore(tmp_path / "articles.sqlite", writable=True)
    store.add(article, content_of(article), passages)
    assert len(passages) > 3 and store.article("a").blocks == article.blocks
    assert all((block.start, block.end) == (p.start, p.end) for p in store.passages_of("a") for block in p.blocks)


def test_another_structure_is_another_content() -> None:
    article = _article()
    flat = Article("a", "规程", article.text)
    assert content_of(article) != content_of(flat)
