"""Text recognition (OCR) of scanned pages and photos.

The only module that knows rapidocr, whose models are in its package. Knows how a picture is turned and scaled, and how
sure each line is. Knows nothing of files, columns or articles.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

from corpus.errors import MissingPackage, ReadError
from corpus.places import LOW, Box
from corpus.reading.heartbeat import beat
from corpus.reading.pdf_lines import Piece

DOTS_PER_INCH = 160
_MOST_PIXELS = 120_000_000
_LONGEST_SIDE = 4_000
_UPSIDE_DOWN = 0.6  # mean sureness of a picture that may stand on its head
_LETTER = 11.0  # points of the usual letter of a photo
_MOST_FRAMES = 200
_LEAST_CONTRAST = 30  # grey values between the darkest and the lightest spot of a page that is not blank
_SECONDS = 90.0  # of processor time that a page may take, or the start of the library
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a picture with their places in points, and how sure each is, from 0 to 1; and the size of the
    picture in points, as it was read."""

    pieces: tuple[Piece, ...]
    scores: tuple[float, ...]
    width: float = 0.0
    height: float = 0.0

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The places of the lines as shares of the picture."""
        return tuple(
            (one.x0 / self.width, one.y0 / self.height, one.x1 / self.width, one.y1 / self.height)
            for one in self.pieces
        )


def pictures_in(data: bytes) -> list[Any]:
    """The pictures of an image file (a TIFF may have several) in grey, as a person sees them.

    Raises ReadError for one that is damaged or larger than any camera makes them.
    """
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is unpacked
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ReadError(
                    f"图片有 {image.width:,}×{image.height:,} 个像素，太大了，没有读。请缩小后再试。",
                    f"The picture has {image.width:,} by {image.height:,} pixels: too large. Scale it down.",
                )
            frames = []
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= (_MOST_FRAMES if image.format == "TIFF" else 1):
                    break
                upright = ImageOps.exif_transpose(frame)
                upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                frames.append(_on_white(upright))
            return frames
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise ReadError(
            f"图片损坏，打不开（{type(error).__name__}）。请重新拍照或另存为 .png。",
            f"The picture is damaged and cannot be opened ({error}). Take it again or save it as .png.",
        ) from error


def _on_white(image: Any) -> Any:
    """In grey; what is transparent is white, not black."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        from PIL import Image

        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("L")
    return image.convert("L")


def read_picture(image: Any, dots_per_inch: float | None = None) -> Reading:
    """The lines on a picture. `dots_per_inch` None: as many as make the usual letter eleven points high.

    Raises MissingPackage where text recognition is not installed.
    """
    found = _recognised(image)
    if (
        found
        and median(_height(box) / max(1.0, _width(box)) for box, text, _ in found if len(text) > 1 or len(found) == 1)
        > 1.5
    ):
        image = image.rotate(-90, expand=True)
        found = _recognised(image)
    if found and sum(score for *_, score in found) / len(found) < _UPSIDE_DOWN:
        turned = _recognised(image.rotate(180))
        if sum(score for *_, score in turned) > sum(score for *_, score in found):
            found = turned
    beat()
    if not found:
        return Reading((), ())
    scale = 72 / dots_per_inch if dots_per_inch else _LETTER / max(1.0, median(_height(box) for box, *_ in found))
    pieces = [_piece(box, text, scale) for box, text, _ in found]
    width, height = (scale * side for side in image.size)
    return Reading(tuple(pieces), tuple(score for *_, score in found), width, height)


def _recognised(image: Any) -> list[tuple[Any, str, float]]:
    """Box (four corners in pixels), text and sureness of each line."""
    import numpy

    low, high = image.getextrema()
    if high - low < _LEAST_CONTRAST:
        return []
    beat(_SECONDS)
    with _lock:
        engine = _engine()
        beat(_SECONDS)
        result = engine(numpy.asarray(image.convert("RGB")), use_cls=False)
    if result.txts is None or result.boxes is None:
        return []
    lines = zip(result.boxes, result.txts, result.scores, strict=True)
    return [(box, text, float(score)) for box, text, score in lines if text.strip()]


@cache
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise MissingPackage(
            "扫描件和图片要先做文字识别，需要的软件包没有装好。请运行：pip install rapidocr onnxruntime",
            "Scans and pictures need text recognition, which is not installed. Run: pip install rapidocr onnxruntime",
        ) from error
    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "critical", **threads})


def _height(box: Any) -> float:
    return float(max(corner[1] for corner in box) - min(corner[1] for corner in box))


def _width(box: Any) -> float:
    return float(max(corner[0] for corner in box) - min(corner[0] for corner in box))


def _piece(box: Any, text: str, scale: float) -> Piece:
    x0, x1 = (scale * float(pick(corner[0] for corner in box)) for pick in (min, max))
    y0, y1 = (scale * float(pick(corner[1] for corner in box)) for pick in (min, max))
    return Piece(text.strip(), x0, y0, x1, y1, max(1.0, 0.8 * (y1 - y0)), (y0 + y1) / 2)


def doubtful(scores: Sequence[float]) -> int:
    """How many of the lines are badly legible."""
    return sum(score < LOW for score in scores)
