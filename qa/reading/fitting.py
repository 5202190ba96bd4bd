"""How far a unit is from what one part of a question insists on: its own name or year, and the kind of thing asked for.

Knows parts, units and hits. Used only where a question was taken apart: the sentence that answers one part has most of
the words of the other part too, and only these few things tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.text.figures import NUMERAL, is_stated, narrow
from corpus.text.tagging import tag
from embeddings.collections.hit import Hit
from qa.questions.splitting import Part
from qa.reading.constraints import WORDED_TIME, has_number
from qa.reading.features import Asked, look, plain_text
from qa.reading.reader import Reading
from qa.reading.spans.amounts import counted_in
from qa.reading.units import Unit

ELSEWHERE = 1.0  # the name stands in the passage, but not in the unit …
NOWHERE = 2.5  # … or not at all
OF_ANOTHER = 1.5  # and the unit has the name of another part
OTHER_YEAR = 2.0
WITHOUT = 2.0  # nothing of the kind asked for
DOUBTFUL = 0.17  # of the confidence is left where the best unit lacks the kind, or its passage the name: half of full
# confidence then reaches the balanced threshold
_PRESENT = re.compile(r"到场|在场|听课|听讲|聆听|参加|出席|观看|前来")
_CLAUSE_END = re.compile(r"[，。；：,;]")
_MEASURES = ("名位人", "家个所座", "次场届", "条项个", "元块")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def misses(part: Part, hits: Sequence[Hit], asked: Asked, units: Sequence[Unit]) -> list[float]:
    """For each of `units` 0 where it meets all that `part` insists on, else the sum of what it lacks."""
    texts = [plain_text(f"{hit.passage.title}\n{hit.passage.text}") for hit in hits]
    years = set(_YEAR.findall(narrow(part.text)))
    return [_of_name(part, unit, texts[unit.hit]) + _of_year(years, unit) + _of_kind(asked, unit) for unit in units]


def _of_name(part: Part, unit: Unit, passage: str) -> float:
    if not part.own:
        return 0.0
    text = plain_text(unit.text)
    names = [plain_text(word) for word in part.own]
    lacking = sum(0.0 if name in text else ELSEWHERE if name in passage else NOWHERE for name in names) / len(names)
    return lacking and lacking + OF_ANOTHER * (lacking >= ELSEWHERE and _names_another(part, text))


def _names_another(part: Part, plain: str) -> bool:
    return any(plain_text(word) in plain for word in part.others)


def _of_year(years: set[str], unit: Unit) -> float:
    told = set(_YEAR.findall(narrow(unit.text)))
    return OTHER_YEAR * bool(years and told and not years & told)


def _of_kind(asked: Asked, unit: Unit) -> float:
    return 0.0 if has_kind(asked, unit.text) else WITHOUT


def has_kind(asked: Asked, text: str) -> bool:
    """Whether `text` has something of the kind asked for that the question does not have itself."""
    seen = look(text)
    if asked.kind == "how_many":
        return has_number(asked, text) and _has_measure(asked, text)
    if asked.kind == "when":
        dates = [figure for figure in seen.figures if figure.kind == "date" and not is_stated(figure, asked.figures)]
        exact = "年" not in asked.text[-4:] and not asked.text.endswith(("年代？", "世纪？"))
        told = any(not exact or figure.value.split("-")[1:] != ["?", "?"] for figure in dates)
        return told or WORDED_TIME.search(text) is not None
    if asked.kind == "who":
        return "·" in text or any(text[start:end] not in asked.text for start, end in seen.people)
    return True


def _has_measure(asked: Asked, text: str) -> bool:
    """Whether `text` counts by the measure asked for (多少名: 名, 位, 人), and the counted thing in the same clause.

    How many came to listen is not how many there are.
    """
    nouns = counted_in(asked)
    if not asked.measure:
        return not nouns or any(noun in text for noun in nouns)  # 多少志愿者
    if _PRESENT.search(text) and not _PRESENT.search(asked.text):
        return False
    alike = next((group for group in _MEASURES if asked.measure in group), asked.measure)
    amount = re.compile(rf"(?:人数|总数).*\d|[\d{NUMERAL}][余多几]?[万亿]*[余多]?\s?[{alike}]")
    counted = nouns[-1] if nouns else _preceding(asked.text)
    clauses = [clause for clause in _CLAUSE_END.split(narrow(text)) if counted in clause] or [narrow(text)]
    return any(amount.search(clause) for clause in clauses)


@lru_cache(maxsize=64)
def _preceding(question: str) -> str:
    """The noun before 多少, which is what is counted where none follows; "" where there is none either."""
    words = tag(question.partition("多少")[0].rstrip("各有是为共"))
    return ([word for word, flag in words if flag[0] == "n" and len(word) > 1] or [""])[-1]


def belief(part: Part, asked: Asked, unit: Unit, hits: Sequence[Hit]) -> float:
    """By what to multiply the confidence in an answer whose best unit is `unit`: 1 where it has the kind of thing asked
    for and its passage names what `part` is about, less where not, 0 where the unit is about another part."""
    passage = hits[unit.hit].passage
    whole = plain_text(f"{passage.title}\n{passage.text}")
    fit = 1.0 if has_kind(asked, unit.text) else DOUBTFUL
    if not part.own or any(plain_text(word) in whole for word in part.own):
        return fit
    return 0.0 if _names_another(part, plain_text(unit.text)) else fit * DOUBTFUL


def answers_all(parts: Sequence[Part], readings: Sequence[Reading]) -> bool:
    """Whether the best unit for a whole question (the last of `parts`) has what tells each part from the others."""
    *parts, _ = parts
    *readings, whole = readings
    if not parts or not whole.units or not any(part.own for part in parts):
        return False
    text = whole.units[0].unit.text
    names = [plain_text(word) for part in parts for word in part.own]
    return all(name in plain_text(text) for name in names) and all(has_kind(one.asked, text) for one in readings)
