"""What a language model is told: the passages, fenced and numbered, as many as it has room for, and the question.

Knows prompts, hits and how a model counts. Whatever comes from articles, questions and conversations is data: its angle
brackets are widened so that it cannot close a fence, and numbers in brackets so that they are not taken for marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Passage
from corpus.text.sentences import split_sentences
from embeddings.collections.hit import Hit
from prompts import as_data, render
from qa.answer import Turn
from qa.language_models.language_model import LanguageModel, Message

MOST_TURNS = 4  # of a conversation that a follow-up is understood from
LONGEST_TURN = 300  # characters of each of its questions and answers
_NUMBER = re.compile(r"[\[［【](\s*\d[\d\s,，、\-–—~～至]*)[\]］】]")


def answer_messages(question: str, hits: Sequence[Hit], model: LanguageModel) -> list[Message]:
    """The prompt for `question`: of `hits`, from the first on, as many as `model` has room for, at least the first.

    `[n]` in the prompt is `hits[n - 1]`.
    """
    room = model.room - model.count(render("answer", passages="", question=as_data(question)))
    shown: list[str] = []
    for number, hit in enumerate(hits, 1):
        block = _block(number, hit.passage, hit.passage.text)
        needed = model.count(block)
        if needed > room:
            if not shown or room > needed // 2:
                shown += _shortened(number, hit.passage, room, model)
            break
        shown.append(block)
        room -= needed
    return [Message("user", render("answer", passages="".join(shown).rstrip("\n"), question=as_data(question)))]


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[Message]:
    """The prompt for a question that stands alone, made of a follow-up and the last turns before it."""
    turns = [f"问：{_plain(turn.question)}\n答：{_plain(turn.answer)}" for turn in history[-MOST_TURNS:]]
    return [Message("user", render("rewrite", history="\n".join(turns), question=as_data(question)))]


def _block(number: int, passage: Passage, text: str) -> str:
    """One passage as the model sees it: number, title, date, text."""
    date = f"（{passage.published}）" if passage.published else ""
    title = " ".join(passage.title.split())
    return f"[{number}] " + as_data(_NUMBER.sub(r"〔\1〕", f"{title}{date}\n{text}")) + "\n\n"


def _shortened(number: int, passage: Passage, room: int, model: LanguageModel) -> list[str]:
    """The first sentences of `passage`, as many as there is room for; nothing where not one fits."""
    ends = [end for _, end in split_sentences(passage.text)]
    for end in reversed(ends):
        block = _block(number, passage, passage.text[:end])
        if model.count(block) <= room:
            return [block]
    return []


def _plain(text: str) -> str:
    """A turn of the conversation: one line, without marks, not too long."""
    return as_data(" ".join(_NUMBER.sub("", text).split())[:LONGEST_TURN])
