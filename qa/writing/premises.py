"""Whether what an article says agrees with what a yes/no question takes for given, and what differs.

Knows a statement and the stretch of an article that the reader found for it. Figures and dates are compared by value,
with 超过 and 不到 as the ranges they are; names, 能 and 不能, 增加 and 减少 as far as words go. Where the two do not
speak of the same thing clearly enough, the verdict is "unknown": then the stretch is shown without a yes or no.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.text.figures import Figure, is_stated, stated_figures
from corpus.text.lexicon import SURNAMES
from corpus.text.terms import normalise
from qa.checking.polarity import NOT, opposite
from qa.checking.source_text import fit, grams_of, names_of, size_of
from qa.writing.amounts import range_of, unit_of, written

Verdict = Literal["agrees", "contradicts", "unknown"]

# Shares of the statement's characters and pairs, without figures, that the stretch must have:
_NEAR = 0.12  # where a figure of the same unit speaks, too
_ENOUGH = 0.3  # for a 不 to count
_CLOSE = 0.5  # for an agreement of nothing but words
_SAME_UNITS = (frozenset("名人位"), frozenset("元块"), frozenset("所家个座"))
_DENIES = re.compile(r"禁止|严禁|不得(?!不)|谢绝|拒绝|免(?=收|交|缴|于)|无[需须权法]|不在.{1,8}范围")
_NO_DENIAL = re.compile("不得不|无不|不仅|[不未](?:超过|低于|少于|多于|小于|足|到|满)")
_FREE = re.compile("免费|免收|免交|不收")
_PAID = re.compile("(?<!不)(?:收费|付费|要交|要收|交费|缴费|收取)")
_UP, _DOWN = re.compile("上涨|上升|增加|增长|提高|扩大|上调"), re.compile("下降|下跌|减少|降低|缩小|下调|下滑")
_FALLS = re.compile(rf"(?:{_UP.pattern})(?=[^\d，,。；;！？\n]{{0,8}}[-−－]\d)")  # 同比增长（%）：-2.1
_MAY = re.compile("[能会可该要得准]以?|允许|应当|需要?|必须|禁止")
_LEAVING = re.compile("免去|免职|撤销|罢免|辞去|卸任|不再担任|曾任|原任")
_LEAVES = re.compile(
    r"(?:免去|撤销|罢免)了?(?P<whom>[一-鿿]{2,3})|(?=(?P<who>[一-鿿]{2,3})(?:同志)?(?:辞去|卸任|不再担任|曾任))"
)
_ALLOWED, _LEAST = re.compile("[能会可该]|允许|够"), re.compile(r"(?:满|到|超过|至少|不低于|不少于)\s?$")
_EVERY = re.compile("每(?:天|日|周|月|季度?|半年|年|小时)")


@dataclass(frozen=True, slots=True)
class Agreement:
    """`claimed` is what the question said and `told` what stands in the article in its place; both "" where unclear."""

    verdict: Verdict
    claimed: str = ""
    told: str = ""

    @property
    def sentence(self) -> str:
        """The verdict as it is shown above the quoted sentence, "" where there is none."""
        if self.verdict == "agrees":
            return "是的，文章的说法与此一致。"
        if self.verdict == "contradicts" and self.told:
            return (
                f"不是：文章说的是“{self.told}”，不是“{self.claimed}”。" if self.claimed else "不是：文章的说法相反。"
            )
        return "不是：文章的说法相反。" if self.verdict == "contradicts" else ""


def agreement(statement: str, stretch: str, *, context: str = "") -> Agreement:
    """Whether `stretch` (a sentence, a row, an item) says what `statement` says.

    `context` is what stands above it (title, headings, lead-in): names found there are not missed in the stretch.

    >>> agreement("高温补贴每月500元", "高温补贴标准为每人每月300元。").told
    '300元'
    """
    claim, source = (_FALLS.sub("下降", normalise(text)) for text in (statement, stretch))
    wanted = grams_of(claim)
    shared = size_of(wanted & grams_of(source + " " + normalise(context))) / max(1, size_of(wanted))
    figures = stated_figures(claim)
    if shared < (_NEAR if figures else _ENOUGH):
        return Agreement("unknown")
    # 收入3000元能申请 gives a case, not what the article is said to say; whether it is one, no figure tells by itself.
    case = any(_ALLOWED.search(claim, f.end) and not _LEAST.search(claim[: f.start]) for f in figures)
    checks: list[Agreement | None] = [] if case else [_figure(claim, figure, source) for figure in figures]
    checks += [_name(claim, source, normalise(context)), _direction(claim, source, shared)]
    known = [check for check in checks if check is not None]
    for verdict in ("contradicts", "unknown"):
        if found := next((check for check in known if check.verdict == verdict), None):
            return found
    return Agreement("agrees") if known else Agreement("unknown")


def _figure(claim: str, figure: Figure, source: str) -> Agreement:
    """What `source` says in the place of one figure of `claim`."""
    told = stated_figures(source)
    alike = [other for other in told if _comparable(claim, figure, source, other)]
    if not alike:
        return Agreement("unknown")
    place = (figure.start, figure.end)
    best = max(alike, key=lambda other: fit(claim, place, source, [(other.start, other.end)]))
    good = [other for other in alike if _relation(claim, figure, source, other) == "agrees"]
    if good and (best in good or len(good) == len(alike) or fit(claim, place, source, [(best.start, best.end)]) <= 0):
        return Agreement("agrees")
    best_good = max((fit(claim, place, source, [(g.start, g.end)]) for g in good), default=-1.0)
    if good and best_good >= fit(claim, place, source, [(best.start, best.end)]) - 1:
        return Agreement("agrees")
    verdict = _relation(claim, figure, source, best)
    return Agreement(verdict, written(claim, figure), written(source, best))


def _comparable(claim: str, figure: Figure, source: str, other: Figure) -> bool:
    if figure.kind != other.kind or "/" in figure.value + other.value:
        return False
    if figure.kind != "number":
        return True
    one, two = unit_of(claim, figure), unit_of(source, other)
    return one == two or any({one, two} <= units for units in _SAME_UNITS)


def _relation(claim: str, figure: Figure, source: str, other: Figure) -> Verdict:
    if figure.kind == "date":
        if is_stated(figure, [other]):
            return "agrees"
        pairs = zip(figure.value.split("-"), other.value.split("-"), strict=True)
        return "contradicts" if any("?" not in pair and pair[0] != pair[1] for pair in pairs) else "unknown"
    low, high = range_of(claim, figure)
    least, most = range_of(source, other)
    if low <= least and most <= high:
        return "agrees"
    if Decimal(other.value.rstrip("%")) == Decimal(figure.value.rstrip("%")) and (low, high) != (least, most):
        return "agrees" if low == high else "unknown"
    return "contradicts" if high <= least or most <= low else "unknown"


def _name(claim: str, source: str, context: str) -> Agreement | None:
    """Another name in the place of the one that `claim` ends in (局长是甲), or that name only as one who was removed;
    None where all its names are there."""
    left = [
        name
        for match in _LEAVES.finditer(source)
        for name in (match["whom"] or match["who"], (match["whom"] or "")[:2])
    ]
    if any(name and name[0] in SURNAMES and name in claim for name in left) and not _LEAVING.search(claim):
        return Agreement("contradicts")
    missing = [(name, kind) for name, kind, _ in names_of(claim) if name not in source and name not in context]
    if not missing:
        return None
    name, kind = missing[-1]
    others = [other for other, other_kind, _ in names_of(source) if other_kind == kind and other not in claim]
    if re.search(rf"[是叫为由]{re.escape(name)}$", claim) and len(others) == 1:
        return Agreement("contradicts", name, others[0])
    return Agreement("unknown")


def _direction(claim: str, source: str, shared: float) -> Agreement | None:
    """Whether both allow, deny, raise or lower the same; None where figures alone have to speak."""
    claimed, told = _turns(claim), _turns(source)
    if opposite(claim, source) or (len(claimed) == len(told) == 1 and claimed != told):
        return Agreement("contradicts")
    if (every := _EVERY.search(claim)) and (other := _EVERY.search(source)) and every[0] not in source:
        return Agreement("unknown", every[0], other[0])
    clauses = re.split(r"[，,。；;！？\n]", source)
    clause = max(clauses, key=lambda part: size_of(grams_of(part) & grams_of(claim)))
    free, paid = _FREE.search(claim), _PAID.search(claim)
    if (free or paid) and _PAID.search(source) and _FREE.search(source):
        return Agreement("unknown")
    if (free and _PAID.search(source)) or (paid and _FREE.search(source)):
        return Agreement("contradicts")
    said = max(clauses, key=lambda part: size_of(grams_of(part) & grams_of(_MAY.split(claim)[-1])))
    # 住校生不得带手机，可以带手表: the second clause does not repeat whom it is about.
    if _denies(clause) != _denies(said):
        return Agreement("unknown")
    if _denies(claim) != _denies(clause):
        return Agreement("contradicts") if shared >= _ENOUGH else None
    if stated_figures(claim):
        return None
    return Agreement("agrees") if shared >= _CLOSE else Agreement("unknown")


def _turns(text: str) -> set[str]:
    """Whether `text` tells of more, of less, or of both."""
    return {name for name, words in (("up", _UP), ("down", _DOWN)) if words.search(text)}


def _denies(text: str) -> bool:
    bare = _NO_DENIAL.sub("", text)
    return bool(_DENIES.search(bare) or NOT.search(bare))
