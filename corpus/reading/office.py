"""Old office files (.doc .wps .ppt .dps), which LibreOffice brings to a newer form where it is installed.

Knows how to find and run it so that it leaves nothing behind and does not hang. Knows nothing of what the files say.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from corpus.errors import ReadError
from corpus.reading.heartbeat import beat, wear_out

SECONDS = 90
_TARGETS = {"doc": "docx", "ppt": "pptx", "xls": "xlsx", "flat": "docx"}
_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")


def office_program() -> str:
    """Where LibreOffice is installed, or ""."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), "")


def converted(data: bytes, kind: str) -> tuple[bytes, str]:
    """The file in a newer form, and which kind that is. Raises ReadError where that cannot be had."""
    program = office_program()
    if not program:
        raise ReadError(
            f"这是旧式的 .{kind} 文件，要装有 LibreOffice 才能直接读。"
            "请安装 LibreOffice，或者用 Word、WPS 打开后另存为新格式（.docx、.pptx）。",
            f"This is an old .{kind} file, which can be read only where LibreOffice is installed. "
            "Install it, or save the file in a newer format (.docx, .pptx).",
        )
    target = _TARGETS[kind]
    with tempfile.TemporaryDirectory(prefix="wenju-") as folder:
        source = Path(folder, f"document.{kind if kind != 'flat' else 'xml'}")
        source.write_bytes(data)
        _run([
            program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
            f"-env:UserInstallation=file://{folder}/profile", "--convert-to", target,
            "--outdir", f"{folder}/out", str(source),
        ])  # fmt: skip
        made = Path(folder, "out", f"document.{target}")
        if not made.is_file():
            raise ReadError(
                f"LibreOffice 打不开这个 .{kind} 文件，可能损坏或设了密码。请用 Word、WPS 打开后另存为新格式。",
                f"LibreOffice cannot open this .{kind} file; it may be damaged or locked. Save it in a newer format.",
            )
        return made.read_bytes(), target


def _run(command: list[str]) -> None:
    """Run to the end, or end it and all it started after SECONDS."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},
    )
    try:
        for _ in range(2 * SECONDS):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
                return
            beat()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
            wear_out()  # what it started goes with the process that it runs in
    raise ReadError(
        f"LibreOffice 用了 {SECONDS} 秒还没有转换完，没有读。请用 Word、WPS 打开后另存为新格式。",
        f"LibreOffice was not done after {SECONDS} seconds; the file was not read. Save it in a newer format.",
    )
