"""Rows of question sets, in our own form and in the public ones, as cases.

Knows the names that people give to fields, SQuAD (and with it CMRC 2018 and DRCD), RGB and CRUD-RAG. Knows nothing of
files, encodings or tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from itertools import zip_longest
from math import ceil
from typing import Any

from corpus.article import Article
from qa.answer import Turn
from qa.evaluation.questions.cases import Case, Remark

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "题号", "序号", "questionid", "queryid", "qid"),
    "question": ("question", "问题", "提问", "query", "问句", "题目"),
    "answers": ("answers", "answer", "参考答案", "答案", "标准答案", "正确答案", "referenceanswer", "groundtruth"),
    "answer_groups": ("answergroups", "groups", "必答要点", "要点"),
    "answerable": ("answerable", "能否回答", "可否回答", "可回答", "能回答"),
    "articles": ("articles", "article", "contextids", "contextid", "文章", "出处", "来源文章", "所在文章"),
    "given": ("given", "限定文章", "只给文章"),
    "wrong_answers": ("wronganswers", "wronganswer", "错误答案"),
    "kind": ("kind", "类型", "类别", "题型", "type", "category", "dataset"),
    "history": ("history", "对话", "上文", "前文"),
    "since": ("since", "起始日期", "开始日期"),
    "until": ("until", "截止日期", "结束日期"),
    "passage": ("passage", "原文", "段落", "原文段落", "依据"),
    "context": ("context", "contexttext", "上下文", "材料"),
    "title": ("title", "标题", "题名"),
    "remark": ("remark",),
    "remark_by": ("提出人", "反馈人", "by", "remarkby"),
    "remark_at": ("提出时间", "时间", "反馈时间", "at", "remarkat"),
    "remark_text": ("问题所在", "哪里不对", "备注", "remarktext", "comment", "note"),
    "remark_answer": ("当时的回答", "原回答", "remarkanswer"),
    "keep": ("留用", "是否留用", "保留", "keep"),
}
"""Names of each field, the preferred ones first, as `_bare` leaves them."""

# What people write for no; not 无误, 没问题 or 不用改, by which they mean that a question may stay.
_NO = re.compile(
    "(?:否|删|无法|未提|答不|回答不|不(?:能|可|行|存在|回答|留|保留)).*|(?:不|不要|不用|无|没|没有|未)(?:了|答案|回答)?"
    "|not? .*|no?|0|false|f|[×x✗✘]"
)
_YES = re.compile("(?:是|能|可|会|有|对|行|留|保留|要).*|y|yes|1|true|t|keep|[√✓✔]|ok")
PASSAGES = 5
"""How many passages an RGB question is asked with, as in the paper."""

_PLACES = {name: (field, rank) for field, names in FIELDS.items() for rank, name in enumerate(names)}
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
        name = wanted = case.id or f"q-{_digest(case.question, 10)}"
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
        name = id or f"context-{_digest(context, 12)}"
        if name in self.articles:
            name = f"{name}-{_digest(context, 12)}"
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


def add_row(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """Take in one JSON object of any form: a question, a paragraph with questions, or an entry with paragraphs."""
    if isinstance(row.get("paragraphs"), list):
        for paragraph in row["paragraphs"]:
            if isinstance(paragraph, dict):
                _add_paragraph(gathering, number, paragraph, text(row.get("title")))
    elif isinstance(row.get("qas"), list):
        _add_paragraph(gathering, number, row, text(row.get("title")))
    elif "news1" in row and "questions" in row:
        _add_news(gathering, number, row)
    elif isinstance(row.get("positive"), list) or isinstance(row.get("negative"), list):
        _add_rgb(gathering, number, row)
    elif row.get("negative_ids") or row.get("counterfactual_ids"):
        _add_shared_rgb(gathering, number, row)
    else:
        add_fields(gathering, number, fields_of(row), row)


def add_fields(gathering: Gathering, number: int, found: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Take in one question whose fields are called as in FIELDS; `row` is what they were read from."""
    if says_no(found.get("keep")):
        return
    case = _case(found, row)
    if case.question.strip():
        if not (says_no(found.get("answerable")) or _YES.fullmatch(_said(found.get("answerable", "是")))):
            gathering.note("unclear", number)
        context = "\n".join(texts(found.get("context")))
        if context and len(case.articles) < 2:
            names = gathering.carry(context, "".join(case.articles), text(found.get("title")))
            case = replace(case, articles=names)
    else:
        gathering.fields |= dict.fromkeys(list(map(str, row))[:12])
    gathering.keep(number, case)


