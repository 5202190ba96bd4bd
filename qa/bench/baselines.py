"""The obvious ways of doing what this project does, for `qa.bench.measuring` to measure beside it.

Knows jieba, BM25 in plain Python, numpy and sentence-transformers as one would use them in an afternoon. Knows nothing
of this project's own ways, and imports none of them: run as a program, it is a whole plain question answerer whose
start and memory can be measured.
"""

from __future__ import annotations

import heapq
import json
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Cut = Callable[[str], list[str]]


class PlainBM25:
    """BM25 over lists of words kept in memory, k1 = 1.5 and b = 0.75 (Robertson and Zaragoza, 2009)."""

    def __init__(self, passages: Sequence[list[str]]) -> None:
        self._counts = [Counter(words) for words in passages]
        mean = sum(map(len, passages)) / len(passages)
        self._slack = [1.5 * (0.25 + 0.75 * len(words) / mean) for words in passages]
        holding = Counter(word for counts in self._counts for word in counts)
        self._idf = {w: math.log(1 + (len(passages) - n + 0.5) / (n + 0.5)) for w, n in holding.items()}

    def search(self, words: Sequence[str], count: int) -> list[tuple[int, float]]:
        """The `count` best passages with their scores, best first; passages without any of `words` are left out."""
        known = [(word, self._idf[word]) for word in dict.fromkeys(words) if word in self._idf]
        scores = [
            sum(idf * counts[word] * 2.5 / (counts[word] + slack) for word, idf in known if word in counts)
            for counts, slack in zip(self._counts, self._slack, strict=True)
        ]
        best = heapq.nlargest(count, range(len(scores)), key=scores.__getitem__)
        return [(row, scores[row]) for row in best if scores[row] > 0]


def jieba_cutter() -> Cut:
    """jieba's cut for search engines, its dictionary loaded."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    cut: Cut = tokenizer.lcut_for_search
    return cut


def matrix_search(vectors: Any, query: Any, count: int) -> list[tuple[int, float]]:
    """The `count` rows of `vectors` (rows, dimension) nearest to `query` (dimension,), best first: a matrix product."""
    import numpy as np

    scores = vectors @ query
    count = min(count, len(scores))
    best = np.argpartition(-scores, count - 1)[:count]
    return [(int(row), float(scores[row])) for row in best[np.argsort(-scores[best])]]


def static_embedding(pieces: Sequence[tuple[str, float]], dimension: int) -> Callable[[Sequence[str]], Any]:
    """sentence-transformers' StaticEmbedding of these pieces with random weights, as a function from texts to vectors.

    `pieces` come with their log probabilities. One thread, as the embedded encoder has: with more, what else the
    machine does decides the result. Raises ImportError where torch or sentence-transformers is missing.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import Unigram
    from tokenizers.pre_tokenizers import Whitespace

    torch.set_num_threads(1)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    tokenizer = Tokenizer(Unigram([("<unk>", -30.0), *pieces], 0, False))
    tokenizer.pre_tokenizer = Whitespace()
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=dimension)], device="cpu")
    return lambda texts: model.encode(
        list(texts), batch_size=256, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
    )


def memory() -> tuple[int, int]:
    """Bytes of this process in memory: now, and at most so far; 0 for what the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: on Linux its peak begins with that of the process that started this one.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if line.startswith("Vm"))
        return int(lines["VmRSS"].split()[0]) << 10, int(lines["VmHWM"].split()[0]) << 10
    try:
        import resource
    except ImportError:
        return 0, 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0, peak if sys.platform == "darwin" else peak << 10


def _main(file: str, question: str) -> None:
    """Read a JSON list of passages, cut and index them, search for `question`, say how much memory that took."""
    passages = json.loads(Path(file).read_text(encoding="utf-8"))
    cut = jieba_cutter()
    found = PlainBM25([cut(passage) for passage in passages]).search(cut(question), 10)
    print(json.dumps({"found": len(found), "memory": memory()}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
