"""The conversation on the page: the box, the turns, and what is done with them.

Knows Gradio's components, which are handed in with the module, and one way to draw an answer: `draw_turn`. Which
articles a visitor asks is known to whoever is handed in as `Answering`; what happens to a command of the browser
that is no question is in `qa.web.commands` and below in `act`. Nothing here is global.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

from corpus.errors import QuestionError, WenjuError
from qa.observing.watch import Watch
from qa.web.actions import Actions, draw_kept
from qa.web.answering import Answering
from qa.web.commands import command_of, wishes_of
from qa.web.conversation import Exchange, begun, grow
from qa.web.html_articles import draw_notice, draw_waiting, draw_welcome
from qa.web.html_dialogs import draw_dialogs
from qa.web.html_suggestions import draw_suggestions
from qa.web.html_turn import draw_turn
from qa.web.persons import person
from qa.web.queueing import Queue
from qa.web.suggesting import Offers
from qa.web.texts import Words

# Questions that are handled at once, those included that wait for a place; how many are answered is known to `Queue`.
AT_ONCE = 200
Exchanges = tuple[Exchange, ...]

log = logging.getLogger(__name__)


class Talk:
    """The components of the conversation and the functions that their events call."""

    def __init__(
        self,
        gradio: Any,
        words: Words,
        samples: tuple[str, ...],
        answerers: Answering,
        actions: Actions,
        queue: Queue,
        watch: Watch,
    ) -> None:
        self.gr, self.words, self.samples = gradio, words, samples
        self.answerers, self.actions, self.queue, self.watch = answerers, actions, queue, watch
        self.offers = Offers(answerers, samples)

    # --- the page ---

    def lay_out(self) -> None:
        gr, says = self.gr, self.words
        self.exchanges = gr.State(())
        self.halted = gr.State(None)
        self.welcome = gr.HTML(draw_welcome(self.samples, says), elem_id="welcome")
        self.past = gr.HTML("", elem_id="past")
        self.now = gr.HTML("", elem_id="now")
        self.next = gr.HTML("", elem_id="next")
        with gr.Column(elem_id="composer"):
            self.notice = gr.HTML("", elem_id="notice")
            with gr.Row(elem_id="ask"):
                self.box = gr.Textbox(
                    placeholder=says.placeholder,
                    label=says.question,
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=8,
                    autofocus=True,
                    elem_id="box",
                )
                self.send = gr.Button(says.send, variant="primary", elem_id="send", scale=0)
                self.stop = gr.Button(says.stop, variant="stop", elem_id="stop", scale=0, visible=False)
            gr.HTML(f'<p class="keys">{says.keys}</p>', elem_id="hint")
        self._lay_out_unseen()

    def _lay_out_unseen(self) -> None:
        """What page.js reads and writes: commands, wishes, and what the server hands back."""
        gr = self.gr
        gr.HTML(draw_dialogs(self.words, self.actions.settings), elem_id="dialogs")
        self.sheet = gr.HTML("", elem_id="sheet")
        self.handed = gr.HTML("", elem_id="handed")
        unseen = {"visible": "hidden", "show_label": False, "container": False}
        self.command = gr.Textbox(elem_id="command", **unseen)
        self.wishes = gr.Textbox(elem_id="wishes", **unseen)
        self.anew_button = gr.Button(visible="hidden", elem_id="do-anew")
        self.act_button = gr.Button(visible="hidden", elem_id="do-act")

    @property
    def _drawn(self) -> list[Any]:
        return [self.welcome, self.past, self.now, self.next, self.notice, self.box, self.send, self.stop]

    def wire(self, blocks: Any, selection: Any, pick: Any, new: Any, changed: Any) -> None:
        """`new` is the button that begins a conversation, `changed` the component that changes with the articles."""
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        self.new = new
        drawn = [*self._drawn, new, self.handed, self.exchanges, self.halted]
        who = [self.exchanges, selection, pick, self.wishes]
        asked = self.gr.on(
            [self.box.submit, self.send.click],
            self.ask, [self.box, *who], drawn, concurrency_limit=AT_ONCE, **quiet,
        )  # fmt: skip
        anew = self.anew_button.click(self.anew, [self.command, *who], drawn, concurrency_limit=AT_ONCE, **quiet)
        for event in (asked, anew):
            event.then(self.suggest, [self.exchanges, selection], [self.next], trigger_mode="multiple", **quiet)
        self.stop.click(self.halt, [self.halted], None, **quiet)
        new.click(self.clear, None, drawn, **quiet).then(
            self.greet, [self.exchanges, selection], [self.welcome], **quiet
        )
        self.act_button.click(
            self.act, [self.command, self.exchanges, selection], [*drawn, self.sheet], trigger_mode="multiple", **quiet
        )
        for event in (changed.change, blocks.load):
            event(self.greet, [self.exchanges, selection], [self.welcome], **quiet)

    # --- asking ---

    def ask(
        self,
        typed: str,
        before: Exchanges | None,
        selection: Any,
        pick: Any = None,
        wishes: str = "",
        *,
        all_dates: bool = False,
    ) -> Iterator[dict[Any, Any]]:
        """A question was sent: show it, then the answer as it grows, with its evidence.

        With `all_dates` words such as 去年下半年 do not limit which articles are asked.
        """
        text, before = (typed or "").strip(), before or ()
        if not text:
            yield {self.notice: draw_notice(self.words.empty_question)}
            return
        halted = Event()
        question = replace(self.answerers.question(selection, text), read_dates=not all_dates)
        asked = self.watch.begin("page")
        exchange = first = begun(question, before, self.answerers.asked_of(selection), asked.number)
        yield {
            **self._draw_all(before, opened=False),
            **self._draw_now(before, exchange),
            **self._mode(busy=True),
            self.box: "",
            self.halted: halted,
        }
        try:
            answerer = self.answerers.answerer(selection, pick, wishes_of(wishes))
            with self.queue.enter(person()) as ticket:
                while not ticket.is_mine(0.25) and not halted.is_set():
                    yield {self.notice: draw_waiting(ticket.ahead, self.words)}
                yield {self.notice: ""}
                for exchange in grow(first, answerer, self.words, halted, asked):
                    yield self._draw_now(before, exchange)
        except QuestionError as error:
            asked.failed(error)
            told = draw_notice(error.message(self.words.language))
            yield {**self._draw_all(before), **self._mode(busy=False), self.notice: told, self.box: typed}
            return
        except WenjuError as error:  # of a model that was chosen and is not there any more
            asked.failed(error)
            exchange = replace(first, notice=error.message(self.words.language))
        handed = draw_kept(len(before) + 1, exchange)
        yield {**self._draw_now(before, exchange, busy=False), **self._mode(busy=False), self.handed: handed}

    def anew(
        self, command: str, before: Exchanges | None, selection: Any, pick: Any = None, wishes: str = ""
    ) -> Iterator[dict[Any, Any]]:
        """A question of the conversation is asked again, or another one in its place; what came after it goes."""
        said = command_of(command)
        kept, everywhen = (before or ())[: said.number("after")], bool(said.number("all_dates"))
        yield from self.ask(said.text("question"), kept, selection, pick, wishes, all_dates=everywhen)

    def suggest(self, exchanges: Exchanges | None, selection: Any) -> dict[Any, Any]:
        """Questions that can be asked next, or instead of one that was refused or was small talk."""
        if not exchanges or not (answer := exchanges[-1].answer).done:
            return {self.next: ""}
        heading = self.words.talk.try_instead if answer.refused else self.words.talk.try_next
        asked = {exchange.answer.question.text for exchange in exchanges}
        found = self.offers.after(selection, answer, asked)
        return {self.next: draw_suggestions(found, heading, len(exchanges))}

    def greet(self, exchanges: Exchanges | None, selection: Any) -> dict[Any, Any]:
        """The welcome, with questions that the selected articles answer."""
        if exchanges:
            return {}
        return {self.welcome: draw_welcome(self.offers.first(selection), self.words)}

    def halt(self, halted: Event | None) -> None:
        """Stop was pressed: the answer that is under way ends itself, as far as it came."""
        if halted is not None:
            halted.set()

    def clear(self) -> dict[Any, Any]:
        """A new conversation."""
        return {**self._draw_all(()), **self._mode(busy=False), self.notice: ""}

    def act(self, command: str, exchanges: Exchanges | None, selection: Any) -> dict[Any, Any]:
        """A command that is no question: to read an article, to rate, to export, to take a conversation up again."""
        done = self.actions.run(command_of(command), exchanges or (), selection)
        drawn: dict[Any, Any] = {}
        if done.sheet:
            drawn[self.sheet] = done.sheet
        if done.handed:
            drawn[self.handed] = done.handed
        if done.conversation is not None:
            drawn |= {**self._draw_all(done.conversation), **self._mode(busy=False), self.notice: ""}
        elif done.exchanges is not None:
            drawn[self.exchanges] = done.exchanges
        return drawn

    # --- drawing ---

    def _draw_all(self, exchanges: Exchanges, *, opened: bool = True) -> dict[Any, Any]:
        """The conversation when nothing is being answered; `opened`: with the evidence of its last turn."""
        past = "".join(
            draw_turn(number, exchange, self.words, newest=opened and number == len(exchanges))
            for number, exchange in enumerate(exchanges, 1)
        )
        return {
            self.welcome: self.gr.HTML(visible=not exchanges),
            self.past: past,
            self.now: "",
            self.next: "",
            self.exchanges: exchanges,
        }

    def _draw_now(self, before: Exchanges, exchange: Exchange, *, busy: bool = True) -> dict[Any, Any]:
        """The newest turn, with the evidence it has so far."""
        return {
            self.now: draw_turn(len(before) + 1, exchange, self.words, busy=busy, newest=True),
            self.welcome: self.gr.HTML(visible=False),
            self.exchanges: (*before, exchange),
        }

    def _mode(self, *, busy: bool) -> dict[Any, Any]:
        """Which buttons there are."""
        shown = {
            self.send: self.gr.Button(visible=not busy),
            self.stop: self.gr.Button(visible=busy),
            self.new: self.gr.Button(interactive=not busy),
        }
        return {**shown, self.notice: ""} if busy else shown
