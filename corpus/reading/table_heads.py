"""Which rows of a grid are its head: what the format says, what spans show, how kinds of cells differ below.

Knows grids and the words by which people call columns. Decides by evidence of the whole table, never by the first row
alone. Knows nothing of captions, which are taken off before, nor of what the rows say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.reading.grid import Grid
from corpus.text.figures import narrow
from corpus.text.quantities import CellKind, is_total, kind_of_cell, quantity

_ENDINGS = """
姓名 名称 名字 单位 部门 科室 处室 班级 年级 年度 年份 月份 季度 编号 代码 编码 型号 规格 序号 号码 学号 工号
文号 证号 账号 电话 手机 传真 邮箱 邮编 地址 地点 位置 区域 地区 街道 社区 时间 日期 年月 期限 时限 时长 周期
频次 金额 单价 总价 价格 售价 费用 收费 标准 预算 收入 支出 利润 产值 产量 销量 销售额 成本 税额 余额 数量 人数
户数 次数 个数 件数 总数 面积 重量 长度 高度 宽度 容量 库存 比例 占比 比率 增速 增幅 同比 环比 分数 得分 成绩
学分 排名 名次 等级 级别 类别 类型 种类 性质 方式 途径 渠道 来源 去向 用途 内容 事项 项目 指标 科目 课程 职务
职称 岗位 职责 性别 年龄 民族 籍贯 学历 学位 专业 面貌 状况 情况 状态 结果 原因 依据 条件 材料 流程 环节 步骤
要求 措施 办法 意见 说明 备注 负责人 联系人 经办人 申请人 申请者 责任人 店长 组长 班主任 教师 主任 局长 值班
院校 学校 医院 企业 公司 厂家 品牌 产品 商品 物料 设备 车次 车牌 站点 线路 起点 终点 首班 末班 办公室 房间 楼层
窗口 参数 功能 版本 大小 颜色 材质 功率 电压 温度 剂量 用法 疗程 投产 开工 竣工 完成 进度 毕业 住址 生日 血型
特长 爱好 简历 成员 关系 称谓 签名 签字 审批 审核 城市 省份 国家 品名 货号 条码 分厂 门店 作者 标题 书名 出版社
问题 答案 对象 范围 主体 机构 人员 职工 单元 车型 航班 班次 题目
"""
_HEAD_ENDING = re.compile(rf"(?:{'|'.join(_ENDINGS.split())}|[率量额值数价费]|时$|人$|别$)$")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[：:*＊#]")
_WORDS_OF_ENGLISH = re.compile(r"[A-Za-z][A-Za-z _/-]*")
_LONGEST_HEAD = 30
_DEEPEST = 4
_SAMPLE = 200  # rows whose kinds are looked at
_AMOUNTS: frozenset[CellKind] = frozenset({"number", "percent"})


def names_a_column(text: str) -> bool:
    """Whether a cell reads like the name of a column: 联系电话, 面积（平方米）, 现任职务; not 张三, 120."""
    bare = closed_up(_BRACKETS.sub(" ", narrow(text)).strip())
    return bool(bare) and len(bare) <= _LONGEST_HEAD and bool(_HEAD_ENDING.search(bare))


def closed_up(name: str) -> str:
    """姓　名 as 姓名: blanks that only spread a name over its cell."""
    parts = name.split()
    return "".join(parts) if all(len(part) == 1 and not part.isascii() for part in parts) else name


def head_depth(grid: Grid) -> int:
    """How many of the first rows are head rows; 0 where the table begins with a row like the others."""
    if grid.height < 2:
        return 0
    said = _said_by_format(grid)
    if said:
        return said
    spanned = _shown_by_spans(grid)
    if spanned:
        return spanned
    if not _differs_from_below(grid):
        return 0
    return 2 if _filled_from_left(grid) else 1


def _said_by_format(grid: Grid) -> int:
    """The leading rows all of whose cells the format marks as heads; 0 if it marks all rows or none."""
    depth = 0
    for row in grid.places:
        if not all(place.cell.head or not place.cell.text.strip() for place in row):
            break
        depth += 1
    return depth if 0 < depth < grid.height and depth <= _DEEPEST else 0


def _shown_by_spans(grid: Grid) -> int:
    """Rows that the first row's cells reach down to where one of them spans columns that are named below it.

    A cell over several columns has their names in the row below; the cells beside it span down to that row.
    """
    depth = 0
    while depth < min(_DEEPEST, grid.height - 1):
        wide = [p for p in grid.distinct(depth) if _columns_covered(grid, depth, p.column) > 1 and p.cell.text.strip()]
        if not wide or len(wide) == len(grid.distinct(depth)) == 1:
            break
        if not all(_named_apart(grid, depth, place.column) for place in wide):
            break
        depth += 1
    if not depth:
        return 0
    reached = max(_rows_covered(grid, 0, column) for column in range(grid.width))
    depth = max(depth + 1, reached)
    texts = [place.cell.text for row in grid.places[:depth] for place in row if place.cell.text.strip()]
    amounts = sum(kind_of_cell(text) in _AMOUNTS and not _is_year(text) for text in texts)
    return depth if depth < grid.height and amounts == 0 and depth <= _DEEPEST else 0


def _columns_covered(grid: Grid, row: int, column: int) -> int:
    place = grid.places[row][column]
    return sum((p.row, p.column) == (place.row, place.column) for p in grid.places[row])


def _rows_covered(grid: Grid, row: int, column: int) -> int:
    place = grid.places[row][column]
    return sum((line[column].row, line[column].column) == (place.row, place.column) for line in grid.places)


def _named_apart(grid: Grid, row: int, column: int) -> bool:
    """Whether the columns under a wide cell have short, different names in the row below."""
    width = _columns_covered(grid, row, column)
    below = [grid.text(row + 1, at).strip() for at in range(column, column + width)]
    names = [name for name in below if name]
    return len(set(names)) > 1 and all(len(name) <= _LONGEST_HEAD for name in names)


def _differs_from_below(grid: Grid) -> bool:
    """Whether the first row reads as names and the rows under it as what is named."""
    first = [grid.text(0, column).strip() for column in range(grid.width)]
    filled = [text for text in first if text]
    if len(filled) < max(1, grid.width - 1 - grid.width // 3) or (grid.width > 1 and len(filled) < 2):
        return False
    if any(len(text) > _LONGEST_HEAD or kind_of_cell(text) == "sentence" for text in filled) or is_total(filled[0]):
        return False
    score = 0.0
    for column, text in enumerate(first):
        score += _evidence(grid, column, text)
    named = sum(map(names_a_column, filled)) / len(filled)
    below = _share_of_names(grid)
    score += 2.0 * grid.width * max(0.0, named - below - 0.1)
    if _bold_above(grid):
        score += 1.5 * grid.width
    if len(set(filled)) == len(filled):
        score += 0.2 * grid.width
    return score > 0.3 * grid.width


def _evidence(grid: Grid, column: int, text: str) -> float:
    """For (above 0) or against (below 0) a first cell that names its column."""
    below = [grid.text(row, column).strip() for row in range(1, min(grid.height, _SAMPLE))]
    kinds = Counter(kind for cell in below if (kind := kind_of_cell(cell)) != "empty")
    if not text or not kinds:
        return 0.0
    kind, most = kind_of_cell(text), kinds.most_common(1)[0]
    if kind in _AMOUNTS or kind == "code":
        if _is_year(text) and most[0] in _AMOUNTS and not all(map(_is_year, filter(None, below))):
            return 1.0
        return -2.0 if kind == most[0] else -0.7
    if kind == "date":
        return 1.0 if most[0] in _AMOUNTS else -1.0 if most[0] == "date" else 0.6
    if most[0] in ("number", "percent", "code", "date") and most[1] >= 0.6 * sum(kinds.values()):
        return 1.5
    if most[0] == "sentence":
        return 0.6
    return -0.5 if text in below else 0.0


def _share_of_names(grid: Grid) -> float:
    """How many of the cells below the first row read like names of columns."""
    texts = [grid.text(row, column) for row in range(1, min(grid.height, 30)) for column in range(grid.width)]
    filled = [text for text in texts if text.strip()]
    return sum(map(names_a_column, filled)) / len(filled) if filled else 0.0


def _bold_above(grid: Grid) -> bool:
    """Whether the first row alone is bold."""
    first = [p.cell.bold for p in grid.distinct(0) if p.cell.text.strip()]
    others = [p.cell.bold for row in range(1, min(grid.height, 30)) for p in grid.distinct(row) if p.cell.text.strip()]
    return all(first) and bool(others) and sum(others) < 0.3 * len(others)


def _filled_from_left(grid: Grid) -> bool:
    """Whether a second head row names the columns that the first leaves blank: what merged cells come to in CSV."""
    if grid.height < 3:
        return False
    blank = [column for column in range(1, grid.width) if not grid.text(0, column).strip()]
    second = [grid.text(1, column).strip() for column in range(grid.width)]
    if not blank or not all(second[column] for column in blank) or second[0]:
        return False
    return all(kind_of_cell(text) not in _AMOUNTS or _is_year(text) for text in second if text)


def _is_year(text: str) -> bool:
    amount = quantity(text)
    return amount is not None and amount.unit in ("", "年", "年度") and 1900 <= amount.value <= 2100


def head_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name a column from its head cells, top down: 收入/2023年; repeated words once."""
    names = []
    for column in range(len(rows[0]) if rows else 0):
        levels: list[str] = []
        for row in rows:
            text = closed_up(row[column].strip())
            if text and text not in levels:
                levels.append(text)
        names.append("/".join(levels))
    return names


def filled_forward(row: Sequence[str], below: Sequence[str]) -> list[str]:
    """A head row of which merging left blanks: each blank that is named below takes the text to its left."""
    filled: list[str] = []
    for text, under in zip(row, below, strict=True):
        filled.append(text if text.strip() or not under.strip() or not filled else filled[-1])
    return filled
