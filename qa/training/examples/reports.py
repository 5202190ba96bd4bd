"""Examples of short reports: who holds which office of which place, and how many of what somebody has.

The headline names the place or the matter, the text often another one as well. What nearly answers stands there: the same
office of another place, another office of the same one, another thing counted in the same measure. Knows made-up names
only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from corpus.article import Span
from qa.training.examples import names
from qa.training.examples.example import Example, units_in
from qa.training.examples.wordings import reworded

OFFICES = {
    "区": names.row("区委书记 区长 副区长 区委常委、宣传部部长 人大常委会主任 政协主席 纪委书记"),
    "县": names.row("县委书记 县长 副县长 县委副书记 人大常委会主任 政协主席 教育局局长"),
    "街道": names.row("党工委书记 办事处主任 武装部部长 党工委副书记 纪工委书记"),
    "公司": names.row("董事长 总经理 财务总监 总工程师 党委书记 副总经理"),
    "学校": names.row("校长 党总支书记 教务主任 副校长 工会主席"),
    "医院": names.row("院长 党委书记 护理部主任 副院长 急诊科主任"),
}
_KINDS = {
    "区": ("区",), "县": ("县",), "街道": ("街道", "路街道"), "公司": ("公司", "集团"), "学校": ("小学", "中学", "学校"), "医院": ("医院", "中医院"),
}  # fmt: skip
_DONE = (
    "{}到现场调研", "{}主持会议并讲话", "{}出席活动", "{}表示，要把实事办好", "{}走访慰问困难群众", "{}带队检查安全生产", "{}介绍了有关情况", "{}陪同", "{}参加座谈会",
    "{}在接受采访时说，工作仍在推进", "{}为获奖者颁奖", "{}宣布项目开工", "{}作了工作报告",
)  # fmt: skip
_WHO = ("谁是{}？", "{}是谁？", "{}叫什么名字？", "{}是哪位", "现任{}是谁？", "{}的名字")
_COUNTED = tuple(
    tuple(line.split())
    for line in (
        "老旧 楼院 个", "老旧 小区 个", "注册 志愿者 名", "退役 军人 名", "困难 党员 名", "在册 党员 名", "规模以上 工业企业 家", "小微 企业 家", "高新技术 企业 家",
        "公办 幼儿园 所", "民办 学校 所", "社区 食堂 家", "公共 停车位 个", "新能源 充电桩 个", "背街 小巷 条", "乡村 公路 条", "文明 家庭 户", "低保 家庭 户", "专职 网格员 名",
        "执法 人员 名", "医护 人员 名", "便民 服务站 个", "健身 路径 条", "口袋 公园 个", "公交 线路 条", "家庭 医生 名", "养老 机构 家", "文化 广场 个", "农家 书屋 个", "垃圾 分类站 个",
        "室外 消防栓 个", "高清 监控探头 个", "帮扶 干部 名", "返乡 学生 人", "参赛 选手 人", "外来 务工人员 人", "个体 工商户 户", "合作 银行 家", "在建 项目 个", "签约 项目 个",
    )
)  # fmt: skip
_HAS = (
    "共有",
    "现有",
    "有",
    "辖区有",
    "目前有",
    "排查出",
    "改造",
    "登记",
    "新增",
    "组织",
    "服务",
    "建成",
    "涉及",
    "覆盖",
)
_HOW_MANY = ("{}{}多少{}{}？", "{}{}几{}{}？", "{}{}了多少{}{}？", "{}{}多少{}{}")
_FILLERS = (
    "近年来，这里的面貌有了很大变化。", "居民纷纷点赞。", "下一步将继续加大力度。", "活动得到了群众的好评。", "此项工作由专班负责。", "当天天气晴好，现场气氛热烈。", "有关部门提前制定了方案。",
    "记者从会上获悉，", "据介绍，", "截至目前，", "连日来，", "",
)  # fmt: skip


def office_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` examples that ask for the holder of an office, about three of five with an answer."""
    return (_office(random.Random(f"office {seed} {number}")) for number in range(count))


