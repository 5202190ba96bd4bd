"""A folder of two hundred files of all kinds, with odd names and broken ones among them: what went in is found, under
its own heads and numbers, and what cannot be read is named with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import made_documents as made
import made_pdf
import pytest

from corpus.article import Article
from corpus.reading.folders import FileResult, read_files

ROUNDS = 10
NAMES = ["顾文清", "向南星", "黎望舒", "田守成", "骆一舟", "秦巧云", "邵长风", "温如玉", "裴松年", "尹秋白", "霍明诚", "乔若谷", "柯以宁", "滕子墨", "倪小满", "苗青禾", "祁连山", "邱见山", "唐晚晴", "樊思远"]  # fmt: skip
SAYS_ROWS = frozenset({".docx", ".html", ".htm", ".pptx", ".epub", ".rtf", ".odt", ".eml", ".zip", ".xls", ".xlsx", ".doc", ".pdf"})  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What one file says: words that must be in it, and a telephone number for each name of its table."""

    words: tuple[str, ...]
    telephones: dict[str, str] = field(default_factory=dict)


# What cannot be read, with a word of the reason that is given.
BROKEN: dict[str, tuple[bytes, str]] = {
    "坏/半截.docx": (made.whole_word()[:600], "损坏"),
    "坏/空的.docx": (b"", "空"),
    "坏/缺件.docx": (made.zipped({"别的.xml": "<a/>"}), ""),
    "坏/空白.txt": (b" \n\n ", "空"),
    "坏/半截.xlsx": (made.whole_sheet()[:900], "损坏"),
    "坏/乱写.pdf": (b"%PDF-1.4\n" + b"x" * 300, "PDF"),
    "坏/半句.json": (b'{"text": "abc', "JSON"),
    "坏/不是图.png": (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "图片"),
    "坏/录像.mp4": (b"\0\0\0\x18ftypmp42" + b"\0" * 64, ""),
    "坏/程序.exe": (b"MZ" + b"\0" * 200, ""),
    "坏/没有后缀名的文字": ("灯修好了。".encode(), ""),
    "坏/半截.zip": (made.zipped({"a.txt": "灯" * 500})[:80], "损坏"),
    "坏/半截.odt": (made.open_text()[:300], "损坏"),
}


def rounds(patch: pytest.MonkeyPatch) -> Iterator[tuple[str, bytes, Known]]:
    """Files of all kinds; each round says other things."""
    for number in range(ROUNDS):
        one, other = NAMES[2 * number], NAMES[2 * number + 1]
        telephones = {one: f"66{number:02}-0101", other: f"66{number:02}-0202"}
        patch.setattr(made, "TITLE", f"滨河区第{number + 1}图书馆服务办法")
        patch.setattr(made, "CLAUSE", f"读者凭借书证借书，每次最多借{number + 3}册。")
        patch.setattr(made, "ITEMS", ("本人身份证", f"照片{number + 2}张", f"押金{number + 1}百元"))
        heads, first, second = ("部门", "负责人", "电话"), ("借阅部", one), ("采编部", other)
        rows = (heads, (*first, telephones[one]), (*second, telephones[other]))
        patch.setattr(made, "ROWS", rows)
        words = (made.TITLE, made.PARAGRAPH, made.CLAUSE, made.LEAD, *made.ITEMS, *first, *second, *telephones.values())
        for name, data in made.everything().items():
            folder = f"部{number % 3}/{'很深/' * (number % 4)}"
            known = telephones if Path(name).suffix in SAYS_ROWS else {}
            yield f"{folder}{number}-{name}", data, Known(words, known)
        pdf = made_pdf.pdf_of([made_pdf.ruled(rows, (60, 200, 340, 480), 100)])
        yield f"部{number % 3}/{number}.pdf", pdf, Known((one, other, *telephones.values()), telephones)


def odd() -> Iterator[tuple[str, bytes, Known]]:
    """Names and encodings that people have."""
    text = "渡口的灯修好了，晚上过河的人不用再摸黑。船工每天检查一次，发现不亮的当天换掉。"
    for name in (
        "第 3 次（终稿）#2 & 副本.txt", "📎附件.txt", "大写.TXT", "a.b.c.txt", "长" * 60 + ".txt", "100%.txt", "'引号'.txt",
        "-开头.txt", "~备份.md",
    ):  # fmt: skip
        yield f"名/{name}", text.encode(), Known((text[:12],))
    for encoding, words in (("gb18030", text), ("utf-16", text), ("utf-8-sig", text)):
        yield f"码/{encoding}.txt", words.encode(encoding), Known((text[:12],))
    big5 = "渡口的燈修好了，晚上過河的人不用再摸黑。船工每天檢查一次，發現不亮的當天換掉。"
    yield "码/big5.txt", big5.encode("big5"), Known((big5[:12],))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Known], dict[str, FileResult]]:
    """What each file says, and what was made of it."""
    root = tmp_path_factory.mktemp("两百个文件")
    known: dict[str, Known] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, data, says in (*rounds(patch), *odd()):
            known[name] = says
            put(root / name, data)
    for name, (data, _) in BROKEN.items():
        put(root / name, data)
    return known, {str(found.path.relative_to(root)): found for found in read_files(root)}


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.slow
def test_there_are_two_hundred_and_each_has_its_line(folder: tuple[dict[str, Known], dict[str, FileResult]]) -> None:
    known, found = folder
    assert len(known) + len(BROKEN) >= 200
    assert set(found) == {*known, *BROKEN}


def test_what_went_in_is_found(folder: tuple[dict[str, Known], dict[str, FileResult]]) -> None:
    known, found = folder
    asked, missed = 0, []
    for name, says in known.items():
        texts = "\n".join(article.text for article in found[name].articles)
        asked += len(says.words)
        missed += [(name, words) for words in says.words if words not in texts]
    assert asked > 1_500
    assert missed == []


def telephones(article: Article) -> Iterator[tuple[str, str]]:
    """Name and telephone of every row that has both heads."""
    for block in article.blocks:
        cells = {cell.head: article.text[cell.start : cell.end] for cell in block.cells}
        if {"负责人", "电话"} <= set(cells):
            yield cells["负责人"], cells["电话"]


def test_values_stand_under_their_heads(folder: tuple[dict[str, Known], dict[str, FileResult]]) -> None:
    known, found = folder
    asked = right = 0
    for name, says in known.items():
        told = [pair for article in found[name].articles for pair in telephones(article)]
        assert all(says.telephones.get(who, number) == number for who, number in told), name
        asked += len(says.telephones)
        right += len({who for who, _ in told} & set(says.telephones))
    assert asked > 250
    assert right >= 0.98 * asked


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_named_with_its_reason(
    folder: tuple[dict[str, Known], dict[str, FileResult]], name: str
) -> None:
    result = folder[1][name]
    assert not result.articles
    assert result.problem is not None and result.problem.chinese and result.problem.english
    assert BROKEN[name][1] in result.problem.chinese
