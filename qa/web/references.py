"""Answers as text that can stand elsewhere: with footnotes after GB/T 7714, and whole conversations as Markdown.

Pure functions from values to strings. GB/T 7714-2015 has a newspaper article as `题名[N]. 报纸名, 日期(版次)` and, for
a document of no kind of its own, `题名[Z]. 来源, 日期`; who wrote it is left out where nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answer import Answer, Citation
from qa.web.texts import Words

_NEWSPAPER = re.compile(r"[一-鿿]{1,12}(?:日|晚|早|时|晨|快|都市|周|商|青年)?报(?=$|[\d_\-·\s（(年第.])")
_SHEET = re.compile(r"第?\s*([A-Z]?\d{1,3})\s*版")
_MARK = re.compile(r"\[(\d+)\]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!])")


def reference(citation: Citation) -> str:
    """Where a quote stands, as one entry of a list of references, without its number."""
    paper = _NEWSPAPER.search(citation.source)
    title = citation.title.strip() or "无题名"
    if not paper:
        told = ", ".join(fact for fact in (citation.source, citation.published) if fact)
        return f"{title}[Z]. {told}." if told else f"{title}[Z]."
    sheet = _SHEET.search(citation.source)
    date = f", {citation.published}" if citation.published else ""
    return f"{title}[N]. {paper[0]}{date}{f'({sheet[1]})' if sheet else ''}."


def with_references(answer: Answer, words: Words) -> str:
    """The answer's text as it is copied: marks stay, doubts are said, and the references follow with their quotes."""
    notes = [f"[{c.number}] {reference(c)}“{_one_line(c.quote)}”" for c in answer.citations]
    return "\n\n".join(part for part in (doubted(answer, words), "\n".join(notes)) if part)


def doubted(answer: Answer, words: Words) -> str:
    """The answer's text with what is wrong with a sentence said behind it in brackets."""
    text = answer.text
    for claim in sorted(answer.claims, key=lambda claim: -claim.end):
        if not claim.supported and claim.end <= len(text):
            problem = words.unsupported_because.format(problem=claim.problem) if claim.problem else words.unsupported
            text = f"{text[: claim.end]}（{problem}）{text[claim.end :]}"
    return text


def as_markdown(answers: Sequence[Answer], words: Words) -> str:
    """Questions as headings, answers below them, quotes as footnotes; nothing in a text acts as Markdown."""
    return "\n\n".join(block for turn, answer in enumerate(answers, 1) for block in _blocks(turn, answer, words)) + "\n"


def _blocks(turn: int, answer: Answer, words: Words) -> Iterator[str]:
    yield f"## {_plain(_one_line(answer.question.text))}"
    numbers = {citation.number for citation in answer.citations}

    def footnote(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return f"[^{turn}-{number}]" if number in numbers else _plain(mark[0])

    text, parts, place = doubted(answer, words), list[str](), 0
    for mark in _MARK.finditer(text):
        parts += [_plain(text[place : mark.start()]), footnote(mark)]
        place = mark.end()
    parts.append(_plain(text[place:]))
    shown = re.sub(r"\n+", "\n\n", "".join(parts).strip())
    yield f"> {shown}" if answer.refused else shown
    for citation in answer.citations:
        yield f"[^{turn}-{citation.number}]: {_plain(reference(citation))}“{_plain(_one_line(citation.quote))}”"


def _plain(text: str) -> str:
    """`text` as Markdown that shows exactly these characters."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return re.sub(r"^(\s*)([+\-=]|\d+[.)])", r"\1\\\2", escaped, flags=re.MULTILINE)


def _one_line(text: str) -> str:
    return " ".join(text.split())
