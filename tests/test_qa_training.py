import gzip
import json
from pathlib import Path

import lightgbm
import numpy as np
import pytest

from corpus.article import Passage
from embeddings.collections.hit import Hit
from embeddings.encoders.encoder import EMBEDDED_FOLDER
from qa.checking.verification import squeeze
from qa.evaluation.questions.sets import read_question_set
from qa.reading.reader import load_reader
from qa.reading.units import units_of
from qa.training import held_out
from qa.training.trees_examples import article_of, for_trees, has_answer, is_held_out, labels_of, swapped
from qa.training.trees_report import Refusals, area, picture, table
from qa.training.trees_training import flatten, main, mean_of

pytestmark = pytest.mark.slow


def test_flattened_trees_score_like_lightgbm() -> None:
    dice = np.random.default_rng(0)
    rows = dice.normal(size=(2000, 6)).astype(np.float32)
    rows[:, 3] = dice.integers(0, 4, 2000)  # equal values meet thresholds exactly
    target = (rows[:, 0] * rows[:, 1] + rows[:, 3] > 1).astype(int)
    options = {"objective": "binary", "num_leaves": 15, "verbose": -1, "num_threads": 1, "seed": 1}
    booster = lightgbm.train(options, lightgbm.Dataset(rows, target), num_boost_round=30)
    ours = flatten(booster.dump_model()).score(rows)
    assert np.abs(ours - booster.predict(rows, raw_score=True)).max() < 1e-4


def test_the_mean_of_models_scores_as_they_do_in_the_mean() -> None:
    dice = np.random.default_rng(0)
    rows = dice.normal(size=(400, 3)).astype(np.float32)
    models = []
    for leaves in (4, 15):
        data = lightgbm.Dataset(rows, (rows[:, 0] > dice.normal(size=400)).astype(int))
        options = {"objective": "binary", "num_leaves": leaves, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5}
        models.append(flatten(lightgbm.train(options, data, num_boost_round=leaves).dump_model()))
    mean = np.mean([model.score(rows) for model in models], axis=0)
    assert np.abs(mean_of(models).score(rows) - mean).max() < 1e-5


def test_units_that_hold_the_answer_are_labelled() -> None:
    text = "街道有党员1,860名。街道有三条小河。"
    hits = [Hit(Passage("a#0", "a", text, 0, len(text)), 1.0, 1), Hit(Passage("b#0", "b", text, 0, len(text)), 0.5, 2)]
    labels = labels_of(units_of(hits), hits, {"a"}, [squeeze("1860名")])
    assert labels.tolist() == [1, 0, 0, 0]
    assert has_answer("党员１８６０名", [squeeze("1860名")])


def test_a_swapped_question_asks_for_another_year_or_name() -> None:
    assert swapped("2019年有多少名党员？", [], 0) not in ("", "2019年有多少名党员？")
    assert swapped("王建国说了什么？", ["李明华"], 0) == "李明华说了什么？"
    assert swapped("说了什么？", ["李明华"], 0) == ""


def test_evaluation_questions_are_never_trained_on() -> None:
    assert is_held_out({"dataset": "cmrc2018_trial", "id": "x"})
    kept = [is_held_out({"dataset": "drcd_dev", "id": f"drcd-{i}-0-0"}) for i in range(2000)]
    assert 0.05 < sum(kept) / len(kept) < 0.15
    assert not any(is_held_out({"dataset": "cmrc2018_train", "id": f"TRAIN_{i}_QUERY_0"}) for i in range(200))


def test_area_under_the_curve() -> None:
    labels = np.array([0, 0, 1, 1], np.int8)
    assert area(np.array([0.1, 0.2, 0.3, 0.4], np.float32), labels) == 1.0
    assert area(np.array([0.4, 0.3, 0.2, 0.1], np.float32), labels) == 0.0
    assert area(np.zeros(4, np.float32), labels) == 0.5


def test_what_thresholds_answer_and_refuse() -> None:
    refused = Refusals(np.array([0.9, 0.2, 0.1, 0.04], np.float32), np.array([1, 1, 0, 0], np.int8))
    assert refused.at(0.06) == (100.0, 50.0)
    assert refused.at(0.15) == (100.0, 100.0)
    assert refused.at(0.5) == (50.0, 100.0)
    assert "| 0.06 | 100.0 | 50.0 |" in table(refused)
    drawn = picture(refused)
    assert drawn.count("<circle") == 3
    assert "balanced 适中 0.085" in drawn


def test_questions_of_one_article_stay_together() -> None:
    kept = [for_trees(f"TRAIN_{number}") for number in range(5000)]
    assert 0.17 < sum(kept) / len(kept) < 0.23
    assert article_of({"context_ids": ["b", "a"]}) == "a"
    assert article_of({"context_id": "c"}) == "c"


def test_the_whole_training_makes_a_reader_that_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [a + b for a in "东西南北中" for b in "山湖河塘桥坡"]
    documents, questions = [], []
    learned_from = (number for number in range(1000) if for_trees(f"TRAIN_{number}"))
    for number, name in zip(learned_from, names, strict=False):
        text = f"{name}街道风景很好，游人很多。{name}街道有党员{100 + number}名。街道还有小河三条，岸边种着柳树。"
        documents.append({"id": f"TRAIN_{number}", "title": f"{name}街道", "text": text, "date": "", "source": ""})
        asked = {"question": f"{name}街道有多少名党员？", "answers": [f"{100 + number}名"], "context": text}
        questions += [
            asked | {"id": f"{dataset}_{number}", "dataset": dataset, "context_id": f"TRAIN_{number}"}
            for dataset in ("cmrc2018_train", "cmrc2018_trial")
        ]
    for name, rows in (("corpus_reading", documents), ("qa_cmrc2018", questions)):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)

    to = tmp_path / "made" / "reader.npz"
    where = ["--data", str(tmp_path), "--work", str(tmp_path / "work"), "--encoder", str(EMBEDDED_FOLDER)]
    main([*where, "--first"])
    main([*where, "--to", str(to)])
    shown = capsys.readouterr().out
    first = next(line for line in shown.splitlines() if line.startswith("| cmrc2018_trial"))
    assert float(first.split("|")[3]) >= 80  # the answering one of three sentences comes first
    assert load_reader(to).columns == load_reader().columns
    assert "<polyline" in to.with_name("refusal.svg").read_text(encoding="utf-8")


def test_a_question_set_of_what_was_kept_can_be_evaluated_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"question": "桥有多长？", "answers": ["7米"], "context": "桥长7米。", "context_id": "c1", "answerable": True}
    rows = [
        row | {"id": "1", "dataset": "cmrc2018_trial"},
        row | {"id": "2", "dataset": "cmrc2018_train"},
        row | {"id": "3", "dataset": "cmrc2018_trial", "question": " "},
    ]
    with gzip.open(tmp_path / "qa_cmrc2018.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in rows)
    kept = tmp_path / "kept.jsonl.gz"
    monkeypatch.setattr("sys.argv", ["held_out", "--data", str(tmp_path), "--to", str(kept)])
    held_out.main()
    read = read_question_set(kept)
    assert [(case.id, case.kind, case.answers) for case in read.cases] == [("1", "CMRC 2018 trial", ("7米",))]
    assert [article.id for article in read.articles] == ["c1"]
