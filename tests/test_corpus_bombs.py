"""Files made to burst, hang or crash what reads them: each is a line in the report, in seconds, and hurts nothing else."""

from __future__ import annotations

import gzip
import io
import json
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import made_documents as made
import pytest

from corpus.reading import workers as pool
from corpus.reading.file_kinds import read_bytes
from corpus.reading.files import read_file
from corpus.reading.folders import read_files
from corpus.reading.workers import Workers

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
pytestmark = pytest.mark.slow  # most of them take a second or more

XML_NAMES = 'xmlns:office="o" xmlns:text="t" xmlns:table="b"'


def laughing(root: str) -> str:
    return f"{LAUGHS}]>{root}"


def png(width: int, height: int) -> bytes:
    """The head of a picture of this size, and nothing of the picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def nested_zip(depth: int) -> bytes:
    data = made.zipped({"a.txt": "图书馆开门了。"})
    for _ in range(depth):
        data = made.zipped({"a.zip": data})
    return data


def wide_table() -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="200000000"/></w:tcPr>{made.p("路灯")}</w:tc>'
    return made.word(f"<w:tbl><w:tr>{cell}</w:tr><w:tr><w:tc>{made.p('四十二盏')}</w:tc></w:tr></w:tbl>")


def repeated_cells() -> bytes:
    row = f'<table:table-row><table:table-cell table:number-columns-repeated="{10**9}"><text:p>灯</text:p></table:table-cell></table:table-row>'
    body = f"<table:table>{row}</table:table><text:p>亮<text:s text:c='{10**9}'/>了</text:p>"
    content = f"<office:document-content {XML_NAMES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return made.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def circular_styles() -> bytes:
    styles = "".join(
        f'<w:style w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in (("x", "y"), ("y", "x"))
    )
    body = made.p("灯亮了。", '<w:pStyle w:val="x"/>')
    return made.word(body, {"styles": f'<w:styles xmlns:w="{made.W}">{styles}</w:styles>'})


def endless_numbers() -> bytes:
    lists = made.numbering((("lowerLetter", "%1"),)).replace('w:start w:val="1"', 'w:start w:val="999999999"')
    return made.word(made.numbered("灯亮了。", 1), {"numbering": lists})


def long_cell() -> bytes:
    return made.zipped({
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": f"<worksheet><c><v>{'灯' * 12_000_000}</v></c></worksheet>",
    })  # fmt: skip


def laughing_package(main: str) -> bytes:
    """A package of Office whose main part defines entities."""
    relation = f'<Relationship Id="r1" Type="{made.OFFICE}/officeDocument" Target="{main}"/>'
    relations = f'<Relationships xmlns="{made.RELATIONS}">{relation}</Relationships>'
    return made.zipped({"_rels/.rels": relations, main: laughing("<a>&i;</a>")})


def nested_mail(depth: int) -> bytes:
    body = "Content-Type: text/plain; charset=utf-8\n\n灯亮了。\n"
    for number in range(depth):
        body = f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n{body}\n--b{number}--\n'
    return f"Subject: a\nFrom: a@example.cn\n{body}".encode()


def far_cell() -> bytes:
    """Two cells, one of them in the last place that a sheet has."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "灯", "亮"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# What is refused, by file name, with a word of what is said.
