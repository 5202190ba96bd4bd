"""Coverage-guided fuzzing, by hand: `pip install atheris`, then `python tests/fuzz.py TARGET -max_total_time=60 FOLDER`.

TARGET is one of `repair`, `question`, `marks`, `files`. FOLDER keeps what reached new code; what crashes is written beside
it, and belongs as an example into `tests/test_hostile.py`. One input may take ten seconds and two gigabytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import atheris

with atheris.instrument_imports(include=["corpus", "qa"]):
    from test_hostile import DOCUMENTS, asked, exact, read

    from corpus.article import Article
    from corpus.repair.cleaning import clean
    from corpus.text.blocks import with_blocks
    from corpus.text.exact import question_terms
    from corpus.text.figures import find_figures
    from corpus.text.sentences import split_sentences
    from qa.answer import Turn
    from qa.checking.marks import parse_marks
    from qa.questions.dates import date_range
    from qa.questions.follow_up import candidates_of
    from qa.questions.intents import intent_of
    from qa.questions.splitting import parts_of

TODAY = date(2022, 3, 16)


def repair(text: str) -> None:
    """A raw text is repaired, cut into blocks and sentences, and leads back to where it came from."""
    cleaned = clean(text)
    exact(with_blocks(Article("文", "", cleaned.text, raw=text, runs=cleaned.runs)))
    assert clean(cleaned.text).text == cleaned.text
    for start, end in split_sentences(cleaned.text):
        assert 0 <= start < end <= len(cleaned.text)
    find_figures(cleaned.text)


def question(text: str) -> None:
    """A question after another one."""
    before, _, last = text.partition("\n")
    if last := asked(last):
        assert candidates_of(last, [Turn(before, before)])
        assert parts_of(last) and intent_of(last)
        question_terms(last)
        date_range(last, TODAY)


def marks(text: str) -> None:
    """What a language model writes."""
    parse_marks(text, ["石桥镇有党员七十名。", text[:20]])


def files(data: bytes) -> None:
    """A file of the format that the first byte chooses."""
    if data:
        names = sorted(DOCUMENTS)
        for article in read(names[data[0] % len(names)], data[1:]).articles:
            exact(article)


TARGETS: dict[str, Callable[[str], None]] = {"repair": repair, "question": question, "marks": marks}


def main() -> None:
    chosen = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if chosen != "files" and chosen not in TARGETS:
        sys.exit(__doc__)
    work = files if chosen == "files" else lambda data: TARGETS[chosen](data.decode("utf-8", "ignore"))
    atheris.Setup([*sys.argv, "-timeout=10", "-rss_limit_mb=2048", "-max_len=2000"], work)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
