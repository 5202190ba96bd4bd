"""When an article was published, from when it holds, and whether it still does, as far as it says so itself.

Knows where Chinese newspapers, notices and laws put their dates: heads of pages, bylines, datelines, below the
signature, in the name of the file. Running text is not asked, but for the year of a signed report that counts from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from corpus.article import Validity
from corpus.reading.bylines import is_byline
from corpus.reading.dates import DATE, DATE_STAMP, iso_date
from corpus.repair.lines import HAN
from corpus.text.labels import count_of

_HAN_DAY = "[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
_ANY_DAY = rf"(?:{DATE}日?|{_HAN_DAY})"
_TOLD = re.compile(
    rf"(?:发布|发表|刊发|发文|成文|印发|签发|公布|制定|更新|(?:^|[\s（(])(?:日期|时间))"
    rf"[^\d〇○零一二三四五六七八九]{{0,6}}{_ANY_DAY}"
    rf"|(?:来源|作者).*时间[:：]\s*{_ANY_DAY}|{_ANY_DAY}\s?(?:印发|发布|公布)$"
)
_ALONE = re.compile(
    rf"[（(]?(?:来源[:：]\s*)?(?:[{HAN}]{{1,8}}[报网社刊])?\s*(?:(?:发布|发表)?(?:日期|时间)[:：])?\s*{_ANY_DAY}"
    r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?(?:\s*(?:星期|周|第|农历|来源|[A-Z]?\d+版).{0,20})?[)）]?"
)
_PAGE_HEAD = re.compile(
    rf"(?=.*(?:星期[一二三四五六日天]|\d版|版面|责编|责任编辑|[{HAN}]报(?:\s|$))).{{0,30}}?{_ANY_DAY}.{{0,40}}"
)
_DATELINE = re.compile(rf"[^。，]{{0,24}}?{DATE}日\s*[电讯]")
_PASSED = re.compile(rf"[（(].*{_ANY_DAY}.*(?:通过|公布|发布|修订|修正|批准|印发).*[)）]$")
_SIGNED = re.compile(r".{2,40}?(?:[府局委会院司厅部处室所站校学社行队]|中心|集团)$")
_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d{2})([-_.年]?)(\d{1,2})(?:\2|月)(\d{1,2})日?(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])((?:19|20)\d{2})[-_.年](\d{1,2})月?(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])((?:19|20)\d{2})(?![0-9A-Za-z])"
)
_TOP, _BOTTOM = 8, 3
_LONGEST = 100
_LONGEST_PASSED = 400  # characters of a line that lists when a law was passed and changed

_BIRTHDAYS = {"建党": 1921, "中国共产党成立": 1921, "中国共产党建党": 1921}
_BIRTHDAYS |= dict.fromkeys(("新中国成立", "中华人民共和国成立", "建国"), 1949)
_BIRTHDAY = re.compile(rf"({'|'.join(_BIRTHDAYS)})(\d{{2,3}})周年")
_COUNTED_FROM = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?:是|以来|伊始|初以来|上半年以来)|截至((?:19|20)\d{2})年")
_YEAR = re.compile(r"(?<![到至\d-])((?:19|20)\d{2})年(?!前|底前|末前|之前)")

_IN_FORCE = re.compile(rf"(?:本|该|此)?.{{0,12}}自\s?({_ANY_DAY})起(?:正式)?(?:施行|实施|执行|生效|试行)")
_FROM_NOW = re.compile(r"自(?:发布|公布|印发|下发)之日起(?:正式)?(?:施行|实施|执行|生效|试行)")
_UNTIL = re.compile(rf"有效期[限]?(?:截?至|到)\s?({_ANY_DAY})")
_FOR_YEARS = re.compile(r"有效期[限]?为?\s?(\d{1,2}|[一二三四五六七八九十]{1,3})\s?年")
_AMENDED = re.compile(rf"({_ANY_DAY})[^\d〇○零]{{0,60}}?(?:第[一二三四五六七八九十]+次)?修[正订]")
_REPEALED = re.compile(
    r"[（(【\[](?:本文|此件|该文件)?(?:现|已|现已)?(?:废止|失效|作废)[)）】\]]"
    r"|^(?:本|该|此)(?:文件|办法|规定|通知|制度|标准).{0,6}(?:已|现已)被?(?:废止|失效|作废)"
    r"|(?:有效性|时效性|效力状态|状态)[:：]\s?(?:已)?(?:废止|失效)"
)

_PAST = "(?:废止|失效|作废)"
_RULES_NAMED = r"《[^》]{2,80}》(?:\s?[（(][^（）()]{0,60}[)）])?"
_PUTS_OUT = re.compile(rf"(?<![不未拟否])废止(?:了)?(?P<names>{_RULES_NAMED}(?:[、和及与]?{_RULES_NAMED})*)")
_IS_OUT = re.compile(rf"(?<![不未])(?:同时|即行|予以|一并|自行|均|现|起|应)*{_PAST}$")
_OTHER_MATTER = re.compile(r"^\s*(?:根据|依据|依照|按照|按|经|为)|(?:施行|实施|执行|生效)$")
_NAMED = re.compile("《([^》]{2,80})》")


def published_day(lines: Sequence[str], stem: str) -> str:
    """The day of publication as "YYYY-MM-DD" (or "YYYY-MM", "YYYY" from a file name), or ""."""
    tops = [*lines[:_TOP], *lines[_TOP:][-_BOTTOM:]]
    for line in tops:
        if day := _day_on(line):
            return day
    for signature, line in pairwise(lines):
        if len(line) <= 30 and len(signature) <= 40 and _SIGNED.fullmatch(signature) and _ALONE.fullmatch(line):
            return iso_date(line)
    for match in _IN_NAME.finditer(stem):
        year, _, month, day, short_year, short_month, bare_year = match.groups()
        if year and (exact := _day(year, month, day)):
            return exact
        if short_year and 1 <= int(short_month) <= 12:
            return f"{short_year}-{int(short_month):02d}"
        if bare_year:
            return str(bare_year)
    return ""


def _day_on(line: str) -> str:
    """The day that a line near the top or the end is about, or ""."""
    if len(line) <= _LONGEST:
        told = _TOLD.search(line)
        if told or _ALONE.fullmatch(line) or _PAGE_HEAD.fullmatch(line):
            return iso_date(told.group() if told else line)
        if _PASSED.fullmatch(line):
            return max((iso_date(match.group()) for match in re.finditer(_ANY_DAY, line)), default="")
        if is_byline(line) and (stamp := DATE_STAMP.search(line)):
            return iso_date(stamp.group())
    dateline = _DATELINE.match(line)
    return _day(*dateline.groups()) if dateline else ""


def told_year(text: str, *, signed: bool) -> str:
    """The year that a signed report counts from (2021年是…, 今年是建党98周年), "" where it names a later one too."""
    if not signed:
        return ""
    years = {_BIRTHDAYS[match[1]] + int(match[2]) for match in _BIRTHDAY.finditer(text)}
    years |= {int(match[1] or match[2]) for match in _COUNTED_FROM.finditer(text)}
    named = max((int(match[1]) for match in _YEAR.finditer(text)), default=0)
    return str(max(years)) if years and max(years) >= named else ""


def validity(text: str, title: str, stem: str, published: str) -> Validity:
    """What rules say of their own validity. `published` counts where they hold from the day they are made known."""
    lines, tail = text.split("\n", _TOP)[:_TOP], text[-3000:]
    since = in_force_since(text, published)
    until = iso_date(match[1]) if (match := _UNTIL.search(tail)) else ""
    years = _FOR_YEARS.search(tail)
    if years and since and not until:
        until = f"{int(since[:4]) + count_of(years[1])}{since[4:]}"
    told = "\n".join(line for line in lines if len(line) <= _LONGEST_PASSED)
    amended = max((iso_date(match[1]) for match in _AMENDED.finditer(told)), default="")
    return Validity(since, until, amended, is_repealed(title, stem, lines[:6]), repealed_names(text))


def in_force_since(text: str, published: str) -> str:
    """From which day the rules in `text` hold ("自…起施行"), ISO, or ""."""
    tail = text[-3000:]
    if match := _IN_FORCE.search(tail):
        return iso_date(match[1])
    return published if published and _FROM_NOW.search(tail) else ""


def is_repealed(title: str, stem: str, lines: Sequence[str]) -> bool:
    """Whether the title, the name of the file or a line at the top says that this does not hold any more."""
    return any(_REPEALED.search(line) for line in (title, stem, *lines[:6]) if len(line) <= _LONGEST)


def repealed_names(text: str) -> tuple[str, ...]:
    """The titles of the rules that `text` puts out of force: 《…》同时废止, 废止《…》.

    >>> repealed_names("本办法自2022年5月1日起施行，《渡口管理办法》（河办〔2015〕3号）同时废止。")
    ('渡口管理办法',)
    """
    names: dict[str, None] = {}
    if "》" not in text or not re.search(_PAST, text):
        return ()
    for sentence in re.split(r"[。；;！\n]", text):
        for match in _PUTS_OUT.finditer(sentence):
            names |= dict.fromkeys(_NAMED.findall(match["names"]))
        if not _IS_OUT.search(sentence.rstrip()):
            continue
        for part in reversed(re.split("[，,]", sentence)):
            if _OTHER_MATTER.search(part):
                break
            names |= dict.fromkeys(_NAMED.findall(part))
    return tuple(names)


def _day(year: str, month: str, day: str) -> str:
    """ISO form, or "" where there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
