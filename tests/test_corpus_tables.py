"""Grids, and what is recognised in them: heads, captions, forms, spans; nothing of a cell is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from corpus.reading.aligned_tables import aligned_tables
from corpus.reading.document import Document
from corpus.reading.grid import Grid, GridCell, cell_of
from corpus.reading.table_lines import WrittenLine, written_line
from corpus.reading.table_pages import continues, joined
from corpus.reading.tables import recognise
from corpus.reading.text_tables import delimited_grid, pipe_tables, record_grid, told_delimiter


def grid(text: str) -> Grid:
    return Grid.of_texts(line.split("|") for line in text.split("\n"))


def lines(table: Grid) -> list[str]:
    return [written_line(line).text for line in recognise(table).lines]


def test_each_value_stands_under_its_head() -> None:
    assert lines(grid("姓名|班组|分机\n方晴|焊接班|6021\n鲁达明|喷涂班|6035")) == [
        "姓名：方晴；班组：焊接班；分机：6021",
        "姓名：鲁达明；班组：喷涂班；分机：6035",
    ]


def test_a_list_without_head_keeps_its_first_row() -> None:
    assert lines(grid("方晴|焊接班|6021|周二\n鲁达明|喷涂班|6035|周三"))[0] == "方晴；焊接班；6021；周二"


def test_empty_cells_move_nothing_and_stay_in_the_cells() -> None:
    table = recognise(grid("月份|数量|金额\n三月|12|340\n四月||510"))
    line = written_line(table.lines[1])
    assert line.text == "月份：四月；金额：510"
    assert [(cell.head, line.text[cell.start : cell.end]) for cell in line.cells] == [
        ("月份", "四月"),
        ("数量", ""),
        ("金额", "510"),
    ]


def test_title_unit_labels_and_notes_are_no_rows() -> None:
    table = recognise(
        grid("各乡沼气池情况||\n填报：农业股||单位：万元\n乡镇|户数|补贴\n柳河镇|46|13.8\n合计|46|13.8\n注：截至年底||")
    )
    assert (table.caption, table.unit, table.heads) == ("各乡沼气池情况", "万元", (("乡镇", "户数", "补贴"),))
    assert [line.kind for line in table.lines] == ["caption", "caption", "caption", "row", "row", "note"]


def test_an_office_is_no_unit() -> None:
    assert recognise(grid("登记表||\n单位：民政局||\n姓名|年龄|电话\n方晴|30|6021")).unit == ""


def test_heads_of_three_levels_are_joined() -> None:
    cell = GridCell
    table = Grid.of(
        [
            [cell("地区", 3), cell("人口", 1, 4)],
            [cell("男", 1, 2), cell("女", 1, 2)],
            [cell("城镇"), cell("农村"), cell("城镇"), cell("农村")],
            [cell("甲县"), cell("1"), cell("2"), cell("3"), cell("4")],
        ]
    )
    assert lines(table) == ["地区：甲县；人口/男/城镇：1；人口/男/农村：2；人口/女/城镇：3；人口/女/农村：4"]


def test_heads_whose_merging_was_lost_are_filled_from_the_left() -> None:
    assert (
        lines(grid("姓名|收入||支出|\n|上年|本年|上年|本年\n方晴|1|2|3|4"))[0]
        == "姓名：方晴；收入/上年：1；收入/本年：2；支出/上年：3；支出/本年：4"
    )


def test_a_value_over_several_rows_is_said_in_each() -> None:
    table = Grid.of(
        [[GridCell("班组"), GridCell("姓名")], [GridCell("焊接班", 2), GridCell("方晴")], [GridCell("吴可")]]
    )
    assert lines(table) == ["班组：焊接班；姓名：方晴", "班组：焊接班；姓名：吴可"]


def test_a_form_is_read_by_its_pairs_and_every_row_says_whose_it_is() -> None:
    form = grid("姓名|贺兰|性别|女\n出生年月|1990年2月|民族|回族\n籍贯|固原|政治面貌|")
    assert lines(form) == [
        "姓名：贺兰；性别：女",
        "姓名：贺兰；出生年月：1990年2月；民族：回族",
        "姓名：贺兰；籍贯：固原",
    ]
    assert recognise(form).lines[2].values[-1].head == "政治面貌"


def test_a_table_inside_a_form_has_heads_of_its_own() -> None:
    cell = GridCell
    form = Grid.of(
        [
            [cell("姓 名"), cell("贺兰"), cell("性 别"), cell("女")],
            [cell("家庭成员", 3), cell("称谓"), cell("姓名"), cell("年龄")],
            [cell("父亲"), cell("贺平"), cell("60")],
            [cell("母亲"), cell("罗云"), cell("58")],
            [cell("备注"), cell("无其他需要说明的情况。", 1, 3)],
        ]
    )
    assert lines(form)[1] == "姓名：贺兰；家庭成员/称谓：父亲；家庭成员/姓名：贺平；家庭成员/年龄：60"
    assert lines(form)[-1] == "姓名：贺兰；备注：无其他需要说明的情况。"


def test_names_and_values_in_one_cell_are_parted() -> None:
    assert lines(grid("姓名：贺兰|性别：女\n电话：6021|地址：老街5号")) == [
        "姓名：贺兰；性别：女",
        "姓名：贺兰；电话：6021；地址：老街5号",
    ]


def test_things_in_columns_become_rows() -> None:
    assert (
        lines(grid("参数|K-20|K-200\n续航时间|9小时|14小时\n重量|1.8公斤|2.4公斤\n颜色|黑|黄"))[1]
        == "参数：K-200；续航时间：14小时；重量：2.4公斤；颜色：黄"
    )


def test_years_in_the_head_stay_heads() -> None:
    assert lines(grid("项目|2022|2023\n营业收入|3200|3850\n净利润|410|395"))[1] == "项目：净利润；2022：410；2023：395"


def test_columns_side_by_side_are_rows_of_their_own() -> None:
    assert lines(grid("姓名|分机|姓名|分机\n方晴|6021|吴可|6022\n俞海|6023||")) == [
        "姓名：方晴；分机：6021",
        "姓名：吴可；分机：6022",
        "姓名：俞海；分机：6023",
    ]


def test_a_row_over_the_whole_width_stands_over_those_below() -> None:
    table = Grid.of(
        [[GridCell("门店"), GridCell("店长")], [GridCell("城北", 1, 2)], [GridCell("一店"), GridCell("方晴")]]
    )
    assert [line.kind for line in recognise(table).lines] == ["caption", "row"]


def test_a_table_goes_on_without_or_with_its_head() -> None:
    first = grid("门店|店长|面积\n河东店|方晴|180\n河西店|俞海|90")
    assert continues(first, grid("湖滨店|罗云|75"))
    assert continues(first, grid("门店|店长|面积\n湖滨店|罗云|75"))
    assert not continues(first, grid("设备|型号|单价\n叉车|K-20|9000"))
    assert not continues(first, grid("湖滨店|罗云"))
    assert lines(joined(first, grid("门店|店长|面积\n湖滨店||75")))[-1] == "门店：湖滨店；面积：75"


@pytest.mark.slow
def test_spans_beyond_reason_are_cut() -> None:
    wide = Grid.of([[GridCell("甲", columns=200_000_000), GridCell("乙")], [GridCell("丙", rows=10**9)]])
    assert (wide.height, wide.width) == (2, 1001)
    with pytest.raises(ReadError):
        Grid.of([[GridCell("甲", columns=1000)] for _ in range(2100)])


def test_a_cell_knows_where_its_words_stood() -> None:
    text = " 甲\n  乙\u200b丙 "
    cell = cell_of(text, 10)
    assert cell.text == "甲 乙丙"
    assert [(cell.text[run.clean : run.clean + run.length], text[run.raw - 10 : run.raw - 10 + run.length]) for run in cell.runs] == [("甲", "甲"), ("乙", "乙"), ("丙", "丙")]  # fmt: skip


def test_delimiters_are_told_and_quotes_are_kept_together() -> None:
    text = '编码;名称;说明\nK-1;手套;"线;厚\n""甲级"""\nK-2;头盔;'
    assert told_delimiter(text) == ";"
    assert lines(delimited_grid(text)) == ['编码：K-1；名称：手套；说明：线;厚 "甲级"', "编码：K-2；名称：头盔"]


