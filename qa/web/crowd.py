"""Many people at once on the page: each asks as a browser does, and is told what the same question gets alone.

Knows the page's queue by what the browser half of Gradio sends, and answers by what the page hands to a browser to
keep. Its people share this process with the server, so the seconds are those of a machine that does both.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from qa.web.keeping import restored

if TYPE_CHECKING:
    from qa.answer import Answer
    from qa.answerer import Answerer
    from qa.settings import Settings

PATIENCE = 300.0  # seconds until one answer is given up
_HANDED = re.compile(r'data-handed="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the crowd: how long its whole answer took, and what was wrong with it, "" for nothing."""

    question: str
    seconds: float
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of all questions of `users` people, in `seconds` altogether."""

    users: int
    asked: tuple[Asked, ...]
    seconds: float

    @property
    def wrong(self) -> tuple[Asked, ...]:
        """Those that got no answer, or not their own."""
        return tuple(each for each in self.asked if each.wrong)

    def percentile(self, share: float) -> float:
        """Seconds within which this `share` of the questions was answered, by nearest rank."""
        seconds = sorted(each.seconds for each in self.asked)
        return seconds[max(0, ceil(share * len(seconds)) - 1)]


def crowd(answerer: Answerer, questions: Sequence[str], settings: Settings, *, users: int = 20, each: int = 3) -> Crowd:
    """Serve `answerer` and have `users` people ask `each` of `questions` in turn, all beginning at the same moment.

    Every answer is held against that which the same question gets when nobody else asks.
    """
    from qa.web import serving

    alone = {question: answerer.answer(question).text for question in questions}
    blocks = serving.serve(answerer, port=None, settings=settings, wait=False)
    try:
        asking = next(number for number, function in blocks.fns.items() if function.name == "ask")
        turns = [[questions[(user * each + turn) % len(questions)] for turn in range(each)] for user in range(users)]
        began = time.perf_counter()
        with ThreadPoolExecutor(users) as people:
            told = people.map(lambda own: _person(blocks.local_url, asking, own, alone), turns)
            asked = tuple(one for person in told for one in person)
        return Crowd(users, asked, time.perf_counter() - began)
    finally:
        blocks.close(verbose=False)


def _person(address: str, function: int, questions: Sequence[str], alone: dict[str, str]) -> list[Asked]:
    """One person's questions, each in a new conversation."""
    import httpx

    asked = []
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        client.get("")  # so that the browser is known by its cookie
        for question in questions:
            began = time.perf_counter()
            try:
                answer = _answer(client, function, question)
                mixed = answer.question.text != question or answer.text != alone[question]
                wrong = f"{answer.question.text}: {answer.text}"[:200] if mixed else ""
            except Exception as error:
                wrong = f"{type(error).__name__}: {error}"
            asked.append(Asked(question, time.perf_counter() - began, wrong))
    return asked


def _answer(client: Any, function: int, question: str) -> Answer:
    """What the page hands to the browser at the end of an answer. Raises ValueError where that is nothing."""
    session = uuid4().hex
    join = {"fn_index": function, "data": [question, None, None, None, ""], "session_hash": session}
    client.post("gradio_api/queue/join", json=join).raise_for_status()
    handed = ""
    with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            found = [match[1] for text in _texts(event) for match in _HANDED.finditer(text)]
            handed = found[-1] if found else handed
            if event.get("msg") == "process_completed":
                break
    kept = json.loads(html.unescape(handed)) if handed else {}
    if kept.get("what") != "kept":
        raise ValueError("the page handed over no answer")
    return restored([json.loads(kept["kept"])])[0].answer


def _texts(value: Any) -> list[str]:
    """All texts in a value of JSON."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inside for text in _texts(each)]
