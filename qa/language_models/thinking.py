"""Answers without what a model thinks aloud: `<think>…</think>` is dropped, however the pieces are cut.

Knows the tags that open models write. Knows no model and no prompt.
"""

from __future__ import annotations

from collections.abc import Iterator

OPENING = ("<think>", "<thinking>")
CLOSING = ("</think>", "</thinking>")
WRAPPING = ("<answer>", "</answer>")  # Hunyuan puts the answer proper between these.


def without_thinking(pieces: Iterator[str], *, opened: bool = False) -> Iterator[str]:
    """The answer among `pieces`; "" for each piece that adds nothing to it, so that the reader can stop.

    With `opened` the prompt ended in an opening tag, and all is thought until a closing one comes. Thoughts that are
    never closed are dropped to the end. A closing tag that nothing opened is dropped alone: what stood before it has
    been read already. White space before the answer is left out. Closing the iterator closes `pieces`.
    """
    rest, thinks, started = "", opened, False
    try:
        for piece in pieces:
            shown, rest, thinks = _split(rest + piece, thinks)
            shown = shown if started else shown.lstrip()
            started = started or bool(shown)
            yield shown
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()
    if not thinks and rest:
        yield rest if started else rest.lstrip()


def _split(text: str, thinks: bool) -> tuple[str, str, bool]:
    """What of `text` is shown, the end of it that may be the beginning of a tag, and whether thinking goes on."""
    shown = []
    while True:
        tags = CLOSING if thinks else (*OPENING, *CLOSING, *WRAPPING)
        place, tag = min(((text.find(tag), tag) for tag in tags if tag in text), default=(-1, ""))
        if not tag:
            break
        if not thinks:
            shown.append(text[:place])
        thinks = tag in OPENING or (thinks and tag not in CLOSING)
        text = text[place + len(tag) :]
    cut = next((place for place in _open_angles(text) if any(t.startswith(text[place:]) for t in tags)), len(text))
    if not thinks:
        shown.append(text[:cut])
    return "".join(shown), text[cut:], thinks


def _open_angles(text: str) -> Iterator[int]:
    """Places of "<" in `text`, where it ends before a tag could."""
    longest = max(map(len, (*OPENING, *CLOSING, *WRAPPING)))
    for place in range(max(0, len(text) - longest + 1), len(text)):
        if text[place] == "<":
            yield place