REFUSED = {
    "ratio.docx": (lambda: made.word(made.p("灯" * 8_000_000)), "炸弹"),
    "ratio.zip": (lambda: made.zipped({"a.txt": "0" * 30_000_000}), "炸弹"),
    "cell.xlsx": (long_cell, "炸弹"),
    "many.zip": (lambda: made.zipped({f"{n}.txt": "" for n in range(20_500)}), "炸弹"),
    "laughs.docx": (lambda: made.zipped({"word/document.xml": laughing("<document>&i;</document>")}), "实体"),
    "laughs.odt": (
        lambda: made.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": laughing("<a>&i;</a>")}),
        "实体",
    ),
    "laughs.epub": (lambda: made.zipped({"META-INF/container.xml": laughing("<a>&i;</a>")}), "实体"),
    "attributes.html": (lambda: f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>灯</p>".encode(), "属性"),
    "groups.rtf": (lambda: b"{\\rtf1" + b"{" * 100_000, "嵌套"),
    "huge.png": (lambda: png(50_000, 50_000), "太大"),
    "long.json": (lambda: b"[" * 200_000, "JSON"),
    "number.json": (lambda: b"[" + b"1" * 100_000 + b"]", "JSON"),
    "zeros.txt.gz": (lambda: gzip.compress(b"0" * 230_000_000, 1), "太大"),
    "deep.zip": (lambda: nested_zip(6), "嵌套"),
    "laughs.pptx": (lambda: laughing_package("ppt/presentation.xml"), "实体"),
    "laughs.xlsx": (lambda: laughing_package("xl/workbook.xml"), "实体"),
    "columns.csv": (lambda: b"a," * 600_000 + b"\n1", "太大"),
    "keys.json": (lambda: json.dumps([{f"k{n}": 1 for n in range(50_000)}]).encode(), "太大"),
    "deep.jsonl": (lambda: b"\n".join([b"[" * 5_000] * 100), "JSON"),
    "tables.docx": (
        lambda: made.word("<w:tbl><w:tr><w:tc>" * 400 + made.p("灯") + "</w:tc></w:tr></w:tbl>" * 400), "没有文字",
    ),
    "scripts.html": (lambda: b"<script>" * 50_000, "没有文字"),
}  # fmt: skip
# What is read all the same, without its excess.
READ = {
    "wide.docx": (wide_table, "四十二盏"),
    "repeated.odt": (repeated_cells, "亮"),
    "styles.docx": (circular_styles, "灯亮了。"),
    "numbers.docx": (endless_numbers, "灯亮了。"),
    "spans.html": (
        lambda: b"<table><tr><td colspan=999999999 rowspan=999999999>1</td><td>2</td></tr><tr><td>3</td></tr></table>",
        "2",
    ),
    "long.html": (lambda: ("<p>灯" * 20_000).encode(), "灯"),
    "header.eml": (lambda: b"Subject: " + b"=?utf-8?b?54Gv?= " * 60_000 + b"\nFrom: a@example.cn\n\nabc", "abc"),
    "nested.eml": (lambda: nested_mail(300), "灯亮了。"),
    "bin.rtf": (lambda: b"{\\rtf1 \\bin2147483647 abc}", "abc"),
    "brackets.md": (lambda: ("# 灯\n" + "[" * 100_000 + "亮").encode(), "亮"),
    "quotes.md": (lambda: (">" * 100_000 + "灯亮了。").encode(), "灯亮了。"),
    "stars.md": (lambda: ("*" * 200_000 + "灯" + "_" * 200_000).encode(), "灯"),
    "labels.txt": (lambda: ("（一）" * 100_000 + "灯").encode(), "灯"),
    "digits.txt": (lambda: ("1" * 1_000_000 + "灯").encode(), "灯"),
    "slip.zip": (lambda: made.zipped({"../../../etc/a.txt": "灯亮了，晚上的路好走了。"}), "灯亮了"),
    "page.csv": (lambda: ("名称,数量\n" + "灯,1\n" * 3_000).encode(), "名称：灯；数量：1"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_bursts_is_refused(name: str, tmp_path: Path) -> None:
    make, said = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(make())
    began = time.process_time()
    outcome = read_file(path, name)
    assert outcome.articles == ()
    assert said in str(outcome.problem)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("name", READ)
def test_what_is_only_absurd_is_read(name: str) -> None:
    make, found = READ[name]
    began = time.process_time()
    contents = read_bytes(make(), name)
    assert any(found in article.text for article in contents.articles)
    assert time.process_time() - began < 5


def calling_itself() -> bytes:
    """A PDF whose form draws itself, twice."""
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/Resources<</XObject<</F 4 0 R>>>>>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</F 4 0 R>>>>/Length 11>>\nstream\n/F Do /F Do\nendstream",
        "<</Length 11>>\nstream\n/F Do /F Do\nendstream",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj{part}endobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    return f"{out}xref\n0 6\n0000000000 65535 f \n{rows}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()


DEADLY = {
    "itself.pdf": calling_itself,
    "deep.html": lambda: b"<div>" * 300_000,
    "far.xlsx": far_cell,
}


@pytest.fixture(scope="module")
def one() -> Workers:
    return Workers(1)


@pytest.mark.parametrize("name", DEADLY)
def test_what_kills_its_process_hurts_nothing_else(name: str, tmp_path: Path, one: Workers) -> None:
    bad, good = tmp_path / name, tmp_path / "b.docx"
    bad.write_bytes(DEADLY[name]())
    good.write_bytes(made.whole_word())
    outcomes = [one.submit(path, path.name, 0, seconds=20.0) for path in (bad, good)]
    assert outcomes[0].result(200).articles or outcomes[0].result().problem is not None
    assert made.PARAGRAPH in outcomes[1].result(200).articles[0].text


def test_what_takes_too_long_is_given_up(tmp_path: Path, one: Workers) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(made.word(made.p("灯亮了。") * 20_000))
    late = one.submit(path, path.name, 0, seconds=0.05)
    again = one.submit(path, path.name, 0)
    assert "停下了" in str(late.result(100).problem)
    assert again.result(100).articles


def test_children_end_with_their_parent(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(made.whole_word())
    program = (
        "import sys, os; from corpus.reading.folders import read_files; from corpus.reading.workers import workers\n"
        f"list(read_files({str(tmp_path)!r})); print(workers()._threads[0]._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=200)
    child = int(result.stdout)
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.1)
    pytest.fail("the child lives on")


def test_a_folder_of_bombs_gives_its_good_files(tmp_path: Path) -> None:
    for name in ("ratio.docx", "attributes.html", "groups.rtf"):
        (tmp_path / name).write_bytes(REFUSED[name][0]())
    (tmp_path / "z\x1b[31m.txt").write_text("图书馆每天九点开门。", encoding="utf-8")
    results = list(read_files(tmp_path))
    assert [bool(result.problem) for result in results] == [True, True, True, False]
    assert results[-1].articles[0].id == "z\ufffd[31m.txt"


def test_small_text_needs_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_shared", None)
    (tmp_path / "a.txt").write_text("图书馆每天九点开门。", encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([{"text": "灯亮了。"}]), encoding="utf-8")
    assert len(list(read_files(tmp_path))) == 2
    assert pool._shared is None
