"""The articles side of the chat page as HTML: the welcome, the list of articles, indexing as it goes, what came of it.

Pure functions from values to strings; knows nothing of Gradio, files or collections. `qa.web.html` draws answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.web.html import escape
from qa.web.html_suggestions import draw_questions
from qa.web.texts import Words

_FAILED_SHOWN, _READ_SHOWN = 50, 5  # files, while others are still being read


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What came of one file put in. `repairs` says what was mended, `problem` why it gave nothing or not all."""

    name: str
    articles: int = 0
    passages: int = 0
    repairs: str = ""
    problem: str = ""


def draw_header(words: Words) -> str:
    return f'<div class="masthead"><h1>{words.name}</h1><p>{words.tagline}</p></div>'


def draw_welcome(samples: Sequence[str], words: Words) -> str:
    """What the chat shows before the first question."""
    buttons = draw_questions(samples)
    tries = f'<h3>{words.try_these}</h3><div class="samples">{buttons}</div>' if buttons else ""
    link = f'<button type="button" class="link" data-tab="articles">{words.own_articles_link}</button>'
    return f'<div class="welcome"><h2>{words.welcome}</h2><p>{words.welcome_more}</p>{tries}<p>{link}</p></div>'


def draw_notice(message: str) -> str:
    """A line above the box where questions are written."""
    return f'<p class="notice" role="alert">{escape(message)}</p>' if message else ""


def draw_waiting(ahead: int, words: Words) -> str:
    """That a question waits for its turn, `ahead` others before it."""
    told = words.shelf.waiting.format(ahead=ahead) if ahead else words.shelf.waiting_next
    return f'<p class="waiting" role="status">{told}</p>'


def draw_told(message: str) -> str:
    """That something went well."""
    return f'<p class="told" role="status">{escape(message)}</p>' if message else ""


def draw_progress(stage: str, done: int, total: int, rate: float, words: Words) -> str:
    """Indexing as it goes: `done` of `total` (0: unknown), at `rate` a second (0.0: unknown)."""
    facts = [f"{done} / {total}" if total else str(done) if done else ""]
    if rate > 0:
        facts.append(words.rate.format(rate=f"{rate:.1f}" if rate < 10 else f"{rate:.0f}"))
        if total > done:
            facts.append(words.remaining.format(seconds=max(1, round((total - done) / rate))))
    value = f' value="{min(done, total)}" max="{total}"' if total else ""
    told = " · ".join(fact for fact in facts if fact)
    name = escape(words.stages.get(stage, stage))
    return (
        f'<div class="progress"><p><b role="status">{name}</b><span>{told}</span></p>'
        f'<progress{value} aria-label="{name}"></progress></div>'
    )


def draw_read_so_far(name: str, files: Sequence[TakenFile], words: Words) -> str:
    """Which file is being read, and what came of those before it: all that failed, and the last that did not."""
    at = f'<p class="at">{words.shelf.reading_now.format(name=escape(name))}</p>' if name else ""
    failed, good = [file for file in files if file.problem], [file for file in files if not file.problem]
    rows = "".join(_draw_file(file, words) for file in [*failed[-_FAILED_SHOWN:], *reversed(good[-_READ_SHOWN:])])
    return f'<div class="so-far">{at}<ul>{rows}</ul></div>' if at or rows else ""


def draw_taken(files: Sequence[TakenFile], words: Words) -> str:
    """What came of each file, those with a problem first, and whether there is something to ask now."""
    rows = "".join(_draw_file(file, words) for file in sorted(files, key=lambda file: not file.problem))
    ready = any(file.articles for file in files)
    end = f'<p class="ready">{words.ready if ready else words.nothing_taken}</p>'
    return f'<div class="taken" role="status">{end}<ul>{rows}</ul></div>'


def _draw_file(file: TakenFile, words: Words) -> str:
    told = words.file_taken.format(articles=file.articles, passages=file.passages)
    if not file.passages:  # not indexed yet
        told = words.shelf.articles_read.format(count=file.articles)
    lines = [f"<b>{escape(file.name)}</b><span>{told if file.articles else words.file_failed}</span>"]
    if file.articles:
        lines.append(f"<small>{escape(file.repairs)}</small>")
    if file.problem:
        lines.append(f'<small class="wrong">{escape(file.problem)}</small>')
    return f"<li>{''.join(lines)}</li>"
