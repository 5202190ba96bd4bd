"""Exchanges as JSON and back: how a browser keeps a conversation, and how it is taken up again.

Knows values by their types, not by their fields. What a browser hands back is trusted in nothing: what is not of its
type raises ValueError, and where an offset points is looked at by those who draw.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from corpus.article import Passage
from qa.answer import Turn
from qa.questions.small_talk import small_talk
from qa.web.conversation import Exchange

VERSION = 1
MOST_TURNS = 200


def kept(exchange: Exchange) -> str:
    """`exchange` as one line of JSON. Each passage stands in it once; the questions before it are not repeated."""
    answer = exchange.answer
    alone = replace(exchange, answer=replace(answer, question=replace(answer.question, history=())))
    passages: dict[Passage, int] = {}
    plain = _plain(alone, passages)
    told = [_plain(passage, None) for passage in passages]
    return json.dumps({"version": VERSION, "passages": told, "exchange": plain}, ensure_ascii=False)


def restored(turns: Sequence[object]) -> tuple[Exchange, ...]:
    """The exchanges that `kept` wrote, each as JSON reads it. Raises ValueError."""
    if len(turns) > MOST_TURNS:
        raise ValueError(f"{len(turns)} turns, {MOST_TURNS} are allowed")
    exchanges: list[Exchange] = []
    history: list[Turn] = []
    for turn in turns:
        exchange = _restored(turn)
        answer, question = exchange.answer, exchange.answer.question
        exchanges.append(replace(exchange, answer=replace(answer, question=replace(question, history=tuple(history)))))
        if not small_talk(question.text):
            history.append(Turn(question.text, answer.text))
    return tuple(exchanges)


def _restored(turn: object) -> Exchange:
    if not isinstance(turn, dict) or turn.get("version") != VERSION or not isinstance(turn.get("passages"), list):
        raise ValueError("not an exchange of this version")
    passages = [_built(Passage, passage, ()) for passage in turn["passages"]]
    exchange = _built(Exchange, turn.get("exchange"), passages)
    assert isinstance(exchange, Exchange)
    return exchange


def _plain(value: Any, passages: dict[Passage, int] | None) -> Any:
    """`value` as JSON has it, fields left out that are as usual; a passage as its number among `passages`, if any."""
    if passages is not None and isinstance(value, Passage):
        return passages.setdefault(value, len(passages))
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        usual = {field.name: field.default for field in fields(value)}
        return {name: _plain(each, passages) for name, each in said.items() if each != usual[name]}
    if isinstance(value, Mapping):
        return {str(name): _plain(each, passages) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each, passages) for each in value]
    return value


def _built(wanted: Any, value: Any, passages: Sequence[Any]) -> Any:
    """A value of the type `wanted` from its JSON."""
    kind, inside = get_origin(wanted) or wanted, get_args(wanted)
    if wanted is Passage and passages and isinstance(value, int) and 0 <= value < len(passages):
        return passages[value]
    made: Any = wanted
    if is_dataclass(wanted) and isinstance(value, dict):
        hints = _hints(made)
        known = {name: _built(hints[name], each, passages) for name, each in value.items() if name in hints}
        try:
            return made(**known)
        except TypeError as error:
            raise ValueError(str(error)) from error
    if kind in (Union, UnionType):
        return _one_of(inside, value, passages)
    if kind is Literal and value in inside:
        return value
    if kind is tuple and isinstance(value, list):
        if len(inside) == 2 and inside[1] is Ellipsis:
            return tuple(_built(inside[0], each, passages) for each in value)
        if len(inside) == len(value):
            return tuple(_built(kind_, each, passages) for kind_, each in zip(inside, value, strict=True))
    if isinstance(kind, type) and issubclass(kind, Mapping) and isinstance(value, dict):
        return {str(name): _built(inside[1], each, passages) for name, each in value.items()}
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (str, int, float, bool, NoneType) and type(value) is kind:
        return value
    raise ValueError(f"{str(value)[:60]!r} is no {wanted}")


def _one_of(kinds: Sequence[Any], value: Any, passages: Sequence[Any]) -> Any:
    for kind in kinds:
        try:
            return _built(kind, value, passages)
        except ValueError:
            continue
    raise ValueError(f"{str(value)[:60]!r} is none of {kinds}")


@cache
def _hints(wanted: Any) -> dict[str, Any]:
    return get_type_hints(wanted)