def fields_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What `row` says of each field of FIELDS that it has; of several names for one field the preferred one."""
    found: dict[str, tuple[int, Any]] = {}
    for name, value in row.items():
        field, rank = _PLACES.get(_bare(name), ("", 0))
        if field and value is not None and value not in ("", [], ()) and (field not in found or rank < found[field][0]):
            found[field] = rank, value
    return {field: value for field, (_, value) in found.items()}


def text(value: object) -> str:
    """A string or number as text, without what cannot be stored (lone surrogates); "" for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        return ""
    plain = str(value)
    return plain if plain.isascii() else plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def texts(value: object) -> tuple[str, ...]:
    """The texts in a string, a list of strings or of {"text": ...}, or lists of those; blank ones are left out."""
    if isinstance(value, dict):
        return texts(value.get("text"))
    if isinstance(value, list | tuple):
        return tuple(one for entry in value for one in texts(entry))
    plain = text(value)
    return (plain,) if plain.strip() else ()


def groups(value: object) -> tuple[tuple[str, ...], ...]:
    """Parts of an answer, each with its alternatives, from a list of strings or of lists of strings."""
    entries = value if isinstance(value, list | tuple) else [value]
    return tuple(group for entry in entries if (group := texts(entry)))


def says_no(value: object) -> bool:
    """Whether a field such as "answerable" or "keep" says no: 否, 不能回答, no ...; an empty one does not."""
    return bool(_NO.fullmatch(_said(value)))


def _said(value: object) -> str:
    return text(value).strip().lower()


def turns(value: object) -> tuple[Turn, ...]:
    """Earlier exchanges: a list of {"question", "answer"}, of pairs, or of questions."""
    found = []
    for entry in value if isinstance(value, list | tuple) else [value]:
        if isinstance(entry, dict):
            found.append(Turn(text(entry.get("question")), text(entry.get("answer"))))
        elif isinstance(entry, list | tuple) and entry:
            found.append(Turn(*(text(part) for part in entry[:2])))
        elif text(entry).strip():
            found.append(Turn(text(entry)))
    return tuple(found)


def _case(found: Mapping[str, Any], row: Mapping[str, Any]) -> Case:
    """The case that `found` describes; SQuAD's "is_impossible" is taken from `row`.

    In SQuAD's flat form no answers, as {"text": []}, say the same.
    """
    answers = texts(found.get("answers"))
    impossible = row.get("is_impossible") is True or (isinstance(found.get("answers"), dict) and not answers)
    return Case(
        id=text(found.get("id")),
        question=text(found.get("question")),
        answers=answers,
        answer_groups=groups(found.get("answer_groups")),
        answerable=not says_no(found.get("answerable")) and not impossible,
        articles=texts(found.get("articles")),
        given=texts(found.get("given")),
        wrong_answers=texts(found.get("wrong_answers")),
        kind=text(found.get("kind")),
        history=turns(found.get("history")),
        since=text(found.get("since")),
        until=text(found.get("until")),
        passage="\n".join(texts(found.get("passage"))),
        remark=_remark(found),
    )


def _remark(found: Mapping[str, Any]) -> Remark | None:
    whole = found.get("remark")
    if isinstance(whole, dict):
        return Remark(*(text(whole.get(name)) for name in ("by", "at", "text", "answer")))
    names = ("remark_by", "remark_at", "remark_text", "remark_answer")
    parts = [text(found.get(name)) for name in names]
    if whole:
        parts[2] = parts[2] or text(whole)
    return Remark(*parts) if whole or any(name in found for name in names) else None


def _add_paragraph(gathering: Gathering, number: int, paragraph: Mapping[str, Any], title: str) -> None:
    """A text and the questions on it, as in SQuAD and its likes; "context_text" and "query_text" are CMRC 2018's."""
    context = text(paragraph.get("context") or paragraph.get("context_text"))
    name = text(paragraph.get("id")) or text(paragraph.get("context_id"))
    articles = gathering.carry(context, name, title)
    entries = paragraph.get("qas")
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            gathering.note("broken", number)
            continue
        found = fields_of({**entry, "question": entry.get("question") or entry.get("query_text")})
        case = _case(found, entry)
        # SQuAD asks several people, who often answer the same.
        answers = tuple(dict.fromkeys(case.answers)) if case.answerable else ()
        gathering.keep(number, replace(case, answers=answers, articles=articles))


