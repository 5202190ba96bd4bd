"""What the text of an answer is worth beside the answers that were expected. No judge, no model: only characters.

Knows strings. Which text of an answer is looked at, and for which questions, is the business of `scoring`.
Every function has an example worked by hand in its docstring; the tests run them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, product

from corpus.text.terms import normalise
from qa.evaluation.questions.cases import Case

Parts = Sequence[Sequence[str]]
"""What an answer must have: parts that are all required, each with alternatives of which one will do."""

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NUMERAL = "零一二三四五六七八九十百千万亿两"
_SCALE = "十百千万亿"
_MARKS = re.compile(r"(?:\[\d{1,3}\])+")
_MARKS_BETWEEN = re.compile(rf"(?<=[A-Za-z0-9]){_MARKS.pattern}(?=[A-Za-z0-9])")
# ① and ⒈ number what follows; they must not become a digit of it.
_NUMBERED = re.compile("[\u2460-\u249b]")
_NO_WORD = re.compile(r"(?:[^\w%‰.]|_|(?<!\d)\.|\.(?!\d))+")
_WIDE_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_FIGURE = re.compile(rf"[\d{_NUMERAL}]")
_LATIN = re.compile("[a-z0-9]")
_JOINS = re.compile(r"[-'’.&·_]+")
_SEGMENT = re.compile(rf"[{_HAN}]|[%‰]|[^\s%‰{_HAN}]+")
_NEXT = re.compile(r"(\S)( ?)(?=(\S))")
_YES_OR_NO = frozenset("是否对错有无能会可不")
_MOST_REFERENCES = 64


def without_marks(text: str) -> str:
    """`text` without the marks of its citations.

    >>> without_marks("共有2584名党员[1][2]。一共2584[1]2021年的数字")
    '共有2584名党员。一共2584 2021年的数字'
    """
    return _MARKS.sub("", _MARKS_BETWEEN.sub(" ", text))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`text` as it is compared: simplified, half-width, lower-case characters without punctuation.

    A point inside a figure, percent and per-mille signs stay, commas of thousands go. Where two figures (Chinese
    numerals too) or two Latin words would run together, one space stays.

    >>> plain("截至２０２１年，共有 12,000 名 党員（占3.5%）！")
    '截至2021年共有12000名党员占3.5%'
    >>> plain("2019、2020年的 GPT-4 和 New York")
    '2019 2020年的gpt4和new york'
    """
    text = normalise(_WIDE_COMMA.sub(",", _NUMBERED.sub(" ", text)))

    def gap(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if _FIGURE.match(before) and _FIGURE.match(after):
            return " "
        if not (_LATIN.match(before) and _LATIN.match(after)):
            return ""
        if before.isalpha() and after.isalpha():
            return "" if _JOINS.fullmatch(match[0]) else " "
        return " " if match[0].strip() != match[0] else ""

    return _NO_WORD.sub(gap, text)


@lru_cache(maxsize=4096)
def _finder(reference: str) -> re.Pattern[str] | None:
    """What finds `reference` in a plain text with the borders of its numbers and Latin words; None if it is empty."""
    wanted = plain(reference)
    if not wanted:
        return None
    first, last = wanted[0], wanted[-1]
    before = after = ""
    if first.isdigit():
        before = r"(?<![\d.])"
    elif first in _NUMERAL:
        before = rf"(?<![\d{_NUMERAL}])(?<![{_NUMERAL}]点)"
    elif first.isascii() and first.isalpha():
        before = "(?<![a-z])"
    if last.isdigit():
        after = r"(?![\d.])"
    elif last in _SCALE:
        after = rf"(?![\d{_NUMERAL[:-1]}]|两[{_SCALE}])"
    elif last in _NUMERAL:
        after = rf"(?![{_SCALE}]|点[{_NUMERAL}])"
    elif last.isascii() and last.isalpha():
        after = "(?![a-z])"
    between = "".join(re.escape(one) + _joint(one, gap, other) for one, gap, other in _NEXT.findall(wanted))
    return re.compile(before + between + re.escape(last) + after)


def _joint(one: str, gap: str, other: str) -> str:
    """What may stand between two characters of a reference: a space counts between figures only."""
    if one.isdigit() and other.isdigit():
        return gap
    if _FIGURE.match(one) and _FIGURE.match(other):
        return " ?"
    return " ?" if one.isascii() and other.isascii() and one.isalnum() and other.isalnum() else ""


def holds(text: str, reference: str) -> bool:
    """Whether `reference` stands in `text`, both as `plain` has them, and not as a part of another number or word.

    A number without its unit or scale is looked for as it is printed: 3.5 is in 3.5万 and in 3.5%. A yes or no of one
    character, which nearly every sentence has somewhere, must stand between marks.

    >>> holds("辖区共有党员２５８４名。", "2584名"), holds("共有12584名、25840人、2584.5元", "2584")
    (True, False)
    >>> holds("是的，他是书记。", "是"), holds("书记如是说。", "是")
    (True, False)
    >>> holds("占15%", "5%"), holds("3.5万人", "35万"), holds("二十五个", "五个")
    (False, False, False)
    """
    wanted = plain(reference)
    if wanted in _YES_OR_NO:
        return re.search(rf"(?<!\w){wanted}的?(?!\w)", without_marks(normalise(text))) is not None
    finder = _finder(reference)
    return finder is not None and finder.search(plain(text)) is not None


def coverage(texts: Iterable[str], required: Parts) -> float:
    """Share of the `required` parts that one of `texts` has, in [0, 1]; one alternative of a part is enough.

    Strict: a part counts only if its characters stand there (see `holds`). What says the same in other words, or writes
    七 for 7, counts as missing, which makes free-text references of many characters hard to reach.

    Two parts, the first there, the second not, 1/2:

    >>> coverage(["主演是姚晨和常远。"], [["姚晨"], ["庄达菲", "庄女士"]])
    0.5
    """
    texts = list(texts)
    found = [any(holds(text, one) for one in alternatives for text in texts) for alternatives in required]
    return sum(found) / len(found) if found else 0.0


def contained(text: str, required: Parts) -> float:
    """1 if `text` has every one of the `required` parts (see `coverage`), else 0.

    This is how RGB (Chen et al. 2023, arXiv 2309.01431) counts a right answer, but for the borders of numbers.

    >>> contained("主演是姚晨和常远。", [["姚晨"], ["常远"]]), contained("主演是姚晨。", [["姚晨"], ["常远"]])
    (1.0, 0.0)
    """
    return float(coverage([text], required) == 1)


def misled(text: str, wrong: Iterable[str], required: Parts) -> float:
    """1 if `text` has one of the `wrong` answers and not all that is `required`, else 0.

    After the counterfactual questions of RGB (Chen et al. 2023), whose articles were falsified on purpose.

    >>> misled("主席国是中国。", ["中国"], [["南非"]]), misled("不是中国，是南非。", ["中国"], [["南非"]])
    (1.0, 0.0)
    """
    return float(any(holds(text, one) for one in wrong) and not contained(text, required))


def references(case: Case) -> tuple[str, ...]:
    """Whole right answers to `case`: its alternatives, or where parts are required, one of each joined (at most 64).

    >>> references(Case("1", "谁？", answer_groups=(("姚晨",), ("常远", "老常"))))
    ('姚晨、常远', '姚晨、老常')
    """
    return (
        tuple("、".join(parts) for parts in islice(product(*case.required), _MOST_REFERENCES)) if case.required else ()
    )


def exact(text: str, answers: Iterable[str]) -> float:
    """1 if `text` equals one of `answers` as `plain` has them, else 0: EM of the CMRC 2018 evaluation script.

    >>> exact("2584名。", ["2584 名", "2584"]), exact("2584名党员", ["2584名"])
    (1.0, 0.0)
    """
    wanted = plain(text)
    return float(bool(wanted) and any(wanted == plain(answer) for answer in answers))


def f1(text: str, answers: Iterable[str]) -> float:
    """F1 of the CMRC 2018 evaluation script (Cui et al. 2019), the best over `answers`, in [0, 1].

    Both are cut into single Han characters and whole numbers or Latin words; with the longest *contiguous* run that
    both have, precision is run / length of `text`, recall is run / length of the answer. Other than the script, this
    brings full width, traditional characters and commas of thousands to one form first, and keeps apart two numbers or
    Latin words between which only punctuation stands.

    共 有 2584 名 党 员 against 2584 名: the run is 2, precision 2/6, recall 2/2, F1 = 2 * 1/3 / (4/3) = 1/2.

    >>> f1("共有2584名党员", ["2584名"])
    0.5
    """
    return max((_f1(_SEGMENT.findall(plain(text)), _SEGMENT.findall(plain(answer))) for answer in answers), default=0.0)


def _f1(one: Sequence[str], other: Sequence[str]) -> float:
    run = longest_run(one, other)
    return 2 * run / (len(one) + len(other)) if run else 0.0


def longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest contiguous run of items that both have.

    >>> longest_run("商都路街道", "在商都路上")
    3
    """
    longest = 0
    before = [0] * (len(other) + 1)
    for item in one:
        now = [0] * (len(other) + 1)
        for place, match in enumerate(other):
            if item == match:
                now[place + 1] = before[place] + 1
        longest = max(longest, max(now))
        before = now
    return longest


def rouge_l(text: str, answers: Iterable[str]) -> float:
    """ROUGE-L on characters, the best over `answers`, in [0, 1] (Lin 2004, with beta 1: recall and precision alike).

    共有党员八名 against 党员共八名: the longest common subsequence is 党员八名, so precision 4/6, recall 4/5,
    F = 2 * 4 / (6 + 5) = 8/11.

    >>> round(rouge_l("共有党员八名", ["党员共八名"]), 4) == round(8 / 11, 4)
    True
    """
    mine = plain(text).replace(" ", "")
    scores = []
    for answer in answers:
        other = plain(answer).replace(" ", "")
        common = longest_subsequence(mine, other)
        scores.append(2 * common / (len(mine) + len(other)) if common else 0.0)
    return max(scores, default=0.0)


def longest_subsequence(one: str, other: str) -> int:
    """Length of the longest common subsequence: rows of the usual table as bits of one number (Hyyrö 2004).

    >>> longest_subsequence("共有党员八名", "党员共八名")
    4
    """
    places: dict[str, int] = {}
    for place, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << place
    every = (1 << len(one)) - 1
    row = every
    for character in other:
        matched = row & places.get(character, 0)
        row = (row + matched | row - matched) & every
    return len(one) - row.bit_count()
