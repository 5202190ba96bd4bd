"""Questions that can be asked, as buttons. Pure functions from values to HTML."""

from __future__ import annotations

from collections.abc import Sequence

from qa.web.html import escape


def draw_questions(questions: Sequence[str]) -> str:
    """Buttons that ask: each carries its question in `data-question`."""
    return "".join(
        f'<button type="button" class="sample" data-question="{escape(question)}">{escape(question)}</button>'
        for question in questions
    )


def draw_suggestions(questions: Sequence[str], heading: str, turn: int) -> str:
    """What can be asked after turn `turn`; nothing where nothing is suggested."""
    if not questions:
        return ""
    return (
        f'<div class="suggested" data-after="{turn}"><h3>{escape(heading)}</h3>'
        f'<div class="samples">{draw_questions(questions)}</div></div>'
    )
