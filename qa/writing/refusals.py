"""What is said where the articles do not answer: once, for page, terminal, `ask()` and evaluation, in both languages.

Knows questions and which articles a collection has. When to refuse, the answerer decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.languages import pick
from qa.answer import Question

if TYPE_CHECKING:
    from embeddings.collections.together import AnyCollection

NOT_FOUND = ("在这些文章里没有找到能回答这个问题的内容。", "The articles do not have the answer.")


def not_found(language: str) -> str:
    """That nothing answers."""
    return pick(language, *NOT_FOUND)


def nothing_within(question: Question, collection: AnyCollection, language: str = "zh") -> str:
    """Why no article can answer `question`, in words for who asked; "" where its limits leave some."""
    if not (question.articles or question.since or question.until):
        return ""
    if collection.count(articles=question.articles, since=question.since, until=question.until):
        return ""
    limits = []
    if question.since or question.until:
        limits.append(_range(question.since, question.until, language))
    if question.articles:
        limits.append(pick(language, "选定的 {} 篇", "the {} chosen ones").format(len(question.articles)))
    told = pick(
        language,
        "在限定的范围（{}）里没有文章，所以没有查找。{}请换一个范围，或去掉限定再问。",
        "There are no articles within the limits ({}), so nothing was searched. {}Change the limits, or lift them.",
    )
    dated = _dated(collection, language) if question.since or question.until else ""
    return told.format(pick(language, "、", ", ").join(limits), dated)


def _dated(collection: AnyCollection, language: str) -> str:
    first, last = collection.dates()
    if not first:
        return pick(language, "这些文章都没有日期。", "None of the articles has a date. ")
    told = pick(language, "有日期的文章从 {} 到 {}。", "The articles with a date are from {} to {}. ")
    return told.format(first, last)


def _range(since: str, until: str, language: str) -> str:
    if since and until:
        return pick(language, "{} 至 {}", "{} to {}").format(since, until)
    return (
        pick(language, "{} 以来", "since {}").format(since)
        if since
        else pick(language, "{} 以前", "until {}").format(until)
    )
