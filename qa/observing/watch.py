"""Whoever answers for others tells this of each question: it gets a number, is counted, and has its line in the log.

Knows counters and log lines. Knows nothing of the page, of requests or of answerers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.answer import Answer
from qa.observing import logs
from qa.observing.metrics import Metrics

WAYS = ("page", "api")
_FROM_THE_START = ("wenju_requests_total", "wenju_refusals_total", "wenju_stopped_total")


class Watch:
    """The figures and the log of one server. Only with `texts` do the words of questions and answers get into the log.

    May be told from many threads.
    """

    def __init__(self, *, texts: bool = False) -> None:
        self.metrics, self.texts = Metrics(), texts
        # A counter that is missing until something happens cannot be told from one that nobody counts.
        for way in WAYS:
            for name in _FROM_THE_START:
                self.metrics.count(name, 0, way=way)
        self.metrics.count("wenju_children_killed_total", 0)

    def begin(self, way: str) -> Asked:
        """A question has come in by `way`, one of WAYS."""
        return Asked(self, way)

    def taken(self, files: int, failed: int, killed: int) -> None:
        """So many files were put in, of which `failed` gave nothing, `killed` of them as their parser was ended."""
        self.metrics.count("wenju_files_total", files - failed, gave="articles")
        self.metrics.count("wenju_files_total", failed, gave="nothing")
        self.metrics.count("wenju_children_killed_total", killed)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on its way: `number` is what a person may quote of it. One of its ends is to be told, once."""

    watch: Watch
    way: str
    number: str = field(default_factory=logs.request_id)

    def answered(self, answer: Answer) -> None:
        """The whole `answer` is there, a refusal included."""
        self.watch.metrics.answered(answer, self.way)
        logs.answered(answer, self.number, self.way, texts=self.watch.texts)

    def failed(self, error: BaseException) -> None:
        """It ended in `error`."""
        self.watch.metrics.failed(error, self.way)
        logs.failed(error, self.number, self.way)

    def stopped(self) -> None:
        """Who asked did not want the rest."""
        self.watch.metrics.count("wenju_stopped_total", way=self.way)
        logs.stopped(self.number, self.way)
