from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.errors import QuestionError
from embeddings.collections.collection import Collection
from qa import Answer, Answerer, Question, Turn, ask
from qa.answer import Claim
from qa.reading.reader import Reading
from qa.settings import Settings
from qa.writing.quoting import RawSpans
from qa.writing.writer import QuotingWriter

ARTICLES = [
    Article(
        "yunxi",
        "云溪街道推进楼院改造",
        "云溪街道有党员1860名。今年上半年，街道改造老旧楼院47个，惠及居民9200户。街道党工委书记是李明华。",
    ),
    Article(
        "ping",
        "平安社区办起老年食堂",
        "平安社区的老年食堂每天供应午餐三百份。食堂于2021年5月8日开张，由退休厨师王建国掌勺。",
    ),
    Article(
        "lake",
        "东湖清淤工程完工",
        "东湖清淤工程历时八个月完工，共清出淤泥12万立方米。工程采用绞吸船施工，以减少对鱼类的影响。",
    ),
]


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder: Path = tmp_path_factory.mktemp("collection") / "three"
    return Answerer(Collection.build(folder, ARTICLES), settings=Settings(caution="balanced"))


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Two streets of which one tells how many members it has, the other only of lectures."""
    articles = [
        Article("yunxi", "云溪街道", "云溪街道有党员1860名。云溪街道的志愿者有320人。"),
        Article("donghu", "东湖街道", "东湖街道请人讲党课。东湖街道的志愿者有450人。"),
    ]
    folder: Path = tmp_path_factory.mktemp("collection") / "streets"
    return Answerer(Collection.build(folder, articles), settings=Settings(caution="balanced"))


def test_every_part_of_a_question_is_answered_with_a_citation_of_its_own(streets: Answerer) -> None:
    found = streets.answer("云溪街道和东湖街道的志愿者各有多少人？")
    assert ["320人" in found.claims[0].text, "450人" in found.claims[1].text] == [True, True]
    assert [citation.passage.article_id for citation in found.citations] == ["yunxi", "donghu"]
    assert len(found.claims) == 2 and found.unanswered == ()


def test_a_part_that_the_articles_do_not_answer_is_left_out(tmp_path: Path) -> None:
    articles = [
        Article("yunxi", "云溪街道", "云溪街道有党员1860名。"),
        Article("donghu", "东湖街道", "东湖街道请人讲党课，讲的是长征的故事。"),
    ]
    streets = Answerer(Collection.build(tmp_path / "two", articles), settings=Settings(caution="balanced"))
    found = streets.answer("云溪街道和东湖街道各有多少名党员？")
    assert "1860" in found.text and "东湖" not in found.text
    assert found.unanswered == ("东湖街道有多少名党员？",)
    assert streets.answer("云溪街道有多少名党员？").unanswered == ()


@pytest.mark.parametrize(
    ("question", "answer", "article"),
    [
        ("云溪街道有多少名党员？", "1860", "yunxi"),
        ("云溪街道党工委书记是谁？", "李明华", "yunxi"),
        ("老年食堂是什么时候开张的？", "2021年5月8日", "ping"),
        ("东湖清淤工程清出了多少淤泥？", "12万立方米", "lake"),
    ],
)
def test_answers_are_cited_and_every_quote_is_exact(
    answerer: Answerer, question: str, answer: str, article: str
) -> None:
    found = answerer.answer(question)
    assert answer in found.text and not found.refused and found.done
    assert all(claim.supported and claim.citations for claim in found.claims)
    assert found.citations[0].passage.article_id == article
    for citation in found.citations:
        whole = answerer.collection.article(citation.passage.article_id)
        assert whole.text[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in found.text


@pytest.mark.parametrize("question", ["量子计算机的冷却温度是多少？", "火星上有几个湖泊？", "？？？"])
def test_what_is_not_there_is_refused(answerer: Answerer, question: str) -> None:
    found = answerer.answer(question)
    assert found.refused and not found.citations and not found.claims
    assert "没有找到" in found.text


def test_a_stream_grows_and_ends_with_the_whole_answer(answerer: Answerer) -> None:
    growing = list(answerer.stream("云溪街道有多少名党员？"))
    assert len(growing) > 2
    assert [a.done for a in growing] == [False] * (len(growing) - 1) + [True]
    lengths = [len(a.text) for a in growing]
    assert lengths == sorted(lengths)
    whole = answerer.answer("云溪街道有多少名党员？")
    assert replace(growing[-1], seconds={}) == replace(whole, seconds={})
    assert whole.seconds["total"] == pytest.approx(sum(v for k, v in whole.seconds.items() if k != "total"))


def test_a_follow_up_is_completed(answerer: Answerer) -> None:
    found = answerer.answer(Question("那它的书记是谁？", history=(Turn("云溪街道有多少名党员？", "1860名"),)))
    assert found.standalone == "云溪街道的书记是谁？"
    assert "李明华" in found.text


def test_a_question_of_two_parts_is_answered_in_their_order(answerer: Answerer) -> None:
    two = ("云溪街道有多少名党员", "东湖清淤工程清出了多少淤泥")
    for first, second in (two, two[::-1]):
        found = answerer.answer(f"{first}，{second}？")
        assert {found.text[start:end].rstrip("名") for start, end in found.highlights} == {"1860", "12万立方米"}
        articles = [citation.passage.article_id for citation in found.citations]
        assert articles == (["yunxi", "lake"] if first == two[0] else ["lake", "yunxi"])


def test_only_the_articles_asked_for_are_searched(answerer: Answerer) -> None:
    found = answerer.answer(Question("云溪街道有多少名党员？", articles=("lake",)))
    assert {hit.passage.article_id for hit in found.hits} <= {"lake"}
    assert "1860" not in found.text


@pytest.mark.parametrize("question", ["", "  \n ", "问" * 10_000])
def test_questions_that_cannot_be_asked_say_why(answerer: Answerer, question: str) -> None:
    with pytest.raises(QuestionError, match="问题"):
        answerer.answer(question)


@pytest.mark.slow
def test_twenty_at_once_get_what_each_would_get_alone(answerer: Answerer) -> None:
    questions = [
        "云溪街道有多少名党员？",
        "老年食堂是什么时候开张的？",
        "东湖清淤工程清出了多少淤泥？",
        "火星上有几个湖泊？",
    ] * 5
    alone = [answerer.answer(question).text for question in questions]
    with ThreadPoolExecutor(20) as pool:
        assert [answer.text for answer in pool.map(answerer.answer, questions)] == alone


class Silent(QuotingWriter):
    """A writer of whose claims none is supported."""

    name = "silent"

    def write(self, growing: Answer, readings: Sequence[Reading], raw_spans: RawSpans) -> Generator[Answer]:
        yield replace(
            growing, text="云溪街道有党员9999名。", claims=(Claim("云溪街道有党员9999名。", 0, 13, (), False, "没有"),)
        )


def test_a_writer_that_invents_is_not_believed(answerer: Answerer) -> None:
    found = Answerer(answerer.collection, settings=answerer.settings, writer=Silent()).answer("云溪街道有多少名党员？")
    assert found.refused and "9999" not in found.text


def test_a_failure_in_a_writer_reaches_the_caller(answerer: Answerer) -> None:
    class Broken(Silent):
        def write(self, growing: Answer, readings: Sequence[Reading], raw_spans: RawSpans) -> Generator[Answer]:
            yield replace(growing, text="云溪")
            raise RuntimeError("gone")

    broken = Answerer(answerer.collection, settings=answerer.settings, writer=Broken())
    with pytest.raises(RuntimeError, match="gone"):
        list(broken.stream("云溪街道有多少名党员？"))


def test_ask_takes_a_folder_of_articles(tmp_path: Path) -> None:
    (tmp_path / "云溪.txt").write_text("云溪街道推进楼院改造\n" + ARTICLES[0].text, encoding="utf-8")
    answer = ask("云溪街道改造了多少个老旧楼院？", articles=tmp_path)
    assert "47个" in answer.text
    assert answer.citations[0].source == "云溪.txt"
    assert isinstance(answer, Answer) and answer.to_dict()["citations"][0]["title"] == "云溪街道推进楼院改造"
    (tmp_path / "云溪.txt").write_text(
        "云溪街道推进楼院改造\n" + ARTICLES[0].text.replace("47", "58"), encoding="utf-8"
    )
    assert "58个" in ask("云溪街道改造了多少个老旧楼院？", articles=tmp_path).text


def test_ask_answers_from_the_samples_by_default() -> None:
    answer = ask("商都路有多少名党员？")
    assert "2584" in answer.text and answer.citations


@pytest.mark.parametrize("given", [None, ("问",), (1, 2), "问答", Turn(None, "答")])  # type: ignore[arg-type]
def test_a_history_that_is_none_says_why(given: Any) -> None:
    with pytest.raises(QuestionError, match="history"):
        ask("商都路有多少名党员？", history=[given])


def test_collection_and_articles_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not both"):
        ask("问", collection=tmp_path, articles=tmp_path)
