"""Each kind of question has its way: what is asked of the articles for it, and what is said above the quotations.

Knows questions, readings and answers; nothing of search. Which kind a question is, `qa.questions` tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.text.exact import clauses_named
from corpus.text.lexicon import EMPTY_TERMS
from corpus.text.terms import normalise, terms
from embeddings.collections.hit import Hit
from qa.answer import UNSURE_BELOW, Answer
from qa.questions.comparing import Comparison, comparison_of
from qa.questions.coordination import ASKS
from qa.questions.intents import Intent, intent_of
from qa.questions.negation import fits_polarity
from qa.questions.premise import Premise, premise_of
from qa.questions.splitting import Part, parts_of
from qa.reading.clauses import in_named_clauses, speaking_of_clauses, whole_clauses, with_clause_numbers
from qa.reading.mismatches import OTHER, demoted
from qa.reading.reader import Read, Reading
from qa.reading.sections import in_named_section
from qa.writing.comparison import Found, verdict
from qa.writing.latest import Dated, latest_of
from qa.writing.premises import agreement
from qa.writing.quoting import headed

# 第九项是什么？ 11.5.14.3规定的是什么试验？ ask for all that stands there.
_ASKS_WHOLE = re.compile(
    r"[条项款章节\d](?:的?(?:规定|内容))?(?:的?是|规定了?|说了?|讲了?|写了?)?(?:什么|啥|哪些)?\w{0,4}[？?]?$"
)
_ASKS_CLAUSE = re.compile(r"(?:哪一?|第几)[条款](?:规定|要求|说|讲|写|里|中|的?[？?]|$)|依据是第几条")
_ALL = 0.9  # of the words of a premise must be there before it is said to be right
_CLOSE = 0.5  # of the best unit's belief makes another one worth a look at its date


@dataclass(frozen=True, slots=True)
class Way:
    """What is asked of the articles for a question: its parts, the last of which is the question as a whole."""

    intent: Intent
    parts: tuple[Part, ...]
    premise: Premise | None = None
    comparison: Comparison | None = None


def way_of(question: str) -> Way:
    """The way of a question that stands alone."""
    intent, whole = intent_of(question), Part(question, whole=True)
    if intent == "comparison" and (comparison := comparison_of(question)):
        return Way(intent, (*(Part(text) for text in comparison.questions), whole), comparison=comparison)
    premise = premise_of(question)
    if premise and premise.open_question == premise.statement:
        return Way(intent, (whole,), premise=premise)
    if premise and premise.open_question != question:
        return Way(intent, (Part(premise.open_question), whole), premise=premise)
    parts = parts_of(question)
    return Way(intent, (*parts, whole) if len(parts) > 1 else parts)


def narrowed(reading: Reading, hits: Sequence[Hit]) -> Reading:
    """`reading` after what code tells exactly: numbers and codes, clauses, 能 and 不能, what is latest."""
    intent = intent_of(reading.question)
    if clauses_named(reading.question):
        # What follows from breaking a clause stands in another one.
        if "违反" in reading.question:
            return speaking_of_clauses(reading, hits)
        whole = intent == "clause" or _ASKS_WHOLE.search(reading.question)
        return whole_clauses(reading, hits) if whole else in_named_clauses(reading, hits)
    reading = _by_polarity(demoted(in_named_section(reading)))
    if _ASKS_CLAUSE.search(reading.question):
        return with_clause_numbers(reading)
    return _latest_first(reading) if intent == "latest" else _in_force_first(reading)


def _by_polarity(reading: Reading) -> Reading:
    """What says 不得 answers who may not, and not who may. Whether something is so, either may tell."""
    if not ASKS.search(reading.question):
        return reading
    reads = [
        read
        if fits_polarity(reading.question, read.unit.text, _above(read))
        else replace(read, belief=read.belief * OTHER)
        for read in reading.reads
    ]
    return replace(reading, reads=tuple(sorted(reads, key=lambda read: -read.belief)))


def _above(read: Read) -> str:
    passage, block = read.unit.passage, read.unit.block
    return "\n".join((*passage.headings[-1:], *(passage.leads_of(block) if block else ())))


def _in_force_first(reading: Reading) -> Reading:
    """Rules that do not hold any more come after those that answer about as well and do."""
    near = [read for read in reading.reads if read.belief >= _CLOSE * reading.confidence]
    holding = [read for read in near if not read.unit.passage.validity.repealed]
    if not holding or len(holding) == len(near):
        return reading
    first = replace(holding[0], belief=reading.confidence)
    rest = (read for read in reading.reads if read is not holding[0] and read not in near)
    return replace(reading, reads=(first, *holding[1:], *rest))


def _latest_first(reading: Reading) -> Reading:
    """Of the units that answer about as well, the latest as the best."""
    best = reading.confidence
    near = [read for read in reading.reads if read.belief >= _CLOSE * best]
    order = latest_of([Dated(read.unit.text, read.unit.passage.published) for read in near])
    latest = replace(near[order[0]], belief=best) if order else None
    return replace(reading, reads=(latest,)) if latest else reading


def _speaks_of(statement: str, source: str) -> bool:
    """Whether `source` has nearly all words of `statement`: a yes to half of it would be wrong."""
    wanted = set(terms(statement)) - EMPTY_TERMS
    return len(wanted & set(terms(source))) >= _ALL * len(wanted)


def concluded(answer: Answer, way: Way, readings: Sequence[Reading]) -> Answer:
    """`answer` with what follows from its quotations for a premise or a comparison."""
    if way.premise and answer.citations:
        first = answer.citations[0]
        above = "\n".join((first.passage.title, *first.passage.headings, first.passage.lead))
        told = agreement(way.premise.statement, first.quote, context=above)
        # A yes is said where the reader is sure that this is the sentence.
        sure = answer.confidence >= UNSURE_BELOW
        if told.verdict == "agrees" and not (sure and _speaks_of(way.premise.statement, f"{above}\n{first.quote}")):
            return answer
        # What is said against the premise is what the open question behind it found, and nothing beside that.
        marked = normalise("\n".join(reading.reads[0].answer for reading in readings if reading.reads))
        return answer if told.told and told.told not in marked else headed(answer, told.sentence)
    if way.comparison:
        found = {r.question: Found(r.reads[0].unit.text, r.reads[0].answer) for r in readings if r.reads}
        return headed(answer, verdict(way.comparison, [found.get(text) for text in way.comparison.questions]).sentence)
    return answer