def count_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` examples that ask how many of something somebody has, about three of five with an answer."""
    return (_count(random.Random(f"count {seed} {number}")) for number in range(count))


def _place(kind: str, dice: random.Random) -> str:
    return names.stem(dice) + dice.choice(_KINDS[kind])


def _said(holder: tuple[str, str, str], head: str, dice: random.Random) -> str:
    """One clause about who holds an office; the place may go without saying where the headline names it."""
    place, office, person = holder
    named = f"{place}{office}" if place not in head or dice.random() < 0.5 else office
    return dice.choice(_DONE).format(f"{named}{person}")


def _office(dice: random.Random) -> Example:
    kind = dice.choice(tuple(OFFICES))
    places = list(dict.fromkeys(_place(kind, dice) for _ in range(5)))
    here, *elsewhere = places
    head = dice.choice(("", f"{here}召开工作推进会", f"{here}简讯", f"走进{here}", f"{here}开展走访活动"))
    offices = dice.sample(OFFICES[kind], 4)
    told = [(here, office, names.person(dice)) for office in offices[: dice.randint(1, 3)]]
    other_place = bool(elsewhere) and dice.random() < 0.6
    if other_place:
        taken = [office for _, office, _ in told]
        told.append((elsewhere[0], dice.choice([*taken, offices[3]]), names.person(dice)))
    dice.shuffle(told)
    text = dice.choice(_FILLERS)
    spans: dict[tuple[str, str], Span] = {}
    for place, office, person in told:
        clause = _said((place, office, person), head, dice)
        at = len(text) + clause.index(person)
        spans[place, office] = (at, at + len(person))
        text += clause + dice.choice(("。", "；", "，", "。\n"))
    text = text.rstrip("；，\n").removesuffix("。") + "。" + dice.choice(_FILLERS[:7])
    place, office = dice.choice(tuple(spans))
    found: tuple[Span, ...] = (spans[place, office],)
    way = "told"
    if dice.random() < 0.45:
        ways = [(here, free) for free in OFFICES[kind] if (here, free) not in spans]
        ways = [(p, o) for p, o in ways if not any(o in known or known in o for q, known in spans if q == p)]
        near = [(other, o) for other in elsewhere[1:] for o in {o for _, o in spans}]
        near += (
            [(elsewhere[0], o) for _, o in spans if elsewhere and (elsewhere[0], o) not in spans] if elsewhere else []
        )
        if asked := dice.choice([ways, near, near]) or near or ways:
            (place, office), found, way = dice.choice(asked), (), "somebody else"
    question = dice.choice(_WHO).format(f"{place}{office}")
    return Example(question, head, text, found, units_in(text), f"office: {way}")


def _count(dice: random.Random) -> Example:
    places = list(dict.fromkeys(names.street(dice) for _ in range(6)))
    here, *elsewhere = places
    things = dice.sample(_COUNTED, dice.randint(1, 3))
    verb = dice.choice(_HAS)
    topic = dice.choice(_COUNTED)
    head = dice.choice(
        (
            "",
            "",
            f"{here}{dice.choice(('推进', '摸清', '关注'))}{topic[0]}{topic[1]}工作",
            f"{here}简讯",
            f"{things[0][1]}的好消息",
        )
    )
    spans: dict[tuple[str, tuple[str, ...]], Span] = {}
    text = dice.choice(_FILLERS)

    def add(place: str, thing: tuple[str, ...], lead: str, noun: str) -> None:
        nonlocal text
        before = dice.random() < 0.5
        figure = names.count(dice) + thing[2]
        text += lead + (noun + figure if before and noun else figure + noun)
        end = len(text) - (0 if before or not noun else len(noun))
        spans[place, thing] = (end - len(figure), end)

    for place in (here, *elsewhere[: dice.choice((0, 0, 1, 1, 2))]):
        lead = (place if place not in head or dice.random() < 0.6 else "") + verb
        for number, thing in enumerate(things):
            elided = place != here and len(things) == 1 and dice.random() < 0.6
            add(place, thing, "、" if number else lead, "" if elided else thing[0] + thing[1])
        text += dice.choice(("，", "；", "。"))
    text = text.rstrip("；，。") + "。" + dice.choice(_FILLERS[:7])
    place, thing = dice.choice(tuple(spans))
    found: tuple[Span, ...] = (spans[place, thing],)
    way = "told"
    if dice.random() < 0.42:
        nouns = {t[1] for t in things}
        untold = [t for t in (*([topic] * 8), *_COUNTED) if t[1] not in nouns and t[1] not in text]
        if dice.random() < 0.65 or len(elsewhere) < 3:
            thing, found, way = dice.choice(untold), (), "something else"
        else:
            place, found, way = elsewhere[-1], (), "somewhere else"
    noun = thing[1] if dice.random() < 0.55 else thing[0] + thing[1]
    subject = place if len({p for p, _ in spans}) > 1 or dice.random() < 0.7 else ""
    if not subject and way == "somewhere else":
        subject = place
    question = dice.choice(_HOW_MANY).format(subject, verb, thing[2], noun)
    question = reworded(question, dice) if dice.random() < 0.25 else question
    return Example(question, head, text, found, units_in(text), f"count: {way}")