def test_pipes_of_markdown() -> None:
    text = "前言\n\n| **品名** | 单价 |\n|---|--:|\n| 手套 \\| 线 | `12` |\n| [帽](http://x.cn/a) | 3 |\n后记"
    [found] = pipe_tables(text)
    assert lines(found.grid) == ["品名：手套 | 线；单价：12", "品名：帽；单价：3"]
    assert text[found.start : found.end].startswith("| **品名**") and text[found.end :] == "\n后记"


def test_records_become_rows() -> None:
    assert lines(
        record_grid([{"姓名": "方晴", "住址": {"市": "固原"}}, {"姓名": "俞海", "证书": ["电工", "焊工"]}])
    ) == [
        "姓名：方晴；住址/市：固原",
        "姓名：俞海；证书：电工、焊工",
    ]


def test_lines_of_cells_below_a_head_are_a_table() -> None:
    text = "各车间情况（单位：万元）\n车间 产值 利润\n一车间 950 120\n二车间 860 98\n以上不含税。"
    [found] = aligned_tables(text)
    assert lines(found.grid) == ["车间：一车间；产值：950；利润：120", "车间：二车间；产值：860；利润：98"]
    assert text[found.start : found.end].endswith("860 98")
    tabbed = "姓名\t 分机\n方 晴\t6021\n俞 海\t6022"
    assert lines(next(aligned_tables(tabbed)).grid) == ["姓名：方 晴；分机：6021", "姓名：俞 海；分机：6022"]


