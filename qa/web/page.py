"""What stands on the chat page and what its events do. Decides nothing about answers.

Knows Gradio's components, which are handed in with the module. The words of the page are in `qa.web.texts`, its HTML in
`qa.web.html` and `qa.web.html_articles`. Nothing here is global: what a visitor asked is in `Exchange`s and whom the
visitor asks in a `Desk`, both kept by Gradio for that visitor.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from corpus.errors import CollectionError, QuestionError, WenjuError
from qa.web import uploads
from qa.web.conversation import Exchange, begun, grow
from qa.web.html import draw_panel, draw_turn
from qa.web.html_articles import draw_catalogue, draw_header, draw_notice, draw_progress, draw_taken, draw_welcome
from qa.web.models_tab import ModelsTab
from qa.web.texts import Words, words

if TYPE_CHECKING:
    from embeddings.collections.collection import Collection
    from qa.answerer import Answerer
    from qa.settings import Settings
    from qa.web.models_tab import Pick
    from qa.writing.writer import Writer

SUFFIXES = [".txt", ".md", ".html", ".pdf", ".docx", ".json", ".jsonl", ".csv"]
AT_ONCE = 40
LISTED = 200
_SAMPLES, _OWN = "samples", "own"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom a visitor asks: the shared articles, or `own` ones under the visitor's name."""

    visitor: str = ""
    own: Answerer | None = None
    asks_own: bool = False


