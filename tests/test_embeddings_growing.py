"""A large collection that changes bit by bit: generations share what stays, and it is the same as one made at once."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article, Run
from embeddings import Collection, sharing
from embeddings.collections import storage, texts_apart
from embeddings.encoders.hashing_encoder import HashingEncoder
from embeddings.search.dense_index import DenseIndex
from embeddings.search.dense_layers import GONE, RECENT, VECTORS, DenseLayers, DenseWriter
from qa.bench import growing

ENCODER = HashingEncoder(48)
QUESTIONS = ["东岗水库放水", "石桥第7号闸", "柳园第113号检修", "梅坡"]


def article(number: int, seed: int = 0) -> Article:
    chance = random.Random(f"{number} {seed}")
    text = "".join(
        f"{chance.choice(['东岗', '石桥', '柳园', '梅坡'])}第{chance.randrange(200)}号{chance.choice(['水库放水', '闸门检修', '泵站换泵'])}。"
        for _ in range(chance.randint(1, 40))
    )
    raw = (text[:1] + " " + text[1:], (Run(0, 0, 1), Run(1, 2, len(text) - 1))) if number % 3 == 0 else (None, ())
    return Article(f"文{number}", f"第{number}篇", text, "报", f"20{number % 20:02}-05", raw=raw[0], runs=raw[1])


@pytest.fixture(params=[0, 1 << 40], ids=["large", "small"])
def shared_from(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """From how many bytes on files are shared: every one of them, or none."""
    for module in (sharing, texts_apart):
        monkeypatch.setattr(module, "SHARED_FROM", request.param)
    return int(request.param)


def same(one: Collection, other: Collection) -> None:
    """The same articles, passages, and hits. Words weigh a little otherwise while tantivy counts what is gone."""
    ids = {summary.id for summary in one.articles()}
    assert ids == {summary.id for summary in other.articles()}
    for name in ids:
        assert one.article(name) == other.article(name)
        assert one.text(name) == other.text(name)
        assert one.passages(name) == other.passages(name)
    for question in QUESTIONS:
        for limits in ({}, {"since": "2005", "until": "2012"}, {"articles": tuple(sorted(ids)[:9])}):
            got, expected = (each.search(question, 500, **limits) for each in (one, other))  # type: ignore[arg-type]
            assert {hit.passage for hit in got} == {hit.passage for hit in expected}
            cosines = {hit.passage.id: hit.vectors for hit in expected}
            for hit in got:
                other_arm = cosines[hit.passage.id]
                assert (hit.vectors is None) == (other_arm is None)
                if hit.vectors and other_arm:
                    assert hit.vectors.score == pytest.approx(other_arm.score, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_bit_by_bit_is_as_at_once(shared_from: int, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    now = {number: article(number) for number in range(30)}
    with Collection.build(tmp_path / "c", now.values(), encoder=ENCODER) as collection:
        for step in range(10):
            if step % 3 == 2:
                gone = chance.sample(sorted(now), chance.randint(1, 4))
                collection.remove([now.pop(number).id for number in gone])
            else:
                changed = [article(chance.randrange(45), step) for _ in range(chance.randint(1, 3))]
                collection.add(changed)
                now |= {int(one.id[1:]): one for one in changed}
            if step % 4 == 3:
                with Collection.build(tmp_path / f"once{step}", now.values(), encoder=ENCODER) as once:
                    same(collection, once)
        collection.verify()
        with Collection.open(tmp_path / "c", encoder=ENCODER) as again:
            same(again, collection)
        with Collection.encode_again(tmp_path / "c", HashingEncoder(32)) as encoded:
            assert len(encoded) == len(now)


def test_generations_share_what_does_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sharing, texts_apart):
        monkeypatch.setattr(module, "SHARED_FROM", 0)
    shared = ("texts.sqlite", VECTORS)
    with Collection.build(tmp_path / "c", map(article, range(60)), encoder=ENCODER) as collection:
        first = collection.generation.folder
        collection.add([article(70)])
        collection.remove(["文1"])
        second = collection.generation.folder
        assert all((first.parent / "000002" / name).samefile(second / name) for name in shared)
        assert (second / RECENT).exists() and (second / GONE).exists()
        before = {name: (second / name).stat().st_ino for name in shared}
        collection.add(map(article, range(80, 110)))
        assert all((collection.generation.folder / name).stat().st_ino != before[name] for name in shared)
        assert not (collection.generation.folder / RECENT).exists()
        collection.verify()
        # The one before is as it was.
        monkeypatch.setattr(storage, "current_number", lambda _: 3)
        with Collection.open(tmp_path / "c", encoder=ENCODER) as former:
            assert len(former) == 60
            assert former.text("文70") == article(70).text
            former.verify()


def test_a_collection_from_before_texts_stood_apart_is_read_and_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(storage, "FORMAT", 2)
        patch.setattr("embeddings.collections.publishing.FORMAT", 2)
        patch.setattr("embeddings.collections.indexing.gather", lambda _: None)
        patch.setattr("embeddings.collections.texts_apart.attach", lambda *_, **__: ("main.texts",))
        Collection.build(tmp_path / "c", map(article, range(9)), encoder=ENCODER).close()
    with Collection.open(tmp_path / "c", encoder=ENCODER) as collection:
        assert collection.manifest.format == 2
        assert collection.article("文3").text == article(3).text
        collection.add([article(20)])
        assert collection.manifest.format == 3
        with Collection.build(tmp_path / "once", map(article, [*range(9), 20]), encoder=ENCODER) as once:
            same(collection, once)


@pytest.mark.parametrize("cells", [False, True])
def test_layers_of_vectors_are_one_matrix(cells: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "SHARED_FROM", 0)
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(700, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = DenseIndex.create(16, exact_limit=100 if cells else 10**6)
    whole.add(range(600), vectors[:600])
    (tmp_path / "a").mkdir()
    whole.save(tmp_path / "a" / VECTORS)
    writer = DenseWriter(tmp_path / "a", 16)
    writer.add(range(600, 640), vectors[600:640])
    gone = [5, 17, 599, 603]
    writer.remove(gone)
    (tmp_path / "b").mkdir()
    writer.save(tmp_path / "b")
    assert (tmp_path / "b" / VECTORS).samefile(tmp_path / "a" / VECTORS)
    layers = DenseLayers(tmp_path / "b")
    there = np.array([row for row in range(640) if row not in gone])
    assert len(layers) == len(there)
    query = vectors[603]
    cosines = dict(zip(there.tolist(), (vectors[there] @ query).tolist(), strict=True))
    best = sorted(cosines, key=lambda row: -cosines[row])
    within = there[::3]
    found = layers.search(query, 20, within=within)
    assert [row for row, _ in found] == [row for row in best if row in set(within.tolist())][:20]
    found = layers.search(query, 20)
    assert not {row for row, _ in found} & set(gone)
    assert cells or [row for row, _ in found] == best[:20]
    assert layers.scores(query, [639, 4, 600]) == pytest.approx([cosines[row] for row in (639, 4, 600)], abs=2e-3)


def test_growth_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    growing.main([20])
    row = capsys.readouterr().out.splitlines()[-1].split("|")
    assert (row[1].strip(), int(row[2]) > 20) == ("20", True)
    assert "texts.sqlite" in row[3] and "vectors.faiss" in row[3]
    assert 0 < float(row[4]) <= float(row[5])
