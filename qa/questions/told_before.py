"""A question with a story before it: 我去年报了名，后来……，想问一下多少天内可以退？ asks only at its end.

Knows the question's words only. Tried where the whole finds nothing: a story hides from a search what is asked, and
what it tells may matter all the same.
"""

from __future__ import annotations

import re

from qa.questions.coordination import ASKS

_LONG = 40  # characters; a shorter question is no story
_SHORTEST = 8  # characters that say enough to be looked for
_FEWEST = 4  # clauses with the one that asks
_LAST = 2  # clauses among which the one that asks is: thanks may follow it
_TOLD = re.compile("[我咱俺]|你们|您")
_CLAUSES = re.compile(r"[，,。；;！!？?\s]+")
_ASKS = re.compile(rf"{ASKS.pattern}|几[点时]|[吗么]\w?$|是否|是不是|能不能|可不可以|有没有|要不要")
_OPENING = re.compile(
    r"^(?:那么?|所以|因此|但是?|不过|就是)?(?:我?(?:就|只)?(?:想|要)?(?:请问|问|咨询|请教|了解|打听|知道)一?下?|请问|请教)"
    r"(?:您|你们?|大家)?"
)


def asked_at_the_end(question: str) -> str:
    """The last clause that asks, of a long question that tells what happened to whom who asks; "" for any other.

    >>> asked_at_the_end("我上个月买了一张年票，后来搬家了，一直没有来过，也没登记，想问一下没用过的年票还能退吗")
    '没用过的年票还能退吗？'
    """
    clauses = [clause for clause in _CLAUSES.split(question.strip()) if clause]
    if len(question) <= _LONG or len(clauses) < _FEWEST:
        return ""
    place = next((at for at in range(len(clauses) - 1, len(clauses) - 1 - _LAST, -1) if _ASKS.search(clauses[at])), 0)
    asked = _OPENING.sub("", clauses[place]) if place else ""
    if 0 < len(asked) < _SHORTEST:
        asked = f"{clauses[place - 1]}，{asked}"  # 年票没用过，还能退吗
    told = "，".join(clauses[:place])
    return f"{asked}？" if len(asked) >= _SHORTEST and _TOLD.search(told) and len(told) > _LONG / 2 else ""
