"""Every common format: what is printed in a file is in the article, as the part that it is."""

from __future__ import annotations

import json
import subprocess
from difflib import SequenceMatcher
from pathlib import Path

import made_documents as made
import pytest

from corpus.article import Article, Block
from corpus.errors import ReadError
from corpus.reading.decoding import decode
from corpus.reading.file_kinds import read_bytes
from corpus.reading.numbering import written
from corpus.reading.office import converted, office_program
from corpus.reading.records import NotArticles
from corpus.reading.sheets import figure

FILES = made.everything()


def article_of(data: bytes, name: str) -> Article:
    (article,) = read_bytes(data, name).articles
    return article


def lines_of(article: Article, kind: str) -> list[str]:
    return [article.text[b.start : b.end] for b in article.blocks if b.kind == kind]


def cells_of(article: Article, row: Block) -> dict[str, str]:
    return {cell.head: article.text[cell.start : cell.end] for cell in row.cells}


@pytest.mark.parametrize("name", FILES)
def test_all_that_is_printed_is_read(name: str) -> None:
    for article in read_bytes(FILES[name], name).articles:
        missing = [words for words in made.EVERYTHING if words not in article.text]
        assert not missing
        assert "".join(article.text[b.start : b.end] for b in article.blocks) in ("", article.text.replace("\n", ""))


@pytest.mark.parametrize("name", ["a.docx", "严格.docx", "b.html", "h.rtf", "i.odt", "d.pptx", "f.epub", "富文本.docx"])
def test_parts_are_what_they_are(name: str) -> None:
    article = article_of(FILES[name], name)
    assert article.title == made.TITLE
    assert lines_of(article, "heading")[0] == made.TITLE
    rows = [block for block in article.blocks if block.kind == "row"]
    assert [cells_of(article, row) for row in rows] == [
        dict(zip(made.ROWS[0], row, strict=True)) for row in made.ROWS[1:]
    ]
    items = [block for block in article.blocks if block.kind == "item"]
    assert [article.text[b.start : b.end][-len(text) :] for b, text in zip(items[-3:], made.ITEMS, strict=True)] == [
        *made.ITEMS
    ]
    if name != "d.pptx":
        leads = {article.text[article.blocks[b.above].start : article.blocks[b.above].end] for b in items}
        assert leads == {made.LEAD}
    if name in ("a.docx", "h.rtf", "i.odt", "d.pptx"):
        assert made.NOTE in lines_of(article, "note")


def test_word_writes_its_numbers() -> None:
    lists = made.numbering((("chineseCounting", "第%1条"), ("chineseCounting", "（%2）"), ("decimal", "%3.")))
    body = "".join(
        made.numbered(text, 1, level)
        for text, level in (("总则", 0), ("分则", 0), ("甲", 1), ("乙", 1), ("子", 2), ("附则", 0), ("丙", 1))
    )
    article = article_of(made.word(body, {"numbering": lists}), "a.docx")
    assert article.text.split("\n") == [
        "第一条 总则", "第二条 分则", "（一）甲", "（二）乙", "1. 子", "第三条 附则", "（一）丙",
    ]  # fmt: skip
    assert [block.kind for block in article.blocks][:3] == ["clause", "clause", "item"]
    assert [block.number for block in article.blocks][:3] == ["第一条", "第二条", "（一）"]


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (10, "chineseCounting", "十"), (11, "chineseCounting", "十一"), (20, "chineseCounting", "二十"),
        (101, "chineseCountingThousand", "一百零一"), (110, "chineseCounting", "一百一十"), (3, "ideographTraditional", "丙"),
        (12, "chineseLegalSimplified", "壹拾贰"), (3, "decimalEnclosedCircleChinese", "③"), (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"), (7, "decimalZero", "07"), (5, "bullet", ""), (9, "unheard of", "9"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_word_writes_them(number: int, style: str, expected: str) -> None:
    assert written(number, style) == expected


def test_word_shows_what_is_printed_and_nothing_else() -> None:
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>{0}</w:txbxContent></mc:Choice>'
        "<mc:Fallback><w:txbxContent>{0}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    ).format(made.p("窗口周三不开。"))
    tracked = (
        "<w:p><w:r><w:t>租金</w:t></w:r><w:del><w:r><w:delText>九百元</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>八百元</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>按月付。</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo><w:r><w:t>按季付。</w:t></w:r></w:moveTo></w:p>"
    )
    boxes = (
        '<w:p><w:r><w:t>付款：</w:t></w:r><w:sdt><w:sdtPr><w14:checkbox xmlns:w14="w14"><w14:checked w14:val="1"/>'
        "</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>转账 </w:t></w:r>"
        '<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>现金</w:t></w:r></w:p>'
    )
    fields = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE \\@ y </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>二〇二四年</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r></w:p>'
    )
    raised = (
        '<w:p><w:r><w:t>30 m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>'
    )
    header = f'<w:hdr xmlns:w="{made.W}">{made.p("滨图办〔2024〕7号")}</w:hdr>'
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rheader1"/></w:sectPr>'
    article = article_of(made.word(box + tracked + boxes + fields + raised + section, {"header1": header}), "通知.docx")
    assert article.text.split("\n") == [
        "滨图办〔2024〕7号", "窗口周三不开。", "租金八百元", "按季付。", "付款：☑转账", "二〇二四年", "30 m²", "☐现金（未勾选）",
    ]  # fmt: skip
    assert article.title != "滨图办〔2024〕7号"
    [row] = [block for block in article.blocks if block.kind == "row"]
    assert cells_of(article, row) == {"付款": "转账"}


