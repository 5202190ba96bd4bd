"""What has been read of one question set: its cases, the articles that came with them, and what is to be told.

Knows no field and no form of files.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from corpus.article import Article
from qa.evaluation.questions.cases import Case

_NAMED = 10

_REASONS = {
    "broken": ("不是完整的 JSON 对象，已跳过", "no whole JSON object, passed over"),
    "question": ("没有问题，已跳过", "no question, passed over"),
    "unclear": (
        "“能否回答”一栏既不是“是”也不是“否”，按“是”算",
        "“answerable” says neither yes nor no, taken as yes",
    ),
    "repeated": ("的编号和前面的相同，已换成不重复的编号", "the id is there already, given one of its own"),
}


class Gathering:
    """What has been read of one file: cases, the articles that came with them, and what could not be used.

    `unit` names a row in Chinese and English, as numbers of rows are told.
    """

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.articles: dict[str, Article] = {}
        self.unit = ("条", "item")
        self.fields: dict[str, None] = {}
        self.left_out: list[str] = []
        self._ids: dict[str, int] = {}
        self._by_text: dict[str, str] = {}
        self._numbers: dict[str, list[int]] = {}

    def keep(self, number: int, case: Case, *, tell: bool = True) -> None:
        """Take `case` in; without an id it gets one from its question, and with one that is taken, another."""
        if not case.question.strip():
            self.note("question", number)
            return
        name = wanted = case.id or f"q-{digest(case.question, 10)}"
        while name in self._ids:
            self._ids[wanted] += 1
            name = f"{wanted}-{self._ids[wanted]}"
        if name != wanted and case.id and tell:
            self.note("repeated", number)
        self._ids[name] = 1
        self.cases.append(case if name == case.id else replace(case, id=name))

    def carry(self, context: str, id: str = "", title: str = "") -> tuple[str, ...]:
        """Take an article in, once; the names it goes by in this set (two where its text came under two ids)."""
        if not context.strip():
            return (id,) if id else ()
        known = self._by_text.get(context)
        if known:
            return (known,) if id in ("", known) else (known, id)
        name = id or f"context-{digest(context, 12)}"
        if name in self.articles:
            name = f"{name}-{digest(context, 12)}"
        self.articles[name] = Article(name, title, context)
        self._by_text[context] = name
        return (name,)

    def note(self, reason: str, number: int) -> None:
        """Remember that row `number` could not be used as it stands; `reason` is a key of the table above."""
        self._numbers.setdefault(reason, []).append(number)

    def problems(self) -> tuple[tuple[str, str], ...]:
        """What to tell about rows, as (Chinese, English)."""
        told = []
        for reason, numbers in self._numbers.items():
            chinese, english = _REASONS[reason]
            more = len(numbers) > _NAMED
            listed = "、".join(map(str, numbers[:_NAMED])) + (f" …（共 {len(numbers)}）" if more else "")
            in_english = ", ".join(map(str, numbers[:_NAMED])) + (f" … ({len(numbers)} in all)" if more else "")
            told.append((f"第 {listed} {self.unit[0]}{chinese}。", f"{self.unit[1]} {in_english}: {english}."))
        if self.left_out:
            names = self.left_out
            told.append(
                (f"不是问答的部分没有读入：{'、'.join(names)}。", f"Not questions, left out: {', '.join(names)}.")
            )
        return tuple(told)


def digest(plain: str, length: int) -> str:
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:length]
