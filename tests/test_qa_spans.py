import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ModelError
from embeddings.encoders.encoder import EMBEDDED_FOLDER
from embeddings.encoders.loading import load_encoder
from qa.evaluation.metrics.answer_text import f1
from qa.reading.features import Asked, ask_about
from qa.reading.spans.candidates import LONGEST, Borders, candidates_of
from qa.reading.spans.finder import completed, load_spans
from qa.reading.spans.gap import gap_in
from qa.reading.spans.habits import HABITS, count_habits
from qa.reading.spans.kinds import SPAN_KINDS, count_expectations, kind_of_span
from qa.reading.spans.text import look_at
from qa.reading.spans.words import board_of
from qa.training.spans_examples import answering_spans, labels_of, quick_f1
from qa.training.spans_training import main

pytestmark = pytest.mark.slow


def asking(question: str) -> Asked:
    return ask_about(question, lambda term: 1.0, load_encoder("hashing"))


@pytest.mark.parametrize(
    ("question", "wanted", "before", "after", "noun"),
    [
        ("哪个城市被称为冰城？", "which", "", "被称为冰城", "城市"),
        ("云溪街道有多少名党员？", "figure", "云溪街道有", "", "党员"),
        ("食堂是什么时候开张的？", "when", "食堂是", "开张的", ""),
        ("这本书的作者是谁？", "who", "这本书的作者是", "", ""),
        ("李明华获得了什么奖？", "thing", "李明华获得了", "", "奖"),
        ("街道的书记叫甚么？", "what", "街道的书记叫", "", ""),
        ("为什么用绞吸船？", "why", "", "用绞吸船", ""),
        ("几所小学从哪一年起停课？", "when", "几所小学从", "起停课", ""),
        ("东湖的面积", "nothing", "东湖的面积", "", ""),
    ],
)
def test_the_gap_in_a_question(question: str, wanted: str, before: str, after: str, noun: str) -> None:
    gap = gap_in(question)
    assert (gap.wanted, gap.before, gap.after, gap.noun) == (wanted, before, after, noun)


def test_the_subject_and_verb_before_a_gap() -> None:
    assert gap_in("这本书的作者是谁？").subject == "作者"
    assert gap_in("体育馆位于哪里？").verb == "位于"
    assert gap_in("分别有哪些奖项？").several and not gap_in("作者是谁？").several


@pytest.mark.parametrize(
    ("span", "kind"),
    [
        ("2021年5月8日", "date"),
        ("12万立方米", "figure"),
        ("李明华", "person"),
        ("郑州市", "place"),
        ("郑州大学", "body"),
        ("《春天》", "quoted"),
        ("因为连日下雨，河水涨得很快，工地停了工", "clause"),
    ],
)
def test_the_kind_of_a_span(span: str, kind: str) -> None:
    assert SPAN_KINDS[kind_of_span(look_at(span).words)] == kind


def test_what_answered_before_is_expected_again() -> None:
    known = count_expectations(
        [(gap_in(f"{name}是哪个城市的人？"), look_at("郑州市").words) for name in "甲乙丙丁"]
        + [(gap_in("作者是谁？"), look_at("李明华").words)] * 4
    )
    place, person = SPAN_KINDS.index("place"), SPAN_KINDS.index("person")
    assert known.of(gap_in("冠军来自哪个城市？"))[place] > 0.7
    assert known.of(gap_in("导演是谁？"))[person] > known.of(gap_in("导演是谁？"))[place]


def test_words_beside_answers_are_known_again() -> None:
    words = look_at("体育馆位于郑州市").words
    labels = labels_of(words, [0] * len(words), answering_spans(["体育馆位于郑州市"], ["郑州市"]))
    assert labels[:, -1].tolist() == [1, 1, 1] and labels[:, :-1].sum() == 0
    habits = count_habits([("where", words, labels)] * 30)
    rows = habits.of("where", words)
    assert rows[[w.text for w in words].index("位于"), HABITS.index("begins_after")] > 0
    assert (habits.of("where", look_at("从未见过的").words) == 0).all()


def test_answers_are_found_in_claims_whole_or_in_part() -> None:
    texts = ["街道有党员1860名。", "党员李明华说，要把小河两岸的柳树都种好。"]
    assert answering_spans(texts, ["1860名"]) == [(0, (5, 10))]
    number, (start, end) = answering_spans(texts, ["要把小河两岸的柳树都种好，再修一条路"])[0]
    assert texts[number][start:end] == "要把小河两岸的柳树都种好"
    assert answering_spans(texts, ["三条小河"]) == []


