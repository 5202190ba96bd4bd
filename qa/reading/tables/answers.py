"""What a table answers to a request: values, names, sums, in words, with the cells it rests on.

Knows views and requests. Knows nothing of how a question is worded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.text.quantities import kind_of_cell, quantity, written
from qa.reading.tables.amounts import Amount, amounts_of, in_singles, moments_of, terms, units_meet
from qa.reading.tables.requests import Request
from qa.reading.tables.view import Held, Record, View
from qa.reading.tables.words import Operation

_MOST_NAMES = 30
BLANK = "（表中未填）"
"""What a sentence says of an empty cell."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer before its cells are turned into evidence."""

    operation: Operation
    text: str
    sentence: str
    held: tuple[Held, ...]
    computed: bool = False
    formula: str = ""


def found_in(view: View, request: Request) -> Found | None:
    """What `view` answers to `request`; None where a cell that is needed holds something else than an amount."""
    return _ANSWERING[request.operation](view, request)


def _cells(view: View, request: Request) -> Found | None:
    """The values asked for. A single empty cell is an answer, too: the table has the field and says nothing."""
    if len(request.records) > _MOST_NAMES or (
        len(request.records) > 1 and request.asked == "amount" and not request.names
    ):
        return None
    texts, sentences, held = [], [], []
    for at in request.records:
        record = view.records[at]
        values = [(column, record.text(column)) for column in request.answers]
        held += _held(record, (*request.filters, *request.answers))
        texts += [_shown(view, column, text) for column, text in values if text]
        subject = _subject(view, request, record)
        said = "，".join(f"{_head(view, column)}：{_shown(view, column, text) or BLANK}" for column, text in values)
        sentences.append(f"{subject}，{said}" if subject else said)
    if len(texts) < len(request.records) * len(request.answers) and len(request.records) * len(request.answers) > 1:
        return None
    distinct = list(dict.fromkeys(texts))
    return Found("cell", "、".join(distinct), "；".join(dict.fromkeys(sentences)), tuple(held))


def _subject(view: View, request: Request, record: Record) -> str:
    """What the question named of a record: 科室：财务科."""
    return "，".join(
        f"{_head(view, column)}：{_shown(view, column, record.text(column))}"
        for column in request.filters
        if column not in request.answers
    )


def _extreme(view: View, request: Request) -> Found | None:
    [column] = request.measured
    [answer] = request.answers
    values = _comparable(view, column, request.records)
    if values is None or len(values) < 2 or (request.names and len(values) < len(request.names)):
        return None
    best = (max if request.operation == "highest" else min)(value for _, value in values)
    records = [view.records[at] for at, value in values if value == best]
    names = list(dict.fromkeys(filter(None, (record.text(answer) for record in records))))
    if not names or len(names) > _MOST_NAMES:
        return None
    value = _shown(view, column, records[0].text(column))
    head = _head(view, column)
    side = "最高" if request.operation == "highest" else "最低"
    if view.columns[column].kind == "date":
        side = "最晚" if request.operation == "highest" else "最早"
    text = value if request.asked == "amount" or answer == column else "、".join(names)
    sentence = f"{head}{side}的是{'、'.join(names)}，为{value}"
    held = [one for record in records for one in _held(record, (answer, column))]
    return Found(request.operation, text, sentence, tuple(held), True, f"比较了 {len(values)} 行的{head}")


def _comparable(
    view: View, column: int, records: Sequence[int]
) -> list[tuple[int, Decimal]] | list[tuple[int, str]] | None:
    if view.columns[column].kind == "date":
        return moments_of(view, column, records)
    amounts = amounts_of(view, column, records)
    return None if amounts is None else [(amount.record, amount.value) for amount in amounts]


