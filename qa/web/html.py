"""An `Answer` as HTML: the conversation on the left of the page and the evidence on its right.

Pure functions from values to strings. Knows nothing of Gradio, of collections or of where a text came from, and trusts
none of them: whatever was not written in this file goes through `escape`.

An element that others point at is named after the number of its turn in the conversation, so that a mark of an
earlier answer still finds its own card: the card of `[2]` in turn 3 is `card-3-2`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from corpus.article import Article, Passage, Span
from prompts import render
from qa.answer import Answer, Citation, Claim
from qa.web.texts import Words

_MARK = re.compile(r"\[(\d+)\]")
# Besides what HTML needs: braces, dollar and backtick of template languages, in case a text passes through one.
_ENTITIES = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})
# Characters of the page shown before and after a quote, and the gap inside one from which on it is left out.
_AROUND = 60
_GAP = 160
# Passages shown while an answer is written.
_READ = 3


def escape(text: str) -> str:
    """`text` as HTML that shows exactly these characters, in content and in quoted attributes."""
    return html.escape(text, quote=True).translate(_ENTITIES)


def draw_turn(
    number: int, answer: Answer, words: Words, *, busy: bool = False, notice: str = "", waited: float = 0.0
) -> str:
    """One question and what came of it.

    `busy`: more is coming, for which one has `waited` so many seconds. `notice`: why there is no (or only half an)
    answer.
    """
    parts = [f'<p class="asked" aria-label="{words.question}">{escape(answer.question.text)}</p>']
    if answer.standalone.strip() not in ("", answer.question.text.strip()):
        parts.append(f'<p class="understood">{words.understood_as}{escape(answer.standalone)}</p>')
    if answer.refused:
        parts.append(f'<div class="refusal"><h3>{words.refused}</h3>{_refusal_text(answer, words)}</div>')
    elif answer.text:
        state = " busy" if busy else ""
        parts.append(f'<div class="answer{state}">{_draw_text(number, answer, words)}</div>')
    elif busy:
        parts.append(_draw_waiting(answer, waited, words))
    if notice:
        parts.append(f'<div class="failure" role="alert"><h3>{words.failed}</h3><p>{escape(notice)}</p></div>')
    elif not busy:
        if answer.unsure:
            parts.append(f'<p class="unsure" role="note">{words.unsure}</p>')
        notes = (f"{words.unanswered}{escape(part)}" for part in answer.unanswered)
        parts.extend(f'<p class="unsure" role="note">{note}</p>' for note in notes)
        parts.append(_draw_foot(answer, words))
    return f'<section class="turn" id="turn-{number}" aria-busy="{str(busy).lower()}">{"".join(parts)}</section>'


def draw_sources(number: int, answer: Answer, articles: Mapping[str, Article], words: Words) -> str:
    """The evidence of one answer, or the near misses of a refusal. `articles` by id give the pages as they were."""
    if answer.refused:
        cards = "".join(_draw_near_miss(hit.passage, words) for hit in answer.nearest)
        return f'<h3 class="near">{words.nearest}</h3><div class="cards">{cards}</div>' if cards else ""
    cards = "".join(
        _draw_card(number, citation, articles.get(citation.passage.article_id), words) for citation in answer.citations
    )
    return f'<div class="cards">{cards}</div>' if cards else ""


def draw_read(answer: Answer, words: Words) -> str:
    """The passages that an answer is being written from, for those who wait for it. They are not evidence."""
    cards = "".join(_draw_near_miss(hit.passage, words) for hit in answer.hits[:_READ] if not answer.done)
    return f'<h3 class="near">{words.passages_read}</h3><div class="cards">{cards}</div>' if cards else ""


def draw_panel(turns: Sequence[tuple[Answer, str]], words: Words, *, busy: bool = False) -> str:
    """The evidence panel: the newest turn open, the earlier ones folded below it. `turns`: answers and their cards."""
    if not turns:
        return f'<p class="hint">{words.no_sources_yet}</p>'
    (newest, cards), earlier = turns[-1], [turn for turn in turns[:-1] if turn[1]]
    asked = f'<p class="asked-of">{escape(newest.question.text)}</p>'
    nothing = f'<p class="hint">{words.searching + "……" if busy else words.no_sources}</p>'
    older = "".join(
        f"<details><summary>{escape(answer.question.text)}</summary>{drawn}</details>"
        for answer, drawn in reversed(earlier)
    )
    fold = f'<div class="earlier"><h3>{words.earlier}</h3>{older}</div>' if older else ""
    return f'<section class="newest">{asked}{cards or nothing}</section>{fold}'


def _draw_waiting(answer: Answer, waited: float, words: Words) -> str:
    """What goes on before the first words of an answer, and, where it is slow, for how long already."""
    told = words.writing.format(count=len(answer.hits)) if answer.hits else words.searching
    seconds = f' <span class="waited">{words.waited.format(seconds=int(waited))}</span>' if waited >= 1 else ""
    return f'<p class="waiting">{told}<span class="dots" aria-hidden="true"></span>{seconds}</p>'


def _refusal_text(answer: Answer, words: Words) -> str:
    """The refusal's own words, unless they only repeat the heading."""
    text = answer.text.strip()
    if text.rstrip("。.") == words.refused or text == render("refusal"):
        return ""
    return f"<p>{escape(text)}</p>"


