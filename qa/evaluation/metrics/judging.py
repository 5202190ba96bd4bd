"""What a language model says of an answer: is it right, and does its evidence bear it out.

Knows the prompt and how to read what comes back for it. Knows nothing of any particular model, and nothing of the
metrics that need no judge (`scoring`), with which these scores are never mixed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import prompts
from corpus.errors import ModelError
from qa.evaluation.questions.cases import Case

MOST = 2  # points that the prompt gives at most
LONGEST = 4000  # characters of an answer, or of all evidence, that a judge is shown
KEYS = ("judged_correct", "judged_grounded")

# A line such as 正确：2 or **正确**: 2/2; not 0-2 or 0或1或2, which are the prompt's own words.
_LINE = (
    r"(?:^|[\n，,；;。])[^\w\n]{{0,8}}{name}[^\w\n-]{{0,8}}(?P<points>\d+(?:\.\d+)?)(?![\d.])"
    r"(?:[^\S\n]*/\s*2(?!\d))?(?![^\S\n]*(?:[-—~/或至到]|\.\d))"
)
_POINTS = {name: re.compile(_LINE.format(name=name)) for name in ("正确", "有据")}
_REASON = re.compile(r"理由[\W_]*?[:：]\s*(?P<reason>[^\n]*)")
_THINKING = re.compile(r"<think>.*?</think>", re.DOTALL)


class JudgementError(ModelError):
    """What the judge wrote has no points that can be read."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Two scores in [0, 1], thirds apart at 0, 0.5 and 1; the judge's reason, and all it wrote."""

    correct: float
    grounded: float
    reason: str
    raw: str

    def scores(self) -> dict[str, float]:
        """The scores by the keys under which they stand beside, and apart from, those that need no judge."""
        return dict(zip(KEYS, (self.correct, self.grounded), strict=True))


def judge(case: Case, text: str, quotes: Sequence[str], complete: Callable[[str], str]) -> Judgement:
    """What `complete` (prompt -> text) says of the answer `text` to `case`, which cites `quotes`.

    Raises JudgementError where both points cannot be read from what it writes: a guess would be worse than a row
    without these scores. What `complete` raises goes through.
    """
    evidence = "\n".join(f"[{number}] {' '.join(quote.split())}" for number, quote in enumerate(quotes, 1))
    prompt = prompts.render(
        "judge",
        question=prompts.as_data(case.question),
        answers=prompts.as_data(expected(case)),
        answer=prompts.as_data(text[:LONGEST]),
        evidence=prompts.as_data(evidence[:LONGEST]),
    )
    return read_judgement(complete(prompt))


def expected(case: Case) -> str:
    """What a right answer says, as the prompt words it: 甲 或 乙；且 丙."""
    if not case.answerable:
        return "（不可回答）"
    return "；且 ".join(" 或 ".join(group) for group in case.required)


def read_judgement(raw: str) -> Judgement:
    """The points in `raw`, in which full-width digits, marks of emphasis and other lines may stand.

    Where a line comes more than once, the last counts: models think aloud first. Raises JudgementError where one is
    missing or out of range.
    """
    plain = unicodedata.normalize("NFKC", _THINKING.sub("", raw))
    points = {name: _points(name, plain, raw) for name in _POINTS}
    reasons = _REASON.findall(plain)
    return Judgement(points["正确"], points["有据"], reasons[-1].strip(" *") if reasons else "", raw)


def _points(name: str, plain: str, raw: str) -> float:
    found = [match["points"] for match in _POINTS[name].finditer(plain)]
    if not found or not 0 <= float(found[-1]) <= MOST:
        said = raw.strip()[:60] or "（空）"
        raise JudgementError(
            f"评分模型没有按格式写“{name}”（应为 0 到 {MOST}）：{said}。请换一个模型，或不用模型评分。",
            f"The judge wrote no points for {name} (0 to {MOST} expected): {said}. Use another model, or no judge.",
        )
    return float(found[-1]) / MOST
