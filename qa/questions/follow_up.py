"""A follow-up question becomes one that stands alone: readings of it are made, and the best is chosen.

Knows the questions and answers of the conversation only. Candidates are the question as it is, and the question with
what was spoken of last put in the place of a pronoun or of what was left out. Each carries a prior, how likely such a
reading is by itself; whoever can tell how well the articles answer a candidate hands in `score`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answer import Turn
from qa.questions.readings import Candidate, readings_of
from qa.questions.topics import Talk

REACH = 12  # turns that are looked back at
SCORE_WEIGHT = 0.5  # of the articles' word, against the priors
LEAST = {"ellipsis": 0.35, "as it is": 0.6}  # priors with which a second reading is tried


def candidates_of(question: str, history: Sequence[Turn]) -> tuple[Candidate, ...]:
    """What `question` may mean after `history`, the likeliest first; the question as it is is always among them.

    Time and memory do not grow with the history: the last `REACH` turns are looked at, each once.
    """
    talk = Talk()
    for turn in history[-REACH:]:
        standalone = _likeliest(turn.question, talk)
        talk = talk.after(standalone, turn.answer)
    return readings_of(question, talk)


def choose(candidates: Sequence[Candidate], score: Callable[[str], float] | None = None) -> Candidate:
    """The candidate with the best prior and `score`, which tells in [0, 1] how well a question is answered.

    Candidates that the priors all but exclude are not scored: searching costs time.
    """
    if score is None or len(candidates) == 1:
        return candidates[0]
    near = [one for one in candidates if one.prior >= candidates[0].prior - SCORE_WEIGHT]
    return max(near, key=lambda one: one.prior + SCORE_WEIGHT * score(one.text)) if len(near) > 1 else near[0]


def complete(question: str, history: Sequence[Turn], score: Callable[[str], float] | None = None) -> str:
    """`question` so that it can be understood without `history`.

    >>> complete("那它有多少党员？", [Turn("商都路办事处在哪个区？")])
    '商都路办事处有多少党员？'
    """
    return choose(candidates_of(question, history), score).text if history else question


def otherwise(question: str, history: Sequence[Turn], chosen: str) -> str:
    """The other reading of `question` where it may stand alone or be about what was spoken of, and `chosen`, one of the
    two, finds nothing; "" where it cannot well be read otherwise.

    Never another name in the place of a pronoun: that would answer about somebody else.
    """
    candidates = {one.text: one for one in candidates_of(question, history)} if history else {}
    taken = candidates.get(chosen)
    if taken is None or taken.how not in ("as it is", "ellipsis"):
        return ""
    wanted = "ellipsis" if taken.how == "as it is" else "as it is"
    others = [one for one in candidates.values() if one.how == wanted and one.prior >= LEAST[wanted]]
    return others[0].text if others else ""


def _likeliest(question: str, talk: Talk) -> str:
    found = readings_of(question, talk)
    return found[0].text if found else question
