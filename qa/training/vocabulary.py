"""The pieces that the reader keeps of a pretrained tokenizer of many languages: those that Chinese articles need.

Left out are pieces that join what answers are cut at, marks and 的 and the like (年的, 》。, 在中国): without them the
borders of 99 % of the answers of the question sets are borders of pieces, with them of 95 %. Kept are all single Han
characters, marks and letters, whatever occurs three times in a sample of the articles, and the scores by which words
are cut.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from embeddings.training.data import read_rows

LEAST = 3  # times that a piece must occur
_SHARES = {"corpus_crud_news": 0.12}  # of the rows that are counted; of other files:
_SHARE = 0.6
_HAN = re.compile("[\u3400-\u9fff]")
_BORDERS = re.compile("的|^[在是由于至从]|起$")


def cut_vocabulary(pretrained: Path, data: Path, to: Path) -> list[int]:
    """Writes the smaller tokenizer to `to` and returns the ids that its pieces have in the pretrained one, in order."""
    whole = json.loads((pretrained / "tokenizer.json").read_text(encoding="utf-8"))
    special = [token["content"] for token in whole["added_tokens"]]
    pieces = [
        (place, piece, score)
        for place, (piece, score) in enumerate(whole["model"]["vocab"])
        if piece in special or _may_stand(piece)
    ]
    counts = _counted(_tokenizer(whole, pieces), data)
    kept = [row for row in pieces if row[1] in special or _always(row[1]) or counts[row[1]] >= LEAST]
    _tokenizer(whole, kept).save(str(to))
    return [place for place, _, _ in kept]


def _bare(piece: str) -> str:
    return piece.lstrip("▁")


def _may_stand(piece: str) -> bool:
    bare = _bare(piece)
    if len(bare) <= 1:
        return True
    if any(not c.isalnum() and unicodedata.category(c)[0] != "M" for c in bare):
        return False
    return not (_HAN.search(bare) and _BORDERS.search(bare))


def _always(piece: str) -> bool:
    """Single Han characters, marks, digits and Latin letters, and figures of up to four digits."""
    bare = _bare(piece)
    if bare.isascii() and (len(bare) <= 1 or (bare.isdigit() and len(bare) <= 4)):
        return True
    return len(bare) == 1 and bool(_HAN.match(bare) or unicodedata.category(bare)[0] in "PSN")


def _tokenizer(whole: dict[str, Any], kept: list[tuple[int, str, float]]) -> Tokenizer:
    smaller = json.loads(json.dumps(whole))
    places = {piece: place for place, (_, piece, _) in enumerate(kept)}
    smaller["model"] |= {"vocab": [[piece, score] for _, piece, score in kept], "unk_id": places["<unk>"]}
    smaller["added_tokens"] = [
        token | {"id": places[token["content"]]} for token in whole["added_tokens"] if token["content"] in places
    ]
    smaller |= {"post_processor": None, "truncation": None, "padding": None}
    return Tokenizer.from_str(json.dumps(smaller))


def _counted(tokenizer: Tokenizer, data: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in _texts(data):
        for start in range(0, len(text), 2_000):
            counts.update(tokenizer.encode(text[start : start + 2_000], add_special_tokens=False).tokens)
    return counts


def _texts(data: Path) -> Iterator[str]:
    dice = random.Random(1)
    for path in [*sorted(data.glob("corpus_*.gz")), *sorted(data.glob("qa_*.gz"))]:
        share = _SHARES.get(path.name.rpartition("-")[0], _SHARE)
        for row in read_rows(path):
            if dice.random() < share:
                yield f"{row.get('title') or ''}\n{row.get('text') or row.get('question') or ''}"
