"""PDF files with text and ruled lines in known places, made from nothing."""

from __future__ import annotations

from collections.abc import Sequence

Text = tuple[float, float, str]
"""Where a line of text begins (points from the left and from the top), and the text."""
Line = tuple[float, float, float, float]
WIDTH, HEIGHT = 595, 842


def pdf_of(
    pages: Sequence[tuple[Sequence[Text], Sequence[Line]]], *, size: float = 12, rotate: int = 0, turn: str = ""
) -> bytes:
    """A PDF of pages with texts and lines; a text of another size begins with it and a bar ("20|大字").

    `rotate` is the /Rotate of the pages, `turn` the first four numbers of the matrix of every text.
    """
    characters = sorted({c for texts, _ in pages for *_, text in texts for c in text})
    codes = {character: number for number, character in enumerate(characters, 1)}
    assert len(codes) < 256
    pairs = "\n".join(f"<{codes[c]:02X}> <{c.encode('utf-16-be').hex().upper()}>" for c in characters)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(characters)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    )
    widths = " ".join("500" if c.isascii() else "1000" for c in codes)
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    # Every glyph is the same box: what is tested is where characters stand, not how they look.
    glyph = "1000 0 0 -120 1000 880 d1 0 -120 1000 1000 re f"
    names, procedures = (" ".join(form.format(n) for n in codes.values()) for form in ("/g{0}", "/g{0} 4 0 R"))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type3/FontBBox[0 -120 1000 880]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 1"
        f"/LastChar {len(codes)}/Widths[{widths}]/Encoding<</Type/Encoding/Differences[1 {names}]>>"
        f"/CharProcs<<{procedures}>>/Resources<<>>/ToUnicode 5 0 R>>",
        f"<</Length {len(glyph)}>>\nstream\n{glyph}\nendstream",
        f"<</Length {len(to_unicode)}>>\nstream\n{to_unicode}\nendstream",
    ]
    for number, (texts, lines) in enumerate(pages):
        content = "".join(_shown(text, codes, size, turn) for text in texts)
        content += "".join(f"{x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S\n" for x0, y0, x1, y1 in lines)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {rotate}/Contents {7 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>",
            f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        ]
    return _file(objects)


def _shown(text: Text, codes: dict[str, int], size: float, turn: str) -> str:
    x, y, shown = text
    larger, bar, rest = shown.partition("|")
    if bar:
        size, shown = float(larger), rest
    hexadecimal = "".join(f"{codes[c]:02X}" for c in shown)
    return f"BT /F1 {size} Tf {turn or '1 0 0 1'} {x} {HEIGHT - y} Tm <{hexadecimal}> Tj ET\n"


def _file(objects: Sequence[str]) -> bytes:
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("latin-1")


def ruled(
    rows: Sequence[Sequence[str]], edges: Sequence[float], top: float, height: float = 24
) -> tuple[list[Text], list[Line]]:
    """A table in ruled lines: its texts and its lines."""
    bottom = top + height * len(rows)
    lines: list[Line] = [(edges[0], top + height * n, edges[-1], top + height * n) for n in range(len(rows) + 1)]
    lines += [(x, top, x, bottom) for x in edges]
    return aligned(rows, [edge + 4 for edge in edges], top + 16, height), lines


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[float], top: float, height: float = 24) -> list[Text]:
    """Texts that stand in columns, without lines."""
    return [
        (x, top + height * n, cell) for n, row in enumerate(rows) for x, cell in zip(columns, row, strict=False) if cell
    ]
