"""One question and what came of it as HTML: the answer, its evidence beside it, and what can be done with both.

Pure functions from values to strings. Knows nothing of Gradio, of collections or of where a text came from, and trusts
none of them. Elements are found inside the element of their turn, `turn-3`, whose marks say their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qa.answer import Answer, Claim
from qa.web.conversation import Exchange
from qa.web.html import draw_button, draw_marked, escape, facts, whole_brackets
from qa.web.html_catalogue import draw_period
from qa.web.html_evidence import card_of, draw_evidence, draw_nearest, draw_read
from qa.web.html_why import draw_why
from qa.web.references import with_references
from qa.web.texts import Words
from qa.writing.refusals import NOT_FOUND

_MARK = re.compile(r"\[(\d+)\]")
_CLOSING = re.compile(r"[。！？!?；;，,、：:”’」』）)》〉】]+")
# Who waits longer for an answer may read meanwhile what it is made from.
_PATIENCE_SECONDS = 1.0


def draw_turn(number: int, exchange: Exchange, words: Words, *, busy: bool = False, newest: bool = False) -> str:
    """One question with its answer on the left and its evidence on the right; that of the newest turn is open.

    `busy`: more is coming.
    """
    answer = exchange.answer
    question = escape(answer.question.text)
    evidence = draw_evidence(number, answer, words)
    if busy and not evidence and exchange.waited > _PATIENCE_SECONDS:
        evidence = draw_read(answer, words)
    count = f' <span class="count">{len(answer.citations)}</span>' if answer.citations else ""
    aside = (
        f'<aside class="evidence" aria-label="{words.sources}"><details{" open" if newest else ""}>'
        f"<summary>{words.sources}{count}</summary>{evidence}</details></aside>"
        if evidence
        else ""
    )
    return (
        f'<section class="turn" id="turn-{number}" data-turn="{number}" aria-busy="{str(busy).lower()}">'
        f'<div class="said"><h2 class="asked">{question}</h2>'
        f"{''.join(_draw_said(number, exchange, words, busy))}</div>{aside}</section>"
    )


def _draw_said(number: int, exchange: Exchange, words: Words, busy: bool) -> Iterator[str]:
    """The left of a turn under its question."""
    answer = exchange.answer
    if answer.standalone.strip() not in ("", answer.question.text.strip()):
        yield f'<p class="understood">{words.understood_as}{escape(answer.standalone)}</p>'
    if answer.question.dates:
        yield _draw_dates(answer, words, busy)
    if answer.refused:
        yield _draw_refusal(answer, words)
    elif answer.text:
        state = " busy" if busy else ""
        yield f'<div class="answer{state}">{_draw_text(number, answer, words)}</div>'
    elif busy:
        yield _draw_waiting(answer, exchange.waited, words)
    if exchange.notice:
        quoted = words.request_number.format(number=escape(exchange.number)) if exchange.number else ""
        yield (
            f'<div class="failure" role="alert"><h3>{words.failed}</h3><p>{escape(exchange.notice)}</p>'
            f'<p class="request">{quoted}</p></div>'
        )
    elif not busy:
        yield from _draw_notes(answer, words)
        yield _draw_foot(exchange, words)
    if not busy:
        yield _draw_tools(number, exchange, words)
        yield draw_why(answer, words, exchange.number)


def _draw_dates(answer: Answer, words: Words, busy: bool) -> str:
    """That words of the question limit which articles were asked; once it is over, with a button to ask them all."""
    question = answer.question
    period = draw_period(question.since, question.until, words)
    told = words.shelf.dates_read.format(words=escape(question.dates), period=period)
    label = words.shelf.no_limit
    button = "" if busy else draw_button("everywhen", label, "×", kind="plain", question=question.text)
    return f'<p class="scope"><span class="limit">{told}{button}</span></p>'


def _draw_refusal(answer: Answer, words: Words) -> str:
    """That nothing was found, what was looked for, and what came closest."""
    text = answer.text.strip()
    own = "" if text.rstrip("。.") == words.refused or text in NOT_FOUND else f"<p>{escape(text)}</p>"
    looked = words.talk.looked_for.format(question=answer.standalone, count=len(answer.hits)) if answer.hits else ""
    told = f"<p>{escape(looked)}</p>" if looked else ""
    return f'<div class="refusal"><h3>{words.refused}</h3>{own}{told}</div>{draw_nearest(answer, words)}'


def _draw_notes(answer: Answer, words: Words) -> Iterator[str]:
    """What a reader of the finished answer is warned of."""
    if answer.unsure:
        yield f'<p class="unsure" role="note">{words.unsure}</p>'
    for part in answer.unanswered:
        yield f'<p class="unsure" role="note">{words.unanswered}{escape(part)}</p>'


def _draw_waiting(answer: Answer, waited: float, words: Words) -> str:
    """What goes on before the first words of an answer, and, where it is slow, for how long already."""
    told = words.writing.format(count=len(answer.hits)) if answer.hits else words.searching
    seconds = f' <span class="waited">{words.waited.format(seconds=int(waited))}</span>' if waited >= 1 else ""
    return f'<p class="waiting">{told}<span class="dots" aria-hidden="true"></span>{seconds}</p>'


def _draw_foot(exchange: Exchange, words: Words) -> str:
    """Which articles were asked, who answered and how long it took; a word on an unfinished answer."""
    answer = exchange.answer
    if not answer.done:
        told = words.stopped if answer.text else words.talk.stopped_early
        return f'<p class="foot stopped">{told}</p>'
    model = words.embedded_model if answer.model == "wenju" else answer.model
    if answer.instead_of:
        model = words.talk.instead.format(model=model, other=answer.instead_of)
    total = answer.seconds.get("total", sum(answer.seconds.values()))
    seconds = words.seconds.format(seconds=f"{total:.2f}") if answer.seconds else ""
    asked = escape(exchange.asked_of) if answer.hits else ""
    told = facts(asked, _draw_limits(answer, words), escape(model), seconds)
    return f'<p class="foot">{told}</p>' if told else ""


def _draw_limits(answer: Answer, words: Words) -> str:
    """The articles and dates to which a question was limited."""
    question = answer.question
    some = words.talk.asked_some.format(count=len(question.articles)) if question.articles else ""
    dates = words.talk.asked_dates.format(since=question.since or "…", until=question.until or "…")
    return facts(some, escape(dates) if question.since or question.until else "")


def _draw_tools(number: int, exchange: Exchange, words: Words) -> str:
    """What can be done with a turn that is over."""
    answer, talk = exchange.answer, words.talk
    asked = answer.question.text
    tools = [draw_button("copy", talk.copy, copy=with_references(answer, words))] if answer.text else []
    tools.append(draw_button("again", talk.again, question=asked))
    tools.append(draw_button("edit", talk.edit, question=asked))
    if answer.done and (answer.hits or answer.citations):
        tools.append(_draw_rating("good", talk.good, exchange.rating))
        tools.append(_draw_rating("bad", talk.bad, exchange.rating))
    if answer.text:
        tools.append(draw_button("export", talk.export_markdown, "Markdown", as_="md"))
        tools.append(draw_button("export", talk.export_word, "Word", as_="docx"))
    return f'<div class="tools">{"".join(tools)}</div>'


def _draw_rating(verdict: str, label: str, rating: str) -> str:
    pressed = str(rating == verdict).lower()
    return draw_button(verdict, label).replace("<button ", f'<button aria-pressed="{pressed}" ', 1)


def _draw_text(number: int, answer: Answer, words: Words) -> str:
    """The answer's text: claims with their verdict, marks as links, the shortest answer bold."""
    claims: list[Claim] = []
    for claim in sorted(answer.claims, key=lambda claim: claim.start):
        if (claims[-1].end if claims else 0) <= claim.start < claim.end <= len(answer.text):
            claims.append(claim)
    following = [*(claim.start for claim in claims[1:]), len(answer.text)]
    parts = [_draw_stretch(number, answer, 0, claims[0].start if claims else len(answer.text), words)]
    for claim, limit in zip(claims, following, strict=bool(claims)):
        # What closes the sentence comes before the word on what is wrong with it.
        closing = _CLOSING.match(answer.text, claim.end, limit)
        end = closing.end() if closing else claim.end
        parts.append(_draw_claim(number, answer, claim, end, words))
        parts.append(_draw_stretch(number, answer, end, limit, words))
    return "".join(parts)


