"""What stands on the chat page. Decides nothing about answers.

Knows Gradio's components, which are handed in with the module, and who does what: the conversation is in `qa.web.talk`,
articles, evaluation and models each in a tab of their own, who answers in `qa.web.answerers`. Nothing here is global:
whom a visitor asks is in a `Selection`, kept by Gradio for that visitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qa.observing.watch import Watch
from qa.web.actions import Actions
from qa.web.answerers import Answerers
from qa.web.arrivals import Arrivals
from qa.web.articles_tab import ArticlesTab
from qa.web.evaluation_tab import EvaluationTab
from qa.web.html_articles import draw_header
from qa.web.html_dialogs import draw_menu, draw_panel_head
from qa.web.models_tab import ModelsTab
from qa.web.queueing import Queue
from qa.web.talk import AT_ONCE, Talk
from qa.web.texts import Words, words
from qa.web.uploads import visitor_of

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.settings import Settings


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
        beside: Page | None = None,
        watch: Watch | None = None,
    ) -> None:
        """`blocks`: where it stands as a further page, in the language of `settings`, `beside` the first one.

        `watch` is told of every question; a page beside another has the other's.
        """
        self.shared, self.settings = answerer, settings
        self.words: Words = words(settings.language)
        self.gr = gradio
        self.queue: Queue = beside.queue if beside else Queue()
        self.watch: Watch = beside.watch if beside else watch or Watch()
        self.models = ModelsTab(gradio, settings, answerer.writer, self.words, local=local)
        self.answerers = Answerers(answerer, settings, self.words, self.models, samples=bool(samples))
        self.articles = ArticlesTab(gradio, self.answerers, self.watch, beside.arrivals if beside else None)
        self.arrivals: Arrivals = self.articles.arrivals
        self.evaluation = EvaluationTab(gradio, self.answerers, self.arrivals)
        actions = Actions(settings, self.words, self.answerers)
        self.talk = Talk(gradio, self.words, samples, self.answerers, actions, self.queue, self.watch)
        self.blocks = blocks or self.gr.Blocks(
            title=self.words.name, fill_width=True, analytics_enabled=False, delete_cache=(3600, 86400)
        )
        if blocks is None:
            self.blocks.max_threads = AT_ONCE
        with self.blocks:
            self._lay_out()
            self._wire()
        if blocks is None:
            self.blocks.queue(default_concurrency_limit=AT_ONCE, api_open=False)

    def own_answerer(self, person: str, groups: Sequence[str] = (), *, with_shared: bool = False) -> Answerer | None:
        """One that answers from the articles that `person` put in; None where there are none.

        Of those only from the named collections `groups`, where any are given, and from the shared ones `with_shared`.
        """
        return self.answerers.program_answerer(visitor_of(person), groups, with_shared=with_shared)

    def _lay_out(self) -> None:
        gr, says = self.gr, self.words
        with gr.Row(elem_id="top"):
            gr.HTML(draw_header(says))
            gr.HTML(draw_menu(says), elem_id="menu")
            self.models.lay_out_chip()
            self.articles.lay_out_choice()
            self.new = gr.Button(says.new_chat, elem_id="new", scale=0)
        with gr.Column(elem_id="talk"):
            self.talk.lay_out()
        with gr.Column(elem_id="panel"):
            gr.HTML(draw_panel_head(says), elem_id="panel-head")
            with gr.Tabs(elem_id="tabs", selected="articles"):
                with gr.Tab(says.articles, id="articles", elem_id="articles-tab"):
                    self.articles.lay_out()
                with gr.Tab(says.shelf.evaluation, id="evaluation", elem_id="evaluation-tab") as self.evaluation_tab:
                    self.evaluation.lay_out()
                with gr.Tab(says.models.title, id="models", elem_id="models-tab") as self.models_tab:
                    self.models.lay_out()

    def _wire(self) -> None:
        self.talk.wire(self.blocks, self.articles.selection, self.models.pick, self.new, self.articles.choice)
        self.articles.wire(self.blocks)
        self.evaluation.wire(self.blocks, self.evaluation_tab, self.articles.selection)
        self.models.wire(self.blocks, self.models_tab)
