"""The texts that the embedded encoder learns from, and the questions it is judged by.

Knows the form of the data folder (gzipped JSON Lines: `corpus_*`, `qa_*`) and which questions are kept for evaluation.
Knows nothing of pieces, pairs or the model.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ReadError

QUESTION_SETS = ("qa_cmrc2018", "qa_drcd", "qa_xquad_zh", "qa_cmrc2017", "qa_crud_dev")
LONGEST_DOCUMENT = 1_200
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A text to learn from or to search, with its title ("" where there is none) and the name of its corpus."""

    title: str
    text: str
    corpus: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the text that answers it, and where in that text the answer stands."""

    group: str
    question: str
    context: str
    answer_start: int


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON Lines file; none where there is no such file."""
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def is_held_out(row: dict[str, Any]) -> bool:
    """True for the questions kept for evaluation: all of CRUD, the trial part of CMRC 2018, a tenth of DRCD."""
    dataset = row["dataset"]
    if dataset.startswith("crud") or dataset == "cmrc2018_trial":
        return True
    article = row["id"].rsplit("-", 2)[0]
    return bool(dataset.startswith("drcd") and zlib.crc32(article.encode()) % 10 == 0)


def read_examples(folder: Path) -> tuple[list[Example], list[Example]]:
    """The questions of the data folder: those to train on, and those held out. Both may be empty."""
    training: list[Example] = []
    held_out: list[Example] = []
    for name in QUESTION_SETS:
        for row in read_rows(folder / f"{name}.jsonl.gz"):
            start = max((s for s in row["answer_starts"]), default=-1)
            example = Example(row["dataset"].split("_")[0], row["question"], row["context"], start)
            (held_out if is_held_out(row) else training).append(example)
    return training, held_out


def read_documents(folder: Path, without: Iterable[str] = ()) -> list[Document]:
    """The documents of all `corpus_*` files but those whose text is in `without`; long ones in parts."""
    left_out = set(without)
    documents: list[Document] = []
    for path in sorted(folder.glob("corpus_*.jsonl.gz")):
        corpus = path.name.removesuffix(".jsonl.gz").rsplit("-", 1)[0]
        for row in read_rows(path):
            if row["text"] not in left_out:
                parts = split_long(row["text"], LONGEST_DOCUMENT)
                documents.extend(Document(row["title"], part, corpus) for part in parts)
    if not documents:
        raise ReadError(
            f"{folder} 里没有可以学习的文章：应有 corpus_*.jsonl.gz，每行一个带 title 和 text 的对象。请检查 --data。",
            f"{folder} has no documents: corpus_*.jsonl.gz files with title and text are expected. Check --data.",
        )
    return documents


def split_long(text: str, size: int) -> list[str]:
    """`text` in parts of about `size` characters, cut between sentences."""
    parts: list[str] = []
    current = ""
    for sentence in split_sentences(text):
        if current and len(current) + len(sentence) > size:
            parts.append(current)
            current = ""
        current += sentence
    return [*parts, current] if current else parts


def split_sentences(text: str) -> list[str]:
    """Sentences without their offsets: enough to learn from, and many times faster than `corpus.text.sentences`."""
    return [piece for piece in _SENTENCE.findall(text) if piece.strip()]
