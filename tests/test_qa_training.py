"""The reader's training: examples are what they say, and a killed training goes on to the same weights."""

import json
import random
from pathlib import Path

import pytest

from qa.training.examples.asked import is_held_out
from qa.training.examples.example import Example, read_examples, units_in, window_around, write_examples
from qa.training.examples.exchanged import exchanged_passage, exchanged_question
from qa.training.examples.laws import law_examples
from qa.training.examples.notices import notice_examples, parallel_examples
from qa.training.examples.reports import OFFICES, count_examples, office_examples
from qa.training.examples.tables import table_examples
from qa.training.examples.wordings import as_yes_no, reworded, terse
from qa.training.examples.written import documents, written_examples

TEXT = "青石街道有党员820名。2019年，青石街道改造了12个小区。白塔社区的书记是周明远。"
LAW = "\n".join(
    f"第{number}条 {body}"
    for number, body in zip(
        "一二三四五六",
        (
            "为了规范养犬，制定本办法。",
            "公安机关负责养犬登记。",
            "有下列情形之一的，不予登记：\n（一）没有固定住所；\n（二）犬只未经免疫。",
            "养犬人不得携犬进入商场。",
            "养犬人应当自取得犬只之日起三十日内登记。",
            "本办法自公布之日起施行。",
        ),
        strict=True,
    )
)

pytestmark = pytest.mark.slow


def made() -> list[Example]:
    return [
        *table_examples(60, 3),
        *parallel_examples(60, 3),
        *notice_examples(60, 3),
        *office_examples(60, 3),
        *count_examples(60, 3),
        *law_examples([("某市养犬管理办法", LAW)], 120, 3),
    ]


def test_made_examples_are_whole_and_of_both_kinds() -> None:
    examples = made()
    kinds = {example.kind.split(":")[0] for example in examples}
    assert kinds == {"table", "parallel", "notice", "office", "count", "law"}
    for example in examples:
        assert example.question.strip() and example.text.strip()
        assert all(0 <= start < end <= len(example.text) for start, end in (*example.spans, *example.units))
        assert bool(example.spans) == any(example.labels), example
    shares = [sum(bool(e.spans) for e in examples if e.kind.startswith(kind)) for kind in kinds]
    assert all(share > 10 for share in shares)


def test_the_same_seed_makes_the_same_examples() -> None:
    assert made() == made()


def test_examples_are_kept_as_they_are(tmp_path: Path) -> None:
    examples = made()[:20]
    assert write_examples(tmp_path / "some.jsonl.gz", examples) == 20
    assert list(read_examples(tmp_path / "some.jsonl.gz")) == examples


@pytest.mark.parametrize("seed", range(20))
def test_a_window_holds_its_answer(seed: int) -> None:
    text = TEXT * 12
    start = text.index("12个小区", 150)
    window, (one, other) = window_around(text, (start, start + 5), random.Random(seed))
    assert window[one:other] == "12个小区" and window in text


def test_the_holder_of_an_office_is_the_one_named_after_it() -> None:
    answered = [example for example in office_examples(200, 4) if example.spans]
    known = sorted({office for row in OFFICES.values() for office in row}, key=len, reverse=True)
    for example in answered:
        office = next(office for office in known if office in example.question)
        assert example.text[: example.spans[0][0]].endswith(office)
    assert 90 < len(answered) < 150


def test_an_exchanged_question_asks_for_what_the_passage_does_not_say() -> None:
    other = {
        exchanged_question("2019年青石街道改造了几个小区？", TEXT, ("红星街道", "白沙街道"), random.Random(n))
        for n in range(12)
    }
    other.discard("")
    assert other and "2019年青石街道改造了几个小区？" not in other
    assert all("青石" not in question or "2019" not in question for question in other)


def test_an_exchanged_passage_says_the_same_of_another() -> None:
    told = "陈建国是石桥村的会计，管账三十年。"
    span = (told.index("会计"), told.index("会计") + 2)
    found = exchanged_passage("陈建国是做什么的？", "", told, span, ("王建华", "李志强"), random.Random(1))
    assert found is not None
    name, other, _, text, (start, end) = found
    assert name == "陈建国" and text[start:end] == "会计" and name not in text and other in text


def test_other_words_ask_the_same_and_yes_or_no_states_the_answer() -> None:
    assert {reworded("服务中心什么时候成立？", random.Random(n)) for n in range(30)} - {"服务中心什么时候成立？"}
    assert "3万" in as_yes_no("当地人口有多少？", "3万", random.Random(2))
    assert as_yes_no("请介绍一下。", "3万", random.Random(2)) == ""
    assert terse("展馆在哪里？", random.Random(1)) in {"展馆地点", "展馆的地点", "展馆在哪"}


def test_evaluation_questions_are_never_trained_on() -> None:
    assert is_held_out({"id": "x-1-2", "dataset": "cmrc2018_trial"})
    assert not is_held_out({"id": "x-1-2", "dataset": "cmrc2018_train"})
    news = [is_held_out({"id": "", "dataset": "crud_1doc", "context_ids": [str(n)]}) for n in range(300)]
    assert 10 < sum(news) < 60


def test_units_cover_a_text_and_know_which_hold_the_answer() -> None:
    start = TEXT.index("820名")
    example = Example("多少名党员？", "", TEXT, ((start, start + 4),), units_in(TEXT), "test")
    assert "".join(TEXT[a:b] for a, b in example.units) == TEXT
    assert example.labels == (1, 0, 0)


@pytest.mark.slow
def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertModel

    from qa.reading.network import load_network
    from qa.training.fit import Fitting
    from qa.training.model import ReaderModel

    examples = tmp_path / "examples"
    examples.mkdir()
    write_examples(examples / "000.jsonl.gz", made()[:60])
    tokenizer = load_network().tokenizer
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip

    def fitting(folder: Path, steps: int) -> Fitting:
        folder.mkdir(exist_ok=True)
        torch.manual_seed(1)
        return Fitting(ReaderModel(BertModel(config, add_pooling_layer=False)), tokenizer, folder, 1e-3, 6, stop=steps)

    whole = fitting(tmp_path / "whole", 6)
    whole.run(examples)
    fitting(tmp_path / "killed", 3).run(examples)
    again = fitting(tmp_path / "killed", 6)
    assert again.step == 3
    again.run(examples)
    for name, weights in whole.model.state_dict().items():
        assert torch.equal(weights, again.model.state_dict()[name]), name


def test_what_was_written_answers_its_questions_and_a_tenth_is_kept() -> None:
    known = documents()
    learned, kept = list(written_examples(1, 3)), list(written_examples(1, 3, held_out=True))
    assert len(known) > 200
    assert 0.05 < len(kept) / (len(learned) + len(kept)) < 0.2
    assert not {example.text for example in learned} & {document.text for document in known if document.is_held_out}
    for example in learned:
        assert bool(example.spans) == any(example.labels), example
    shares = [sum(bool(e.spans) for e in examples) / len(examples) for examples in (learned, kept)]
    assert all(0.4 < share < 0.7 for share in shares)


def test_an_answer_that_stands_twice_is_refused(tmp_path: Path) -> None:
    row = {
        "title": "",
        "text": "甲村5人，乙村5人。",
        "questions": [["乙村几人？", "5人", "乙村5人"], ["丙村几人？", ""]],
    }
    (tmp_path / "some.jsonl").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    assert documents(tmp_path)[0].questions == (("乙村几人？", (7, 9)), ("丙村几人？", None))
    row["questions"] = [["乙村几人？", "5人"]]
    (tmp_path / "some.jsonl").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    with pytest.raises(ValueError, match="5人"):
        documents(tmp_path)