def _sum(view: View, request: Request) -> Found | None:
    [column] = request.measured
    head = _head(view, column)
    if not request.filters and (total := _total(view, column)):
        value = _shown(view, column, total.text(column))
        return Found("sum", value, f"{head}合计{value}", tuple(_held(total, (column,))))
    amounts = amounts_of(view, column, request.records)
    if not amounts or (request.filters and len(amounts) < len(request.records)):
        return None
    added = sum((amount.value for amount in amounts), Decimal(0))
    value = written(added, amounts[0].unit)
    if len(amounts) == 1:
        return Found(
            "cell", value, f"{_names(view, request, amounts)}的{head}为{value}", _marked(view, amounts, column)
        )
    formula = f"{terms([amount.value for amount in amounts])} = {written(added)}"
    sentence = f"{_names(view, request, amounts)}{head}合计{value}（{len(amounts)} 行相加）"
    return Found("sum", value, sentence, _marked(view, amounts, column), True, formula)


def _total(view: View, column: int) -> Record | None:
    """The row that sums the whole table; a table with sums of parts only has none."""
    whole = [record for record in view.totals if not any(held and "小" in held.text[:2] for held in record.places)]
    return whole[0] if len(whole) == 1 and quantity(whole[0].text(column)) else None


def _average(view: View, request: Request) -> Found | None:
    [column] = request.measured
    amounts = amounts_of(view, column, request.records)
    if not amounts or (len(amounts) < 2 and not request.filters):
        return None
    mean = sum((amount.value for amount in amounts), Decimal(0)) / len(amounts)
    value = written(mean, amounts[0].unit)
    formula = f"（{terms([amount.value for amount in amounts])}）÷ {len(amounts)} = {written(mean)}"
    sentence = f"{_names(view, request, amounts)}{_head(view, column)}平均{value}（{len(amounts)} 行）"
    return Found("average", value, sentence, _marked(view, amounts, column), True, formula)


def _count(view: View, request: Request) -> Found | None:
    [answer] = request.answers
    records = [view.records[at] for at in request.records if view.records[at].text(answer)]
    names = _things(view, answer, records)
    held = tuple(one for record in records for one in _held(record, (answer, *request.filters)))
    shown = "、".join(names[:_MOST_NAMES]) + ("……" if len(names) > _MOST_NAMES else "")
    said = f"{_subject(view, request, records[0])}，" if request.filters and records else ""
    sentence = f"{said}{_head(view, answer)}共{len(names)}个：{shown}"
    return Found("count", str(len(names)), sentence, held, True, f"数了 {len(records)} 行") if names else None


def _difference(view: View, request: Request) -> Found | None:
    """Of two records in one column, or of two columns in one record; the first named less the second."""
    if len(request.measured) == 2:
        record = view.records[request.records[0]]
        pairs = [(record, column, _head(view, column)) for column in request.measured]
    elif len(request.names) == 2 == len(request.records):
        pairs = [
            (view.records[at], request.measured[0], view.records[at].text(request.filters[0])) for at in request.names
        ]
    else:
        return None
    amounts = [(quantity(record.text(column)), view.columns[column].unit) for record, column, _ in pairs]
    (first, unit), (second, other) = amounts
    if first is None or second is None or (first.unit or unit) != (second.unit or other):
        return None
    less = first.value - second.value
    value = written(abs(less), first.unit or unit)
    more = "多" if less >= 0 else "少"
    head = _head(view, request.measured[0]) if len(request.measured) == 1 else _subject(view, request, pairs[0][0])
    said = f"{pairs[0][2]}比{pairs[1][2]}{more}{value}" if less else f"{pairs[0][2]}与{pairs[1][2]}相同"
    big, small = max(first.value, second.value), min(first.value, second.value)
    formula = f"{written(big)} − {written(small)} = {written(abs(less))}"
    held = tuple(one for record, column, _ in pairs for one in _held(record, (*request.filters, column)))
    return Found("difference", value, f"{head}：{said}", held, True, formula)


