"""The chat page's list of models: which one answers a visitor, and what happens when another is chosen.

Knows Gradio's components, which are handed in with the module. What a choice takes is done in `qa.web.model_choice`;
here a visitor waits for it, and whatever the visitor waits for is looked at again at every tick of a timer.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.errors import WenjuError
from qa.web.html_articles import draw_notice, draw_told
from qa.web.html_models import (
    Choice,
    draw_chip,
    draw_getting,
    draw_models,
    draw_offer,
    draw_wait,
    model_label,
)
from qa.web.model_choice import SERVER, Models, Sized, Task
from qa.web.texts import Words

if TYPE_CHECKING:
    from qa.settings import Settings
    from qa.writing.writer import Writer

_TICK_SECONDS = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pick:
    """Who answers a visitor (`name`, or the model that the page began with), and what the visitor waits for.

    `wanted` is the model chosen next: `task` finds out its size, fetches it or loads it, as `stage` says ("size",
    "get", "load"). Between the first two it is `sized`, and waits for the visitor. `told` is what came of the last
    choice.
    """

    name: str = ""
    called: str = ""
    wanted: str = ""
    stage: str = ""
    task: Task[Any] | None = None
    sized: Sized | None = None
    told: str = ""
    failed: bool = False

    def without_wish(self, told: str = "", *, failed: bool = False) -> Pick:
        return Pick(self.name, self.called, told=told, failed=failed)


class ModelsTab:
    """The list, the model's name in the head of the page, and the functions that their events call."""

    def __init__(self, gradio: Any, settings: Settings, start: Writer, words: Words, *, local: bool) -> None:
        self.gr, self.words, self.language = gradio, words, settings.language
        self.models = Models(settings, start, local=local)

    def writer(self, pick: Pick | None) -> Writer:
        """Who answers the visitor with this `pick`. Raises WenjuError where the model is not there any more."""
        return self.models.writer((pick and pick.name) or self.models.start_name)

    # --- the page ---

    def lay_out_chip(self) -> None:
        self.chip = self.gr.HTML(self._chip(Pick()), elem_id="chip")

    def lay_out(self) -> None:
        gr, says = self.gr, self.words
        self.pick = gr.State(Pick())
        self.timer = gr.Timer(_TICK_SECONDS, active=False)
        self.state = gr.HTML("", elem_id="model-state")
        with gr.Row(elem_id="model-answer"):
            # In this order what stops a download does not come to where the download was agreed to.
            self.leave = gr.Button(says.models.not_now, elem_id="model-leave", visible=False)
            self.agree = gr.Button(says.models.get_and_use, variant="primary", elem_id="model-agree", visible=False)
        self.list = gr.HTML(self._list(Pick()), elem_id="models")
        # What page.js tells of a button in the list.
        self.wish = gr.Textbox(visible="hidden", elem_id="model-wish", show_label=False, container=False)
        self.send = gr.Button(visible="hidden", elem_id="model-send")

    def wire(self, blocks: Any, tab: Any) -> None:
        events = {"show_progress": "hidden", "api_visibility": "private"}
        drawn = [self.pick, self.chip, self.state, self.agree, self.leave, self.list, self.timer]
        self.send.click(self.choose, [self.wish, self.pick], drawn, **events)
        self.agree.click(self.get, [self.pick], drawn, **events)
        self.leave.click(self.give_up, [self.pick], drawn, **events)
        self.timer.tick(self.look, [self.pick], drawn, trigger_mode="once", **events)
        tab.select(self.look, [self.pick], drawn, **events)
        blocks.load(self.look, [self.pick], drawn, **events)

    # --- choosing ---

    def choose(self, name: str, pick: Pick | None) -> dict[Any, Any]:
        """A button of the list was pressed: use that model, or find out what it takes to have it."""
        pick = (pick or Pick()).without_wish()
        model = next((model for model in self.models.offered() if model.name == name), None)
        if model is None or not (model.here or self.models.may_get):
            return self._draw(pick.without_wish(self.words.models.not_offered.format(name=name), failed=True))
        if self.models.is_at_once(name):
            return self._draw(self._answering(pick, name, self.models.writer(name).name))
        if fetched := self.models.getting().get(name):
            return self._draw(replace(pick, wanted=name, stage="get", task=fetched))
        if model.here:
            return self._draw(replace(pick, wanted=name, stage="load", task=self.models.load(name)))
        return self._draw(replace(pick, wanted=name, stage="size", task=self.models.size(name)))

    def get(self, pick: Pick | None) -> dict[Any, Any]:
        """The visitor agrees to the download."""
        if pick is None or pick.sized is None or not self.models.may_get:
            return self._draw(pick or Pick())
        task = self.models.get(pick.wanted, pick.sized.source)
        return self._draw(replace(pick, stage="get", task=task, sized=None))

    def give_up(self, pick: Pick | None) -> dict[Any, Any]:
        """The visitor does not want to wait any more. A download ends; what has come of it is kept."""
        pick = pick or Pick()
        if pick.stage == "get" and pick.task and not pick.task.done:
            pick.task.stop.set()
            return self._draw(pick)
        return self._draw(pick.without_wish())

    def look(self, pick: Pick | None) -> dict[Any, Any]:
        """How far is it? What has come to its end leads to the next step."""
        before = pick or Pick()
        drawn = self._draw(self._next(before))
        if drawn[self.pick] is before:
            del drawn[self.pick]  # so that a choice made meanwhile stands
        return drawn

    def _next(self, pick: Pick) -> Pick:
        if pick.task is None or not pick.task.done:
            return pick
        try:
            result = pick.task.result()
        except WenjuError as error:
            return pick.without_wish(error.message(self.language), failed=True)
        except Exception as error:
            log.error("the model %s cannot be used", pick.wanted, exc_info=error)
            return pick.without_wish(self.words.crashed.format(error=type(error).__name__), failed=True)
        if pick.stage == "size":
            return replace(pick, task=None, stage="", sized=result)
        if pick.stage == "get":
            return replace(pick, stage="load", task=self.models.load(pick.wanted))
        return self._answering(pick, pick.wanted, result)

    def _answering(self, pick: Pick, name: str, called: str) -> Pick:
        now = replace(pick, name=name, called=called)
        return now.without_wish(self.words.models.now_answers.format(name=self._label(now)))

    # --- drawing ---

    def _draw(self, pick: Pick) -> dict[Any, Any]:
        busy = bool(pick.task) or bool(self.models.getting())
        stopping = pick.stage == "get"
        return {
            self.pick: pick,
            self.chip: self._chip(pick),
            self.state: self._state(pick),
            self.agree: self.gr.Button(visible=pick.sized is not None),
            self.leave: self.gr.Button(
                self.words.models.stop_getting if stopping else self.words.models.not_now,
                visible=bool(pick.wanted) and pick.stage != "load",
            ),
            self.list: self._list(pick),
            self.timer: self.gr.Timer(active=busy),
        }

    def _state(self, pick: Pick) -> str:
        """What the visitor waits for, or the outcome of the last choice."""
        says, task = self.words, pick.task
        if pick.sized:
            return draw_offer(pick.wanted, pick.sized, says)
        if task and pick.stage == "get":
            return draw_getting(pick.wanted, task.step, says)
        if task:
            told = says.models.loading if pick.stage == "load" else says.models.asking_size
            return draw_wait(told.format(name=model_label(pick.wanted, says)), task.seconds, says)
        return draw_notice(pick.told) if pick.failed else draw_told(pick.told)

    def _list(self, pick: Pick) -> str:
        chosen = pick.name or self.models.start_name
        server = self.models.start.name if self.models.start_name == SERVER else ""
        server = pick.called if pick.name == SERVER else server
        choice = Choice(chosen, self.models.getting(), self.models.may_get, server)
        return draw_models(self.models.offered(), choice, self.words)

    def _chip(self, pick: Pick) -> str:
        return draw_chip(self._label(pick), self.words)

    def _label(self, pick: Pick) -> str:
        """What people call the model that answers."""
        return model_label(pick.called or self.models.start.name, self.words)
