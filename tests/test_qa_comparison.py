"""Two reports compared: pairing, tests, words, files, and the page in Chromium."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import browser_test

from corpus.errors import InputError
from qa.evaluation.metrics.scoring import refusal_curve, summarise
from qa.evaluation.questions.cases import Case
from qa.evaluation.report.comparison import Comparison, compare, save_comparison
from qa.evaluation.report.output import save_report
from qa.evaluation.results import Evaluation, Row

HOSTILE = "</script><img src=x onerror='window.harmed=1'>\u202e|\ud83d"
PASSAGE = "柳河镇有两座水库。大的一座建成于1958年。"


def row(number: int, answer: str, **scores: float) -> Row:
    """`answer` is "right", "wrong", "refused" or "failed"; every tenth question has no answer in the articles."""
    answerable = number % 10 != 9
    case = Case(
        f"q{number:03}",
        f"柳河镇第{number}问",
        ("1958年",) if answerable else (),
        answerable=answerable,
        kind=f"k{number % 3}",
    )
    if answer == "failed":
        return Row(case, problem="ModelError: 断开")
    refused = answer == "refused"
    kept: dict[str, Any] = {
        "standalone": case.question, "text": {"right": "建成于1958年。[1]", "wrong": "不知哪年。", "refused": "没有找到。"}[answer],
        "refused": refused, "unsure": False, "confidence": 0.1 if refused else 0.6, "highlights": [], "claims": [], "hits": [],
        "citations": [] if answer != "right" else [{
            "number": 1, "article": "a", "title": "水库", "source": "a.txt", "published": "", "passage": PASSAGE,
            "quote": PASSAGE[9:], "start": 9, "end": len(PASSAGE)}],
        "seconds": {"total": 0.02}, "model": "wenju",
    }  # fmt: skip
    if not answerable:
        own = {"refusal_recall": float(refused), "wrong_shown": float(not refused)}
    else:
        own = {
            "contained": float(answer == "right"),
            "answered": float(not refused),
            "wrong_shown": float(answer == "wrong"),
        }
    return Row(case, kept, {**own, "seconds": 0.02, **scores})


def saved(folder: Path, rows: list[Row], name: str = "水库", **about: Any) -> Path:
    told = {"questions_sha256": "1", "collection_sha256": "2", "model": "wenju", **about}
    made = Evaluation(name, told, tuple(rows), summarise(rows), {}, refusal_curve(rows))
    save_report(made, folder)
    return folder


BEFORE = ["right"] * 20 + ["wrong"] * 10 + ["refused"] * 10
AFTER = ["right"] * 18 + ["wrong"] * 2 + ["right"] * 10 + ["right"] * 5 + ["refused"] * 5


def both(tmp_path: Path) -> tuple[Path, Path]:
    a = saved(tmp_path / "a", [row(number, answer) for number, answer in enumerate(BEFORE)], caution="balanced")
    b = saved(tmp_path / "b", [row(number, answer) for number, answer in enumerate(AFTER)], caution="eager")
    return a, b


def metric(comparison: Comparison, key: str) -> Any:
    return next(change for change in comparison.metrics if change.metric.key == key)


def test_questions_are_paired_and_counted(tmp_path: Path) -> None:
    found = compare(*both(tmp_path))
    assert found.paired == 40
    assert found.warnings == found.only_a == found.only_b == ()
    directions = {change.id: change.direction for change in found.questions}
    # 9, 19, 29 and 39 have no answer in the articles: answering 9, 19 and 29 is wrong on both sides.
    assert {id for id, way in directions.items() if way == "worse"} == {"q018"}
    assert {id for id, way in directions.items() if way == "better"} == {
        *(f"q{number:03}" for number in range(20, 29)), *(f"q{number:03}" for number in range(30, 35)),
    }  # fmt: skip
    assert "changed" not in directions.values()
    contained = metric(found, "contained")
    assert (contained.better, contained.worse) == (14, 1)
    assert contained.a.value == 18 / 36
    assert contained.b.value == pytest.approx(31 / 36)
    assert contained.paired.difference == pytest.approx(13 / 36)
    assert contained.paired.n == 36


def test_tests_are_corrected_together_and_said_in_words(tmp_path: Path) -> None:
    found = compare(*both(tmp_path))
    contained, answered, shown = (metric(found, key) for key in ("contained", "answered", "wrong_shown"))
    # 14 against 1: 2 * (1 + 15) / 2^15, the smallest of three tests that have anything to tell.
    assert contained.paired.p == pytest.approx(32 / 2**15)
    assert contained.p == pytest.approx(3 * 32 / 2**15)
    assert contained.verdict == "better"
    assert answered.paired.p == pytest.approx(1 / 16)
    assert answered.verdict == ""
    # A lower share of wrong answers shown is the better one.
    assert shown.paired.difference < 0
    assert (shown.better, shown.worse) == (9, 1)
    assert shown.verdict == "better"
    assert metric(found, "refusal_recall").p == 1.0
    assert metric(found, "seconds_p50").paired is metric(found, "seconds_p50").p is None
    assert found.verdict("zh") == (
        "乙明显更好：答对、给出错答。其余 2 项看不出差别。40 个共同的题里，变好 14 题，变差 1 题。"
    )
    assert "B is significantly better in: Contained, Wrong answer shown. " in found.verdict("en")
    backwards = compare(tmp_path / "b", tmp_path / "a")
    assert "乙明显更差：答对、给出错答。" in backwards.verdict("zh")
    assert (backwards.count("better"), backwards.count("worse")) == (1, 14)


def test_a_report_against_itself_shows_nothing(tmp_path: Path) -> None:
    a, _ = both(tmp_path)
    found = compare(a, a)
    assert found.questions == ()
    assert {change.p for change in found.metrics} <= {1.0, None}
    assert found.verdict("zh").startswith("没有哪一项能看出差别。")


def test_reports_of_different_things_come_with_warnings(tmp_path: Path) -> None:
    a, _ = both(tmp_path)
    rows = [row(number, answer) for number, answer in enumerate(AFTER[:30])] + [row(100, "right"), row(8, "failed")]
    rows.pop(8)
    rows[0] = Row(Case("q000", "换了题面", ("1958年",)), rows[0].record, rows[0].scores)
    rows[1] = replace(rows[1], case=replace(rows[1].case, answers=("1959年",)))
    b = saved(tmp_path / "c", rows, questions_sha256="9", collection_sha256="8")
    found = compare(a, b)
    # A question that reads otherwise is another one, whatever its number.
    assert found.only_a == ("q000", *(f"q{number:03}" for number in range(30, 40)))
    assert found.only_b == ("q000", "q100")
    assert found.paired == 29
    assert [chinese for chinese, _ in found.warnings] == [
        "两份报告用的题集不同。",
        "两份报告问的文章集不同。",
        "题数不同：甲有 40 题，乙有 31 题。",
        "1 题的标准答案两边不同。",
        "1 题至少在一边没有问成，不参加检验。",
        "只有一份报告有的指标：拒答准确。",  # nothing was refused in B
    ]
    assert metric(found, "contained").paired.n == 25
    assert next(change.direction for change in found.questions if change.id == "q008") == "changed"


def test_nothing_in_common_and_nothing_at_all(tmp_path: Path) -> None:
    a = saved(tmp_path / "a", [row(1, "right")])
    b = saved(tmp_path / "b", [row(2, "right")])
    empty = saved(tmp_path / "empty", [])
    for found in (compare(a, b), compare(a, empty), compare(empty, empty)):
        assert found.paired == 0
        assert "两份报告没有共同的题。" in [chinese for chinese, _ in found.warnings]
        assert all(change.paired is None for change in found.metrics)
        assert save_comparison(found, tmp_path / "out").is_file()
    with pytest.raises(InputError):
        compare(a, tmp_path / "nowhere")


def test_files_hold_the_comparison(tmp_path: Path) -> None:
    found = compare(*both(tmp_path))
    page = save_comparison(found, tmp_path / "out")
    assert sorted(path.name for path in page.parent.iterdir()) == [
        ".not-articles", "comparison.en.md", "comparison.html", "comparison.json", "comparison.md",
    ]  # fmt: skip
    value = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert value == found.to_dict()
    assert (value["paired"], value["better"], value["worse"]) == (40, 14, 1)
    assert value["differs"] == {"caution": ["balanced", "eager"]}
    contained = value["metrics"][0]
    assert (contained["key"], contained["questions_better"], contained["verdict"]) == ("contained", 14, "better")
    assert value["questions"][0] == {
        "id": "q018", "question": "柳河镇第18问", "kind": "k0", "direction": "worse", "a": "right", "b": "wrong",
        "text_a": "建成于1958年。[1]", "text_b": "不知哪年。",
    }  # fmt: skip
    text = (tmp_path / "out" / "comparison.md").read_text(encoding="utf-8")
    assert "| 答对 | 50.0% | 86.1% | +36.1%" in text
    assert "| 14 / 1 | **变好** |" in text
    assert "### 变差 (1)\n\n- q018 · k0 · 柳河镇第18问\n  - 甲 (答对): 建成于1958年。" in text
    assert "| 谨慎程度 | balanced | eager |" in text


@browser_test
@pytest.mark.browser
def test_the_page_shows_both_answers(chromium: Any, tmp_path: Path) -> None:
    a, b = both(tmp_path)
    hostile = Case("q018", HOSTILE, (HOSTILE,), kind=HOSTILE)
    for folder, answer in ((a, "right"), (b, "wrong")):
        rows = [row(number, each) for number, each in enumerate(BEFORE if folder == a else AFTER)]
        rows[18] = Row(hostile, {**row(18, answer).record, "text": HOSTILE}, row(18, answer).scores)
        saved(folder, rows, name=HOSTILE)
    path = save_comparison(compare(a, b), tmp_path / "out")
    errors: list[str] = []
    requests: list[str] = []
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("table.questions")
    assert "乙明显更好：答对、给出错答。" in page.inner_text(".headline")
    assert page.inner_text(".counted") == "15 / 15 题"
    page.click(".key.worse")
    assert page.inner_text(".counted") == "1 / 15 题"
    page.click("tbody button.open")
    assert page.locator("dialog .side").count() == 2
    assert page.locator("dialog .side .tag.right, dialog .side .tag.wrong").all_inner_texts() == ["答对", "答错"]
    assert HOSTILE[:20] in page.inner_text("dialog .side >> nth=1")
    assert page.inner_text("dialog #card-a-1 mark") == PASSAGE[9:]
    page.keyboard.press("Escape")
    page.click("#clear")
    page.fill("#find", "第2")
    assert page.inner_text(".counted") == "9 / 15 题"
    page.click("#language")
    assert "B is significantly better in: Contained" in page.inner_text(".headline")
    assert page.inner_text(".versus tr.better td.difference >> nth=0") == "+36.1%"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("window.harmed") is None
    assert page.locator("img").count() == 0
    assert errors == []
    assert [url for url in requests if not url.startswith(("data:", path.as_uri()))] == []
    page.close()
