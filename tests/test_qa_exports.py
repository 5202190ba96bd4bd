"""Answers that leave the page: copied with references, as Markdown, as Word with real footnotes, as a question set."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from lxml import etree

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.answer import Answer, Citation, Claim, Question, Turn
from qa.evaluation.questions.sets import read_question_set
from qa.web.ratings import Rating, keep_rating, rated_case, ratings_file
from qa.web.references import as_markdown, reference, with_references
from qa.web.texts import CHINESE
from qa.web.word_file import as_word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def passage(text: str, source: str = "well.txt", name: str = "a") -> Passage:
    return Passage(f"{name}#0", name, text, 0, len(text), "老井*新说*", source, "2020-03-01")


def quoted(number: int, text: str, source: str = "well.txt") -> Citation:
    return Citation(number, passage(text, source), text, 0, len(text))


TEXT = "井深十七米。[1]水是甜的。\n开凿于（明代）万历年间。[2]又说井深十七米。[1]"
DOUBT = Claim("水是甜的。", 9, 14, (), False, "出处里没有“甜”")
ANSWER = Answer(
    Question("井有多深？# [x]"),
    "井有多深？",
    TEXT,
    (Claim("井深十七米。", 0, 9, (1,), True), DOUBT),
    (quoted(1, "井深十七米。"), quoted(2, "开凿于（明代）万历年间。")),
    highlights=((2, 5), (TEXT.index("（明"), TEXT.index("代）"))),
    done=True,
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("河湾日报_2020年3月1日第02版.txt", "老井*新说*[N]. 河湾日报, 2020-03-01(02)."),
        ("well.txt", "老井*新说*[Z]. well.txt, 2020-03-01."),
        ("年度报告.docx", "老井*新说*[Z]. 年度报告.docx, 2020-03-01."),
    ],
)
def test_a_reference_follows_the_standard(source: str, expected: str) -> None:
    assert reference(quoted(1, "井。", source)) == expected


def test_copied_text_has_its_references_and_its_doubts() -> None:
    text, notes = with_references(ANSWER, CHINESE).split("\n\n")
    assert text.startswith("井深十七米。[1]水是甜的。（存疑：出处里没有“甜”）")
    assert notes.splitlines()[0] == "[1] 老井*新说*[Z]. well.txt, 2020-03-01.“井深十七米。”"


def test_markdown_has_footnotes_of_each_turn_and_nothing_else_acts() -> None:
    written = as_markdown([ANSWER, ANSWER], CHINESE)
    assert written.startswith("## 井有多深？\\# \\[x\\]\n\n井深十七米。[^1-1]水是甜的。")
    assert "[^2-2]: 老井\\*新说\\*\\[Z\\]. well.txt" in written
    assert written.count("[^1-1]") == 3


def test_word_has_footnotes_that_python_docx_and_the_part_agree_on() -> None:
    content = as_word([ANSWER, replace(ANSWER, question=Question("再问\x0b一次"))], CHINESE)
    document = docx.Document(io.BytesIO(content))
    first, *_ = document.paragraphs
    assert first.text == "井有多深？# [x]" and first.style.name == "Heading 2"
    marks = document.element.body.findall(f".//{W}footnoteReference")
    assert [mark.get(f"{W}id") for mark in marks] == ["1", "2", "3", "4"]
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert bold[:2] == ["十七米", "（明代）"]
    again = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.font.superscript]
    assert again == ["1", "3"]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        notes = etree.fromstring(parts.read("word/footnotes.xml"))
        types = parts.read("[Content_Types].xml").decode()
    assert "footnotes+xml" in types
    texts = {note.get(f"{W}id"): "".join(note.itertext()) for note in notes}
    assert texts["4"] == " 老井*新说*[Z]. well.txt, 2020-03-01.“开凿于（明代）万历年间。”"
    assert list(texts) == ["-1", "0", "1", "2", "3", "4"]
    assert any("存疑" in paragraph.text for paragraph in document.paragraphs)


def test_ratings_are_a_question_set(tmp_path: Path) -> None:
    hits = (Hit(passage("井深十七米。"), 0.5, 1), Hit(passage("另一口井。", name="b"), 0.25, 2))
    answer = replace(ANSWER, hits=hits, question=Question("井有多深？", (Turn("老井在哪里？", "在巷口。"),)))
    refusal = Answer(Question("火星上有井吗？"), "", "没有找到。", hits=hits, refused=True, done=True)
    keep_rating(tmp_path, "v1", answer, Rating("bad", note="不是这口井"))
    keep_rating(tmp_path, "v1", refusal, Rating("good"))
    bad = Rating("bad", wrong=("井深十七米。",), passage="b#0", right="十八米")
    path = keep_rating(tmp_path, "v1", answer, bad)
    refused, rated = read_question_set(path).cases
    assert (refused.answerable, refused.kind) == (False, "good")
    assert (rated.answers, rated.articles, rated.passage) == (("十八米",), ("b",), "另一口井。")
    assert rated.history == answer.question.history
    assert rated.remark and rated.remark.text == "这句不对：井深十七米。" and rated.remark.answer == TEXT
    assert path == ratings_file(tmp_path, "v1")
    assert path.stat().st_mode & 0o077 == 0
    assert not ratings_file(tmp_path, "../v2").is_relative_to(tmp_path / "v2")


def test_a_good_answer_expects_what_it_said() -> None:
    case = rated_case(ANSWER, Rating("good"))
    assert case.answers == ("十七米", TEXT[slice(*ANSWER.highlights[1])])
    assert case.articles == ("a",)
