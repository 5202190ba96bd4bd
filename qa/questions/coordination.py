"""Two things joined by 和: where each begins and ends, and which of its words tell it from the other.

Knows tagged words only, and goes by how alike the two sides are: the same word, the same parts of speech, two years.
"""

from __future__ import annotations

import re

from corpus.text.tagging import PERSON, Tagged, tag

ASKS = re.compile(
    r"多少|(?<!没)[什甚]么|谁|哪|何[时地处人年月日]|几[年月日天号]|怎[么样]|为何|[如有]何|是否|(?<![那这的])几[个家名条所座项次件位处户]"
)
PERSONAL = "冠军|亚军|导演|编剧|作者|主演|演员|得主|旗手|主持人|创始人|负责人|校长|市长|书记|主席|总统|总理|主角|配角"
COUNTED = "人数|数量|产量|销量|面积|人口|总额|金额|营收|利润|增速|占比|比例|票房|[率量数额]"
ATTRIBUTE = re.compile(
    rf"(?:{PERSONAL}|{COUNTED}|时间|日期|日子|地点|地址|结果|名称|名字|路线|线路|原因|目的|意义|内容|对象|方式|条件|价格|号|奖"
    r"|人|年份)$"
)
NAMES = frozenset({"ns", "nt", "nz", "eng", "j"}) | PERSON
TITLE = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」")
_ALL = frozenset({"都", "皆", "均", "共", "共有", "都是", "均为"})
_THING = frozenset("njvmteabz")  # parts of speech, by their first letter, that can stand on both sides of 和
_DESCRIBING = frozenset("njmqtbasfvelz") | {"u", "r"}  # … that can stand before the noun of such a thing
_PLACE_ENDS = frozenset("路街巷区县市镇乡村")
_BORDER = re.compile(r"分别|各|是|为|有|在|被|由|叫|哪|谁|多少|什么|几|何|怎|[？?，,。]")
_CONJUNCTION = re.compile(r"以及|[和与及、]")
_YEAR = re.compile(r"(?:19|20)\d\d年?|[一二三四五六七八九十]月|\d{1,2}月")
_LONGEST = 6  # words that stand side by side on either hand of 和
_SHARED = re.compile(r"(?:结果|地点|时间|日期)$")  # what 选举时间及结果 asks of the election; …时间及主演 does not
# What an answer tells without saying the word.
_UNSAID = re.compile(
    r"(?:时间|日期|日子|地点|地址|结果|原因|目的|意义|人数|数量|面积|人口|名称|名字|方式|年份|路线|线路"
    r"|[长宽高深厚]度|重量|[体身][长高重])$"
)


def pair(left: Tagged, right: Tagged, each: bool) -> tuple[int, int]:
    """How many words before and after 和 make the two things, (0, 0) where none can be told."""
    stem = _until(right)
    if not stem:
        return 0, 0
    if is_year(left[-1]) and is_year(stem[0]):
        return 1, 1
    if len(left[-1][0]) == len(stem[0][0]) > 1 and left[-1][0][1:] == stem[0][0][1:]:
        return 1, 1
    start = next((i for i in range(len(left) - 1, -1, -1) if left[i][0] == stem[0][0]), -1)
    if start >= 0 and len(left) - start <= _LONGEST and stem[0][1][0] in "nzbam":
        length = len(left) - start
        return length, len(stem) if len(stem) <= length + 1 else length
    own = _since_border(left)
    both = _same_thing(own, stem, each)
    if all(both):
        return both
    names = left[-1][1] in NAMES, stem[0][1] in NAMES
    if each and own and own[0][1] in NAMES and names == (False, True) and not _parallel(left, stem, len(own)):
        return len(own), len(stem)
    attribute = _attribute(left, stem, text_of(right[len(stem) :]))
    if all(attribute):
        return attribute
    count = _alike(left, stem)
    return (_whole_name(left) if count == 1 else count), count


def _attribute(left: Tagged, stem: Tagged, rest: str) -> tuple[int, int]:
    """Two things asked of one (成立的时间和地点); the first may need its verb (上映时间及主演)."""
    asked = not rest or re.match(r"分别|各|[是为叫]|有哪|有多少|[？?]", rest)
    named = left[-1][1] in NAMES and stem[0][1] in NAMES
    if named or not asked or len(left) < 2 or len(stem) > 3 or not ATTRIBUTE.search(left[-1][0]):
        return 0, 0
    if any(flag[0] not in "nvjbatmzl" for _, flag in stem):
        return 0, 0
    if len(stem) > 1 and _parallel(left, stem, len(stem)):
        return len(stem), len(stem)
    verb = left[-2][1][0] == "v" and len(left) > 2 and not _SHARED.search(stem[-1][0])
    return 1 + verb, len(stem)


def _whole_name(left: Tagged) -> int:
    """How many words at the end of `left` are one name: 布 林肯 is taken for two."""
    count = 1
    if left[-1][1] in PERSON:
        while count < len(left) and len(left[-count - 1][0]) == 1 and left[-count - 1][1][0] == "n":
            count += 1
    return count


