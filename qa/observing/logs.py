"""One line of JSON for each question, without its words unless they are asked for; and a number that a user can quote.

Knows which figures of an answer help to find out what went wrong. Knows nothing of where lines are kept: they go
through Python's own logging, under the name "wenju.questions".
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import InputError
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
    # What cannot be asked as it is is no fault of the program.
    _write(logging.INFO if isinstance(error, InputError) else logging.ERROR, line | {"where": where})


def stopped(request: str, way: str) -> None:
    """Log that who asked the question with the number `request` stopped its answer."""
    _write(logging.INFO, {"event": "stopped", "request": request, "way": way})


def keep_in(path: Path) -> logging.Handler:
    """Have all lines written to the end of the file `path`, which is this machine's owner's alone; `close` ends it.

    Raises InputError where it cannot be written.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"记录不能写到 {path}（{reason}）。--log 应当是一个可以写的文件。",
            f"The log cannot be written to {path} ({reason}). --log takes a file that can be written.",
        ) from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    return handler


def _write(level: int, line: dict[str, object]) -> None:
    if _log.isEnabledFor(level):
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        _log.log(level, "%s", json.dumps({"time": stamp, **line}, ensure_ascii=False))
