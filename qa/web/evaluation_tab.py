"""Evaluation on the page: a question set is put in, asked of the visitor's articles, and its report looked at.

Knows Gradio's components, which are handed in with the module. How a set is read, asked and summed up is known to
`qa.evaluation`; one set is asked at a time, so that those who only ask are not kept waiting.
"""

from __future__ import annotations

import logging
import re
import shutil
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from corpus.errors import WenjuError
from qa.web import uploads
from qa.web.answerers import Answerers
from qa.web.arrivals import Arrivals, private_folder
from qa.web.browsing import Selection
from qa.web.html_articles import draw_notice, draw_progress, draw_told
from qa.web.html_evaluation import Report, draw_reports, draw_set
from qa.web.persons import person
from qa.web.ratings import ratings_file

if TYPE_CHECKING:
    from embeddings.collections.together import AnyCollection
    from qa.evaluation.results import Evaluation

MOST_QUESTIONS = 500  # of a set are asked on the page; the command line asks all
MOST_REPORTS = 20  # of a visitor are kept, the newest
_POLL_SECONDS = 0.3
_NAME = re.compile(r"[\w.-]{1,80}")
_FILES = frozenset({"report.html", "report.json", "rows.jsonl", "report.md", "report.en.md"})

log = logging.getLogger(__name__)


def report_file(home: Path, visitor: str, report: str, file: str) -> Path | None:
    """A file of a report of `visitor`; None for what is none."""
    if not (uploads.is_visitor(visitor) and _NAME.fullmatch(report) and report.strip(".") and file in _FILES):
        return None
    path = home / "evaluations" / visitor / report / file
    return path if path.is_file() else None


def make_room(folder: Path) -> None:
    """Let the oldest reports in `folder` go, so that with another one there are MOST_REPORTS at most."""
    oldest = sorted(folder.iterdir(), key=lambda report: report.stat().st_mtime)
    for report in oldest[: max(0, len(oldest) - MOST_REPORTS + 1)]:
        shutil.rmtree(report, ignore_errors=True)


class EvaluationTab:
    """The place for question sets, the reports, and the functions that their events call."""

    def __init__(self, gradio: Any, answerers: Answerers, arrivals: Arrivals) -> None:
        self.gr, self.answerers, self.settings, self.words = gradio, answerers, answerers.settings, answerers.words
        self.arrivals = arrivals
        self._running = Lock()

    # --- the page ---

    def lay_out(self) -> None:
        gr = self.gr
        gr.HTML(draw_set(self.words, MOST_QUESTIONS), elem_id="set")
        self.rated = gr.Button(self.words.shelf.evaluate_ratings, elem_id="evaluate-ratings", visible=False)
        self.state = gr.HTML("", elem_id="evaluation-state")
        self.reports = gr.HTML("", elem_id="reports")
        self.batch = gr.Textbox(visible="hidden", elem_id="set-arrived", show_label=False, container=False)
        self.arrived = gr.Button(visible="hidden", elem_id="set-arrived-send")

    def wire(self, blocks: Any, tab: Any, selection: Any) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        drawn = [self.state, self.reports, self.rated]
        self.arrived.click(self.put_in, [self.batch, selection], drawn, **quiet)
        self.rated.click(self.ask_rated, [selection], drawn, **quiet)
        blocks.load(self.enter, None, drawn, **quiet)
        tab.select(self.enter, None, drawn, **quiet)

    # --- what the events do ---

    def enter(self) -> dict[Any, Any]:
        """The page or the tab was opened: what can be evaluated, and what was before?"""
        visitor = uploads.visitor_of(person())
        rated = ratings_file(self.settings.home, visitor).is_file()
        return {self.reports: self._drawn(visitor), self.rated: self.gr.Button(visible=rated)}

    def ask_rated(self, selection: Selection) -> Iterator[dict[Any, Any]]:
        """Ask once more what the visitor has rated."""
        yield from self.evaluate(
            ratings_file(self.settings.home, selection.visitor), self.words.shelf.ratings, selection
        )

    def put_in(self, batch: str, selection: Selection) -> Iterator[dict[Any, Any]]:
        """A question set has come: ask it, showing how far it is, then show the report."""
        try:
            sets = self.arrivals.hand_on(selection.visitor, str(batch))
            if not sets:
                yield {self.state: draw_notice(self.words.nothing_taken)}
                return
            yield from self.evaluate(sets[0].path, Path(sets[0].name).name, selection)
        finally:
            self.arrivals.forget(selection.visitor, str(batch))

    def evaluate(self, questions: Path, name: str, selection: Selection) -> Iterator[dict[Any, Any]]:
        """Ask the set in the file `questions` of the selected articles; the report goes by `name`."""
        asked = self.answerers.searched(selection)
        if not len(asked):
            yield {self.state: draw_notice(self.words.shelf.empty_groups)}
            return
        if not self._running.acquire(blocking=False):
            yield {self.state: draw_notice(self.words.shelf.evaluating_already)}
            return
        steps: deque[tuple[str, int, int]] = deque([("reading", 0, 0)], maxlen=1)
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="evaluate")
        work = executor.submit(self._run, questions, name, selection.visitor, asked, lambda *step: steps.append(step))
        work.add_done_callback(lambda _: self._running.release())
        executor.shutdown(wait=False)
        began = time.monotonic()
        while not work.done():
            stage, done, total = steps[-1]
            rate = done / (time.monotonic() - began) if done else 0.0
            yield {self.state: draw_progress(stage, done, total, rate, self.words)}
            wait([work], timeout=_POLL_SECONDS)
        yield {self.state: self._outcome(work), self.reports: self._drawn(selection.visitor)}

    def _outcome(self, work: Any) -> str:
        try:
            evaluation: Evaluation = work.result()
        except WenjuError as error:
            return draw_notice(error.message(self.settings.language))
        except Exception as error:
            log.exception("a question set could not be evaluated")
            return draw_notice(self.words.crashed.format(error=type(error).__name__))
        return draw_told(self.words.shelf.evaluated.format(count=len(evaluation.rows)))

    def _run(self, questions: Path, name: str, visitor: str, asked: AnyCollection, progress: Any) -> Evaluation:
        from qa.evaluation.evaluating import prepare

        prepared = prepare(questions, collection=asked, most=MOST_QUESTIONS, settings=self.settings)
        stem = re.sub(r"[^\w-]+", "-", Path(name).stem)[:40].strip("-") or "questions"
        folder = private_folder(self.settings.home / "evaluations" / visitor)
        folder.parent.chmod(0o700)
        make_room(folder)
        return prepared.run(to=folder / f"{stem}-{prepared.about['run'][:8]}", progress=progress)

    def _drawn(self, visitor: str) -> str:
        folder = self.settings.home / "evaluations" / visitor
        pages = sorted(folder.glob("*/report.html"), key=lambda page: page.stat().st_mtime, reverse=True)
        reports = [
            Report(page.parent.name, time.strftime("%Y-%m-%d %H:%M", time.localtime(page.stat().st_mtime)))
            for page in pages
        ]
        return draw_reports(reports, self.words)
