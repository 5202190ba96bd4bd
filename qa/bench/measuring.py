"""Where the time goes: `wenju bench` measures each part, and the obvious alternative to it in the same run.

Knows what is measured, on which articles, and how often. Knows nothing of how the parts work; the alternatives are in
`qa.bench.baselines`. Times are wall times: medians of runs in turn, so that both sides share the noise of the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from corpus.errors import InputError
from corpus.text.passages import split_passages
from corpus.text.sentences import split_sentences
from corpus.text.terms import terms
from embeddings.collections import storage
from embeddings.collections.collection import Collection
from embeddings.encoders.encoder import EMBEDDED, EMBEDDED_FOLDER, Encoder
from embeddings.encoders.loading import load_encoder
from embeddings.encoders.static_encoder import PIECES
from embeddings.search.dense_index import DenseIndex
from embeddings.search.dense_layers import VECTORS
from embeddings.search.local_index import TERMS
from embeddings.search.term_index import TermIndex
from qa.answerer import Answerer
from qa.bench.articles import articles_under, indexed, questions_on, shuffled, up_to
from qa.bench.baselines import Cut, PlainBM25, jieba_cutter, matrix_search, static_embedding
from qa.bench.report import Report, Row, Say, about
from qa.bench.timing import best, in_turn, run
from qa.settings import Settings

SAMPLES = 2_000  # articles
QUESTIONS = 40
HEAVY = "import sentence_transformers, gradio"
_CUT_CHARACTERS = 150_000
_ENCODED = 2_000
_REBUILDS = 3
_STARTS = 5
_STAGES = {"rewrite": "补全", "search": "检索", "read": "阅读", "write": "作答", "check": "核实"} | {
    "reading": "读取",
    "passages": "切段",
    "embedding": "向量",
    "terms": "切词",
    "writing": "写盘",
}
_OURS = """
import json, sys
from qa.answerer import Answerer
from qa.bench.baselines import memory
from qa.library.indexes import open_collection
answerer = Answerer(open_collection(sys.argv[1]))
opened = memory()[0]
for question in sys.argv[2:]:
    answerer.answer(question)
