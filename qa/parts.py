"""A question that asks several things at once, taken apart: 甲和乙各有多少？ becomes 甲有多少？ and 乙有多少？

Knows the question's words only. What binds two things into one matter (之间, 关系 …) is left whole.
"""

from __future__ import annotations

import re

from qa.tagging import Tagged, tag

_TOGETHER = re.compile(
    r"之间|关系|区别|不同|差异|差别|差距|相比|共同|一起|联合|合作|一共|总共|合计|结婚|比.{0,6}[多少高低大小]"
)
_AND = frozenset({"和", "与", "及", "以及"})
_EACH = re.compile(r"各自?(?=[有是为])|分别")
_ASKS = re.compile(r"多少|什么|谁|哪|(?<![那这的])几[个家名条所座项次件位处户]")
_THING = frozenset("njvmte")  # parts of speech, by their first letter, that can stand on both sides of 和
_LONGEST = 4  # words that stand side by side on either hand of 和


def parts_of(question: str) -> tuple[str, ...]:
    """The questions that `question` holds: two where it asks two things, else itself."""
    clauses = [clause for clause in re.split(r"[，,；;？?]", question) if clause.strip()]
    if len(clauses) == 2 and all(_ASKS.search(clause) and len(clause) > 4 for clause in clauses):
        return tuple(f"{clause}？" for clause in clauses)
    if _TOGETHER.search(question):
        return (question,)
    words = tag(question)
    places = [i for i, (word, _) in enumerate(words) if word in _AND and 0 < i < len(words) - 1]
    if len(places) != 1 or re.search(r"[《“][^》”]*[和与及][^》”]*[》”]", question):
        return (question,)
    left, right = words[: places[0]], words[places[0] + 1 :]
    count = _alike(left, right)
    if not count or (_ASKS.search(_text(left)) and not _EACH.search(question)):
        return (question,)
    before, one = _text(left[:-count]), _text(left[-count:])
    other, after = _text(right[:count]), _EACH.sub("", _text(right[count:]))
    if not after.strip("？?。 ") and not before:
        return (question,)
    return before + one + after, before + other + after


def _alike(left: Tagged, right: Tagged) -> int:
    """How many words on both sides of 和 stand for each other: the longest run of the same parts of speech, or 0."""
    for count in range(min(_LONGEST, len(left), len(right)), 1, -1):
        pairs = zip(left[-count:], right[:count], strict=True)
        if all(one[1][:1] == other[1][:1] for one, other in pairs):
            return count
    return int(left[-1][1][0] in _THING and right[0][1][0] in _THING)


def _text(words: Tagged) -> str:
    return "".join(word for word, _ in words)
