"""Training of the embedded encoder: what is kept apart, how pairs are drawn, and that a small training learns."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError, ReadError
from embeddings.encoders.static_encoder import load_static_encoder, parse_cutter
from embeddings.training import train
from embeddings.training.data import (
    Document,
    Example,
    is_held_out,
    read_documents,
    read_examples,
    split_long,
    split_sentences,
)
from embeddings.training.pairs import Mixture, PairSampler, build_pairs
from embeddings.training.scores import evaluate, make_pool
from embeddings.training.train import Recipe, train_encoder
from embeddings.training.vocabulary import make_folding, make_vocabulary

pytestmark = pytest.mark.slow

PLACES = ["郑州", "开封", "洛阳", "安阳", "许昌", "南阳", "信阳", "焦作", "新乡", "商丘", "周口", "鹤壁"]
# What documents say, and the other words in which questions ask for the same.
TOPICS = {
    "图书馆收藏古籍": "哪里能借书？",
    "医院救治病人": "去哪里看病？",
    "体育场举行比赛": "足球在哪踢？",
    "工厂生产汽车": "轿车由谁制造？",
    "学校培养学生": "孩子在何处上课？",
    "水库灌溉农田": "庄稼用什么浇水？",
}
RECIPE = Recipe(steps=40, batch=64, rate=0.02, pieces=400, dimension=32, pool=20)


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def context_of(place: str, topic: str, rng: random.Random) -> str:
    fillers = ["这一年天气很好。", "大家都很满意。", "记者作了报道。", "消息传得很远。", "计划已经公布。"]
    middle = "".join(rng.sample(fillers, 3))
    return f"{place}的情况如下。{middle}{place}的{topic}，受到欢迎。{middle[::-1].strip('。')}。"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in small: every place has a document on every topic; questions use other words."""
    folder = tmp_path_factory.mktemp("data")
    rng = random.Random(1)
    documents, questions = [], []
    for place in PLACES:
        for number, (topic, words) in enumerate(TOPICS.items()):
            text = context_of(place, topic, rng)
            documents.append({"id": f"{place}{number}", "title": f"{place}{topic}", "text": text})
            trial = (PLACES.index(place) + number) % 4 == 0
            row = {"id": f"q-{place}-{number}", "question": f"{place}{words}", "context": text}
            row |= {"dataset": "cmrc2018_trial" if trial else "cmrc2018_train", "answer_starts": [text.index(topic)]}
            questions.append(row)
    write_rows(folder / "corpus_small.jsonl.gz", documents)
    write_rows(folder / "qa_cmrc2018.jsonl.gz", questions)
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "encoder"
    train_encoder(data, folder, RECIPE, lambda line: None)
    return folder


def test_training_beats_its_own_start(data, trained, tmp_path):
    start = train_encoder(data, tmp_path / "start", replace(RECIPE, steps=0), lambda line: None)["cmrc2018 among all"]
    _, held_out = read_examples(data)
    pool = make_pool(read_documents(data, {e.context for e in held_out}), held_out, RECIPE.pool, RECIPE.seed)
    end = evaluate(load_static_encoder(trained), held_out, pool)["cmrc2018"]
    assert end.questions == len(held_out) > 10
    assert end.reciprocal_rank > start.reciprocal_rank + 0.1


def test_one_seed_gives_one_model(data, trained, tmp_path):
    train_encoder(data, tmp_path / "again", RECIPE, lambda line: None)
    train_encoder(data, tmp_path / "other", replace(RECIPE, seed=1), lambda line: None)
    first, again, other = (load_static_encoder(f) for f in (trained, tmp_path / "again", tmp_path / "other"))
    np.testing.assert_allclose(first.encode_queries(["郑州图书馆"]), again.encode_queries(["郑州图书馆"]), atol=0.02)
    assert first.fingerprint != other.fingerprint


