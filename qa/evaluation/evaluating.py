"""`evaluate()`: a question set asked of a collection, every answer scored, the whole summed up.

Knows the order of the steps: which articles are asked, who asks, what is kept of a run that was cut off. What an answer
is worth is the business of `scoring`, the form of a report that of `report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import CollectionDamaged, CollectionNotFound, EncoderMismatch, InputError
from embeddings.collections.collection import Collection
from embeddings.collections.indexing import Progress
from embeddings.collections.together import AnyCollection
from embeddings.encoders.loading import load_encoder
from qa.answer import Answer, Question
from qa.evaluation.article_names import ids_by_name, resolve
from qa.evaluation.asking_all import Task, ask_all
from qa.evaluation.journal import Journal, journal
from qa.evaluation.metrics.scoring import refusal_curve, summarise
from qa.evaluation.provenance import about_run, checksum, name_of
from qa.evaluation.questions.cases import Case, QuestionSet
from qa.evaluation.questions.sets import read_question_set
from qa.evaluation.report.output import save_report
from qa.evaluation.results import Evaluation, Row
from qa.library.indexes import collection_for, open_collections, sample_collection
from qa.library.trained_encoder import own_encoder
from qa.reading.calibration import Observation
from qa.settings import Settings

Ask = Callable[[Question], Answer]
Complete = Callable[[str], str]
"""A language model as a judge: prompt in, text out."""


def evaluate(
    questions: Path | str | QuestionSet,
    *,
    collection: AnyCollection | Path | str | Sequence[Path | str] | None = None,
    articles: Path | str | Sequence[Path | str] | None = None,
    to: Path | str | None = None,
    anew: bool = False,
    own_articles: bool = False,
    most: int | None = None,
    workers: int = 1,
    settings: Settings | None = None,
    answer: Ask | None = None,
    judge: Complete | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every question of a set (a file, or one that is read already) and score the answers.

    The questions are asked of `collection` (one that is open, its folder, or several folders searched as one), or
    of the files under `articles`. Without either, a set that brings its own texts is asked of all of these
    together, any other one of the sample articles. With `own_articles` a question may only be answered from those
    that the set names for it. `most` takes that many questions, spread evenly over the set.

    With `to`, report and rows are written to that folder; a run that was killed goes on where it stopped when called
    again, and a finished one is not asked again, unless `anew`. `workers` are processes (threads where `answer`, a
    function to be evaluated in place of the program, is given). `judge` is a language model for the judged metrics.
    Both are known by their names only: where a function does something else than before, say `anew`.
    `progress` is called with ("asking", done, total). A question that fails is a row with a `problem`.

    Raises InputError and ReadError for what cannot be used, CollectionError, ModelError.
    """
    asked = prepare(
        questions,
        collection=collection,
        articles=articles,
        own_articles=own_articles,
        most=most,
        settings=settings,
        progress=progress,
    )
    with asked:
        return asked.run(to=to, anew=anew, workers=workers, answer=answer, judge=judge, progress=progress)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question set beside the collection it will be asked of; use it in a `with`.

    `about` says what is evaluated; its "run" is the same for the same questions, articles, settings and program.
    `problems` are rows of the set that could not be used, and names that nothing goes by.
    """

    name: str
    tasks: tuple[Task, ...]
    collection: AnyCollection
    settings: Settings
    about: Mapping[str, Any]
    problems: tuple[tuple[str, str], ...]
    ours: bool

    def __enter__(self) -> Prepared:
        return self

    def __exit__(self, *_: object) -> None:
        if self.ours:
            self.collection.close()

    def run(
        self,
        *,
        to: Path | str | None = None,
        anew: bool = False,
        workers: int = 1,
        answer: Ask | None = None,
        judge: Complete | None = None,
        progress: Progress | None = None,
    ) -> Evaluation:
        """Ask what is not answered yet, sum up, and write the report to the folder `to`."""
        folder = None if to is None else Path(to).expanduser()
        cases = [task.case for task in self.tasks]
        about = {**self.about, "workers": workers}
        if answer:
            about |= {"model": name_of(answer), "run": checksum(about["run"], "answer", name_of(answer))}
        if judge:
            about |= {"judged": name_of(judge), "run": checksum(about["run"], "judged", name_of(judge))}
        with journal(folder, about, cases, anew) as kept:
            for row in self._rows(kept, workers, answer, judge, progress):
                kept.add(row)
            evaluation = self._summed_up(kept)
            if folder:
                save_report(evaluation, folder)
        return evaluation

    def observations(self, *, workers: int = 1, progress: Progress | None = None) -> tuple[Observation, ...]:
        """What `qa.reading.calibration.fit` wants to know: every question answered, however unsure.

        Questions that have an answer, but none that it could be compared with, are left out: they would count as wrong.
        """
        observed = []
        for done, row in enumerate(ask_all(self.tasks, self.collection, self.settings, 0.0, workers), 1):
            if not row.problem and (row.case.required or not row.case.answerable):
                confidence = 0.0 if row.record["refused"] else row.record["confidence"]
                right = row.scores.get("contained") == 1.0
                observed.append(Observation(confidence, right, row.case.answerable))
            if progress:
                progress("asking", done, len(self.tasks))
        return tuple(observed)

    def _rows(
        self, kept: Journal, workers: int, answer: Ask | None, judge: Complete | None, progress: Progress | None
    ) -> Iterator[Row]:
        """The rows that are missing, as they are answered."""
        missing = [task for task in self.tasks if task.case.id not in kept.rows]
        done, failed = len(kept.rows), 0
        if progress:
            progress("asking", done, len(self.tasks))
        for row in ask_all(missing, self.collection, self.settings, self.about["threshold"], workers, answer):
            failed += bool(row.problem)
            yield _judged(row, judge) if judge else row
            done += 1
            if progress:
                progress("failed", failed, len(self.tasks))
                progress("asking", done, len(self.tasks))

    def _summed_up(self, kept: Journal) -> Evaluation:
        rows = tuple(kept.rows[task.case.id] for task in self.tasks)
        kinds: dict[str, list[Row]] = {}
        for row in rows:
            kinds.setdefault(row.case.kind, []).append(row)
        apart = {kind: summarise(of_kind) for kind, of_kind in kinds.items()} if len(kinds) > 1 else {}
        return Evaluation(self.name, kept.about, rows, summarise(rows), apart, refusal_curve(rows))


def prepare(
    questions: Path | str | QuestionSet,
    *,
    collection: AnyCollection | Path | str | Sequence[Path | str] | None = None,
    articles: Path | str | Sequence[Path | str] | None = None,
    own_articles: bool = False,
    most: int | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """Read the set and open or build what it is asked of; the arguments are those of `evaluate`."""
    settings = settings or Settings.from_environment()
    asked = questions if isinstance(questions, QuestionSet) else read_question_set(questions)
    cases = asked.cases if most is None else _spread(asked.cases, most)
    opened = _opened(asked, collection, articles, settings, progress)
    known = ids_by_name(opened.articles())
    tasks = tuple(_task(case, known, own_articles) for case in cases)
    if all(task.problem for task in tasks):
        raise InputError(
            f"“{asked.name}”里的题目只能用指定的段落回答，而这些段落都不在索引里。请用 --articles 给出它们所在的文件。",
            f"The questions of {asked.name!r} may only be answered from passages that this collection does not have. "
            "Name the files that have them with --articles.",
        )
    ours = not isinstance(collection, AnyCollection)
    about = about_run(asked, cases, opened, settings, own_articles)
    return Prepared(asked.name, tasks, opened, settings, about, (*asked.problems, *_unknown(cases, tasks)), ours)


def _task(case: Case, known: Mapping[str, tuple[str, ...]], own_articles: bool) -> Task:
    """`case` with the ids of its articles, ready to be asked."""
    relevant = resolve(case.articles, known)
    named = case.given or (case.articles if own_articles else ())
    given = resolve(named, known)
    problem = "限定的文章不在索引里。None of the articles it is limited to is in the collection."
    question = Question(case.question, case.history, given, case.since, case.until)
    return Task(case, question, frozenset(relevant), problem if named and not given else "")


def _unknown(cases: Sequence[Case], tasks: Sequence[Task]) -> Iterator[tuple[str, str]]:
    lost = sum(bool(case.articles) and not task.relevant for case, task in zip(cases, tasks, strict=True))
    if lost:
        yield (
            f"有 {lost} 题写明了文章，但索引里没有这些文章，这些题不评检索。",
            f"{lost} questions name articles that the collection does not have; their retrieval is not scored.",
        )


def _opened(
    asked: QuestionSet,
    collection: AnyCollection | Path | str | Sequence[Path | str] | None,
    articles: Path | str | Sequence[Path | str] | None,
    settings: Settings,
    progress: Progress | None,
) -> AnyCollection:
    """What the set is asked of, as `evaluate` says."""
    if collection is not None and articles is not None:
        raise ValueError("give a collection or articles, not both")
    if isinstance(collection, AnyCollection):
        return collection
    if collection is not None:
        return open_collections(collection)
    if articles is not None:
        return collection_for(articles, settings, progress)
    if asked.articles:
        return _collection_of(asked, settings, progress)
    return sample_collection(settings, progress)


def _collection_of(asked: QuestionSet, settings: Settings, progress: Progress | None) -> Collection:
    """The texts that came with a set, indexed once and kept."""
    texts = checksum(
        settings.encoder, *(f"{article.id}\0{article.title}\0{article.text}" for article in asked.articles)
    )
    folder = settings.home / "collections" / f"questions-{texts[:12]}"
    encoder = load_encoder(own_encoder(folder) or settings.encoder, downloads=settings.downloads)
    try:
        return Collection.open(folder, encoder=encoder)
    except (CollectionNotFound, CollectionDamaged, EncoderMismatch):
        return Collection.build(folder, asked.articles, encoder=encoder, progress=progress)


def _spread(cases: Sequence[Case], most: int) -> tuple[Case, ...]:
    """`most` of `cases`, evenly spread."""
    count = min(max(most, 1), len(cases))
    return tuple(cases[index * len(cases) // count] for index in range(count))


def _judged(row: Row, judge: Complete) -> Row:
    """`row` with what a language model says of its answer; a judge that fails leaves it as it is."""
    from corpus.errors import WenjuError
    from qa.evaluation.metrics.judging import judge as ask_judge

    if row.problem or row.record["refused"] or not row.case.required:
        return row
    quotes = [citation["quote"] for citation in row.record["citations"]]
    try:
        said = ask_judge(row.case, row.record["text"], quotes, judge)
    except WenjuError:
        return row
    scores = {**row.scores, "judged_correct": said.correct, "judged_grounded": said.grounded}
    return replace(row, scores=scores, record={**row.record, "judged": said.reason})
