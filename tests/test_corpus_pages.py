"""Pages cut into articles: borders, titles, authors, dates, and the way back to the raw page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Validity
from corpus.reading.bylines import read_byline
from corpus.reading.pages import articles_of_page

_WIDE = dict(zip(",;:?!()", "，；：？！（）", strict=True)) | {'"': "“”"}

_RIVER = "清晨的渡口人来人往,摆渡的老人说,这条河他走了四十年,看着两岸的房子一年比一年高。" * 3
_BRIDGE = "新桥通车以后,镇里把旧码头改成了公园,请老船工给孩子们讲水上的故事,周末总是坐满了人。" * 3
_MARKET = "早市搬进了大棚,摊位统一编号,卖菜的大娘说,下雨天再也不用打伞守着筐了,生意好了不少。" * 3

_TWO_SIGNED_BELOW_TITLES = f"""古渡新颜说从前 两岸灯火照归船

——渡口镇修缮老码头侧记

本报记者 林晓 通讯员 周平 文/图

{_RIVER}

{_RIVER[::-1]}

渡口镇新桥社区

一桥飞架通南北 百姓出行笑开颜

本报记者 林晓 通讯员 吴宁 文/图

新桥社区地处镇南。{_BRIDGE}
"""

_SIGNED_AT_THE_END = f"""渡口镇 举办水上运动会

6月21日上午,渡口镇举办水上运动会。{_RIVER}记者 林晓 通讯员 周平

新桥社区 老人学用智能手机

近日,新桥社区开办手机课堂。{_BRIDGE}记者 林晓 通讯员 吴宁 文/图

北街社区 早市搬进大棚

