"""What is printed on one page of a PDF and where: characters, ruled lines, how much of it is pictures.

The only module that knows pypdfium2. Places are in points, x to the right and y down, turned so that most of the text
runs from left to right. Knows nothing of lines, columns or tables.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from corpus.errors import MissingPackage, ReadError

pdfium_lock = threading.Lock()
"""pdfium may be used by one thread at a time only."""

# PDF fonts name some characters as radicals; these of U+2E80-2EFF have no NFKC form of their own.
_RADICALS = str.maketrans(
    "⺃⺅⺉⺋⺒⺓⺕⺗⺘⺙⺝⺞⺠⺡⺣⺤⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺴⺶⺸⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "乚亻刂㔾巳幺彐心扌攵月歺民氵灬爫丬犭王疋目示礻竹糹纟罓罒罓羊羊耂肀月臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
_KANGXI = re.compile("[\u2f00-\u2fd5\u2e9f\u2ef3]")
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_DROPPED = frozenset("\u0002\ufffe\u00ad\r\n\ufeff\u200b")
_MOST_PATHS = 20_000
_MOST_CHARACTERS = 200_000
_THIN = 2.5  # points that a ruled line is thick at most
_SLANTED = math.radians(4)


class Glyph(NamedTuple):
    """A character and the box around it; `size` is that of its font."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float


class Rule(NamedTuple):
    """A ruled line, horizontal or vertical."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Page:
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    width: float
    height: float
    pictured: float  # share of the page that pictures cover
    drawn: bool = False  # something is on it
    garbled: bool = False  # the fonts do not say which characters they show


def han_for_radicals(text: str) -> str:
    """`text` with Kangxi and other CJK radicals, which some PDF fonts report, as the Han characters they stand for."""
    text = _KANGXI.sub(lambda radical: unicodedata.normalize("NFKC", radical.group()), text)
    return text.translate(_RADICALS)


class Pdf:
    """An open PDF; `close` it. Raises ReadError for one that is damaged or locked with a password."""

    def __init__(self, data: bytes) -> None:
        try:
            import pypdfium2
        except ImportError as error:
            raise MissingPackage(
                "读 PDF 文件需要的软件包没有装好。请运行：pip install pypdfium2",
                "The package that reads PDF is not installed. Run: pip install pypdfium2",
            ) from error
        self._library = pypdfium2
        with pdfium_lock:
            try:
                self._document = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError as error:
                raise _unopened(str(error)) from error

    def __len__(self) -> int:
        with pdfium_lock:
            return len(self._document)

    def about(self) -> dict[str, str]:
        """Title, author and dates as the file's properties give them."""
        with pdfium_lock:
            found: dict[str, str] = self._document.get_metadata_dict(skip_empty=True)
        return found

    def page(self, number: int) -> Page:
        """The page of that number, from 0; an empty one where it is damaged."""
        with pdfium_lock:
            try:
                page = self._document[number]
            except self._library.PdfiumError:
                return Page((), (), 0, 0, 0)
            try:
                return _read_page(self._library.raw, page)
            finally:
                page.close()

    def picture(self, number: int, dots_per_inch: int) -> Any:
        """The page as a PIL image in grey."""
        with pdfium_lock:
            page = self._document[number]
            try:
                width, height = page.get_size()
                scale = min(dots_per_inch / 72, 6000 / max(width, height, 1))
                return page.render(scale=scale, grayscale=True).to_pil()
            finally:
                page.close()

    def close(self) -> None:
        with pdfium_lock:
            self._document.close()


def _unopened(reason: str) -> ReadError:
    if "password" in reason.lower():
        return ReadError(
            "这个 PDF 设了密码。请用密码打开，另存为没有密码的 PDF 后再试。",
            "This PDF is locked with a password. Open it, save it without one, and try again.",
        )
    return ReadError(
        f"PDF 损坏，打不开（{reason}）。请重新下载或重新导出。",
        f"The PDF is damaged and cannot be opened ({reason}). Download or export it again.",
    )


