"""Whatever comes in: damaged files of every format, questions of any characters. Nothing crashes, and offsets are exact."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_documents import everything
from made_pdf import pdf_of

from corpus.article import Article
from corpus.errors import InputError, ReadError, WenjuError
from corpus.reading.files import Outcome, read_file
from corpus.repair.cleaning import clean
from corpus.text.exact import CLAUSE, clauses_named, question_terms
from corpus.text.quantities import quantity
from qa.answer import Question, Turn
from qa.evaluation.questions.cases import Case
from qa.evaluation.questions.sets import read_question_set, write_question_set
from qa.questions.dates import date_range
from qa.questions.follow_up import candidates_of
from qa.questions.intents import intent_of
from qa.questions.scope import LONGEST_QUESTION, checked
from qa.questions.splitting import parts_of

pytestmark = pytest.mark.slow

# The same examples each time: what is found once is written down as an example, not met by chance.
bounded = settings(max_examples=40, deadline=None, derandomize=True, database=None)
often = settings(bounded, max_examples=150)

WORDS = [
    "第十八条", "第3章", "违反", "多少", "和", "、", "，", "？", "2021年7月", "去年", "昨天", "三万", "１２．５％", "X-900", "《", "》",
    "（一）", "石桥镇", "党员", "它", "呢", "分别是", "概括", "比", "最高", "有没有", "\u200b", "\ud800", "\x00", "𠮷", " ", "\n", "〇",
]  # fmt: skip
ASKED = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=14).map("".join) | st.text(max_size=40)
TODAY = date(2022, 3, 16)


# A file of each format, by name; but for .doc, which may take LibreOffice seconds to make nothing of.
DOCUMENTS = {name: content for name, content in everything().items() if not name.endswith(".doc")} | {
    "page.pdf": pdf_of([([(72, 700, "石桥镇有党员七十名。")], [])])
}


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file with bytes turned over, taken out, put in twice, or cut off at the end."""
    name = draw(st.sampled_from(sorted(DOCUMENTS)))
    content = bytearray(DOCUMENTS[name])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        kind = draw(st.sampled_from(["bit", "out", "twice", "end", "foreign"]))
        if kind == "bit" and content:
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "out":
            del content[place : place + draw(st.integers(1, 40))]
        elif kind == "twice":
            content[place:place] = content[place : place + draw(st.integers(1, 400))]
        elif kind == "end":
            del content[place:]
        else:
            content[place:place] = draw(st.binary(max_size=12))
    return name, bytes(content)


def read(name: str, content: bytes) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return read_file(path, name)


def exact(article: Article) -> None:
    """What an article says of its own text is so."""
    for run in article.runs:
        assert 0 <= run.clean <= run.clean + run.length <= len(article.text)
        assert 0 <= run.raw <= run.raw + run.length <= len(article.raw_text)
    last = 0
    for block in article.blocks:
        assert 0 <= block.start <= block.end <= len(article.text)
        assert block.start >= last or block.kind == "row", block
        last = block.start
        for cell in block.cells:
            assert block.start <= cell.start <= cell.end <= block.end


@bounded
@given(damaged())
def test_damaged_files_give_articles_or_say_why(file: tuple[str, bytes]) -> None:
    outcome = read(*file)
    assert outcome.articles or outcome.problem or not file[1].strip()
    for article in outcome.articles:
        exact(article)
    if outcome.problem:
        assert isinstance(outcome.problem, WenjuError)
        assert outcome.problem.chinese and outcome.problem.english


@often
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=40).map("".join))
def test_the_map_back_to_the_raw_text_is_in_order_and_never_overlaps(raw: str) -> None:
    cleaned = clean(raw)
    for one, other in pairwise(cleaned.runs):
        assert one.length > 0
        assert one.clean + one.length <= other.clean
    article = Article("文", "", cleaned.text, raw=raw, runs=cleaned.runs)
    for start in range(0, len(cleaned.text), 7):
        for first, last in article.raw_spans(start, min(start + 5, len(cleaned.text))):
            assert 0 <= first <= last <= len(raw)


def asked(text: str) -> str:
    """What is searched and read of a question, "" where it cannot be asked."""
    try:
        return checked(text).text
    except WenjuError as error:
        assert error.english
        return ""


@often
@given(ASKED)
def test_any_question_is_understood_somehow(given_text: str) -> None:
    text = asked(given_text)
    assert text == " ".join(text.split())
    assert len(text) <= LONGEST_QUESTION
    if not text:
        return
    assert intent_of(text)
    parts = parts_of(text)
    assert parts
    assert len(parts) == 1 or all(part.text.strip() for part in parts)
    terms = question_terms(text)
    assert all(term and not term.isspace() for term in terms)
    assert {CLAUSE + clause for clause in clauses_named(text)} <= set(terms)
    quantity(text)
    found = date_range(text, TODAY)
    assert found is None or not (found.since and found.until) or found.since <= found.until
    assert found is None or text[found.start : found.end] == found.words


@often
@given(ASKED, st.lists(st.tuples(ASKED, ASKED), max_size=3))
@example("有多少党员？", [("石桥镇在哪里？", "在河边。"), ("", "")])
@example("有多少党员？\ud800", [("石桥镇\udfff", "\ud800")])
def test_any_history_can_stand_before_a_question(text: str, history: list[tuple[str, str]]) -> None:
    if asked(text):
        before = checked(Question(text, tuple(Turn(*turn) for turn in history)))
        candidates = candidates_of(before.text, before.history)
        assert candidates
        assert all(candidate.text.strip() and 0 <= candidate.prior <= 1 for candidate in candidates)


@cache
def question_sets() -> dict[str, bytes]:
    case = Case("1", "石桥镇有多少名党员？", ("七十名",))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("jsonl", "csv", "xlsx"):
            write_question_set([case], Path(folder, f"set.{suffix}"))
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


@bounded
@given(st.data())
def test_damaged_question_sets_are_read_or_say_why(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(question_sets())))
    content = bytearray(question_sets()[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            found = read_question_set(path)
        except (InputError, ReadError) as error:
            assert name in error.chinese
        else:
            assert found.cases
