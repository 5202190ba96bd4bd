"""Examples of tables: made-up rows in the form in which documents keep them, and questions on their cells.

A row stands as one line `head：value；head：value`; see `corpus.article`. Asked are cells, who has a value, and what is not
there: another name, another column, an empty cell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Span
from qa.training.examples import names
from qa.training.examples.example import Example
from qa.training.examples.wordings import reworded

EMPTY = 0.08  # of the cells


@dataclass(frozen=True, slots=True)
class Column:
    """Other words under which one asks for what stands under `head`, who makes its values, the question with {} for the row."""

    head: str
    make: names.Maker
    asked: tuple[str, ...]


def _column(head: str, make: names.Maker, *asked: str) -> Column:
    return Column(head, make, asked or (f"{{}}的{head}是什么？", f"{{}}的{head}", f"{{}}{head}是多少"))


_PHONE = _column(
    "联系电话", names.phone, "{}的电话是多少？", "{}的联系方式", "怎么联系{}？", "{}电话", "{}的联系电话是什么"
)
_HEADCOUNT = _column("人数", names.count, "{}有多少人？", "{}人数是多少？", "{}一共几个人")
_OWNER = _column("负责人", names.person, "{}的负责人是谁？", "{}由谁负责？", "谁负责{}？", "{}负责人", "{}归谁管")
_PLACE = _column("地址", names.place, "{}在哪里？", "{}的地址是什么？", "{}怎么走，在什么位置？")
_HOURS = _column("开放时间", names.hours, "{}什么时候开放？", "{}几点开门？", "{}的开放时间")
_COST = _column("投资额", names.money, "{}投了多少钱？", "{}的投资额是多少？", "{}投入多少资金？", "{}投资多少")
_DONE = _column("完工日期", names.date, "{}什么时候完工？", "{}哪天建成？", "{}的完工日期", "{}何时完工")

# What a row is called, what its first column is headed, its other columns, and how such a table is called.
_KINDS: tuple[tuple[names.Maker, str, tuple[Column, ...], tuple[str, ...]], ...] = (
    (names.person, "姓名", (_column("部门", names.office, "{}在哪个部门？", "{}是哪个科室的？", "{}属于什么部门"), _PHONE,
        _column("职务", names.pick("科长", "副科长", "主任", "干事", "处长", "工程师", "会计", "经理"), "{}担任什么职务？", "{}的职务是什么？", "{}是做什么的？"),
        _column("出生年月", names.month, "{}是哪年出生的？", "{}的出生年月", "{}什么时候出生？"), _column("籍贯", names.stem, "{}是哪里人？", "{}的籍贯"),
        _column("房间", names.building, "{}在哪个房间？", "{}的房间号")), ("通讯录", "值班表", "人员名单", "职工信息表", "干部名册", "联系人一览")),
    (names.street, "名称", (_column("户数", names.count, "{}有多少户？", "{}户数是多少？", "{}几户人家"), _HEADCOUNT, _OWNER, _PHONE, _PLACE,
        _column("面积", names.number, "{}的面积是多少？", "{}有多大？", "{}占地多少")), ("社区基本情况", "各街道统计表", "村情一览表", "辖区情况")),
    (names.project, "项目名称", (_COST, _DONE, _OWNER, _column("建设单位", names.company, "{}由哪家单位建设？", "{}是谁建的？", "{}的建设单位"),
        _column("进度", names.percent, "{}进度怎么样？", "{}完成了多少？", "{}的进度")), ("重点项目表", "项目进展情况", "民生实事一览", "工程台账")),
    (names.device, "型号", (_column("单价", names.money, "{}多少钱？", "{}的单价是多少？", "{}卖多少钱", "{}价格"), _column("库存", names.count, "{}还有多少台？", "{}库存多少？"),
        _column("功率", names.number, "{}的功率是多少？", "{}功率多大"), _column("保修期", names.pick("一年", "两年", "三年", "6个月", "18个月"), "{}保修多久？", "{}的保修期"),
        _column("产地", names.stem, "{}产自哪里？", "{}的产地是哪里？")), ("报价单", "设备清单", "产品参数", "采购目录")),
    (names.building, "楼号", (_HEADCOUNT, _column("户数", names.count, "{}有多少户？", "{}户数"), _column("楼长", names.person, "{}的楼长是谁？", "谁是{}楼长？"), _PHONE,
        _column("停水时间", names.hours, "{}什么时候停水？", "{}停水时间")), ("楼栋信息", "改造安排", "停水通知附表")),
    (names.line, "线路", (_column("首班车", names.pick("5:30", "6:00", "6:10", "6:30"), "{}首班车几点？", "{}最早一班几点发车"), _column("末班车", names.pick("21:00", "22:30", "20:40"), "{}末班车几点？", "{}最晚一班"),
        _column("起点", names.stem, "{}从哪里发车？", "{}的起点"), _column("票价", names.pick("1元", "2元", "3元"), "{}票价多少？", "坐{}多少钱？")), ("公交线路表", "运营时刻表")),
    (names.year, "年份", (_column("产值", names.money, "{}产值是多少？", "{}的产值"), _column("增长率", names.percent, "{}增长了多少？", "{}的增长率"),
        _column("招生人数", names.count, "{}招了多少人？", "{}招生人数"), _column("支出", names.money, "{}花了多少钱？", "{}支出多少")), ("历年统计", "年度数据", "收支情况")),
    (names.quarter, "时间", (_column("销量", names.count, "{}销量是多少？", "{}卖了多少？"), _column("收入", names.money, "{}收入多少？", "{}挣了多少钱？"), _column("用电量", names.number, "{}用电多少？", "{}的用电量")),
        ("销售统计", "用电情况", "经营数据")),
    (names.course, "课程", (_column("教师", names.person, "{}谁教？", "{}的老师是谁？", "谁上{}课？"), _column("教室", names.building, "{}在哪个教室上？", "{}的教室"),
        _column("学分", names.pick("2", "3", "4", "5"), "{}几个学分？", "{}的学分"), _column("考试时间", names.date, "{}什么时候考试？", "{}哪天考", "{}的考试时间")), ("课程表", "考试安排", "教学计划")),
    (names.company, "企业", (_OWNER, _column("注册资本", names.money, "{}注册资本多少？", "{}的注册资本"), _column("评级", names.pick("AAA", "AA+", "AA", "A", "BBB"), "{}评级是什么？", "{}的评级是多少？"),
        _column("成立时间", names.month, "{}什么时候成立的？", "{}哪年创办？", "{}成立时间"), _PHONE), ("企业名录", "中标单位", "评级结果")),
    (names.office, "部门", (_PHONE, _PLACE, _HOURS, _OWNER, _column("受理事项", names.pick("低保申请", "公积金提取", "户口迁移", "营业执照", "医保报销", "退费", "社保转移", "住房补贴"),
        "{}办理什么？", "{}受理什么事项？")), ("窗口一览", "办事指南附表", "科室电话")),
)  # fmt: skip


def table_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` examples: two thirds with an answer."""
    for number in range(count):
        dice = random.Random(f"table {seed} {number}")
        yield _Table(dice).example()


