"""The sample collection that ships: enough articles, enough questions, and every answer where it is said to be.

Reads the files plainly, so that a fault here is a fault of the collection and never of the readers.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "articles"
QUESTIONS = FOLDER / "questions.jsonl"
BYLINE = re.compile(r"来源：问据示例 日期：20\d\d-\d\d-\d\d")
KINDS = {"who", "when", "how_many", "where", "which", "why", "how", "definition", "list", "across", "paraphrase"}

ARTICLES = sorted(path for path in FOLDER.iterdir() if path != QUESTIONS and not path.name.startswith((".", "_")))


class _Words(HTMLParser):
    """Collects what a page shows, one line for each stretch of text."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.lines.append(data.strip())


def text_of(path: Path) -> str:
    """What a reader sees of the file; without any white space for a page as OCR leaves it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        record = json.loads(text)
        text = f"{record['title']}\n来源：{record['source']} 日期：{record['published']}\n{record['text']}"
    elif path.suffix == ".html":
        words = _Words()
        words.feed(text)
        text = "\n".join(words.lines)
    return "".join(text.split()) if "-ocr-" in path.name else text


TEXTS = {path.stem: text_of(path) for path in ARTICLES}
ROWS: list[dict[str, Any]] = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if row["answerable"]]
UNANSWERABLE = [row for row in ROWS if not row["answerable"]]


def test_there_are_enough_articles_in_several_formats() -> None:
    assert len(ARTICLES) >= 20
    assert len(TEXTS) == len(ARTICLES), "two files share a stem"
    assert {path.suffix for path in ARTICLES} == {".txt", ".md", ".html", ".json"}
    assert sum("-ocr-" in path.name for path in ARTICLES) == 3


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_an_article_has_its_length_and_its_byline(path: Path) -> None:
    raw = path.read_text(encoding="utf-8")
    assert "\r" not in raw and "\ufffd" not in raw
    if "-ocr-" not in path.name:
        assert 400 <= len(raw) <= 1200
        assert BYLINE.search(text_of(path)), "no byline 来源：问据示例 日期：YYYY-MM-DD"
    else:
        assert BYLINE.search(raw)


def test_the_ocr_pages_still_have_their_faults() -> None:
    pages = [path.read_text(encoding="utf-8") for path in ARTICLES if "-ocr-" in path.name]
    for raw in pages:
        assert re.search(r"[一-鿿] [一-鿿]", raw), "no blank inside Chinese text"
        assert re.search(r"[一-鿿]\n\n[一-鿿]", raw), "no column that ends in the middle of a sentence"
        assert re.search(r"[一-鿿],[一-鿿]", raw), "no half-width comma"
    assert any(raw.count("本报记者") == 2 for raw in pages), "no page with two bylines"
    repeated = [raw for raw in pages if len(set(raw.split("\n\n"))) < len(raw.split("\n\n"))]
    assert repeated, "no paragraph that stands twice"


def test_there_are_enough_questions_of_every_kind() -> None:
    assert len(ROWS) >= 80
    assert len(ANSWERABLE) >= 60
    assert len(UNANSWERABLE) >= 20
    for kind in KINDS:
        assert sum(row["kind"] == kind for row in ANSWERABLE) >= 5, kind
    assert {row["kind"] for row in ROWS} == KINDS


def test_ids_and_questions_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({row["question"] for row in ROWS}) == len(ROWS)


def test_every_article_is_asked_about() -> None:
    assert {stem for row in ANSWERABLE for stem in row["articles"]} == set(TEXTS)


@pytest.mark.parametrize("row", ANSWERABLE, ids=lambda row: row["id"])
def test_every_answer_stands_in_a_named_article(row: dict[str, Any]) -> None:
    assert row["answers"] and row["articles"]
    for answer in row["answers"]:
        assert answer.strip() == answer != ""
        assert any(answer in TEXTS[stem] for stem in row["articles"]), answer
    for stem in row["articles"]:
        assert any(answer in TEXTS[stem] for answer in row["answers"]), f"{stem} has none of the answers"


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] in {"across", "list"}], ids=lambda row: row["id"])
def test_answers_in_parts_have_their_groups(row: dict[str, Any]) -> None:
    if not row["answerable"]:
        assert "answer_groups" not in row
        return
    groups = row["answer_groups"]
    assert len(groups) >= 2
    assert [answer for group in groups for answer in group] == row["answers"]
    if row["kind"] == "across":
        assert len(groups) == len(row["articles"]) == 2
        for group, stem in zip(groups, row["articles"], strict=True):
            assert all(answer in TEXTS[stem] for answer in group), "parts and articles are not in the same order"


@pytest.mark.parametrize("row", UNANSWERABLE, ids=lambda row: row["id"])
def test_a_question_without_an_answer_names_none(row: dict[str, Any]) -> None:
    assert row["answers"] == [] and row["articles"] == []
