"""Closed classes of Chinese words, one list each: measure words and surnames. Knows nothing of how they are used."""

from __future__ import annotations

# One character each, so that they can stand in a class of a pattern: 三名, 五座, 两成.
MEASURES = (
    "个名位人次户家件项条座所处场批份套台只间栋幢层部支篇本册辆吨里米亩公"
    "元岁年月日天时分秒级成倍届期平例种门对队起片块棵株头艘架道张斤克度字"
)
# The first characters of most people's names; some are words as well (安, 常, 于), so more has to speak for a name.
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗凤方俞任袁柳唐罗薛伍余"
    "顾孟黄穆萧尹姚邵汪毛狄贝臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍万柯管卢莫房缪"
    "解应丁邓单洪包左石崔吉龚程邢裴陆荣翁段富焦侯宫宁仇甘厉祖武符刘景龙叶黎薄印白蒲鄂赖卓屠池乔闻党翟谭贡姬申冉雍桑"
    "桂牛边燕尚温庄晏柴瞿阎慕茹习艾容向古易廖耿匡国文东欧沃利越聂关肖涂佟史费岑雷贺倪汤毕郝安常乐于傅齐康元米路刁樊"
    "虞詹宣连终居曾游占"
)
# Words of any question that tell nothing of what it is about.
_EMPTY = """
的 了 是 在 有 和 与 及 或 被 把 对 从 到 为 由 于 以
中 里 上 下 吗 呢 吧 啊 哪 谁 几 何 多少 什么 怎么 怎样 如何 哪些
哪个 哪里 为什么 是否 请问 一共 总共 共 共有 有着 分别 进行 这 那 其 该 此 之
所 会 能 可以 都 也 还 又 就 个 名 位 哪一 一个 时候 地 得 着
"""
EMPTY_TERMS = frozenset(_EMPTY.split())
