"""Adapting the encoder to articles without labels: what is kept apart, what is learnt, how two encoders compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_articles import write_articles, write_encoder

from corpus.article import Article
from corpus.errors import InputError
from corpus.reading.folders import read_articles
from corpus.text.terms import terms
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from embeddings.encoders.static_encoder import load_static_encoder
from embeddings.training import adapting, train
from embeddings.training.adapting import Comparison, compare, learn, recipe_for
from embeddings.training.adapting_data import LEAST_SENTENCES, MOST_ASKED, Parts, keep_apart
from embeddings.training.data import split_sentences

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> list[Article]:
    return list(read_articles(write_articles(tmp_path_factory.mktemp("small") / "articles")))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    return write_encoder(folder / "encoder", write_articles(folder / "articles"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapting, "_FEW_STEPS", 15)
    monkeypatch.setattr(adapting, "_FEW_BATCH", 128)


def test_what_is_asked_is_never_learnt_as_a_query(articles: list[Article]) -> None:
    parts = keep_apart(articles, 0)
    gist = [asked for asked in parts.asked if asked.kind == "gist"]
    titles = [asked for asked in parts.asked if asked.kind == "title"]
    assert len(gist) >= 40
    assert len(titles) == 3
    learnt = {sentence.strip() for document in parts.documents for sentence in split_sentences(document.text)}
    texts = {article.id: article for article in parts.searched}
    for asked in gist:
        assert asked.text not in learnt
        assert asked.text not in texts[asked.article].text
        assert asked.text in parts.never_drawn
    for asked in titles:
        assert texts[asked.article].title == ""
        assert asked.text not in {document.title for document in parts.documents}
    for asked in (asked for asked in parts.asked if asked.kind == "words"):
        assert set(asked.text.split()) <= set(terms(texts[asked.article].text))
    assert len(learnt & parts.never_drawn) >= 40, "half of the sentences that are asked still stand in passages"


def test_one_seed_keeps_the_same_apart(articles: list[Article]) -> None:
    assert keep_apart(articles, 1) == keep_apart(articles, 1)
    assert keep_apart(articles, 1).asked != keep_apart(articles, 2).asked


def test_no_more_is_asked_or_searched_than_says_something() -> None:
    many = [
        Article(f"{n}", "", "".join(f"第{n}篇文章里写的是第{m}件要紧的事情。" for m in range(3))) for n in range(6_000)
    ]
    parts = keep_apart(many, 0)
    assert len(parts.asked) == MOST_ASKED
    assert len(parts.searched) == 5_000
    assert {asked.article for asked in parts.asked} <= {article.id for article in parts.searched}


def test_too_few_sentences_are_refused(articles: list[Article]) -> None:
    with pytest.raises(InputError, match=f"不到 {LEAST_SENTENCES}") as problem:
        keep_apart(articles[:5], 0)
    assert "60 sentences" in problem.value.english


def test_what_was_learnt_finds_more(articles: list[Article], start: Path, tmp_path: Path) -> None:
    parts = keep_apart(articles, 0)
    steps: list[tuple[int, int]] = []
    recipe, sentences = learn(start, tmp_path / "model", parts, 0, watch=lambda *step: steps.append(step))
    assert steps[-1] == (15, 15) == (recipe.steps, recipe.steps)
    assert 300 < sentences < len(articles) * 12
    before, after = load_static_encoder(start), load_encoder(str(tmp_path / "model"))
    comparison = compare(parts, before, after)
    assert comparison.better
    last = comparison.changes[-1]
    assert last.kind == "all"
    assert last.vectors[0].questions == len(parts.asked)
    assert last.vectors[1].reciprocal_rank - last.vectors[0].reciprocal_rank == pytest.approx(comparison.gain)
    assert last.fused[1].reciprocal_rank - last.fused[0].reciprocal_rank == pytest.approx(comparison.fused_gain)
    assert not compare(parts, after, before).better
    assert not compare(parts, before, before).better


def test_one_seed_gives_one_encoder_that_stays_near_the_former(
    articles: list[Article], start: Path, tmp_path: Path
) -> None:
    parts = keep_apart(articles, 0)
    for name, seed in (("one", 0), ("two", 0), ("other", 1)):
        learn(start, tmp_path / name, parts, seed)
    one, two, other = (load_static_encoder(tmp_path / name) for name in ("one", "two", "other"))
    assert one.fingerprint == two.fingerprint != other.fingerprint
    former = load_static_encoder(start).vectors
    cosines = (one.vectors * former).sum(axis=1) / np.linalg.norm(one.vectors, axis=1) / np.linalg.norm(former, axis=1)
    assert 0.5 < np.median(cosines) < 1
    assert not list(tmp_path.glob("*.checkpoint"))


def test_minutes_decide_the_steps(articles: list[Article], start: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    parts = keep_apart(articles, 0)
    learn(start, tmp_path / "model", parts, 0, minutes=1e-9, watch=lambda *step: steps.append(step))
    assert steps == [(1, 1)]


def test_what_was_learnt_already_is_not_learnt_again(
    articles: list[Article], start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = keep_apart(articles, 0)
    done = learn(start, tmp_path / "model", parts, 0)
    monkeypatch.setattr(train, "_learn", lambda *_: 1 / 0)
    assert learn(start, tmp_path / "model", parts, 0) == done


def test_the_effort_follows_the_number_of_sentences() -> None:
    assert [recipe_for(count, 0).steps for count in (300, 10_000, 10_000_000)] == [15, 40, 300]
    assert recipe_for(300, 7, minutes=2.0).minutes == 2.0
    assert recipe_for(300, 7).seed == 7


@pytest.mark.parametrize(
    ("gain", "error", "fused", "better"),
    [
        (0.1, 0.01, 0.0, True),
        (0.1, 0.06, 0.0, False),
        (0.1, 0.01, -0.001, False),
        (-0.1, 0.01, 0.1, False),
        (0, 0, 0, False),
    ],
)
def test_better_means_beyond_chance_and_at_no_cost(gain: float, error: float, fused: float, better: bool) -> None:
    assert Comparison((), gain, error, fused).better is better


def test_ranks_are_those_of_the_article(articles: list[Article]) -> None:
    parts = keep_apart(articles, 0)
    asked = replace(parts.asked[0], kind="words", text=articles[3].title, article=articles[3].id)
    hashing = load_encoder("hashing")
    comparison = compare(Parts((), frozenset(), tuple(articles), (asked,)), hashing, hashing)
    assert [change.kind for change in comparison.changes] == ["words", "all"]
    assert comparison.changes[0].fused[0].recall_1 == 1.0


def test_a_collection_is_encoded_again_whole(articles: list[Article], start: Path, tmp_path: Path) -> None:
    with Collection.build(tmp_path / "c", articles, encoder=load_encoder("hashing")) as before:
        rows = [(summary, before.passages(summary.id)) for summary in before.articles()]
    encoder = load_encoder(str(start))
    with Collection.encode_again(tmp_path / "c", encoder) as after:
        assert after.manifest.fingerprint == encoder.fingerprint
        assert after.manifest.encoder == str(start.resolve())
        assert [(summary, after.passages(summary.id)) for summary in after.articles()] == rows
        after.verify()
    with Collection.open(tmp_path / "c") as opened:
        assert opened.encoder.fingerprint == encoder.fingerprint