print(json.dumps([opened, memory()[1]]))
"""


@dataclass(frozen=True, slots=True)
class _Load:
    """What is measured on: texts of the passages, sentences out of them, questions, and the collection of it all."""

    folder: Path
    texts: list[str]
    sentences: list[str]
    questions: list[str]
    collection: Collection
    settings: Settings
    cut: Cut
    say: Say


def measure(
    paths: Sequence[Path] = (),
    *,
    questions: int = QUESTIONS,
    samples: int = SAMPLES,
    settings: Settings | None = None,
    say: Say = lambda chinese, english: chinese,
    note: Callable[[str], None] = lambda text: None,
) -> Report:
    """Measure everything on the articles under `paths` (their first 2 million characters).

    Without `paths`, on `samples` articles shuffled from the sentences of the sample articles. `note` is told what is
    being measured. Raises ReadError where no article can be read, ModelError where a model is missing.
    """
    settings = settings or Settings.from_environment()
    with TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        note(say("建立索引", "indexing"))
        encoder = load_encoder(settings.encoder, downloads=settings.downloads)
        roots = list(paths) or [shuffled(folder / "articles", samples)]
        collection, seconds, stages = indexed(folder, roots, encoder)
        articles = list(articles_under(roots))
        texts = [passage.text for article in articles for passage in split_passages(article)]
        sentences = [text[start:end] for text in texts for start, end in split_sentences(text)]
        asked = questions_on(sentences, questions, own=bool(paths))
        if not asked:
            raise InputError(
                "这些文章里没有一句话，无从测量。请给出有正文的文章。",
                "There is no sentence in these articles to measure on. Give articles with a text.",
            )
        load = _Load(folder, texts, sentences, asked, collection, settings, jieba_cutter(), say)
        rows: list[Row] = []
        with collection:
            for name, part in _parts(load, seconds, stages).items():
                note(name)
                rows += part()
        characters = sum(len(article.text) for article in articles)
        return Report(tuple(rows), about(len(articles), len(texts), characters, len(asked), encoder.name))


def _parts(load: _Load, seconds: float, stages: Mapping[str, float]) -> dict[str, Callable[[], Iterable[Row]]]:
    """The groups of rows by name, in the order of the table."""
    say = load.say
    return {
        say("启动", "start"): lambda: _start(load),
        say("切词", "segmentation"): lambda: _segmentation(load),
        say("词检索和整个问题", "term search and whole questions"): lambda: _asking(load, seconds, stages),
        say("向量检索", "vector search"): lambda: _vectors(load),
        say("内存", "memory"): lambda: _memory(load),
        # Last, because torch stays in the process.
        say("向量计算", "encoding"): lambda: _encoding(load),
    }


def _start(load: _Load) -> Iterator[Row]:
    python = [sys.executable, "-c"]
    try:
        heavy, against = 1000 * run([*python, HEAVY])[0], HEAVY
    except subprocess.CalledProcessError:
        heavy, against = None, ""
    for key, command in (
        ("import qa", [*python, "import qa"]),
        ("wenju --help", [sys.executable, "-m", "qa", "--help"]),
    ):
        run(command)
        yield Row(key, key, "ms", 1000 * median(run(command)[0] for _ in range(_STARTS)), heavy, against)


def _segmentation(load: _Load) -> Iterator[Row]:
    texts = list(up_to(load.texts, _CUT_CHARACTERS, len))
    characters = sum(map(len, texts))
    ours, theirs = in_turn(5, lambda: [terms(text) for text in texts], lambda: [load.cut(text) for text in texts])
    what = load.say("切词", "segmentation")
    unit = load.say("字/秒", "characters/s")
    yield Row("segmentation", what, unit, characters / ours, characters / theirs, "jieba.lcut_for_search", rate=True)


def _asking(load: _Load, indexing: float, stages: Mapping[str, float]) -> Iterator[Row]:
    """Indexing, term search and whole questions: together, because one build of the plain index serves all three."""
    say, characters = load.say, sum(map(len, load.texts))
    builds, rebuilt = [], []
    for question in (load.questions * _REBUILDS)[:_REBUILDS]:
        begin = time.perf_counter()
        plain = PlainBM25([load.cut(text) for text in load.texts])
        builds.append(time.perf_counter() - begin)
        plain.search(load.cut(question), 10)
        rebuilt.append(time.perf_counter() - begin)
    yield Row(
        "indexing",
        say("建索引（读取、切词、向量、写盘）", "indexing (reading, terms, vectors, disk)"),
        say("字/秒", "characters/s"),
        characters / indexing,
        characters / median(builds),
        say("jieba + 纯 Python 的 BM25，只在内存里", "jieba + BM25 in Python, in memory only"),
        _shares(stages, say),
        rate=True,
    )
    yield from _term_search(load, plain)
    yield from _whole(load, median(rebuilt))


def _term_search(load: _Load, plain: PlainBM25) -> Iterator[Row]:
    index = TermIndex(storage.newest_whole(load.collection.path)[0] / TERMS)
    cut = [terms(question) for question in load.questions]
    words = [load.cut(question) for question in load.questions]
    ours = [best(5, index.search, list_, 10) for list_ in cut]
    theirs = [best(2, plain.search, list_, 10) for list_ in words]
    against = load.say("纯 Python 的 BM25，常驻内存", "BM25 in Python, kept in memory")
    yield from _percentiles("bm25", load.say("词检索（BM25）", "term search (BM25)"), ours, theirs, against)


def _vectors(load: _Load) -> Iterator[Row]:
    index = DenseIndex.open(storage.newest_whole(load.collection.path)[0] / VECTORS)
    encoder = load.collection.encoder
    # Which vectors they are makes no difference to the product, only how many.
    matrix = np.random.default_rng(0).standard_normal((len(index), encoder.dimension), dtype=np.float32)
    queries = list(encoder.encode_queries(load.questions))
    # Many tries: both take less time than a busy machine takes away at once.
    ours = [best(20, index.search, query, 10) for query in queries]
    theirs = [best(20, matrix_search, matrix, query, 10) for query in queries]
    # The median only: numpy's slowest products tell how busy the machine was.
    name = load.say("向量检索", "vector search")
    yield next(_percentiles("vectors", name, ours, theirs, "numpy @ + argpartition"))


def _whole(load: _Load, rebuilt: float) -> Iterator[Row]:
    answerer = Answerer(load.collection, settings=load.settings)
    answerer.answer(load.questions[0])
    stages: dict[str, float] = {}
    ours = []
    for question in load.questions:
        ours.append(best(3, answerer.answer, question))
        for stage, seconds in answerer.answer(question).seconds.items():
            stages[stage] = stages.get(stage, 0) + seconds * (stage != "total")
    against = load.say(
        f"jieba + BM25，每问重建（{_REBUILDS} 问）", f"jieba + BM25, made anew per question ({_REBUILDS} asked)"
    )
    name = load.say("一个问题，从问到答", "whole question")
    yield from _percentiles("question", name, ours, [rebuilt], against, _shares(stages, load.say))


def _memory(load: _Load) -> Iterator[Row]:
    """A whole process from its start to the first answer, and what memory it takes; ours against the plain one."""
    say = load.say
    passages = load.folder / "passages.json"
    passages.write_text(json.dumps(load.texts), encoding="utf-8")
    path, question = str(load.collection.path), load.questions[0]
    cold, output = run([sys.executable, "-m", "qa.bench.baselines", str(passages), question])
    plain_now, plain_most = json.loads(output)["memory"]
    against = say("jieba + 纯 Python 的 BM25", "jieba + BM25 in Python")
    command = [sys.executable, "-m", "qa", "ask", question, "--collection", path, "--json"]
    first = median(run(command)[0] for _ in range(_STARTS))
    yield Row("cold", say("新开的 wenju ask", "wenju ask in a new process"), "ms", 1000 * first, 1000 * cold, against)
    opened, most = json.loads(run([sys.executable, "-c", _OURS, path, *load.questions])[1])
    if opened:
        what = say("内存，打开之后", "memory after opening")
        yield Row("memory", what, "MB", opened / 1e6, plain_now / 1e6, against)
    if most:
        what = say(f"内存，答 {len(load.questions)} 问，最多时", f"memory, peak over {len(load.questions)} questions")
        yield Row("peak", what, "MB", most / 1e6, plain_most / 1e6, against)


def _encoding(load: _Load) -> Iterator[Row]:
    encoder, sentences = load.collection.encoder, load.sentences[:_ENCODED]
    what = load.say("向量计算", "encoding")
    unit = load.say("句/秒", "sentences/s")
    try:
        rival = _static_embedding(encoder)
    except ImportError:
        rival = None
    if rival is None:
        (ours,) = in_turn(3, lambda: encoder.encode_passages(sentences))
        yield Row("encoding", what, unit, len(sentences) / ours, rate=True)
        return
    ours, theirs = in_turn(9, lambda: encoder.encode_passages(sentences), lambda: rival(sentences))
    against = load.say(
        "sentence-transformers 的 StaticEmbedding，词表相同，单线程",
        "sentence-transformers StaticEmbedding, same pieces, one thread",
    )
    yield Row("encoding", what, unit, len(sentences) / ours, len(sentences) / theirs, against, rate=True)


def _static_embedding(encoder: Encoder) -> Callable[[Sequence[str]], Any] | None:
    """The alternative to the embedded encoder, of the same size; None for another encoder."""
    if encoder.name != EMBEDDED:
        return None
    lines = (EMBEDDED_FOLDER / PIECES).read_text(encoding="utf-8").split("\n")
    pieces = [(piece, float(score)) for piece, score in (line.split("\t")[:2] for line in lines if line)]
    return static_embedding(pieces, encoder.dimension)


def _percentiles(
    key: str, what: str, ours: Sequence[float], theirs: Sequence[float], against: str, detail: str = ""
) -> Iterator[Row]:
    for percent in (50, 95):
        mine, other = (1000 * float(np.percentile(seconds, percent)) for seconds in (ours, theirs))
        yield Row(
            f"{key} p{percent}", f"{what} p{percent}", "ms", mine, other, against, detail if percent == 50 else ""
        )


def _shares(stages: Mapping[str, float], say: Say) -> str:
    """The stages that took any time, each with its share in per cent."""
    total = sum(stages.values()) or 1.0
    shares = {stage: round(100 * seconds / total) for stage, seconds in stages.items()}
    return "  ".join(f"{say(_STAGES.get(stage, stage), stage)} {share}%" for stage, share in shares.items() if share)
