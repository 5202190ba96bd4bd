"""The place for question sets and the list of reports as HTML. Pure functions from values to strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from qa.web.html import escape
from qa.web.html_catalogue import drop_data
from qa.web.texts import Words


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the visitor's: its name, which is part of its address, and when it was made."""

    name: str
    made: str


def draw_set(words: Words, most: int) -> str:
    """Where a question set is put in."""
    return (
        f'<div class="put-in"><h3>{words.shelf.evaluate}</h3><p>{words.shelf.evaluate_hint.format(most=most)}</p>'
        f'<div class="drop" {drop_data(words, "set-arrived", most=1)}><p>{words.shelf.drop_set}</p><p class="choose">'
        f'<label class="pick">{words.shelf.pick_set}<input type="file"></label></p></div>'
        f'<ol class="sending" role="status" aria-label="{escape(words.sending)}"></ol></div>'
    )


def draw_reports(reports: Sequence[Report], words: Words) -> str:
    """The visitor's reports, each with a link that opens it beside this page."""
    if not reports:
        return ""
    rows = "".join(
        f'<li><a href="reports/{quote(report.name)}/report.html" target="_blank" rel="noopener">{escape(report.name)}'
        f"</a><small>{escape(report.made)}</small></li>"
        for report in reports
    )
    return f'<section class="reports"><h3>{words.shelf.reports}</h3><ol>{rows}</ol></section>'
