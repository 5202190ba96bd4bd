"""The measuring: shares and reciprocal ranks by hand, and a table from data of the described form."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from embeddings import Collection
from embeddings.encoders.hashing_encoder import HashingEncoder
from embeddings.training.measure import Asked, Quality, articles, quality, question_sets, table


def test_quality_by_hand() -> None:
    questions = [Asked("", frozenset({"甲"})), Asked("", frozenset({"乙", "丙"})), Asked("", frozenset({"丁"}))]
    rankings = [["甲", "乙"], ["甲", "丁", "丙", "乙"], ["甲"]]
    assert quality(rankings, questions) == Quality(1 / 3, 2 / 3, 2 / 3, pytest.approx((1 + 1 / 3) / 3))


def test_a_table_of_small_data(tmp_path: Path) -> None:
    def write(name: str, rows: list[dict[str, object]]) -> None:
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

    texts = {"a": "水库今年放水三次。", "b": "图书馆六月开放。", "c": "苹果树增加了。"}
    documents = [{"id": name, "title": "", "date": "", "source": "", "text": text} for name, text in texts.items()]
    write("corpus_reading", documents[:2])
    write("corpus_crud_news-00", documents[2:])
    write("qa_cmrc2018", [
        {"id": "0", "question": "水库放水几次？", "context_id": "a", "dataset": "cmrc2018_trial"},
        {"id": "1", "question": "不算", "context_id": "a", "dataset": "cmrc2018_train"},
    ])  # fmt: skip
    write("qa_drcd", [
        {"id": "drcd-2-1-1", "dataset": "drcd_dev", "question": "图书馆何时开放？", "context_id": "b"},
        {"id": "drcd-0-1-1", "dataset": "drcd_dev", "question": "编码器见过", "context_id": "b"},
    ])  # fmt: skip
    write("qa_crud_dev", [
        {"id": "4", "dataset": "crud_1doc", "question": "苹果树呢？", "context_ids": ["c", "x"], "self_contained": True},
        {"id": "5", "dataset": "crud_1doc", "question": "该文呢？", "context_ids": ["c"], "self_contained": False},
    ])  # fmt: skip
    sets = question_sets(tmp_path)
    assert {name: len(questions) for name, questions in sets.items()} == {"CMRC 2018": 1, "DRCD": 1, "CRUD": 1}
    with Collection.build(tmp_path / "c", articles(tmp_path), encoder=HashingEncoder(64)) as collection:
        lines = table(collection, sets, [0.5, 0.9]).splitlines()
    assert [line.split("|")[1].strip() for line in lines] == [
        "",
        "---",
        "BM25",
        "vectors",
        "fused, 0.50 BM25",
        "fused, 0.90 BM25",
    ]
    assert {len(line.split("|")) for line in lines} == {19}
    assert set(lines[2].split("|")[2:-1]) == {" 100.0 "}
