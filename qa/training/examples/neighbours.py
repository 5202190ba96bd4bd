"""The same question with a word exchanged for one that a pretrained encoder takes for its neighbour: 租金 for 房租.

Knows the encoder's folder and the words of the articles. What is counted stays (志愿者 stands near 党员 and is another
thing), and opposites are no neighbours.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpus.text.tagging import tag
from qa.training.examples.exchanged import OPPOSITES

Neighbours = Mapping[str, tuple[str, ...]]

_FLAGS = frozenset({"n", "v", "vn", "a", "ad", "an"})
_WORDS, _NEAREST, _LEAST = 5_000, 3, 0.62  # words, neighbours of each, cosine after the mean is taken away
_CONTRARY = frozenset("上下增减升降大小高低多少男女前后")  # of which neighbours may not differ
_COUNTED = re.compile(r"(?:多少|几)[\u4e00-\u9fff]{1,5}")
_BATCH = 256


def neighbours(pretrained: Path, texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The commonest words of two characters in `texts`, each with those nearest to it by the encoder in `pretrained`."""
    import torch

    counts = Counter(word for text in texts for word, flag in tag(text) if flag in _FLAGS and len(word) == 2)
    words = [word for word, _ in counts.most_common(_WORDS)]
    vectors = _vectors(pretrained, words)
    vectors = torch.nn.functional.normalize(vectors - vectors.mean(0), dim=1)
    nearness = vectors @ vectors.T
    nearness.fill_diagonal_(-1)
    best = nearness.topk(min(_NEAREST, len(words)), 1)
    found = {
        word: tuple(words[i] for i, n in zip(*row, strict=True) if n > _LEAST and not _contrary(word, words[i]))
        for word, row in zip(words, zip(best.indices.tolist(), best.values.tolist(), strict=True), strict=True)
    }
    return {word: near for word, near in found.items() if near}


def in_other_words(question: str, near: Neighbours, dice: random.Random) -> str:
    """`question` with one word, sometimes two, exchanged for a neighbour; as it is where none has any."""
    counted = "".join(_COUNTED.findall(question))
    words = [word for word, _ in tag(question) if word in near and word not in counted]
    for word in dice.sample(words, min(len(words), dice.choice((1, 1, 2)))):
        question = question.replace(word, dice.choice(near[word]), 1)
    return question


def _contrary(one: str, other: str) -> bool:
    return (one, other) in OPPOSITES or bool(_CONTRARY & (set(one) ^ set(other)))


def _vectors(pretrained: Path, words: list[str]):  # type: ignore[no-untyped-def]  # a tensor; torch is imported late
    import torch
    from tokenizers import Tokenizer
    from transformers import BertModel

    tokenizer = Tokenizer.from_file(str(pretrained / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
    encoder = BertModel.from_pretrained(pretrained, add_pooling_layer=False).eval()  # type: ignore[no-untyped-call]  # transformers
    made = []
    with torch.inference_mode():
        for first in range(0, len(words), _BATCH):
            rows = tokenizer.encode_batch([f"query: {word}" for word in words[first : first + _BATCH]])
            mask = torch.tensor([row.attention_mask for row in rows])
            hidden = encoder(torch.tensor([row.ids for row in rows]), attention_mask=mask).last_hidden_state
            made.append((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))
    return torch.cat(made)
