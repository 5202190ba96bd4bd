"""One line of JSON for each question, without its words unless they are asked for; and a number that a user can quote.

Knows which figures of an answer help to find out what went wrong. Knows nothing of where lines are kept: they go
through Python's own logging, under the name "wenju.questions".
"""

from __future__ import annotations

import json
import logging
import secrets
from datetime import UTC, datetime

from qa.answer import Answer

NAME = "wenju.questions"
_log = logging.getLogger(NAME)


def request_id() -> str:
    """A number for one question, short enough to be read out: "0412-7f3a9c" is of the fourth hour, twelfth minute."""
    return f"{datetime.now(UTC):%H%M}-{secrets.token_hex(3)}"


def answered(answer: Answer, request: str, way: str, *, texts: bool = False) -> None:
    """Log a whole `answer` to the question with the number `request`; its words only with `texts`."""
    line: dict[str, object] = {
        "event": "answered",
        "request": request,
        "way": way,
        "refused": answer.refused,
        "confidence": round(answer.confidence, 3),
        "model": answer.model,
        "characters": len(answer.question.text),
        "claims": len(answer.claims),
        "unsupported": sum(not claim.supported for claim in answer.claims),
        "citations": len(answer.citations),
        "passages": [hit.passage.id for hit in answer.hits] if texts else len(answer.hits),
        "seconds": {stage: round(seconds, 4) for stage, seconds in answer.seconds.items()},
    }
    if texts:
        line |= {"question": answer.question.text, "answer": answer.text}
    _write(logging.INFO, line)


def failed(error: BaseException, request: str, way: str) -> None:
    """Log that the question with the number `request` ended in `error`: its name, and where, not what it says.

    A message may quote what a person typed.
    """
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else ""
    line: dict[str, object] = {"event": "failed", "request": request, "way": way, "error": type(error).__name__}
    _write(logging.ERROR, line | {"where": where})


def _write(level: int, line: dict[str, object]) -> None:
    if _log.isEnabledFor(level):
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        _log.log(level, "%s", json.dumps({"time": stamp, **line}, ensure_ascii=False))
