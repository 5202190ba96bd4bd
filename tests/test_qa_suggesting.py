"""Questions that are offered: drafted from the articles at hand, and really answered from them."""

from __future__ import annotations

from itertools import islice

import pytest

from embeddings.collections.collection import Collection
from qa.answerer import Answerer
from qa.web.suggesting import articles_of, suggest


@pytest.mark.slow
def test_what_is_suggested_is_answered_from_the_articles_it_was_made_from(sample: Collection) -> None:
    answerer = Answerer(sample)
    ids = [summary.id for summary in islice(sample.articles(), 4)]
    found = suggest(answerer, ids, count=2, seconds=60)
    assert len(found) == 2
    for question in found:
        answer = answerer.answer(question)
        assert not answer.refused
        assert set(ids) & {citation.passage.article_id for citation in answer.citations}
        assert articles_of(answer)[0] == answer.citations[0].passage.article_id
    others = suggest(answerer, ids, asked=found, count=2, seconds=60)
    assert not set(found) & set(others)


def test_articles_that_are_gone_and_no_time_suggest_nothing(sample: Collection) -> None:
    answerer = Answerer(sample)
    assert suggest(answerer, ["no such article"]) == ()
    assert suggest(answerer, [summary.id for summary in sample.articles()], seconds=-1.0) == ()
