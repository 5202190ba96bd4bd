"""Who answers a visitor: which articles the visitor asks, with which limits, in whose words.

Knows collections and answerers. Knows nothing of Gradio or HTML. What a visitor has chosen is a `Selection`,
kept elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.errors import CollectionError, InputError, QuestionError
from embeddings.collections.together import Part, Together
from qa.answer import Question
from qa.web import uploads
from qa.web.browsing import Selection
from qa.web.commands import Wishes
from qa.web.groups import Groups
from qa.web.texts import CHINESE, ENGLISH, Words

if TYPE_CHECKING:
    from corpus.article import Article
    from embeddings.collections.together import AnyCollection
    from qa.answerer import Answerer
    from qa.settings import Settings
    from qa.web.models_tab import ModelsTab
    from qa.writing.writer import Writer

log = logging.getLogger(__name__)
_NO_WISHES = Wishes()


class Answerers:
    """What all visitors share: the answerer over the shared articles, and how one over others is made."""

    def __init__(self, shared: Answerer, settings: Settings, words: Words, models: ModelsTab, *, samples: bool) -> None:
        self.shared, self.settings, self.words, self.models = shared, settings, words, models
        self.groups = Groups(settings.home / "uploads" / "groups")
        self.shared_name = words.sample_articles if samples else words.articles

    def answerer(self, selection: Selection | None, pick: Any, wishes: Wishes) -> Answerer:
        """Who answers a visitor: from the articles that the visitor has selected, in the words of the chosen model.

        Raises QuestionError where none of the visitor's chosen collections has an article.
        """
        if not len(self.searched(selection)):
            raise QuestionError(CHINESE.shelf.empty_groups, ENGLISH.shelf.empty_groups)
        answerer, writer = self.asked(selection), self.models.writer(pick)
        if answerer.writer is writer and wishes == _NO_WISHES:
            return answerer
        return self.answerer_of(answerer.collection, writer, wishes)

    def drafter(self, selection: Selection | None) -> Answerer:
        """The embedded reader over the articles that the visitor has selected."""
        from qa.writing.writer import QuotingWriter

        answerer = self.asked(selection)
        if isinstance(answerer.writer, QuotingWriter):
            return answerer
        return self.answerer_of(answerer.collection, QuotingWriter())

    def asked_of(self, selection: Selection | None) -> str:
        """What the articles that the visitor has selected are called, and how many they are."""
        name = self.shared_name
        if selection and not self.asks_shared(selection):
            named = self.words.shelf.group_names.format(names="、".join(selection.groups))
            name = named if selection.groups else self.words.own_articles
            if selection.with_shared:
                name = self.words.shelf.and_shared.format(name=name, shared=self.shared_name)
        return self.words.talk.asked_of.format(name=name, count=len(self.searched(selection)))

    def asks_shared(self, selection: Selection | None) -> bool:
        """Whether only the articles that all visitors share are asked."""
        return self.searched(selection) is self.shared.collection

    def searched(self, selection: Selection | None) -> AnyCollection:
        """The articles that the visitor has selected: own ones or those of named collections, with the shared ones."""
        own = selection.own.collection if selection and selection.asks_own and selection.own else None
        if selection is None or own is None:
            return self.shared.collection
        if not (selection.groups or selection.with_shared):
            return own
        chosen = frozenset(self.groups.articles(selection.visitor, selection.groups)) if selection.groups else None
        return Together([Part(own, chosen), *([self.shared.collection] if selection.with_shared else [])])

    def question(self, selection: Selection | None, text: str) -> Question:
        """`text` with the limits that the visitor has set."""
        selection = selection or Selection()
        return Question(text, articles=selection.articles, since=selection.since, until=selection.until)

    def article(self, selection: Selection | None, name: str) -> Article | None:
        """An article of the visitor's own or of the shared ones."""
        own = [selection.own.collection] if selection and selection.own else []
        for collection in (self.searched(selection), *own, self.shared.collection):
            try:
                return collection.article(name)
            except KeyError:
                continue
        return None

    def visitor_of(self, selection: Selection | None) -> str:
        return selection.visitor if selection else ""

    def asked(self, selection: Selection | None) -> Answerer:
        """The answerer over the articles that the visitor has selected."""
        searched = self.searched(selection)
        for answerer in (self.shared, selection.own if selection else None):
            if answerer is not None and answerer.collection is searched:
                return answerer
        return self.answerer_of(searched)

    def answerer_of(
        self, collection: AnyCollection, writer: Writer | None = None, wishes: Wishes = _NO_WISHES
    ) -> Answerer:
        """One that answers from `collection` as the shared one does from its own."""
        from qa.answerer import Answerer

        return Answerer(collection, settings=wishes.wished(self.settings), writer=writer or self.shared.writer)

    def own_answerer(self, visitor: str) -> Answerer | None:
        """One that answers from what `visitor` put in earlier; None where that is nothing, or past use."""
        try:
            own = uploads.own_collection(self.settings.home, visitor, self.encoder())
        except CollectionError:
            log.exception("the articles put in earlier could not be opened")
            return None
        return self.answerer_of(own) if own else None

    def program_answerer(
        self, visitor: str, groups: Sequence[str] = (), *, with_shared: bool = False
    ) -> Answerer | None:
        """One for a program of `visitor`, over what it names as the page does; None where nothing was put in.

        Raises InputError where there is no such named collection, QuestionError where none has an article.
        """
        own = self.own_answerer(visitor)
        known = {group.name for group in self.groups.of(visitor)}
        for name in groups:
            if name not in known:
                told = (each.shelf.no_such_group.format(name=name) for each in (CHINESE, ENGLISH))
                raise InputError(*told)
        if own is None:
            return None
        selection = Selection(visitor, own, asks_own=True, groups=tuple(groups), with_shared=with_shared)
        if not len(self.searched(selection)):
            raise QuestionError(CHINESE.shelf.empty_groups, ENGLISH.shelf.empty_groups)
        return self.asked(selection)

    def encoder(self) -> Any:
        """The one in the settings: that of the shared collection may have been trained for its articles alone."""
        from embeddings.encoders.loading import load_encoder

        return load_encoder(self.settings.encoder, downloads=self.settings.downloads)
