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
from qa.web.answerers import Answerers
from qa.web.arrivals import Arrivals
from qa.web.browsing import Browsed, Selection, Wish, wish_of
from qa.web.html_articles import draw_notice, draw_progress, draw_read_so_far, draw_taken, draw_told
from qa.web.html_catalogue import Shelf, draw_browse, draw_catalogue, draw_drop
from qa.web.html_groups import draw_groups
from qa.web.persons import person

_SAMPLES, _OWN, _BOTH = "samples", "own", "both"

log = logging.getLogger(__name__)


class ArticlesTab:
    """The choice in the head of the page, the list of articles, and the functions that their events call."""

    def __init__(self, gradio: Any, answerers: Answerers, watch: Watch, arrivals: Arrivals | None = None) -> None:
        self.gr, self.answerers, self.settings, self.words = gradio, answerers, answerers.settings, answerers.words
        self.watch = watch
        self.arrivals = arrivals or Arrivals(answerers.settings.home / "uploads" / "arriving")

    # --- the page ---

    def lay_out_choice(self) -> None:
        says = self.words
        self.selection = self.gr.State(Selection(), delete_callback=_leave)
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
        drawn = [self.selection, self.choice, self.catalogue, self.progress, self.grouping, self.browsed]
        self.arrived.click(self.put_in, [self.batch, self.selection, self.browsed], drawn, **quiet)
        self.wished.click(self.browse, [self.wish, self.selection, self.browsed], drawn, **quiet)
        self.choice.input(self.choose, [self.choice, self.selection, self.browsed], drawn, **quiet)
        blocks.load(self.enter, None, drawn, **quiet)

    # --- what the events do ---

    def enter(self) -> dict[Any, Any]:
        """The page was opened, maybe by someone who put articles in before."""
        visitor = uploads.visitor_of(person())
        return self._draw(Selection(visitor, self.answerers.own_answerer(visitor)))

    def choose(self, choice: str, selection: Selection, browsed: Browsed | None = None) -> dict[Any, Any]:
        """Ask the other articles from now on, all of them."""
        own, both = choice in (_OWN, _BOTH), choice == _BOTH
        selection = replace(selection, asks_own=own, with_shared=both, articles=(), groups=())
        return self._draw(selection, browsed) | {self.progress: ""}

    def browse(self, wish: str, selection: Selection, browsed: Browsed | None = None) -> dict[Any, Any]:
        """What to list, which articles to ask, or which to take out."""
        wished = wish_of(wish)
        selection = wished.ticked(selection)
        told = ""
        try:
            if wished.does == "remove" and selection.articles:
                selection, told = self._without(selection)
            elif wished.does == "recall":
                selection = self._recalled(wished, selection)
            elif wished.does == "shared":
                selection = replace(selection, with_shared=wished.on, asks_own=True, articles=())
            elif "group" in wished.does:
                selection, told = self._grouped(wished, selection)
        except WenjuError as error:
            told = draw_notice(error.message(self.settings.language))
        return self._draw(selection, wished.browsed(browsed or Browsed())) | {self.progress: told}

    def _recalled(self, wished: Wish, selection: Selection) -> Selection:
        """The selection as it was when the same browser was here before, without what has gone since."""
        asks_own = wished.on and selection.own is not None
        there = {group.name for group in self.answerers.groups.of(selection.visitor)}
        names = tuple(name for name in wished.groups if name in there) if asks_own else ()
        both = asks_own and wished.with_shared
        selection = replace(selection, asks_own=asks_own, with_shared=both, groups=names)
        ids = {each.id for each in self.answerers.searched(selection).articles()} if wished.articles else set()
        return replace(selection, articles=tuple(name for name in wished.articles if name in ids))

    def _grouped(self, wished: Wish, selection: Selection) -> tuple[Selection, str]:
        """The selection after a wish about named collections, and what to say of it. Raises InputError."""
        groups, chosen = self.answerers.groups, tuple(name for name in selection.groups if name != wished.group)
        if wished.does == "group":
            there = {group.name for group in groups.of(selection.visitor)}
            chosen += (wished.group,) if wished.on and wished.group in there else ()
            return replace(selection, groups=chosen, articles=(), asks_own=bool(chosen) or selection.asks_own), ""
        if wished.does == "begin-group":
            name = groups.begin(selection.visitor, wished.name, self._ticked_own(selection))
            told = draw_told(self.words.shelf.group_begun.format(name=name))
            return replace(selection, groups=(name,), articles=(), asks_own=True), told
        if wished.does == "rename-group":
            name = groups.rename(selection.visitor, wished.group, wished.name)
            return replace(selection, groups=(*chosen, name) if wished.group in selection.groups else chosen), ""
        if wished.does == "remove-group":
            alone = groups.remove(selection.visitor, wished.group)
            selection = replace(selection, groups=chosen, articles=alone, asks_own=True)
            return self._without(selection) if alone and selection.own else (replace(selection, articles=()), "")
        return replace(selection, groups=()), ""

    def _without(self, selection: Selection) -> tuple[Selection, str]:
        """The selection without its ticked articles, which have to be the visitor's own; and what to say of it."""
        ticked = self._ticked_own(selection)
        if not (ticked and selection.own):
            return selection, draw_notice(self.words.shelf.not_yours)
        (own,) = selection.own.collection.parts
        self.answerers.groups.forget(selection.visitor, ticked)
        if own.count() == own.count(articles=ticked):
            uploads.forget(self.settings.home, selection.visitor)
            count, selection = len(own), replace(selection, own=None, asks_own=False)
        else:
            count = len(own.remove(ticked).removed)
        return replace(selection, articles=()), draw_told(self.words.shelf.removed.format(count=count))

    def _ticked_own(self, selection: Selection) -> tuple[str, ...]:
        """Those of the ticked articles that are the visitor's own."""
        if not (selection.asks_own and selection.own):
            return ()
        own = selection.own.collection
        return tuple(name for name in selection.articles if own.count(articles=[name]))

    def put_in(self, batch: str, selection: Selection, browsed: Browsed | None = None) -> Iterator[dict[Any, Any]]:
        """Files have come: read and index them, showing how far it is, then ask them from now on."""
        # Without a name the page was never entered, or the program has been started again since.
        selection = selection if selection.visitor else replace(selection, visitor=uploads.visitor_of(person()))
        own = selection.own.collection.parts[0] if selection.own else None
        files = self.arrivals.hand_on(selection.visitor, str(batch))
        try:
            for step in uploads.put_in(
                files, self.settings.home, selection.visitor, own, self.answerers.encoder(), self.words
            ):
                if isinstance(step, uploads.Step):
                    drawn = draw_progress(step.stage, step.done, step.total, step.rate, self.words)
                    yield {self.progress: drawn + draw_read_so_far(step.name, step.files, self.words)}
                    continue
                self.watch.taken(len(step.files), sum(not file.articles for file in step.files), step.killed)
                if step.collection is not None and selection.own is None:
                    selection = replace(selection, own=self.answerers.answerer_of(step.collection))
                if any(file.articles for file in step.files):
                    # They come into the one named collection that is chosen, or all own articles are asked.
                    into = selection.groups if len(selection.groups) == 1 else ()
                    for name in into:
                        self.answerers.groups.add(selection.visitor, name, step.articles)
                    selection = replace(selection, asks_own=True, articles=(), since="", until="", groups=into)
                    browsed = None
                yield {**self._draw(selection, browsed), self.progress: draw_taken(step.files, self.words)}
        except WenjuError as error:
            yield {self.progress: draw_notice(error.message(self.settings.language))}
        except Exception as error:
            log.exception("files could not be taken in")
            yield {self.progress: draw_notice(self.words.crashed.format(error=type(error).__name__))}
        finally:
            self.arrivals.forget(selection.visitor, str(batch))

    def _draw(self, selection: Selection, browsed: Browsed | None = None) -> dict[Any, Any]:
        """Which articles there are, and which are asked."""
        browsed = browsed or Browsed()
        shared, own = self.answerers.shared.collection, selection.own.collection if selection.own else None
        choices = [(self.words.size.format(name=self.answerers.shared_name, count=len(shared)), _SAMPLES)]
        if own is not None:
            choices.append((self.words.size.format(name=self.words.own_articles, count=len(own)), _OWN))
            size = self.words.size.format(name=self.words.shelf.all_articles, count=len(own) + len(shared))
            choices.append((size, _BOTH))
        asks_own = own is not None and selection.asks_own
        choice = _SAMPLES if not asks_own else _BOTH if selection.with_shared else _OWN
        listed = list(self.answerers.searched(selection).articles())
        found, total = browsed.pick(listed, selection.since, selection.until)
        shelf = Shelf(
            found,
            total,
            len(listed),
            selection.articles,
            selection.since,
            selection.until,
            asks_own,
            selection.groups if asks_own else (),
            self.answerers.shared_name if choice == _BOTH else "",
        )
        return {
            self.selection: selection,
            self.browsed: browsed,
            self.choice: self.gr.Radio(choices=choices, value=choice),
            self.catalogue: draw_catalogue(shelf, self.words),
            self.grouping: self._draw_groups(selection),
        }

    def _draw_groups(self, selection: Selection) -> str:
        groups, name = self.answerers.groups.of(selection.visitor), self.answerers.shared_name
        ticked = len(self._ticked_own(selection))
        return draw_groups(groups, selection.groups, ticked, self.words, shared=name, with_shared=selection.with_shared)


def _leave(selection: Selection) -> None:
    """The visitor's page was closed long ago."""
    if selection.own is not None:
        selection.own.collection.close()
