"""How many clauses, chapters or items there are: 一共有几条, 第三章有几条. Counted in the structure.

Knows articles, their blocks and one question. Nothing is guessed: only what accounts for every word of the question is
counted, and two articles that say otherwise are no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.article import Article, Block
from corpus.text.exact import clause_key, clauses_named
from corpus.text.lexicon import EMPTY_TERMS
from corpus.text.terms import normalise, terms

_HAVE = "(?:一共|总共|共计|合计|共|都)?(?:有|分为|分成|分|包括|包含|规定了?|列出了?|列了|提出了?|需要|要|须)?"
_COUNT = re.compile(
    rf"{_HAVE}(?:多少|几)(?P<unit>个?(?:条款|法条|章节)|[编章节条款项])(?P<thing>[\u4e00-\u9fff]{{0,6}})"
)
ITEMS_ASKED = re.compile(
    r"(?:多少|几)(?P<measure>大?[项条种类步点样份]|个(?=步骤|环节|条件|方面|阶段|部分|要求|情形|材料|措施|任务|要点|事项|问题|项目))"
)
"""What asks how many members a list has."""
_COUNT_ITEMS = re.compile(rf"{_HAVE}{ITEMS_ASKED.pattern}(?P<thing>[\u4e00-\u9fff]{{0,6}})")
_CLAUSE_NAME = re.compile(
    r"第\s?[\d零一二三四五六七八九十百千两]{1,7}\s?[编篇章节条项](?:之[\d一二三四五六七八九十]{1,3})?"
)
_ASKING = re.compile(r"这?一?[编章节](?=\s|$)|[？?。！!吗呢啊]|请问|分别|是|哪些|什么|都|一共|总共|里面?|中|下面?|的")
_UNITS = {"条款": "条", "法条": "条", "章节": "章"}
_GENERAL = frozenset(
    """
    需要 要 带 提交 准备 提供 应当 应 须 必须 做 走 做出 列 列出 提出 规定 内容 文件 文中 全文
    """.split()  # noqa: SIM905  (easier to add to)
)
_FEWEST = 2
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """The blocks of `article` that were counted, in order, and what they are called (条, 章, 项). `whole` is the block
    they stand in or under, None for the whole article."""

    article: Article
    members: tuple[Block, ...]
    unit: str
    whole: Block | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.members)


def counted(question: str, names: Sequence[str], article_of: Callable[[str], Article]) -> Counted | None:
    """What `question` wants counted, in the one article of `names` (ids) that has it; None where it asks for something
    else or no structure tells."""
    text = normalise(question)
    if not _COUNT.search(text) and not _COUNT_ITEMS.search(text):
        return None
    found = [one for name in names for one in _in_article(text, article_of(name))]
    best = max((share for share, _ in found), default=0.0)
    likeliest = [one for share, one in found if share == best]
    return likeliest[0] if len({one.count for one in likeliest}) == 1 else None


def _in_article(question: str, article: Article) -> Iterator[tuple[float, Counted]]:
    """What is counted in this article, and how much of its title the question names."""
    if asked := _COUNT.search(question):
        unit = asked["unit"].removeprefix("个")
        one = _clauses(question, article, _UNITS.get(unit, unit)) if not asked["thing"] else None
        rest = _words(_COUNT.sub(" ", _CLAUSE_NAME.sub(" ", question)))
        told = set(terms(_titles(article) + (_text(article, one.whole) if one and one.whole else "")))
        if one and rest <= told:
            yield _share(rest, article), one
            return
    if asked := _COUNT_ITEMS.search(question):
        thing = _words(asked["thing"])
        rest = _words(_COUNT_ITEMS.sub(" ", question)) | thing
        for items, lead, above in _lists(article):
            led = set(terms(lead))
            if rest and rest <= set(terms(above)) and (thing <= led if thing else rest & led):
                yield _share(rest, article), Counted(article, items, "项", _owner(article, items[0]))


def _words(rest: str) -> set[str]:
    """What is left of a question that says something."""
    return {term for term in terms(_ASKING.sub(" ", rest)) if term not in EMPTY_TERMS and term not in _GENERAL}


def _share(rest: set[str], article: Article) -> float:
    title = set(terms(article.title)) - EMPTY_TERMS
    return len(rest & title) / max(1, len(title))


def _titles(article: Article) -> str:
    return f"{article.title}\n{PurePosixPath(article.source).stem}"


def _text(article: Article, block: Block | None) -> str:
    return "\n" + article.text[block.start : block.end] if block else ""


def _owner(article: Article, item: Block) -> Block | None:
    return article.blocks[item.above] if item.above >= 0 else None


def _clauses(question: str, article: Article, unit: str) -> Counted | None:
    """The clauses, chapters or items of the article, or of the part of it that the question names."""
    first, last, whole = 0, len(article.blocks), None
    for key in clauses_named(_COUNT.sub(" ", question)):
        place = next((at for at in range(first, last) if clause_key(article.blocks[at]) == key), -1)
        if place < 0:
            return None
        whole = article.blocks[place]
        first, last = place + 1, _end_of(article, place, last)
    if whole is None and (place := _named_part(question, article)) >= 0:
        whole = article.blocks[place]
        first, last = place + 1, _end_of(article, place, last)
    inside = article.blocks[first:last]
    if unit in "项款":
        return _parts(article, inside, unit, whole, first - 1) if whole else None
    members = _numbered(inside, unit, whole)
    return Counted(article, members, unit, whole) if members else None


def _named_part(question: str, article: Article) -> int:
    """The only numbered heading (第三章 罚则) that the question names by its words; -1 where there is none."""
    found = []
    for place, block in enumerate(article.blocks):
        name = article.text[block.start : block.end].removeprefix(block.number).strip() if block.number else ""
        if block.kind == "heading" and len(name) >= _SHORTEST_NAME and normalise(name) in question:
            found.append(place)
    return found[0] if len(found) == 1 else -1


def _end_of(article: Article, place: int, last: int) -> int:
    """Where the part ends that the block at `place` begins: at the next of its kind, or above it."""
    block = article.blocks[place]
    unit = _unit(block)
    for at in range(place + 1, last):
        other = article.blocks[at]
        above = other.kind == "heading" and (block.kind != "heading" or other.level <= block.level)
        if above or (_unit(other) == unit and other.kind == block.kind):
            return at
    return last


def _unit(block: Block) -> str:
    key = clause_key(block)
    return next((unit for unit in "编篇章节条项" if unit in key), "." if "." in key else "")


def _numbered(inside: Sequence[Block], unit: str, whole: Block | None) -> tuple[Block, ...]:
    """Each number once: a table of contents and a text have the same."""
    keys: dict[str, Block] = {}
    over = clause_key(whole) if whole else ""
    for block in inside:
        key = clause_key(block)
        if over.replace(".", "").isdecimal():
            fits = key.startswith(over + ".") and key.count(".") == over.count(".") + 1
        else:
            fits = _unit(block) == unit and block.kind in ("heading", "clause")
        if fits:
            keys[key] = block
    return tuple(sorted(keys.values(), key=lambda block: block.start))


def _parts(article: Article, inside: Sequence[Block], unit: str, whole: Block, place: int) -> Counted | None:
    """The paragraphs of a clause (the first stands behind its number), or the items in it."""
    if unit == "款":
        members = (whole, *(block for block in inside if block.kind == "paragraph" and block.above == place))
    else:
        level = min((block.level for block in inside if block.kind == "item"), default=0)
        members = tuple(block for block in inside if block.kind == "item" and block.level == level)
    return Counted(article, members, unit, whole) if members else None


def _lists(article: Article) -> Iterator[tuple[tuple[Block, ...], str, str]]:
    """The lists of the article, each with what leads in, and with all words above it: titles, headings, the lead."""
    members: dict[tuple[int, int], list[Block]] = {}
    for block in article.blocks:
        if block.kind == "item":
            members.setdefault((block.above, block.level), []).append(block)
    for (above, _), items in members.items():
        if len(items) < _FEWEST:
            continue
        lead = article.blocks[above] if above >= 0 else None
        headings = article.headings_above(items[0].start)
        led = _text(article, lead) or "".join(headings[-1:])
        yield tuple(items), led, "\n".join((_titles(article), *headings, led))
