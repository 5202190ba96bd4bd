"""What visitors say of answers, kept as a question set that can be evaluated with: one file for each visitor.

Knows how a rating becomes a `Case`. What an answer rated good said is the expected one; of one rated bad, only what the
visitor gave as right. The file is readable to its owner alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from corpus.errors import InputError, ReadError
from qa.answer import Answer
from qa.evaluation.questions.cases import Case, Remark
from qa.evaluation.questions.sets import read_question_set, write_question_set

_WRITING = Lock()
_OPEN_TO_ALL = "visitor"  # who has no name of its own


@dataclass(frozen=True, slots=True)
class Rating:
    """What a visitor said: sentences that are `wrong`, sentences that their source is `silent` about, the id of the
    right `passage`, the `right` answer, a `note`."""

    verdict: str
    wrong: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    passage: str = ""
    right: str = ""
    note: str = ""


def ratings_file(home: Path, visitor: str) -> Path:
    """Where the ratings of `visitor` are, whether there are any yet or not."""
    safe = "".join(character for character in visitor if character.isalnum())
    return home / "ratings" / f"{safe or _OPEN_TO_ALL}.jsonl"


def keep_rating(home: Path, visitor: str, answer: Answer, rating: Rating) -> Path:
    """Add `rating` of `answer` to the visitor's file, or put it in the place of an earlier one; the file.

    Raises InputError where it cannot be written.
    """
    path, case = ratings_file(home, visitor), rated_case(answer, rating)
    with _WRITING:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        cases: list[Case] = []
        with suppress(ReadError, InputError):
            cases = list(read_question_set(path).cases)
        write_question_set([*(each for each in cases if each.id != case.id), case], path)
        path.chmod(0o600)
    return path


def rated_case(answer: Answer, rating: Rating) -> Case:
    """A question of a set: what was asked, what a right answer has, and what was said of this one."""
    question, good = answer.question, rating.verdict == "good"
    picked = next((hit.passage for hit in answer.hits if hit.passage.id == rating.passage), None)
    cited = dict.fromkeys(citation.passage.article_id for citation in answer.citations)
    passage = picked.text if picked else "".join(citation.quote for citation in answer.citations) if good else ""
    named = f"{question.text}\n{question.history}\n{question.since}{question.until}".encode()
    return Case(
        id=f"rated-{sha256(named).hexdigest()[:12]}",
        question=question.text,
        answers=_answers(answer, rating),
        answerable=not (good and answer.refused),
        articles=(picked.article_id,) if picked else tuple(cited) if good else (),
        kind=rating.verdict,
        history=question.history,
        since=question.since,
        until=question.until,
        passage=passage,
        remark=Remark(
            at=datetime.now().astimezone().isoformat(timespec="seconds"), text=_remark(rating), answer=answer.text
        ),
    )


def _answers(answer: Answer, rating: Rating) -> tuple[str, ...]:
    if rating.right.strip():
        return (rating.right.strip(),)
    if rating.verdict != "good" or answer.refused:
        return ()
    shortest = tuple(answer.text[start:end] for start, end in answer.highlights)
    return shortest or tuple(claim.text for claim in answer.claims if claim.supported)


def _remark(rating: Rating) -> str:
    told = [f"这句不对：{sentence}" for sentence in rating.wrong]
    told += [f"出处没有这样说：{sentence}" for sentence in rating.silent]
    return "\n".join([*told, *([rating.note] if rating.note else [])]) or (
        "答得对" if rating.verdict == "good" else "有问题"
    )