def _same_thing(left: Tagged, stem: Tagged, each: bool) -> tuple[int, int]:
    """Two things that end in the same noun, each by a description of its own (甲街道和乙街道, 甲的党员和乙的党员)."""
    place = next((i for i, (word, _) in enumerate(stem) if i and left and word == left[-1][0]), 0)
    if not place or len(left) < 2:
        return 0, 0
    count = place + 1
    if _parallel(left, stem, count):
        return count, count
    described = all(flag[0] in _DESCRIBING for _, flag in [*left, *stem[:place]]) and left[-1][1][0] == "n"
    return (len(left), count) if each and described and count == len(stem) else (0, 0)


def _alike(left: Tagged, right: Tagged) -> int:
    """How many words on both sides of 和 stand for each other: the longest run of the same parts of speech, or 0."""
    if left[-1][1] in NAMES and (left[-1][1] == right[0][1] or {left[-1][1], right[0][1]} <= PERSON):
        return 1
    for count in range(min(_LONGEST, len(left), len(right)), 1, -1):
        if _parallel(left, right, count):
            return count
    if left[-1][1] in NAMES and right[0][1] in NAMES:
        return 1
    return int(left[-1][1][0] in _THING and right[0][1][0] in _THING)


def _parallel(left: Tagged, right: Tagged, count: int) -> bool:
    if count > min(len(left), len(right)):
        return False
    pairs = zip(left[-count:], right[:count], strict=True)
    return all(_class(one) == _class(other) for one, other in pairs)


def _class(word: tuple[str, str]) -> str:
    return "n" if word[1][0] in "jl" else word[1][0]


def enumerated(before: Tagged, one: Tagged, other: Tagged) -> tuple[tuple[Tagged, ...], Tagged]:
    """All things that 、 and 和 join, first to last, and what stands before them."""
    things = [one, other]
    while len(before) > len(one) and before[-1][0] == "、":
        things.insert(0, before[-1 - len(one) : -1])
        before = before[: -1 - len(one)]
    return tuple(things), before


def own_words(*things: Tagged) -> tuple[tuple[str, ...], ...]:
    """What each of `things` has that the others lack: its words without those that all begin or end with.

    Nothing where they do not differ; of a word that an answer need not say (时间), nothing either.
    """
    rows = [list(thing) for thing in things]
    while all(len(row) > 1 for row in rows) and len({row[0][0] for row in rows}) == 1:
        rows = [row[1:] for row in rows]
    while all(len(row) > 1 for row in rows) and len({row[-1][0] for row in rows}) == 1:
        rows = [row[:-1] for row in rows]
    texts = [text_of(row) for row in rows]
    if len(set(texts)) < len(rows) or not all(texts):
        return ()
    return tuple(tuple(_said(row)) for row in rows)


def _said(row: Tagged) -> list[str]:
    """The words of `row` that an answer has to say, a year without 年."""
    if _UNSAID.search(row[-1][0]):
        return [word for word, flag in row[:-1] if flag[0] == "n"]
    words = [word.removesuffix("年") if word[:-1].isdigit() else word.strip() for word, _ in row]
    return [word for word in words if len(word) > 1] or [word for word in words if word not in "的·"]


def _since_border(left: Tagged) -> Tagged:
    """The end of `left` after its last comma, without the time it begins with."""
    start = max((i + 1 for i, (word, _) in enumerate(left) if word in "，,"), default=0)
    while start < len(left) and (is_year(left[start]) or left[start][1][0] == "t"):
        start += 1
    return left[start:]


def _until(right: Tagged) -> Tagged:
    """The words after 和 that can still belong to the second thing or to what both have: up to a verb that asks."""
    end = next((i for i, (word, _) in enumerate(right) if _BORDER.match(word)), len(right))
    return right[:end]


def is_year(word: tuple[str, str]) -> bool:
    return _YEAR.fullmatch(word[0]) is not None


def words_of(question: str) -> Tagged:
    """Tagged words; titles, years and names of places are one word each, and 和 inside a longer word is part of it."""
    words: Tagged = []
    at = 0
    for match in re.finditer(rf"{TITLE.pattern}|(?:19|20)\d\d年|(?<=[A-Za-z])(?:19|20)\d\d(?:-\d+)?", question):
        words += tag(question[at : match.start()]) if match.start() > at else []
        words.append((match[0], "nz" if match[0][0] in "《“「" else "m"))
        at = match.end()
    words += tag(question[at:]) if at < len(question) else []
    return _whole_places(_loosened(words))


def _loosened(words: Tagged) -> Tagged:
    """`words` with a 和 freed that jieba takes for a part of something it does not know (率和汝河路)."""
    free: Tagged = []
    for word, flag in words:
        match = re.fullmatch(r"([^和]{1,3})和([^和]{2,})", word)
        if match and (flag in PERSON or flag == "x"):
            free += [*tag(match[1]), ("和", "c"), *tag(match[2])]
        else:
            free.append((word, flag))
    return free


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


def text_of(words: Tagged) -> str:
    return "".join(word for word, _ in words)


def joint(words: Tagged) -> int:
    """The place of the one 和 that can join two things, 0 where there is none or several."""
    places = [
        i
        for i, (word, _) in enumerate(words[:-1])
        if i
        and _CONJUNCTION.fullmatch(word)
        and not words[i - 1][0].startswith("各")
        and not ASKS.match(words[i + 1][0])
    ]
    joined = [i for i in places if words[i][0] != "、"] or places
    return joined[0] if len(joined) == 1 and not _ALL.intersection(word for word, _ in words[joined[0] :]) else 0