@given(st.text("甲乙丙丁戊，。", max_size=12), st.text("甲乙丙丁戊，。", max_size=12))
def test_the_quick_f1_is_that_of_the_evaluation(one: str, other: str) -> None:
    assert quick_f1(one, [other]) == pytest.approx(f1(one, [other]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("街道有党员1860名，在“东湖”的《春天》（第2版）。 \n", max_size=40), min_size=1, max_size=3),
    st.integers(0, 99),
)
def test_candidates_stay_inside_their_claims(texts: list[str], seed: int) -> None:
    finder = load_spans()
    board = board_of(asking("街道有多少名党员？"), texts, [0.5] * len(texts), finder.known, finder.habits)
    assert board.names == finder.word_columns and np.isfinite(board.table).all()
    assert ["".join(w.text for w in look_at(text).words) for text in texts] == texts
    if not any(word.plain for word in board.words):
        return
    scores = np.random.default_rng(seed).normal(size=(3, len(board.words))).astype(np.float32)
    candidates = candidates_of(board, Borders(*scores))
    assert candidates.names == finder.span_columns and np.isfinite(candidates.table).all()
    assert (board.claim[candidates.first] == board.claim[candidates.last]).all()
    assert (candidates.first <= candidates.last).all() and (candidates.last - candidates.first < LONGEST).all()
    assert len(set(zip(candidates.first, candidates.last, strict=True))) == len(candidates.first)


@pytest.mark.parametrize(
    ("question", "text", "found", "completed_to"),
    [
        ("出舱几次？", "圆满完成了 4 次出舱活动", "4", "4 次"),
        ("用了哪些化名？", "化名为「甲」、「乙」上学", "甲」、「乙", "「甲」、「乙」"),
        ("是谁？", "是他的儿子（小名嗯哼）的干爹", "儿子（小名嗯哼", "儿子（小名嗯哼）"),
        ("是哪一部？", "改编自《春天》。", "春天", "春天"),
        ("书记是谁？", "书记张俊忠感慨万千", "张俊忠感慨万千", "张俊忠"),
        ("导演是谁？", "由张俊忠、李明华导演", "张俊忠、李明华", "张俊忠、李明华"),
    ],
)
def test_measures_quotes_and_brackets_are_completed(question: str, text: str, found: str, completed_to: str) -> None:
    start, end = completed(asking(question), text, (text.index(found), text.index(found) + len(found)))
    assert text[start:end] == completed_to


def test_one_figure_answers_how_many() -> None:
    text = "今年上半年累计完成新增就业1000余人、小额担保贷款600万元、再就业培训165人。"
    found = load_spans().find(asking("今年上半年新增就业多少人？"), [text], [1.0])
    assert found is not None and text[slice(*found.span)] == "1000余人"


def test_nothing_is_found_where_there_are_no_words() -> None:
    assert load_spans().find(asking("有多少？"), ["……。"], [1.0]) is None
    assert load_spans().find(asking("有多少？"), [""], [1.0]) is None


def test_a_spoiled_model_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "spans.npz").write_bytes(b"PK nothing")
    with pytest.raises(ModelError):
        load_spans(tmp_path / "spans.npz")


def test_the_whole_training_makes_a_finder_that_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [a + b for a in "东西南北中" for b in "山湖河塘桥坡"]
    documents, questions = [], []
    for number, name in enumerate(names):
        text = f"{name}街道风景很好，游人很多。{name}街道有党员{100 + number}名、小河三条，岸边种着柳树。"
        documents.append({"id": f"TRAIN_{number}", "title": f"{name}街道", "text": text, "date": "", "source": ""})
        asked = {"question": f"{name}街道有多少名党员？", "answers": [f"{100 + number}名"], "context": text}
        questions += [
            asked | {"id": f"{dataset}_{number}", "dataset": dataset, "context_id": f"TRAIN_{number}"}
            for dataset in ("cmrc2018_train", "cmrc2018_trial")
        ]
    for name, rows in (("corpus_reading", documents), ("qa_cmrc2018", questions)):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    to = tmp_path / "made" / "spans.npz"
    arguments = ["--data", str(tmp_path), "--work", str(tmp_path / "work"), "--encoder", str(EMBEDDED_FOLDER)]
    main([*arguments, "--to", str(to)])
    first = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| cmrc2018_trial"))
    assert float(first.split("|")[5].split("/")[0]) >= 90  # exactly the answer
    assert load_spans(to).word_columns == load_spans().word_columns
    main([*arguments, "--to", str(to.with_name("again.npz"))])  # from the kept questions
    one, other = np.load(to), np.load(to.with_name("again.npz"))
    assert all((one[name] == other[name]).all() for name in one.files)
