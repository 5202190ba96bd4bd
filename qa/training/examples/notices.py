"""Examples of notices and reports: made-up sections, lists and parallel clauses, with what is there and what is not.

Of parallel clauses (甲有…，乙有…) one is asked; where the passage says it only of others, nothing answers. Of two lists one is
asked. Knows made-up names only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from corpus.article import Span
from qa.training.examples import names
from qa.training.examples.example import Example, units_in
from qa.training.examples.wordings import reworded

_AFFAIRS = names.row(
    "住房补贴 居住证 低保 公积金提取 老年优待证 创业担保贷款 廉租房 学费减免 医保报销 退费 图书证 车辆年检 "
    "户口迁移 营业执照 残疾人补助 高龄津贴 临时救助 入学登记 宠物登记 失业金 生育津贴 职称评审 场地预约 "
    "停车月卡 施工许可"
)
_PAPERS = names.row(
    "身份证复印件 户口簿 居住证明 收入证明 申请表一式两份 近期一寸照片2张 银行卡复印件 结婚证 房产证 "
    "劳动合同 诊断证明 缴费发票原件 营业执照副本 授权委托书 学籍证明 社保缴纳记录 租赁合同 残疾证 无房证明 "
    "法人身份证"
)
_RULES = names.row(
    "年满60周岁 具有本市户籍 连续缴纳社保满6个月 家庭人均收入低于当地标准 无犯罪记录 在本单位工作满两年 "
    "持有效居住证 名下无房产 已完成实名认证 依法纳税 身体健康 信用记录良好 大专以上学历 未享受同类补贴"
)
_BANS = names.row(
    "提供虚假材料的 逾期未缴费的 已享受同类政策的 正在服刑的 户籍不在本市的 年龄超过45周岁的 有严重失信记录的 "
    "转租转借的 未通过年审的 擅自改变用途的 一年内受过处分的 未按时签到的"
)
_STEPS = names.row(
    "网上提交申请 现场核验材料 公示五个工作日 领取证件 签订协议 缴纳费用 部门初审 街道复核 资金拨付到账 "
    "预约时间 填写登记表 扫码取号 拍照采集指纹 回访验收"
)
_FIGURES: tuple[tuple[str, names.Maker, tuple[str, ...]], ...] = (
    ("党员{}名", lambda d: str(d.randint(20, 9000)), ("{}有多少名党员？", "{}党员有多少", "{}的党员人数是多少？")),
    ("社区{}个", lambda d: str(d.randint(2, 30)), ("{}有几个社区？", "{}下辖多少个社区？", "{}社区数量")),
    ("居民{}户", names.count, ("{}有多少户居民？", "{}住了多少户？", "{}有几户人家")),
    ("常住人口{}人", lambda d: str(d.randint(900, 90000)), ("{}常住人口多少？", "{}住着多少人？", "{}的人口")),
    ("完成投资{}", names.money, ("{}完成投资多少？", "{}投入了多少钱？", "{}投资额是多少？")),
    ("改造老旧小区{}个", lambda d: str(d.randint(2, 200)), ("{}改造了多少个老旧小区？", "{}改了几个老小区")),
    ("新增停车位{}个", names.count, ("{}新增了多少停车位？", "{}多了几个车位？")),
    ("受理诉求{}件", names.count, ("{}受理了多少件诉求？", "{}接到多少诉求")),
    ("办结率{}", names.percent, ("{}的办结率是多少？", "{}办结了多少")),
    ("志愿者{}人", names.count, ("{}有多少志愿者？", "{}志愿者人数")),
    ("营业收入{}", names.money, ("{}营业收入是多少？", "{}收入多少？", "{}赚了多少钱")),
    ("同比增长{}", names.percent, ("{}同比增长多少？", "{}增长了多少？", "{}的增速")),
    ("绿地面积{}平方米", names.number, ("{}绿地面积多大？", "{}有多少绿地")),
    ("开展培训{}场", lambda d: str(d.randint(2, 300)), ("{}开展了多少场培训？", "{}办了几场培训")),
    ("帮助{}人就业", names.count, ("{}帮助多少人就业？", "{}让多少人找到了工作？")),
    ("由{}担任负责人", names.person, ("{}的负责人是谁？", "谁负责{}？", "{}由谁管")),
    ("位于{}", names.place, ("{}在哪里？", "{}位于什么地方？", "{}的地址")),
    ("于{}启用", names.date, ("{}什么时候启用的？", "{}哪天启用？", "{}何时投入使用")),
    ("由{}承建", names.company, ("{}是谁承建的？", "{}由哪家公司建设？")),
)  # fmt: skip
_BEARERS = (
    names.street,
    names.street,
    names.project,
    names.company,
    names.year,
    names.quarter,
    names.building,
    names.device,
)
_REVERSED = ("{}的是哪一个？", "哪个{}？", "{}的是谁？", "{}说的是哪里？", "是谁{}？", "{}，是哪个单位？")
_FILLERS = (
    "近年来，各项工作稳步推进，群众满意度不断提升。", "下一步将继续加大力度，确保任务按期完成。", "会议强调，要压实责任，形成合力。", "现将有关事项通知如下：",
    "工作人员逐户走访，详细了解情况。", "活动现场气氛热烈，居民纷纷点赞。", "该做法得到了上级部门的肯定。", "记者在现场看到，施工正在有序进行。", "请各单位认真组织落实。", "",
)  # fmt: skip


def parallel_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` examples of parallel clauses, three of five with an answer."""
    return (_parallel(random.Random(f"parallel {seed} {number}")) for number in range(count))


