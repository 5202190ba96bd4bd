"""The articles that a question from the command line is limited to: by words of their titles, and by dates."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from corpus.errors import InputError
from qa.answer import Question

if TYPE_CHECKING:
    from embeddings.collections.together import AnyCollection

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def limited_question(
    text: str, collection: AnyCollection, matching: str, since: str, until: str, *, all_dates: bool = False
) -> Question:
    """The question `text` to the articles with all words of `matching` in title or file name, published in the period.

    Raises InputError for a date that is none, a period that ends before it begins, and words that no article has.
    """
    since, until = _date("--since", since), _date("--until", until)
    if since and until and since > until[: len(since)] and since[: len(until)] > until:
        raise InputError(
            f"--since {since} 在 --until {until} 之后，这段时间是空的。请对调或改正。",
            f"--since {since} is after --until {until}. Swap or correct them.",
        )
    articles: tuple[str, ...] = ()
    if words := matching.casefold().split():
        summaries = collection.articles()
        articles = tuple(
            each.id for each in summaries if all(word in f"{each.title} {each.source}".casefold() for word in words)
        )
        if not articles:
            raise InputError(
                f"没有标题或文件名里有“{matching}”的文章。用 wenju articles list 查看有哪些。",
                f"No article has {matching!r} in its title or file name. See wenju articles list.",
            )
    return Question(text, articles=articles, since=since, until=until, read_dates=not all_dates)


def _date(option: str, text: str) -> str:
    match = _ISO.fullmatch(text.strip())
    if match:
        try:
            date(*(int(part or 1) for part in match.groups()))
            return text.strip()
        except ValueError:
            match = None
    if text.strip():
        raise InputError(
            f"{option} 的值“{text}”不是日期。应当像 2021、2021-06 或 2021-06-30。",
            f"{option} takes a date such as 2021, 2021-06 or 2021-06-30, not {text!r}.",
        )
    return ""
