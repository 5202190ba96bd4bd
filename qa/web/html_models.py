"""The models of the chat page as HTML: which one answers, which there are, and a download as it goes.

Pure functions from values to strings; knows nothing of Gradio, hubs or threads. A button of the list says in
`data-model` which model it means.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from corpus.languages import pick
from qa.language_models.catalogue import GIGABYTE, Recommended
from qa.language_models.loading import EMBEDDED, LARGEST_ON_CPU
from qa.web.html import escape
from qa.web.model_choice import SERVER, Offered, Sized, Step
from qa.web.texts import Words


@dataclass(frozen=True, slots=True)
class Choice:
    """How the list stands for one visitor: who answers, what is being fetched, and whether more may be.

    `names` says what to call models whose names in the list are no names for people.
    """

    chosen: str
    getting: Collection[str] = ()
    may_get: bool = False
    server: str = ""


def model_label(name: str, words: Words, server: str = "") -> str:
    """What people call the model `name`; `server` is what the server's is called, where that is known."""
    if name == SERVER:
        return server or words.models.server_model
    return words.embedded_model if name == EMBEDDED else name


def draw_chip(label: str, words: Words) -> str:
    """The name of the model that answers, which leads to the list."""
    return (
        f'<button type="button" class="chip" data-tab="models" title="{words.models.change}">'
        f"<span>{words.models.model}</span> <b>{escape(label)}</b></button>"
    )


def draw_models(models: Sequence[Offered], choice: Choice, words: Words) -> str:
    """The list: what is here, what is recommended, and, folded, what takes a GPU."""
    away = [model for model in models if not model.here]
    small = [model for model in away if model.size <= LARGEST_ON_CPU]
    large = [model for model in away if model.size > LARGEST_ON_CPU]
    drawn = [f"<p>{words.models.hint}</p>", _draw_rows([model for model in models if model.here], choice, words)]
    if away:
        drawn.append(f"<h3>{words.models.recommended}</h3>")
        drawn.append("" if choice.may_get else f"<p>{words.models.no_downloads}</p>")
        drawn.append(_draw_rows(small, choice, words))
    if large:
        fetched = " open" if any(model.name in choice.getting for model in large) else ""
        rows = _draw_rows(large, choice, words)
        drawn.append(f"<details{fetched}><summary>{words.models.larger_models}</summary>{rows}</details>")
    return f'<div class="models">{"".join(drawn)}</div>'


def draw_offer(name: str, sized: Sized, words: Words) -> str:
    """What a download would take, to be agreed to."""
    source = words.models.sources_of_models[sized.source]
    told = words.models.offer.format(name=name, size=amount(sized.size), bytes=f"{sized.size:,}", source=source)
    return f'<p class="offer" role="status">{escape(told)}</p>'


def draw_getting(name: str, step: Step, words: Words) -> str:
    """A download as it goes."""
    facts = [f"{amount(step.done)} / {amount(step.total)}" if step.total else ""]
    if step.rate > 0:
        facts.append(words.rate.format(rate=amount(round(step.rate))))
        if step.total > step.done:
            facts.append(duration((step.total - step.done) / step.rate, words))
    stage = words.stages.get(step.stage, words.models.getting_ready)
    value = f' value="{min(step.done, step.total)}" max="{step.total}"' if step.total else ""
    return _draw_bar(f"{stage} {name}", " · ".join(fact for fact in facts if fact), value)


def draw_wait(told: str, seconds: float, words: Words) -> str:
    """Something that takes time, nobody knows how much."""
    return _draw_bar(told, words.waited.format(seconds=int(seconds)), "")


def amount(size: int) -> str:
    """Bytes for people: "4.06 GB", "312 MB", "5.1 MB", "7 KB"; in thousands, as hubs count."""
    if size >= GIGABYTE:
        return f"{size / GIGABYTE:.2f} GB"
    megabytes = size / 1e6
    return (
        f"{megabytes:.0f} MB" if megabytes >= 10 else f"{megabytes:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} KB"
    )


def duration(seconds: float, words: Words) -> str:
    """How long something will still take, in seconds or, from two minutes on, in minutes."""
    if seconds < 120:
        return words.remaining.format(seconds=max(1, round(seconds)))
    return words.remaining_minutes.format(minutes=round(seconds / 60))


def _draw_rows(models: Sequence[Offered], choice: Choice, words: Words) -> str:
    return f"<ul>{''.join(_draw_row(model, choice, words) for model in models)}</ul>" if models else ""


def _draw_row(model: Offered, choice: Choice, words: Words) -> str:
    chosen = model.name == choice.chosen
    label = escape(model_label(model.name, words, choice.server))
    state = ' class="chosen" aria-current="true"' if chosen else ""
    facts = _facts(model, words)
    about = f"<small>{escape(facts)}</small>" if facts else ""
    return f"<li{state}><div><b>{label}</b>{about}</div>{_draw_action(model, choice, words)}</li>"


def _draw_action(model: Offered, choice: Choice, words: Words) -> str:
    """What can be done with a model of the list."""
    if model.name == choice.chosen:
        return f'<span class="state">{words.models.in_use}</span>'
    name = escape(model.name)
    if model.name in choice.getting:
        return _draw_button(name, words.models.downloading, "")
    if model.here:
        return _draw_button(name, words.models.use_model, model_label(model.name, words, choice.server))
    if choice.may_get:
        return _draw_button(name, words.models.get_model, model.name)
    return f"<code>wenju models get {name}</code>"


def _draw_button(name: str, says: str, label: str) -> str:
    spoken = f' aria-label="{escape(f"{says} {label}")}"' if label else ""
    return f'<button type="button" class="act" data-model="{name}"{spoken}>{says}</button>'


def _facts(model: Offered, words: Words) -> str:
    """What there is to know of a model in one line."""
    if model.name == EMBEDDED:
        return words.models.embedded_about
    if model.name == SERVER:
        return words.models.server_about
    facts = _about(model.recommended, words) if model.recommended else []
    if model.size:
        size = words.models.on_disk if model.here else words.models.to_download
        facts.insert(1, size.format(size=amount_about(model.size)))
    return " · ".join(facts)


def _about(model: Recommended, words: Words) -> list[str]:
    hardware = pick(words.language, model.hardware_chinese, model.hardware_english)
    return [
        words.models.parameters.format(count=model.parameters),
        words.models.memory.format(size=amount_about(model.memory)),
        hardware,
        model.licence,
    ]


def amount_about(size: int) -> str:
    """Bytes where two figures are enough."""
    return f"{size / GIGABYTE:.1f} GB" if size >= GIGABYTE else amount(size)


def _draw_bar(name: str, facts: str, value: str) -> str:
    label = escape(name)
    return (
        f'<div class="progress"><p><b>{label}</b><span>{escape(facts)}</span></p>'
        f'<progress{value} aria-label="{label}"></progress></div>'
    )
