"""Where recognised text stood on its page: found again after repair, kept with the article, told with a citation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.places import Place, told_places
from corpus.reading.contents import page_contents
from corpus.reading.file_kinds import read_bytes
from corpus.reading.recognised_places import RecognisedLine, with_places
from corpus.text.passages import split_passages
from embeddings.collections.article_store import ArticleStore, content_of
from qa.answer import Answer, Citation, Question
from qa.web.html_evidence import draw_evidence
from qa.web.texts import CHINESE, ENGLISH

LINES = [
    RecognisedLine("清河渡口夜航通知", 1, (0.3, 0.05, 0.7, 0.1), 0.99),
    RecognisedLine("从本月起渡口每晚加开两班渡船，头班在七点，末", 1, (0.1, 0.2, 0.9, 0.25), 0.97),
    RecognisedLine("班在九点，乘客可以在北岸的售票亭买票。", 1, (0.1, 0.26, 0.8, 0.31), 0.64),
    RecognisedLine("票价照旧。", 1, (0.1, 0.8, 0.3, 0.85), 0.98),
    RecognisedLine("大雾天气停航，售票亭前的木牌上会写明。", 2, (0.6, 0.1, 0.95, 0.15), 0.95),
    RecognisedLine("票价照旧。", 2, (0.1, 0.8, 0.3, 0.85), 0.98),
]
RAW = f"{LINES[0].text}\n{LINES[1].text}{LINES[2].text}\n{LINES[3].text}\n{LINES[4].text}\n{LINES[5].text}"


def article() -> Article:
    [found] = page_contents(RAW, "夜航.png").articles
    return with_places(found, RAW, LINES)


def places_of(found: Article, words: str) -> tuple[Place, ...]:
    start = found.text.index(words)
    passage = split_passages(found, 1000)[0]
    return Citation(1, passage, words, start, start + len(words)).places


def test_each_line_is_where_its_characters_are() -> None:
    found = article()
    assert [found.text[place.start : place.end] for place in found.places] == [line.text for line in LINES]
    assert [place.page for place in found.places] == [line.page for line in LINES]
    assert all(one.end <= other.start for one, other in pairwise(found.places))


def test_a_quote_tells_page_place_and_what_is_badly_legible() -> None:
    found = article()
    assert told_places(places_of(found, "大雾天气停航")) == ("第2页右上",)
    assert told_places(places_of(found, "清河渡口夜航通知")) == ("第1页上部中间",)
    assert told_places(places_of(found, "末班在九点")) == ("第1页上部", "识别不清（把握64%），请对照原件")
    assert told_places(places_of(found, "末班在九点"), "en")[0] == "page 1, top"
    assert told_places(places_of(found, "照旧。\n大雾")) == ("第1页左下、第2页右上",)
    assert told_places([Place(0, 1, 0, (0.1, 0.4, 0.2, 0.6), 0.9)]) == ("图中左侧中部",)
    assert told_places(()) == ()


def test_lines_that_were_mended_or_dropped_do_no_harm() -> None:
    lines = [*LINES, RecognisedLine("别的纸上的字", 2, (0, 0, 1, 1), 0.9), RecognisedLine("一", 2, (0, 0, 1, 1), 0.9)]
    [found] = page_contents(RAW, "夜航.png").articles
    assert with_places(found, RAW, lines) == article()


def test_an_article_repaired_over_its_lines_keeps_their_places() -> None:
    raw = "渡口通知\n\n从本月 1 日起，渡口每晚加 开 两班渡船 ，头班在七点。\n\n票价照旧 。"
    lines = [
        RecognisedLine("渡口通知", 0, (0.4, 0.1, 0.6, 0.2), 0.9),
        RecognisedLine("从本月 1 日起，渡口每晚加 开 两班渡船 ，头班在七点。", 0, (0.1, 0.3, 0.9, 0.4), 0.9),
    ]
    [found] = page_contents(raw, "a.png").articles
    placed = with_places(found, raw, lines)
    assert placed.raw is not None
    shown = {place.box: "" for place in placed.places}
    for place in placed.places:
        shown[place.box] += placed.text[place.start : place.end]
    assert ["".join(text.split()) for text in shown.values()] == ["".join(line.text.split()) for line in lines]


def test_places_come_back_from_the_store(tmp_path: Path) -> None:
    found = article()
    store = ArticleStore(tmp_path / "articles.sqlite", writable=True)
    passages = split_passages(found, 20)
    store.add(found, content_of(found), passages)
    assert store.article(found.id).places == found.places
    assert content_of(store.article(found.id)) == content_of(found)
    assert [one.places for one in store.passages_of(found.id)] == [one.places for one in passages]


def test_the_evidence_on_the_page_tells_the_place() -> None:
    found = article()
    passage = split_passages(found, 1000)[0]
    start = found.text.index("大雾天气")
    citation = Citation(1, passage, "大雾天气停航", start, start + 6)
    answer = Answer(Question("什么天气停航？"), "", "大雾天气停航。[1]", citations=(citation,), done=True)
    assert "第2页右上" in draw_evidence(1, answer, CHINESE)
    assert "page 2, top right" in draw_evidence(1, answer, ENGLISH)


@pytest.mark.slow
def test_the_lines_of_a_scan_keep_page_and_place(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    fonts = list(Path("/usr/share/fonts").rglob("NotoS*CJK*Regular*"))
    if not fonts:
        pytest.skip("no Chinese font to draw with")
    from PIL import Image, ImageDraw, ImageFont

    pages = []
    for line, at in (("图书馆每天上午九点开门。", (60, 80)), ("借书证在总服务台办理。", (800, 900))):
        page = Image.new("L", (1240, 1200), 255)
        ImageDraw.Draw(page).text(at, line, font=ImageFont.truetype(str(fonts[0]), 36), fill=0)
        pages.append(page)
    for kind in ("tiff", "pdf"):
        file = tmp_path / f"扫描.{kind}"
        pages[0].save(file, save_all=True, append_images=pages[1:])
        articles = read_bytes(file.read_bytes(), file.name).articles
        told = [told_places([place])[0] for one in articles for place in one.places]
        assert told == ["第1页左上", "第2页右下"]
