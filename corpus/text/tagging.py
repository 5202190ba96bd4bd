"""Words with their parts of speech, by jieba's dictionary. Knows nothing of questions."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.text.cutting import Tagged as Tagged
from corpus.text.cutting import tagger

_HALF_PAIR = re.compile("[\ud800-\udfff]")
PERSON = frozenset({"nr", "nrt", "nrfg"})
DISTRICTS = frozenset("区县市镇乡")
# Places that the dictionary may take for plain nouns (金水区); not 小区, 城市, 道路.
PLACE_NAME = re.compile(r".(?<![小社全各地城辖校园景片灾山农道马公铁])[区县市州镇乡村路街省国]$|.街道$")
NAMED = PERSON | {"ns", "nt", "nz"}


def tag(text: str) -> Tagged:
    """The words of `text` with jieba's tags ("nr" person, "ns" place, "nt" organisation, "m" numeral …)."""
    return list(_kept(text))


@lru_cache(maxsize=4096)
def _kept(text: str) -> tuple[tuple[str, str], ...]:
    """Several steps of one question look at the same sentences. Halves of surrogate pairs, which jieba does not take,
    are blanks to it."""
    words = tagger()(_HALF_PAIR.sub(" ", text))
    return tuple(_districts(words) if any(word in DISTRICTS for word, _ in words) else words)


def _districts(words: Tagged) -> Tagged:
    """`words` with places in one that the dictionary takes for people: 郑东新 区 is 郑东新区."""
    kept: Tagged = []
    for word, flag in words:
        if word in DISTRICTS and kept and kept[-1][1] in PERSON:
            kept[-1] = kept[-1][0] + word, "ns"
        else:
            kept.append((word, flag))
    return kept
