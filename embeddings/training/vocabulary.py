"""The vocabulary of the embedded encoder, from the words of a corpus.

Knows which words become pieces, and which characters count as one. Knows nothing of vectors or pairs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from corpus.text.terms import normalise, terms
from embeddings.encoders.pieces import LONGEST_PIECE
from embeddings.training.data import Document

# Characters seen less often get no vector of their own.
_RARE = 3


def make_vocabulary(documents: Sequence[Document], size: int) -> str:
    """Lines `piece<TAB>score` of all frequent characters and the most frequent words, scores as log probabilities."""
    words: Counter[str] = Counter()
    for document in documents[::2]:
        words.update(terms(document.text))
    characters: Counter[str] = Counter()
    for word, count in words.items():
        characters.update(dict.fromkeys(word, count))
    known = {c for c, count in characters.most_common(size // 2) if count >= _RARE and _is_piece(c)}
    chosen = dict.fromkeys([*sorted(known), *"abcdefghijklmnopqrstuvwxyz0123456789"])
    for word, _ in words.most_common():
        if len(chosen) >= size:
            break
        if len(word) <= LONGEST_PIECE and _is_piece(word) and all(character in chosen for character in word):
            chosen[word] = None
    total = math.log(sum(words.values()))
    return "".join(f"{piece}\t{math.log(max(words[piece], 0.5)) - total:.3f}\n" for piece in chosen)


def _is_piece(word: str) -> bool:
    """True for a word of one kind of character, as runs are: all Han, all Latin letters or all digits."""
    if word.isascii():
        return word.isdigit() or word.isalpha()
    return all("\u3400" <= character <= "\u9fff" for character in word)


def make_folding(pieces: str) -> str:
    """A line of characters, and below each the piece it counts as (simplified, half width, lower case)."""
    known = {line.split("\t")[0] for line in pieces.split("\n")}
    given, folded = [], []
    for code in (*range(0x21, 0xD800), *range(0xF900, 0xFFFE)):
        twin = normalise(chr(code))
        if twin != chr(code) and len(twin) == 1 and twin in known:
            given.append(chr(code))
            folded.append(twin)
    return "".join(given) + "\n" + "".join(folded) + "\n"
