"""Boxes of forms: what was ticked is the value, what was left open stands apart and is still there."""

import made_documents as made
import pytest

from corpus.article import Article
from corpus.reading.boxes import groups_in
from corpus.reading.file_kinds import read_bytes
from qa.reading.tables.answering import answer_from_tables
from qa.reading.tables.view import tables_of

LINES = (
    "姓名：顾文清",
    "驾照种类 ☐摩托车 ☑小型车",
    "接种情况：□未接种 ■一针 □两针",
    "能否值夜班 ☑能 ☐不能；有无住房 ☐有 ☑无",
)
CHOSEN = {"驾照种类": "小型车", "接种情况": "一针", "能否值夜班": "能", "有无住房": "无"}


def article_of(data: bytes, name: str) -> Article:
    (article,) = read_bytes(data, name).articles
    return article


def word_paragraphs() -> bytes:
    return made.word("".join(map(made.p, ("船工登记", *LINES))))


def word_table() -> bytes:
    rows = (("姓名", "顾文清", "驾照种类", "☐摩托车 ☑小型车"), ("接种情况", "□未接种 ■一针 □两针", "备注", ""),
            ("能否值夜班", "☑能 ☐不能", "有无住房", "☐有 ☑无"))  # fmt: skip
    return made.word(made.p("船工登记") + made.table(rows))


FILES = {
    "登记.docx": word_paragraphs(),
    "表.docx": word_table(),
    "登记.txt": "\n".join(("船工登记", *LINES)).encode(),
    "登记.md": "\n\n".join(("# 船工登记", *LINES)).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_ticked_is_the_value(name: str) -> None:
    article = article_of(FILES[name], name)
    cells = {cell.head: article.text[cell.start : cell.end] for block in article.blocks for cell in block.cells}
    assert {head: cells[head].lstrip("☑■") for head in CHOSEN} == CHOSEN
    left = [article.text[b.start : b.end] for b in article.blocks if b.kind == "note"]
    assert all(line.endswith("（未勾选）") for line in left)
    assert all(option in "".join(left) for option in ("摩托车", "未接种", "两针", "不能", "有"))


@pytest.mark.parametrize("name", FILES)
def test_who_asks_is_shown_what_is_ticked(name: str) -> None:
    article = article_of(FILES[name], name)
    found = answer_from_tables("驾照种类是什么？", tables_of(article))
    assert found is not None
    assert found.text.lstrip("☑") == "小型车"


def test_a_ticked_option_leads_back_to_the_file() -> None:
    text = FILES["登记.txt"].decode()
    article = article_of(FILES["登记.txt"], "登记.txt")
    place = article.text.index("小型车")
    [(start, end)] = article.raw_spans(place, place + 3)
    assert text[start:end] == "小型车"


def test_tasks_of_an_outline_show_whether_they_are_done() -> None:
    article = article_of("# 出航前\n\n- [x] 检查缆绳\n- [ ] 加油\n".encode(), "a.md")
    assert [article.text[b.start : b.end] for b in article.blocks[1:]] == ["[x] 检查缆绳", "[ ] 加油"]


@pytest.mark.parametrize(
    "line", ["■要闻 ■评论 ■副刊", "本期导读 ■要闻 ■评论", "□ 本科 ☑硕士 □博士", "船长☑", "水位：■"]
)
def test_boxes_without_a_field_are_left_alone(line: str) -> None:
    assert not list(groups_in(line))
