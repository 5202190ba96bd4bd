"""Heads of tables that mean the same: 联系方式 for 电话, 岁数 for 年龄.

Knows a list of words. It stands here because the embedded encoder cannot tell such short words: it finds 首班 and 末班
alike (.69), 联系方式 and 电话 not (.13). Where it is silent, nothing is alike.
"""

from __future__ import annotations

_GROUPS = """
电话 联系电话 联系方式 电话号码 手机 手机号 手机号码
地址 住址 住所 家庭住址 联系地址 通讯地址
工资 薪水 薪酬 月薪
营业额 销售额
单价 价格 售价 价钱
年龄 岁数 周岁
部门 科室 处室
教师 老师 任课教师 任课老师
班主任 班主任老师
职务 职位
学历 文化程度
毕业院校 毕业学校
出生年月 出生日期 出生时间 生日
籍贯 老家
人口 人口数
费用 收费 资费
负责人 责任人
日期 时间
库存 库存量 库存数量 存货
地点 位置 地方
数量 个数
姓名 名字
邮箱 电子邮箱 电子邮件 邮件地址
开始时间 起始时间 开始日期
结束时间 截止时间 结束日期 截止日期
总价 总额 总金额
成绩 分数 得分
排名 名次
原因 理由
备注 说明
工作单位 单位
政治面貌 政治身份
"""


def known_alike(one: str, other: str) -> float:
    """1 where the two words are the same or stand in one group, else 0."""
    return 1.0 if one == other or _GROUP_OF.get(one, one) == _GROUP_OF.get(other, other) else 0.0


_GROUP_OF = {word: words[0] for line in _GROUPS.split("\n") if (words := line.split()) for word in words}
