"""The gap in a question: its question word, what stands before and after it, and the nouns that say what fills it.

哪个城市被称为冰城？ has its gap before 被称为冰城, to be filled with a 城市. Knows the question's text only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from corpus.text.tagging import tag
from corpus.text.terms import normalise
from qa.checking.verification import squeeze

Wanted = Literal[
    "nothing", "yes_no", "why", "how", "meaning", "what", "thing", "which", "where", "who", "when", "figure"
]
WANTED: tuple[Wanted, ...] = get_args(Wanted)

# At one place the first pattern that matches decides; between places the first place.
_GAPS: tuple[tuple[Wanted, str], ...] = (
    ("why", r"为什么|为何|为啥|因何|何故|何以|(?:是)?(?:什么|何种)原因|怎么会"),
    (
        "when",
        r"什么时[候间期]|什么年代|何时|何年|哪一?[年天日月]|几[月号年日](?!前|后|来)|哪一?个(?:年代?|月|世纪|时期|朝代)|多会儿",
    ),
    ("where", r"哪里|哪儿|何处|何地|什么地[方点]|(?<=[在到从自于])哪(?![一个些家座种年国])"),
    ("who", r"谁|哪一?[位名]|何人|什么人|哪一?[个些]人"),
    (
        "figure",
        r"多少余?|几(?![乎本率何])|多[大高长远久重宽深快](?=[？?，,时的]|$)|有多[大高长远久重宽深快]|多长时间|百分之几",
    ),
    ("how", r"如何|怎么样?|怎样|什么(?:方[式法]|办法|手段)|咋"),
    ("meaning", r"什么是|何谓"),
    ("which", r"哪一?[个些项家所条部款种类座支间届代样]?|何种"),
    ("thing", r"什么样的?|什么(?![？?，,。]|$)"),
    ("what", r"什么|何(?=[意义用因物者？?]|$)"),
    ("yes_no", r"是否|是不是|有没有|能否|可否|吗(?=[？?]|$)"),
)
_GAP = re.compile("|".join(f"(?P<{wanted}>{pattern})" for wanted, pattern in _GAPS))
_MEASURE_TAGS = ("q", "m")
_LIST = re.compile(r"哪些|哪几|分别|包括|有什么|都有|几[种个大][^？?]{0,8}[是为]")


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the question word stands: `before` and `onward` without marks, in normal form.

    `noun` follows the question word (哪个城市) and `after` follows the noun; `subject` stands before 是 (作者是谁),
    `verb` is the last one before the gap; each "" where there is none. `several` tells that a list is asked for.
    """

    wanted: Wanted
    before: str
    after: str
    onward: str
    noun: str
    subject: str
    verb: str
    several: bool


def gap_in(question: str) -> Gap:
    """The gap in `question`; at its end where no question word is found."""
    question = normalise(question).strip().replace("甚么", "什么")
    matches = list(_GAP.finditer(question))
    # 几所小学自哪一年起: a vague number where something else is asked for.
    match = next((found for found in matches if found[0][0] != "几"), matches[0] if matches else None)
    wanted: Wanted = match.lastgroup if match else "nothing"  # type: ignore[assignment]
    place, end = match.span() if match else (len(question.rstrip("？?。 ")), len(question))
    before, after = tag(question[:place]), tag(question[end:])
    noun, count = _first_noun(after) if wanted in ("thing", "which", "figure") else ("", 0)
    return Gap(
        wanted,
        squeeze(question[:place]),
        squeeze("".join(word for word, _ in after[count:])),
        squeeze(question[end:]),
        noun,
        _last_noun(before),
        next((word for word, flag in reversed(before) if flag[0] == "v"), ""),
        bool(_LIST.search(question)),
    )


def _first_noun(words: list[tuple[str, str]]) -> tuple[str, int]:
    """The noun that the words begin with, measure words skipped, its parts joined; and how many words that makes."""
    found = ""
    for count, (word, flag) in enumerate(words):
        if flag[0] in "nljizb" or flag == "vn":
            found += word
        elif found or not (flag[0] in _MEASURE_TAGS or flag[0] == "a" or word == "的"):
            return found, count if found else 0
    return found, len(words) if found else 0


def _last_noun(words: list[tuple[str, str]]) -> str:
    """The noun before 是, 叫, 为 at the end of the words; "" where they do not end like that."""
    if not words or not (words[-1][0] in {"是", "叫", "为", "叫做", "有", "包括"} or words[-1][1][0] in "vd"):
        return words[-1][0] if words and words[-1][1][0] == "n" else ""
    rest = [pair for pair in words[:-1] if pair[1][0] not in "du"]
    return rest[-1][0] if rest and rest[-1][1][0] in "nljvi" else ""
