"""Thresholds of confidence fitted to a set of questions, and what they would have done to it.

Knows numbers only: how sure the reader was, and whether the answer was right. Knows nothing of how questions are asked
or judged, or of where a calibration is kept (`qa.reading.calibration_file`).

To show a right answer is worth 1, to refuse 0, and a wrong answer costs 3 to who is careful, 1 to who is balanced and
1/3 to who is eager. So an answer is worth showing from that confidence on at which it is right with a probability of
3/4, 1/2 or 1/4. That probability is a logistic function of the logit of the confidence (Platt 1999), fitted with the
shipped thresholds counted in as if they were `PRIOR` further questions. They lie on one such curve almost exactly.

Chosen on held-out questions of CMRC 2018 and DRCD, calibrated on some and tried on others of the same set, a fifth or
half of them unanswerable. Mean gain in the worth of a question over the shipped thresholds, careful / balanced / eager:

    calibrated on                                   20 questions          50                    200
    this                                            .020 / .004 / -.001   .031 / .005 / .001    .037 / .008 / .004
    without the shipped thresholds counted in       .011 / -.005 / -.008  .029 / .004 / -.001   .036 / .007 / .003
    isotonic regression, they counted in            .012 / .000 / .001    .022 / .003 / .001    .027 / .004 / .002
    whatever is best on the set itself              -.024 / -.017 / -.009 .010 / -.003 / -.004  .025 / .003 / .001
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError

# The least confidence with which an answer is shown; the reader's card says what each costs and saves.
THRESHOLDS = {"careful": 0.5, "balanced": 0.25, "eager": 0.1}
# How probable it must be that an answer is right before it is shown.
BELIEF = {"careful": 0.75, "balanced": 0.5, "eager": 0.25}
PRIOR = 30.0
LEAST_QUESTIONS = 20
# An answer in which the reader does not believe at all is never shown; one of which it is all but sure always is.
LOWEST, HIGHEST = 0.01, 0.95
_FOLDS = 5
_RESAMPLES = 500
_FEW = 50
_HARDLY_ANY = 0.05
_LEAST_SLOPE = 0.1
_STEPS = 60

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observation:
    """One question asked with threshold 0: the answer's confidence, whether it was right, whether one was possible.

    An answer that was refused all the same, because its check failed, has confidence 0.
    """

    confidence: float
    right: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class MadeFor:
    """What confidence depends on: the writer's name, and fingerprints of the reader and of the collection's encoder."""

    model: str = ""
    reader: str = ""
    encoder: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a threshold does to a set of questions.

    `answered` is the share of all questions, `right` that of right ones among the answers shown, `refused` that of the
    unanswerable questions; None where there is nothing to take a share of. `worth` is the mean over all questions of
    1 for a right answer, 0 for a refusal and minus the cost for a wrong one.
    """

    answered: float
    right: float | None
    refused: float | None
    worth: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds by caution, each with its 95 % interval by bootstrap, and what they were fitted to.

    `before` is what the shipped thresholds do to the questions; `after` what fitted ones do, each question judged by
    thresholds fitted without it (five folds). `name` is that of the question set, `created` an ISO time.
    """

    thresholds: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    questions: int
    unanswerable: int
    before: Mapping[str, Outcome]
    after: Mapping[str, Outcome]
    name: str = ""
    created: str = ""
    made_for: MadeFor = MadeFor()

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """What a person should know before trusting it, each as (Chinese, English)."""
        return tuple(_remarks(self))


def fit(observations: Sequence[Observation], *, name: str = "", made_for: MadeFor = MadeFor()) -> Calibration:
    """The thresholds that suit `observations`; the same ones give the same.

    Raises InputError where there are fewer than 20, or where all or none were answered rightly.
    """
    confidence = np.array([observation.confidence for observation in observations], np.float64)
    right = np.array([observation.right and observation.answerable for observation in observations], bool)
    answerable = np.array([observation.answerable for observation in observations], bool)
    _check(right)
    count = len(observations)
    fitted = _thresholds(confidence, right, np.ones((1, count)))
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), _RESAMPLES)
    # In parts, so that large sets do not fill the memory.
    resampled = np.vstack([_thresholds(confidence, right, part) for part in np.array_split(drawn, _RESAMPLES // 25)])
    folds = folds_of(right)
    crossed = _thresholds(confidence, right, folds != np.arange(_FOLDS)[:, None])
    low, high = np.quantile(resampled, (0.025, 0.975), axis=0)
    places = list(enumerate(BELIEF))
    return Calibration(
        thresholds={caution: round(float(fitted[0, i]), 4) for i, caution in places},
        intervals={caution: (round(float(low[i]), 4), round(float(high[i]), 4)) for i, caution in places},
        questions=count,
        unanswerable=int((~answerable).sum()),
        before={c: _outcome(confidence >= THRESHOLDS[c], right, answerable, BELIEF[c]) for c in BELIEF},
        after={c: _outcome(confidence >= crossed[folds, i], right, answerable, BELIEF[c]) for i, c in places},
        name=name,
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        made_for=made_for,
    )


def _check(right: NDArray[np.bool_]) -> None:
    if len(right) < LEAST_QUESTIONS:
        raise InputError(
            f"校准至少要 {LEAST_QUESTIONS} 个问题，这里只有 {len(right)} 个；最好有 50 个以上，"
            "其中一部分是文章里没有答案的。请补充问题后再试。",
            f"To calibrate takes at least {LEAST_QUESTIONS} questions, here are {len(right)}; better 50 or more, some "
            "of them without an answer in the articles. Add questions and try again.",
        )
    if right.all() or not right.any():
        raise InputError(
            "这些问题全都答对了，看不出什么时候该拒答。请加上文章里没有答案的问题。"
            if right.all()
            else "这些问题没有一个答对，看不出什么时候该作答。请检查标准答案，以及文章是不是这些问题所问的。",
            "All of these questions were answered rightly, which does not show when to refuse. "
            "Add questions that the articles do not answer."
            if right.all()
            else "None of these questions was answered rightly, which does not show when to answer. "
            "Check the expected answers, and whether these are the articles that the questions ask about.",
        )


def _thresholds(confidence: Numbers, right: NDArray[np.bool_], weights: NDArray[np.generic]) -> Numbers:
    """Thresholds of shape (sets, cautions), for sets that count the questions by `weights` (sets, questions)."""
    # Counted in: at each shipped threshold, questions answered rightly as often as its caution wants.
    shipped, belief = np.array([THRESHOLDS[c] for c in BELIEF]), np.array(list(BELIEF.values()))
    x = _logit(np.concatenate([confidence, shipped]))
    y = np.concatenate([right, belief])
    counted = np.full((len(weights), len(belief)), PRIOR / len(belief))
    intercept, slope = _logistic(x, y, np.hstack([weights.astype(np.float64), counted]))
    logits = (_logit(belief) - intercept[:, None]) / slope[:, None]
    return np.clip(_sigmoid(logits), LOWEST, HIGHEST)


def _logistic(x: Numbers, y: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Intercept and slope of the likeliest logistic curve for each row of `weights`, by Newton's method.

    Slopes below a small positive one are held there: more confidence never makes an answer less probable.
    """
    intercept, slope = np.zeros(len(weights)), np.ones(len(weights))
    for _ in range(_STEPS):
        expected = _sigmoid(intercept[:, None] + slope[:, None] * x)
        missing = weights * (y - expected)
        curvature = weights * expected * (1 - expected) + 1e-12
        flat, mixed, steep = curvature.sum(1), (curvature * x).sum(1), (curvature * x * x).sum(1)
        up, tilt = missing.sum(1), (missing * x).sum(1)
        determinant = flat * steep - mixed * mixed
        tilting = np.clip((flat * tilt - mixed * up) / determinant, -1, 1)
        tilting = np.maximum(slope + tilting, _LEAST_SLOPE) - slope
        rising = np.clip((up - mixed * tilting) / flat, -4, 4)
        intercept, slope = intercept + rising, slope + tilting
        if max(np.abs(rising).max(), np.abs(tilting).max()) < 1e-9:
            break
    return intercept, slope


