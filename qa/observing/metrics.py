"""Counters, gauges and histograms in this process, written as Prometheus reads them (text format 0.0.4).

Knows names, labels and figures. Knows nothing of how they are served, and holds no text of a question or an article:
labels are words of the program's own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from qa.answer import Answer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_HELP = {
    "wenju_requests_total": "Questions that were answered or refused, by the way they came in.",
    "wenju_refusals_total": "Questions that were refused.",
    "wenju_claims_total": "Sentences of answers, by whether their passages support them.",
    "wenju_errors_total": "Questions that ended in an error, by its name.",
    "wenju_stage_seconds": "Seconds that a question spent in each stage, and in all.",
    "wenju_stopped_total": "Questions whose answer was stopped by who asked.",
    "wenju_searches_total": "Searches for passages, without an answer.",
    "wenju_files_total": "Files that were put in, by whether they gave an article.",
    "wenju_answering": "Questions that are being answered.",
    "wenju_queue": "Questions that wait for their turn.",
    "wenju_children_killed_total": "Parsing processes that were ended for taking too much time or memory.",
}
_Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Histogram:
    counts: list[int] = field(default_factory=lambda: [0] * (len(_SECONDS) + 1))
    total: float = 0.0


class Metrics:
    """A registry of its own; any number of threads may write to it. Names are those of `_HELP` or new ones."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counters: dict[str, dict[_Labels, float]] = {}
        self._gauges: dict[str, dict[_Labels, float]] = {}
        self._histograms: dict[str, dict[_Labels, _Histogram]] = {}

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        """Add `by` to the counter `name`, which should end in "_total"."""
        with self._lock:
            values = self._counters.setdefault(name, {})
            values[_key(labels)] = values.get(_key(labels), 0) + by

    def set(self, name: str, value: float, **labels: str) -> None:
        """Let the gauge `name` stand at `value`."""
        with self._lock:
            self._gauges.setdefault(name, {})[_key(labels)] = value

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Put `seconds` into the histogram `name`."""
        with self._lock:
            histogram = self._histograms.setdefault(name, {}).setdefault(_key(labels), _Histogram())
            histogram.counts[bisect_left(_SECONDS, seconds)] += 1
            histogram.total += seconds

    def answered(self, answer: Answer, way: str) -> None:
        """Count a whole `answer` that came in by `way` ("page", "api", "cli")."""
        self.count("wenju_requests_total", way=way)
        if answer.refused:
            self.count("wenju_refusals_total", way=way)
        for claim in answer.claims:
            self.count("wenju_claims_total", supported="yes" if claim.supported else "no")
        for stage, seconds in answer.seconds.items():
            self.observe("wenju_stage_seconds", seconds, stage=stage)

    def failed(self, error: BaseException, way: str) -> None:
        """Count a question that ended in `error`."""
        self.count("wenju_errors_total", way=way, error=type(error).__name__)

    def text(self) -> str:
        """All of it, as `GET /metrics` answers with the content type CONTENT_TYPE."""
        with self._lock:
            lines: list[str] = []
            for kind, families in (("counter", self._counters), ("gauge", self._gauges)):
                for name, values in sorted(families.items()):
                    lines += _head(name, kind)
                    lines += (f"{name}{_shown(labels)} {value:g}" for labels, value in sorted(values.items()))
            for name, histograms in sorted(self._histograms.items()):
                lines += _head(name, "histogram")
                for labels, histogram in sorted(histograms.items(), key=lambda pair: pair[0]):
                    lines += _buckets(name, labels, histogram)
        return "\n".join(lines) + "\n"


def _key(labels: Mapping[str, str]) -> _Labels:
    return tuple(sorted(labels.items()))


def _head(name: str, kind: str) -> list[str]:
    told = [f"# HELP {name} {_HELP[name]}"] if name in _HELP else []
    return [*told, f"# TYPE {name} {kind}"]


def _buckets(name: str, labels: _Labels, histogram: _Histogram) -> list[str]:
    lines, below = [], 0
    for limit, count in zip((*(f"{limit:g}" for limit in _SECONDS), "+Inf"), histogram.counts, strict=True):
        below += count
        lines.append(f"{name}_bucket{_shown((*labels, ('le', limit)))} {below}")
    return [*lines, f"{name}_sum{_shown(labels)} {histogram.total:.6g}", f"{name}_count{_shown(labels)} {below}"]


def _shown(labels: _Labels) -> str:
    if not labels:
        return ""
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{inside}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
