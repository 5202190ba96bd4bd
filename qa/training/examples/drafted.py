"""Examples of questions that the project's own rules draft from news: a domain in which nobody wrote questions to learn from.

Half are asked in few words. Beside the passage that answers stands one on the same subject that does not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from corpus.article import Article
from corpus.text.terms import squeeze
from embeddings.collections.collection import Collection
from qa.evaluation.drafting.rules import drafts_of
from qa.training.examples.example import Example, units_in, window_around
from qa.training.examples.exchanged import counted_of, exchanged_count, exchanged_question, names_of
from qa.training.examples.neighbours import Neighbours, in_other_words
from qa.training.examples.wordings import reworded, terse

OTHER_WORDS = 0.4  # of the questions with a word exchanged for its neighbour


def drafted_examples(
    news: Sequence[Article], articles: Collection, near: Neighbours, count: int, seed: int
) -> Iterator[Example]:
    """About `count` examples, half of them without an answer."""
    dice = random.Random(f"drafted {seed}")
    known, counted = list[str](), list[str]()
    made = 0
    for article in dice.sample(news, len(news)):
        if made >= count:
            return
        drafts = drafts_of(article)
        if not drafts:
            continue
        draft = dice.choice(drafts)
        question = terse(draft.question, dice) if dice.random() < 0.5 else reworded(draft.question, dice)
        if dice.random() < OTHER_WORDS:
            question = in_other_words(question, near, dice)
        known.extend(names_of(draft.question))
        counted.extend(filter(None, [counted_of(draft.question)]))
        own, span = window_around(article.text, (draft.start, draft.end), dice)
        head = article.title if dice.random() < 0.75 else ""
        yield Example(question, head, own, (span,), units_in(own), "drafted: own")
        made += 1
        if dice.random() < 0.45 and known and (other := exchanged_question(question, own + head, known[-400:], dice)):
            yield Example(other, head, own, (), units_in(own), "drafted: other question")
            made += 1
        if dice.random() < 0.6 and (other := exchanged_count(question, own + head, counted[-300:], dice)):
            yield Example(other, head, own, (), units_in(own), "drafted: other count")
            made += 1
        answer = squeeze(article.text[draft.start : draft.end])
        hits = [h.passage for h in articles.search(question, 8) if h.passage.article_id != article.id]
        wrong = [p for p in hits if answer not in squeeze(p.title + p.text)]
        if wrong and dice.random() < 0.6:
            passage = dice.choice(wrong[:3])
            yield Example(question, passage.title, passage.text, (), units_in(passage.text), "drafted: search")
            made += 1