def _add_news(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """A record of CRUD-RAG: one to three news ("news1" ...) and a question on them, or several."""
    names = [name for name in row if re.fullmatch(r"news\d", name) and text(row[name]).strip()]
    articles = tuple(dict.fromkeys(article for name in names for article in gathering.carry(text(row[name]))))
    kind = f"crud_{len(names)}doc{'s' * (len(names) > 1)}"
    name = f"{kind}-{text(row['ID'])}" if text(row.get("ID")) else ""
    questions, answers = texts(row["questions"]), texts(row.get("answers"))
    if len(questions) != len(answers):
        answers = ("\n".join(answers),) * len(questions)
    for question, answer in zip(questions, answers, strict=True):
        answered = (answer,) if answer.strip() else ()
        gathering.keep(number, Case(name, question, answered, articles=articles, kind=kind), tell=False)
    if not questions:
        gathering.note("question", number)


def _add_rgb(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """A question of RGB as it comes, with its passages. Every entry of its answer is a part that is required."""
    required = groups(row.get("answer"))
    case = _case({**fields_of(row), "answers": required[0] if len(required) == 1 else ()}, row)
    case = replace(
        case, answer_groups=required if len(required) > 1 else (), wrong_answers=texts(row.get("fakeanswer"))
    )
    positive = row["positive"] if isinstance(row.get("positive"), list) else []
    nested = any(isinstance(entry, list) for entry in positive)

    def carried(passages: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(gathering.carry(passage)[0] for passage in passages))

    if not case.question.strip():
        gathering.note("question", number)
        return
    parts = [_shuffled(case.id, carried(part)) for part in groups(positive)] if nested else []
    in_turn = (name for place in zip_longest(*parts) for name in place if name is not None)
    right = tuple(dict.fromkeys(in_turn)) if nested else _shuffled(case.id, carried(texts(positive)))
    false = _shuffled(case.id, carried(texts(row.get("positive_wrong"))))
    negative = carried(texts(row.get("negative")))
    for one in _abilities(case, right, negative, false, len(parts)):
        gathering.keep(number, one)


def _add_shared_rgb(gathering: Gathering, number: int, row: Mapping[str, Any]) -> None:
    """A question of RGB that names its passages ("context_ids", "negative_ids", "counterfactual_ids").

    The collection must hold them. Which passage says which part of the answer is not told, but they stand part by
    part, so that those at even distances nearly always have all parts between them.
    """
    case = _case(fields_of(row), row)
    if not case.question.strip():
        gathering.note("question", number)
        return
    if len(case.answer_groups) == 1:
        case = replace(case, answers=case.answer_groups[0], answer_groups=())
    right, parts = tuple(dict.fromkeys(case.articles)), 0
    if case.kind.endswith("_int") or (not case.kind and len(case.answer_groups) > 1):
        parts = len(case.answer_groups)
    else:
        right = _shuffled(case.id, right)
    false = _shuffled(case.id, texts(row.get("counterfactual_ids")))
    for one in _abilities(case, right, texts(row.get("negative_ids")), false, parts, _spread if parts else _first):
        gathering.keep(number, one)


def _first(names: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(names[:count])


def _abilities(
    case: Case,
    right: Sequence[str],
    negative: Sequence[str],
    false: Sequence[str],
    parts: int,
    choose: Callable[[Sequence[str], int], tuple[str, ...]] = _first,
) -> Iterator[Case]:
    """The four abilities of RGB (arXiv 2309.01431): `case` limited to five of its own passages at a time.

    `right` has the passages that answer, of which `choose` takes as many as are wanted, `negative` those that only
    look like it, `false` the falsified ones; `parts` is how many parts an answer is put together from, 0 where it is
    not. With noise 0.4 two of five passages are negative. Where there are too few right passages negative ones take
    their place, where there are too few negative ones right ones do, so that a label says what was aimed at, as in the
    paper's own program. An answer of more than five parts gets a passage for each. What cannot be asked is left out.
    """
    negative = [name for name in _shuffled(case.id, negative) if name not in {*right, *false}]

    def mixed(kind: str, good: Sequence[str], noise: float, least: int = 1) -> Case:
        bad = min(ceil(PASSAGES * noise - 1e-9), len(negative))
        chosen = choose(good, max(PASSAGES - bad, least))
        given = _shuffled(kind, chosen + tuple(negative[: max(0, PASSAGES - len(chosen))]))
        return replace(case, id=f"{case.id}@{kind}", kind=kind, articles=chosen, given=given, wrong_answers=())

    case = case if case.id else replace(case, id=f"q-{_digest(case.question, 10)}")
    if false:
        yield replace(mixed("counterfactual", false, 0.0), articles=(), wrong_answers=case.wrong_answers)
        if right:
            yield mixed("fact 0.0", right, 0.0)
        return
    levels = (0.0, 0.2, 0.4) if parts else (0.0, 0.2, 0.4, 0.6, 0.8)
    for noise in levels if right else ():
        yield mixed(f"{'integration' if parts else 'noise'} {noise}", right, noise, max(1, parts))
    if negative and not parts:
        yield replace(mixed("rejection", (), 1.0), answers=(), answer_groups=(), answerable=False)


def _shuffled(seed: str, names: Iterable[str]) -> tuple[str, ...]:
    """`names`, each once, in an order that depends on `seed` and their number alone, so that true and falsified
    passages at the same places are chosen together."""
    placed = enumerate(dict.fromkeys(names))
    return tuple(name for _, name in sorted(placed, key=lambda entry: _digest(f"{seed}/{entry[0]}", 16)))


def _spread(names: Sequence[str], count: int) -> tuple[str, ...]:
    """`count` of `names` at even distances, the first and the last among them."""
    if count >= len(names):
        return tuple(names)
    return tuple(names[round(place * (len(names) - 1) / max(1, count - 1))] for place in range(count))


@lru_cache(maxsize=1024)
def _bare(name: object) -> str:
    """The name of a field or column in lower case, without blanks, underscores and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", str(name)).lower()
    return re.sub(r"\(.*?\)|[\s_*:\-\ufeff]", "", plain)


def _digest(plain: str, length: int) -> str:
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:length]
