"""Questions drafted from the training articles by the rules of `qa/drafting`, in the form of the data folder's own.

They bring what the real questions lack: news, short questions as one types them into a search box, and passages on the
very subject that do not answer. Knows the data folder and the rules; nothing of words as numbers or of batches.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.article import Article
from embeddings.training.data import read_examples, read_rows
from qa.evaluation.drafting.rules import Draft, drafts_of

FILES = ("corpus_reading", "corpus_crud_news-*")
MOST = 2  # questions on an article
_TERSE = 0.5  # of the questions are asked in few words
# How one asks the same in few words: `(?P<a>…)什么时候(?P<b>…)` -> a + b + 时间.
_SHORT = (
    (re.compile(r"(?P<a>.+?)将?(?:在|于)?(?:什么时候|何时|哪一?[年天])(?P<b>.*)"), ("时间", "的时间", "日期")),
    (re.compile(r"(?P<a>.+?)将?(?:在|位于)(?:哪里|哪儿|什么地方)(?P<b>.*)"), ("地点", "的地点", "在哪")),
    (re.compile(r"(?P<a>.+?)(?:为|是|达|达到|约)多少[\u4e00-\u9fff]{0,3}(?P<b>)"), ("", "", "是多少")),
    (re.compile(r"(?P<a>.+?)有多少[\u4e00-\u9fff](?P<b>.+)"), ("数量", "人数", "有多少")),
    (re.compile(r"(?P<a>.+?)是(?:谁|什么)(?P<b>)"), ("", "叫什么")),
)  # fmt: skip
_PAST = re.compile(r"[已了]")


def drafted(data: Path, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Rows like those of the `qa_*` files, at most `MOST` on an article, none on a text of a held-out question."""
    dice = random.Random(seed)
    _, held_out = read_examples(data)
    left_out = {example.context for example in held_out}
    asked: set[str] = set()
    for pattern in FILES:
        for path in sorted(data.glob(f"{pattern}.jsonl.gz")):
            for row in read_rows(path):
                if row["text"] in left_out:
                    continue
                article = Article(row["id"], row["title"], row["text"])
                drafts = [draft for draft in drafts_of(article) if draft.question not in asked]
                for draft in dice.sample(drafts, min(MOST, len(drafts))):
                    asked.add(draft.question)
                    yield _row(article, draft, dice)


def _row(article: Article, draft: Draft, dice: random.Random) -> dict[str, Any]:
    question = terse(draft.question, dice) if dice.random() < _TERSE else draft.question
    return {
        "id": f"drafted-{article.id}-{draft.start}",
        "dataset": "drafted",
        "question": question,
        "answers": [article.text[draft.start : draft.end]],
        "answer_starts": [draft.start],
        "context": article.text,
        "context_id": article.id,
    }


def terse(question: str, dice: random.Random) -> str:
    """`question` in few words, as it is typed into a search box; without its mark where no rule knows how."""
    plain = question.rstrip("？?")
    for pattern, endings in _SHORT:
        if match := pattern.fullmatch(plain):
            return _PAST.sub("", match["a"] + match["b"]) + dice.choice(endings)
    return plain
