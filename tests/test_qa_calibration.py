"""Calibration: the thresholds that a set of questions asks for, where they are kept, and when they apply."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from corpus.article import Article
from corpus.errors import InputError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answerer import Answerer
from qa.cli import doctor
from qa.library import indexes
from qa.reading import calibration_file
from qa.reading.calibration import (
    BELIEF,
    HIGHEST,
    LOWEST,
    PRIOR,
    THRESHOLDS,
    Calibration,
    MadeFor,
    Observation,
    fit,
    folds_of,
)
from qa.reading.calibration_file import examine, forget, load_calibration, made_for, save_calibration
from qa.settings import Settings

ARTICLES = [
    Article("ferry", "渡口", "渡口每天有六班船，末班船晚上七点半开。船长是赵德海。"),
    Article("mill", "磨坊", "磨坊建于1932年，每天磨面八百斤，如今是一座小展览馆。"),
]
QUESTION = "磨坊建于哪一年？"
HERE = MadeFor("wenju", "a", "b")


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def observations(count: int, middle: float, slope: float = 1.2, seed: int = 0) -> list[Observation]:
    """Questions whose answers are right with a probability of one half at the confidence `middle`; the rest wrong."""
    random = np.random.default_rng(seed)
    found = []
    for confidence in random.uniform(0.005, 0.99, count):
        probability = 1 / (1 + math.exp(-slope * (logit(float(confidence)) - logit(middle))))
        right = bool(random.random() < probability)
        found.append(Observation(float(confidence), right, right or bool(random.random() < 0.5)))
    return found


@pytest.mark.slow
def test_many_questions_find_the_true_thresholds() -> None:
    fitted = fit(observations(20_000, 0.4))
    for caution, belief in BELIEF.items():
        true = 1 / (1 + math.exp(-(logit(0.4) + logit(belief) / 1.2)))
        assert fitted.thresholds[caution] == pytest.approx(true, abs=0.03)
        low, high = fitted.intervals[caution]
        assert low - 0.01 <= true <= high + 0.01
        assert high - low < 0.05
        assert fitted.after[caution].worth > fitted.before[caution].worth + 0.01
        assert fitted.after[caution].refused is not None


def test_the_curve_is_the_one_that_a_general_optimiser_finds() -> None:
    seen = observations(60, 0.3, slope=1.5)
    x = np.array([logit(min(max(o.confidence, 0.002), 0.998)) for o in seen] + [logit(t) for t in THRESHOLDS.values()])
    y = np.array([float(o.right) for o in seen] + list(BELIEF.values()))
    weights = np.array([1.0] * len(seen) + [PRIOR / 3] * 3)

    def loss(line: Sequence[float]) -> float:
        logits = line[0] + line[1] * x
        return float((weights * (np.logaddexp(0, logits) - y * logits)).sum())

    intercept, slope = minimize(loss, [0.0, 1.0], tol=1e-12).x
    for caution, belief in BELIEF.items():
        expected = 1 / (1 + math.exp(-(logit(belief) - intercept) / slope))
        assert fit(seen).thresholds[caution] == pytest.approx(expected, abs=2e-4)


def test_few_questions_move_the_shipped_thresholds_less_than_many() -> None:
    few, many = (fit(observations(count, 0.6)).thresholds["balanced"] for count in (24, 2400))
    assert THRESHOLDS["balanced"] < few < many
    assert many == pytest.approx(0.6, abs=0.05)


def test_before_and_after_are_shares_that_can_be_counted() -> None:
    between = (THRESHOLDS["careful"] + THRESHOLDS["balanced"]) / 2
    seen = (
        [Observation(0.97, True, True)] * 12
        + [Observation(between, False, True)] * 4
        + [Observation(THRESHOLDS["eager"] / 2, False, False)] * 8
    )
    before = fit(seen, name="甲").before
    assert asdict(before["careful"]) == {"answered": 0.5, "right": 1.0, "refused": 1.0, "worth": 0.5}
    assert before["balanced"].answered == pytest.approx(16 / 24)
    assert before["balanced"].right == pytest.approx(0.75)
    assert before["balanced"].worth == pytest.approx((12 - 4) / 24)
    assert before["eager"].worth == pytest.approx((12 - 4 / 3) / 24)
    assert fit(seen).questions == 24
    assert fit(seen).unanswerable == 8


def test_after_figures_come_of_thresholds_that_did_not_see_the_question() -> None:
    seen = observations(60, 0.6)
    folds = folds_of(np.array([o.right for o in seen]))
    assert sorted(np.bincount(folds)) == [12] * 5
    worth = dict.fromkeys(BELIEF, 0.0)
    for fold in range(5):
        thresholds = fit([o for o, f in zip(seen, folds, strict=True) if f != fold]).thresholds
        for observation in (o for o, f in zip(seen, folds, strict=True) if f == fold):
            for caution, belief in BELIEF.items():
                if observation.confidence >= thresholds[caution]:
                    worth[caution] += 1 if observation.right else -belief / (1 - belief)
    after = fit(seen).after
    assert {caution: after[caution].worth * 60 for caution in BELIEF} == pytest.approx(worth)


def test_confidence_that_points_the_wrong_way_shows_all_or_nothing() -> None:
    random = np.random.default_rng(0)
    mostly_wrong = [Observation(float(c), bool(c < 0.3), True) for c in random.uniform(0.1, 0.9, 3000)]
    thresholds = fit(mostly_wrong).thresholds
    assert thresholds["careful"] == thresholds["balanced"] == HIGHEST
    mostly_right = [Observation(float(c), bool(c < 0.8), True) for c in random.uniform(0.1, 0.9, 3000)]
    assert fit(mostly_right).thresholds["balanced"] == LOWEST


@given(
    st.lists(
        st.builds(Observation, st.floats(0, 1), st.booleans(), st.just(True))
        | st.builds(Observation, st.floats(0, 1), st.just(False), st.just(False)),
        min_size=20,
        max_size=40,
    ).filter(lambda seen: len({o.right for o in seen}) == 2)
)
@hypothesis_settings(max_examples=40, deadline=None)
def test_any_set_gives_thresholds_in_order_and_the_same_ones_again(seen: list[Observation]) -> None:
    fitted = fit(seen)
    values = fitted.thresholds
    assert LOWEST <= values["eager"] <= values["balanced"] <= values["careful"] <= HIGHEST
    for caution, (low, high) in fitted.intervals.items():
        assert LOWEST <= low <= high <= HIGHEST, caution
    assert replace(fit(seen), created="") == replace(fitted, created="")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (observations(19, 0.3), "20"),
        ([Observation(0.9, True, True)] * 30, "全都答对"),
        ([Observation(0.9, False, True)] * 30, "没有一个答对"),
        ([], "20"),
    ],
)
def test_sets_that_cannot_teach_say_what_is_needed(seen: list[Observation], said: str) -> None:
    with pytest.raises(InputError, match=said) as problem:
        fit(seen)
    assert "questions" in problem.value.english


def test_a_person_is_told_what_to_doubt() -> None:
    answerable_only = [replace(o, answerable=True) for o in observations(30, 0.3)]
    said = " ".join(english for _, english in fit(answerable_only).remarks)
    assert "None of the questions lacks an answer" in said
    assert "With 30 questions" in said
    hopeless = [Observation(0.3 + i / 400, i % 7 == 0, i % 2 == 0 or i % 7 == 0) for i in range(200)]
    assert "'careful' refuses almost always" in " ".join(english for _, english in fit(hopeless).remarks)
    assert not fit(observations(400, 0.5)).remarks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Collection.build(tmp_path / "index", ARTICLES).close()
    return tmp_path / "index"


def calibration(folder: Path, thresholds: float) -> Calibration:
    """One for the collection in `folder`, all of whose thresholds are the same."""
    with Collection.open(folder) as collection:
        wanted = made_for("wenju", collection.manifest.fingerprint)
    fitted = fit(observations(60, 0.3), name="渡口的问题", made_for=wanted)
    return replace(fitted, thresholds=dict.fromkeys(THRESHOLDS, thresholds))


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    fitted = fit(observations(60, 0.3), name="渡口的问题", made_for=HERE)
    assert load_calibration(tmp_path, HERE) is None
    save_calibration(tmp_path, fitted)
    assert load_calibration(tmp_path, HERE) == fitted
    no_refusals = fit([replace(o, answerable=True) for o in observations(60, 0.3)], made_for=HERE)
    save_calibration(tmp_path, no_refusals)
    assert load_calibration(tmp_path, HERE) == no_refusals
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]
    assert forget(tmp_path)
    assert not forget(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(HERE, model="other"), "model"),
        (replace(HERE, reader="other"), "reader"),
        (replace(HERE, encoder="other"), "encoder"),
        (MadeFor("x", "y", "b"), "model and reader"),
    ],
)
def test_one_made_for_something_else_is_passed_over(tmp_path: Path, other: MadeFor, said: str) -> None:
    save_calibration(tmp_path, fit(observations(60, 0.3), made_for=HERE))
    found, problem = examine(tmp_path, other)
    assert found is None
    assert problem
    assert f"another {said};" in problem.english
    assert "--reset" in problem.chinese


@pytest.mark.parametrize("damage", ["cut", "empty", "list", "nan", "missing", "format", "above", "folder"])
def test_a_damaged_one_is_passed_over(tmp_path: Path, damage: str) -> None:
    save_calibration(tmp_path, fit(observations(60, 0.3), made_for=HERE))
    path = tmp_path / "calibration.json"
    plain = json.loads(path.read_text(encoding="utf-8"))
    if damage == "nan":
        plain["thresholds"]["careful"] = float("nan")
    elif damage == "missing":
        del plain["thresholds"]["balanced"]
    elif damage == "format":
        plain["format"] = 99
    elif damage == "above":
        plain["thresholds"]["eager"] = 5
    text = json.dumps(plain)
    path.write_text({"cut": text[:80], "empty": "", "list": "[1]"}.get(damage, text), encoding="utf-8")
    if damage == "folder":
        path.unlink()
        path.mkdir()
    found, problem = examine(tmp_path, HERE)
    assert found is None
    assert problem
    assert "calibration.json" in problem.chinese


def test_a_full_disk_leaves_the_former_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fit(observations(60, 0.3), made_for=HERE)
    save_calibration(tmp_path, first)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="腾出空间") as problem:
        save_calibration(tmp_path, replace(first, name="second"))
    assert "Make room" in problem.value.english
    assert load_calibration(tmp_path, HERE) == first
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="不能写入"):
        save_calibration(tmp_path / "nowhere", fit(observations(60, 0.3)))
    (tmp_path / "calibration.json" / "inner").mkdir(parents=True)
    with pytest.raises(InputError, match="不能写入或删除"):
        forget(tmp_path)


def test_answers_follow_the_calibration_from_the_next_question_on(folder: Path) -> None:
    with Collection.open(folder) as collection:
        answerer = Answerer(collection, settings=Settings())
        assert answerer.threshold == THRESHOLDS["balanced"]
        confidence = answerer.answer(QUESTION).confidence
        assert THRESHOLDS["balanced"] < confidence < 0.99
        save_calibration(folder, calibration(folder, 0.99))
        assert answerer.threshold == 0.99
        assert answerer.answer(QUESTION).refused
        assert not Answerer(collection, settings=Settings(), threshold=0.0).answer(QUESTION).refused
        forget(folder)
        assert not answerer.answer(QUESTION).refused


def test_each_caution_has_its_own(folder: Path) -> None:
    save_calibration(
        folder, replace(calibration(folder, 0), thresholds={"careful": 0.9, "balanced": 0.6, "eager": 0.3})
    )
    with Collection.open(folder) as collection:
        found = {c: Answerer(collection, settings=Settings(caution=c)).threshold for c in THRESHOLDS}
    assert found == {"careful": 0.9, "balanced": 0.6, "eager": 0.3}


def test_changes_of_the_collection_leave_it(folder: Path) -> None:
    save_calibration(folder, calibration(folder, 0.7))
    with Collection.open(folder) as collection:
        answerer = Answerer(collection, settings=Settings())
        for number in range(3):
            collection.add([Article(f"new{number}", "集市", f"集市有{number + 20}个摊位，逢五开市。")])
        collection.remove(["ferry"])
        assert answerer.threshold == 0.7
    Collection.build(folder, ARTICLES).close()
    with Collection.open(folder) as again:
        assert Answerer(again, settings=Settings()).threshold == 0.7


def test_a_collection_made_anew_with_another_encoder_goes_back_to_the_shipped_ones(folder: Path) -> None:
    save_calibration(folder, calibration(folder, 0.7))
    with Collection.build(folder, ARTICLES, encoder=load_encoder("hashing")) as collection:
        assert Answerer(collection, settings=Settings()).threshold == THRESHOLDS["balanced"]


def test_kept_indexes_keep_theirs(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "磨坊.txt").write_text(ARTICLES[1].text, encoding="utf-8")
    kept = indexes.index(articles, settings=settings)
    save_calibration(kept.folder, calibration(kept.folder, 0.7))
    (articles / "渡口.txt").write_text(ARTICLES[0].text, encoding="utf-8")
    with indexes.collection_for(articles, settings) as collection:
        assert len(collection) == 2
        assert Answerer(collection, settings=settings).threshold == 0.7
    # Damaged beyond use, it is made again: with the same encoder the thresholds still hold.
    for file in (kept.folder / "generations").rglob("*"):
        if file.is_file():
            file.write_bytes(b"")
    with indexes.collection_for(articles, settings) as collection:
        assert Answerer(collection, settings=settings).threshold == 0.7
    # Without any generation the folder is a new collection's.
    for file in sorted((kept.folder / "generations").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (kept.folder / "CURRENT").unlink()
    with indexes.collection_for(articles, settings) as collection:
        assert Answerer(collection, settings=settings).threshold == THRESHOLDS["balanced"]


def test_the_doctor_says_which_thresholds_hold(folder: Path) -> None:
    settings = Settings()
    assert doctor.check_calibration(settings, folder, language="zh").detail == "随程序附带的"
    save_calibration(folder, calibration(folder, 0.7))
    used = doctor.check_calibration(settings, folder, language="en")
    assert used.ok
    assert "careful 0.70" in used.detail
    assert "60 questions" in used.detail
    other = doctor.check_calibration(replace(settings, model="other"), folder, language="zh")
    assert not other.ok
    assert not other.essential
    assert "作答模型" in other.remedy
    (folder / calibration_file.NAME).write_text("{", encoding="utf-8")
    assert "读不出来" in doctor.check_calibration(settings, folder, language="zh").remedy