def _over(view: View, request: Request) -> Found | None:
    """The records on the asked side of an amount, or how many they are."""
    [column] = request.measured
    [answer] = request.answers
    amounts = amounts_of(view, column, request.records)
    limit = request.threshold
    if not amounts or limit is None or not units_meet(limit.unit, amounts[0].unit):
        return None
    unit = limit.unit or ("" if limit.in_singles else amounts[0].unit)
    singly = replace(limit, value=in_singles(limit.value, unit)[0])
    kept = [amount for amount in amounts if singly.holds(in_singles(amount.value, amount.unit)[0])]
    kept = [amount for amount in kept if view.records[amount.record].text(answer)]
    names = _things(view, answer, [view.records[amount.record] for amount in kept])
    if len(names) > _MOST_NAMES:
        return None
    each = names if len(names) == len(kept) else [view.records[amount.record].text(answer) for amount in kept]
    shown = "、".join(f"{name}（{written(a.value, a.unit)}）" for name, a in zip(each, kept, strict=True))
    text = str(len(names)) if request.counts else "、".join(names) or "没有"
    sentence = f"共{len(names)}个：{shown}" if names else f"{len(amounts)} 行中没有这样的"
    held = tuple(one for amount in kept or amounts for one in _held(view.records[amount.record], (answer, column)))
    return Found("threshold", text, sentence, held, True, f"比较了 {len(amounts)} 行的{_head(view, column)}")


def _things(view: View, answer: int, records: Sequence[Record]) -> list[str]:
    """What the records are called in a column, each thing once.

    Where no column names records, and one name stands under several groups left of it (屋面防水 in 东湖街道 and in
    云溪街道), each record is a thing of its own, and its group is said with it.
    """
    names = [record.text(answer) for record in records]
    left = [at for at in range(answer) if view.columns[at].kind in ("words", "code") and _repeats(view, at)]
    named = view.columns[view.key].kind in ("words", "code") and not _repeats(view, view.key)
    if not left or named:
        return list(dict.fromkeys(names))
    groups: dict[str, set[str]] = {}
    for record in view.records:
        groups.setdefault(record.text(answer), set()).add(record.text(left[0]))
    if all(len(group) == 1 for group in groups.values()):
        return list(dict.fromkeys(names))
    several = len(set(names)) < len(names)
    return [f"{record.text(left[0])}{name}" if several else name for record, name in zip(records, names, strict=True)]


def _repeats(view: View, column: int) -> bool:
    texts = [record.text(column) for record in view.records]
    return len(set(texts)) < len(texts)


def _names(view: View, request: Request, amounts: Sequence[Amount]) -> str:
    """Whose amounts they are, where the question chose: 城东分店、城西分店."""
    if not request.filters:
        return ""
    names = list(dict.fromkeys(view.records[amount.record].text(request.filters[0]) for amount in amounts))
    return "、".join(names[:_MOST_NAMES])


def _marked(view: View, amounts: Sequence[Amount], column: int) -> tuple[Held, ...]:
    return tuple(one for amount in amounts for one in _held(view.records[amount.record], (column,)))


def _held(record: Record, columns: Sequence[int]) -> list[Held]:
    return [held for column in columns if (held := record.places[column])]


def _shown(view: View, column: int, text: str) -> str:
    """A value with the unit that its column or table gives to bare numbers."""
    amount = quantity(text)
    unit = view.columns[column].unit
    return text + unit if unit and amount and not amount.unit and kind_of_cell(text) in ("number", "percent") else text


def _head(view: View, column: int) -> str:
    """A head without its unit in brackets."""
    head = view.columns[column].head
    return head.split("（")[0].split("(")[0].strip() or head


_ANSWERING: dict[Operation, Callable[[View, Request], Found | None]] = {
    "cell": _cells,
    "highest": _extreme,
    "lowest": _extreme,
    "sum": _sum,
    "average": _average,
    "count": _count,
    "difference": _difference,
    "threshold": _over,
}
