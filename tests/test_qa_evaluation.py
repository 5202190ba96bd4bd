from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article, Passage
from corpus.errors import CollectionBusy, InputError, QuestionError
from embeddings.collections.collection import Collection
from qa import Answer, Citation, Claim, Question, evaluate
from qa.answerer import Answerer
from qa.evaluation.evaluating import prepare
from qa.evaluation.journal import journal
from qa.evaluation.questions.cases import Case, QuestionSet
from qa.evaluation.results import Evaluation, Row
from qa.settings import Settings

pytestmark = pytest.mark.slow

ARTICLES = (
    Article("桥", "青石桥", "青石桥建于1987年，全长126米。设计者是工程师陆望川。桥头有一棵银杏树。"),
    Article("湖", "白鹭湖", "白鹭湖水面有320公顷，湖中有7座小岛。每年十一月，候鸟从北方飞来过冬。"),
    Article("厂", "东风农机厂", "东风农机厂有职工480人，去年生产播种机1500台。厂长周立群说，明年要再招60人。"),
)
CASES = (
    Case("q1", "青石桥全长多少米？", ("126米",), articles=("桥",), kind="how_many"),
    Case("q2", "青石桥的设计者是谁？", ("陆望川",), articles=("桥",), kind="who"),
    Case("q3", "白鹭湖中有几座小岛？", ("7座",), articles=("湖",), kind="how_many"),
    Case("q4", "东风农机厂有职工多少人？", ("480人",), articles=("厂",), kind="how_many"),
    Case("q5", "长江大桥是哪一年通车的？", answerable=False, kind="missing"),
)
SET = QuestionSet("小题集", CASES, ARTICLES)


@pytest.fixture(scope="module")
def evaluation(home: None) -> Evaluation:
    return evaluate(SET)


@pytest.fixture
def collection(home: None) -> Iterator[Collection]:
    with prepare(SET) as prepared:
        yield prepared.collection


