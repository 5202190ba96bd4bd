"""Rows of the public question sets as cases: SQuAD and with it CMRC 2018 and DRCD, CRUD-RAG, RGB."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from math import ceil
from typing import Any

from qa.evaluation.questions.cases import Case
from qa.evaluation.questions.fields import case_of, fields_of, groups, text, texts
from qa.evaluation.questions.gathering import Gathering, digest

PASSAGES = 5
"""How many passages an RGB question is asked with, as in the paper."""


def add_paragraph(gathering: Gathering, number: int, paragraph: Mapping[str, Any], title: str) -> None:
    """A text and the questions on it, as in SQuAD and its likes; "context_text" and "query_text" are CMRC 2018's."""
    context = text(paragraph.get("context") or paragraph.get("context_text"))
    name = text(paragraph.get("id")) or text(paragraph.get("context_id"))
    articles = gathering.carry(context, name, title)
    entries = paragraph.get("qas")
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            gathering.note("broken", number)
            continue
        found = fields_of({**entry, "question": entry.get("question") or entry.get("query_text")})
        case = case_of(found, entry)
        # SQuAD asks several people, who often answer the same.
        answers = tuple(dict.fromkeys(case.answers)) if case.answerable else ()
        gathering.keep(number, replace(case, answers=answers, articles=articles))


def add_news(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """A record of CRUD-RAG: one to three news ("news1" ...) and a question on them, or several."""
    names = [name for name in row if re.fullmatch(r"news\d", name) and text(row[name]).strip()]
    articles = tuple(dict.fromkeys(article for name in names for article in gathering.carry(text(row[name]))))
    kind = f"crud_{len(names)}doc{'s' * (len(names) > 1)}"
    name = f"{kind}-{text(row['ID'])}" if text(row.get("ID")) else ""
    questions, answers = texts(row["questions"]), texts(row.get("answers"))
    if len(questions) != len(answers):
        answers = ("\n".join(answers),) * len(questions)
    for question, answer in zip(questions, answers, strict=True):
        answered = (answer,) if answer.strip() else ()
        gathering.keep(number, Case(name, question, answered, articles=articles, kind=kind), tell=False)
    if not questions:
        gathering.note("question", number)


def add_rgb(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """A question of RGB as it comes, with its passages. Every entry of its answer is a part that is required."""
    required = groups(row.get("answer"))
    case = case_of({**fields_of(row), "answers": required[0] if len(required) == 1 else ()}, row)
    case = replace(
        case, answer_groups=required if len(required) > 1 else (), wrong_answers=texts(row.get("fakeanswer"))
    )
    positive = row["positive"] if isinstance(row.get("positive"), list) else []
    nested = any(isinstance(entry, list) for entry in positive)

    def carried(passages: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(gathering.carry(passage)[0] for passage in passages))

    if not case.question.strip():
        gathering.note("question", number)
        return
    parts = [_shuffled(case.id, carried(part)) for part in groups(positive)] if nested else []
    in_turn = (name for place in zip_longest(*parts) for name in place if name is not None)
    right = tuple(dict.fromkeys(in_turn)) if nested else _shuffled(case.id, carried(texts(positive)))
    false = _shuffled(case.id, carried(texts(row.get("positive_wrong"))))
    negative = carried(texts(row.get("negative")))
    for one in _abilities(case, right, negative, false, len(parts)):
        gathering.keep(number, one)


def add_shared_rgb(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """A question of RGB that names its passages ("context_ids", "negative_ids", "counterfactual_ids").

    The collection must hold them. Which passage says which part of the answer is not told, but they stand part by
    part, so that those at even distances nearly always have all parts between them.
    """
    case = case_of(fields_of(row), row)
    if not case.question.strip():
        gathering.note("question", number)
        return
    if len(case.answer_groups) == 1:
        case = replace(case, answers=case.answer_groups[0], answer_groups=())
    right, parts = tuple(dict.fromkeys(case.articles)), 0
    if case.kind.endswith("_int") or (not case.kind and len(case.answer_groups) > 1):
        parts = len(case.answer_groups)
    else:
        right = _shuffled(case.id, right)
    false = _shuffled(case.id, texts(row.get("counterfactual_ids")))
    for one in _abilities(case, right, texts(row.get("negative_ids")), false, parts, _spread if parts else _first):
        gathering.keep(number, one)


def _first(names: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(names[:count])


def _abilities(
    case: Case,
    right: Sequence[str],
    negative: Sequence[str],
    false: Sequence[str],
    parts: int,
    choose: Callable[[Sequence[str], int], tuple[str, ...]] = _first,
) -> Iterator[Case]:
    """The four abilities of RGB (arXiv 2309.01431): `case` limited to five of its own passages at a time.

    `right` has the passages that answer, of which `choose` takes as many as are wanted, `negative` those that only
    look like it, `false` the falsified ones; `parts` is how many parts an answer is put together from, 0 where it is
    not. With noise 0.4 two of five passages are negative. Where there are too few right passages negative ones take
    their place, where there are too few negative ones right ones do, so that a label says what was aimed at, as in the
    paper's own program. An answer of more than five parts gets a passage for each. What cannot be asked is left out.
    """
    negative = [name for name in _shuffled(case.id, negative) if name not in {*right, *false}]

    def mixed(kind: str, good: Sequence[str], noise: float, least: int = 1) -> Case:
        bad = min(ceil(PASSAGES * noise - 1e-9), len(negative))
        chosen = choose(good, max(PASSAGES - bad, least))
        given = _shuffled(kind, chosen + tuple(negative[: max(0, PASSAGES - len(chosen))]))
        return replace(case, id=f"{case.id}@{kind}", kind=kind, articles=chosen, given=given, wrong_answers=())

    case = case if case.id else replace(case, id=f"q-{digest(case.question, 10)}")
    if false:
        yield replace(mixed("counterfactual", false, 0.0), articles=(), wrong_answers=case.wrong_answers)
        if right:
            yield mixed("fact 0.0", right, 0.0)
        return
    levels = (0.0, 0.2, 0.4) if parts else (0.0, 0.2, 0.4, 0.6, 0.8)
    for noise in levels if right else ():
        yield mixed(f"{'integration' if parts else 'noise'} {noise}", right, noise, max(1, parts))
    if negative and not parts:
        yield replace(mixed("rejection", (), 1.0), answers=(), answer_groups=(), answerable=False)


def _shuffled(seed: str, names: Iterable[str]) -> tuple[str, ...]:
    """`names`, each once, in an order that depends on `seed` and their number alone, so that true and falsified
    passages at the same places are chosen together."""
    placed = enumerate(dict.fromkeys(names))
    return tuple(name for _, name in sorted(placed, key=lambda entry: digest(f"{seed}/{entry[0]}", 16)))


def _spread(names: Sequence[str], count: int) -> tuple[str, ...]:
    """`count` of `names` at even distances, the first and the last among them."""
    if count >= len(names):
        return tuple(names)
    return tuple(names[round(place * (len(names) - 1) / max(1, count - 1))] for place in range(count))