def test_an_interrupted_training_goes_on(data, trained, tmp_path, monkeypatch):
    recipe = replace(RECIPE, saved=10)
    learn, lines = train._learn, []

    def interrupted(model, optimizer, sampler, step, *rest):
        if step == 25:
            raise KeyboardInterrupt
        return learn(model, optimizer, sampler, step, *rest)

    monkeypatch.setattr(train, "_learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_encoder(data, tmp_path / "encoder", recipe, lambda line: None)
    monkeypatch.setattr(train, "_learn", learn)
    train_encoder(data, tmp_path / "encoder", recipe, lines.append)
    assert any("step 20 of 40" in line for line in lines)
    assert not (tmp_path / "encoder.checkpoint").exists()
    whole, mended = load_static_encoder(trained), load_static_encoder(tmp_path / "encoder")
    texts = ["郑州图书馆", "安阳的医院"]
    np.testing.assert_allclose(mended.encode_queries(texts), whole.encode_queries(texts), atol=0.02)


def test_training_goes_on_from_a_model(data, trained, tmp_path):
    unchanged, further = tmp_path / "unchanged", tmp_path / "further"
    train_encoder(data, unchanged, replace(RECIPE, steps=0), lambda line: None, start=trained)
    first, again = load_static_encoder(trained), load_static_encoder(unchanged)
    np.testing.assert_allclose(again.vectors, first.vectors, atol=1e-3)
    train_encoder(data, further, replace(RECIPE, steps=5), lambda line: None, start=trained)
    assert load_static_encoder(further).fingerprint != first.fingerprint
    assert (further / "pieces.txt").read_bytes() == (trained / "pieces.txt").read_bytes()


def test_a_checkpoint_of_another_recipe_is_refused(data, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "save_static_encoder", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train_encoder(data, tmp_path / "encoder", replace(RECIPE, steps=1, saved=1), lambda line: None)
    with pytest.raises(ModelError, match="检查点"):
        train_encoder(data, tmp_path / "encoder", replace(RECIPE, dimension=16), lambda line: None)


def test_minutes_decide_the_steps(data, tmp_path):
    lines: list[str] = []
    train_encoder(data, tmp_path / "encoder", replace(RECIPE, minutes=1e-9), lines.append)
    assert any(line.startswith("1 steps in") for line in lines)
    assert load_static_encoder(tmp_path / "encoder").dimension == RECIPE.dimension


def test_the_command_line_trains(data, tmp_path, capsys):
    train.main(["--data", str(data), "--to", str(tmp_path / "encoder"), "--steps", "1"])
    assert "cmrc2018 among corpus_small: n=" in capsys.readouterr().out
    assert load_static_encoder(tmp_path / "encoder").dimension == Recipe().dimension


def test_questions_for_evaluation_are_kept_apart():
    assert is_held_out({"dataset": "crud_1doc", "id": "crud-1"})
    assert is_held_out({"dataset": "cmrc2018_trial", "id": "x"})
    assert not is_held_out({"dataset": "cmrc2018_train", "id": "x"})
    assert not is_held_out({"dataset": "xquad_zh", "id": "x"})
    drcd = [is_held_out({"dataset": "drcd_dev", "id": f"drcd-{article}-0-1"}) for article in range(1000)]
    assert 50 < sum(drcd) < 150
    # One article is on one side as a whole.
    assert (
        len({is_held_out({"dataset": "drcd_test", "id": f"drcd-1147-{p}-{q}"}) for p in range(5) for q in range(5)})
        == 1
    )


def test_held_out_texts_are_not_learnt_from(data):
    learnt, held_out = read_examples(data)
    contexts = {example.context for example in held_out}
    documents = read_documents(data, without=contexts)
    assert contexts
    assert not contexts & {document.text for document in documents}
    assert not contexts & {example.context for example in learnt}


def test_a_folder_without_documents_is_named(tmp_path):
    with pytest.raises(ReadError, match="corpus_"):
        read_documents(tmp_path)


def test_long_texts_are_parted_between_sentences():
    text = "".join(f"这是第{number}句话。" for number in range(100))
    parts = split_long(text, 50)
    assert "".join(parts) == text
    assert all(len(part) <= 50 and part.endswith("。") for part in parts)
    assert split_sentences("一。二！”三？\n\n四") == ["一。", "二！”", "三？", "四"]


def numbered(texts):
    """Cuts a text into its characters' code points."""
    tokens = np.array([ord(character) for text in texts for character in text], dtype=np.int64)
    return tokens, np.array([len(text) for text in texts], dtype=np.int64)


def make_pairs():
    """Forty documents without a common character, titled and asked about by characters of their own."""
    alphabet = [chr(0x4E00 + 100 * number) for number in range(40)]
    documents, examples = [], []
    for first in alphabet:
        sentences = ["".join(chr(ord(first) + 8 * row + column) for column in range(7)) + "。" for row in range(8)]
        text = "".join(sentences)
        documents.append(Document(first * 5, text))
        examples.append(Example("x", text[2:6], text, text.index(sentences[3])))
    return build_pairs(documents, examples[:20], numbered)


def bags(found):
    borders = [*found.offsets.tolist(), len(found.tokens)]
    return [found.tokens[start:end].tolist() for start, end in pairwise(borders)]


def test_pairs_come_from_one_document():
    queries, passages, documents = PairSampler(make_pairs(), 0).batch(3, 60)
    assert len(queries.offsets) == len(passages.offsets) == len(documents) == 60
    families = [({(t - 0x4E00) // 100 for t in bag if t != ord("。")}) for bag in bags(passages)]
    assert all(len(family) == 1 for family in families)
    for query, family in zip(bags(queries), families, strict=True):
        assert {(token - 0x4E00) // 100 for token in query if token != ord("。")} <= family


@pytest.mark.parametrize("hollow", [0.0, 1.0])
def test_sentences_are_cut_out_of_hollow_passages(hollow):
    mixture = Mixture(questions=0, titles=0, hollow=hollow, least_kept=0.999)
    queries, passages, _ = PairSampler(make_pairs(), 0, mixture).batch(0, 30)
    for query, passage in zip(bags(queries), bags(passages), strict=True):
        common = (set(query) & set(passage)) - {ord("。")}
        assert len(common) == (0 if hollow else len(set(query) - {ord("。")}))
        assert passage


def test_the_passage_of_a_question_holds_the_answer():
    pairs = make_pairs()
    queries, passages, _ = PairSampler(pairs, 0, Mixture(questions=1, titles=0)).batch(0, 30)
    for query, passage in zip(bags(queries), bags(passages), strict=True):
        family = 0x4E00 + (query[0] - 0x4E00) // 100 * 100
        assert {family + 24 + column for column in range(7)} <= set(passage)


def test_batches_depend_on_seed_and_step_alone():
    pairs = make_pairs()
    first = PairSampler(pairs, 5).batch(7, 20)
    np.testing.assert_array_equal(first[1].tokens, PairSampler(pairs, 5).batch(7, 20)[1].tokens)
    assert first[0].tokens.tolist() != PairSampler(pairs, 5).batch(8, 20)[0].tokens.tolist()
    assert first[0].tokens.tolist() != PairSampler(pairs, 6).batch(7, 20)[0].tokens.tolist()


def test_the_vocabulary_holds_frequent_words_and_all_their_characters():
    documents = [Document("", "郑州大学在郑州。2023年GDP增长。")] * 20
    pieces = make_vocabulary(documents, 100)
    names = [line.split("\t")[0] for line in pieces.splitlines()]
    assert len(names) == len(set(names)) <= 100
    assert {"郑州", "大学", "2023", "gdp", "增长", "郑", "z", "7"} <= set(names)
    cutter = parse_cutter(pieces, make_folding(pieces))
    found, _ = cutter.cut(["鄭州ＧＤＰ"])
    assert [names[number] for number in found] == ["郑州", "gdp"]


def test_the_pool_leaves_out_what_repeats_a_held_out_text():
    held_out = [Example("x", "？", "甲乙丙丁。戊己庚辛。", 0)]
    documents = [
        Document("", "甲乙丙丁。戊己庚辛。"),
        Document("", "春夏秋冬。甲乙丙丁。"),
        Document("", "春夏秋冬。东南西北。"),
    ]
    assert make_pool(documents, held_out, 10, 0) == ["春夏秋冬。东南西北。"]


class Fixed:
    """An encoder that looks vectors up."""

    name = fingerprint = "fixed"
    dimension = 2

    def encode_passages(self, texts):
        angles = np.array([float(text) for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).reshape(-1, 2)

    encode_queries = encode_passages


def test_scores_are_ranks_among_contexts_and_pool():
    examples = [Example("g", "0.0", "0.1", 0), Example("g", "1.0", "1.3", 0)]
    scores = evaluate(Fixed(), examples, ["0.9", "1.2"])["g"]
    assert (scores.questions, scores.recall_1, scores.recall_10) == (2, 0.5, 1.0)
    assert scores.reciprocal_rank == pytest.approx((1 + 1 / 3) / 2)