def without_time(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [timeless(row.to_dict()) for row in rows]


def timeless(row: dict[str, Any]) -> dict[str, Any]:
    """`row` of a report as JSON has it, without how long anything took."""
    row = json.loads(json.dumps(row))
    for stage in ("total", "seconds", *row.pop("seconds", ())):
        row["scores"].pop(stage, None)
    return row


def test_a_set_that_brings_its_texts_is_asked_of_them(evaluation: Evaluation) -> None:
    assert evaluation.about["articles"] == 3
    assert [row.case.id for row in evaluation.rows] == ["q1", "q2", "q3", "q4", "q5"]
    assert evaluation.failed == 0


def test_the_means_are_those_of_the_rows(evaluation: Evaluation) -> None:
    contained = [row.scores["contained"] for row in evaluation.rows if row.case.answerable]
    assert evaluation.overall["contained"].value == pytest.approx(sum(contained) / 4)
    assert evaluation.overall["contained"].n == 4
    assert contained == [float(row.case.answers[0] in row.record["text"]) for row in evaluation.rows[:4]]
    assert evaluation.overall["hit@1"].value == 1.0
    assert evaluation.overall["refusal_recall"].n == 1


def test_kinds_are_summed_up_apart(evaluation: Evaluation) -> None:
    assert list(evaluation.kinds) == ["how_many", "who", "missing"]
    assert evaluation.kinds["how_many"]["contained"].n == 3
    assert "contained" not in evaluation.kinds["missing"]


def answering(text: str, article: str = "桥", start: int = 0, end: int = 3) -> Callable[[Question], Answer]:
    """An answerer that always says the same and cites `article`."""
    source = next(value for value in ARTICLES if value.id == article)
    passage = Passage(f"{article}#0", article, source.text, 0, len(source.text), source.title)

    def answer(question: Question) -> Answer:
        citation = Citation(1, passage, source.text[start:end], start, end)
        claim = Claim(text, 0, len(text) + 3, (1,), True)
        return Answer(question, question.text, f"{text}[1]", (claim,), (citation,), done=True, seconds={"total": 0.01})

    return answer


def test_an_answerer_that_says_nothing_to_the_point_scores_zero() -> None:
    overall = evaluate(SET, answer=answering("今天天气很好")).overall
    for key in ("contained", "coverage", "exact", "f1", "evidence", "refusal_recall", "hit@1", "citation_recall"):
        assert overall[key].value == 0.0, key
    assert overall["wrong_shown"].value == 1.0


def test_an_answerer_that_always_refuses_answers_nothing_and_is_never_wrong() -> None:
    def refuse(question: Question) -> Answer:
        return Answer(question, question.text, "没有找到。", confidence=0.0, refused=True, done=True)

    overall = evaluate(SET, answer=refuse).overall
    assert overall["contained"].value == 0.0
    assert overall["answered"].value == 0.0
    assert overall["refusal_recall"].value == 1.0
    assert overall["wrong_shown"].value == 0.0


def test_a_quote_that_the_article_does_not_have_is_found_out() -> None:
    def forge(question: Question) -> Answer:
        answer = answering("全长126米")(question)
        return replace(answer, citations=(replace(answer.citations[0], quote="全长999米"),))

    assert evaluate(SET, answer=forge).overall["quote_exact"].value == 0.0


def test_one_failing_question_is_a_row_and_not_the_end() -> None:
    def fail(question: Question) -> Answer:
        if "小岛" in question.text:
            raise QuestionError("问不了。", "Cannot be asked.")
        if "职工" in question.text:
            raise ZeroDivisionError("oh")
        return answering("126米")(question)

    done = evaluate(SET, answer=fail, workers=3)
    assert done.failed == 2
    assert [bool(row.problem) for row in done.rows] == [False, False, True, True, False]
    assert "Cannot be asked" in done.rows[2].problem
    assert "ZeroDivisionError" in done.rows[3].problem
    assert done.overall["contained"].n == 2


def test_processes_find_what_one_finds(evaluation: Evaluation) -> None:
    assert without_time(evaluate(SET, workers=2).rows) == without_time(evaluation.rows)


def test_a_script_without_a_guard_may_use_processes(tmp_path: Path) -> None:
    texts = tmp_path / "桥.txt"
    texts.write_text(ARTICLES[0].text, encoding="utf-8")
    questions = tmp_path / "题.csv"
    questions.write_text("问题,参考答案\n青石桥全长多少米？,126米\n青石桥的设计者是谁？,陆望川\n", encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(
        "print('begun')\nfrom qa import evaluate\n"
        f"print(evaluate({str(questions)!r}, articles={str(texts)!r}, workers=2).overall['contained'].value)\n",
        encoding="utf-8",
    )
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, ["begun", "1.0"]), done.stderr


def test_a_question_may_be_kept_to_its_own_articles() -> None:
    cases = (replace(CASES[0], articles=("湖",)), CASES[2])
    rows = evaluate(replace(SET, cases=cases), own_articles=True).rows
    assert {hit["article"] for hit in rows[0].record["hits"]} == {"湖"}
    assert rows[0].scores["contained"] == 0.0


def test_passages_that_are_not_there_are_not_replaced_by_all_others() -> None:
    cases = (replace(CASES[0], given=("没有这篇",)), replace(CASES[2], given=("湖",)))
    rows = evaluate(replace(SET, cases=cases)).rows
    assert "限定的文章不在索引里" in rows[0].problem
    assert not rows[1].problem
    with pytest.raises(InputError, match="都不在索引里"):
        evaluate(replace(SET, cases=cases[:1]))


def test_names_that_nobody_knows_are_told() -> None:
    with prepare(replace(SET, cases=(replace(CASES[0], articles=("没有",)),))) as prepared:
        assert "没有这些文章" in prepared.problems[0][0]


def test_what_nobody_can_judge_does_not_move_the_threshold() -> None:
    cases = (CASES[0], replace(CASES[1], answers=()), CASES[4])
    done: list[int] = []
    with prepare(replace(SET, cases=cases)) as prepared:
        observed = prepared.observations(progress=lambda stage, number, total: done.append(number))
    assert [(one.right, one.answerable) for one in observed] == [(True, True), (False, False)]
    assert done == [1, 2, 3]


def test_most_takes_questions_evenly() -> None:
    with prepare(SET, most=2) as prepared:
        assert [task.case.id for task in prepared.tasks] == ["q1", "q3"]
    with prepare(SET, most=99) as prepared:
        assert len(prepared.tasks) == 5


def test_answers_are_those_of_the_answerer(evaluation: Evaluation, collection: Collection) -> None:
    answer = Answerer(collection).answer(CASES[0].question)
    assert evaluation.rows[0].record["text"] == answer.text
    assert evaluation.rows[0].record["confidence"] == round(answer.confidence, 4)


def test_a_finished_run_is_not_asked_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(question: Question) -> Answer:
        asked.append(question.text)
        return answering("126米")(question)

    first = evaluate(SET, to=tmp_path, answer=answer)
    again = evaluate(SET, to=tmp_path, answer=answer)
    assert len(asked) == 5
    assert without_time(again.rows) == without_time(first.rows)
    assert again.about["created"] == first.about["created"]
    evaluate(SET, to=tmp_path, answer=answer, anew=True)
    assert len(asked) == 10


def test_questions_that_failed_are_asked_again(tmp_path: Path) -> None:
    away = True

    def answer(question: Question) -> Answer:
        if away:
            raise ConnectionError("the server is away")
        return answering("126米")(question)

    assert evaluate(SET, to=tmp_path, answer=answer).failed == 5
    away = False
    assert evaluate(SET, to=tmp_path, answer=answer).failed == 0


def test_what_one_function_answered_is_not_taken_for_another(tmp_path: Path) -> None:
    def other(question: Question) -> Answer:
        return answering("999米")(question)

    first = evaluate(SET, to=tmp_path, answer=answering("126米"))
    assert str(first.about["model"]).endswith("answering.<locals>.answer")
    with pytest.raises(InputError, match="不同之处：回答模型"):
        evaluate(SET, to=tmp_path, answer=other)
    with pytest.raises(InputError, match="回答模型"):
        evaluate(SET, to=tmp_path)


def test_other_references_are_another_run_though_the_file_is_the_same(tmp_path: Path) -> None:
    known, answer = replace(SET, sha256="0" * 64), answering("126米")
    evaluate(known, to=tmp_path, answer=answer)
    other = replace(known, cases=(replace(CASES[0], answers=("127米",)), *CASES[1:]))
    with pytest.raises(InputError, match="不同之处：题目"):
        evaluate(other, to=tmp_path, answer=answer)


def test_what_a_killed_report_left_is_cleared_away(tmp_path: Path) -> None:
    for name in ("report.html.4711.new", "rows.jsonl.4711.new", "我的.new"):
        (tmp_path / name).touch()
    evaluate(SET, to=tmp_path, answer=answering("126米"))
    assert [path.name for path in tmp_path.glob("*.new")] == ["我的.new"]


def test_another_run_does_not_overwrite_a_report(tmp_path: Path) -> None:
    evaluate(SET, to=tmp_path, answer=answering("126米"))
    before = (tmp_path / "rows.jsonl").read_bytes()
    with pytest.raises(InputError, match="另一次评测") as caught:
        evaluate(SET, to=tmp_path, settings=replace(Settings.from_environment(), k=3))
    assert "k" in caught.value.english
    assert (tmp_path / "rows.jsonl").read_bytes() == before


def test_a_report_among_articles_is_not_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "桥.txt").write_text(ARTICLES[0].text, encoding="utf-8")
    for _ in range(2):
        done = evaluate(replace(SET, cases=CASES[:1]), articles=tmp_path, to=tmp_path / "wenju-eval" / "1")
        assert done.about["articles"] == 1


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    with journal(tmp_path, {"run": "1"}, CASES), pytest.raises(CollectionBusy), journal(tmp_path, {"run": "1"}, CASES):
        pass


