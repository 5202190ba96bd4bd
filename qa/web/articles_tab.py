"""The articles side of the chat page: which articles a visitor asks, what there is, and putting in one's own.

Knows Gradio's components, which are handed in with the module. How files become a collection is known to
`qa.web.uploads`, the HTML to `qa.web.html_articles`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from corpus.errors import WenjuError
from qa.observing.watch import Watch
from qa.web import uploads
from qa.web.arrivals import Arrivals
from qa.web.browsing import Browsed, Desk, Wish, wish_of
from qa.web.desks import Desks
from qa.web.html_articles import draw_notice, draw_progress, draw_read_so_far, draw_taken, draw_told
from qa.web.html_catalogue import Shelf, draw_browse, draw_catalogue, draw_drop
from qa.web.html_groups import draw_groups
from qa.web.persons import person

_SAMPLES, _OWN = "samples", "own"

log = logging.getLogger(__name__)


class ArticlesTab:
    """The choice in the head of the page, the list of articles, and the functions that their events call."""

    def __init__(self, gradio: Any, desks: Desks, watch: Watch, arrivals: Arrivals | None = None) -> None:
        self.gr, self.desks, self.settings, self.words = gradio, desks, desks.settings, desks.words
        self.watch = watch
        self.arrivals = arrivals or Arrivals(desks.settings.home / "uploads" / "arriving")

    # --- the page ---

    def lay_out_choice(self) -> None:
        says = self.words
        self.desk = self.gr.State(Desk(), delete_callback=_leave)
        self.choice = self.gr.Radio(
            label=says.asked,
            show_label=False,
            container=False,
            elem_id="choice",
            choices=[(says.articles, _SAMPLES)],
            value=_SAMPLES,
        )

    def lay_out(self) -> None:
        gr, says = self.gr, self.words
        gr.HTML(draw_drop(says), elem_id="files")
        self.progress = gr.HTML("", elem_id="progress")
        self.grouping = gr.HTML("", elem_id="groups")
        gr.HTML(draw_browse(says), elem_id="browse")
        self.catalogue = gr.HTML("", elem_id="catalogue")
        self.browsed = gr.State(Browsed())
        # What articles.js tells: the name of a batch of files that has come; what to list, tick or remove.
        self.batch = gr.Textbox(visible="hidden", elem_id="arrived", show_label=False, container=False)
        self.arrived = gr.Button(visible="hidden", elem_id="arrived-send")
        self.wish = gr.Textbox(visible="hidden", elem_id="browse-wish", show_label=False, container=False)
        self.wished = gr.Button(visible="hidden", elem_id="browse-send")

    def wire(self, blocks: Any) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        drawn = [self.desk, self.choice, self.catalogue, self.progress, self.grouping, self.browsed]
        self.arrived.click(self.put_in, [self.batch, self.desk, self.browsed], drawn, **quiet)
        self.wished.click(self.browse, [self.wish, self.desk, self.browsed], drawn, **quiet)
        self.choice.input(self.choose, [self.choice, self.desk, self.browsed], drawn, **quiet)
        blocks.load(self.enter, None, drawn, **quiet)

    # --- what the events do ---

    def enter(self) -> dict[Any, Any]:
        """The page was opened, maybe by someone who put articles in before."""
        visitor = uploads.visitor_of(person())
        return self._draw(Desk(visitor, self.desks.own_answerer(visitor)))

    def choose(self, choice: str, desk: Desk, browsed: Browsed | None = None) -> dict[Any, Any]:
        """Ask the other articles from now on, all of them."""
        return self._draw(replace(desk, asks_own=choice == _OWN, articles=(), groups=()), browsed) | {self.progress: ""}

    def browse(self, wish: str, desk: Desk, browsed: Browsed | None = None) -> dict[Any, Any]:
        """What to list, which articles to ask, or which to take out."""
        wished = wish_of(wish)
        desk = wished.ticked(desk)
        told = ""
        try:
            if wished.does == "remove" and desk.articles:
                desk, told = self._without(desk)
            elif wished.does == "recall":
                desk = self._recalled(wished, desk)
            elif "group" in wished.does:
                desk, told = self._grouped(wished, desk)
        except WenjuError as error:
            told = draw_notice(error.message(self.settings.language))
        return self._draw(desk, wished.browsed(browsed or Browsed())) | {self.progress: told}

    def _recalled(self, wished: Wish, desk: Desk) -> Desk:
        """The desk as it was when the same browser was here before, without what has gone since."""
        desk = replace(desk, asks_own=wished.on and desk.own is not None)
        there = {group.name for group in self.desks.groups.of(desk.visitor)}
        names = tuple(name for name in wished.groups if name in there) if desk.asks_own else ()
        ids = {each.id for each in self.desks.asked(desk).collection.articles()} if wished.articles else set()
        return replace(desk, groups=names, articles=tuple(name for name in wished.articles if name in ids))

    def _grouped(self, wished: Wish, desk: Desk) -> tuple[Desk, str]:
        """The desk after a wish about the visitor's named collections, and what to say of it. Raises InputError."""
        groups, chosen = self.desks.groups, tuple(name for name in desk.groups if name != wished.group)
        if wished.does == "group":
            there = {group.name for group in groups.of(desk.visitor)}
            chosen += (wished.group,) if wished.on and wished.group in there else ()
            return replace(desk, groups=chosen, articles=(), asks_own=bool(chosen) or desk.asks_own), ""
        if wished.does == "begin-group":
            own = desk.articles if desk.asks_own and desk.own else ()
            name = groups.begin(desk.visitor, wished.name, own)
            told = draw_told(self.words.shelf.group_begun.format(name=name))
            return replace(desk, groups=(name,), articles=(), asks_own=True), told
        if wished.does == "rename-group":
            name = groups.rename(desk.visitor, wished.group, wished.name)
            return replace(desk, groups=(*chosen, name) if wished.group in desk.groups else chosen), ""
        if wished.does == "remove-group":
            alone = groups.remove(desk.visitor, wished.group)
            desk = replace(desk, groups=chosen, articles=alone, asks_own=True)
            return self._without(desk) if alone and desk.own else (replace(desk, articles=()), "")
        return replace(desk, groups=()), ""

    def _without(self, desk: Desk) -> tuple[Desk, str]:
        """The desk without its ticked articles, which have to be the visitor's own; and what to say of it."""
        if not (desk.asks_own and desk.own):
            return desk, draw_notice(self.words.shelf.not_yours)
        own = desk.own.collection
        self.desks.groups.forget(desk.visitor, desk.articles)
        if own.count() == own.count(articles=desk.articles):
            uploads.forget(self.settings.home, desk.visitor)
            count, desk = len(own), replace(desk, own=None, asks_own=False)
        else:
            count = len(own.remove(desk.articles).removed)
        return replace(desk, articles=()), draw_told(self.words.shelf.removed.format(count=count))

    def put_in(self, batch: str, desk: Desk, browsed: Browsed | None = None) -> Iterator[dict[Any, Any]]:
        """Files have come: read and index them, showing how far it is, then ask them from now on."""
        # Without a name the page was never entered, or the program has been started again since.
        desk = desk if desk.visitor else replace(desk, visitor=uploads.visitor_of(person()))
        own = desk.own.collection if desk.own else None
        files = self.arrivals.hand_on(desk.visitor, str(batch))
        try:
            for step in uploads.put_in(files, self.settings.home, desk.visitor, own, self.desks.encoder(), self.words):
                if isinstance(step, uploads.Step):
                    drawn = draw_progress(step.stage, step.done, step.total, step.rate, self.words)
                    yield {self.progress: drawn + draw_read_so_far(step.name, step.files, self.words)}
                    continue
                self.watch.taken(len(step.files), sum(not file.articles for file in step.files), step.killed)
                if step.collection is not None and desk.own is None:
                    desk = replace(desk, own=self.desks.answerer_of(step.collection))
                if any(file.articles for file in step.files):
                    # They come into the one named collection that is chosen, or all own articles are asked.
                    into = desk.groups if len(desk.groups) == 1 else ()
                    for name in into:
                        self.desks.groups.add(desk.visitor, name, step.articles)
                    desk = replace(desk, asks_own=True, articles=(), since="", until="", groups=into)
                    browsed = None
                yield {**self._draw(desk, browsed), self.progress: draw_taken(step.files, self.words)}
        except WenjuError as error:
            yield {self.progress: draw_notice(error.message(self.settings.language))}
        except Exception as error:
            log.exception("files could not be taken in")
            yield {self.progress: draw_notice(self.words.crashed.format(error=type(error).__name__))}
        finally:
            self.arrivals.forget(desk.visitor, str(batch))

    def _draw(self, desk: Desk, browsed: Browsed | None = None) -> dict[Any, Any]:
        """Which articles there are, and which are asked."""
        browsed = browsed or Browsed()
        shared, own = self.desks.shared.collection, desk.own.collection if desk.own else None
        choices = [(self.words.size.format(name=self.desks.shared_name, count=len(shared)), _SAMPLES)]
        if own is not None:
            choices.append((self.words.size.format(name=self.words.own_articles, count=len(own)), _OWN))
        asked = own if own is not None and desk.asks_own else shared
        listed = list(asked.articles())
        if desk.groups and asked is own:
            among = set(self.desks.grouped(desk))
            listed = [each for each in listed if each.id in among]
        found, total = browsed.pick(listed, desk.since, desk.until)
        names = desk.groups if asked is own else ()
        shelf = Shelf(found, total, len(listed), desk.articles, desk.since, desk.until, asked is own, names)
        return {
            self.desk: desk,
            self.browsed: browsed,
            self.choice: self.gr.Radio(choices=choices, value=_OWN if asked is own else _SAMPLES),
            self.catalogue: draw_catalogue(shelf, self.words),
            self.grouping: draw_groups(
                self.desks.groups.of(desk.visitor),
                desk.groups,
                len(desk.articles) if asked is own else 0,
                self.words,
            ),
        }


def _leave(desk: Desk) -> None:
    """The visitor's page was closed long ago."""
    if desk.own is not None:
        desk.own.collection.close()
