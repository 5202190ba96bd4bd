"""The text of one paragraph of a Word file, as it is printed.

Knows runs, fields, check boxes, symbol fonts, formulas and tracked changes (inserted text in, deleted text out), and
hands on what hangs on a paragraph: text boxes, notes, drawings. Knows nothing of styles, lists or other parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.reading.document import set_apart
from corpus.reading.packages import Element, attribute, child, children, local

_LEFT_OUT = frozenset({"del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "rt", "object"})
_DINGBATS = {
    "wingdings": {0x6F: "□", 0xA8: "☐", 0x71: "☐", 0xFE: "☑", 0xFD: "☒", 0x78: "☒", 0xFC: "✓", 0xFB: "✗", 0x6C: "●"}
    | {0x6E: "■", 0xD8: "➢", 0xE0: "→", 0xDF: "←", 0x76: "❖", 0x75: "◆", 0x74: "◆"}
    | {0x81 + number: chr(ord("①") + number) for number in range(10)},
    "wingdings 2": {0xA3: "☐", 0x2A: "☐", 0x30: "☐", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x51: "☒", 0x50: "✓", 0x4F: "✗"},
    "webdings": {0x61: "✓", 0x63: "☐", 0x67: "■", 0x72: "✗"},
    "symbol": {0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xBB: "≈"}
    | {0x6D: "μ", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6C: "λ", 0x70: "π", 0x73: "σ", 0x57: "Ω", 0x44: "Δ"},
}
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_CIRCLE = re.compile(r"\\o\s*(?:\\a[clr]\s*)?[(（](.*)[)）]\s*$", re.IGNORECASE | re.DOTALL)
_FRACTION = re.compile(r"\\f\s*[(（]([^,，()]*)[,，]([^,，()]*)[)）]", re.IGNORECASE)
_RINGS = "○〇◯⃝"


@dataclass(slots=True)
class Field:
    """A field between its begin and its end; until `shown` its instruction is being read."""

    instruction: str = ""
    shown: bool = False

    @property
    def name(self) -> str:
        return (self.instruction.split() or [""])[0].upper()


@dataclass(slots=True)
class Inlines:
    """The text of a paragraph, and what hangs on it: text boxes, drawings that name parts, ids of notes."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    contents: bool = False  # inside a table of contents
    bold: bool = True  # every run of text is


class InlineReader:
    """Reads paragraphs one after the other: a field may begin in one and end in a later one."""

    def __init__(self, *, page_numbers: bool = True) -> None:
        self._page_numbers = page_numbers
        self._fields: list[Field] = []

    def read(self, paragraph: Element) -> Inlines:
        found = Inlines()
        self._pieces: list[str] = []
        self._into(paragraph, found)
        found.text = "".join(self._pieces)
        found.contents = found.contents or self._inside("TOC")
        return found

    def _inside(self, *names: str) -> bool:
        return any(field.name in names and field.shown for field in self._fields)

    def _put(self, text: str, found: Inlines) -> None:
        if any(not field.shown for field in self._fields) or (not self._page_numbers and self._inside(*_PAGE_FIELDS)):
            return
        found.contents = found.contents or self._inside("TOC")
        self._pieces.append(text)

    def _into(self, element: Element, found: Inlines) -> None:
        for node in element:
            name = local(node)
            if not name or name in _LEFT_OUT:
                continue
            handler = getattr(self, f"_{name}", None) if name in _HANDLED else None
            if handler is not None:
                handler(node, found)
            else:
                self._into(node, found)

    def _r(self, run: Element, found: Inlines) -> None:
        style = child(run, "rPr")
        if _is_on(child(style, "vanish")):
            return
        before = len(self._pieces)
        self._into(run, found)
        fonts = child(style, "rFonts")
        font = (attribute(fonts, "ascii") if fonts is not None else "").lower()
        raised = child(style, "vertAlign")
        place = attribute(raised, "val") if raised is not None else ""
        if font in _DINGBATS:
            self._pieces[before:] = ["".join(_dingbat(font, ord(c)) or c for c in p) for p in self._pieces[before:]]
        elif place in ("superscript", "subscript"):
            text, behind = "".join(self._pieces[before:]), "".join(self._pieces[max(0, before - 3) : before])
            self._pieces[before:] = [set_apart(text, behind, raised=place == "superscript")]
        if not _is_on(child(style, "b")) and "".join(self._pieces[before:]).strip():
            found.bold = False

    def _t(self, node: Element, found: Inlines) -> None:
        self._put(node.text or "", found)

    def _tab(self, node: Element, found: Inlines) -> None:
        self._put("\t", found)

    def _br(self, node: Element, found: Inlines) -> None:
        self._put("\n", found)

    def _noBreakHyphen(self, node: Element, found: Inlines) -> None:  # noqa: N802
        self._put("-", found)

    def _sym(self, node: Element, found: Inlines) -> None:
        code = attribute(node, "char")
        if re.fullmatch("[0-9A-Fa-f]{1,6}", code):
            number = int(code, 16)
            sign = _dingbat(attribute(node, "font").lower(), number)
            outside = 0xE000 <= number <= 0xF8FF or number > 0x10FFFF or 0xD800 <= number < 0xE000
            self._put(sign or ("" if outside else chr(number)), found)

    def _note(self, node: Element, found: Inlines) -> None:
        found.notes.append((local(node).removesuffix("Reference"), attribute(node, "id")))

    _footnoteReference = _endnoteReference = _note  # noqa: N815

    def _fldChar(self, node: Element, found: Inlines) -> None:  # noqa: N802
        kind = attribute(node, "fldCharType")
        if kind == "begin":
            self._put(_form_field(node), found)
            self._fields.append(Field())
        elif self._fields and kind == "separate":
            self._fields[-1].shown = True
        elif self._fields and kind == "end":
            ended = self._fields.pop()
            if ended.name == "EQ":
                self._put(_equation_field(ended.instruction), found)

    def _instrText(self, node: Element, found: Inlines) -> None:  # noqa: N802
        if self._fields and not self._fields[-1].shown:
            self._fields[-1].instruction += node.text or ""

    def _fldSimple(self, node: Element, found: Inlines) -> None:  # noqa: N802
        self._fields.append(Field(attribute(node, "instr"), shown=True))
        self._into(node, found)
        self._fields.pop()

    def _sdt(self, node: Element, found: Inlines) -> None:
        properties = child(node, "sdtPr")
        box = child(properties, "checkbox")
        if box is not None:
            self._put("☑" if _is_on(child(box, "checked")) else "☐", found)
        elif not _is_on(child(properties, "showingPlcHdr")):
            self._into(node, found)

    def _AlternateContent(self, node: Element, found: Inlines) -> None:  # noqa: N802
        # Both say the same to programs of different age; the newer one says nothing where it is a picture only.
        choices = [part for part in node if local(part) in ("Choice", "Fallback")]
        for choice in choices:
            if choice is choices[-1] or any(local(part) in _SAYING for part in choice.iter()):
                self._into(choice, found)
                return

    def _txbxContent(self, node: Element, found: Inlines) -> None:  # noqa: N802
        found.boxes.append(node)

    def _ruby(self, node: Element, found: Inlines) -> None:
        if (base := child(node, "rubyBase")) is not None:
            self._into(base, found)

    def _oMath(self, node: Element, found: Inlines) -> None:  # noqa: N802
        self._put(formula(node), found)

    def _drawn(self, node: Element, found: Inlines) -> None:
        found.parts += [part for name in ("dm", "id") if (part := attribute(node, name))][:1]

    _chart = _relIds = _drawn  # noqa: N815


