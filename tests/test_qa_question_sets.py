"""Question sets: every form that is read, what cannot be used, and that what is written is read back."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError, ReadError
from qa.answer import Turn
from qa.evaluation.questions.cases import Case, QuestionSet, Remark
from qa.evaluation.questions.sets import read_question_set, write_question_set
from qa.evaluation.results import Row

SAMPLES = Path(__file__).parents[1] / "corpus" / "articles" / "questions.jsonl"


def written(folder: Path, content: object, name: str = "set.json", encoding: str = "utf-8") -> Path:
    path = folder / name
    plain = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_bytes(plain.encode(encoding))
    return path


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def read(folder: Path, content: object, name: str = "set.json", encoding: str = "utf-8") -> QuestionSet:
    return read_question_set(written(folder, content, name, encoding))


def test_the_sample_questions() -> None:
    sample = read_question_set(SAMPLES)
    assert (sample.name, len(sample.cases), sample.articles, sample.problems) == ("questions", 169, (), ())
    assert len(sample.sha256) == 64
    assert sample.cases[0] == Case(
        id="q001",
        question="商都路街道到2021年年中有多少名党员？",
        answers=("2584名", "2584"),
        articles=("01-shangdu-road-party-branches",),
        kind="how_many",
    )
    assert any(case.answer_groups for case in sample.cases)
    assert any(not case.answerable for case in sample.cases)


def test_our_own_rows_with_every_field(tmp_path: Path) -> None:
    row = {
        "question": "那它呢？",
        "answers": "一个答案",
        "answer_groups": [["甲", "A"], "乙"],
        "answerable": False,
        "article": "某文",
        "given": ["一", "二"],
        "wrong_answers": ["错"],
        "kind": "追问",
        "history": [{"question": "先问", "answer": "先答"}, ["再问", "再答"], "又问"],
        "since": 2020,
        "until": "2021-07",
        "passage": "原文一句。",
        "remark": {"by": "王", "at": "2024-05-01", "text": "答非所问", "answer": "旧回答"},
        "unheard_of": {"x": 1},
    }
    (case,) = read(tmp_path, lines(row), "set.jsonl").cases
    assert case.id.startswith("q-")
    assert case == Case(
        id=case.id,
        question="那它呢？",
        answers=("一个答案",),
        answer_groups=(("甲", "A"), ("乙",)),
        answerable=False,
        articles=("某文",),
        given=("一", "二"),
        wrong_answers=("错",),
        kind="追问",
        history=(Turn("先问", "先答"), Turn("再问", "再答"), Turn("又问")),
        since="2020",
        until="2021-07",
        passage="原文一句。",
        remark=Remark("王", "2024-05-01", "答非所问", "旧回答"),
    )
    assert read(tmp_path, [row], "list.json").cases == (case,)
    assert read(tmp_path, {"questions": [row]}, "covered.json").cases == (case,)
    assert read(tmp_path, row, "one.json").cases == (case,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_json_lines_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    rows = [{"question": f"第{number}个问题问的是什么？", "answers": ["答案"]} for number in range(3)]
    found = read(tmp_path, "\n" + lines(*rows), "set.jsonl", encoding)
    assert [case.question for case in found.cases] == [row["question"] for row in rows]


def test_packed_files_are_unpacked_and_named_without_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "问题.jsonl.gz"
    path.write_bytes(gzip.compress(lines({"question": "谁？"}).encode()))
    assert (read_question_set(path).name, len(read_question_set(path).cases)) == ("问题", 1)
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(ReadError, match="读不了"):
        read_question_set(path)


def test_the_rows_of_a_report_are_a_question_set_again(tmp_path: Path) -> None:
    case = Case("a", "谁？", ("甲",), answerable=False, history=(Turn("问", "答"),), remark=Remark(by="李"))
    record = {"text": "回答", "claims": [], "citations": [{"passage": "别处"}], "hits": [], "seconds": {"all": 1.0}}
    row = Row(case, record, {"exact": 1.0})
    assert read(tmp_path, lines(row.to_dict()), "rows.jsonl").cases == (case,)


def test_rows_that_cannot_be_used_are_named_and_the_others_read(tmp_path: Path) -> None:
    found = read(tmp_path, lines({"question": "甲？"}) + "{broken\n\n" + lines({"answers": ["乙"]}, [1]), "set.jsonl")
    assert [case.question for case in found.cases] == ["甲？"]
    assert found.problems == (
        ("第 2、5 行不是完整的 JSON 对象，已跳过。", "line 2, 5: no whole JSON object, passed over."),
        ("第 4 行没有问题，已跳过。", "line 4: no question, passed over."),
    )


def test_a_broken_first_line_does_not_end_the_reading(tmp_path: Path) -> None:
    found = read(tmp_path, '{"question": "断\n' + lines({"question": "甲？"}), "set.jsonl")
    assert (len(found.cases), len(found.problems)) == (1, 1)


def test_ids_become_unique(tmp_path: Path) -> None:
    rows = [{"id": "a", "question": "一"}, {"id": "a", "question": "二"}, {"id": "a-2", "question": "三"}]
    found = read(tmp_path, lines(*rows, {"question": "四"}, {"question": "四"}), "set.jsonl")
    ids = [case.id for case in found.cases]
    assert ids[:3] == ["a", "a-2", "a-2-2"]
    assert ids[4] == f"{ids[3]}-2"
    assert found.problems == (
        (
            "第 2、3 行的编号和前面的相同，已换成不重复的编号。",
            "line 2, 3: the id is there already, given one of its own.",
        ),
    )


def test_an_id_from_the_question_does_not_depend_on_the_row(tmp_path: Path) -> None:
    alone = read(tmp_path, lines({"question": "甲？"}), "a.jsonl").cases[0].id
    assert read(tmp_path, lines({"question": "乙？"}, {"question": "甲？"}), "b.jsonl").cases[1].id == alone


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("", "set.jsonl", "文件是空的"),
        ("[]", "set.json", "没有问题"),
        ("[\n{\n", "set.json", "第 3 行"),
        (lines({"title": "题", "text": "正文"}), "set.jsonl", "里是文章，不是问题"),
        (lines({"name": "题"}), "set.jsonl", "现有的栏是 name"),
        ("标题,正文\n一,二\n", "set.csv", "没有“问题”一栏"),
        ("问题,答案\n", "set.csv", "没有问题"),
        ({"event_summary": [{"ID": 1}], "questanswer_1doc": []}, "set.json", "event_summary"),
        ("[" * 200_000, "set.json", "嵌套太深"),
    ],
)
def test_files_without_questions(tmp_path: Path, content: object, name: str, told: str) -> None:
    with pytest.raises((InputError, ReadError)) as caught:
        read(tmp_path, content, name)
    assert told in caught.value.chinese
    assert caught.value.english.isascii() or "“" in caught.value.english or name in caught.value.english


def test_places_where_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="没有这个文件"):
        read_question_set(tmp_path / "nowhere.jsonl")
    with pytest.raises(ReadError, match="文件夹"):
        read_question_set(tmp_path)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    with pytest.raises(ReadError, match=r"\.xlsx 或 CSV"):
        read_question_set(tmp_path / "old.xls")
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(ReadError, match="可能已损坏"):
        read_question_set(tmp_path / "damaged.xlsx")


# Tables


TABLE = [
    [
        "留用",
        "编号",
        "问题（必填）",
        "参考答案",
        "必答要点",
        "能否回答",
        "出处",
        "类型",
        "原文",
        "提出人",
        "时间",
        "问题所在",
    ],
    ["", "1", "甲有几个？", "3个｜三个\n共3个", "", "", "《一》、《二》", "数目", "甲有3个。", "", "", ""],
    ["是", "2", "有哪两处？", "", "东门|东；西门", "是", "一|二", "列举", "", "王", "2024-05-01", "漏了西门"],
    ["否", "3", "删掉的？", "无", "", "", "", "", "", "", "", ""],
    ["", "4", "谁写的？", "", "", "否", "", "", "", "", "", ""],
]
TABLE_CASES = (
    Case("1", "甲有几个？", ("3个", "三个", "共3个"), articles=("《一》", "《二》"), kind="数目", passage="甲有3个。"),
    Case(
        "2",
        "有哪两处？",
        answer_groups=(("东门", "东"), ("西门",)),
        articles=("一", "二"),
        kind="列举",
        remark=Remark("王", "2024-05-01", "漏了西门"),
    ),
    Case("4", "谁写的？", answerable=False),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_csv_as_people_write_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "set.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerows([["二〇二四年问题集"], [], *TABLE[:2], [], *TABLE[2:]])
    assert read_question_set(path).cases == TABLE_CASES


def test_english_columns_and_a_row_without_question(tmp_path: Path) -> None:
    found = read(tmp_path, "Question,Reference Answer,Answerable\n谁？,甲、乙，丙|丁,yes\n,戊,\n", "set.csv")
    assert found.cases[0].answers == ("甲、乙，丙", "丁")
    assert found.problems == (("第 3 行没有问题，已跳过。", "row 3: no question, passed over."),)


def test_a_single_column_is_not_cut(tmp_path: Path) -> None:
    assert read(tmp_path, "问题\nA,B和C；D|E是谁？\n", "set.csv").cases[0].question == "A,B和C；D|E是谁？"


def test_columns_that_nobody_knows_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "优先级,问题\n高,谁？\n", "set.csv").cases[0].question == "谁？"


def test_xlsx_as_people_write_it(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["说明", "这一页不是问题"])
    sheet = book.create_sheet("问题")
    for row in TABLE:
        sheet.append(row)
    path = tmp_path / "set.xlsx"
    book.save(path)
    assert read_question_set(path).cases == TABLE_CASES


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (2021.0, "General", "2021"),
        (2021, "General", "2021"),
        (0.1 + 0.2, "General", "0.3"),
        (0.355, "0.0%", "35.5%"),
        (1234567, "#,##0", "1,234,567"),
        (3.5, "0.00", "3.50"),
        (date(2021, 7, 1), "yyyy-mm-dd", "2021-07-01"),
        (date(2021, 7, 1), 'yyyy"年"m"月"d"日"', "2021年7月1日"),
        (date(2021, 7, 1), 'yyyy"年"m"月"', "2021年7月"),
    ],
)
def test_numbers_and_days_are_read_as_they_are_seen(tmp_path: Path, value: Any, form: str, shown: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["问题", "答案"])
    book.active.append(["多少？", value])
    book.active["B2"].number_format = form
    book.save(tmp_path / "set.xlsx")
    assert read_question_set(tmp_path / "set.xlsx").cases[0].answers == (shown,)


@pytest.mark.parametrize("text", ["=1+1", "-5", "+86", "@甲", "'=1", "''-2", "＝A1", "#N/A", "'甲'"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_cell_is_a_formula(tmp_path: Path, suffix: str, text: str) -> None:
    from openpyxl import load_workbook

    path = tmp_path / f"set{suffix}"
    cases = (Case(text, text, (text,), kind=text, passage=text),)
    write_question_set(cases, path)
    assert read_question_set(path).cases == cases
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not any(cell.startswith(tuple("=+-@＝＋－＠\t")) for cell in cells)
    else:
        kinds = {cell.data_type for row in load_workbook(path).active.iter_rows() for cell in row if cell.value}
        assert kinds == {"s"}


def test_the_sheet_to_check_is_made_for_people(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "new" / "set.xlsx"
    write_question_set(TABLE_CASES, path)
    sheet = load_workbook(path).active
    top = [cell.value for cell in sheet[1]]
    assert top[:9] == ["留用", "编号", "问题", "参考答案", "必答要点", "能否回答", "文章", "原文", "类型"]
    assert "限定文章" not in top
    assert sheet.freeze_panes == "A2"
    assert sheet.cell(2, 8).alignment.wrap_text
    assert sheet.column_dimensions["H"].width > sheet.column_dimensions["A"].width
    # What the checker strikes out is gone.
    book = load_workbook(path)
    book.active["A2"] = "删"
    book.save(path)
    assert read_question_set(path).cases == TABLE_CASES[1:]


def test_csv_begins_with_a_mark_for_excel(tmp_path: Path) -> None:
    write_question_set(TABLE_CASES, tmp_path / "set.csv")
    assert (tmp_path / "set.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="后缀"):
        write_question_set(TABLE_CASES, tmp_path / "set.txt")
    with pytest.raises(InputError, match="超过了 Excel 的上限"):
        write_question_set([Case("1", "问？", passage="长" * 40_000)], tmp_path / "set.xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="写不到"):
        write_question_set(TABLE_CASES, tmp_path / "file" / "set.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


TEXT = st.text(max_size=12) | st.text(
    st.sampled_from("甲乙1=-+@'|｜；;\n\r\t \"\\,，、json:[]问答：《》\0\x1b\x1f\x9b\ufffe\u3000"), max_size=8
)
# Half characters cannot be stored; the test below says what becomes of them.
STORED = TEXT.map(lambda text: text.encode("utf-8", "replace").decode())
FILLED = STORED.filter(lambda text: text.strip())
TEXTS = st.lists(FILLED, max_size=3).map(tuple)
CASE = st.builds(
    Case,
    id=FILLED,
    question=FILLED,
    answers=TEXTS,
    answer_groups=st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
    answerable=st.booleans(),
    articles=TEXTS,
    given=TEXTS,
    wrong_answers=TEXTS,
    kind=STORED,
    history=st.lists(st.builds(Turn, FILLED, STORED), max_size=2).map(tuple),
    since=STORED,
    until=STORED,
    passage=FILLED | st.just(""),
    remark=st.none() | st.builds(Remark, STORED, STORED, STORED, STORED),
)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
@settings(max_examples=60, deadline=None)
@given(cases=st.lists(CASE, min_size=1, max_size=4, unique_by=lambda case: case.id))
def test_what_is_written_is_read_back_equal(suffix: str, cases: list[Case]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"set{suffix}"
        write_question_set(cases, path)
        found = read_question_set(path)
    assert found.cases == tuple(cases)
    assert found.problems == ()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
def test_half_a_character_does_not_stop_the_writing(tmp_path: Path, suffix: str) -> None:
    write_question_set([Case("1", "甲\ud800乙？", ("\udfff",))], tmp_path / f"set{suffix}")
    (case,) = read_question_set(tmp_path / f"set{suffix}").cases
    assert (case.question, case.answers) == ("甲\ufffd乙？", ("\ufffd",))


# Public forms


def test_squad_and_its_likes(tmp_path: Path) -> None:
    paragraph = {
        "id": "p1",
        "context": "甲城有三座桥。",
        "qas": [
            {
                "id": "1",
                "question": "几座桥？",
                "answers": [{"text": "三座", "answer_start": 3}, {"text": "三座"}, {"text": "三"}],
            },
            {
                "id": "2",
                "question": "谁造的？",
                "answers": [],
                "is_impossible": True,
                "plausible_answers": [{"text": "甲"}],
            },
        ],
    }
    cmrc = {
        "context_id": "T1",
        "context_text": "乙城有两座塔。",
        "title": "乙城",
        "qas": [{"query_id": "T1_Q0", "query_text": "几座塔？", "answers": ["两座", "两座", "两"]}],
    }
    entry = {"title": "甲城", "paragraphs": [paragraph, {**paragraph, "id": None, "context": "丙", "qas": []}]}
    squad = read(tmp_path, {"version": "1", "data": [entry]})
    assert squad.cases == (
        Case("1", "几座桥？", ("三座", "三"), articles=("p1",)),
        Case("2", "谁造的？", answerable=False, articles=("p1",)),
    )
    assert [(article.title, article.text) for article in squad.articles] == [("甲城", "甲城有三座桥。"), ("甲城", "丙")]
    flat = read(tmp_path, [cmrc])
    assert flat.cases == (Case("T1_Q0", "几座塔？", ("两座", "两"), articles=("T1",)),)
    assert [(article.id, article.title) for article in flat.articles] == [("T1", "乙城")]


def test_crud_news_and_what_is_no_question(tmp_path: Path) -> None:
    one = {"ID": "x", "event": "事", "news1": "第一条新闻。", "questions": "什么事？", "answers": "一件事"}
    two = {"ID": "x", "news1": "第一条新闻。", "news2": "第二条新闻。", "questions": "几件事？", "answers": "两件"}
    found = read(tmp_path, {"event_summary": [{"ID": "y"}], "questanswer_1doc": [one], "questanswer_2docs": [two]})
    first, second = (article.id for article in found.articles)
    assert found.cases == (
        Case("crud_1doc-x", "什么事？", ("一件事",), articles=(first,), kind="crud_1doc"),
        Case("crud_2docs-x", "几件事？", ("两件",), articles=(first, second), kind="crud_2docs"),
    )
    assert found.problems == (("不是问答的部分没有读入：event_summary。", "Not questions, left out: event_summary."),)


def test_contexts_become_articles_each_once(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "question": "一？", "context": "同一段。", "context_id": "c1", "title": "题", "dataset": "某集"},
        {"id": "2", "question": "二？", "context": "同一段。", "context_id": "c1"},
        {"id": "3", "question": "三？", "context": "同一段。", "context_id": "c2"},
        {"id": "4", "question": "四？", "context": "两段之一。", "context_ids": ["c3", "c4"]},
        {"id": "5", "question": "五？", "context": "没有名字。"},
        {"id": "6", "question": "六？", "context": "", "context_id": None},
        {"id": "7", "question": "七？", "context": "另一段。", "context_id": "c1"},
    ]
    found = read(tmp_path, lines(*rows), "set.jsonl")
    named = [case.articles for case in found.cases]
    assert named[:4] == [("c1",), ("c1",), ("c1", "c2"), ("c3", "c4")]
    assert named[5] == ()
    texts = {article.id: article.text for article in found.articles}
    assert [texts[names[0]] for names in (named[0], named[4], named[6])] == ["同一段。", "没有名字。", "另一段。"]
    assert len(texts) == 3
    assert (found.cases[0].kind, found.articles[0].title) == ("某集", "题")


def test_squad_in_rows(tmp_path: Path) -> None:
    context = {"title": "甲城", "context": "甲城有三座桥。"}
    rows = [
        {**context, "id": "1", "question": "几座桥？", "answers": {"text": ["三座"], "answer_start": [3]}},
        {**context, "id": "2", "question": "几座塔？", "answers": {"text": [], "answer_start": []}},
    ]
    found = read(tmp_path, lines(*rows), "set.jsonl")
    assert [(case.answers, case.answerable) for case in found.cases] == [(("三座",), True), ((), False)]
    assert [(article.title, article.text) for article in found.articles] == [("甲城", "甲城有三座桥。")]


KEYS = st.sampled_from(
    [
        *("data", "paragraphs", "qas", "context", "id", "question", "query", "answer", "answers", "is_impossible"),
        *("title", "news1", "news2", "questions", "ID", "positive", "negative", "positive_wrong", "fakeanswer"),
        *("context_ids", "negative_ids", "counterfactual_ids", "dataset", "answer_groups", "remark", "history"),
        *("questanswer_1doc", "keep", "问题", "答案", "text"),
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats()
    | st.sampled_from(["", " ", "甲？", "否", "rgb_zh_int"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(value=st.dictionaries(KEYS, VALUES, max_size=6) | st.lists(VALUES, max_size=3))
def test_json_that_means_nothing_is_told_and_does_no_harm(value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read(Path(folder), value)
        except InputError as error:
            assert "set.json" in error.chinese
            return
    assert len({case.id for case in found.cases}) == len(found.cases) > 0
    assert all(case.question.strip() and case.id for case in found.cases)
    assert len({article.text for article in found.articles}) == len(found.articles)


@settings(max_examples=150, deadline=None)
@given(
    data=st.binary(max_size=60),
    head=st.sampled_from(["", "问题,答案\n", "{", "PK\x03\x04", "\x1f\x8b", '{"question": "']),
)
def test_bytes_that_mean_nothing_are_told(head: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set"
        path.write_bytes((b"\x1f\x8b" if head == "\x1f\x8b" else head.encode()) + data)
        try:
            found = read_question_set(path)
        except InputError:
            return
    assert found.cases


# RGB


def passages(stem: str, count: int) -> list[str]:
    return [f"{stem}{number}" for number in range(count)]


def abilities(found: QuestionSet) -> dict[str, tuple[Counter[str], Case]]:
    """Of each kind, how many of the given passages are of which sort, told by the first character of their text."""
    text = {article.id: article.text for article in found.articles}
    return {case.kind: (Counter(text.get(name, name)[0] for name in case.given), case) for case in found.cases}


def test_rgb_with_noise_and_rejection(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "query": "谁？",
        "answer": [["甲", "甲某"]],
        "positive": passages("是", 6),
        "negative": passages("非", 9),
    }
    found = read(tmp_path, lines(row), "zh_refine.json")
    kinds = abilities(found)
    assert {kind: dict(counts) for kind, (counts, _) in kinds.items()} == {
        "noise 0.0": {"是": 5},
        "noise 0.2": {"是": 4, "非": 1},
        "noise 0.4": {"是": 3, "非": 2},
        "noise 0.6": {"是": 2, "非": 3},
        "noise 0.8": {"是": 1, "非": 4},
        "rejection": {"非": 5},
    }
    assert [case.id for case in found.cases] == [f"7@{kind}" for kind in kinds]
    noisy, refused = kinds["noise 0.4"][1], kinds["rejection"][1]
    assert (noisy.answers, noisy.answer_groups, len(noisy.articles)) == (("甲", "甲某"), (), 3)
    assert set(noisy.articles) < set(noisy.given)
    assert (refused.answerable, refused.required, refused.articles) == (False, (), ())
    assert len(found.articles) == 15
    assert read(tmp_path, lines(row), "again.json").cases == found.cases


def test_rgb_with_too_few_passages(tmp_path: Path) -> None:
    few = {"query": "谁？", "answer": ["甲", "乙"], "positive": passages("是", 2), "negative": passages("非", 9)}
    kinds = abilities(read(tmp_path, [few]))
    assert kinds["noise 0.0"][0] == {"是": 2, "非": 3}
    assert kinds["noise 0.0"][1].answer_groups == (("甲",), ("乙",))
    clean = {**few, "positive": passages("是", 6), "negative": passages("非", 1)}
    kinds = abilities(read(tmp_path, [clean]))
    assert kinds["noise 0.8"][0] == {"是": 4, "非": 1}
    assert kinds["rejection"][0] == {"非": 1}
    assert set(abilities(read(tmp_path, [{**few, "positive": []}]))) == {"rejection"}
    assert "rejection" not in abilities(read(tmp_path, [{**few, "negative": []}]))


def test_rgb_integration_keeps_every_part(tmp_path: Path) -> None:
    row = {
        "id": 1,
        "query": "两年的冠军？",
        "answer": [["甲"], ["乙"]],
        "positive": [passages("甲", 1), passages("乙", 7)],
        "negative": passages("非", 9),
    }
    kinds = abilities(read(tmp_path, [row]))
    assert {kind: dict(counts) for kind, (counts, _) in kinds.items()} == {
        "integration 0.0": {"甲": 1, "乙": 4},
        "integration 0.2": {"甲": 1, "乙": 3, "非": 1},
        "integration 0.4": {"甲": 1, "乙": 2, "非": 2},
    }
    many = {
        **row,
        "answer": [[stem] for stem in "一二三四五六七"],
        "positive": [passages(stem, 3) for stem in "一二三四五六七"],
    }
    kinds = abilities(read(tmp_path, [many]))
    assert all(set(counts) == set("一二三四五六七") and counts.total() == 7 for counts, _ in kinds.values())


def test_rgb_facts_true_and_falsified(tmp_path: Path) -> None:
    row = {
        "id": 2,
        "query": "几座？",
        "answer": ["三座"],
        "fakeanswer": "九座",
        "positive": passages("是", 4),
        "positive_wrong": passages("假", 4),
        "negative": passages("非", 6),
    }
    kinds = abilities(read(tmp_path, [row]))
    assert {kind: dict(counts) for kind, (counts, _) in kinds.items()} == {
        "counterfactual": {"假": 4, "非": 1},
        "fact 0.0": {"是": 4, "非": 1},
    }
    false, true = kinds["counterfactual"][1], kinds["fact 0.0"][1]
    assert (false.answers, false.wrong_answers, false.articles) == (("三座",), ("九座",), ())
    assert (true.answers, true.wrong_answers, len(true.articles)) == (("三座",), (), 4)


def test_rgb_whose_passages_are_named(tmp_path: Path) -> None:
    shared = {
        "id": "r1",
        "question": "谁？",
        "answers": ["甲"],
        "answer_groups": [["甲"]],
        "context": "几段话。",
        "context_ids": passages("是", 6),
        "negative_ids": passages("非", 9),
        "dataset": "rgb_zh_refine",
    }
    whole = {
        **shared,
        "id": "r2",
        "answer_groups": [["甲"], ["乙"]],
        "context_ids": [*passages("甲", 6), *passages("乙", 2)],
        "dataset": "rgb_zh_int",
    }
    fact = {
        **shared,
        "id": "r3",
        "counterfactual_ids": passages("假", 6),
        "wrong_answer": "乙",
        "dataset": "rgb_zh_fact",
    }
    found = read(tmp_path, lines(shared, whole, fact), "set.jsonl.gz")
    assert found.articles == ()
    kinds = abilities(found)
    assert len(found.cases) == 6 + 3 + 2
    assert kinds["noise 0.4"][0] == {"是": 3, "非": 2}
    assert kinds["noise 0.4"][1].answer_groups == ()
    # Other passages would be other figures: reports of different versions could not be compared.
    assert kinds["noise 0.4"][1].given == ("是4", "非3", "非0", "是3", "是0")
    assert all({"甲", "乙"} <= set(kinds[f"integration {noise}"][0]) for noise in (0.0, 0.2, 0.4))
    assert kinds["counterfactual"][0] == {"假": 5}
    assert kinds["counterfactual"][1].wrong_answers == ("乙",)


@pytest.mark.parametrize(
    ("said", "can", "told"),
    [
        *(
            (said, False, False)
            for said in ("否", "不能回答", "不可以", "答不了", "无法回答", "无答案", "No", "0", "×")
        ),
        *((said, True, False) for said in ("是", "能", "可以回答", "有", "yes", "1", "✓", "")),
        *((said, True, True) for said in ("也许", "待定", "?")),
    ],
)
def test_whether_a_question_can_be_answered_is_said_in_many_words(
    tmp_path: Path, said: str, can: bool, told: bool
) -> None:
    found = read(tmp_path, f"问题,能否回答\n桥有多长？,{said}\n", "题.csv")
    assert found.cases[0].answerable is can
    assert [("第 2 行" in chinese and "能否回答" in chinese) for chinese, _ in found.problems] == [True] * told


@pytest.mark.parametrize(
    ("said", "kept"),
    [("无误", True), ("没问题", True), ("不用改", True), ("不留", False), ("不要了", False), ("删", False)],
)
def test_a_question_is_left_out_only_where_that_is_said(tmp_path: Path, said: str, kept: bool) -> None:
    found = read(tmp_path, f"留用,问题\n{said},桥有多长？\n是,桥在哪里？\n", "题.csv")
    assert len(found.cases) == 1 + kept


@pytest.mark.parametrize(
    "cell",
    [
        "问：桥在哪里？\n答：在城东。\n问：谁修的？",
        "问：桥在哪里？答：在城东。问：谁修的？",
        "问: 桥在哪里？ 答: 在城东。\n问: 谁修的？",
    ],
)
def test_earlier_turns_stand_in_a_cell_as_people_write_them(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, f'问题,对话\n那是哪一年？,"{cell}"\n', "题.csv")
    assert found.cases[0].history == (Turn("桥在哪里？", "在城东。"), Turn("谁修的？"))
