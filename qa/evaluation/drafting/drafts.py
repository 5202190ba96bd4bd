"""Drafts of a question set, made from a collection's own articles for a person to check.

Knows which articles are read and which drafts are kept: spread over articles and kinds, the same for the same seed.
How a draft is made is the business of `rules` and, where there is a language model, of
`model`. Knows nothing of files.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.article import Article
from corpus.errors import ModelError
from corpus.text.figures import narrow
from corpus.text.sentences import split_sentences
from corpus.text.terms import pairs
from embeddings.collections.collection import Collection
from embeddings.collections.indexing import Progress
from qa.evaluation.drafting.clauses import names_of
from qa.evaluation.drafting.model import drafts_by_model
from qa.evaluation.drafting.rules import Draft, drafts_of
from qa.evaluation.questions.cases import Case

OFF_BY_DETAIL = "off_by_detail"
_ONE_OFF_IN = 6  # of so many questions, one asks for what no article says
_READ_FOR_ONE = 3  # articles read for one question, so that rare kinds have a chance
_CONTEXT = 240  # characters that a person reads to check a draft
_SEARCHED = 5
_SORTS = frozenset("省市县区镇乡村州国路街道院校行局")  # names that end alike stand for things alike
_ALIKE = 0.6  # share of a question's pairs of characters in a passage that may answer it

Complete = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Made:
    """A draft and the article it was made from."""

    article: Article
    draft: Draft


def make_questions(
    collection: Collection,
    count: int,
    *,
    seed: int = 0,
    complete: Complete | None = None,
    progress: Progress | None = None,
) -> tuple[Case, ...]:
    """At most `count` questions that articles of `collection` answer, and some (one in six) that none answers.

    Fewer where the articles do not give as many that stand alone. Sorted by article and place, each with the text that
    answers in `passage`. With `complete`, a language model as a function from prompt to text, the questions are the
    model's; an article for which it says nothing usable is asked about by rules. The same for the same seed, as far as
    the model is. Raises ModelError where the model fails on the first article; later failures fall back to the rules.
    """
    if count <= 0:
        return ()
    rng = random.Random(seed)
    unanswerable = count // _ONE_OFF_IN
    made = _draft(collection, count, rng, complete, progress)
    kept = _spread(made, count - unanswerable, rng)
    off = _off_by_detail(collection, made, kept, unanswerable, rng)
    if len(off) < unanswerable:
        kept = _spread(made, count - len(off), rng)
    cases = sorted([*(_case(item) for item in kept), *off], key=lambda placed: placed[0])
    width = max(3, len(str(len(cases))))
    return tuple(_numbered(case, number, width) for number, (_, case) in enumerate(cases, 1))


_Placed = tuple[tuple[str, int, bool], Case]


def _draft(
    collection: Collection, count: int, rng: random.Random, complete: Complete | None, progress: Progress | None
) -> list[_Made]:
    """Drafts of articles drawn by lot: of enough to choose from, never of all of a large collection."""
    ids = [summary.id for summary in collection.articles()]
    rng.shuffle(ids)
    del ids[count * (1 if complete else _READ_FOR_ONE) * 2 :]
    made: list[_Made] = []
    fruitful = 0
    for number, article_id in enumerate(ids):
        article = collection.article(article_id)
        drafts = _by_model(collection, article, count, len(ids), complete, first=not number) if complete else []
        drafts = drafts or drafts_of(article)
        made += [_Made(article, draft) for draft in drafts]
        fruitful += bool(drafts)
        if progress:
            progress("drafting", number + 1, len(ids))
        if fruitful >= count * (1 if complete else _READ_FOR_ONE):
            break
    return made


def _by_model(
    collection: Collection, article: Article, count: int, articles: int, complete: Complete, *, first: bool
) -> list[Draft]:
    wanted = -(-count // articles) + 1
    try:
        return drafts_by_model(article, collection.passages(article.id), wanted, complete)
    except ModelError:
        if first:  # most likely it is not there at all
            raise
        return []


def _spread(made: Sequence[_Made], count: int, rng: random.Random) -> list[_Made]:
    """`count` drafts: of the kind that has fewest so far, then of the article that has.

    No sentence is asked about twice while there are others.
    """
    left: dict[str, list[_Made]] = {}
    for item in rng.sample(made, len(made)):
        left.setdefault(item.draft.kind, []).append(item)
    kinds: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    sentences: set[tuple[str, int]] = set()
    kept: dict[str, _Made] = {}
    later: list[_Made] = []
    while left and len(kept) < count:
        kind = min(left, key=lambda name: (kinds[name], name))
        item = min(left[kind], key=lambda one: articles[one.article.id])
        left[kind].remove(item)
        if not left[kind]:
            del left[kind]
        place = (item.article.id, item.draft.sentence[0])
        if place in sentences:
            later.append(item)
        elif item.draft.question not in kept:
            kept[item.draft.question] = item
            sentences.add(place)
            kinds[kind] += 1
            articles[item.article.id] += 1
    for item in later[: count - len(kept)]:
        kept.setdefault(item.draft.question, item)
    return list(kept.values())


def _case(item: _Made) -> _Placed:
    article, draft = item.article, item.draft
    case = Case(
        id="",
        question=draft.question,
        answers=draft.answers,
        answer_groups=tuple((part,) for part in draft.parts),
        articles=(article.id,),
        kind=draft.kind,
        passage=_context(article, draft),
    )
    return (article.id, draft.start, False), case


def _context(article: Article, draft: Draft) -> str:
    """The sentence that answers, with the one before it where both are of one paragraph and not too long."""
    start, end = draft.sentence
    paragraph = article.text.rfind("\n", 0, start) + 1
    for earlier, _ in reversed(split_sentences(article.text[paragraph:start])):
        if end - paragraph - earlier <= _CONTEXT:
            return article.text[paragraph + earlier : end]
        break
    return article.text[start:end]


def _numbered(case: Case, number: int, width: int) -> Case:
    return replace(case, id=f"draft-{number:0{width}d}")


def _off_by_detail(
    collection: Collection, made: Sequence[_Made], kept: Sequence[_Made], count: int, rng: random.Random
) -> list[_Placed]:
    """Questions with one detail changed, so that the article does not answer them; drafts not kept come first."""
    names: dict[tuple[str, str], set[str]] = {}
    for item in made:
        for name, sort in names_of(item.draft.question):
            names.setdefault((sort, name[-1]), set()).add(name)
    taken = {item.draft.question for item in kept}
    pending = rng.sample(made, len(made))
    pending.sort(key=lambda item: item.draft.question in taken)
    found: dict[str, _Placed] = {}
    articles: Counter[str] = Counter()
    sentences: set[tuple[str, int]] = set()
    for most in (1, count):  # one of each article first
        for item in pending:
            article, draft = item.article, item.draft
            if len(found) >= count:
                break
            if articles[article.id] >= most or (article.id, draft.sentence[0]) in sentences:
                continue
            question = next((q for q, new in _changed(item, names, rng) if not _answered(collection, q, new)), "")
            if question and question not in found:
                articles[article.id] += 1
                sentences.add((article.id, draft.sentence[0]))
                case = Case("", question, answerable=False, kind=OFF_BY_DETAIL, passage=_context(article, draft))
                found[question] = ((article.id, draft.start, True), case)
    return list(found.values())


def _changed(item: _Made, names: dict[tuple[str, str], set[str]], rng: random.Random) -> Iterator[tuple[str, str]]:
    """The question with another year or name, and that detail; never one that its article has."""
    question, article = item.draft.question, item.article
    known = narrow(f"{article.title}\n{article.text}\n{article.published}")
    for match in re.finditer(r"(?<!\d)(?:19|20)\d\d(?=年)", question):
        for distance in rng.sample([-4, -3, -2, -1], 4):
            year = str(int(match[0]) + distance)
            if year not in known:
                yield question[: match.start()] + year + question[match.end() :], year
                break
    for name, sort in names_of(question):
        others = sorted(names[(sort, name[-1])]) if sort == "nr" or name[-1] in _SORTS else []
        for other in rng.sample(others, min(len(others), 4)):
            apart = other not in known and other not in name and name not in other
            if apart and question.count(name) == 1:
                yield question.replace(name, other), other


def _answered(collection: Collection, question: str, detail: str) -> bool:
    """Whether a passage of the collection has the changed detail and most of the question besides."""
    rest = pairs(question.replace(detail, ""))
    for hit in collection.search(question, k=_SEARCHED):
        text = f"{hit.passage.title}\n{hit.passage.text}"
        if detail in text and sum(pair in text for pair in rest) >= _ALIKE * len(rest):
            return True
    return False
