"""The report of an evaluation: its figures, its words, what hostile texts can do to it (nothing), the page in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import browser_test

from corpus.errors import InputError
from qa.answer import Turn
from qa.evaluation.metrics.scoring import refusal_curve, summarise
from qa.evaluation.questions.cases import Case, Remark
from qa.evaluation.report.files import to_json, write_files
from qa.evaluation.report.output import load_report, markdown, save_report, to_dict
from qa.evaluation.report.rows import (
    OUTCOMES,
    columns,
    count_outcomes,
    headline,
    median_stages,
    outcome_of,
    percent,
    worst,
)
from qa.evaluation.report.texts import WORDS, kind_name
from qa.evaluation.results import Estimate, Evaluation, Row

HOSTILE = (
    "</script><script>window.harmed=1</script><img src=x onerror='window.harmed=2'><!-- {{data}} "
    "\u202e倒过来\u202c \x00 \ud83d 👩‍🚒 `|*_[点](http://outside.example/)"
)
PASSAGE = "梧桐街有三座桥。👩‍🚒最老的一座建于1912年，长四十米。如今每天有两千人走过。"
QUOTE = "最老的一座建于1912年，长四十米。"


def record(
    text: str, *, refused: bool = False, confidence: float = 0.8, total: float = 0.04, **more: Any
) -> dict[str, Any]:
    """What is kept of an answer that quotes the passage about bridges."""
    start = PASSAGE.index(QUOTE)
    citation = {
        "number": 1, "article": "bridges.txt", "title": "梧桐街的桥", "source": "bridges.txt", "published": "2020-05-01",
        "passage": PASSAGE, "quote": QUOTE, "start": start, "end": start + len(QUOTE),
    }  # fmt: skip
    claim = {"text": QUOTE, "start": 0, "end": len(QUOTE) + 3, "citations": [1], "supported": True, "problem": ""}
    hits = [
        {"article": "bridges.txt", "passage": "bridges.txt#0", "title": "梧桐街的桥", "score": 0.61},
        {"article": "trees.txt", "passage": "trees.txt#2", "title": "梧桐树", "score": 0.2},
    ]
    return {
        "standalone": "梧桐街最老的桥建于哪一年？", "text": text, "refused": refused, "unsure": False,
        "confidence": confidence, "highlights": [] if refused else [[6, 11]], "claims": [] if refused else [claim],
        "citations": [] if refused else [citation], "hits": hits,
        "seconds": {"search": total / 4, "read": total / 2, "total": total}, "model": "wenju",
        "relevant": ["bridges.txt"], **more,
    }  # fmt: skip


def asked(number: int, kind: str = "when") -> Case:
    return Case(
        f"q{number:04}",
        f"第{number}问：梧桐街最老的桥建于哪一年？",
        ("1912年", "1912"),
        articles=("bridges",),
        kind=kind,
    )


def right(number: int, kind: str = "when", **more: Any) -> Row:
    scores = {"contained": 1.0, "f1": 0.75, "answered": 1.0, "hit@1": 1.0, "hit@5": 1.0, "seconds": 0.04}
    return Row(asked(number, kind), record(f"{QUOTE}[1]", **more), scores)


def wrong(number: int, kind: str = "when") -> Row:
    scores = {"contained": 0.0, "f1": 0.0, "answered": 1.0, "hit@1": 0.0, "hit@5": 1.0, "seconds": 0.09}
    return Row(asked(number, kind), record("桥长四十米。", confidence=0.9, total=0.09), scores)


def wrongly_refused(number: int, kind: str = "when") -> Row:
    scores = {"contained": 0.0, "f1": 0.0, "answered": 0.0, "hit@1": 1.0, "hit@5": 1.0}
    return Row(asked(number, kind), record("没有找到。", refused=True, confidence=0.05), scores)


def unanswerable(number: int, *, refused: bool, kind: str = "who") -> Row:
    case = Case(f"q{number:04}", f"第{number}问：谁画的桥？", answerable=False, kind=kind)
    return Row(case, record("没有找到。" if refused else f"{QUOTE}[1]", refused=refused, confidence=0.1 if refused else 0.4),
               {"refusal_recall": float(refused)})  # fmt: skip


def failed(number: int) -> Row:
    return Row(asked(number), problem="ModelError: 模型断开了")


def evaluation(rows: list[Row], name: str = "桥的题", **about: Any) -> Evaluation:
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row.case.kind, []).append(row)
    apart = {kind: summarise(of_kind) for kind, of_kind in kinds.items()} if len(kinds) > 1 else {}
    told = {
        "questions": "bridges.jsonl",
        "model": "wenju",
        "threshold": 0.12,
        "articles": 3,
        "created": "2026-01-02T03:04:05+00:00",
    }
    return Evaluation(name, {**told, **about}, tuple(rows), summarise(rows), apart, refusal_curve(rows))


MIXED = [
    *(right(number) for number in range(6)), wrong(6), wrongly_refused(7),
    unanswerable(8, refused=True), unanswerable(9, refused=False), failed(10),
]  # fmt: skip


# --- figures and words ---


def test_every_row_has_one_outcome() -> None:
    assert [outcome_of(row.to_dict()) for row in MIXED] == [
        *["right"] * 6, "wrong", "wrongly_refused", "rightly_refused", "wrongly_answered", "failed",
    ]  # fmt: skip
    open_question = Row(Case("x", "你好吗？"), record("很好。"))
    assert outcome_of(open_question.to_dict()) == "unjudged"
    assert list(count_outcomes([row.to_dict() for row in MIXED])) == [name for name in OUTCOMES if name != "unjudged"]


def test_the_headline_says_what_came_out() -> None:
    counts = count_outcomes([row.to_dict() for row in MIXED])
    assert headline(counts, "zh") == (
        "8 个能回答的问题里，75% 的回答含有标准答案，12% 被误拒；2 个文章没有答案的问题，拒答了 50%；1 个问题没有问成。"
    )
    assert headline(counts, "en").startswith("Of 8 questions that the articles answer, 75% got an answer")
    assert headline({"rightly_refused": 3}, "en") == "Of 3 questions that they do not answer, 100% were refused."
    assert headline({}, "zh") == "没有可以评分的问题。"


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (1, "100%"), (0.5, "50%"), (0.999, "99.9%"), (0.99999, "99.9%"), (0.0001, "0.1%")]
)
def test_all_and_none_are_said_of_all_and_none_only(share: float, said: str) -> None:
    assert percent(share) == said


def test_the_worst_come_first_failures_then_confident_mistakes() -> None:
    rows = [row.to_dict() for row in MIXED]
    assert [row["id"] for row in worst(rows)] == ["q0010", "q0006", "q0009", "q0007"]
    assert len(worst(rows * 5)) == 10


def test_columns_and_stages() -> None:
    table = columns([row.to_dict() for row in MIXED])
    assert {len(column) for column in table.values()} == {len(MIXED)}
    assert table["f1"][0] == 0.75
    assert table["seconds"][6] == 0.09
    assert table["confidence"][10] is None
    assert "1912" in table["find"][0]
    assert median_stages([row.to_dict() for row in MIXED])["search"] == pytest.approx(0.01)


def test_both_languages_say_everything() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    fields = {
        language: {key: set(re.findall(r"\{(\w+)\}", says)) for key, says in WORDS[language].items()}
        for language in WORDS
    }
    assert fields["zh"] == fields["en"]
    for program in ("report_parts.js", "report.js", "comparison.js"):
        text = (Path(__file__).parents[1] / "qa" / "evaluation" / "report" / program).read_text(encoding="utf-8")
        assert set(re.findall(r"\bt\(\"(\w+)\"", text)) <= WORDS["zh"].keys()
    assert kind_name("noise 0.4", "zh") == "噪声 0.4"
    assert kind_name("自定义", "en") == "自定义"
    assert kind_name("", "en") == "(no kind)"


# --- files ---


def test_the_files_hold_what_was_evaluated(tmp_path: Path) -> None:
    made = evaluation(MIXED)
    page = save_report(made, tmp_path / "新" / "报告")
    assert page == tmp_path / "新" / "报告" / "report.html"
    assert sorted(path.name for path in page.parent.iterdir()) == [
        ".not-articles", "report.en.md", "report.html", "report.json", "report.md", "rows.jsonl",
    ]  # fmt: skip
    report, rows = load_report(page.parent)
    assert report == to_dict(made)
    assert report["format"] == 1
    assert (report["name"], report["failed"], report["rows"]) == ("桥的题", 1, 11)
    assert report["created"] == "2026-01-02T03:04:05+00:00"
    contained = made.overall["contained"]
    assert report["overall"]["contained"] == {"value": 0.75, "low": contained.low, "high": contained.high, "n": 8}
    assert report["kinds"]["who"]["refusal_recall"]["value"] == 0.5
    keys = [metric["key"] for metric in report["metrics"]]
    assert keys[:2] == ["contained", "f1"]
    assert set(keys) == set(made.overall)
    assert len(report["refusal"]) == len(made.refusal)
    assert rows == [json.loads(json.dumps(row.to_dict())) for row in made.rows]


def test_markdown_shows_summary_kinds_and_the_worst() -> None:
    chinese, english = (markdown(evaluation(MIXED), language) for language in ("zh", "en"))
    assert "# 问据 评测报告: 桥的题" in chinese
    assert "8 个能回答的问题里，75% 的回答含有标准答案" in chinese
    assert re.search(r"\| 回答 \| 答对 \| 75\.0% \| [\d.]+% – [\d.]+% \| 8 \|", chinese)
    assert re.search(r"\| 人物 \| 2 \|.* 50\.0% \|", chinese)
    assert "**1 题没有问成，不计入各项平均。**" in chinese
    assert chinese.index("q0010") < chinese.index("q0006") < chinese.index("q0009")
    assert "模型断开了" in chinese
    assert "| Answers | Contained | 75.0% |" in english
    assert "## The 4 worst questions" in english
    assert "没有答错、误拒或没问成的题。" in markdown(evaluation([right(0)]), "zh")


def test_markdown_has_no_markup_of_questions() -> None:
    case = Case("x|y", HOSTILE + "\n# 大标题\n" + "长" * 10_000, ("<b>甲</b>",), kind="<i>类|别")
    text = markdown(evaluation([Row(case, record(HOSTILE), {"contained": 0.0}), right(1)]), "zh")
    assert not re.search(r"(?<!\\)<", text)
    assert "\n# 大标题" not in text
    assert not re.search("[\u202e\x00\ud83d]", text)
    assert r"x\|y" in text
    assert r"\[点\](http" in text
    assert max(map(len, text.splitlines())) < 1000
    text.encode("utf-8")


@pytest.mark.parametrize(
    "rows", [[], [failed(0), failed(1)], [unanswerable(0, refused=True)]], ids=["none", "all failed", "refusals"]
)
def test_reports_of_next_to_nothing(rows: list[Row], tmp_path: Path) -> None:
    page = save_report(evaluation(rows), tmp_path)
    report, read = load_report(tmp_path)
    assert (report["rows"], len(read)) == (len(rows), len(rows))
    assert page.stat().st_size > 1000


def test_what_is_no_number_and_no_text_is_kept_readable(tmp_path: Path) -> None:
    case = replace(asked(1), question=HOSTILE)
    odd = Row(case, record("好", confidence=float("nan"), total=float("inf")), {"contained": float("nan")})
    made = replace(evaluation([odd]), overall={"contained": Estimate(float("nan"), float("-inf"), 1.0, 1)})
    save_report(replace(made, about={"where": tmp_path, "set": {3}}), tmp_path)
    report, rows = load_report(tmp_path)
    assert report["overall"]["contained"] == {"value": None, "low": None, "high": 1.0, "n": 1}
    assert report["about"] == {"where": str(tmp_path), "set": [3]}
    assert rows[0]["question"] == HOSTILE
    assert rows[0]["confidence"] is None
    assert rows[0]["scores"] == {}
    assert not re.search(r"[:,]-?(?:NaN|Infinity)", (tmp_path / "report.html").read_text(encoding="utf-8"))
    twice = replace(evaluation([odd, wrong(2)]), rows=(odd, replace(odd, scores={"contained": 0.0}), wrong(2)))
    assert "q0002" in markdown(twice, "zh")
    assert to_json({"a": [1.5, True, None]}) == '{"a":[1.5,true,null]}'


def test_the_page_is_one_file_that_may_load_nothing(tmp_path: Path) -> None:
    hostile = Row(replace(asked(1), id=HOSTILE, question=HOSTILE, kind=HOSTILE), record(HOSTILE), {"contained": 1.0})
    page = save_report(evaluation([hostile, right(2)], name=HOSTILE), tmp_path).read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert page.count("<script") == page.count("</script>") == 3
    assert "<img" not in page
    assert not re.search(r"<(?:link|script|a|iframe)\b[^>]*(?:https?:|//)", page)
    rows = re.search(r'id="rows">(.*?)</script>', page, re.DOTALL)
    assert rows
    assert [json.loads(line)["id"] for line in rows[1].splitlines()] == [HOSTILE, "q0002"]


def test_a_folder_that_cannot_be_written_keeps_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_report(evaluation(MIXED), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(path: Path, data: bytes) -> int:
        if path.name.startswith("report.html"):
            raise OSError(28, "No space left on device")
        return original(path, data)

    original = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError) as caught:
        save_report(evaluation([right(1)]), tmp_path)
    assert "不能写入" in caught.value.chinese
    assert "No space left" in caught.value.english
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_in_the_place_of_the_folder_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="不能写入"):
        write_files(tmp_path / "文件", {"a": "b"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.json", "{"),
        ("report.json", "[]"),
        ("report.json", '{"format": 99}'),
        ("rows.jsonl", '{"id"'),
        ("rows.jsonl", "3"),
        ("rows.jsonl", None),
    ],
)
def test_what_is_no_report_is_an_input_error(name: str, content: str | None, tmp_path: Path) -> None:
    save_report(evaluation(MIXED), tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_report(tmp_path)
    assert name in caught.value.chinese
    assert name in caught.value.english


# --- the page in Chromium ---


@pytest.fixture
def opened(chromium: Any) -> Iterator[Any]:
    """Opens a file; afterwards nothing else was asked for and nothing went wrong."""
    seen: list[tuple[Any, list[str], list[str], str]] = []

    def open_page(path: Path, fragment: str = "", **options: Any) -> Any:
        requests: list[str] = []
        errors: list[str] = []
        page = chromium.new_context(**({"viewport": {"width": 1280, "height": 800}} | options)).new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None
        )
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("table.questions")
        seen.append((page, requests, errors, path.as_uri()))
        return page

    yield open_page
    for page, requests, errors, address in seen:
        page.context.close()
        assert [url for url in requests if not url.startswith((address, "data:"))] == []
        assert errors == []


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kinds = ("when", "noise 0.0", "noise 0.4", "noise 0.8")
    rows = [right(number, kinds[number % 4], total=0.01 + number / 10_000) for number in range(900)]
    rows += [wrong(number, "noise 0.8") for number in range(900, 950)]
    rows += [wrongly_refused(number) for number in range(950, 970)]
    rows += [unanswerable(number, refused=number % 3 > 0) for number in range(970, 999)]
    rows.append(failed(999))
    return save_report(evaluation(rows, "一千题"), tmp_path_factory.mktemp("thousand"))


def shown(page: Any) -> str:
    return str(page.inner_text(".counted"))


@browser_test
@pytest.mark.browser
def test_a_thousand_questions_open_filter_and_sort(opened: Any, thousand: Path) -> None:
    page = opened(thousand)
    assert page.inner_text("h1") == "一千题"
    assert "970 个能回答的问题里，93% 的回答含有标准答案" in page.inner_text(".headline")
    assert "1 个问题没有问成" in page.inner_text(".headline")
    assert shown(page) == "1,000 / 1,000 题"
    assert page.locator("tbody button.open").count() == 50
    assert page.locator(".plot svg[role=img]").count() == 6
    assert "NaN" not in page.content().split("<script")[0]

    page.fill("#find", "第97")
    assert shown(page) == "11 / 1,000 题"
    page.select_option("#by-outcome", "wrongly_answered")
    page.fill("#find", "")
    assert shown(page) == "9 / 1,000 题"
    assert set(page.locator("td.cell-outcome").all_inner_texts()) == {"该拒未拒"}
    page.click("#clear")
    page.click(".key.failed")
    assert shown(page) == "1 / 1,000 题"
    page.click("#clear")
    page.fill("#find", "没有这样的题")
    assert "没有符合条件的问题" in page.inner_text("table.questions")
    page.fill("#find", "")

    page.click("th[data-key=seconds] button")
    page.click("th[data-key=seconds] button")
    assert page.get_attribute("th[data-key=seconds]", "aria-sort") == "descending"
    assert page.inner_text("tbody td.cell-seconds >> nth=0") == "100 ms"
    page.click("#page-after")
    assert page.inner_text(".pager span") == "第 2 / 20 页"
    page.click("th[data-key=confidence] button")
    assert page.inner_text("tbody td.cell-confidence >> nth=0") == "5.0%"
    assert page.inner_text(".pager span") == "第 1 / 20 页"


@browser_test
@pytest.mark.browser
def test_a_row_opens_and_shows_the_quote_marked(opened: Any, thousand: Path) -> None:
    page = opened(thousand)
    page.focus("tbody button.open >> nth=0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert page.inner_text("dialog h2") == "第1问：梧桐街最老的桥建于哪一年？"
    assert page.inner_text("dialog p.expected") == "1912年 / 1912"
    assert page.inner_text("dialog .answer") == f"{QUOTE}[1]"
    assert page.inner_text("dialog .answer strong") == QUOTE[6:11]
    assert page.inner_text("dialog blockquote mark") == QUOTE
    assert page.inner_text("dialog blockquote") == PASSAGE
    assert page.inner_text("dialog .card h4") == "梧桐街的桥"
    assert "bridges.txt · 2020-05-01" in page.inner_text("dialog .card header")
    assert page.locator("dialog .hits .tag.right").count() == 1
    assert "按这个意思查找：梧桐街最老的桥建于哪一年？" in page.inner_text("dialog")
    assert "出处支持" in page.inner_text("dialog .claims")
    page.click("dialog button.mark")
    assert page.evaluate("document.activeElement.id") == "card-a-1"

    page.keyboard.press("ArrowRight")
    assert page.inner_text("dialog h2").startswith("第2问")
    assert page.evaluate("location.hash") == "#q=q0002"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.closest('tr').dataset.index") == "2"
    assert page.evaluate("location.hash") in ("", "#")


@browser_test
@pytest.mark.browser
def test_links_lead_to_a_question_and_keep_language_and_filters(opened: Any, thousand: Path) -> None:
    page = opened(thousand, "#q=q0999")
    assert "模型断开了" in page.inner_text("dialog .problem")
    page.click("#close")
    page.click("#language")
    assert page.inner_text("h2 >> nth=0") == "Summary"
    assert page.get_attribute("html", "lang") == "en"
    assert "Of 970 questions" in page.inner_text(".headline")
    page.fill("#find", "第97")
    page.select_option("#by-kind", "who")
    assert page.evaluate("location.hash") == "#lang=en&find=%E7%AC%AC97&kind=who"
    fragment = page.evaluate("location.hash")

    again = opened(thousand, fragment)
    assert shown(again) == "10 of 1,000 questions"
    assert again.input_value("#find") == "第97"
    assert "没有编号为 nix 的问题" in opened(thousand, "#q=nix").inner_text("[role=alert]")


@browser_test
@pytest.mark.browser
def test_definitions_are_there_for_mouse_and_keyboard(opened: Any, thousand: Path) -> None:
    page = opened(thousand, "#lang=en")
    term = page.locator(".group button.term", has_text="Contained")
    tip = page.locator(f"#{term.get_attribute('aria-describedby')}")
    assert not tip.is_visible()
    term.hover()
    assert tip.is_visible()
    page.mouse.move(0, 0)
    term.focus()
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


@browser_test
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(opened: Any, thousand: Path, scheme: str) -> None:
    page = opened(thousand, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(
        "[...document.querySelectorAll('.group, .plot')].every((box) => box.scrollWidth <= box.clientWidth)"
    )
    page.click("tbody button.open >> nth=0")
    assert page.inner_text("dialog blockquote mark") == QUOTE
    assert page.evaluate("document.querySelector('dialog').scrollWidth") <= 390
    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        == {"light": "rgb(250, 248, 243)", "dark": "rgb(22, 21, 19)"}[scheme]
    )


@browser_test
@pytest.mark.browser
def test_nothing_in_questions_or_articles_is_run(opened: Any, tmp_path: Path) -> None:
    case = Case(
        HOSTILE, HOSTILE + "长" * 10_000, (HOSTILE,), ((HOSTILE,), ("乙",)), articles=(HOSTILE,), wrong_answers=(HOSTILE,),
        kind=HOSTILE, history=(Turn(HOSTILE, HOSTILE),), passage=HOSTILE, remark=Remark(HOSTILE, "2026", HOSTILE, HOSTILE),
    )  # fmt: skip
    kept = record(HOSTILE, standalone=HOSTILE, model=HOSTILE, seconds={HOSTILE: 0.1, "total": 0.1}, judged=HOSTILE)
    kept["citations"][0] |= dict.fromkeys(("title", "source", "published", "passage"), HOSTILE) | {
        "start": 3,
        "end": 9,
    }
    kept["claims"][0] |= {"text": HOSTILE, "supported": False, "problem": HOSTILE, "end": 40}
    kept["hits"][0] |= {"title": HOSTILE, "passage": HOSTILE}
    rows = [Row(case, kept, {"contained": 0.0, HOSTILE: 1.0}), Row(replace(asked(2), kind="甲"), problem=HOSTILE)]
    page = opened(save_report(evaluation(rows, HOSTILE, **{HOSTILE: HOSTILE}), tmp_path))
    page.click("tbody button.open >> nth=0")
    assert page.locator("dialog .mark").count() == 0
    assert "<script>window.harmed=1</script>" in page.inner_text("dialog h2")
    assert page.text_content("dialog blockquote mark") == HOSTILE[3:9]
    page.keyboard.press("ArrowRight")
    assert "onerror" in page.inner_text("dialog .problem")
    assert page.evaluate("window.harmed") is None
    assert page.locator("img, #page script, dialog script, a[href*=outside]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@browser_test
@pytest.mark.browser
@pytest.mark.parametrize("rows", [[], [failed(0)], [right(0)]], ids=["none", "failed", "one"])
def test_pages_of_next_to_nothing_open(opened: Any, rows: list[Row], tmp_path: Path) -> None:
    page = opened(save_report(evaluation(rows), tmp_path))
    assert shown(page) == f"{len(rows)} / {len(rows)} 题"
    page.click("#language")
    assert shown(page) == f"{len(rows)} of {len(rows)} questions"
