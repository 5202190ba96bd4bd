"""One HTML file that holds everything: data as JSON, looks and program, and leave to load nothing else.

Knows how texts are put into HTML so that they stay texts. What is drawn from the data is the business of
`report_parts.js`, `report.js` and `comparison.js`.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from corpus.languages import LANGUAGES
from qa.evaluation.report.files import to_json, to_json_lines
from qa.evaluation.report.rows import OUTCOMES, columns, count_outcomes, headline, median_stages
from qa.evaluation.report.texts import KINDS, WORDS

_FOLDER = Path(__file__).parent
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def report_page(report: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """The page of one evaluation. `rows` are read one by one, as they are opened; the rest of it at once."""
    outcomes = count_outcomes(rows)
    data = {
        "report": report,
        "outcomes": outcomes,
        "headline": {language: headline(outcomes, language) for language in LANGUAGES},
        "stages": median_stages(rows),
        "table": columns(rows),
    }
    return page("report.js", str(report["name"]), data, rows)


def page(program: str, title: str, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """A page that runs `report_parts.js` and `program` on `data` and `rows`; nothing in these can become markup."""
    style = _shipped("report.css")
    script = f"{_shipped('report_parts.js')}\n{_shipped(program)}"
    words = {"words": WORDS, "kinds": KINDS, "order": OUTCOMES}
    fields = {
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        "title": html.escape(title),
        "noscript": "<br>".join(html.escape(WORDS[language]["noscript"]) for language in LANGUAGES),
        "style": style,
        "script": script,
        "data": _inert(to_json({**data, **words})),
        "rows": _inert(to_json_lines(rows)),
    }
    # In one pass, so that a question that reads {{data}} stays what it is.
    return _PLACE.sub(lambda place: fields[place[1]], _shipped("report.html"))


def _inert(text: str) -> str:
    """JSON in which no tag can begin or end."""
    return text.replace("<", "\\u003c")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _shipped(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
