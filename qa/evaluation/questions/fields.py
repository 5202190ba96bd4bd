"""The fields of a question in a row: the names that people give to them, and what their values mean.

Knows nothing of files, encodings, tables, or public question sets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

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

_PLACES = {name: (field, rank) for field, names in FIELDS.items() for rank, name in enumerate(names)}


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


def says_yes(value: object) -> bool:
    """Whether such a field says yes; an empty one does not."""
    return bool(_YES.fullmatch(_said(value)))


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


def case_of(found: Mapping[str, Any], row: Mapping[str, Any]) -> Case:
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


@lru_cache(maxsize=1024)
def _bare(name: object) -> str:
    """The name of a field or column in lower case, without blanks, underscores and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", str(name)).lower()
    return re.sub(r"\(.*?\)|[\s_*:\-\ufeff]", "", plain)
