"""The folder of an evaluation while it runs: what is already answered is never asked again.

Knows files, the lock on them and what a killed process may have left. Knows nothing of asking, scores or reports.

Rows are added to `rows.partial.jsonl` one by one as they are answered; the last line of a killed process may be
torn and is dropped. `run.json` says which run the rows belong to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from corpus.errors import CollectionBusy, InputError
from embeddings.collections.locking import locked
from qa.evaluation.questions.cases import Case
from qa.evaluation.results import Row

_OWN = ("run", "created", "machine", "python", "workers")  # what may differ between two runs of the same
_CHANGED = {
    "questions": "题集的名称",
    "questions_sha256": "题目",
    "asked": "题数",
    "collection_sha256": "文章",
    "articles": "文章篇数",
    "passages": "段落数",
    "encoder": "编码模型",
    "model": "回答模型",
    "caution": "谨慎程度",
    "threshold": "拒答门槛",
    "k": "检索段落数",
    "own_articles": "是否只看题目写明的文章",
    "version": "版本",
    "program_sha256": "程序",
    "judged": "由哪个模型评判",
}
_RUN, _PARTIAL, _ROWS = "run.json", "rows.partial.jsonl", "rows.jsonl"


class Journal:
    """Rows of one run, in memory and, where it has a file, on disk as well."""

    def __init__(self, about: Mapping[str, Any], rows: Mapping[str, Row], file: IO[str] | None = None) -> None:
        self.about = about
        self.rows = dict(rows)
        self._file = file

    def add(self, row: Row) -> None:
        """Keep `row`, and have it on its way to the disk before the next question is asked."""
        self.rows[row.case.id] = row
        if self._file:
            self._file.write(json.dumps(row.to_dict(), ensure_ascii=False) + "\n")
            self._file.flush()


@contextmanager
def journal(
    folder: Path | None, about: Mapping[str, Any], cases: Sequence[Case], anew: bool = False
) -> Iterator[Journal]:
    """The rows of the run that `about` describes, those of an earlier process included unless `anew`.

    `about["run"]` tells runs apart. Without a folder rows are kept in memory alone. Raises InputError where the folder
    holds another run or cannot be written to, CollectionBusy where another process is at it.
    """
    if folder is None:
        yield Journal(about, {})
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / "run.lock") as holder:
            if holder:
                raise CollectionBusy(
                    f"另一个进程（{holder}）正在 {folder} 里评测。请等它结束，或用 --to 换一个文件夹。",
                    f"Another process ({holder}) is evaluating in {folder}. Wait for it or name another --to.",
                )
            # What a process left that was killed while it wrote its report.
            for torn in (*folder.glob("report*.new"), *folder.glob("rows.jsonl.*.new")):
                torn.unlink()
            about, rows = _begun(folder, about, cases, anew)
            with (folder / _PARTIAL).open("a", encoding="utf-8", errors="surrogatepass") as file:
                yield Journal(about, rows, file)
            (folder / _PARTIAL).unlink()
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(
            f"评测结果不能写入 {folder}：那里是一个文件，不是文件夹。请用 --to 换一个名字。",
            f"{folder} cannot be written to: there is a file, not a folder. Name another one with --to.",
        ) from error
    except OSError as error:
        raise InputError(
            f"评测结果不能写入 {folder}（{error.strerror}）。已经答完的题还在；请腾出空间或用 --to 换一个可写的文件夹，"
            "再运行同一条命令接着做。",
            f"{folder} cannot be written to ({error.strerror}). What is answered is kept; make room or name another "
            "folder with --to, and run the same command again to go on.",
        ) from error


def _begun(
    folder: Path, about: Mapping[str, Any], cases: Sequence[Case], anew: bool
) -> tuple[Mapping[str, Any], dict[str, Row]]:
    """What earlier processes did for this run; the folder is made ready for it."""
    started = _load(folder / _RUN)
    if started.get("run") == about["run"] and not anew:
        return started, _answered(folder, cases)
    if started and not anew:
        changed = [name for name in about if started.get(name) != about[name] and name not in _OWN] or [
            "questions_sha256"
        ]
        raise InputError(
            f"{folder} 里是另一次评测的结果（不同之处：{'、'.join(_CHANGED.get(name, name) for name in changed)}）。"
            "请用 --to 换一个文件夹，或加 --anew 覆盖它。",
            f"{folder} holds another evaluation (it differs in: {', '.join(changed)}). Name another folder with --to, "
            "or add --anew to replace it.",
        )
    for name in (_PARTIAL, _ROWS):
        (folder / name).unlink(missing_ok=True)
    beside = folder / f"{_RUN}.new"
    beside.write_text(json.dumps(dict(about), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    beside.replace(folder / _RUN)
    return about, {}


def _answered(folder: Path, cases: Sequence[Case]) -> dict[str, Row]:
    """The rows that are there, by the id of their case; questions that failed are to be asked again."""
    known = {case.id: case for case in cases}
    rows = {}
    for name in (_ROWS, _PARTIAL):
        for plain in _lines(folder / name):
            case = known.get(str(plain.get("id")))
            if case and not plain.get("problem") and isinstance(plain.get("scores"), dict):
                rows[case.id] = Row.from_dict(case, plain)
    return rows


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file; a torn line is cut off the file, so that the next one does not stick to it."""
    if not path.exists():
        return
    whole = 0
    with path.open("rb") as file:
        for line in file:
            try:
                value = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n") or not isinstance(value, dict):
                break
            whole += len(line)
            yield value
    if whole < path.stat().st_size:
        with path.open("r+b") as file:
            file.truncate(whole)


def _load(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
