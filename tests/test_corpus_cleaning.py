"""Repair of OCR text: each fault of a newspaper page by itself, and what must hold for any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.repair.cleaning import Cleaned, Repairs, clean

_WIDE = dict(zip(",;:?!()", "，；：？！（）", strict=True)) | {'"': "“”"}

# Pieces that pages are made of: what goes wrong in them goes wrong in their mixtures.
_PIECES = [
    "清晨的渡口人来人往,摆渡的老人说,这条河他走了四十年。",
    "镇里今年修缮了十二座老桥,新建了三处码头,方便村民过河赶集,受到大家的一",
    "致称赞。下一步还要在两岸栽上柳树。",
    "村委会组织大家学 习防汛知识,把沙 袋和木 桩运到堤上。",
    "古渡新颜 乡愁依旧",
    "本报记者 林晓 通讯员 周平 文/图",
    "# 渡口的故事",
    "——一条河和两岸的人",
    "第三条 渡船应当按时检修。",
    '老人说:"船在,"人就在。',
    "摆渡尤为为重要,孩子们们都坐船上学。",
    "第 3 页",
    "12",
    "The ferry left at 12:30, with 1,000 people (more or less).",
    "\ufeff　　两岸\u200b的灯火\u00ad亮了。",
    "码头旁的小店卖面(素面、肉面)和茶;价钱公道。",
    "\r\n",
    "\n\n\n",
    "\f",
    "   ",
    "，",
    '"',
    "(",
    "渡",
    "河 水",
]
_PAGES = st.lists(st.sampled_from(_PIECES), max_size=14).flatmap(
    lambda pieces: st.lists(st.sampled_from(["", "\n", "\n\n", " "]), min_size=len(pieces), max_size=len(pieces)).map(
        lambda seams: "".join(piece + seam for piece, seam in zip(pieces, seams, strict=True))
    )
)
_ANY = st.text(
    st.sampled_from('渡口新颜工商单位的为记者，。、,;:?!()"“”（）《》 \n\r\t\u3000#0129aB-/\u200b\x00\f😀'),
    max_size=120,
)


def assert_made_of_raw(raw: str, cleaned: Cleaned) -> None:
    """Every clean character stands in the raw text, once, but for line breaks and widened marks."""
    end = 0
    used: set[int] = set()
    for run in cleaned.runs:
        assert run.length > 0
        assert set(cleaned.text[end : run.clean]) <= {"\n"}
        end = run.clean + run.length
        places = range(run.raw, run.raw + run.length)
        assert not used & set(places)
        used.update(places)
        for mine, theirs in zip(cleaned.text[run.clean : end], raw[run.raw : run.raw + run.length], strict=True):
            assert mine == theirs or mine in _WIDE.get(theirs, ""), (mine, theirs)
    assert set(cleaned.text[end:]) <= {"\n"}


@settings(max_examples=300, deadline=None)
@given(_PAGES | _ANY | st.text(max_size=60))
def test_clean_text_is_made_of_the_raw_text_and_stays_as_it_is(raw: str) -> None:
    cleaned = clean(raw)
    assert_made_of_raw(raw, cleaned)
    again = clean(cleaned.text)
    assert again.text == cleaned.text
    assert again.repairs.total == 0
    assert (cleaned.repairs.total == 0) or cleaned.text != raw


@settings(max_examples=100, deadline=None)
@given(_PAGES)
def test_nothing_but_repetitions_and_page_furniture_is_lost(raw: str) -> None:
    cleaned = clean(raw)
    repairs = cleaned.repairs
    if repairs.repeats or repairs.fragments or repairs.running_heads or repairs.doubled:
        return
    letters = sorted(character for character in raw if "\u4e00" <= character <= "\u9fff" or character.isalnum())
    assert sorted(c for c in cleaned.text if "\u4e00" <= c <= "\u9fff" or c.isalnum()) == letters


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今天开馆。",
        "本报讯（记者 林晓 周平）图书馆昨日开放，首日接待读者1,200人次，12:30闭馆。",
        "来源：河畔日报 日期：2021-07-01",
        "校园里正在上演《初夏 远方》，口号是“走进田野 拥抱秋天”。\n演出持续三天。",
        "在 2021 年，使用 Python 和 Rust 编写的程序各有 3 个。",
        "他说：“目的的确达到了。”姑姑的的确良衬衫晒干了。",
        'A line of English, with (brackets): 10:30, 1,000; "quoted".',
        "函数f(x)的值域为[0, 1]。",
        "渡口有三家店:".replace(":", "：") + "\n面店\n茶店\n米店",
        "诗云：\n白日依山尽，\n黄河入海流。\n欲穷千里目，\n更上一层楼。",
        "联系电话010-1234\n联系电话010-5678\n联系电话010-9012\n联系电话010-3456",
    ],
)
def test_good_text_is_left_alone(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.text == text
    assert cleaned.repairs == Repairs()


def test_invisible_characters_and_outer_blanks_go() -> None:
    cleaned = clean("\ufeff　　渡\u200b口\u00ad开\x07航。\u3000\r\n\r\n　　次日停航。\r\n")
    assert cleaned.text == "渡口开航。\n次日停航。"
    assert cleaned.repairs.invisible == 4


def test_heading_marks_go() -> None:
    assert clean("# 渡口\n\n## 两岸\n\n#话题# 不是标题。").text == "渡口\n两岸\n#话题# 不是标题。"


def test_blanks_of_the_print_go_where_words_are_torn() -> None:
    raw = "镇里组 织村民修 缮老桥,新 建 3 处码头,方 便大家过河赶 集,全年 接待 1200 人次。"
    cleaned = clean(raw)
    assert cleaned.text == "镇里组织村民修缮老桥，新建3处码头，方便大家过河赶集，全年接待1200人次。"
    assert cleaned.repairs.blanks > 5


def test_blanks_that_separate_stay() -> None:
    heading = "古渡新颜 乡愁依旧"
    byline = "本报记者 林晓 通讯员 周平 文/图"
    quoted = "镇里组 织了“走进田野 拥抱秋天”活动,上演《初夏 远方》,方 便大家观 看,反响热 烈。"
    assert clean(f"{heading}\n{byline}").text == f"{heading}\n{byline}"
    assert "“走进田野 拥抱秋天”" in clean(quoted).text
    assert "《初夏 远方》" in clean(quoted).text
    assert "组织了" in clean(quoted).text


def test_blanks_between_names_stay_near_torn_words() -> None:
    raw = "镇里组 织村民修 缮老桥,方 便大家过河。记者 林晓 通讯员 周平 文/图"
    assert clean(raw).text == "镇里组织村民修缮老桥，方便大家过河。记者 林晓 通讯员 周平 文/图"


_ABOVE = "镇里今年修缮了十二座老桥，新建了三处码头，方便村民过河赶集，受到大家的一"
_BELOW = "致称赞。下一步，还要在两岸栽上柳树，请老人讲渡口的故事。"


def test_a_column_torn_inside_a_word_is_rejoined() -> None:
    cleaned = clean(f"{_ABOVE}\n\n{_BELOW}")
    assert cleaned.text == _ABOVE + _BELOW
    assert cleaned.repairs.columns == 1


def test_a_heading_between_the_halves_stays_a_line_of_its_own() -> None:
    cleaned = clean(f"{_ABOVE}\n\n古渡新颜 乡愁依旧\n\n{_BELOW}\n\n夜里，两岸亮起了灯。")
    assert cleaned.text == f"{_ABOVE}{_BELOW}\n古渡新颜 乡愁依旧\n夜里，两岸亮起了灯。"


def test_a_phrase_of_the_page_tells_which_half_belongs_where() -> None:
    first = "渡口管理站每天检查船只。今年以来，渡口管"
    other = "码头上的货物由船队统一调度，司机、船工、搬运"
    continuation = "理站又添了两条新船，配了救生衣。"
    raw = f"{first}\n\n两岸新貌\n\n{other}\n\n夜航指南\n\n{continuation}"
    assert f"{first}{continuation}" in clean(raw).text.split("\n")


def test_neighbours_in_mid_sentence_are_joined_without_a_word_across() -> None:
    above = "清晨，摆渡的老人把船撑到对岸，接上学的孩子、赶集的村民，"
    below = "送他们平安过河，日日如此，从不间断。"
    assert clean(f"{above}\n\n{below}").text == above + below


def test_a_line_that_begins_with_a_comma_continues_the_one_above() -> None:
    assert (
        clean("老人把船撑到对岸\n，接上学的孩子，送他们过河。").text == "老人把船撑到对岸\n，接上学的孩子，送他们过河。"
    )
    above = "清晨的渡口人来人往，老人把船撑到对岸"
    assert clean(f"{above}\n，接上学的孩子，送他们过河。").text == f"{above}，接上学的孩子，送他们过河。"


@pytest.mark.parametrize("gap", ["\n", "\n\n\n\n"])
def test_without_evidence_a_break_stays(gap: str) -> None:
    above = "截至目前，镇里已经走访慰问的老船工共有六十多位，另外还核查了需要帮扶的对"
    below = "年度计划完成之后，两岸的码头将要重新规划，渡船也要换新。"
    assert clean(f"{above}{gap}{below}").text == f"{above}\n{below}"


def test_a_parallel_paragraph_is_no_continuation() -> None:
    paragraphs = [
        "抓船只检修，每月把渡船拖上岸查一遍，换下旧板，补好漏缝，并通报会格案",
        "抓码头秩序，划出候船区，请志愿者值守。",
        "抓水上救援，备足救生圈，每季度演练一次。",
    ]
    assert clean("\n\n".join(paragraphs)).text == "\n".join(paragraphs)


def test_hard_wrapped_lines_are_joined() -> None:
    wrapped = [
        "清晨的渡口人来人往，摆渡的老人说，这条河他",
        "走了四十年，从木船到铁船，从竹篙到马达，看",
        "着两岸的房子一年比一年高，路一年比一年宽，",
        "如今桥也通了，船还照开。",
    ]
    cleaned = clean("\n".join(wrapped))
    assert cleaned.text == "".join(wrapped)
    assert cleaned.repairs.lines == 3


def test_a_repeated_paragraph_is_dropped_whatever_its_blanks_and_widths() -> None:
    paragraph = (
        "两岸的柳树是去年春天栽下的，如今已经成荫，老人们常在树下下棋，孩子们放了学也在这里写作业，"
        "到了傍晚，卖豆花的担子就停在第三棵柳树旁边，一直卖到渡口的最后一班船靠岸。"
    )
    copy = paragraph.replace("，", ",").replace("去年", "去 年")
    cleaned = clean(f"{paragraph}\n\n夜里，渡口亮起了灯。\n\n{copy}")
    assert cleaned.text == f"{paragraph}\n夜里，渡口亮起了灯。"
    assert cleaned.repairs.repeats == 1


def test_laws_may_repeat_themselves() -> None:
    clause = "船主违反规定的，由渡口管理站责令改正，并处以罚款；"
    articles = "\n".join(f"第{number}条 渡船应当检修，编号{number}。\n{clause}" for number in "一二三四")
    assert clean(articles).repairs.repeats == 0
    pointing = "有前款规定的情形，情节严重的，由渡口管理站从重处罚，并予以公告。"
    assert clean(f"{pointing}\n渡船停航。\n{pointing}").repairs.repeats == 0


def test_a_misread_copy_of_the_first_words_is_dropped_but_a_heading_is_not() -> None:
    paragraph = "坚持守正出新,打造“一河两岸”品牌,请来老船工讲述渡口往事,吸引游客八千余人次。"
    cleaned = clean(f"坚持字正出新 打造\n\n{paragraph}")
    assert cleaned.text.startswith("坚持守正")
    assert cleaned.repairs.fragments == 1
    assert clean(f"坚持守正出新\n\n{paragraph}").repairs.fragments == 0


def test_doubled_characters_go_only_where_they_cannot_be_right() -> None:
    assert clean("摆渡尤为为重要，孩子们们都坐船。").text == "摆渡尤为重要，孩子们都坐船。"
    assert clean("目的的确明确，行为为人称道，等等等等。").repairs.doubled == 0


def test_page_numbers_and_running_heads_go() -> None:
    body = "渡口的清晨总是从一声汽笛开始，船工们检查缆绳，孩子们背着书包排队上船。" * 10
    pages = [f"渡口纪事\n{number}{body}\n{number + 6}" for number in range(1, 6)]
    cleaned = clean("\n".join(pages) + "\n— 12 —\n第 13 页 共 20 页")
    assert cleaned.text.count("渡口纪事") == 1
    assert cleaned.text.count("\n") == 5
    assert clean("2020\n355\n2021\n402").text == "2020\n355\n2021\n402"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("完成3,500人次,同比增长12%,好!", "完成3,500人次，同比增长12%，好！"),
        ("时间:12:30,地点:渡口(东岸);来吗?", "时间：12:30，地点：渡口（东岸）；来吗？"),
        ('设立"救援队""先锋岗",共5个', "设立“救援队”“先锋岗”，共5个"),
        ('他说:"船来了。"', "他说：“船来了。”"),
        ('只有一个"引号,怎么办', '只有一个"引号，怎么办'),
        ("渡口（东岸)与(西岸）", "渡口（东岸）与（西岸）"),
        ("证券(600123.SH)上涨", "证券(600123.SH)上涨"),
        ("see f(x), g(y): ok? yes!", "see f(x), g(y): ok? yes!"),
    ],
)
def test_marks_among_chinese_characters_are_widened(raw: str, expected: str) -> None:
    assert clean(raw).text == expected


def test_repairs_add_up_and_describe_themselves() -> None:
    both = Repairs(blanks=2) + Repairs(blanks=1, columns=4)
    assert both == Repairs(blanks=3, columns=4)
    assert both.total == 7
    assert both.describe("zh") == "去掉多余空格 3 处，接上断栏 4 处"
    assert both.describe("en") == "3 stray blanks removed, 4 torn columns rejoined"
    assert Repairs().describe() == "无需修补"


def test_what_a_record_says_under_each_number_stays() -> None:
    voted = "表决结果：应到代表四十八名，同意四十六票，反对两票，没有弃权，这项提案获得通过。"
    record = f"一、修缮东岸码头。\n{voted}\n二、增开夜间渡船。\n{voted}\n三、换新缆绳。\n{voted}"
    assert clean(record).text == record
    reported = "镇里的代表在会上听取了渡口管理站的报告，" * 5 + "会议开了一天。"
    under_numbers = f"一、春季会议\n{reported}\n二、秋季会议\n{reported}"
    assert clean(under_numbers).text == under_numbers


def test_a_page_that_was_set_twice_goes_with_its_short_lines() -> None:
    page = "渡口的灯夜里亮着，船工轮流值守，从不间断。\n来往的乡亲都说，这条河比从前好走得多了。"
    assert clean(f"{page}\n对岸也修了路。\n{page}").text == f"{page}\n对岸也修了路。"


@pytest.mark.parametrize(
    "text",
    [
        "渡口小学 河东路2号，招收河东村、柳湾村适龄儿童\n石桥小学 河西路9号，招收石桥村、杏花村适龄儿童\n"
        "中心小学 镇前街3号，招收镇前街、北门街适龄儿童\n以上学区自公布之日起执行。",
        "08:30—09:00 登船，领取救生衣和午餐券\n09:00—09:40 参观老码头，听船工讲故事\n09:40—10:30 乘船到对岸，分组拍照",
        "开场锣鼓 龙舟队\n独唱《河边》 何小云\n快板《摆渡人》 周大山 吴立",
    ],
)
def test_programmes_and_rosters_stay_lines(text: str) -> None:
    assert clean(text).text == text


def test_blanks_between_all_characters_go_with_those_in_figures() -> None:
    page = "渡 船 检 修 记 录\n2 0 1 9 年 1 1 月 8 日 ， 检 查 了 1 2 号 渡 船 ， 船 底 漏 水 0 . 5 升 。"
    assert clean(page).text == "渡船检修记录\n2019年11月8日，检查了12号渡船，船底漏水0.5升。"


def test_marks_of_markdown_go_and_say_what_the_lines_were() -> None:
    page = "# 渡口\n\n![船](img/a.png)\n\n- **老周**，见[名册](https://example.cn/a_(b))\n  - 管`缆绳`\n\n---\n\n```\nx = 1\n```\n1. 上船\n"
    cleaned = clean(page, markdown=True)
    assert cleaned.text == "渡口\n老周，见名册\n管缆绳\nx = 1\n1. 上船"
    assert_made_of_raw(page, cleaned)
    starts = {line: cleaned.text.index(line) for line in cleaned.text.split("\n")}
    marks = {line: cleaned.prefixes.get(start, "") for line, start in starts.items()}
    assert marks == {"渡口": "# ", "老周，见名册": "- ", "管缆绳": "  - ", "x = 1": "```", "1. 上船": ""}
