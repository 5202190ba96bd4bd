"""Made-up people, streets, companies, codes, figures and dates, to make documents of. Seeded by the dice that are given."""

from __future__ import annotations

import random
from collections.abc import Callable

Maker = Callable[[random.Random], str]


def row(words: str) -> list[str]:
    """The words of a row, which are separated by spaces."""
    return words.split()


_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国志文海燕春梅晓东云峰立新雪松国庆宏斌丹宁子涵浩然思远佳怡俊辉瑞霖锦程若曦振兴德胜秀珍"
_STEMS = row(
    "青云 龙泉 金桥 文昌 南湖 北苑 长乐 东兴 西园 富康 和平 新华 建业 清河 梅林 松山 滨江 望海 石桥 "
    "柳林 银杏 朝阳 凤凰 永安 三里 白沙 红旗 花园 双塔 桃源 翠竹 学府 航海 紫荆 玉泉 天成 丰庆 嵩阳 "
    "汉口 楚河 明月 春晖"
)
_TRADES = row("电子 机械 食品 纺织 医药 建材 物流 环保 软件 农业 化工 汽车 文化 能源 家居")


def pick(*words: str) -> Maker:
    """A maker of one of `words`."""
    return lambda dice: dice.choice(words)


def person(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.choice(_GIVEN) for _ in range(dice.choice((1, 2, 2))))


def stem(dice: random.Random) -> str:
    return dice.choice(_STEMS)


def street(dice: random.Random) -> str:
    return stem(dice) + dice.choice(("街道", "路街道", "社区", "镇", "乡", "村", "区", "县", "小区"))


def company(dice: random.Random) -> str:
    return (
        dice.choice(("", "中", "华", "新"))
        + stem(dice)
        + dice.choice(_TRADES)
        + dice.choice(("公司", "有限公司", "集团", "厂"))
    )


def office(dice: random.Random) -> str:
    return dice.choice(
        ("财务科", "人事科", "办公室", "后勤处", "信息中心", "教务处", "法规科", "市民政局", "区医保局", "住建局", "县教育局", "市场监管所", "街道办事处",
         "社区服务中心", "党群服务中心", "便民服务大厅", "学生处", "采购部", "质检部", "客服部", "研发部", "综合执法队", "税务所", "派出所", "卫生院")
    )  # fmt: skip


def device(dice: random.Random) -> str:
    return (
        dice.choice(("X-", "KT", "GB-", "M", "HL-", "ZX", "T"))
        + str(dice.choice((9, 10, 20, 90, 100, 200, 300, 500, 900)))
        + dice.choice(("", "", "A", "B", "Pro"))
    )


def building(dice: random.Random) -> str:
    return f"{dice.randint(1, 23)}{dice.choice(('号楼', '栋', '单元', '号院'))}"


def line(dice: random.Random) -> str:
    return f"{dice.randint(1, 120)}路"


def year(dice: random.Random) -> str:
    return f"{dice.randint(2008, 2025)}年"


def quarter(dice: random.Random) -> str:
    return dice.choice(
        (
            "一季度",
            "二季度",
            "三季度",
            "四季度",
            "上半年",
            "下半年",
            "1月",
            "2月",
            "3月",
            "5月",
            "6月",
            "9月",
            "11月",
            "12月",
        )
    )


def project(dice: random.Random) -> str:
    return (
        stem(dice)
        + dice.choice(
            (
                "道路改造",
                "老旧小区改造",
                "污水处理",
                "公园建设",
                "学校扩建",
                "医院迁建",
                "停车场",
                "供热管网",
                "绿化提升",
                "智慧灯杆",
            )
        )
        + dice.choice(("", "项目", "工程"))
    )


def course(dice: random.Random) -> str:
    return dice.choice(
        (
            "高等数学",
            "大学英语",
            "数据结构",
            "会计学",
            "民法",
            "有机化学",
            "操作系统",
            "统计学",
            "市场营销",
            "解剖学",
            "工程制图",
            "宏观经济学",
        )
    )


def date(dice: random.Random) -> str:
    month, day = dice.randint(1, 12), dice.randint(1, 28)
    return dice.choice(
        (
            f"{dice.randint(2015, 2025)}年{month}月{day}日",
            f"{month}月{day}日",
            f"{dice.randint(2015, 2025)}-{month:02d}-{day:02d}",
        )
    )


def month(dice: random.Random) -> str:
    return f"{dice.randint(1960, 2010)}年{dice.randint(1, 12)}月"


def phone(dice: random.Random) -> str:
    return dice.choice(
        (
            f"{dice.randint(60000000, 89999999)}",
            f"0{dice.randint(371, 399)}-{dice.randint(60000000, 89999999)}",
            f"1{dice.randint(3000000000, 9999999999)}",
            f"{dice.randint(1000, 9999)}",
        )
    )


def hours(dice: random.Random) -> str:
    return f"{dice.choice(('周一至周五', '每周三', '工作日', '每周二、四', '每天', '每月5日'))}{dice.choice(('上午', '下午', ''))}{dice.randint(8, 10)}:{dice.choice(('00', '30'))}—{dice.randint(11, 17)}:{dice.choice(('00', '30'))}"


def place(dice: random.Random) -> str:
    return f"{stem(dice)}路{dice.randint(1, 300)}号{dice.choice(('', f'{dice.randint(1, 9)}楼', f'{dice.randint(101, 909)}室'))}"


def count(dice: random.Random) -> str:
    return str(dice.choice((dice.randint(1, 30), dice.randint(30, 999), dice.randint(1000, 99999))))


def money(dice: random.Random) -> str:
    return dice.choice(
        (
            f"{dice.randint(50, 9000)}元",
            f"{dice.randint(2, 900)}万元",
            f"{dice.randint(1, 90)}.{dice.randint(1, 9)}万元",
            f"{dice.randint(1, 9)}.{dice.randint(1, 9)}亿元",
        )
    )


def number(dice: random.Random) -> str:
    return dice.choice(
        (
            f"{dice.randint(10, 9999)}",
            f"{dice.randint(1, 99)}.{dice.randint(1, 99)}",
            f"{dice.randint(1, 9)},{dice.randint(100, 999)}",
        )
    )


def percent(dice: random.Random) -> str:
    return f"{dice.randint(1, 99)}.{dice.randint(1, 9)}%"


def days(dice: random.Random) -> str:
    return f"{dice.choice((3, 5, 7, 10, 15, 20, 30, 45, 60))}{dice.choice(('个工作日', '日', '天'))}"


def distinct(maker: Maker, count: int, dice: random.Random) -> list[str]:
    """Up to `count` different values."""
    return list(dict.fromkeys(maker(dice) for _ in range(3 * count)))[:count]
