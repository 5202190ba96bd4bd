"""A question that asks several things at once, taken apart: 甲和乙各有多少？ becomes 甲有多少？ and 乙有多少？

Knows the question's words only. What binds two things into one matter (之间, 关系 …) is left whole.
"""

from __future__ import annotations

import re

from qa.tagging import Tagged, tag

_TOGETHER = re.compile(
    r"之间|关系|区别|不同|差异|差别|差距|相比|共同|一起|联合|合作|一共|总共|合计|加起来|结婚|比.{0,6}[多少高低大小]"
)
_AND = frozenset({"和", "与", "及", "以及"})
_EACH = re.compile(r"各自?(?=[有是为签建办开设出花])|分别")
_ASKS = re.compile(r"多少|(?<!没)什么|谁|哪|(?<![那这的])几[个家名条所座项次件位处户]")
_THING = frozenset("njvmte")  # parts of speech, by their first letter, that can stand on both sides of 和
_PLACE_ENDS = frozenset("路街巷区县市镇乡村")
_DESCRIBING = frozenset("njmqtbasfv") | {"u", "r"}  # … that can stand before the noun of such a thing
_LONGEST = 4  # words that stand side by side on either hand of 和


def parts_of(question: str) -> tuple[str, ...]:
    """The questions that `question` holds: two where it asks two things, else itself."""
    clauses = [clause for clause in re.split(r"[，,；;？?]", question) if clause.strip()]
    if len(clauses) == 2 and all(_ASKS.search(clause) and len(clause) > 4 for clause in clauses):
        return tuple(f"{clause}？" for clause in clauses)
    if _TOGETHER.search(question):
        return (question,)
    words = _whole_places(tag(question))
    places = [i for i, (word, _) in enumerate(words) if word in _AND and 0 < i < len(words) - 1]
    if len(places) != 1 or re.search(r"[《“][^》”]*[和与及][^》”]*[》”]", question):
        return (question,)
    left, right = words[: places[0]], words[places[0] + 1 :]
    if same := _same_thing(left, right):
        after = _EACH.sub("", _text(right[same:]))
        return _text(left) + after, _text(right[:same]) + after
    count = _alike(left, right)
    if not count or (_ASKS.search(_text(left)) and not _EACH.search(question)):
        return (question,)
    before, one = _text(left[:-count]), _text(left[-count:])
    other, after = _text(right[:count]), _EACH.sub("", _text(right[count:]))
    if before.endswith("、") or (not after.strip("？?。 ") and not before):
        return (question,)
    return before + one + after, before + other + after


def _whole_places(words: Tagged) -> Tagged:
    """`words` with the parts of a place's name put together: 商都 路 becomes 商都路, 汝 河路 becomes 汝河路."""
    whole: Tagged = []
    for word, flag in words:
        named = whole and flag[0] == "n" and word[-1] in _PLACE_ENDS and whole[-1][1][0] in "nb"
        if named and {len(word), len(whole[-1][0])} in ({1, 2}, {1, 3}):
            whole[-1] = (whole[-1][0] + word, "ns")
        else:
            whole.append((word, flag))
    return whole


def _same_thing(left: Tagged, right: Tagged) -> int:
    """How many words of `right` make the other of two things that end in the same noun, each by a description of its
    own and asked for together (甲街道和乙街道各有…, 甲的党员和乙的党员各是…), or 0."""
    if len(left) < 2 or any(flag[0] not in _DESCRIBING for _, flag in left) or left[-1][1][0] != "n":
        return 0
    place = next((i for i, (word, _) in enumerate(right) if word == left[-1][0]), 0)
    described = place and all(flag[0] in _DESCRIBING for _, flag in right[:place])
    return place + 1 if described and _EACH.match(_text(right[place + 1 :])) else 0


def _alike(left: Tagged, right: Tagged) -> int:
    """How many words on both sides of 和 stand for each other: the longest run of the same parts of speech, or 0."""
    for count in range(min(_LONGEST, len(left), len(right)), 1, -1):
        pairs = zip(left[-count:], right[:count], strict=True)
        if all(one[1][:1] == other[1][:1] for one, other in pairs):
            return count
    return int(left[-1][1][0] in _THING and right[0][1][0] in _THING)


def _text(words: Tagged) -> str:
    return "".join(word for word, _ in words)
