"""Questions drafted by a language model, of which only those are kept that the passage bears out.

Knows the prompt and what may come back for it: anything. Knows nothing of any particular model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import prompts
from corpus.article import Article, Passage
from corpus.text.sentences import split_sentences
from corpus.text.terms import pairs
from qa.evaluation.drafting.rules import Draft
from qa.questions.answer_types import answer_type_of

KINDS = ("how_many", "when", "who", "where", "which", "list", "why", "how")
PASSAGES = 4  # shown at a time
_SHORTEST, _LONGEST = 8, 60  # characters of a question
_LONGEST_ANSWER = 80
_LEANING = re.compile(
    r"(?<!尤)其(?![他它实])|[他她它]|这[些个种项名位]?|那[些个]|文中|文章|本文|上文|该[^，]|段落|https?:|[{}<>`]"
)


def drafts_by_model(
    article: Article, passages: Sequence[Passage], count: int, complete: Callable[[str], str]
) -> list[Draft]:
    """Up to `count` questions on some `passages` of `article`; none where the model says nothing usable.

    Kept is only what is a question that stands alone, shares words with its passage, and has an answer that stands in
    that passage to the letter and not in the question. What `complete` raises goes through.
    """
    step = max(1, len(passages) // PASSAGES)
    shown = list(passages)[::step][:PASSAGES]
    numbered = "\n".join(
        f"[{number}] {prompts.as_data(' '.join(passage.text.split()))}" for number, passage in enumerate(shown, 1)
    )
    said = complete(prompts.render("questions", passages=numbered, count=str(count)))
    kept: dict[str, Draft] = {}
    for row in _rows(said):
        draft = _draft(article, shown, row)
        if draft:
            kept.setdefault(draft.question, draft)
    return list(kept.values())[:count]


def _rows(said: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in `said`, one a line or all in a list, whatever else stands there."""
    for found in re.finditer(r"\{[^{}]{2,800}\}", str(said)):
        try:
            row = json.loads(found[0])
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def _draft(article: Article, shown: Sequence[Passage], row: dict[str, Any]) -> Draft | None:
    number, question, answer, kind = (row.get(name) for name in ("passage", "question", "answer", "kind"))
    if not isinstance(question, str) or not isinstance(answer, str) or not str(number).strip().isdecimal():
        return None
    index = int(str(number)) - 1
    if not 0 <= index < len(shown):
        return None
    passage, answer = shown[index], answer.strip().rstrip("。")
    question = re.sub(r"\s+", " ", question).strip().rstrip("?？") + "？"
    offset = passage.text.find(answer)
    if not 0 < len(answer) <= _LONGEST_ANSWER or offset < 0 or answer in question or "\n" in answer:
        return None
    if not _SHORTEST <= len(question) <= _LONGEST or _LEANING.search(question) or not _is_about(question, passage):
        return None
    start = passage.start + offset
    kind = kind if kind in KINDS else answer_type_of(question)
    return Draft(question, str(kind), start, start + len(answer), _sentence_at(article, start), (answer,))


def _is_about(question: str, passage: Passage) -> bool:
    """Whether a good part of the question's pairs of characters stand in the passage or its title."""
    text = f"{passage.title}\n{passage.text}"
    asked = pairs(question)
    return 3 * sum(pair in text for pair in asked) >= len(asked)


def _sentence_at(article: Article, offset: int) -> tuple[int, int]:
    for start, end in split_sentences(article.text):
        if start <= offset < end:
            return start, end
    return offset, offset
