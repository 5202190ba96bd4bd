"""Who answers a visitor: which articles the visitor asks, with which limits, in whose words.

Knows collections and answerers. Knows nothing of Gradio or HTML. What a visitor has chosen is a `Selection`,
kept elsewhere.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from corpus.errors import CollectionError, QuestionError
from qa.answer import Question
from qa.web import uploads
from qa.web.browsing import Selection
from qa.web.commands import Wishes
from qa.web.groups import Groups
from qa.web.texts import CHINESE, ENGLISH, Words

if TYPE_CHECKING:
    from corpus.article import Article
    from embeddings.collections.collection import Collection
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
        if selection and selection.groups and not self.asks_shared(selection) and not self.grouped(selection):
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
        if selection and selection.groups and not self.asks_shared(selection):
            name = self.words.shelf.group_names.format(names="、".join(selection.groups))
            return self.words.talk.asked_of.format(name=name, count=len(self.grouped(selection)))
        name = self.shared_name if self.asks_shared(selection) else self.words.own_articles
        return self.words.talk.asked_of.format(name=name, count=len(self.asked(selection).collection))

    def grouped(self, selection: Selection) -> tuple[str, ...]:
        """The ids of the articles in the collections that the visitor has chosen."""
        return self.groups.articles(selection.visitor, selection.groups)

    def asks_shared(self, selection: Selection | None) -> bool:
        return self.asked(selection) is self.shared

    def question(self, selection: Selection | None, text: str) -> Question:
        """`text` with the limits that the visitor has set."""
        selection = selection or Selection()
        articles = selection.articles or (() if self.asks_shared(selection) else self.grouped(selection))
        return Question(text, articles=articles, since=selection.since, until=selection.until)

    def article(self, selection: Selection | None, name: str) -> Article | None:
        """An article of the visitor's own or of the shared ones."""
        own = selection.own if selection else None
        for answerer in (own, self.shared):
            if answerer is not None:
                try:
                    return answerer.collection.article(name)
                except KeyError:
                    continue
        return None

    def visitor_of(self, selection: Selection | None) -> str:
        return selection.visitor if selection else ""

    def asked(self, selection: Selection | None) -> Answerer:
        """The answerer over the articles that the visitor has selected."""
        return selection.own if selection and selection.asks_own and selection.own else self.shared

    def answerer_of(
        self, collection: Collection, writer: Writer | None = None, wishes: Wishes = _NO_WISHES
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

    def encoder(self) -> Any:
        """The one in the settings: that of the shared collection may have been trained for its articles alone."""
        from embeddings.encoders.loading import load_encoder

        return load_encoder(self.settings.encoder, downloads=self.settings.downloads)
