"""Rows of question sets as cases: which form a row is in, our own or a public one, is told by its fields.

Knows nothing of files, encodings or tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qa.evaluation.questions.fields import case_of, fields_of, says_no, says_yes, text, texts
from qa.evaluation.questions.gathering import Gathering
from qa.evaluation.questions.public_sets import add_news, add_paragraph, add_rgb, add_shared_rgb


def add_row(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """Take in one JSON object of any form: a question, a paragraph with questions, or an entry with paragraphs."""
    if isinstance(row.get("paragraphs"), list):
        for paragraph in row["paragraphs"]:
            if isinstance(paragraph, dict):
                add_paragraph(gathering, number, paragraph, text(row.get("title")))
    elif isinstance(row.get("qas"), list):
        add_paragraph(gathering, number, row, text(row.get("title")))
    elif "news1" in row and "questions" in row:
        add_news(gathering, number, row)
    elif isinstance(row.get("positive"), list) or isinstance(row.get("negative"), list):
        add_rgb(gathering, number, row)
    elif row.get("negative_ids") or row.get("counterfactual_ids"):
        add_shared_rgb(gathering, number, row)
    else:
        add_fields(gathering, number, fields_of(row), row)


def add_fields(gathering: Gathering, number: int, found: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Take in one question whose fields are called as in FIELDS; `row` is what they were read from."""
    if says_no(found.get("keep")):
        return
    case = case_of(found, row)
    if case.question.strip():
        if "answerable" in found and not (says_no(found["answerable"]) or says_yes(found["answerable"])):
            gathering.note("unclear", number)
        context = "\n".join(texts(found.get("context")))
        if context and len(case.articles) < 2:
            names = gathering.carry(context, "".join(case.articles), text(found.get("title")))
            case = replace(case, articles=names)
    else:
        gathering.fields |= dict.fromkeys(list(map(str, row))[:12])
    gathering.keep(number, case)