def _read_page(raw: Any, page: Any) -> Page:
    width, height = page.get_size()
    if page.get_rotation() % 180:
        width, height = height, width
    layer = page.get_textpage()
    try:
        found = list(_characters(raw, layer))
    finally:
        layer.close()
    turns = Counter(turn for _, turn in found if turn is not None)
    turn = turns.most_common(1)[0][0] if turns else 0
    placed = _placing(turn, width, height)
    glyphs = tuple(Glyph(g.text, *placed(g.x0, g.y0, g.x1, g.y1), g.size) for g, own in found if own == turn)
    rules, pictured = _drawings(raw, page, width * height, placed)
    if turn % 2:
        width, height = height, width
    text = "".join(glyph.text for glyph in glyphs)
    garbled = len(_UNREADABLE.findall(text)) > 0.3 * len(text)
    drawn = raw.FPDFPage_CountObjects(page) > 0
    return Page(glyphs, tuple(rules), width, height, pictured, drawn, garbled)


def _placing(turn: int, width: float, height: float) -> Callable[..., tuple[float, float, float, float]]:
    """From a box of the PDF (y up) to one of the page as it is read, for text turned by `turn` quarters clockwise."""
    if turn == 3:
        return lambda left, bottom, right, top: (bottom, left, top, right)
    if turn == 2:
        return lambda left, bottom, right, top: (width - right, bottom, width - left, top)
    if turn == 1:
        return lambda left, bottom, right, top: (height - top, width - right, height - bottom, width - left)
    return lambda left, bottom, right, top: (left, height - top, right, height - bottom)


def _characters(raw: Any, layer: Any) -> Iterator[tuple[Glyph, int | None]]:
    """Each character with its box as the PDF has it, and by how many quarters it is turned (None: slanted)."""
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    for index in range(min(layer.count_chars(), _MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(layer, index)
        if raw.FPDFText_IsGenerated(layer, index) or not code or code > 0x10FFFF:
            continue
        character = chr(code)
        if character in _DROPPED or 0xD800 <= code < 0xE000:
            continue
        if not raw.FPDFText_GetLooseCharBox(layer, index, reference):
            continue
        angle = raw.FPDFText_GetCharAngle(layer, index)
        quarters = round(angle / (math.pi / 2))
        turn = None if abs(angle - quarters * math.pi / 2) > _SLANTED else quarters % 4
        size = raw.FPDFText_GetFontSize(layer, index)
        height = (box.right - box.left) if turn in (1, 3) else (box.top - box.bottom)
        # The size of a font says nothing where a matrix scales it.
        size = height if not 0.5 * height <= size <= 1.5 * height else size
        yield Glyph(han_for_radicals(character), box.left, box.bottom, box.right, box.top, max(size, 0.5)), turn


def _drawings(raw: Any, page: Any, area: float, placed: Callable[..., Any]) -> tuple[list[Rule], float]:
    rules: list[Rule] = []
    pictured = 0.0
    sides = [ctypes.c_float() for _ in range(4)]
    count = raw.FPDFPage_CountObjects(page)
    for index in range(count if count <= _MOST_PATHS else 0):
        drawn = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        if not raw.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, sides)):
            continue
        left, bottom, right, top = (side.value for side in sides)
        if kind != raw.FPDF_PAGEOBJ_PATH:
            pictured += max(0.0, right - left) * max(0.0, top - bottom)
        elif min(right - left, top - bottom) <= _THIN:
            rules.append(Rule(*placed(left, bottom, right, top)))
        else:
            rules += [Rule(*placed(*line)) for line in _path_lines(raw, drawn)]
    return rules, min(1.0, pictured / area) if area else 0.0


def _path_lines(raw: Any, drawn: Any) -> Iterator[tuple[float, float, float, float]]:
    """The level and upright strokes of a path, such as the sides of a box."""
    fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    if not raw.FPDFPath_GetDrawMode(drawn, ctypes.byref(fill), ctypes.byref(stroke)) or not stroke.value:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    first = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(drawn), 2_000)):
        segment = raw.FPDFPath_GetPathSegment(drawn, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(points[-1], point)
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, first)


def _straight(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float, float, float]]:
    left, right = sorted((start[0], end[0]))
    bottom, top = sorted((start[1], end[1]))
    if min(right - left, top - bottom) <= 0.5 < max(right - left, top - bottom):
        yield left, bottom, right, top