6月19日,北街社区早市开张。{_MARKET}记者 林晓 通讯员 郑安 文/图
"""


_PIECES = [
    _RIVER,
    _BRIDGE,
    "两岸灯火",
    "# 渡口",
    "本报记者 林晓 文/图",
    f"近日,早市开张。{_MARKET}记者 林晓",
    "受到一",
    "致好评,大家都说好。",
    "\ufeff",
    "6月19日,渡口开 航,方 便村民。",
    "　　",
    "来源：河报 日期：2020-01-02",
]


def read(raw: str, stem: str = "page") -> list[Article]:
    return articles_of_page(raw, source=f"{stem}.txt", stem=stem)[0]


def assert_points_home(raw: str, article: Article) -> None:
    """Each clean character is the raw one at the place that `raw_spans` names, marks widened or not."""
    for place, character in enumerate(article.text):
        spans = article.raw_spans(place, place + 1)
        if not spans:
            assert character == "\n"
            continue
        [(start, end)] = spans
        assert end == start + 1
        assert raw[start] == character or character in _WIDE.get(raw[start], "")


def test_a_plain_article_comes_out_whole() -> None:
    raw = "渡口新桥通车\n来源：河畔日报 日期：2021-07-01\n渡口新桥今天通车，全长三百米。\n村民说过河方便了。\n"
    [article] = read(raw)
    assert article.id == article.source == "page.txt"
    assert article.title == "渡口新桥通车"
    assert article.published == "2021-07-01"
    assert article.text == raw.strip()
    assert article.raw is None
    assert article.raw_spans(0, 6) == ((0, 6),)


def test_a_page_without_text_has_no_article() -> None:
    assert articles_of_page(" \n\u3000\n", source="a", stem="a")[0] == []


def test_articles_that_open_with_a_byline_are_told_apart() -> None:
    first, second = read(_TWO_SIGNED_BELOW_TITLES)
    assert (first.id, second.id) == ("page.txt/1", "page.txt/2")
    assert first.title == "古渡新颜说从前 两岸灯火照归船"
    assert second.title == "一桥飞架通南北 百姓出行笑开颜"
    assert second.text.startswith("渡口镇新桥社区\n")
    assert (first.author, second.author) == ("林晓、周平", "林晓、吴宁")
    for article in (first, second):
        assert_points_home(_TWO_SIGNED_BELOW_TITLES, article)


def test_articles_that_close_with_a_byline_are_told_apart() -> None:
    articles = read(_SIGNED_AT_THE_END)
    assert [article.title for article in articles] == [
        "渡口镇 举办水上运动会",
        "新桥社区 老人学用智能手机",
        "北街社区 早市搬进大棚",
    ]
    assert [article.author for article in articles] == ["林晓、周平", "林晓、吴宁", "林晓、郑安"]
    assert "\n".join(article.text for article in articles).count("社区") == 4


def test_a_caption_stays_with_the_article_above_it() -> None:
    raw = _TWO_SIGNED_BELOW_TITLES.replace("渡口镇新桥社区\n", "摆渡的老人看着两岸\n\n渡口镇新桥社区\n")
    first, second = read(raw)
    assert first.text.endswith("\n摆渡的老人看着两岸")
    assert second.text.startswith("渡口镇新桥社区")


@pytest.mark.parametrize(
    "raw",
    [
        # a lead that is signed, and sections below it
        f"两岸灯火\n\n{_RIVER}记者 林晓 通讯员 周平 文/图\n\n修桥铺路办实事\n\n目前,全镇有桥十二座。{_BRIDGE}",
        # a byline below the lead, headings after it
        f"两岸灯火\n\n{_RIVER}\n\n本报记者 林晓 文/图\n\n修桥铺路办实事\n\n{_BRIDGE}\n\n便民早市\n\n{_MARKET}",
        # the credit of a picture is no byline
        f"两岸灯火\n\n{_RIVER}\n\n老人摆渡\n\n本报记者 林晓 摄\n\n{_BRIDGE}记者 林晓",
        # many sections and one signature at the end
        f"两岸灯火\n\n{_RIVER}\n\n早市开张\n\n6月19日,早市开张。{_MARKET}记者 林晓",
    ],
)
def test_in_doubt_a_page_stays_whole(raw: str) -> None:
    assert len(read(raw)) == 1


def test_a_title_is_found_where_it_stands() -> None:
    assert read(f"{_RIVER}\n\n# 两岸灯火\n\n## 渡口的一天\n\n{_BRIDGE}")[0].title == "两岸灯火"
    assert read(f"{_RIVER}\n\n# 两岸灯火\n\n{_BRIDGE}")[0].text.split("\n")[1] == "两岸灯火"
    assert read(f"献礼特别报道\n\n两岸灯火\n\n{_RIVER}")[0].title == "两岸灯火"
    assert read(f"{_RIVER}\n\n两岸灯火\n\n{_BRIDGE}")[0].title == "两岸灯火"
    assert read(_RIVER, stem="渡口纪事")[0].title == "渡口纪事"
    assert read(_RIVER, stem="000_ab12")[0].title == "清晨的渡口人来人往，摆渡的老人说，这条河他走了四十年"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("本报记者 林晓 通讯员 周平 吴宁 文/图", ("林晓", "周平", "吴宁")),
        ("河报全媒体记者 林晓/文 图", ()),
        ("记者林晓 通讯员周平", ("林晓", "周平")),
        ("（记者 林晓）", ("林晓",)),
        ("林晓 周平文/图", ("林晓", "周平")),
        ("记者从渡口镇了解到新桥今天通车", ()),
        ("本报记者 林晓 摄", ()),
        ("渡口 新桥", ()),
        ("采写：河报记者 林晓 编辑：周平", ("林晓",)),
        ("本报记者 林晓 2022年5月3日", ("林晓",)),
        ("渡口晚报 2022-05-03 10:20 记者 林晓 通讯员 周平", ("林晓", "周平")),
        ("记者 林晓 2022年5月3日摄", ()),
    ],
)
def test_bylines(line: str, names: tuple[str, ...]) -> None:
    assert read_byline(line) == names


@pytest.mark.parametrize(
    ("stem", "raw", "published"),
    [
        ("20210701_03", _RIVER, "2021-07-01"),
        ("河报2021年7月1日第3版", _RIVER, "2021-07-01"),
        ("2021-07-01", _RIVER, "2021-07-01"),
        ("2021-07", _RIVER, "2021-07"),
        ("000_ab20210701f", _RIVER, ""),
        ("20211301", _RIVER, ""),
        ("page", f"两岸灯火\n2022年3月5日 10:20\n{_RIVER}", "2022-03-05"),
        ("page", f"两岸灯火\n发布时间：2022/3/5\n{_RIVER}", "2022-03-05"),
        ("page", f"两岸灯火\n本报记者 林晓 2022年3月5日\n{_RIVER}", "2022-03-05"),
        ("page", f"两岸灯火\n作者：林晓 2022年3月5日\n{_RIVER}", "2022-03-05"),
        ("page", f"两岸灯火\n来源：渡口晚报 2022-03-05 10:20\n{_RIVER}", "2022-03-05"),
        ("page", f"两岸灯火\n开放时间：2022年3月5日\n{_RIVER}", ""),
        ("page", f"两岸灯火\n新华社北京2022年3月5日电 {_RIVER}", "2022-03-05"),
        ("page", f"两岸灯火\n渡口新桥于2019年5月1日开工，今年通车。{_RIVER}", ""),
    ],
)
def test_the_day_of_publication_is_never_taken_from_running_text(stem: str, raw: str, published: str) -> None:
    assert read(raw, stem)[0].published == published


def test_spans_of_a_moved_column_point_at_its_place_on_the_page() -> None:
    above = "镇里今年修缮了十二座老桥,新建了三处码头,方便村民过河赶集,受到大家的一"
    below = "致称赞。下一步,还要在两岸栽上柳树,请老人讲渡口的故事。"
    raw = f"两岸灯火\n\n{above}\n\n古渡新颜 乡愁依旧\n\n{below}\n\n夜里,渡口亮起了灯,船还在开。"
    [article] = read(raw)
    quote = "受到大家的一致称赞"
    start = article.text.index(quote)
    spans = article.raw_spans(start, start + len(quote))
    assert [raw[first:last] for first, last in spans] == ["受到大家的一", "致称赞"]
    assert_points_home(raw, article)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.sampled_from(_PIECES),
        max_size=9,
    ),
    st.sampled_from(["\n", "\n\n", "\r\n\r\n"]),
)
def test_articles_hold_all_of_the_clean_page_and_point_home(pieces: list[str], seam: str) -> None:
    raw = seam.join(pieces)
    articles, _ = articles_of_page(raw, source="page", stem="page")
    for article in articles:
        assert article.title and article.text == article.text.strip()
        assert_points_home(raw, article)
    again = [
        read_again.text for read_again in articles_of_page("\n".join(a.text for a in articles), source="p", stem="p")[0]
    ]
    assert "\n".join(again) == "\n".join(article.text for article in articles)


def only(raw: str, stem: str = "page") -> Article:
    [article], _ = articles_of_page(raw, source=f"{stem}.txt", stem=stem)
    return article


@pytest.mark.parametrize(
    ("raw", "stem", "day"),
    [
        ("停航通知\n各村：\n因水位上涨，渡口停航三天。\n柳湾镇人民政府\n二〇一九年六月三日", "a", "2019-06-03"),
        ("停航通知\n因水位上涨，渡口停航三天。\n柳湾镇人民政府\n2019年6月3日\n附件：水位表", "a", "2019-06-03"),
        ("河畔日报 2019年6月3日 星期一 A03版\n渡口停航\n因水位上涨，渡口停航三天。", "a", "2019-06-03"),
        ("渡口管理办法\n（2019年6月3日柳湾镇人民代表大会通过）\n第一条 渡口由镇里管理。", "a", "2019-06-03"),
        ("渡口停航\n成文日期：2019年6月3日\n渡口停航三天。", "a", "2019-06-03"),
        ("渡口停航三天，六月三日起。", "2019渡口标准", "2019"),
        ("渡口停航三天，请各村转告。", "停航20190603", "2019-06-03"),
        ("庆祝建党98周年，渡口党支部义务摆渡。本报记者 林晓\n渡口今年更忙了。", "a", "2019"),
        ("渡口将在2025年前改造，2019年是打基础的一年。本报记者 林晓\n渡口忙。", "a", "2019"),
        ("渡口建于1949年，老人说那一年1949年是最忙的。", "a", ""),
    ],
)
def test_days_stand_where_notices_and_papers_put_them(raw: str, stem: str, day: str) -> None:
    assert only(raw, stem).published == day


def test_rules_say_from_when_they_hold_and_whether_they_still_do() -> None:
    rules = "渡口管理办法（已废止）\n第一条 渡口由镇里管理。\n第二条 本办法自2019年7月1日起施行，旧办法同时废止。"
    assert only(rules).validity == Validity("2019-07-01", repealed=True)
    assert only(rules).validity.told() == ("自2019-07-01起施行", "已废止")
    assert only(rules.replace("（已废止）", "")).validity == Validity("2019-07-01")


@pytest.mark.parametrize(
    ("top", "end", "expected"),
    [
        ("（2015年3月1日市政府令第9号公布，根据2021年8月20日《关于修改部分规章的决定》修正）", "本办法自公布之日起施行。",
         Validity("2021-08-20", amended="2021-08-20")),
        ("", "本办法自2021年1月1日起施行，有效期至2025年12月31日。", Validity("2021-01-01", "2025-12-31")),
        ("", "本办法自2021年1月1日起施行，有效期五年。", Validity("2021-01-01", "2026-01-01")),
        ("", "渡口每年1月1日起停航三天。", Validity()),
        ("", "旧办法自2010年起施行已久，渡工李大山已退休。", Validity()),
    ],
)  # fmt: skip
def test_how_long_rules_hold(top: str, end: str, expected: Validity) -> None:
    assert only(f"渡口管理办法\n{top}\n第一条 渡口由镇里管理，渡船由渡工看护。\n第二条 {end}").validity == expected


def test_tables_of_a_page_of_markdown_are_rows_with_cells() -> None:
    raw = (
        "# 渡船\n\n各船如下。\n\n表1 渡船\n\n| 船名 | 船工 | 电话 |\n| --- | --- | --- |\n| 柳湾号 | 周大山 | 6601 |\n"
        "| 石桥号 |  | 6602 |\n\n船票两元。\n"
    )
    [article], _ = articles_of_page(raw, source="a.md", stem="a", markdown=True)
    rows = [block for block in article.blocks if block.kind == "row"]
    assert [article.text[row.start : row.end] for row in rows] == [
        "船名：柳湾号；船工：周大山；电话：6601",
        "船名：石桥号；电话：6602",
    ]
    assert [article.text[cell.start : cell.end] for cell in rows[1].cells] == ["石桥号", "", "6602"]
    assert article.tables[0].caption == "表1 渡船" and article.blocks[rows[0].above].kind == "caption"
    name = rows[0].cells[1]
    assert raw[slice(*article.raw_spans(name.start, name.end)[0])] == "周大山"
    assert article.text.endswith("船票两元。") and "|" not in article.text


def test_lines_with_gaps_are_a_table_where_they_have_a_head() -> None:
    roster = "渡口值班\n姓名  岗位  电话\n周大山  船工  6601\n何小云  售票  6602\n吴立  巡查  6603\n以上人员轮流值班。"
    article = only(roster)
    rows = [article.text[block.start : block.end] for block in article.blocks if block.kind == "row"]
    assert rows[1] == "姓名：何小云；岗位：售票；电话：6602" and len(rows) == 3
    programme = "开场  锣鼓  龙舟队\n独唱  河边  何小云\n快板  摆渡人  周大山\n合唱  大河  渡口小学"
    assert only(programme).text == programme and not only(programme).tables
