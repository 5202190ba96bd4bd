"""The form in which a visitor says what is wrong with an answer, as HTML. Pure functions from an `Answer`."""

from __future__ import annotations

import secrets

from qa.answer import Answer
from qa.web.html import draw_button, escape
from qa.web.texts import Words

_SHOWN = 90  # characters of a passage by which it is told from others


def draw_rating(turn: int, answer: Answer, words: Words) -> str:
    """A dialog for turn `turn`: each sentence, the passages to pick the right one from, the right answer, a note."""
    talk = words.talk
    sentences = "".join(
        f"<li><q>{escape(claim.text)}</q>{_draw_check('wrong', claim.text, talk.sentence_wrong)}"
        f"{_draw_check('silent', claim.text, talk.source_silent)}</li>"
        for claim in answer.claims
    )
    passages = "".join(
        f'<label><input type="radio" name="passage" value="{escape(hit.passage.id)}"> '
        f"<b>{escape(hit.passage.title or words.untitled)}</b> {escape(hit.passage.text[:_SHOWN])}……</label>"
        for hit in answer.hits
    )
    none = f'<label><input type="radio" name="passage" value="" checked> {talk.none_of_these}</label>'
    return (
        f'<dialog class="sheet rating" aria-label="{talk.what_is_wrong}" data-made="{secrets.token_hex(4)}">'
        f'<form method="dialog" data-turn="{turn}"><header><h3>{talk.what_is_wrong}</h3>'
        f"{draw_button('close', talk.close, '×', kind='close')}</header>"
        f'<ul class="sentences">{sentences}</ul>'
        f"<fieldset><legend>{talk.right_passage}</legend>{none}{passages}</fieldset>"
        f'<label class="line">{talk.right_answer}<input type="text" name="right" maxlength="500"></label>'
        f'<label class="line">{talk.note}<textarea name="note" rows="2" maxlength="1000"></textarea></label>'
        f'<p class="ends">{draw_button("send-rating", talk.send_rating, kind="go")}</p></form></dialog>'
    )


def _draw_check(name: str, value: str, label: str) -> str:
    return f'<label><input type="checkbox" name="{name}" value="{escape(value)}"> {label}</label>'
