"""Examples of laws and regulations: clauses asked by number, what they forbid, allow and set, and where it stands.

Made from the articles of a corpus of laws, each a text whose clauses begin their line with 第N条. Knows no other form.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Span
from corpus.text.figures import han_number
from qa.training.examples.example import Example, units_in
from qa.training.examples.wordings import reworded

_CLAUSE = re.compile(r"^(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十])?)[ 　\t]*", re.M)
_HEADING = re.compile(r"^第[一二三四五六七八九十]+[编章节][ 　].*$", re.M)
_ITEM = re.compile(r"^[(（][一二三四五六七八九十]+[)）]", re.M)
_FORBIDS = re.compile(
    r"(?P<who>[\u4e00-\u9fff、]{2,24}?)(?P<verb>不得|禁止|可以|应当|负责)(?P<what>[^。；\n：]{4,60})[。；]"
)
_WITHIN = re.compile(r"(?P<limit>[一二三四五六七八九十百0-9]+(?:个工作日|个月|日|年)内)")
_FINE = re.compile(
    r"处?(?P<fine>[一二三四五六七八九十百千万]+(?:元|倍)以上[一二三四五六七八九十百千万]+(?:元|倍)以下(?:的)?罚款)"
)
_SAYS = (
    "{law}{number}规定了什么？",
    "{law}{number}的内容是什么？",
    "{number}说的是什么",
    "{law}{number}怎么规定的？",
    "{number}规定",
    "{law}{number}",
    "请问{law}的{number}是什么内容",
)


@dataclass(frozen=True, slots=True)
class _Clause:
    number: str
    start: int
    body: int
    end: int


def law_examples(laws: Sequence[tuple[str, str]], count: int, seed: int) -> Iterator[Example]:
    """`count` examples of (title, text) pairs."""
    made = 0
    while made < count:
        dice = random.Random(f"law {seed} {made}")
        title, text = dice.choice(laws)
        clauses = _clauses(text)
        example = _Law(title, text, clauses, dice).example() if len(clauses) > 4 else None
        made += 1
        if example:
            yield example


def _clauses(text: str) -> list[_Clause]:
    found = list(_CLAUSE.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)] * bool(found)
    clauses = []
    for match, end in zip(found, ends, strict=True):
        heading = _HEADING.search(text, match.end(), end)
        clauses.append(
            _Clause(match[1], match.start(), match.end(), len(text[: heading.start() if heading else end].rstrip()))
        )
    return clauses


class _Law:
    """One law, a window of neighbouring clauses and the clause that is asked about."""

    def __init__(self, title: str, text: str, clauses: Sequence[_Clause], dice: random.Random) -> None:
        self.title, self.dice = title, dice
        self.place = dice.randrange(len(clauses))
        first = last = self.place
        room = dice.randint(150, 420)
        while clauses[last].end - clauses[first].start < room and (first > 0 or last + 1 < len(clauses)):
            if dice.random() < 0.5 and first > 0:
                first -= 1
            elif last + 1 < len(clauses):
                last += 1
            else:
                first -= 1
            if clauses[last].end - clauses[first].start > 600:
                break
        self.shift = clauses[first].start
        self.text = text[self.shift : clauses[last].end]
        self.asked = clauses[self.place]
        self.shown = clauses[first : last + 1]
        self.others = [clause for clause in clauses if clause not in self.shown]
        headings = [m[0] for m in _HEADING.finditer(text, 0, self.shift)]
        self.head = title + (f"\n{headings[-1]}" if headings and dice.random() < 0.6 else "")
        self.law = dice.choice((f"《{title}》", title, title.removeprefix("中华人民共和国"), "", ""))

    def _spelled(self, number: str) -> str:
        """第十八条, 第18条, 18条."""
        chance = self.dice.random()
        main, _, more = number[1:].partition("条")
        value = int(han_number(main))
        if chance < 0.35:
            return number
        return f"{'第' if chance < 0.8 else ''}{value}条{more}"

    def _example(self, question: str, span: Span | None, way: str) -> Example:
        spans = (span,) if span else ()
        return Example(question, self.head, self.text, spans, units_in(self.text), f"law: {way}")

    def _at(self, start: int, end: int) -> Span:
        return start - self.shift, end - self.shift

    def example(self) -> Example | None:
        ways = (self._by_number, self._absent_number, self._which, self._norm, self._limit, self._items)
        return self.dice.choices(ways, (3, 2, 1.5, 2.5, 2, 3))[0]()

    def _by_number(self) -> Example | None:
        number, body = (
            self._spelled(self.asked.number),
            self.text[self.asked.body - self.shift : self.asked.end - self.shift],
        )
        if not body:
            return None
        asked = self.dice.choice(_SAYS).format(law=self.law, number=number)
        items = list(_ITEM.finditer(body))
        if len(items) > 2 and self.dice.random() < 0.4:
            place = self.dice.randrange(len(items))
            end = items[place + 1].start() if place + 1 < len(items) else len(body)
            asked = f"{self.law}{number}第{'一二三四五六七八九十'[place]}项是什么？" if place < 10 else asked
            if place < 10:
                text = body[items[place].end() : end].rstrip()
                start = self.asked.body + items[place].end()
                return self._example(asked, self._at(start, start + len(text)), "item by number")
        return self._example(
            asked, self._at(self.asked.body, self.asked.body + min(len(body), 300)), "clause by number"
        )

    def _absent_number(self) -> Example | None:
        if not self.others:
            return None
        mentioned = [c for c in self.others if c.number in self.text] or self.others
        return self._example(
            self.dice.choice(_SAYS).format(law=self.law, number=self._spelled(self.dice.choice(mentioned).number)),
            None,
            "clause elsewhere",
        )

    def _which(self) -> Example | None:
        body = self.text[self.asked.body - self.shift : self.asked.end - self.shift]
        gist = re.split(r"[，。；：]", body)[0]
        if not 6 <= len(gist) <= 40 or body.count(gist) + self.text.count(gist) > 2:
            return None
        asked = self.dice.choice(
            ("{}，是第几条规定的？", "哪一条规定了{}？", "{}的依据是第几条？", "{}出自第几条")
        ).format(gist)
        return self._example(
            asked, self._at(self.asked.start, self.asked.start + len(self.asked.number)), "which clause"
        )

    def _norm(self) -> Example | None:
        found = list(_FORBIDS.finditer(self.text))
        if not found:
            return None
        match = self.dice.choice(found)
        who, verb, what = match["who"], match["verb"], match["what"]
        if verb == "负责" and self.dice.random() < 0.7:
            return self._example(
                self.dice.choice(("谁负责{}？", "{}由谁负责？", "{}归哪个部门管？")).format(what),
                match.span("who"),
                "who is responsible",
            )
        form = {
            "不得": ("{}不得做什么？", "{}不能干什么？", "{}被禁止做什么？"),
            "禁止": ("{}禁止什么？",),
            "可以": ("{}可以做什么？", "{}能做什么？"),
            "应当": ("{}应当做什么？", "{}要做什么？", "{}有什么义务？"),
            "负责": ("{}负责什么？",),
        }
        others = sum(m["who"] == who and m["verb"] == verb for m in found)
        return (
            self._example(self.dice.choice(form[verb]).format(who), match.span("what"), "norm") if others == 1 else None
        )

    def _limit(self) -> Example | None:
        for pattern, name, forms in (
            (_WITHIN, "limit", ("{}，期限是多久？", "{}要在多长时间内？", "{}几天之内？")),
            (_FINE, "fine", ("{}罚多少钱？", "{}处多少罚款？", "{}怎么罚？")),
        ):
            found = list(pattern.finditer(self.text))
            if found:
                match = self.dice.choice(found)
                sentence = [(a, b) for a, b in units_in(self.text) if a <= match.start() < b]
                if not sentence:
                    continue
                a, b = sentence[0]
                gist = (self.text[a : match.start()] + "……" + self.text[match.end() : b]).strip("。；，… ")
                gist = re.sub(r"^第.{1,8}条\s*", "", gist.split("……")[-1] if len(gist.split("……")[-1]) > 6 else gist)[
                    :40
                ].strip("，。；的")
                if len(gist) > 5:
                    return self._example(self.dice.choice(forms).format(gist), match.span(name), name)
        return None

    def _items(self) -> Example | None:
        body = self.text[self.asked.body - self.shift : self.asked.end - self.shift]
        items = list(_ITEM.finditer(body))
        if len(items) < 2:
            return None
        lead = re.split(r"[。\n]", body[: items[0].start()].strip())[-1].strip("：: ")
        if not 5 <= len(lead) <= 60:
            return None
        gist = re.sub(r"(?:应当)?(?:有)?下列(?:之一)?的?|以下的?", "", lead).strip("，：")
        asked = self.dice.choice(
            ("{}的有哪些？", "{}，有哪些情形？", "哪些情况下{}？", "{}包括什么？", "{}？", "{}都有什么")
        ).format(gist)
        start, end = self.asked.body + items[0].start(), self.asked.body + len(body)
        asked = reworded(asked, self.dice) if self.dice.random() < 0.3 else asked
        return self._example(asked, self._at(start, end), "items")