_SAYING = frozenset({"t", "txbxContent", "sym", "chart", "relIds"})
_HANDLED = frozenset(
    [
        "r",
        "t",
        "tab",
        "ptab",
        "br",
        "cr",
        "noBreakHyphen",
        "sym",
        "footnoteReference",
        "endnoteReference",
        "fldChar",
        "instrText",
        "fldSimple",
        "sdt",
        "AlternateContent",
        "txbxContent",
        "ruby",
        "oMath",
        "chart",
        "relIds",
    ]
)
InlineReader._ptab = InlineReader._tab  # type: ignore[attr-defined]
InlineReader._cr = InlineReader._br  # type: ignore[attr-defined]


def formula(element: Element) -> str:
    """A formula of Word on one line: fractions with a stroke, powers raised where they are figures."""
    parts = []
    for node in element:
        name = local(node)
        if name == "t":
            parts.append(node.text or "")
        elif name == "f":
            parts.append("/".join(_bracketed(formula(part)) for part in node if local(part) in ("num", "den")))
        elif name in ("sup", "sub"):
            text = formula(node)
            small = set_apart(text, "1", raised=name == "sup")
            parts.append(small if small != text else ("^" if name == "sup" else "_") + _bracketed(text))
        elif not name.endswith("Pr"):
            parts.append(formula(node))
    return "".join(parts)


def _bracketed(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _is_on(element: Element | None) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and attribute(element, "val", "1") not in ("0", "false", "off", "none")


def _dingbat(font: str, code: int) -> str:
    return _DINGBATS.get(font, {}).get(code & 0xFF, "")


def _form_field(node: Element) -> str:
    """What an old form field shows that has no text of its own: a check box or a choice."""
    data = child(node, "ffData")
    if (box := child(data, "checkBox")) is not None:
        state = child(box, "checked")
        return "☑" if _is_on(child(box, "default") if state is None else state) else "☐"
    if (choice := child(data, "ddList")) is not None:
        entries = [attribute(entry, "val") for entry in children(choice, "listEntry")]
        chosen = child(choice, "result")
        number = attribute(chosen, "val", "0") if chosen is not None else "0"
        return entries[int(number)] if number.isdigit() and int(number) < len(entries) else ""
    return ""


def _equation_field(instruction: str) -> str:
    """The text of an EQ field: signs printed over one another (a figure in a ring), fractions."""
    if match := _CIRCLE.search(instruction):
        inner = re.sub(r"\\s\\up\s*\d*\([^()]*\)", "", match.group(1))
        signs = [part.strip() for part in re.split("[,，]", inner) if part.strip() and part.strip() not in _RINGS]
        text = "".join(sign for sign in signs if not sign.startswith("\\"))
        ringed = any(ring in match.group(1) for ring in _RINGS) and text.isdigit() and 1 <= int(text) <= 20
        return chr(ord("①") + int(text) - 1) if ringed else text
    if match := _FRACTION.search(instruction):
        return f"{match.group(1).strip()}/{match.group(2).strip()}"
    return ""


def inner_paragraphs(element: Element) -> Iterator[Element]:
    """All paragraphs inside, in order, also those of tables and content controls."""
    for node in element.iter():
        if local(node) == "p":
            yield node
