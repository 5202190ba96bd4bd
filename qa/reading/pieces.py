"""A question with a window of text as pieces: what the model reads, and where each piece stands in the window.

Knows the tokenizer and the order `<s> question </s> head </s> window </s>`; the same when learning and when answering.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenizers import Tokenizer

from corpus.article import Span

LONGEST = 320  # pieces
QUESTION, HEAD = 64, 40  # pieces at most
BEGIN, PAD, END = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Pieces:
    """`ids` of one example; `ids[first:first + len(spans)]` are the window's pieces, with their places in its text."""

    ids: tuple[int, ...]
    first: int
    spans: tuple[Span, ...]


def pieces_of(tokenizer: Tokenizer, question: str, head: str, text: str) -> Pieces:
    """The question and the head are cut at their end where they are too long, and the window after `LONGEST` pieces."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION]
    above = tokenizer.encode(head, add_special_tokens=False).ids[:HEAD]
    window = tokenizer.encode(text, add_special_tokens=False)
    ids = [BEGIN, *asked, END, *above, END]
    room = LONGEST - len(ids) - 1
    spans = tuple(window.offsets[:room])
    return Pieces((*ids, *window.ids[:room], END), len(ids), spans)