def folds_of(right: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which of five folds each question falls into; right and wrong ones are spread evenly."""
    shuffled = np.random.default_rng(1).permutation(len(right))
    folds = np.empty(len(right), np.intp)
    folds[shuffled[np.argsort(right[shuffled], kind="stable")]] = np.arange(len(right)) % _FOLDS
    return folds


def _outcome(
    shown: NDArray[np.bool_], right: NDArray[np.bool_], answerable: NDArray[np.bool_], belief: float
) -> Outcome:
    worth = np.where(shown, np.where(right, 1.0, -belief / (1 - belief)), 0.0)
    return Outcome(
        answered=float(shown.mean()),
        right=float(right[shown].mean()) if shown.any() else None,
        refused=float((~shown[~answerable]).mean()) if not answerable.all() else None,
        worth=float(worth.mean()),
    )


def _remarks(calibration: Calibration) -> Iterator[tuple[str, str]]:
    if not calibration.unanswerable:
        yield (
            "问题里没有一个是文章里没有答案的，门槛会偏低。请加上一些这样的问题再校准一次。",
            "None of the questions lacks an answer in the articles, so thresholds come out too low. Add some that do.",
        )
    if calibration.questions < _FEW:
        yield (
            f"只有 {calibration.questions} 个问题，门槛主要还是随程序附带的；{_FEW} 个以上更可靠。",
            f"With {calibration.questions} questions the shipped thresholds still weigh most; "
            f"{_FEW} or more are more reliable.",
        )
    for caution, after in calibration.after.items():
        if after.answered < _HARDLY_ANY <= calibration.before[caution].answered:
            yield (
                f"在这些问题上，回答很少能有 {BELIEF[caution]:.0%} 的把握答对，所以“{caution}”几乎总是拒答。",
                f"On these questions an answer is rarely right with a probability of {BELIEF[caution]:.0%}, "
                f"so that {caution!r} refuses almost always.",
            )
    worse = [c for c in BELIEF if calibration.after[c].worth < calibration.before[c].worth]
    if worse:
        yield (
            f"交叉验证没有看出 {'、'.join(worse)} 比随程序附带的门槛更好。",
            f"Cross-validation does not show {', '.join(worse)} to be better than the shipped thresholds.",
        )


def _logit(probability: Numbers) -> Numbers:
    inside = np.clip(probability, 0.002, 0.998)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)


def _sigmoid(logit: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -60, 60))), np.float64)