class Page:
    """The components of one page and the functions that its events call."""

    def __init__(
        self, gradio: Any, answerer: Answerer, settings: Settings, samples: tuple[str, ...], *, local: bool
    ) -> None:
        self.answerer, self.settings, self.samples = answerer, settings, samples
        self.words: Words = words(settings.language)
        self.gr = gradio
        self.models = ModelsTab(gradio, settings, answerer.writer, self.words, local=local)
        self.blocks = self.gr.Blocks(
            title=self.words.name, fill_width=True, analytics_enabled=False, delete_cache=(3600, 86400)
        )
        with self.blocks:
            self._lay_out()
            self._wire()
        self.blocks.queue(default_concurrency_limit=AT_ONCE, api_open=False)

    # --- the page ---

    def _lay_out(self) -> None:
        gr, says = self.gr, self.words
        self.exchanges = gr.State(())
        self.halted = gr.State(None)
        self.desk = gr.State(Desk(), delete_callback=_leave)
        self.visitor = gr.BrowserState("", storage_key="wenju-visitor", secret="wenju")
        with gr.Row(elem_id="top"):
            gr.HTML(draw_header(says))
            self.models.lay_out_chip()
            self.choice = gr.Radio(
                label=says.asked,
                show_label=False,
                container=False,
                elem_id="choice",
                choices=[(says.articles, _SAMPLES)],
                value=_SAMPLES,
            )
            self.new = gr.Button(says.new_chat, elem_id="new", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                self._lay_out_talk()
            with gr.Column(elem_id="panel"), gr.Tabs(elem_id="tabs", selected="articles") as self.tabs:
                with gr.Tab(says.sources, id="sources", elem_id="sources-tab"):
                    self.cards = gr.HTML(draw_panel([], says), elem_id="sources")
                with gr.Tab(says.articles, id="articles", elem_id="articles-tab"):
                    self._lay_out_articles()
                with gr.Tab(says.models, id="models", elem_id="models-tab") as self.models_tab:
                    self.models.lay_out()

    def _lay_out_talk(self) -> None:
        gr, says = self.gr, self.words
        self.welcome = gr.HTML(draw_welcome(self.samples, says), elem_id="welcome")
        self.past = gr.HTML("", elem_id="past")
        self.now = gr.HTML("", elem_id="now")
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

    def _lay_out_articles(self) -> None:
        gr, says = self.gr, self.words
        kept = says.kept_where.format(days=uploads.KEPT_DAYS)
        gr.HTML(
            f'<div class="put-in" lang="{says.locale}"><h3>{says.put_in}</h3>'
            f"<p>{says.put_in_hint}</p><p>{kept}</p></div>"
        )
        self.files = gr.File(
            file_count="multiple",
            file_types=SUFFIXES,
            label=says.put_in,
            show_label=False,
            container=False,
            elem_id="files",
            height=120,
        )
        # Gradio's words for this place are in English or in the language of the browser.
        gr.HTML(
            f"<style>#files .upload-container::before {{ content: '{says.drop_here}' }}"
            f"#files .wrap:has(.uploading)::before {{ content: '{says.sending}' }}</style>"
        )
        self.progress = gr.HTML("", elem_id="progress")
        self.catalogue = gr.HTML("", elem_id="catalogue")

    def _wire(self) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        talk = [
            self.welcome,
            self.past,
            self.now,
            self.notice,
            self.box,
            self.send,
            self.stop,
            self.new,
            self.cards,
            self.tabs,
        ]
        self.gr.on(
            [self.box.submit, self.send.click],
            self.ask,
            [self.box, self.exchanges, self.desk, self.models.pick],
            [*talk, self.exchanges, self.halted],
            concurrency_limit=AT_ONCE,
            **quiet,
        )
        self.stop.click(self.halt, [self.halted], None, **quiet)
        self.new.click(self.clear, None, [*talk, self.exchanges], **quiet)
        articles = [self.desk, self.choice, self.catalogue, self.progress, self.files, self.visitor]
        self.files.upload(self.put_in, [self.files, self.desk], articles, **quiet)
        self.choice.input(self.choose, [self.choice, self.desk], articles, **quiet)
        self.blocks.load(self.enter, [self.visitor], articles, **quiet)
        self.models.wire(self.blocks, self.models_tab)

    # --- asking ---

    def ask(
        self, typed: str, before: tuple[Exchange, ...], desk: Desk, pick: Pick | None = None
    ) -> Iterator[dict[Any, Any]]:
        """A question was sent: show it, then the answer as it grows, with its evidence."""
        text = (typed or "").strip()
        if not text:
            yield {self.notice: draw_notice(self.words.empty_question)}
            return
        exchange = asked = begun(text, before)
        halted = Event()
        yield {
            **self._draw_all(before),
            **self._draw_now(before, exchange),
            **self._mode(busy=True),
            self.box: "",
            self.halted: halted,
        }
        try:
            for exchange in grow(asked, self._asked(desk, pick), self.words, halted):
                yield self._draw_now(before, exchange)
        except QuestionError as error:
            told = draw_notice(error.message(self.settings.language))
            yield {**self._draw_all(before), **self._mode(busy=False), self.notice: told, self.box: typed}
            return
        except WenjuError as error:  # of a model that was chosen and is not there any more
            exchange = replace(asked, notice=error.message(self.settings.language))
        yield {**self._draw_now(before, exchange, busy=False), **self._mode(busy=False)}

    def halt(self, halted: Event | None) -> None:
        """Stop was pressed: the answer that is under way ends itself, as far as it came."""
        if halted is not None:
            halted.set()

    def clear(self) -> dict[Any, Any]:
        """A new conversation."""
        return {**self._draw_all(()), **self._mode(busy=False), self.notice: "", self.box: ""}

    def _draw_all(self, exchanges: tuple[Exchange, ...]) -> dict[Any, Any]:
        """The conversation when nothing is being answered."""
        past = "".join(
            draw_turn(number, exchange.answer, self.words, notice=exchange.notice)
            for number, exchange in enumerate(exchanges, start=1)
        )
        return {
            self.welcome: self.gr.HTML(visible=not exchanges),
            self.past: past,
            self.now: "",
            self.cards: self._panel(exchanges, busy=False),
            self.exchanges: exchanges,
        }

    def _draw_now(self, before: tuple[Exchange, ...], exchange: Exchange, *, busy: bool = True) -> dict[Any, Any]:
        """The newest turn, with the evidence it has so far."""
        exchanges = (*before, exchange)
        now = draw_turn(
            len(exchanges), exchange.answer, self.words, busy=busy, notice=exchange.notice, waited=exchange.waited
        )
        return {
            self.welcome: self.gr.HTML(visible=False),
            self.now: now,
            self.cards: self._panel(exchanges, busy=busy),
            self.exchanges: exchanges,
        }

    def _panel(self, exchanges: tuple[Exchange, ...], *, busy: bool) -> str:
        return draw_panel([(exchange.answer, exchange.cards) for exchange in exchanges], self.words, busy=busy)

    def _mode(self, *, busy: bool) -> dict[Any, Any]:
        """Which buttons there are; the evidence comes to the front when a question is asked."""
        shown = {
            self.send: self.gr.Button(visible=not busy),
            self.stop: self.gr.Button(visible=busy),
            self.new: self.gr.Button(interactive=not busy),
        }
        return {**shown, self.notice: "", self.tabs: self.gr.Tabs(selected="sources")} if busy else shown

    # --- articles ---

    def enter(self, visitor: object) -> dict[Any, Any]:
        """The page was opened, maybe by someone who put articles in before."""
        if not uploads.is_visitor(visitor):
            return self._draw_desk(Desk(visitor=uploads.new_visitor()))
        desk = Desk(visitor=str(visitor))
        try:
            own = uploads.own_collection(self.settings.home, desk.visitor, self._encoder())
        except CollectionError:
            log.exception("the articles put in earlier could not be opened")
            own = None
        return self._draw_desk(replace(desk, own=self._answerer_of(own) if own else None))

    def choose(self, choice: str, desk: Desk) -> dict[Any, Any]:
        """Ask the other articles from now on."""
        return self._draw_desk(replace(desk, asks_own=choice == _OWN))

    def put_in(self, paths: Sequence[str], desk: Desk) -> Iterator[dict[Any, Any]]:
        """Files were put in: read and index them, showing how far it is, then ask them from now on."""
        # Without a name the page was never entered, or the program has been started again since.
        desk = desk if desk.visitor else replace(desk, visitor=uploads.new_visitor())
        own = desk.own.collection if desk.own else None
        files = [Path(path) for path in paths or ()]
        try:
            for step in uploads.put_in(files, self.settings.home, desk.visitor, own, self._encoder(), self.words):
                if isinstance(step, uploads.Step):
                    drawn = draw_progress(step.stage, step.done, step.total, step.rate, self.words)
                    yield {self.progress: drawn, self.files: None}
                    continue
                if step.collection is not None and desk.own is None:
                    desk = replace(desk, own=self._answerer_of(step.collection))
                desk = replace(desk, asks_own=desk.asks_own or any(file.articles for file in step.files))
                yield {**self._draw_desk(desk), self.progress: draw_taken(step.files, self.words), self.files: None}
        except WenjuError as error:
            yield {self.progress: draw_notice(error.message(self.settings.language)), self.files: None}
        except Exception as error:
            log.exception("files could not be taken in")
            told = draw_notice(self.words.crashed.format(error=type(error).__name__))
            yield {self.progress: told, self.files: None}

    def _draw_desk(self, desk: Desk) -> dict[Any, Any]:
        """Which articles there are, and which are asked."""
        shared, own = self.answerer.collection, desk.own.collection if desk.own else None
        name = self.words.sample_articles if self.samples else self.words.articles
        choices = [(self.words.size.format(name=name, count=len(shared)), _SAMPLES)]
        if own is not None:
            choices.append((self.words.size.format(name=self.words.own_articles, count=len(own)), _OWN))
        asked = own if own is not None and desk.asks_own else shared
        return {
            self.desk: desk,
            self.visitor: desk.visitor,
            self.choice: self.gr.Radio(choices=choices, value=_OWN if asked is own else _SAMPLES),
            self.catalogue: draw_catalogue(islice(asked.articles(), LISTED), len(asked), self.words),
        }

    def _asked(self, desk: Desk, pick: Pick | None) -> Answerer:
        """Who answers a visitor: from the articles at the visitor's desk, and in the words of the chosen model."""
        answerer, writer = desk.own if desk.asks_own and desk.own else self.answerer, self.models.writer(pick)
        return answerer if answerer.writer is writer else self._answerer_of(answerer.collection, writer)

    def _answerer_of(self, collection: Collection, writer: Writer | None = None) -> Answerer:
        """One that answers from `collection` as the shared one does from its own."""
        from qa.answerer import Answerer

        return Answerer(collection, settings=self.settings, writer=writer or self.answerer.writer)

    def _encoder(self) -> Any:
        """The one in the settings: that of the shared collection may have been trained for its articles alone."""
        from embeddings.encoders.loading import load_encoder

        return load_encoder(self.settings.encoder, downloads=self.settings.downloads)


def _leave(desk: Desk) -> None:
    """The visitor's page was closed long ago."""
    if desk.own is not None:
        desk.own.collection.close()
