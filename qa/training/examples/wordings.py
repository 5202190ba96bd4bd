"""The same question in other words: synonyms of what is asked for, how people begin and end, few words, yes or no.

Only the question changes; what answers it stays. Knows strings.
"""

from __future__ import annotations

import random
import re

# Each row means the same; one that stands in a question may be put in the place of another.
_SAME = tuple(
    tuple(row.split())
    for row in (
        "什么时候 何时 什么时间 哪天 啥时候",
        "哪里 哪儿 何处 什么地方 什么位置",
        "为什么 为何 为啥 因为什么 什么原因",
        "怎么 如何 怎样 咋",
        "谁 哪位 什么人 哪个人",
        "多少钱 多少资金 多少元 多大金额 多少经费",
        "多少人 几个人 多少名 多少位",
        "有什么 有哪些 都有什么 包括哪些 包括什么",
        "是什么 指什么 是啥 指的是什么",
        "叫什么 名字是什么 名称是什么 名叫什么",
        "电话 联系电话 联系方式 电话号码",
        "地址 地点 位置 所在地",
        "费用 收费 价格 多少钱",
        "需要 要 得 须",
        "材料 资料 证件 手续",
        "办理 申请办理 办",
        "负责人 主管 领导",
        "成立 设立 建立 创立 创办",
        "投入 投资 花费 拨付",
        "获得 荣获 得到 取得 拿到",
        "担任 出任 任",
        "出生 诞生 生",
        "去世 逝世 过世 离世",
        "位于 坐落在 在 地处",
        "面积 占地 占地面积",
        "举办 举行 召开",
        "目的 目标 意图",
        "作用 功能 用处 用途",
        "特点 特征 特色",
        "原因 缘由 理由",
        "开始 启动 起始",
        "结束 截止 终止 完结",
        "影响 后果",
        "毕业于 毕业自 就读于",
        "居民 住户 群众",
        "企业 公司",
        "修建 建造 建设 兴建",
        "增加 增长 上升 提高",
        "减少 下降 降低",
        "禁止 不准 不许 不得",
        "可以 能 能够 允许",
        "规定 要求",
        "发布 公布 发表",
        "提出 提议",
        "属于 归 隶属于",
        "别名 别称 又叫什么 也叫什么",
        "总共 一共 共 合计 总计",
    )
)
_BEGINNINGS = (
    "请问",
    "请问一下，",
    "我想知道",
    "我想问一下",
    "麻烦问下",
    "帮我查一下",
    "想了解一下",
    "你好，",
    "查一下",
    "告诉我",
    "文章里说",
    "根据材料，",
)
_ENDINGS = ("呢？", "啊？", "？谢谢", "", "?", "？？", "呀？")
_ASKING = re.compile(
    r"(?:是多少|有多少|是什么|是谁|在哪里|在哪儿|叫什么|是什么时候|有哪些|是怎样的|怎么样|如何)?[？?。]?$"
)
_GAP = re.compile(
    r"什么时候|何时|多少[\u4e00-\u9fff]{0,1}|几[个名人家条项位]|谁|哪里|哪儿|哪一?[年天个位家座部种]|什么(?![是时样])"
)

# How one asks the same in few words: `(?P<a>…)什么时候(?P<b>…)` -> a + b + 时间.
_SHORT = (
    (re.compile(r"(?P<a>.+?)将?(?:在|于)?(?:什么时候|何时|哪一?[年天])(?P<b>.*)"), ("时间", "的时间", "日期")),
    (re.compile(r"(?P<a>.+?)将?(?:在|位于)(?:哪里|哪儿|什么地方)(?P<b>.*)"), ("地点", "的地点", "在哪")),
    (re.compile(r"(?P<a>.+?)(?:为|是|达|达到|约)多少[\u4e00-\u9fff]{0,3}(?P<b>)"), ("", "", "是多少")),
    (re.compile(r"(?P<a>.+?)有多少[\u4e00-\u9fff](?P<b>.+)"), ("数量", "人数", "有多少")),
    (re.compile(r"(?P<a>.+?)是(?:谁|什么)(?P<b>)"), ("", "叫什么")),
)  # fmt: skip
_PAST = re.compile(r"[已了]")


def reworded(question: str, dice: random.Random) -> str:
    """`question` with one or two synonyms, sometimes as people begin and end questions, sometimes in few words."""
    for row in dice.sample(_SAME, len(_SAME)):
        here = [word for word in row if len(word) > 1 and word in question]
        if here and dice.random() < 0.7:
            word = max(here, key=len)
            question = question.replace(word, dice.choice([other for other in row if other != word]), 1)
            if dice.random() < 0.6:
                break
    chance = dice.random()
    if chance < 0.18:
        question = dice.choice(_BEGINNINGS) + question
    elif chance < 0.34 and len(shorter := _ASKING.sub("", question)) > 4:
        return shorter + dice.choice(("", "？", "是"))[: dice.randint(0, 1)]
    if dice.random() < 0.25:
        question = question.rstrip("？?") + dice.choice(_ENDINGS)
    return question


def as_yes_no(question: str, answer: str, dice: random.Random) -> str:
    """`question` with `answer` put in the place of what it asks for: 人口是多少？ -> 人口是3万吗？; "" where none fits."""
    if len(answer) > 20 or not (gap := _GAP.search(question)):
        return ""
    stated = question[: gap.start()] + answer + question[gap.end() :]
    return re.sub(r"[呢啊？?。]*$", "", stated) + dice.choice(("吗？", "，对吗？", "是吗？", "，是不是？", "吗"))


def terse(question: str, dice: random.Random) -> str:
    """`question` in few words, as it is typed into a search box; without its mark where no rule knows how."""
    plain = question.rstrip("？?")
    for pattern, endings in _SHORT:
        if match := pattern.fullmatch(plain):
            return _PAST.sub("", match["a"] + match["b"]) + dice.choice(endings)
    return plain
