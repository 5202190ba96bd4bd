"""The error tree of the whole project.

    WenjuError                     every error this project raises on purpose
    ├── InputError                 what a person handed in cannot be used as it is
    │   ├── ReadError              a file or folder that gives no article
    │   │   └── ParserEnded        its parser took too long or too much, or crashed
    │   └── QuestionError          a question that cannot be asked
    ├── CollectionError            the index on disk
    │   ├── CollectionNotFound     there is none at that place
    │   ├── CollectionDamaged      none of its generations is whole
    │   ├── CollectionBusy         another process is writing to it
    │   ├── CollectionReadOnly     it can be asked, not changed
    │   └── EncoderMismatch        it was built with another encoder
    ├── ModelError                 a model that cannot be loaded or fails while it answers
    └── MissingPackage             an optional package is not installed

A message holds the value, what was expected, and the next step, once in Chinese and once in English.
Only the command line, the web handler and an evaluation row catch these.
"""

from __future__ import annotations

from corpus.languages import pick


class WenjuError(Exception):
    """An error with a message for people: `str(error)` is Chinese, `error.english` is English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese)
        self.chinese = chinese
        self.english = english

    def message(self, language: str) -> str:
        """The message in `language` ("zh" or "en")."""
        return pick(language, self.chinese, self.english)

    def __reduce__(self) -> tuple[type[WenjuError], tuple[str, str]]:
        return type(self), (self.chinese, self.english)


class InputError(WenjuError):
    """What a person handed in cannot be used as it is."""


class ReadError(InputError):
    """A file or folder that gives no article."""


class ParserEnded(ReadError):
    """A file whose parser was ended, for time or memory, or crashed."""


class QuestionError(InputError):
    """A question that cannot be asked."""


class CollectionError(WenjuError):
    """Something is wrong with an index on disk."""


class CollectionNotFound(CollectionError):
    """There is no collection at that place."""


class CollectionDamaged(CollectionError):
    """None of the collection's generations is whole."""


class CollectionBusy(CollectionError):
    """Another process is writing to the collection."""


class CollectionReadOnly(CollectionError):
    """The collection can be read, not changed: a read-only disk, or the folder of another user."""


class EncoderMismatch(CollectionError):
    """The collection was built with another encoder than the one at hand."""


class ModelError(WenjuError):
    """A model cannot be loaded, or failed while it answered."""


class MissingPackage(WenjuError):
    """An optional package is not installed."""
