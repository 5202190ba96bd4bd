"""Chinese words by the dictionary of jieba: cut by rjieba where it is installed, which is faster, else by jieba.

Each function gives one way to cut and loads the dictionary on its first call. Knows nothing of what words are for.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from functools import cache
from typing import Any

Cut = Callable[[str], list[str]]
Tagged = list[tuple[str, str]]


@cache
def dictionary_cutter() -> Cut:
    """Words of the dictionary only; what is not in it falls into characters."""
    try:
        import rjieba
    except ImportError:
        tokenizer = _jieba()
        return lambda text: tokenizer.lcut(text, HMM=False)
    return lambda text: rjieba.cut(text, False)


@cache
def search_cutter() -> Cut:
    """Words, and the shorter words inside long ones, as a search wants them."""
    try:
        import rjieba
    except ImportError:
        return jieba_search_cutter()
    cut: Cut = rjieba.cut_for_search
    return cut


@cache
def tagger() -> Callable[[str], Tagged]:
    """Words with their parts of speech; without rjieba some eighty times slower."""
    try:
        import rjieba
    except ImportError:
        import jieba
        from jieba import posseg

        jieba.setLogLevel(logging.WARNING)
        return lambda text: [(pair.word, pair.flag) for pair in posseg.lcut(text)]
    fast: Callable[[str], Tagged] = rjieba.tag
    return fast


def jieba_search_cutter() -> Cut:
    """`search_cutter` where there is no rjieba."""
    cut: Cut = _jieba().lcut_for_search
    return cut


@cache
def _jieba() -> Any:
    """jieba with its dictionary, which takes a second to load."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Its cache under a fixed name in the shared temporary folder saves no time and could be somebody else's.
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    return tokenizer
