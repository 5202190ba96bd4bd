"""A request for a summary, from the words of the request to the quotes that answer it.

Knows a collection and what the search found for the request. Which sentences are quoted, `qa.writing.summary` decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.article import Passage
from embeddings.collections.hit import Hit
from embeddings.collections.together import AnyCollection
from qa.answer import Turn
from qa.questions.summaries import means_one, named_articles, summary_topic, wanted_length
from qa.writing.quoting import Quote
from qa.writing.summary import KeySentence, summarise

Search = Callable[[str], Sequence[Hit]]
_CLOSE = 0.62  # of the best hit's score makes a passage one on the topic
_MOST = 8  # passages on a topic, articles of a request
_CITED = re.compile(r"\[\d+\]")
_LONGEST_SAID = 200  # characters of an answer that its article is looked for by


def summary_quotes(
    request: str, collection: AnyCollection, search: Search, at_hand: Sequence[str] = ()
) -> tuple[Quote, ...]:
    """The key sentences that answer `request`, as `qa.writing.quoting.write` takes them.

    Of the articles that `request` names; else of the topic that it names, in the passages that `search` finds for it,
    or (营商环境那篇) in the article found first; else (这篇文章) of the articles `at_hand` (ids: chosen for this
    question, or cited last), else of the one found first. Empty where there is nothing to quote.
    """
    length = wanted_length(request)
    known = list(collection.articles())
    named = [known[place].id for place in named_articles(request, [(one.title, one.source) for one in known])]
    topic = "" if named else summary_topic(request)
    idf, encoder = collection.inverse_document_frequency, collection.encoder
    if topic and not means_one(request):
        hits = search(topic)
        best = max((hit.score for hit in hits), default=0.0)
        passages = [hit.passage for hit in hits[:_MOST] if hit.score >= _CLOSE * best]
        keys = summarise(passages, encoder, idf, length=length, about=topic)
        return tuple(_quote(passages[key.source], key, key.start, key.end) for key in keys)
    first = [hit.passage.article_id for hit in search(topic or request)[:1]]
    ids = named or (first if topic else list(at_hand) or first)
    articles = [collection.article(one) for one in ids[:_MOST]]
    keys = summarise(articles, encoder, idf, length=length)
    found = (_placed(key, collection.passages(articles[key.source].id)) for key in keys)
    return tuple(quote for quote in found if quote is not None)


def spoken_of(history: Sequence[Turn], search: Search) -> tuple[str, ...]:
    """The article that 这篇文章 means after `history`: the one that has most of the last answer with a source."""
    turn = next((turn for turn in reversed(history) if _CITED.search(turn.answer)), None)
    said = f"{turn.question}\n{_CITED.sub('', turn.answer)[:_LONGEST_SAID]}" if turn else ""
    return tuple(hit.passage.article_id for hit in search(said)[:1]) if said else ()


def _placed(key: KeySentence, passages: Sequence[Passage]) -> Quote | None:
    """The passage that `key`, which has offsets in the article, begins in, and its place there."""
    passage = next((one for one in passages if one.start <= key.start < one.end), None)
    if passage is None:
        return None
    return _quote(passage, key, key.start - passage.start, min(key.end, passage.end) - passage.start)


def _quote(passage: Passage, key: KeySentence, start: int, end: int) -> Quote:
    # A sentence whose end was left out goes on: the quote ends before its sentence does, and is shown with ……
    return Quote(passage, start, end, (start, end + (1 if key.cut else 0)))
