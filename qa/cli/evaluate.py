"""The commands around evaluation: `wenju eval`, `wenju calibrate`, `wenju make-questions`.

Arguments, options, help in two languages, and which parts of the program are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError
from qa.cli.help import Command, both
from qa.cli.options import ArticlePaths, CollectionFolder, CollectionFolders, begin, check_one_way, named_collection

if TYPE_CHECKING:
    from qa.cli.terminal import Terminal
    from qa.evaluation.evaluating import Complete, Prepared
    from qa.evaluation.results import Evaluation
    from qa.settings import Settings

REPORTS = Path("wenju-eval")

QuestionFile = Annotated[
    Path | None,
    typer.Argument(metavar="QUESTIONS", help=both("题目：JSONL、CSV、XLSX 或公开题集的原文件", "Question set")),
]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help=both("同时用几个进程", "Processes at once"))]
OwnArticles = Annotated[
    bool,
    typer.Option("--own-articles", help=both("每题只看题目写明的文章", "Each question sees its own articles only")),
]
Most = Annotated[
    int | None, typer.Option("--most", min=1, help=both("最多问几题，均匀抽取", "Ask so many, evenly spread"))
]

app = typer.Typer()


@app.command(
    "eval",
    cls=Command,
    help=both(
        "用一套题目评测回答的质量，写出一份网页报告。不给文章时，问题目自带的文章，没有就问示例文章。\n\n\b\n例：\n"
        "  wenju eval 题目.xlsx --articles 报纸/\n  wenju eval cmrc2018_trial.json\n"
        "  wenju eval --compare 报告甲/ 报告乙/",
        "Measure how good the answers to a question set are; writes a report to look at. Asks the given articles, else "
        "those that come with the set, else the samples.\n\n\b\nExamples:\n  wenju eval QUESTIONS.xlsx --articles "
        "PAGES/\n  wenju eval cmrc2018_trial.json\n  wenju eval --compare REPORT-A/ REPORT-B/",
    ),
)
def evaluate_questions(
    context: typer.Context,
    questions: QuestionFile = None,
    collection: CollectionFolders = None,
    articles: ArticlePaths = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="NAME", help=both("哪个模型作答，可多次给出来比较", "Who answers; repeatable")),
    ] = None,
    judge: Annotated[
        str,
        typer.Option(
            "--judge",
            metavar="NAME",
            help=both("再请一个语言模型打分，另列", "A language model scores, too; kept apart"),
        ),
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=both("报告放在哪里，默认 wenju-eval/ 下", "Where the report goes")),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", metavar="A B", help=both("比较两份报告", "Compare two reports")),
    ] = None,
    own_articles: OwnArticles = False,
    most: Most = None,
    workers: Workers = 1,
    anew: Annotated[
        bool, typer.Option("--anew", help=both("从头再做，不接着上次的做", "Start again, do not go on"))
    ] = False,
) -> None:
    terminal, settings = begin(context)
    if compare:
        _compare(terminal, compare, to or REPORTS / "compare")
        return
    if questions is None:
        raise InputError(
            "没有给题目文件。例：wenju eval 题目.xlsx --articles 报纸/",
            "No question set was named. Example: wenju eval QUESTIONS.xlsx --articles PAGES/",
        )
    judged = _language_model(settings, judge) if judge else None
    folders: list[Path] = []
    for name in model or [settings.model]:
        chosen = replace(settings, model=name)
        with _prepared(terminal, chosen, questions, collection, articles, own_articles, most) as prepared:
            folder = _folder(to, prepared, several=len(model or ()) > 1)
            _run(terminal, prepared, folder, workers, anew, judged)
            folders.append(folder)
    for other in folders[1:]:
        _compare(terminal, (folders[0], other), folders[0].parent / f"compare-{folders[0].name}-{other.name}")


def _folder(to: Path | None, prepared: Prepared, several: bool) -> Path:
    """Where a report goes: by default the same folder for the same questions, articles, settings and program."""
    if to is None:
        return REPORTS / f"{prepared.name}-{prepared.about['run'][:8]}"
    return to / str(prepared.about["model"]).replace("/", "-") if several else to


def _prepared(
    terminal: Terminal,
    settings: Settings,
    questions: Path,
    collection: Path | Sequence[Path] | None,
    articles: Sequence[Path] | None,
    own_articles: bool = False,
    most: int | None = None,
) -> Prepared:
    from qa.cli.evaluate_terminal import show_problems
    from qa.evaluation.evaluating import prepare

    if collection:
        check_one_way(articles)
    with terminal.progress() as progress:
        prepared = prepare(
            questions,
            collection=collection or None,
            articles=articles or None,
            own_articles=own_articles,
            most=most,
            settings=settings,
            progress=progress,
        )
    show_problems(terminal, prepared.problems)
    return prepared


def _language_model(settings: Settings, name: str) -> Complete:
    """The language model called `name`, as a function. Raises InputError for the embedded reader, which is none."""
    from qa.language_models.loading import load_language_model
    from qa.writing.generative_writer import complete_with

    model = load_language_model(replace(settings, model=name))
    if model is None:
        raise InputError(
            f"“{name}”不是语言模型，只会引用原句。请用 wenju models list 里的名字，或设 WENJU_SERVER。",
            f"{name!r} is no language model, it only quotes. Take a name of wenju models list, or set WENJU_SERVER.",
        )
    return complete_with(model)


def _run(
    terminal: Terminal, prepared: Prepared, folder: Path, workers: int, anew: bool, judge: Complete | None
) -> Evaluation:
    from qa.cli.evaluate_terminal import questions_bar, show_evaluation

    about = prepared.about
    terminal.note(
        f"{about['questions']}：{about['asked']} 题，问 {about['articles']} 篇文章，由 {about['model']} 回答。",
        f"{about['questions']}: {about['asked']} questions to {about['articles']} articles, answered by "
        f"{about['model']}.",
    )
    try:
        with questions_bar(terminal) as progress:
            evaluation = prepared.run(to=folder, workers=workers, anew=anew, judge=judge, progress=progress)
    except KeyboardInterrupt:
        terminal.note(
            "停下了。答完的题已经存好，再运行同一条命令就接着做。",
            "Stopped. What is answered is kept: run the same command again to go on.",
        )
        raise
    show_evaluation(terminal, evaluation)
    terminal.write()
    terminal.write(terminal.pick("报告：", "Report: ") + str(folder / "report.html"))
    return evaluation


def _compare(terminal: Terminal, folders: tuple[Path, Path], to: Path) -> None:
    from qa.cli.evaluate_terminal import show_comparison
    from qa.evaluation.report.comparison import compare, save_comparison

    comparison = compare(*folders)
    page = save_comparison(comparison, to)
    show_comparison(terminal, comparison)
    terminal.write()
    terminal.write(terminal.pick("逐题对照：", "Side by side: ") + str(page))


@app.command(
    cls=Command,
    help=both(
        "按一套题目调整“把握多大才回答”，和索引放在一起，以后问这些文章都照此办。\n\n\b\n例：\n"
        "  wenju calibrate 题目.xlsx --articles 报纸/\n  wenju calibrate --reset --articles 报纸/",
        "Fit how sure an answer must be to a question set, and keep that with the index.\n\n\b\nExamples:\n"
        "  wenju calibrate QUESTIONS.xlsx --articles PAGES/\n  wenju calibrate --reset --articles PAGES/",
    ),
)
def calibrate(
    context: typer.Context,
    questions: QuestionFile = None,
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    reset: Annotated[
        bool, typer.Option("--reset", help=both("恢复随程序附带的门槛", "Back to the shipped thresholds"))
    ] = False,
    workers: Workers = 1,
) -> None:
    from qa.cli.evaluate_terminal import questions_bar, show_calibration
    from qa.reading.calibration import fit
    from qa.reading.calibration_file import forget, made_for, save_calibration

    terminal, settings = begin(context)
    if reset:
        with named_collection(terminal, settings, collection, articles) as opened:
            there = forget(opened.path)
        done = ("已恢复随程序附带的门槛。", "The shipped thresholds hold again.")
        terminal.write(terminal.pick(*(done if there else ("这个索引没有校准过。", "It was not calibrated."))))
        return
    if questions is None or not (collection or articles):
        raise InputError(
            "请给出题目，以及为哪些文章校准。例：wenju calibrate 题目.xlsx --articles 报纸/",
            "Name a question set, and the articles to calibrate for: wenju calibrate QUESTIONS.xlsx --articles PAGES/",
        )
    with _prepared(terminal, settings, questions, collection, articles) as prepared:
        with questions_bar(terminal) as progress:
            observed = prepared.observations(workers=workers, progress=progress)
        fitted = prepared.collection.parts[0]
        wanted = made_for(prepared.about["model"], fitted.manifest.fingerprint)
        calibration = fit(observed, name=prepared.name, made_for=wanted)
        save_calibration(fitted.path, calibration)
    show_calibration(terminal, calibration)
    terminal.write()
    terminal.write(
        terminal.pick(
            "箭头左边是随程序附带的门槛，右边是新的（交叉验证）。已和索引放在一起，从下一个问题起生效；"
            "--reset 可以恢复。",
            "Left of the arrows the shipped thresholds, right of them the new ones (cross-validated). Kept with the "
            "index, they hold from the next question on; --reset undoes it.",
        )
    )


@app.command(
    "make-questions",
    cls=Command,
    help=both(
        "从文章里起草一套题目，每题附原文，供人在表格里核对后评测用。\n\n\b\n例：\n"
        "  wenju make-questions --articles 报纸/ --to 题目.xlsx\n  wenju eval 题目.xlsx --articles 报纸/",
        "Draft questions from the articles, each with its passage, for a person to check in a spreadsheet.\n\n\b\n"
        "Examples:\n  wenju make-questions --articles PAGES/ --to QUESTIONS.xlsx\n"
        "  wenju eval QUESTIONS.xlsx --articles PAGES/",
    ),
)
def make_question_set(
    context: typer.Context,
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    count: Annotated[int, typer.Option("--count", min=1, help=both("起草几题", "How many questions"))] = 50,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help=both("写到 .xlsx、.csv 或 .jsonl", "An .xlsx, .csv or .jsonl"))
    ] = Path("题目.xlsx"),
    seed: Annotated[int, typer.Option("--seed", help=both("换一个数就换一批题", "Another number, other drafts"))] = 0,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help=both("由这个语言模型起草", "A language model that drafts"))
    ] = "",
) -> None:
    from qa.evaluation.drafting.drafts import make_questions
    from qa.evaluation.questions.sets import write_question_set

    terminal, settings = begin(context)
    if to.exists():
        raise InputError(
            f"{to} 已经有了，里面也许有人核对过的题目。请用 --to 换一个文件名。",
            f"{to} is there already, and may hold questions that somebody checked. Name another file with --to.",
        )
    complete = _language_model(settings, model) if model else None
    with named_collection(terminal, settings, collection, articles) as opened, terminal.progress() as progress:
        cases = make_questions(opened, count, seed=seed, complete=complete, progress=progress)
    if not cases:
        raise InputError(
            "这些文章里没有能起草题目的句子（要有数字、日期、人名、地名或并列的事项）。",
            "No sentence of these articles gives a question (it takes figures, dates, names or lists).",
        )
    write_question_set(cases, to)
    where = terminal.pick(f"起草了 {len(cases)} 题，写在 {to}。", f"Drafted {len(cases)} questions in {to}.")
    terminal.write(where)
    terminal.write(
        terminal.pick(
            "请逐题核对问题和答案，不要的在“留用”一栏写“否”，再运行 wenju eval。",
            "Check question and answer of each; write 否 (no) under 留用 for those to leave out; then run wenju eval.",
        )
    )
