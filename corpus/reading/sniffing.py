"""What a file is by its bytes, whatever it is named.

Knows the first bytes of each kind and the parts that zip archives and OLE files of each kind have. Knows nothing of
how a kind is read.
"""

from __future__ import annotations

import io
import re
import zipfile

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta\s)", re.I | re.S
)
_MAIL_LINE = re.compile(rb"[!-9;-~]+:[ \t]")
_MAIL_FIELDS = re.compile(
    rb"^(?:mime-version|from|received|return-path|message-id|subject|delivered-to)\s*:", re.I | re.M
)
_OLE = (
    ("EncryptedPackage", "locked"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__substg1.0_", "msg"),
)
_ZIP_PARTS = (
    ("word/document", "docx"),
    ("xl/workbook", "xlsx"),
    ("ppt/presentation", "pptx"),
    ("meta-inf/container.xml", "epub"),
)
_MIMETYPES = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-web": "odt",
    "application/vnd.oasis.opendocument.text-master": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_MAIN_TYPES = (
    (b"wordprocessingml.document.main", "docx"),
    (b"word.document.macroenabled.main", "docx"),
    (b"wordprocessingml.template.main", "docx"),
    (b"spreadsheetml.sheet.main", "xlsx"),
    (b"presentationml.presentation.main", "pptx"),
)


def kind_of_bytes(data: bytes) -> str:
    """The kind that the bytes show: a suffix without its dot, "locked" (with a password), or "" for plain text.

    "unknown" are bytes with a signature that nothing here reads.
    """
    head = data[:4096]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(data)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole_kind(data)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        # "BM" may begin a text.
        return "image" if not head.startswith(b"BM") or b"\0" in head[:32] else ""
    if head.startswith((b"7z\xbc\xaf", b"Rar!")):
        return "packed"
    return _text_kind(data)


def _text_kind(data: bytes) -> str:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    head = head.removeprefix(b"\xef\xbb\xbf")
    if (
        b"<?mso-application" in head
        or b"w:wordDocument" in head
        or b"schemas.microsoft.com/office/2006/xmlPackage" in head
    ):
        return "flat"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "flat"
    if _HTML.match(head):
        return "html"
    first = head.split(b"\n", 1)[0]
    if _MAIL_LINE.match(first) and len(_MAIL_FIELDS.findall(head)) >= 2 and b"mime-version" in head.lower():
        return "eml"
    return ""


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.replace("\\", "/").lower() for name in archive.namelist()[:5000]]
            small = {
                name: archive.getinfo(name)
                for name in ("mimetype", "[Content_Types].xml")
                if name in archive.namelist()
            }
            mimetype = (
                archive.read("mimetype")[:200] if "mimetype" in small and small["mimetype"].file_size < 200 else b""
            )
            types = small.get("[Content_Types].xml")
            listed = archive.read(types).lower() if types and types.file_size < 1 << 20 else b""
    except Exception:  # a damaged archive is still one; whoever reads it will say so
        return "zip"
    if kind := _MIMETYPES.get(mimetype.decode("ascii", "replace").strip().removesuffix("-template")):
        return kind
    for mark, kind in _MAIN_TYPES:
        if mark in listed:
            return kind
    for start, kind in _ZIP_PARTS:
        if any(name.lstrip("/").startswith(start) for name in names):
            return kind
    return "zip"


def _ole_kind(data: bytes) -> str:
    """Names of streams stand in the directory as UTF-16; the first that is found tells."""
    for stream, kind in _OLE:
        if stream.encode("utf-16-le") + b"\0\0" in data or (kind == "msg" and stream.encode("utf-16-le") in data):
            return kind
    return "unknown"
