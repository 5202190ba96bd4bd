"""A language model as the writer of answers, and of questions that stand alone.

Knows prompts and what models write beside an answer: that there is none, or a preface to a rewritten question. Marks,
citations and checks are the business of `qa/checking/citations.py`, for this writer as for the embedded one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import cast

from corpus.text.figures import find_figures, is_stated, stated_figures
from corpus.text.lexicon import EMPTY_TERMS
from corpus.text.terms import squeeze, terms
from qa.answer import Answer, Turn
from qa.checking.citations import cite
from qa.checking.marks import ends_in_mark, unchecked
from qa.checking.verification import names_in
from qa.language_models.language_model import LanguageModel, Message
from qa.questions.follow_up import complete
from qa.questions.intents import Intent, intent_of
from qa.reading.reader import Reading
from qa.writing import quoting
from qa.writing.evidence import evidence
from qa.writing.judging import judged, repeats_itself, stands
from qa.writing.prompting import answer_messages, rewrite_messages

EMBEDDED = "wenju"
# Parameters from which a model may state facts in the reader's place. Of half a billion the figures stand in
# `qa/language_models/README.md`; larger ones were not measured, and their answers have to stand.
FACTS_FROM = 1_000_000_000
WRITTEN: frozenset[Intent] = frozenset({"reason", "way", "comparison"})  # what takes more than one sentence to say
MOST_ANSWERED = 400  # tokens of an answer …
MOST_REWRITTEN = 100  # … of a rewritten question …
MOST_JUDGED = 600  # … and of what is asked for outside of answers
LONGEST_REWRITTEN = 200  # characters
# How models say, in place of an answer, that there is none. What has a mark is an answer all the same.
_OPENING = re.compile(
    r"(?:很?抱歉|对不起|不好意思|根据|从|在|按照?|由于|因此|所以|但是?|以上|上述|所?给|所?提供|给定|现有|已有|您|该|这些?|的|"
    r"资料|文章|材料|文本|内容|信息|段落|文中|原文|上下文|[里中内上]|都|均|并|也|我|暂|目前|当前|答案?[：:]|回答[：:]|"
    r"[＜＞<>《》\[\]［］【】\d，,、：:\s])*"
)
_NOTHING = re.compile(r"没|未(?!来)|无(?!锡)|不(?:能|足以|知道|清楚|包含|包括|涉及)|找不到|查不到|缺乏|缺少")
_ANSWERED = re.compile(r"[\[［【（(^]\s*(?:来源|资料)?\s*\d")
_LONGEST_NOTHING = 3  # characters that may be the beginning of what says that there is nothing
_FROM = (
    r"(?:根据|依据|按照)(?:所?给(?:定|出)?|所?提供|以上|上述)?的?(?:资料|材料|文章|信息|内容)"
    r"(?:[里中]|[里中]?的?(?:内容|信息|描述|记载))?[，,]\s*"
)
_LABEL = re.compile(rf"^\s*(?:(?:答案?|回答)\s?[：:]\s*(?:{_FROM})?|{_FROM})")
_PREFACE = re.compile(r"^(?:改写后的?问题|改写后?|改写为|改写结果|追问|问题|问)\s*[:：]\s*")
_AROUND = "\"'“”‘’「」『』《》*` \n\t"


Score = Callable[[str], float]


class GenerativeWriter:
    """Answers in the words of a language model that is shown the passages which the reader believes in most.

    The embedded answer takes the place of one that does not stand: where the model is silent or half of what it says is
    not supported, and where what the reader marked as the answer is missing from it. A small model is not asked for
    facts at all.
    """

    def __init__(self, model: LanguageModel, *, remove_unsupported: bool = False) -> None:
        self.model = model
        self.remove = remove_unsupported

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    def write(self, growing: Answer, readings: Sequence[Reading], raw_spans: quoting.RawSpans) -> Generator[Answer]:
        """What the model writes, as it writes it, with the embedded evidence beside it; then what stands of it."""
        quoted = quoting.write(growing, quoting.quotes_of(readings), raw_spans)
        if self._quoted_better(growing.standalone, readings):
            yield replace(quoted, model=EMBEDDED)
            return
        shown, cut = evidence(growing.hits, readings)
        passages = [hit.passage for hit in shown]

        def cited(text: str) -> Answer:
            made = cite(text, passages, raw_spans, remove=self.remove)
            return judged(replace(growing, text=made[0], claims=made[1], citations=made[2]), readings)

        written, checked, answer = "", 0, replace(growing, citations=quoted.citations)
        messages = answer_messages(growing.standalone, cut, self.model)
        with closing(cast("Generator[str]", self.model.generate(messages, most=MOST_ANSWERED))) as pieces:
            for piece in unless_silent(pieces):
                written += piece
                if repeats_itself(written):
                    break
                if piece and ends_in_mark(written):
                    answer, checked = cited(written), len(written)
                yield replace(answer, text=answer.text + unchecked(written, checked))
        answer = cited(written)
        yield answer if stands(answer, quoted) else replace(quoted, model=EMBEDDED, instead_of=self.name)

    def _quoted_better(self, question: str, readings: Sequence[Reading]) -> bool:
        """Whether the embedded answer is as good and there at once: what one sentence states, for a small model."""
        small = 0 < self.model.parameters < FACTS_FROM
        return small and len(readings) == 1 and intent_of(question) not in WRITTEN

    def rewrite(self, question: str, history: Sequence[Turn], score: Score) -> Generator[None, None, str]:
        """`question` so that it can be understood without `history`; yields while it waits for the model.

        Where the model writes something that says more than the conversation, or nothing, the rules rewrite.
        """
        if not history:
            return question
        written = ""
        messages = rewrite_messages(question, history)
        with closing(cast("Generator[str]", self.model.generate(messages, most=MOST_REWRITTEN))) as pieces:
            for piece in pieces:
                written += piece
                yield
        return _trusted(written, question, history) or complete(question, history, score)


def complete_with(model: LanguageModel) -> Callable[[str], str]:
    """`model` as a function from a prompt to all that it writes: for judging answers and drafting questions."""

    def completed(prompt: str) -> str:
        return "".join(model.generate([Message("user", prompt)], most=MOST_JUDGED))

    completed.__qualname__ = model.name
    return completed


def unless_silent(pieces: Iterator[str]) -> Iterator[str]:
    """`pieces`, held back while they may become a refusal; nothing where all of them together are one.

    A label before them (答：, 根据资料，) is left out.
    """
    held = ""
    for piece in pieces:
        held += piece
        if not _may_be_silent(held):
            yield _LABEL.sub("", held)
            break
        yield ""
    else:
        if held.strip() and not is_silent(held):
            yield _LABEL.sub("", held)
        return
    yield from pieces


def is_silent(written: str) -> bool:
    """Whether a model that wrote this says that the passages do not answer, and nothing else.

    >>> is_silent("根据所给资料，没有提到党员人数。"), is_silent("资料里没有提到人数，只说有党员。[1]")
    (True, False)
    """
    rest = _after_opening(written)
    return bool(_NOTHING.match(rest)) and not _ANSWERED.search(rest)


def _may_be_silent(begun: str) -> bool:
    """Whether a text that begins so may still turn out to be a refusal."""
    rest = _after_opening(begun)
    return len(rest) < _LONGEST_NOTHING or is_silent(begun)


def _after_opening(written: str) -> str:
    """What follows where a text only says so far what it is about to speak of."""
    opening = _OPENING.match(written.strip())
    return written.strip()[opening.end() :] if opening else written


def _trusted(written: str, question: str, history: Sequence[Turn]) -> str:
    """The rewritten question in `written`, or "" where it cannot be one.

    It is one line, has the words asked for, and names nothing that neither the question nor the conversation has.
    """
    lines = [line for line in written.strip().splitlines() if line.strip()]
    if not lines:
        return ""
    text = _PREFACE.sub("", lines[-1].strip(_AROUND)).strip(_AROUND)
    said = "\n".join([question, *(f"{turn.question}\n{turn.answer}" for turn in history)])
    known, plain = find_figures(said), squeeze(said)
    invented = any(not is_stated(figure, known) for figure in stated_figures(text))
    invented = invented or any(squeeze(name) not in plain for name in names_in(text))
    kept = set(terms(text)) & (set(terms(question)) - EMPTY_TERMS)
    lost = bool(set(terms(question)) - EMPTY_TERMS) and not kept
    return "" if invented or lost or not 2 <= len(text) <= LONGEST_REWRITTEN else text
