"""What stands on the chat page and what its events do. Decides nothing about answers.

Knows Gradio's components, which are handed in with the module. The conversation is in `qa.web.talk`, the words of the
page in `qa.web.texts`. Nothing here is global: whom a visitor asks is in a `Desk`, kept by Gradio for that visitor.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CollectionError, WenjuError
from corpus.reading.file_kinds import SUFFIXES as FILE_KINDS
from qa.answer import Question
from qa.web import uploads
from qa.web.errands import Errands
from qa.web.html_articles import draw_catalogue, draw_header, draw_notice, draw_progress, draw_taken
from qa.web.html_dialogs import draw_menu, draw_panel_head
from qa.web.models_tab import ModelsTab
from qa.web.orders import Wishes
from qa.web.talk import AT_ONCE, Talk
from qa.web.texts import Words, words

if TYPE_CHECKING:
    from corpus.article import Article
    from embeddings.collections.collection import Collection
    from qa.answerer import Answerer
    from qa.settings import Settings
    from qa.web.models_tab import Pick
    from qa.writing.writer import Writer

SUFFIXES = list(FILE_KINDS)
LISTED = 200
_SAMPLES, _OWN = "samples", "own"
_NO_WISHES = Wishes()

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
        self,
        gradio: Any,
        answerer: Answerer,
        settings: Settings,
        samples: tuple[str, ...],
        *,
        local: bool,
        blocks: Any = None,
    ) -> None:
        """`blocks`: where it stands as a further page, in the language of `settings`, instead of by itself."""
        self.shared, self.settings, self.samples = answerer, settings, samples
        self.words: Words = words(settings.language)
        self.gr = gradio
        self.models = ModelsTab(gradio, settings, answerer.writer, self.words, local=local)
        self.talk = Talk(gradio, self.words, samples, self, Errands(settings, self.words, self))
        self.blocks = blocks or self.gr.Blocks(
            title=self.words.name, fill_width=True, analytics_enabled=False, delete_cache=(3600, 86400)
        )
        with self.blocks:
            self._lay_out()
            self._wire()
        if blocks is None:
            self.blocks.queue(default_concurrency_limit=AT_ONCE, api_open=False)

    # --- the page ---

    def _lay_out(self) -> None:
        gr, says = self.gr, self.words
        self.desk = gr.State(Desk(), delete_callback=_leave)
        self.visitor = gr.BrowserState("", storage_key="wenju-visitor", secret="wenju")
        with gr.Row(elem_id="top"):
            gr.HTML(draw_header(says))
            gr.HTML(draw_menu(says), elem_id="menu")
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
        with gr.Column(elem_id="talk"):
            self.talk.lay_out()
        with gr.Column(elem_id="panel"):
            gr.HTML(draw_panel_head(says), elem_id="panel-head")
            with gr.Tabs(elem_id="tabs", selected="articles"):
                with gr.Tab(says.articles, id="articles", elem_id="articles-tab"):
                    self._lay_out_articles()
                with gr.Tab(says.models, id="models", elem_id="models-tab") as self.models_tab:
                    self.models.lay_out()

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
        self.talk.wire(self.blocks, self.desk, self.models.pick, self.new, self.choice)
        articles = [self.desk, self.choice, self.catalogue, self.progress, self.files, self.visitor]
        self.files.upload(self.put_in, [self.files, self.desk], articles, **quiet)
        self.choice.input(self.choose, [self.choice, self.desk], articles, **quiet)
        self.blocks.load(self.enter, [self.visitor], articles, **quiet)
        self.models.wire(self.blocks, self.models_tab)

    # --- what the conversation asks of the desk ---

    def answerer(self, desk: Desk | None, pick: Pick | None, wishes: Wishes) -> Answerer:
        """Who answers a visitor: from the articles at the visitor's desk, in the words of the chosen model."""
        answerer, writer = self._asked(desk), self.models.writer(pick)
        if answerer.writer is writer and wishes == Wishes():
            return answerer
        return self._answerer_of(answerer.collection, writer, wishes)

    def drafter(self, desk: Desk | None) -> Answerer:
        """The embedded reader over the articles at the visitor's desk."""
        from qa.writing.writer import QuotingWriter

        answerer = self._asked(desk)
        if isinstance(answerer.writer, QuotingWriter):
            return answerer
        return self._answerer_of(answerer.collection, QuotingWriter())

    def asked_of(self, desk: Desk | None) -> str:
        name = self._shared_name() if self.asks_shared(desk) else self.words.own_articles
        return self.words.talk.asked_of.format(name=name, count=len(self._asked(desk).collection))

    def asks_shared(self, desk: Desk | None) -> bool:
        return self._asked(desk) is self.shared

    def question(self, desk: Desk | None, text: str) -> Question:
        return Question(text)

    def article(self, desk: Desk | None, name: str) -> Article | None:
        """An article of the visitor's own or of the shared ones."""
        own = desk.own if desk else None
        for answerer in (own, self.shared):
            if answerer is not None:
                try:
                    return answerer.collection.article(name)
                except KeyError:
                    continue
        return None

    def visitor_of(self, desk: Desk | None) -> str:
        return desk.visitor if desk else ""

    def _asked(self, desk: Desk | None) -> Answerer:
        return desk.own if desk and desk.asks_own and desk.own else self.shared

    def _shared_name(self) -> str:
        return self.words.sample_articles if self.samples else self.words.articles

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
        shared, own = self.shared.collection, desk.own.collection if desk.own else None
        choices = [(self.words.size.format(name=self._shared_name(), count=len(shared)), _SAMPLES)]
        if own is not None:
            choices.append((self.words.size.format(name=self.words.own_articles, count=len(own)), _OWN))
        asked = own if own is not None and desk.asks_own else shared
        return {
            self.desk: desk,
            self.visitor: desk.visitor,
            self.choice: self.gr.Radio(choices=choices, value=_OWN if asked is own else _SAMPLES),
            self.catalogue: draw_catalogue(islice(asked.articles(), LISTED), len(asked), self.words),
        }

    def _answerer_of(
        self, collection: Collection, writer: Writer | None = None, wishes: Wishes = _NO_WISHES
    ) -> Answerer:
        """One that answers from `collection` as the shared one does from its own."""
        from qa.answerer import Answerer

        return Answerer(collection, settings=wishes.wished(self.settings), writer=writer or self.shared.writer)

    def _encoder(self) -> Any:
        """The one in the settings: that of the shared collection may have been trained for its articles alone."""
        from embeddings.encoders.loading import load_encoder

        return load_encoder(self.settings.encoder, downloads=self.settings.downloads)


def _leave(desk: Desk) -> None:
    """The visitor's page was closed long ago."""
    if desk.own is not None:
        desk.own.collection.close()