@pytest.mark.parametrize(
    "text",
    [
        "1. 合唱 春天来了 二年级\n2. 舞蹈 花儿开了 三年级\n3. 朗诵 我的家乡 五年级",
        "张三 李四 王五\n赵六 钱七 孙八\n周九 吴十 郑一",
        "2021年 3月 5日\n2021年 3月 6日\n2021年 3月 7日",
        "本报讯 记者 方晴\n编辑 俞海 电话6021\n校对 罗云 电话6022",
    ],
)
def test_lists_and_programmes_are_no_tables(text: str) -> None:
    assert list(aligned_tables(text)) == []


def test_title_and_unit_above_a_table_belong_to_it() -> None:
    document = Document()
    document.paragraph("现将情况公布如下。")
    document.paragraph("表2 各店营业情况")
    document.paragraph("单位：万元")
    document.table(grid("门店|营业额\n河东店|50\n河西店|38"))
    assert [block.kind for block in document.blocks] == ["paragraph", "caption", "caption", "row", "row"]
    [table] = document.tables
    assert (table.caption, table.unit) == ("表2 各店营业情况", "万元")
    assert document.blocks[-1].above == 2
    plain = Document()
    plain.paragraph("本单位：见下。")
    plain.table(grid("门店|营业额\n河东店|50\n河西店|38"))
    assert plain.blocks[0].kind == "paragraph" and plain.tables[0].unit == ""


TEXTS = st.text(alphabet="甲乙丙丁12月：；|单位合计注姓名 \n\u200b-A", max_size=6)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    spans = st.integers(1, 3)
    cells = st.builds(
        lambda text, rows, columns, head: cell_of(text, rows=rows, columns=columns, head=head),
        TEXTS,
        spans,
        spans,
        st.booleans(),
    )
    return Grid.of(draw(st.lists(st.lists(cells, max_size=5), min_size=1, max_size=6)))


def told(table: Grid) -> tuple[list[WrittenLine], str]:
    found = recognise(table)
    written = [written_line(line) for line in found.lines]
    heads = "\n".join(text for row in found.heads for text in row)
    return written, "\n".join(
        [heads, *(line.text for line in written), *(cell.head for line in written for cell in line.cells)]
    )


@settings(max_examples=300, deadline=None)
@given(grids())
def test_no_text_of_a_cell_is_lost(table: Grid) -> None:
    _, everything = told(table)
    bare = "".join(everything.split()).replace("：", "")
    for row in range(table.height):
        for place in table.distinct(row):
            assert "".join(place.cell.text.split()).replace("：", "") in bare


@settings(max_examples=300, deadline=None)
@given(grids())
def test_every_cell_is_found_at_its_offsets(table: Grid) -> None:
    for line, written in zip(recognise(table).lines, told(table)[0], strict=True):
        assert len(line.values) == len(written.cells)
        last = 0
        for value, cell in zip(line.values, written.cells, strict=True):
            assert written.text[cell.start : cell.end] == value.text
            assert last <= cell.start <= cell.end
            last = cell.end


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.text(alphabet='甲乙1,"\n \r|', max_size=5), min_size=2, max_size=4), min_size=1, max_size=5)
)
def test_csv_is_read_as_python_reads_it(rows: list[list[str]]) -> None:
    import csv
    import io

    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    table = delimited_grid(file.getvalue(), ",")
    wanted = [[" ".join(cell.split()) for cell in row] for row in rows]
    wanted = [row for row in wanted if any(row)]
    read = [[place.cell.text for place in row] for row in table.places]
    width = max((len(row) for row in wanted), default=0)
    assert read == [row + [""] * (width - len(row)) for row in wanted]
