"""Why these passages: what was searched for, how each passage was found, and what each step took, as HTML.

Pure functions from an `Answer` to strings.
"""

from __future__ import annotations

from embeddings.collections.hit import Arm, Hit
from qa.answer import Answer
from qa.web.html import escape, facts
from qa.web.texts import Words


def draw_why(answer: Answer, words: Words, number: str = "") -> str:
    """The fold-out under an answer, with the number of its question; nothing where nothing was searched."""
    if not answer.hits:
        return ""
    talk = words.talk
    searched = [
        f"<p>{talk.searched_as}：<q>{escape(answer.standalone)}</q></p>",
        *(f"<p>{words.unanswered}{escape(part)}</p>" for part in answer.unanswered),
    ]
    rows = "".join(_draw_row(place, hit, answer, words) for place, hit in enumerate(answer.hits, 1))
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("#", talk.passage, talk.by_words, talk.by_meaning, talk.together, talk.by_reading)
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    quoted = f"<p>{words.request_number.format(number=escape(number))}</p>" if number else ""
    return (
        f'<details class="why"><summary>{talk.why}</summary>{"".join(searched)}'
        f'<div class="wide">{table}</div><p>{talk.why_order}</p>{_draw_seconds(answer, words)}{quoted}</details>'
    )


def _draw_row(place: int, hit: Hit, answer: Answer, words: Words) -> str:
    numbers = [citation.number for citation in answer.citations if citation.passage.id == hit.passage.id]
    used = words.talk.used_as.format(numbers=" ".join(f"[{number}]" for number in numbers)) if numbers else ""
    title = escape(hit.passage.title or words.untitled)
    begins = escape(hit.passage.text[:24].replace("\n", " "))
    cells = (
        f'<th scope="row">{place}</th>',
        f"<td>{title}<small>{facts(begins + '……', used)}</small></td>",
        f"<td>{_draw_arm(hit.terms, words)}</td>",
        f"<td>{_draw_arm(hit.vectors, words)}</td>",
        f"<td>{hit.score:.2f}</td>",
        f"<td>{_draw_belief(hit.belief, words)}</td>",
    )
    return f"<tr{' class=used' if numbers else ''}>{''.join(cells)}</tr>"


def _draw_arm(arm: Arm | None, words: Words) -> str:
    if arm is None:
        return f'<span class="none">{words.talk.not_found_by}</span>'
    return words.talk.place.format(rank=arm.rank, score=f"{arm.score:.2f}")


def _draw_belief(belief: float | None, words: Words) -> str:
    """How far the reader believes that the passage answers; that it was not read where it was not."""
    return f'<span class="none">{words.talk.not_read}</span>' if belief is None else f"{belief:.2f}"


def _draw_seconds(answer: Answer, words: Words) -> str:
    told = (f"{escape(words.talk.stages.get(name, name))} {took:.3f}" for name, took in answer.seconds.items())
    return f"<p>{words.talk.stage_seconds}：{facts(*told)}</p>" if answer.seconds else ""
