"""A language model in the reader's place: what it writes reaches the answer, and what it does not know is a refusal."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from corpus.errors import ModelError
from embeddings.collections.collection import Collection
from qa.answer import Question, Turn
from qa.answerer import Answerer
from qa.language_models.language_model import Message
from qa.settings import Settings
from qa.writing.generative_writer import GenerativeWriter, complete_with, is_silent, unless_silent

ARTICLE = "云溪街道有党员86名。东湖街道有党员90名。李明华是云溪街道的书记。"


class Says:
    """A model that says what it is told to say, character by character, and remembers what it was asked."""

    name, room = "says", 3000

    def __init__(self, *texts: str, parameters: int = 0) -> None:
        self.texts, self.parameters = list(texts), parameters
        self.asked: list[str] = []
        self.closed = threading.Event()

    def count(self, text: str) -> int:
        return len(text)

    def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        self.asked.append(messages[-1].text)
        text = self.texts[min(len(self.asked), len(self.texts)) - 1]
        try:
            yield ""
            yield from text
        finally:
            self.closed.set()


def answerer(folder: Path, model: Says, settings: Settings | None = None) -> Answerer:
    article = Article("a", "云溪街道的党员", ARTICLE, "a.txt", "2021-07-01")
    collection = Collection.build(folder / "index", [article])
    settings = settings or Settings()
    writer = GenerativeWriter(model, remove_unsupported=settings.unsupported == "remove")
    return Answerer(collection, settings=settings, writer=writer)


def test_what_the_model_writes_is_cited_and_checked(tmp_path: Path) -> None:
    model = Says("云溪街道共有86名党员[1]。书记是李明华。【1】云溪街道有党员900名。[1]")
    answer = answerer(tmp_path, model).answer("云溪街道有多少名党员？")
    assert answer.model == "says" and not answer.refused
    assert [claim.supported for claim in answer.claims] == [True, True, False]
    assert "900" in answer.claims[2].problem
    assert [citation.quote for citation in answer.citations] == ["云溪街道有党员86名。", "李明华是云溪街道的书记。"]
    assert ARTICLE in model.asked[0] and "云溪街道有多少名党员？" in model.asked[0]


def test_unsupported_sentences_are_removed_where_that_is_set(tmp_path: Path) -> None:
    model = Says("云溪街道共有86名党员[1]。云溪街道有党员900名。[1]")
    settings = Settings(unsupported="remove")
    answer = answerer(tmp_path, model, settings).answer("云溪街道有多少名党员？")
    assert answer.text == "云溪街道共有86名党员。[1]" and all(claim.supported for claim in answer.claims)


@pytest.mark.parametrize("text", ["资料里没有。", "", "很抱歉，根据所给资料无法回答。", "云溪街道有党员900名。[1]"])
def test_an_answer_without_a_supported_sentence_gives_way_to_the_embedded_one(tmp_path: Path, text: str) -> None:
    *growing, answer = answerer(tmp_path, Says(text)).stream("云溪街道有多少名党员？")
    assert answer.text == "云溪街道有党员86名。[1]" and not answer.refused
    assert (answer.model, answer.instead_of) == ("wenju", "says")
    if "900" not in text:
        assert not any(answer.text for answer in growing[:-1])


def test_the_last_of_a_stream_is_the_whole_answer(tmp_path: Path) -> None:
    asked = answerer(tmp_path, Says("云溪街道共有86名党员[1]，书记是李明华[1]。"))
    *growing, last = asked.stream("云溪街道有多少名党员？")
    whole = asked.answer("云溪街道有多少名党员？")
    assert (last.text, last.claims, last.citations) == (whole.text, whole.claims, whole.citations)
    assert growing[0].text == "" and growing[0].hits
    assert not any("[" in answer.text.replace("[1]", "").replace("[2]", "") for answer in growing)


def test_what_answers_another_question_gives_way_to_the_embedded_answer(tmp_path: Path) -> None:
    off = Article("b", "东湖的天气", "东湖昨天下了一场小雨，气温降到十度，居民都说舒服。", "b.txt")
    asked = answerer(tmp_path, Says("东湖昨天下了一场小雨。[2]"))
    asked.collection.add([off])
    answer = asked.answer("云溪街道有多少名党员？")
    assert "86名" in answer.text and answer.instead_of == "says"
    asked.writer = GenerativeWriter(Says("云溪街道有党员86名。[1]"))
    assert asked.answer("云溪街道有多少名党员？").instead_of == ""


def test_the_embedded_evidence_is_there_while_the_model_writes(tmp_path: Path) -> None:
    stream = answerer(tmp_path, Says("云溪街道共有86名党员[1]。")).stream("云溪街道有多少名党员？")
    early = next(answer for answer in stream if not answer.done and answer.model)
    assert early.citations[0].quote == "云溪街道有党员86名。"


def test_a_model_in_a_loop_is_stopped(tmp_path: Path) -> None:
    model = Says("云溪街道共有86名党员[1]。" + "0" * 5000)
    answers = list(answerer(tmp_path, model).stream("云溪街道有多少名党员？"))
    assert len(answers) < 400 and "86名" in answers[-1].text


def test_a_small_model_is_asked_for_reasons_and_not_for_facts(tmp_path: Path) -> None:
    model = Says("云溪街道有党员86名。[1]", parameters=500_000_000)
    answer = answerer(tmp_path, model).answer("云溪街道有多少名党员？")
    assert (answer.text, answer.model, answer.instead_of) == ("云溪街道有党员86名。[1]", "wenju", "")
    assert not model.asked and not answer.refused
    large = Says("云溪街道有党员86名。[1]", parameters=4_000_000_000)
    assert answerer(tmp_path / "large", large).answer("云溪街道有多少名党员？").model == "says"
    asked = answerer(tmp_path / "why", model)
    why = Article("b", "停课", "因为昨天下了大雪，云溪小学停课一天。", "b.txt")
    asked.collection.add([why])
    asked.answer("云溪小学为什么停课一天？")
    assert model.asked


def test_who_stops_reading_stops_the_model(tmp_path: Path) -> None:
    model = Says("云溪街道共有86名党员[1]。")
    stream = answerer(tmp_path, model).stream("云溪街道有多少名党员？")
    next(stream)
    assert not model.closed.is_set()
    stream.close()  # type: ignore[attr-defined]
    assert model.closed.is_set()


def test_what_goes_wrong_reaches_the_reader(tmp_path: Path) -> None:
    class Breaks(Says):
        def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
            yield "云溪街道"
            raise ModelError("模型断开了。", "The model went away.")

    with pytest.raises(ModelError, match="断开"):
        list(answerer(tmp_path, Breaks("")).stream("云溪街道有多少名党员？"))


def test_nothing_near_is_refused_without_asking_the_model(tmp_path: Path) -> None:
    model = Says("好。[1]")
    assert answerer(tmp_path, model).answer("qqqq zzzz?").refused and not model.asked


HISTORY = (Turn("云溪街道有多少名党员？", "云溪街道有党员86名。[1]"),)


@pytest.mark.parametrize(
    ("written", "standalone"),
    [
        ("云溪街道的书记是谁？", "云溪街道的书记是谁？"),
        ("改写后的问题：“云溪街道的书记是谁？”", "云溪街道的书记是谁？"),
        ("好的。\n问题：云溪街道的书记是谁？", "云溪街道的书记是谁？"),
        ("", "云溪街道的书记是谁？"),
        ("北京市的书记是谁？", "云溪街道的书记是谁？"),
        ("云溪街道2035年的书记是谁？", "云溪街道的书记是谁？"),
        ("今天天气怎么样？", "云溪街道的书记是谁？"),
        ("书记" * 300, "云溪街道的书记是谁？"),
    ],
)
def test_a_follow_up_is_rewritten_by_the_model_and_by_rule_where_that_fails(
    tmp_path: Path, written: str, standalone: str
) -> None:
    model = Says(written, "李明华是云溪街道的书记。[1]")
    answer = answerer(tmp_path, model).answer(Question("它的书记是谁？", HISTORY))
    assert answer.standalone == standalone and answer.text == "李明华是云溪街道的书记。[1]"
    assert "它的书记是谁？" in model.asked[0] and "86名" in model.asked[0] and len(model.asked) == 2


def test_a_first_question_is_not_rewritten(tmp_path: Path) -> None:
    model = Says("李明华是云溪街道的书记。[1]")
    assert answerer(tmp_path, model).answer("云溪街道的书记是谁？").standalone == "云溪街道的书记是谁？"
    assert len(model.asked) == 1


SILENT = (
    "资料里没有。",
    "根据所给资料，没有提到党员人数。",
    "很抱歉，根据您提供的资料，无法确定该信息。",
    "文中未提及相关内容。",
    "在资料[1]中没有提到",
    "目前资料中没有找到答案",
    "答：没有。",
)
SPOKEN = (
    "商都路街道有83名党员。[1]",
    "资料里没有提到人数，只说有党员。[1]",
    "无锡市有五人。",
    "没有规定期限。[1]",
    "资料1中提到，甲有五人。",
)


@pytest.mark.parametrize("text", SILENT + SPOKEN)
def test_what_says_that_there_is_nothing_is_told_from_answers(text: str) -> None:
    assert is_silent(text) == (text in SILENT)
    assert "".join(unless_silent(iter(text))) == ("" if text in SILENT else text)


def test_a_label_before_an_answer_is_left_out(tmp_path: Path) -> None:
    answers = list(answerer(tmp_path, Says("答：云溪街道有党员86名。[1]")).stream("云溪街道有多少名党员？"))
    assert answers[-1].text == "云溪街道有党员86名。[1]"
    assert not any(answer.text.startswith("答") for answer in answers)


@pytest.mark.parametrize(
    "text",
    [
        "云溪街道的党员人数，资料里没有提到。[1]",
        "资料[1]和资料[2]都没有提到云溪街道的党员人数。",
        "该资料未提供云溪街道的党员人数。[1][2]",
        "根据资料，文中并未提及党员。[1]",
    ],
)
def test_what_is_said_to_be_missing_is_no_answer_though_it_names_a_passage(tmp_path: Path, text: str) -> None:
    assert answerer(tmp_path, Says(text)).answer("云溪街道有多少名党员？").instead_of == "says"


def test_what_is_said_to_be_missing_beside_an_answer_is_told_apart(tmp_path: Path) -> None:
    model = Says("云溪街道有党员86名。[1]关于2022年的人数，资料里没有提到。[1]")
    answer = answerer(tmp_path, model).answer("云溪街道有多少名党员？")
    assert answer.text == "云溪街道有党员86名。[1]关于2022年的人数，资料里没有提到。"
    assert [claim.supported for claim in answer.claims] == [True, False]
    assert "资料里没有什么" in answer.claims[1].problem


def test_an_answer_is_not_held_back() -> None:
    pieces = unless_silent(iter("商都路街道有83名党员。[1]"))
    assert "".join(next(pieces) for _ in range(4)).startswith("商都")


@given(st.text("资料里没有未提到，。[1]甲乙五人 ", max_size=40), st.data())
def test_holding_back_loses_nothing_however_the_pieces_are_cut(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    shown = "".join(unless_silent(iter(pieces)))
    assert shown in ("", text) and (shown == text or is_silent(text) or not text.strip())


def test_a_model_completes_prompts_for_judges_and_drafts() -> None:
    complete = complete_with(Says("正确：2"))
    assert complete("打分") == "正确：2" and complete.__qualname__ == "says"
