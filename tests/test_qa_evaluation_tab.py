"""Reports of the page: whose they are, and what of them can be fetched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.web.evaluation_tab import MOST_REPORTS, make_room, report_file
from qa.web.html_evaluation import Report, draw_reports, draw_set
from qa.web.texts import CHINESE

VISITOR, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "evaluations" / VISITOR / "题目-ab12"
    folder.mkdir(parents=True)
    for name in ("report.html", "journal.jsonl"):
        (folder / name).write_text("x", encoding="utf-8")
    return tmp_path


def test_a_report_is_its_visitors_own(home: Path) -> None:
    assert report_file(home, VISITOR, "题目-ab12", "report.html") is not None
    assert report_file(home, OTHER, "题目-ab12", "report.html") is None


@pytest.mark.parametrize(
    ("report", "file"),
    [("题目-ab12", "journal.jsonl"), ("题目-ab12", "../report.html"), ("..", "report.html"), (".", "report.html"), ("../" + VISITOR + "/题目-ab12", "report.html"), ("", "report.html"), ("题目-ab12", "report.json")],
)  # fmt: skip
def test_nothing_else_is_handed_out(home: Path, report: str, file: str) -> None:
    assert report_file(home, VISITOR, report, file) is None


def test_reports_are_listed_with_links_that_stay_here() -> None:
    drawn = draw_reports([Report("题目-ab12", "2021-07-01 10:00"), Report('a"><b>', "")], CHINESE)
    assert 'href="reports/%E9%A2%98%E7%9B%AE-ab12/report.html"' in drawn
    assert "<b>" not in drawn
    assert draw_reports([], CHINESE) == ""
    assert "500" in draw_set(CHINESE, 500)


def test_the_oldest_reports_make_room_for_another(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    for number in range(MOST_REPORTS + 2):
        (folder / f"r{number}").mkdir(parents=True)
        (folder / f"r{number}" / "report.html").write_text("x", encoding="utf-8")
        os.utime(folder / f"r{number}", (number, number))
    make_room(folder)
    kept = {report.name for report in folder.iterdir()}
    assert kept == {f"r{number}" for number in range(3, MOST_REPORTS + 2)}
    make_room(folder)
    assert len(list(folder.iterdir())) == MOST_REPORTS - 1