def _draw_claim(number: int, answer: Answer, claim: Claim, end: int, words: Words) -> str:
    drawn = _draw_stretch(number, answer, claim.start, end, words)
    if claim.supported and claim.computed:
        return (
            f'<span class="claim">{drawn}</span><span class="computed" role="note">{escape(words.talk.computed)}</span>'
        )
    if claim.supported:
        return f'<span class="claim">{drawn}</span>'
    problem = words.unsupported_because.format(problem=claim.problem) if claim.problem else words.unsupported
    return f'<span class="claim unsupported">{drawn}</span><span class="problem" role="note">{escape(problem)}</span>'


def _draw_stretch(number: int, answer: Answer, start: int, end: int, words: Words) -> str:
    """`answer.text[start:end]` with its marks and highlights."""
    citations = {citation.number: citation for citation in answer.citations}
    titles = {name: citation.title for name, citation in citations.items()}
    bold = [whole_brackets(answer.text, span, (start, end)) for span in answer.highlights if _meet(span, start, end)]
    parts: list[str] = []
    place = start
    for mark in _MARK.finditer(answer.text, start, end):
        parts.append(draw_marked(answer.text, place, mark.start(), bold, "strong"))
        card = card_of(number, int(mark[1]), answer.citations)
        quote = citations[int(mark[1])].quote if int(mark[1]) in citations else ""
        parts.append(_draw_mark(int(mark[1]), card, quote, titles, words))
        place = mark.end()
    parts.append(draw_marked(answer.text, place, end, bold, "strong"))
    return "".join(parts)


def _meet(span: tuple[int, int], start: int, end: int) -> bool:
    return span[0] < end and span[1] > start


def _draw_mark(number: int, card: str, quote: str, titles: Mapping[int, str], words: Words) -> str:
    """A link to the quote of citation `number`; plain text where there is no such citation (yet)."""
    if number not in titles:
        return f'<span class="mark pending">[{number}]</span>'
    title = titles[number] or words.untitled
    label = escape(words.mark.format(number=number, title=title))
    return (
        f'<a class="mark" href="#{card}" data-do="mark" data-number="{number}" data-title="{escape(title)}" '
        f'data-quote="{escape(quote)}" aria-label="{label}">[{number}]</a>'
    )