def _draw_foot(answer: Answer, words: Words) -> str:
    """Model and time of a finished answer; a word on an unfinished one."""
    if not answer.done:
        return f'<p class="foot stopped">{words.stopped}</p>'
    model = words.embedded_model if answer.model == "wenju" else answer.model
    facts = [escape(model)] if model else []
    if answer.seconds:
        total = answer.seconds.get("total", sum(answer.seconds.values()))
        facts.append(words.seconds.format(seconds=f"{total:.2f}"))
    return f'<p class="foot">{" · ".join(facts)}</p>' if facts else ""


def _draw_text(number: int, answer: Answer, words: Words) -> str:
    """The answer's text: claims with their verdict, marks as links, the shortest answer bold."""
    parts: list[str] = []
    place = 0
    for claim in sorted(answer.claims, key=lambda claim: claim.start):
        if not place <= claim.start < claim.end <= len(answer.text):
            continue
        parts.append(_draw_stretch(number, answer, place, claim.start, words))
        parts.append(_draw_claim(number, answer, claim, words))
        place = claim.end
    parts.append(_draw_stretch(number, answer, place, len(answer.text), words))
    return "".join(parts)


def _draw_claim(number: int, answer: Answer, claim: Claim, words: Words) -> str:
    drawn = _draw_stretch(number, answer, claim.start, claim.end, words)
    if claim.supported:
        return f'<span class="claim">{drawn}</span>'
    problem = words.unsupported_because.format(problem=claim.problem) if claim.problem else words.unsupported
    return f'<span class="claim unsupported">{drawn}</span><span class="problem" role="note">{escape(problem)}</span>'


def _draw_stretch(number: int, answer: Answer, start: int, end: int, words: Words) -> str:
    """`answer.text[start:end]` with its marks and highlights."""
    titles = {citation.number: citation.title for citation in answer.citations}
    parts: list[str] = []
    place = start
    for mark in _MARK.finditer(answer.text, start, end):
        parts.append(_draw_marked(answer.text, place, mark.start(), answer.highlights, "strong"))
        parts.append(_draw_mark(number, int(mark[1]), titles, words))
        place = mark.end()
    parts.append(_draw_marked(answer.text, place, end, answer.highlights, "strong"))
    return "".join(parts)


def _draw_mark(turn: int, number: int, titles: Mapping[int, str], words: Words) -> str:
    """A link to the card of citation `number`; plain text where there is no such citation (yet)."""
    if number not in titles:
        return f'<span class="mark pending">[{number}]</span>'
    label = escape(words.mark.format(number=number, title=titles[number] or words.untitled))
    card = f"card-{turn}-{number}"
    return f'<a class="mark" href="#{card}" data-card="{card}" aria-label="{label}">[{number}]</a>'


def _draw_marked(text: str, start: int, end: int, spans: Sequence[Span], tag: str) -> str:
    """`text[start:end]` escaped, the parts of it inside `spans` wrapped in `tag`."""
    parts: list[str] = []
    place = start
    for first, last in sorted(spans):
        first, last = max(first, place), min(last, end)
        if first < last:
            parts += [escape(text[place:first]), f"<{tag}>{escape(text[first:last])}</{tag}>"]
            place = last
    return "".join([*parts, escape(text[place:end])])


def _draw_card(turn: int, citation: Citation, article: Article | None, words: Words) -> str:
    """One piece of evidence: where it stands, the passage with its quote marked, and the page before repair."""
    passage, name = citation.passage, f"card-{turn}-{citation.number}"
    quote = (citation.start - passage.start, citation.end - passage.start)
    back = escape(words.back.format(number=citation.number))
    page = _draw_page(citation, article, words) if article else ""
    return (
        f'<article class="card" id="{name}" tabindex="-1">'
        f'<header><a class="number" href="#turn-{turn}" data-mark="{name}" title="{back}" aria-label="{back}">'
        f"{citation.number}</a>{_draw_origin(passage, words)}</header>"
        f"<blockquote>{_draw_marked(passage.text, 0, len(passage.text), [quote], 'mark')}</blockquote>{page}</article>"
    )


def _draw_near_miss(passage: Passage, words: Words) -> str:
    return (
        f'<article class="card miss"><header>{_draw_origin(passage, words)}</header>'
        f"<blockquote>{escape(passage.text)}</blockquote></article>"
    )


def _draw_origin(passage: Passage, words: Words) -> str:
    """Title, file and date of a passage."""
    facts = [escape(fact) for fact in (passage.source, passage.published) if fact]
    title = escape(passage.title or words.untitled)
    return f'<div class="origin"><h4>{title}</h4><p>{" · ".join(facts)}</p></div>'


def _draw_page(citation: Citation, article: Article, words: Words) -> str:
    """The page as it was around the quote, folded away."""
    if article.raw is None:
        shown = f'<p class="same">{words.raw_same}</p>'
    else:
        spans = [(start - article.raw_start, end - article.raw_start) for start, end in citation.raw_spans]
        spans = sorted(span for span in spans if 0 <= span[0] < span[1] <= len(article.raw_text))
        shown = f'<div class="page">{"".join(_draw_excerpts(article.raw_text, spans))}</div>' if spans else ""
    return f'<details class="raw"><summary>{words.raw}</summary>{shown}</details>' if shown else ""


def _draw_excerpts(raw: str, spans: Sequence[Span]) -> Iterator[str]:
    """`raw` around `spans` (ascending), every span marked, long stretches between them left out."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] <= _GAP:
            groups[-1].append(span)
        else:
            groups.append([span])
    for group in groups:
        start, end = max(0, group[0][0] - _AROUND), min(len(raw), group[-1][1] + _AROUND)
        before, after = "……" if start else "", "……" if end < len(raw) else ""
        yield f"<pre>{before}{_draw_marked(raw, start, end, group, 'mark')}{after}</pre>"