def test_a_torn_line_costs_one_question(tmp_path: Path) -> None:
    about = {"run": "1"}
    with pytest.raises(KeyboardInterrupt), journal(tmp_path, about, CASES) as kept:
        kept.add(Row(CASES[0], {"text": "甲"}, {"contained": 1.0}))
        kept.add(Row(CASES[1], {"text": "乙"}, {"contained": 0.0}))
        raise KeyboardInterrupt
    partial = tmp_path / "rows.partial.jsonl"
    partial.write_bytes(partial.read_bytes()[:-7])
    with pytest.raises(KeyboardInterrupt), journal(tmp_path, about, CASES) as kept:
        assert list(kept.rows) == ["q1"]
        kept.add(Row(CASES[2], {"text": "丙"}, {"contained": 0.5}))
        raise KeyboardInterrupt
    with journal(tmp_path, about, CASES) as kept:
        assert [(id, row.record["text"]) for id, row in kept.rows.items()] == [("q1", "甲"), ("q3", "丙")]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "report"):
        with pytest.raises(InputError, match="不是文件夹"):
            evaluate(SET, to=place, answer=answering("126米"))
    with pytest.raises(InputError, match="不能写入"):
        evaluate(SET, to=tmp_path / "file" / "report", answer=answering("126米"))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_killed_run_goes_on_and_reports_what_an_undisturbed_one_does(tmp_path: Path, workers: str) -> None:
    questions = tmp_path / "题.jsonl"
    with questions.open("w", encoding="utf-8") as file:
        for number in range(120):
            case = CASES[number % 5]
            row = {"id": f"{case.id}-{number}", "question": case.question, "answers": case.answers, "kind": case.kind}
            file.write(json.dumps(row | {"answerable": case.answerable}, ensure_ascii=False) + "\n")
    texts = tmp_path / "articles"
    texts.mkdir()
    for article in ARTICLES:
        (texts / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
    report, whole = tmp_path / "killed", tmp_path / "whole"
    command = [sys.executable, "-m", "qa", "eval", str(questions), "--articles", str(texts), "--workers", workers]
    root = Path(__file__).parents[1]

    kills = 0
    for least in (10, 40):
        process = subprocess.Popen([*command, "--to", str(report)], cwd=root, stdout=subprocess.DEVNULL)
        partial = report / "rows.partial.jsonl"
        while process.poll() is None:
            if partial.exists() and partial.read_bytes().count(b"\n") >= least:
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.005)
        process.wait()
    assert kills == 2
    kept = partial.read_bytes().count(b"\n")
    assert 40 <= kept < 120

    subprocess.run([*command, "--to", str(report)], cwd=root, check=True, capture_output=True)
    subprocess.run([*command, "--to", str(whole)], cwd=root, check=True, capture_output=True)
    assert not partial.exists()
    resumed, undisturbed = (
        [json.loads(line) for line in (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
        for folder in (report, whole)
    )
    assert list(map(timeless, resumed)) == list(map(timeless, undisturbed))
    first, second = (json.loads((folder / "report.json").read_text(encoding="utf-8")) for folder in (report, whole))
    for key in ("overall", "kinds", "refusal", "rows"):
        assert without_quantiles(first[key]) == without_quantiles(second[key])


def without_quantiles(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: without_quantiles(inner) for key, inner in value.items() if not key.endswith(("_p50", "_p95"))}
