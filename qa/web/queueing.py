"""The queue of questions: how many are answered at the same time, shared out fairly between those who ask.

Knows who waits and how many are before them. Knows nothing of questions, requests or Gradio. May be used from many
threads.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Condition
from types import TracebackType
from typing import Self

from corpus.errors import QuestionError

LONGEST_SECONDS = 900.0  # a place that is held longer belongs to someone whose connection has died


class Queue:
    """`total` questions are answered at once, at most `each` of one person, of whose further ones `waiting` may wait.

    Nobody's name ("") stands for people who cannot be told apart, and is treated as one person.
    """

    def __init__(self, total: int = 40, each: int = 3, waiting: int = 6) -> None:
        self.total, self.each, self.waiting = total, each, waiting
        self._changed = Condition()
        self._asking: list[Ticket] = []
        self._waiting: list[Ticket] = []

    def enter(self, person: str) -> Ticket:
        """A place in the line for `person`. Raises QuestionError where too many of that person's wait already."""
        with self._changed:
            own = sum(ticket.person == person for ticket in self._waiting)
            if own >= self.waiting:
                raise QuestionError(
                    f"您已有 {own} 个问题在等候，最多 {self.waiting} 个。请等前面的答完再问。",
                    f"{own} questions of yours are waiting, {self.waiting} are allowed. Ask again when one is done.",
                )
            ticket = Ticket(self, person)
            self._waiting.append(ticket)
            self._share_out()
            return ticket

    def counts(self) -> tuple[int, int]:
        """How many questions are being answered, and how many wait."""
        with self._changed:
            return len(self._asking), len(self._waiting)

    def wait(self, ticket: Ticket, seconds: float) -> bool:
        """Whether it is the turn of `ticket`, at the latest after `seconds`."""
        with self._changed:
            self._share_out()
            return self._changed.wait_for(lambda: ticket in self._asking, timeout=seconds)

    def ahead(self, ticket: Ticket) -> int:
        """How many of those who wait come before `ticket`."""
        with self._changed:
            return self._waiting.index(ticket) if ticket in self._waiting else 0

    def leave(self, ticket: Ticket) -> None:
        """The place of `ticket` is free again, or given up."""
        with self._changed:
            self._asking = [other for other in self._asking if other is not ticket]
            self._waiting = [other for other in self._waiting if other is not ticket]
            self._share_out()

    def _share_out(self) -> None:
        now = time.monotonic()
        self._asking = [ticket for ticket in self._asking if now - ticket.since < LONGEST_SECONDS]
        for ticket in list(self._waiting):
            if len(self._asking) >= self.total:
                break
            if sum(other.person == ticket.person for other in self._asking) < self.each:
                ticket.since = now
                self._waiting.remove(ticket)
                self._asking.append(ticket)
        self._changed.notify_all()


@dataclass(eq=False, slots=True)
class Ticket:
    """Someone's place in the line, then among those who are answered; given back at the end of `with`."""

    queue: Queue
    person: str
    since: float = field(default_factory=time.monotonic)

    def is_mine(self, seconds: float) -> bool:
        """Whether it is this one's turn, at the latest after `seconds`."""
        return self.queue.wait(self, seconds)

    @property
    def ahead(self) -> int:
        """How many wait before this one."""
        return self.queue.ahead(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.queue.leave(self)
