"""What others wrote is shown on a terminal, never obeyed by it."""

from __future__ import annotations

import pytest
from rich.text import Text

from qa.cli.terminal import Terminal, printable

ATTACK = "标题\x1b]0;改了窗口\x07\x1b[2J\x9b31m\u202e倒过来\r覆盖"


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_nothing_that_was_written_is_obeyed(terminal: bool, capsys: pytest.CaptureFixture[str]) -> None:
    shown = Terminal("zh")
    if terminal:
        shown.out._force_terminal = True
    shown.write(ATTACK)
    shown.write(Text(ATTACK, style="red"), indent=4)
    table = shown.table("文件")
    table.add_row(ATTACK)
    table.add_row(Text(ATTACK))
    shown.write(table)
    shown.error(ATTACK, ATTACK)
    said = capsys.readouterr()
    for text in (said.out, said.err):
        assert not {"\x07", "\x9b", "\u202e", "\r"} & set(text)
        assert "]0;改了窗口" in text
        assert "\x1b]" not in text
        assert "\x1b[2J" not in text


def test_what_is_shown_stays_as_long_and_keeps_its_lines() -> None:
    assert len(printable(ATTACK)) == len(ATTACK)
    assert printable("一\t二\n三 — 𠀀\u200b") == "一\t二\n三 — 𠀀\u200b"
