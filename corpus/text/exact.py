"""What is looked for exactly: numbers and dates by value, codes, the numbers of clauses.

Knows how they are written; nothing of indexes. 三万 meets 30000, 二〇二一年三月五日 meets 2021-03-05, X-900 meets X900
but not X-90, 第18条 meets 第十八条, and 违反第十八条的 is no clause.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.article import Block, Passage
from corpus.text.figures import han_number
from corpus.text.labels import count_of
from corpus.text.terms import mainland, normalise, words_of

CLAUSE = "§"
"""What a term for the number of a clause begins with; no word does."""

_HAN = "零一二三四五六七八九十百千两"
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DATE = (
    r"(?P<year>\d{4}|[零一二三四五六七八九]{4})\s?[年/.-]\s?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})"
    r"(?:\s?[月/.-]\s?(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})(?=\s?[日号]|(?<=\d)(?![\d.%]))|\s?月)"
)
_MONTH_DAY = (
    r"(?P<month2>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?(?P<day2>\d{1,2}|[一二三四五六七八九十]{1,3})\s?[日号]"
)
_CODE = r"(?<![a-z\d])(?P<code>[a-z]{1,8}(?:/[a-z])?[ ‐-―-]?\d[\da-z]*(?:[‐-―/-][\da-z]+)*)"
_FIGURE = r"(?P<figure>(?<![\d.])\d{1,15}(?:\.\d{1,9})?)\s?(?P<scales>[百千]?[万亿]+)"
_SPOKEN = (
    rf"(?P<spoken>[一二三四五六七八九两十百千]"
    rf"(?:[{_HAN}]{{0,9}}点[零一二三四五六七八九]{{1,9}}(?P<spokenscales>[万亿]{{0,2}})|[{_HAN}万亿]{{1,15}}))"
)
_NAMED = r"(?P<named>(?<![\d.])\d{1,4}[号路栋幢楼室班组线])"
# Most characters begin none of them: those are passed over at once.
_EXACT = re.compile(
    rf"(?=[\da-z一二三四五六七八九两十百千零])(?:{'|'.join((_DATE, _MONTH_DAY, _CODE, _FIGURE, _NAMED, _SPOKEN))})"
)
_NAMED_HAN = re.compile(r"[号路栋幢楼室班组线]")
_JOINTS = re.compile(r"[^\da-z]")
_YEAR = re.compile(r"[零一二三四五六七八九]{4}")

_COUNT = rf"(?:\d{{1,4}}|[{_HAN}]{{1,7}})"
_SUB = rf"(?:之(?P<sub>{_COUNT}))?"
_ASKED_FOR = r"(?=\s?(?:的?规定|的?内容|是什么|说|讲|写|怎么|如何|适用|第|和|与|、|，|,|[?？。]|$))"
_NAMED_CLAUSE = re.compile(
    rf"第\s?(?P<count>{_COUNT})\s?(?P<unit>[编篇章节条项])(?:之(?P<sub>{_COUNT}))?"
    rf"|(?<![第\d.{_HAN}])(?P<bare>\d{{1,4}}|[{_HAN}]{{2,7}})条(?:之(?P<baresub>{_COUNT}))?{_ASKED_FOR}"
    r"|(?<![\d.])(?P<dotted>\d{1,3}(?:\.\d{1,3}){2,5})(?![\d.%])"
    r"|(?<![\d.])(?P<pair>\d{1,3}\.\d{1,3})(?=\s?(?:条|节|款|的?规定|的?内容|是什么|讲|说))"
)
_PRINTED = re.compile(rf"第\s?(?P<count>{_COUNT})\s?(?P<unit>[编篇章节条])(?:之(?P<sub>{_COUNT}))?")
_ITEM = re.compile(rf"{_COUNT}")


def clauses_named(text: str) -> tuple[str, ...]:
    """The clauses, chapters and items that a question names, each in one form: "18条", "20条之1", "3章", "9项",
    "11.5.14.2"; the same that `clause_key` gives for what is printed."""
    keys = []
    for match in _NAMED_CLAUSE.finditer(normalise(text)):
        if match["dotted"] or match["pair"]:
            keys.append(match["dotted"] or match["pair"])
        elif match["bare"]:
            keys.append(_key(match["bare"], "条", match["baresub"]))
        else:
            keys.append(_key(match["count"], match["unit"], match["sub"]))
    return tuple(dict.fromkeys(keys))


def clause_key(block: Block) -> str:
    """The number of a block as `clauses_named` has it, "" where it has none: （三） and 3. are "3项"."""
    if not block.number:
        return ""
    number = normalise(block.number)
    if match := _PRINTED.match(number):
        return _key(match["count"], match["unit"], match["sub"])
    if number[0].isdecimal() and "." in number[:-1]:
        return number.rstrip(".")
    match = _ITEM.search(number)
    if match is None:
        return ""
    return number if number.isdecimal() and block.kind in ("clause", "heading") else _key(match[0], "项", None)


def passage_terms(passage: Passage) -> tuple[list[str], list[str]]:
    """What a search counts of a passage: the terms of its text, with the numbers of its blocks; and those of what
    stands above it: the title, the headings, what leads its list in."""
    above = dict.fromkeys((passage.title, *passage.headings, *passage.lead.split("\n")))
    numbers = dict.fromkeys(CLAUSE + key for block in passage.blocks if (key := clause_key(block)))
    return [*search_terms(passage.text), *numbers], list(_terms_above("\n".join(filter(None, above))))


@lru_cache(maxsize=4)
def _terms_above(text: str) -> tuple[str, ...]:
    """The same for one passage after the other of an article."""
    return tuple(search_terms(text))


def question_terms(text: str) -> list[str]:
    """What a search looks for: the terms of a question, with the clauses that it names by number."""
    return [*search_terms(text), *(CLAUSE + key for key in clauses_named(text))]


def search_terms(text: str) -> list[str]:
    """What a search counts of `text`: its words (of one in traditional characters also those that the mainland uses
    instead), then its numbers, dates and codes in one form."""
    prepared = normalise(text)
    words = words_of(prepared)
    if other := mainland(text):
        known = set(words)
        words += [word for word in words_of(normalise(other)) if word not in known]
    return words + _exact_terms(prepared)


def _exact_terms(prepared: str) -> list[str]:
    """Spoken and scaled numbers as figures, dates, codes without their joints."""
    found: list[str] = []
    for match in _EXACT.finditer(prepared):
        kind = match.lastgroup
        if kind in ("year", "month", "day", "month2", "day2"):
            found += _date_terms(match)
        elif kind == "code":
            found += _code_terms(match["code"])
        elif kind == "named":
            found.append(match["named"])
        elif kind in ("figure", "scales"):
            found.append(_plain(float(match["figure"]) * _scale(match["scales"])))
        else:
            found += _spoken_terms(match)
    return found


def _key(count: str, unit: str, sub: str | None) -> str:
    return f"{count_of(count)}{unit}" + (f"之{count_of(sub)}" if sub else "")


def _date_terms(match: re.Match[str]) -> list[str]:
    month = count_of(match["month"] or match["month2"])
    day = match["day"] or match["day2"]
    if not 1 <= month <= 12:
        return []
    terms = []
    if match["year"]:
        terms.append(f"{count_of(match['year'])}-{month}")
    if day and 1 <= count_of(day) <= 31:
        terms += [f"{term}-{count_of(day)}" for term in terms] + [f"{month}-{count_of(day)}"]
    return terms


def _code_terms(code: str) -> list[str]:
    """x-900 as x900; gb/t 19001-2016 as gbt190012016 and, the year of the edition aside, as gbt19001."""
    whole = _JOINTS.sub("", code)
    head = _JOINTS.sub("", code.rpartition("-")[0])
    terms = [whole] if whole != code else []
    return [*terms, head] if any(letter.isdigit() for letter in head) and len(head) > 2 else terms


def _spoken_terms(match: re.Match[str]) -> list[str]:
    numeral = match["spoken"].rstrip("万亿") if match["spokenscales"] else match["spoken"]
    if _YEAR.fullmatch(numeral):
        return [str(count_of(numeral))]
    if not any(character in "十百千万亿点" for character in numeral) or numeral[0] in "百千":
        return []
    value = _plain(float(han_number(numeral)) * _scale(match["spokenscales"] or ""))
    after = _NAMED_HAN.match(match.string, match.end())
    return [value, value + after[0]] if after else [value]


def _scale(scales: str) -> int:
    value = 1
    for scale in scales:
        value *= _SCALES[scale]
    return value


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")
