"""The benchmark: that every row comes out and means what it says. How long anything takes is not tested."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article
from corpus.errors import InputError, ReadError
from embeddings.encoders.hashing_encoder import HashingEncoder
from qa.bench import articles as load
from qa.bench import measuring, timing
from qa.bench.baselines import PlainBM25, jieba_cutter, matrix_search, memory, static_embedding
from qa.bench.report import Report, Row, markdown, save
from qa.settings import Settings

pytestmark = pytest.mark.slow

KEYS = ["import qa", "wenju --help", "segmentation", "indexing", "bm25 p50", "bm25 p95", "question p50", "question p95"]
KEYS += ["vectors p50", "cold", "memory", "peak", "encoding"]
WITHOUT_ALTERNATIVE = {"encoding"}  # of the hashing encoder there is no other implementation
REPORT = Report(
    (
        Row("a", "甲", "ms", 2.0, 30.0, "乙", "检索 60%"),
        Row("b", "丙", "字/秒", 4000.0, 1000.0, rate=True),
        Row("c", "丁", "MB", 5.0),
    ),
    {"articles": 12, "passages": 34, "characters": 5678, "questions": 9, "cores": 2, "python": "3.x"},
)


def chinese(text: str, other: str) -> str:
    return text


def english(other: str, text: str) -> str:
    return text


def test_every_row_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "HEAVY", "import json")
    monkeypatch.setattr(measuring, "_STARTS", 1)
    monkeypatch.setenv("WENJU_ENCODER", "hashing")
    noted: list[str] = []
    report = measuring.measure(questions=3, samples=6, settings=Settings(encoder="hashing"), note=noted.append)
    assert sorted(row.key for row in report.rows) == sorted(KEYS)
    assert all(row.ours > 0 for row in report.rows)
    assert {row.key for row in report.rows if row.ratio is None} == WITHOUT_ALTERNATIVE
    assert all(row.ratio is None or 0 < row.ratio < math.inf for row in report.rows)
    assert "读取" in next(row.detail for row in report.rows if row.key == "indexing")
    assert "阅读" in next(row.detail for row in report.rows if row.key == "question p50")
    assert report.about["articles"] == 6
    assert report.about["questions"] == 3
    assert len(noted) == 7


def test_articles_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        measuring, "_parts", lambda load, *_: {"": lambda: [Row(q, q, "ms", 1.0) for q in load.questions]}
    )
    (tmp_path / "桥.txt").write_text("柳河大桥通车\n\n柳河大桥五月通车，全长八百二十米，双向四车道。", encoding="utf-8")
    report = measuring.measure([tmp_path], questions=5, settings=Settings(encoder="hashing"))
    assert report.about["articles"] == 1
    assert report.rows
    assert all("柳河大桥" in row.key for row in report.rows)
    with pytest.raises(ReadError):
        measuring.measure([tmp_path / "无"], settings=Settings(encoder="hashing"))


def test_the_same_articles_on_every_run(tmp_path: Path) -> None:
    first, second = (load.shuffled(tmp_path / name, 3) for name in "ab")
    texts = [[file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())] for folder in (first, second)]
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 3


def test_large_folders_are_read_in_part() -> None:
    articles = (Article(str(number), "", "字" * 10) for number in range(100))
    assert len(list(load.up_to(articles, 35, lambda article: len(article.text)))) == 4
    assert next(articles).id == "4"


def test_without_the_heavy_stack_there_is_nothing_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "HEAVY", "import no_such_module")
    monkeypatch.setattr(measuring, "_STARTS", 1)
    rows = list(measuring._start(None))  # type: ignore[arg-type]
    assert [(row.ratio, row.against) for row in rows] == [(None, "")] * 2
    assert all(row.ours > 0 for row in rows)


def test_time_between_calls_belongs_to_the_stage_that_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 3.0, 3.5, 7.5])
    monkeypatch.setattr("qa.bench.timing.time.perf_counter", lambda: next(clock))
    stages = timing.Stages()
    for stage in ("reading", "terms", "reading", "terms"):
        stages(stage, 0, 0)
    assert stages.seconds == {"reading": 1.5, "terms": 6.0}
    assert measuring._shares(stages.seconds, chinese) == "读取 20%  切词 80%"
    assert measuring._shares(stages.seconds, english) == "reading 20%  terms 80%"


def test_a_ratio_above_one_means_better() -> None:
    assert [row.ratio for row in REPORT.rows] == [15.0, 4.0, None]


@pytest.mark.parametrize("say", [chinese, english])
def test_the_table_is_markdown(say: measuring.Say) -> None:
    lines = markdown(REPORT, say).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert {line.count("|") for line in table} == {7}
    assert len(table) == 2 + len(REPORT.rows)
    assert "| 2 ms | 30 ms | 15× | 乙 | 检索 60% |" in table[2]
    assert "| 4,000 字/秒 | 1,000 字/秒 | 4× | — | — |" in table[3]
    assert "| 5 MB | — | — | — | — |" in table[4]
    assert "5,678" in lines[0]
    assert "python 3.x" in lines[1]


def test_json_can_be_read_back(tmp_path: Path) -> None:
    save(REPORT, tmp_path / "结果.json")
    read = json.loads((tmp_path / "结果.json").read_text(encoding="utf-8"))
    assert read == REPORT.to_dict()
    assert [row["ratio"] for row in read["rows"]] == [15.0, 4.0, None]
    with pytest.raises(InputError):
        save(REPORT, tmp_path / "无" / "结果.json")


def test_plain_bm25_follows_the_formula() -> None:
    index = PlainBM25([["桥", "长", "桥"], ["鱼"], ["桥", "宽"]])
    found = index.search(["桥", "桥", "无"], 10)
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = [idf * n * 2.5 / (n + 1.5 * (0.25 + 0.75 * length / 2)) for n, length in ((2, 3), (1, 2))]
    assert [row for row, _ in found] == [0, 2]
    assert [score for _, score in found] == pytest.approx(expected)
    assert index.search(["无"], 10) == []


def test_matrix_search_finds_the_nearest() -> None:
    vectors = np.random.default_rng(1).standard_normal((50, 8)).astype(np.float32)
    found = matrix_search(vectors, vectors[7], 5)
    scores = vectors @ vectors[7]
    assert [row for row, _ in found] == np.argsort(-scores)[:5].tolist()
    assert len(matrix_search(vectors[:3], vectors[7], 5)) == 3


def test_static_embedding_has_the_size_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")  # it sets this; put back afterwards
    encode = static_embedding([("桥", -1.0), ("长", -2.0), ("大桥", -1.5)], 16)
    vectors = encode(["大桥长", "桥"])
    assert vectors.shape == (2, 16)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_the_alternative_encoder_has_the_pieces_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / measuring.PIECES).write_text("桥\t-1.0\n长\t-2.0\n", encoding="utf-8")
    monkeypatch.setattr(measuring, "EMBEDDED_FOLDER", tmp_path)
    built: list[tuple[list[tuple[str, float]], int]] = []
    monkeypatch.setattr(measuring, "static_embedding", lambda pieces, dimension: built.append((pieces, dimension)))
    other = HashingEncoder(16)
    assert measuring._static_embedding(other) is None
    other.name = "wenju"
    measuring._static_embedding(other)
    assert built == [([("桥", -1.0), ("长", -2.0)], 16)]


def test_jieba_cuts_words_and_the_words_inside_them() -> None:
    assert {"清华", "大学", "清华大学"} <= set(jieba_cutter()("清华大学"))


def test_memory_never_exceeds_its_peak() -> None:
    now, most = memory()
    assert 0 <= now <= most