def notice_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` examples of notices with sections and lists, about two thirds with an answer."""
    return (_Notice(random.Random(f"notice {seed} {number}")).example() for number in range(count))


@dataclass(slots=True)
class _Text:
    """Text that grows, and where things in it stand."""

    text: str = ""
    places: dict[tuple[object, object], Span] = field(default_factory=dict)

    def add(self, piece: str, key: tuple[object, object] | None = None) -> None:
        if key is not None:
            self.places[key] = (len(self.text), len(self.text) + len(piece))
        self.text += piece


def _parallel(dice: random.Random) -> Example:
    bearers = names.distinct(dice.choice(_BEARERS), dice.randint(2, 6), dice)
    figures = dice.sample(range(len(_FIGURES)), dice.randint(1, 3))
    told, text = {}, _Text()
    text.add(dice.choice(_FILLERS))
    between, joint = dice.choice(("；", "。", "，", "；\n", "。\n")), dice.choice(("", "有", "：", "共有", "，"))
    for bearer in bearers:
        text.add(bearer + joint)
        mine = [f for f in figures if dice.random() < 0.85] or figures[:1]
        for place, figure in enumerate(mine):
            form, make, _ = _FIGURES[figure]
            before, after = form.split("{}")
            text.add(("、" if joint in ("有", "共有") else "，") * bool(place) + before)
            text.add(make(dice), (bearer, figure))
            text.add(after)
            told[bearer, figure] = True
        text.add(between)
    text.text = text.text.rstrip("；，\n").removesuffix("。") + "。"
    text.add(dice.choice(_FILLERS).replace("现将有关事项通知如下：", ""))
    head = dice.choice(("", "", f"{names.stem(dice)}区工作简报", f"{names.stem(dice)}市年度总结", bearers[0]))
    bearer, figure = dice.choice(list(told))
    spans: tuple[Span, ...] = (text.places[bearer, figure],)
    way = "told"
    chance = dice.random()
    if chance < 0.22:
        others = [b for b in names.distinct(dice.choice(_BEARERS), 8, dice) if b not in text.text and b not in head]
        if others:
            bearer, way, spans = others[0], "somebody else", ()
    elif chance < 0.4:
        untold = [(b, f) for b in bearers for f in {f for _, f in told} if (b, f) not in told] or [
            (b, f) for b in bearers for f in range(len(_FIGURES)) if f not in figures
        ]
        (bearer, figure), way, spans = dice.choice(untold), "something else", ()
    question = dice.choice(_FIGURES[figure][2]).format(bearer)
    if way == "told" and dice.random() < 0.15:
        form, value = _FIGURES[figure][0], text.text[slice(*spans[0])]
        at = text.text.rfind(bearer, 0, spans[0][0])
        if text.text.count(value) == 1:
            way, spans = "who", ((at, at + len(bearer)),)
            question = dice.choice(_REVERSED).format(form.format(value))
    question = reworded(question, dice) if dice.random() < 0.25 else question
    return Example(question, head, text.text, spans, units_in(text.text), f"parallel: {way}")


class _Notice:
    """A notice on one or two affairs: each with some sections, lists among them."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        affairs = dice.sample(_AFFAIRS, dice.choice((1, 1, 2)))
        self.affairs, self.text = affairs, _Text()
        self.said: list[tuple[str, str]] = []
        self.marks = dice.choice(
            (
                ("（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）"),
                tuple(f"{n}." for n in range(1, 8)),
                tuple("①②③④⑤⑥⑦"),
                ("- ",) * 7,
                tuple(f"{n}、" for n in range(1, 8)),
                ("",) * 7,
            )
        )
        self.end = dice.choice(("；", "。", ""))
        if dice.random() < 0.4:
            self.text.add(dice.choice(_FILLERS) + "\n")
        for affair in affairs:
            self._affair(affair)
        self.text.text = self.text.text.rstrip("\n")
        self.head = dice.choice(
            ("", f"关于{affairs[0]}办理的通知", f"{affairs[0]}办事指南", f"{names.stem(dice)}区{affairs[-1]}须知")
        )

    def _affair(self, affair: str) -> None:
        sections = [self._list_of("材料", _PAPERS, "需提交以下材料：", "所需材料：", "应当提供下列证件："), self._list_of("条件", _RULES, "应同时符合以下条件：", "申请条件：", "符合下列条件的可以申请："),
                    self._list_of("不予受理", _BANS, "有下列情形之一的，不予受理：", "以下人员不得申请：", "下列情况除外："), self._list_of("流程", _STEPS, "办理流程：", "按以下步骤办理："),
                    self._line("电话", "咨询电话：{}", names.phone), self._line("时间", "办理时间：{}", names.hours), self._line("地点", "办理地点：{}", names.place),
                    self._line("费用", "收费标准：{}", names.money), self._line("期限", "自受理之日起{}内办结", names.days), self._line("部门", "由{}负责办理", names.office), self._line("截止", "申请截止到{}", names.date)]  # fmt: skip
        if len(self.affairs) > 1 or self.dice.random() < 0.3:
            self.text.add(self.dice.choice((f"{affair}\n", f"一、{affair}\n", f"{affair}：\n")))
        for add in self.dice.sample(sections, self.dice.randint(2, 5)):
            add(affair)

    def _list_of(self, what: str, words: list[str], *leads: str):  # type: ignore[no-untyped-def]
        def add(affair: str) -> None:
            lead = self.dice.choice(leads)
            self.text.add((affair if self.dice.random() < 0.5 and len(self.affairs) == 1 else "") + lead + "\n")
            items = self.dice.sample(words, self.dice.randint(2, 6))
            whole = _Text()
            for mark, item in zip(self.marks, items, strict=False):
                whole.add(f"{mark}{item}{self.end}\n")
            self.text.add(whole.text[:-1], (affair, what))
            self.text.add("\n")
            self.said.append((affair, what))

        return add

    def _line(self, what: str, form: str, make: names.Maker):  # type: ignore[no-untyped-def]
        def add(affair: str) -> None:
            before, after = form.split("{}")
            self.text.add(
                (affair if before.startswith(("由", "自", "申请")) and len(self.affairs) == 1 else "") + before
            )
            self.text.add(make(self.dice), (affair, what))
            self.text.add(after + self.dice.choice(("。", "", "。")) + "\n")
            self.said.append((affair, what))

        return add

    _ASKED: ClassVar = {
        "材料": ("办{}要带什么？", "{}需要哪些材料？", "{}需要提交什么证件？", "申请{}要准备什么"), "条件": ("谁可以申请{}？", "{}的申请条件是什么？", "什么人能办{}？", "{}要满足哪些条件"),
        "不予受理": ("哪些人不能申请{}？", "{}什么情况不受理？", "谁不能办{}？", "{}有哪些除外情形", "哪些情况办不了{}"), "流程": ("{}怎么办理？", "{}的流程是什么？", "办{}分几步？", "如何申请{}"),
        "电话": ("{}的咨询电话是多少？", "{}打什么电话咨询？", "{}联系方式"), "时间": ("{}什么时间办理？", "{}几点可以办？", "{}的办理时间"), "地点": ("{}在哪里办？", "去哪儿办{}？", "{}办理地点"),
        "费用": ("{}收多少钱？", "办{}要交多少费用？", "{}收费吗，收多少？"), "期限": ("{}多久能办好？", "{}几天办完？", "{}的办结期限"), "部门": ("{}由谁办理？", "{}归哪个部门管？", "谁负责办{}？"),
        "截止": ("{}什么时候截止？", "{}最晚哪天申请？", "{}截止日期"),
    }  # fmt: skip

    def example(self) -> Example:
        dice = self.dice
        (affair, what), way = dice.choice(self.said), "told"
        spans: tuple[Span, ...] = (self.text.places[affair, what],)
        chance = dice.random()
        if chance < 0.16:
            others = [other for other in _AFFAIRS if other not in self.text.text + self.head]
            affair, way, spans = dice.choice(others), "another affair", ()
        elif chance < 0.34:
            unsaid = [w for w in self._ASKED if (affair, w) not in self.said]
            what, way, spans = dice.choice(unsaid), "unsaid", ()
        question = dice.choice(self._ASKED[what]).format(affair)
        question = reworded(question, dice) if dice.random() < 0.25 else question
        return Example(question, self.head, self.text.text, spans, units_in(self.text.text), f"notice: {way}")
