"""What an encoder learns from a collection's own articles, and the made-up questions by which it is judged.

Knows sentences and titles: some are kept apart, never learnt as queries, and asked. Knows nothing of encoders, files or
how anything is learnt.
"""

from __future__ import annotations

import random
from collections.abc import Sequence, Set
from dataclasses import dataclass

from corpus.article import Article
from corpus.errors import InputError
from corpus.text.terms import terms
from embeddings.training.data import LONGEST_DOCUMENT, Document, split_long, split_sentences

LEAST_SENTENCES = 200
# Sentences that are asked: a tenth, but no more than MOST_ASKED, and at least LEAST_ASKED or a quarter of them.
LEAST_ASKED, MOST_ASKED, _ASKED_SHARE = 100, 600, 10
MOST_SEARCHED = 5_000  # articles
_SHORTEST = 12  # characters of a sentence that says something
_LEAST_LEFT = 3  # sentences of an article that one is taken out of

Place = tuple[int, int]
"""Numbers of an article and of a sentence in it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A made-up question, and the id of the article that it was made from.

    `kind` is "words" (half of the words of a sentence that the article has), "gist" (a sentence that was taken out of
    it) or "title" (that was taken off it).
    """

    kind: str
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Parts:
    """`documents` to learn from, `searched` articles to search, and what is `asked` of these.

    `never_drawn` are sentences of the documents that must not be learnt as queries: they are asked.
    """

    documents: tuple[Document, ...]
    never_drawn: frozenset[str]
    searched: tuple[Article, ...]
    asked: tuple[Probe, ...]


def keep_apart(articles: Sequence[Article], seed: int) -> Parts:
    """Part sentences and titles into those to learn from and those to ask.

    Raises InputError where there are fewer than LEAST_SENTENCES sentences: nothing could be learnt or judged.
    """
    rng = random.Random(seed)
    split = [split_sentences(article.text) for article in articles]
    chosen = _choose(split, rng)
    gone = {place for place in chosen[::2] if len(split[place[0]]) > _LEAST_LEFT}
    titled = [number for number, article in enumerate(articles) if article.title.strip()]
    untitled = set(rng.sample(titled, min(MOST_ASKED // 4, len(titled) // _ASKED_SHARE)))
    asked = [_question(articles[n].id, split[n][m], (n, m) in gone, rng) for n, m in chosen]
    asked += [Probe("title", articles[number].title, articles[number].id) for number in sorted(untitled)]
    shown = _shown(len(articles), {number for number, _ in chosen} | untitled, rng)
    return Parts(
        tuple(_documents(articles, split, {split[n][m].strip() for n, m in gone}, untitled)),
        frozenset(split[n][m].strip() for n, m in chosen),
        tuple(_searched(number, articles[number], split[number], gone, untitled) for number in shown),
        tuple(asked),
    )


def _choose(split: Sequence[Sequence[str]], rng: random.Random) -> list[Place]:
    """The sentences to ask, in random order."""
    places = [
        (n, m) for n, sentences in enumerate(split) for m, s in enumerate(sentences) if len(s.strip()) >= _SHORTEST
    ]
    if len(places) < LEAST_SENTENCES:
        raise InputError(
            f"这些文章只有 {len(places)} 个句子，不到 {LEAST_SENTENCES} 个：太少，学不到什么，也无从比较好坏。"
            "什么都没有改动，原来的编码器照常使用。",
            f"These articles have {len(places)} sentences, fewer than {LEAST_SENTENCES}: too few to learn from or to "
            "judge by. Nothing was changed.",
        )
    wanted = max(len(places) // _ASKED_SHARE, min(LEAST_ASKED, len(places) // 4))
    return rng.sample(places, min(MOST_ASKED, wanted))


def _question(article: str, sentence: str, gone: bool, rng: random.Random) -> Probe:
    """`sentence` as it is where it is gone from its article; else half of its words."""
    if gone:
        return Probe("gist", sentence.strip(), article)
    words = terms(sentence)
    kept = sorted(rng.sample(range(len(words)), (len(words) + 1) // 2))
    return Probe("words", " ".join(words[place] for place in kept), article)


def _documents(
    articles: Sequence[Article], split: Sequence[Sequence[str]], gone: Set[str], untitled: Set[int]
) -> list[Document]:
    documents = []
    for number, (article, sentences) in enumerate(zip(articles, split, strict=True)):
        # Wherever it stands: reprints have the same sentences.
        text = "".join(sentence for sentence in sentences if sentence.strip() not in gone)
        title = "" if number in untitled else article.title
        documents += [Document(title, part) for part in split_long(text, LONGEST_DOCUMENT)]
    return documents


def _shown(count: int, needed: Set[int], rng: random.Random) -> list[int]:
    """Numbers of the articles to search: those that are `needed`, and others up to MOST_SEARCHED."""
    others = [number for number in range(count) if number not in needed]
    return sorted(needed | set(rng.sample(others, max(0, min(len(others), MOST_SEARCHED - len(needed))))))


def _searched(number: int, article: Article, sentences: Sequence[str], gone: Set[Place], untitled: Set[int]) -> Article:
    text = "".join(sentence for place, sentence in enumerate(sentences) if (number, place) not in gone)
    return Article(article.id, "" if number in untitled else article.title, text)
