"""Names that a whole article is about, and its passages therefore do not repeat: 中原区 in a page on 中原区.

Knows a question, passages and the texts of their articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.text.tagging import PLACE_NAME, tag
from embeddings.collections.hit import Hit
from qa.checking.verification import names_in
from qa.reading.features import LONGEST_ARTICLE, plain_text

TIMES = 3  # that an article has a name which it is about
_LEAST = 4  # characters of a question that must be left
_LEADING = re.compile(r"^[的在，、：:\s]+")


def without_carried(question: str, best: Hit, text_of: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """`question` less the names that the passage of `best` lacks and its article is about; and these names."""
    passage = plain_text(f"{best.passage.title}\n{best.passage.text}")
    missing = (name for name in _names(question) if plain_text(name) not in passage)
    names = tuple(name for name in missing if is_about(best, (name,), text_of))
    shorter = question
    for name in names:
        shorter = shorter.replace(name, "")
    shorter = _LEADING.sub("", shorter)
    return (shorter, names) if len(plain_text(shorter)) >= _LEAST else (question, ())


def _names(question: str) -> list[str]:
    """Its names, those of places that are tagged as plain nouns (金水区) among them."""
    places = [word for word, _ in tag(question) if PLACE_NAME.search(word)]
    return list(dict.fromkeys([*names_in(question), *places]))


def is_about(hit: Hit, names: tuple[str, ...], text_of: Callable[[str], str]) -> bool:
    """Whether the article of `hit` has each of `names` often, as far as it is looked through."""
    text = text_of(hit.passage.article_id)[:LONGEST_ARTICLE]
    return all(text.count(name) >= TIMES for name in names)
