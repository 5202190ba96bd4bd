"""Small articles and a small untrained encoder, for tests of training on a collection's own articles."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from embeddings.encoders.static_encoder import save_static_encoder
from embeddings.training.data import Document
from embeddings.training.vocabulary import make_folding, make_vocabulary

FILLERS = ["记者了解到", "今年以来", "据介绍", "工作人员说", "大家表示", "有关部门认为", "经过努力", "与此同时"]


def write_articles(folder: Path, count: int = 36, sentences: int = 12) -> Path:
    """Articles of one theme each: its twelve words come with words that all articles have."""
    rng = random.Random(3)
    characters = [chr(0x4E00 + 37 * number) for number in range(500)]
    folder.mkdir(parents=True)
    for number in range(count):
        words = ["".join(characters[12 * number + place] for place in (one, one)) for one in range(12)]
        lines = [
            f"{rng.choice(FILLERS)}{''.join(rng.sample(words, 3))}{''.join(rng.sample(FILLERS, 2))}。"
            for _ in range(sentences)
        ]
        (folder / f"{number:02}.txt").write_text(f"{words[0]}{words[1]}\n" + "".join(lines), encoding="utf-8")
    return folder


def write_encoder(folder: Path, articles: Path, dimension: int = 32) -> Path:
    """An encoder that knows the words of the articles and nothing of their weight: random vectors of one length."""
    documents = [Document("", path.read_text(encoding="utf-8")) for path in sorted(articles.glob("*.txt"))]
    pieces = make_vocabulary(documents * 5, 2_000)
    table = np.random.default_rng(0).standard_normal((len(pieces.splitlines()), dimension)).astype(np.float32)
    save_static_encoder(folder, table / np.linalg.norm(table, axis=1, keepdims=True), pieces, make_folding(pieces))
    return folder