class _Table:
    """One made-up table and its text."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        make, self.first, columns, captions = dice.choice(_KINDS)
        self.columns = dice.sample(columns, dice.randint(min(2, len(columns)), len(columns)))
        self.rows = names.distinct(make, dice.randint(2, 12), dice)
        self.absent = names.distinct(make, 20, dice)
        self.left_out = [column for column in columns if column not in self.columns]
        self.head = dice.choice(("", f"{names.stem(dice)}{dice.choice(captions)}", dice.choice(captions)))
        if dice.random() < 0.2:
            self.head += dice.choice(("\n单位：万元", "\n单位：人", "\n（截至2023年底）", "\n表1"))
        self.cells = [
            ["" if dice.random() < EMPTY else column.make(dice) for column in self.columns] for _ in self.rows
        ]
        self._write()

    def _write(self) -> None:
        joint, between = (
            ("；", "：")
            if self.dice.random() < 0.85
            else self.dice.choice((("，", "："), (" | ", "："), ("；", " "), ("\t", "：")))
        )
        lines, self.places, self.units, at = [], {}, [], 0
        for r, (name, cells) in enumerate(zip(self.rows, self.cells, strict=True)):
            text = f"{self.first}{between}{name}"
            self.places[r, -1] = (at + len(text) - len(name), at + len(text))
            for c, (column, value) in enumerate(zip(self.columns, cells, strict=True)):
                if value:
                    text += f"{joint}{column.head}{between}{value}"
                    self.places[r, c] = (at + len(text) - len(value), at + len(text))
            lines.append(text)
            self.units.append((at, at + len(text)))
            at += len(text) + 1
        self.text = "\n".join(lines)

    def example(self) -> Example:
        dice = self.dice
        way = dice.choices(("cell", "who", "absent name", "absent column"), (5, 1.5, 1.6, 1.4))[0]
        row, column = dice.randrange(len(self.rows)), dice.randrange(len(self.columns))
        question = dice.choice(self.columns[column].asked).format(self.rows[row])
        spans: tuple[Span, ...] = ()
        if way == "cell" and (row, column) in self.places:
            spans = (self.places[row, column],)
        elif way == "who" and (value := self.cells[row][column]) and sum(value in cells for cells in self.cells) == 1:
            asked = dice.choice(
                (
                    "哪个{}的{}是{}？",
                    "{1}是{2}的是哪个{0}？",
                    "谁的{1}是{2}？" if self.first == "姓名" else "{1}为{2}的{0}",
                    "{2}是哪个{0}的{1}？",
                )
            )
            question = asked.format("人" if self.first == "姓名" else self.first, self.columns[column].head, value)
            spans = (self.places[row, -1],)
        elif way == "absent column" and self.left_out:
            question = dice.choice(dice.choice(self.left_out).asked).format(self.rows[row])
        else:
            absent = [name for name in self.absent if name not in self.rows]
            if not absent:
                return self.__class__(dice).example()
            question = dice.choice(self.columns[column].asked).format(dice.choice(absent))
        if dice.random() < 0.25:
            question = reworded(question, dice)
        return Example(
            question,
            self.head,
            self.text,
            spans,
            tuple(self.units),
            f"table: {way if spans or way.startswith('absent') else 'nothing'}",
        )
