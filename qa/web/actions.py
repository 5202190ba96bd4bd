"""What the page does besides answering: open an article, take a rating, hand out a file, take a conversation up again.

Knows commands and what comes of them as values: HTML to show, data to hand to the browser, a changed conversation.
Knows nothing of Gradio.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any, Protocol

from corpus.article import Article
from corpus.errors import WenjuError
from qa.settings import Settings
from qa.web.commands import Command
from qa.web.conversation import Exchange
from qa.web.html import Quote, escape
from qa.web.html_rating import draw_rating
from qa.web.html_room import draw_gone, draw_room
from qa.web.keeping import kept, restored
from qa.web.ratings import Rating, keep_rating
from qa.web.references import as_markdown
from qa.web.texts import Words

log = logging.getLogger(__name__)
Exchanges = tuple[Exchange, ...]


class Answerers(Protocol):
    """What an action may know of what a visitor has selected."""

    def article(self, selection: Any, name: str) -> Article | None: ...
    def visitor_of(self, selection: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command: a `sheet` to show, data `handed` to the browser, the exchanges changed in place, or
    another `conversation`."""

    sheet: str = ""
    handed: str = ""
    exchanges: Exchanges | None = None
    conversation: Exchanges | None = None


class Actions:
    """One function for each command."""

    def __init__(self, settings: Settings, words: Words, answerers: Answerers) -> None:
        self.settings, self.words, self.answerers = settings, words, answerers
        self._known: dict[str, Callable[[Command, Exchanges, Any], Done]] = {
            "read": self._read,
            "criticise": self._criticise,
            "rate": self._rate,
            "export": self._export,
            "restore": self._restore,
        }

    def run(self, command: Command, exchanges: Exchanges, selection: Any) -> Done:
        """Do what `command` says; a command that nobody knows does nothing."""
        does = self._known.get(command.does)
        return does(command, exchanges, selection) if does else Done()

    def _read(self, command: Command, exchanges: Exchanges, selection: Any) -> Done:
        """Open an article, with the quotes of one turn marked."""
        name, turn = command.text("article"), command.number("turn")
        article = self.answerers.article(selection, name)
        if article is None:
            return Done(sheet=draw_gone(self.words))
        citations = exchanges[turn - 1].answer.citations if 0 < turn <= len(exchanges) else ()
        cited = [citation for citation in citations if citation.passage.article_id == name]
        quotes: list[Quote] = [
            (citation.start, citation.end, citation.number)
            for citation in cited
            if article.text[citation.start : citation.end] == citation.quote
        ]
        at = command.number("at")
        return Done(
            sheet=draw_room(
                article, quotes, self.words, number=command.number("number"), at=at, raw=bool(command.number("raw"))
            )
        )

    def _criticise(self, command: Command, exchanges: Exchanges, selection: Any) -> Done:
        turn = command.number("turn")
        if not 0 < turn <= len(exchanges):
            return Done()
        return Done(sheet=draw_rating(turn, exchanges[turn - 1].answer, self.words))

    def _rate(self, command: Command, exchanges: Exchanges, selection: Any) -> Done:
        """Keep what the visitor says of an answer, as a question of a set."""
        turn = command.number("turn")
        if not 0 < turn <= len(exchanges):
            return Done()
        exchange = exchanges[turn - 1]
        rating = Rating(
            verdict="good" if command.text("verdict") == "good" else "bad",
            wrong=command.texts("wrong"),
            silent=command.texts("silent"),
            passage=command.text("passage"),
            right=command.text("right"),
            note=command.text("note"),
        )
        try:
            keep_rating(self.settings.home, self.answerers.visitor_of(selection), exchange.answer, rating)
        except WenjuError as error:
            return Done(handed=_hand("failed", turn, told=error.message(self.words.language)))
        except OSError as error:
            log.exception("a rating could not be kept")
            return Done(handed=_hand("failed", turn, told=f"{self.words.talk.rating_failed}（{error.strerror}）"))
        rated = replace(exchange, rating=rating.verdict)
        changed = (*exchanges[: turn - 1], rated, *exchanges[turn:])
        told = self.words.talk.rating_kept
        return Done(handed=_hand("rated", turn, told=told, verdict=rating.verdict, kept=kept(rated)), exchanges=changed)

    def _export(self, command: Command, exchanges: Exchanges, selection: Any) -> Done:
        """One answer, or with turn 0 the whole conversation, as a file."""
        turn = command.number("turn")
        chosen = exchanges[turn - 1 : turn] if turn else exchanges
        answers = [exchange.answer for exchange in chosen]
        if not answers:
            return Done()
        name = "".join(c for c in answers[0].question.text[:24] if c.isalnum()) or self.words.name
        if command.text("as") == "docx":
            from qa.web.word_file import as_word

            return Done(handed=_hand_file(f"{name}.docx", as_word(answers, self.words), turn))
        return Done(handed=_hand_file(f"{name}.md", as_markdown(answers, self.words).encode(), turn))

    def _restore(self, command: Command, exchanges: Exchanges, selection: Any) -> Done:
        """Take up a conversation that the browser kept."""
        try:
            conversation = restored(command.values("turns"))
        except ValueError as error:
            log.info("a kept conversation cannot be read: %s", error)
            conversation = ()
        return Done(conversation=conversation, handed=_hand("restored", len(conversation)))


def draw_kept(turn: int, exchange: Exchange) -> str:
    """Turn `turn` of the conversation, for the browser to keep."""
    return _hand("kept", turn, kept=kept(exchange))


def _hand(what: str, turn: int, **data: str) -> str:
    """Data for page.js, which takes it up whenever `data-made` has changed."""
    told = json.dumps({"what": what, "turn": turn, **data}, ensure_ascii=False)
    return f'<i hidden data-made="{token_hex(4)}" data-handed="{escape(told)}"></i>'


def _hand_file(name: str, content: bytes, turn: int) -> str:
    return _hand("file", turn, name=name, content=base64.b64encode(content).decode())