def test_parts_that_are_missing_do_not_matter() -> None:
    data = made.zipped(
        {"word/document.xml": f'<w:document xmlns:w="{made.W}"><w:body>{made.p("通车了。")}</w:body></w:document>'}
    )
    assert article_of(data, "a.docx").text == "通车了。"


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "xlsx", "q.json"])
def test_a_question_is_the_title_of_its_answer(form: str) -> None:
    rows = made.answers()
    texts = {
        "csv": "\n".join(",".join(row) for row in [rows[0].keys(), *(row.values() for row in rows)]),
        "json": json.dumps(rows),
        "jsonl": "\n".join(map(json.dumps, rows)),
        "q.json": json.dumps([{"Q": row["问题"], "A": row["答案"]} for row in rows]),
    }
    data = (
        texts[form].encode() if form in texts else made.sheet((tuple(rows[0]), *(tuple(row.values()) for row in rows)))
    )
    found = read_bytes(data, f"常见问题.{form}").articles
    assert [(article.title, article.text) for article in found] == [
        (row["问题"], f"{row['问题']}\n{row['答案']}") for row in rows
    ]
    assert [[block.kind for block in article.blocks] for article in found] == [["heading", "paragraph"]] * 2


def test_a_set_of_questions_is_no_article() -> None:
    rows = [{"question": "桥有多长？", "answer": "360米", "answerable": True}]
    with pytest.raises(NotArticles):
        read_bytes(json.dumps(rows).encode(), "a.json")


def test_figures_are_shown_as_the_sheet_shows_them() -> None:
    shown = [
        figure(0.125, "0.0%"),
        figure(1250, "#,##0"),
        figure(3, '0"册"'),
        figure(52.4),
        figure(7.0),
        figure(2.5, "0.00"),
    ]
    assert shown == ["12.5%", "1,250", "3册", "52.4", "7", "2.50"]
    data = made.sheet((("馆", "比例"), ("总馆", 0.25)), {(2, 2): "0%"})
    assert article_of(data, "a.xlsx").text == "馆：总馆；比例：25%"


def test_mail_says_who_and_when() -> None:
    article = article_of(made.letter("plain"), "来信.eml")
    assert (article.title, article.author, article.published) == (made.TITLE, "顾文清", "2024-05-06")
    assert "发件人：顾文清 <gu@example.cn>" in lines_of(article, "note")


def test_book_says_who_and_when() -> None:
    article = article_of(made.book(), "a.epub")
    assert (article.title, article.author, article.published) == (made.TITLE, "顾文清", "2023-05-01")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("圖書館每天上午九點開門", "big5"), ("圖書館的電話號碼是六六八八", "big5"), ("图书馆每天上午九点开门", "gb18030"),
        ("図書館は毎日九時に開きます。", "cp932"), ("圖書館每天上午九點開門", "gb18030"),
    ],
)  # fmt: skip
def test_encodings_of_neighbours_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_what_a_terminal_would_obey_is_shown(tmp_path: Path) -> None:
    assert "�[31m" in article_of("开门\x1b[31m时间是上午九点。".encode(), "a.txt").text
    assert "�[31m" in article_of(made.web().replace(b"<h1>", b"<h1>\x1b[31m"), "a.html").text


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"PK\x03\x04 broken", "a.pptx", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "另存为"),
        (b"Rar!\x1a\x07\x00", "a.rar", "解压"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "图片损坏"),
        (made.zipped({"x.xml": "x"}), "a.epub", "没有文字"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, name: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read_bytes(data, name)


def test_members_of_an_archive_that_cannot_be_read_are_named() -> None:
    contents = read_bytes(made.zipped({"好.txt": "图书馆开门了。", "坏.pdf": "%PDF-1.4", "x.exe": b"MZ\0"}), "a.zip")
    assert [article.id for article in contents.articles] == ["a.zip/好.txt"]
    assert [str(problem).split("：")[0] for problem in contents.problems] == ["坏.pdf", "x.exe"]


@pytest.mark.slow
def test_an_old_word_file_is_read_where_libreoffice_is_installed(tmp_path: Path) -> None:
    program = office_program()
    if not program:
        with pytest.raises(ReadError, match="LibreOffice"):
            converted(b"", "doc")
        return
    (tmp_path / "a.rtf").write_bytes(made.rich_text())
    command = [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "doc"]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "a.rtf"], check=True, capture_output=True)
    data = (tmp_path / "a.doc").read_bytes()
    for name in ("a.doc", "合同.wps", "改名.docx"):
        article = article_of(data, name)
        assert all(words in article.text for words in made.EVERYTHING)


@pytest.mark.slow
def test_scans_are_recognised(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    fonts = list(Path("/usr/share/fonts").rglob("NotoS*CJK*Regular*"))
    if not fonts:
        pytest.skip("no Chinese font to draw with")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1240, 800), 255)
    draw = ImageDraw.Draw(picture)
    lines = ("图书馆开放时间的通知", "自2024年9月12日起，图书馆每天上午九点开门，", "晚上八点关门。")
    for number, line in enumerate(lines):
        draw.text((120, 100 + 60 * number), line, font=ImageFont.truetype(str(fonts[0]), 32), fill=0)
    for kind in ("png", "jpeg", "tiff", "pdf"):
        file = tmp_path / f"扫描.{kind}"
        picture.save(file)
        text = "".join(article.text for article in read_bytes(file.read_bytes(), file.name).articles)
        # A letter may be misread; lines may not be lost.
        assert SequenceMatcher(None, text.replace("\n", ""), "".join(lines)).ratio() > 0.95
