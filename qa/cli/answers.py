"""How an answer looks in a terminal: its text with marks, what is bold in it, its sources; a refusal.

Knows answers, decides nothing about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.live import Live
from rich.text import Text

from corpus.article import Passage
from corpus.places import Place, told_places
from qa.answer import Answer, Citation
from qa.cli.evidence import quoted_lines
from qa.cli.terminal import Terminal, printable
from qa.web.texts import CHINESE, ENGLISH

SNIPPET = 90


def follow(terminal: Terminal, answers: Iterator[Answer]) -> Answer:
    """The last of `answers`; on a terminal the text is shown as it grows, and taken away when it is whole."""
    with Live(console=terminal.notes, transient=True, auto_refresh=False) as live:
        for answer in answers:
            if terminal.notes.is_terminal and not answer.done:
                searched = terminal.pick(
                    f"找到 {len(answer.hits)} 段，正在写……", f"{len(answer.hits)} found, writing …"
                )
                live.update(Text(printable(answer.text or searched), style="" if answer.text else "dim"), refresh=True)
    return answer


def show_answer(terminal: Terminal, answer: Answer) -> None:
    """The answer with its marks, then its sources; for a refusal, the passages that came closest."""
    _show_text(terminal, answer)
    if answer.question.dates:
        since, until = answer.question.since or "…", answer.question.until or "…"
        told = f"{since} – {until}"
        terminal.note(
            f"按“{answer.question.dates}”只找了这段日期的文章：{told}。--all-dates 不作限定。",
            f"Only articles of {told} were searched, as “{answer.question.dates}” says. --all-dates searches all.",
            "dim",
        )
    model = terminal.pick(CHINESE.embedded_model, ENGLISH.embedded_model) if answer.model == "wenju" else answer.model
    seconds = f"{answer.seconds.get('total', 0.0):.2f}"
    terminal.note(f"由{model}作答，{seconds} 秒", f"Answered by {model} in {seconds} s", "dim")


def _show_text(terminal: Terminal, answer: Answer) -> None:
    if answer.refused:
        _show_refusal(terminal, answer)
        return
    text = Text(answer.text)
    for claim in answer.claims:
        if not claim.supported:
            text.stylize("red", claim.start, claim.end)
    for start, end in answer.highlights:
        text.stylize("bold underline", start, end)
    terminal.write(text)
    for claim in answer.claims:
        if not claim.supported:
            problem = terminal.pick(
                f"未能核实：{claim.text}（{claim.problem}）", f"Not verified: {claim.text} ({claim.problem})"
            )
            terminal.write(Text(problem, style="red"))
    if answer.unsure:
        told = terminal.pick(CHINESE.unsure, ENGLISH.unsure)
        terminal.write(Text(told, style="yellow"))
    for part in answer.unanswered:
        told = terminal.pick(CHINESE.unanswered, ENGLISH.unanswered)
        terminal.write(Text(told + part, style="yellow"))
    if answer.citations:
        terminal.write()
        terminal.write(Text(terminal.pick("出处", "Sources"), style="bold"))
    shortest = [answer.text[start:end] for start, end in answer.highlights]
    for citation in answer.citations:
        _show_citation(terminal, citation, shortest)


def _show_refusal(terminal: Terminal, answer: Answer) -> None:
    terminal.write(Text(answer.text, style="yellow"))
    if answer.nearest:
        terminal.write()
        terminal.write(Text(terminal.pick("最接近的段落（不是出处）", "Nearest passages (not evidence)"), style="bold"))
    for hit in answer.nearest:
        passage = hit.passage
        terminal.write(_heading(terminal, "·", passage))
        # The heading above has the title already.
        snippet = " ".join(passage.text.removeprefix(passage.title).split())
        terminal.write(Text(snippet[:SNIPPET] + "…" * (len(snippet) > SNIPPET), style="dim"), indent=4)


def _show_citation(terminal: Terminal, citation: Citation, shortest: Sequence[str]) -> None:
    terminal.write(_heading(terminal, f"[{citation.number}]", citation.passage, citation.places))
    for line in quoted_lines(citation, shortest, max(20, terminal.out.width - 4)):
        terminal.write(line, indent=4)


def _heading(terminal: Terminal, mark: str, passage: Passage, places: Sequence[Place] = ()) -> Text:
    heading = Text(f"{mark} ", style="cyan")
    heading.append(f"《{passage.title}》" if passage.title else "《…》", style="bold")
    held = (*passage.validity.told(terminal.language), *told_places(places, terminal.language))
    told = filter(None, (passage.source, passage.published, *held))
    return heading.append("  ".join(["", *told]), style="dim")
