from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.cli.main import main
from qa.evaluation.questions.sets import read_question_set

pytestmark = pytest.mark.slow

ROWS = [
    ("商都路街道到2021年年中有多少名党员？", "2584名", True),
    ("商都路办事处是哪一年成立的？", "2010年", True),
    ("商都路街道有几座机场？", "", False),
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "题目.csv"
    lines = ["问题,参考答案,能否回答,文章"]
    lines += [
        f"{question},{answer},{'是' if can else '否'},01-shangdu-road-party-branches" for question, answer, can in ROWS
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_spreadsheet_becomes_a_report(
    questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["eval", str(questions)]) == 0
    shown = capsys.readouterr()
    assert "3 题" in shown.err
    (folder,) = [path for path in (tmp_path / "wenju-eval").iterdir() if path.is_dir()]
    assert folder.name.startswith("题目-")
    assert str(folder.relative_to(tmp_path) / "report.html") in shown.out
    for name in ("report.html", "report.json", "report.md", "rows.jsonl"):
        assert (folder / name).stat().st_size > 0
    assert "100.0 %" in shown.out
    assert main(["eval", str(questions), "--lang", "en"]) == 0
    assert [path for path in (tmp_path / "wenju-eval").iterdir() if path.is_dir()] == [folder]
    assert "Contained" in capsys.readouterr().out


def test_two_reports_are_compared(questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(questions), "--to", str(tmp_path / "a")]) == 0
    assert main(["eval", str(questions), "--own-articles", "--to", str(tmp_path / "b")]) == 0
    capsys.readouterr()
    assert main(["eval", "--compare", str(tmp_path / "a"), str(tmp_path / "b"), "--to", str(tmp_path / "c")]) == 0
    shown = capsys.readouterr().out
    assert "3 个共同的题" in shown
    assert (tmp_path / "c" / "comparison.html").exists()


def test_an_unknown_model_is_named_before_anything_is_asked(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", str(questions), "--model", "没有这个", "--to", str(tmp_path / "r")]) == 1
    assert "没有这个" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    "arguments", [["eval"], ["calibrate"], ["calibrate", "题.csv"], ["eval", "--compare", "没有", "也没有"]]
)
def test_what_is_missing_is_said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr().err.startswith("错误：")


def test_drafted_questions_are_written_once_and_can_be_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "题目.xlsx"
    assert main(["make-questions", "--count", "12", "--to", str(file)]) == 0
    assert "12 题" in capsys.readouterr().out
    before = file.read_bytes()
    assert main(["make-questions", "--to", str(file)]) == 1
    assert "已经有了" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert len(read_question_set(file).cases) == 12
    assert main(["eval", str(file), "--to", str(tmp_path / "report")]) == 0
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["overall"]["hit@1"]["value"] > 0.8


def test_thresholds_are_fitted_and_given_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = Path(__file__).parents[1] / "corpus" / "articles"
    few = tmp_path / "few.jsonl"
    rows = (samples / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    few.write_text("\n".join(rows[:40] + rows[-10:]), encoding="utf-8")
    where = ["--articles", str(samples)]
    assert main(["calibrate", str(few), *where]) == 0
    assert "balanced" in capsys.readouterr().out
    for told in ("已恢复", "没有校准过"):
        assert main(["calibrate", "--reset", *where]) == 0
        assert told in capsys.readouterr().out


def test_ctrl_c_keeps_what_is_answered(tmp_path: Path) -> None:
    questions = tmp_path / "题.jsonl"
    rows = [{"id": f"{n}", "question": ROWS[n % 3][0], "answers": [ROWS[n % 3][1]]} for n in range(600)]
    questions.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "qa", "eval", str(questions), "--to", str(tmp_path / "r"), "--workers", "2"]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stderr=subprocess.PIPE, text=True, encoding="utf-8", process_group=0
    )
    partial = tmp_path / "r" / "rows.partial.jsonl"
    while process.poll() is None and not (partial.exists() and partial.stat().st_size):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "再运行同一条命令就接着做" in error
    assert "Traceback" not in error
    assert 0 < partial.read_bytes().count(b"\n") < 600
