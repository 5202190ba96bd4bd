from itertools import product

import pytest

from corpus.article import Passage
from corpus.text.sentences import split_clauses, split_sentences
from qa.checking.brackets import names_added, without_added
from qa.reading.pronouns import lack_of
from qa.reading.subjects import subject_of


def completed(title: str, text: str, *, known: str = "", start: int = 0) -> str:
    """What stands behind ▶ in `text` (a stretch to the end of its sentence) with the name that it gets."""
    at = text.index("▶")
    text = text.replace("▶", "")
    passage = Passage("a#1", "a", text, start, start + len(text), title)
    sentence = next(span for span in split_sentences(text) if span[0] <= at < span[1])
    found = subject_of(passage, at, sentence[1], sentence, known)
    stretch = text[at : sentence[1]]
    return f"{stretch[: found.place - at]}〔{found.name}〕{stretch[found.place - at :]}" if found else stretch


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        # topic: the title, or a person, begins a sentence; he, she, it, or no subject at all goes on.
        ("张伟明", "张伟明是郑州的一位教师。▶他于1990年出生。", "他〔张伟明〕于1990年出生。"),
        ("张伟明", "张伟明是郑州的一位教师。他很勤奋。▶1990年，他获得一等奖。", "1990年，他〔张伟明〕获得一等奖。"),
        ("爱丽丝·门罗", "爱丽丝·门罗是作家。门罗生于1931年。▶她写短篇。", "她〔爱丽丝·门罗〕写短篇。"),
        ("老城新事", "李丽芳说，小区变了样。▶后来她当了楼长。", "后来她〔李丽芳〕当了楼长。"),
        ("云溪公园", "云溪公园位于郑州。▶它的面积为3公顷。", "它〔云溪公园〕的面积为3公顷。"),
        ("印度野驴", "印度野驴在清晨觅食。▶牠们跑得很快。", "牠们〔印度野驴〕跑得很快。"),
        ("六耳铃", "六耳铃（学名：）是菊科的植物。▶分布于印度和缅甸。", "〔六耳铃〕分布于印度和缅甸。"),
        ("云溪大厦", "云溪大厦是一座写字楼，▶建成于2003年。", "〔云溪大厦〕建成于2003年。"),
        ("刺海马 (鱼)", "刺海马是鱼类。▶产于东海。", "〔刺海马〕产于东海。"),
        # kind: the title that ends so, the title that is said to be one, the name that begins a sentence.
        ("云溪商业银行", "云溪商业银行成立于1991年。▶该银行的总部在郑州。", "该银行〔云溪商业银行〕的总部在郑州。"),
        ("推箱子", "推箱子是一种常见的桌上游戏。▶这种游戏出现于1982年。", "这种游戏〔推箱子〕出现于1982年。"),
        ("斑鱵", "斑鱵为鱵科的鱼类。▶本鱼栖息于浅海。", "本鱼〔斑鱵〕栖息于浅海。"),
        ("老城新事", "郑州银行是一家老银行。▶该银行在全省有网点。", "该银行〔郑州银行〕在全省有网点。"),
        # work: the article's own, or the only one that is spoken of.
        ("春天的河", "《春天的河》是一部电影。▶该片于2003年上映。", "该片〔《春天的河》〕于2003年上映。"),
        ("春江夜", "春江夜是一部长篇小说。▶本书有二十章。", "本书〔春江夜〕有二十章。"),
        ("", "上个月《春天的河》出版了。▶这部小说很好看。", "这部小说〔《春天的河》〕很好看。"),
    ],
)  # fmt: skip
def test_one_plausible_name_is_given(title: str, text: str, expected: str) -> None:
    assert completed(title, text) == expected


def test_in_a_later_passage_of_a_persons_article_he_is_the_person() -> None:
    assert completed("张伟明", "▶1984年，他回到郑州。", start=300) == "1984年，他〔张伟明〕回到郑州。"
    assert completed("张伟明", "▶1984年，他回到郑州。") == "1984年，他回到郑州。"
    assert completed("郑州大学", "▶1984年，他回到郑州。", start=300) == "1984年，他回到郑州。"
    assert completed("张伟明", "王建国是局长。▶他回到郑州。", start=300) == "他〔王建国〕回到郑州。"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("张伟明", "张伟明和王建国是同学。▶他于1990年出生。"),
        ("张伟明", "张伟明是教师。王建国是他的学生。▶他于1990年毕业，张伟明很高兴。"),
        ("张伟明", "张伟明认识了爱丽丝·门罗。▶他于1990年出生。"),
        ("张伟明", "张伟明是教师。他的父亲是医生。▶他于1990年去世。"),
        ("张伟明", "张伟明是教师，她也是。▶他于1990年去世。"),
        ("张伟明", "张伟明是教师。学校不大。教室很旧。▶他于1990年去世。"),
        ("张伟明", "张伟明的家在郑州。▶他于1990年去世。"),
        ("张伟明", "张伟明是教师。▶他们于1990年相识。"),
        ("张伟明", "张伟明是教师。▶他人于1990年来过。"),
        ("张伟明", "张伟明是教师。▶其他人于1990年来过。"),
        ("云溪公园", "云溪公园是公园。▶其中有一个湖。"),
        ("云溪公园", "云溪公园是公园。▶其实它不大，云溪公园只有一个湖。"),
        ("云溪公园", "云溪公园是公园。▶其面积不大。"),
        ("云溪公园", "云溪公园在郑州，云溪湖也在郑州。▶它的面积为3公顷。"),
        ("云溪", "云溪在郑州，云溪港也是港口。▶它的货物很多。"),
        ("张伟明", "张伟明是教师。▶它的面积为3公顷。"),
        ("云溪公园", "云溪公园有一个科学小组。云溪公园是免费的。▶它们认为是湖水造成的。"),
        ("张伟明", "张伟明说：“弟弟来了。▶他于1990年出生。”"),
        ("张伟明", "张伟明写道：▶他于1990年出生。"),
        ("张伟明", "弟弟来了。▶他于1990年出生。”张伟明说。"),
        ("张伟明", "张伟明（▶曾任校长）是教师。"),
        ("云溪书店", "云溪书店出售许多图书，▶如《春天的河》等。"),
        ("云溪大厦", "云溪大厦是写字楼。▶位于郑州的车站也很旧。"),
        ("离子势", "离子势是一个概念，▶可以看出它很有用。"),
        ("云溪大厦", "云溪大厦是写字楼，旁边的车站▶建成于2003年。"),
        ("云溪大厦", "云溪大厦是写字楼，车站很近，▶建成于2003年。"),
        ("云溪商业银行", "云溪商业银行成立于1991年，郑州银行成立于1996年。▶该银行的总部在郑州。"),
        ("老城新事", "郑州银行是一家老银行。洛阳银行是一家新银行。▶该银行的总部在郑州。"),
        ("云溪商业银行", "云溪商业银行成立于1991年。▶该市位于河南。"),
        ("老城银行开业", "昨天很热闹。▶该银行在全省有网点。"),
        ("西班牙人", "西班牙人住在南欧。▶本人于1990年出生。"),
        ("春天的河", "《春天的河》改编自《秋天的山》。▶该片于2003年上映。"),
        ("", "《春天的河》改编自《秋天的山》。▶该片于2003年上映。"),
        ("云溪出版社", "云溪出版社成立于1991年。▶该书有二十章。"),
        ("张伟明", "张伟明写过一部小说。▶该书有二十章。"),
        ("方案[2]", "方案[2]是一份文件。▶它有二十页。"),
        ("方案〔二〕", "方案〔二〕是一份文件。▶它有二十页。"),
        ("", "上个月《春天[2]》出版了。▶这部小说很好看。"),
        ("王建国：我这三十年", "王建国：我这三十年\n车站建好了。▶他于1990年出生。"),
    ],
)  # fmt: skip
def test_where_it_is_not_plain_nothing_is_given(title: str, text: str) -> None:
    assert "〔" not in completed(title, text)


@pytest.mark.parametrize(
    "known", ["张伟明哪年出生？", "张偉明哪年出生？", "伟明老师哪年出生？张伟哪年出生？", "张伟明是教师。"]
)
def test_a_name_that_was_read_already_is_not_said_again(known: str) -> None:
    text = "张伟明是郑州的一位教师。▶他于1990年出生。"
    assert completed("张伟明", text, known="他哪年出生？").startswith("他〔张伟明〕")
    assert completed("张伟明", text, known=known).startswith("他于")


def test_parts_of_a_foreign_name_and_nearly_all_of_a_long_one_are_known() -> None:
    text = "爱丽丝·门罗是作家。▶她写短篇。"
    assert completed("爱丽丝·门罗", text, known="门罗写什么？") == "她写短篇。"
    text = "云溪科技及商业股份银行成立于1991年。▶该银行的总部在郑州。"
    assert "〔" not in completed("云溪科技及商业股份银行", text, known="云溪科技商业股份银行的总部在哪里？")
    assert "〔" in completed("云溪科技及商业股份银行", text, known="黄河科技商业股份银行的总部在哪里？")


def test_a_stretch_that_has_the_name_itself_needs_none() -> None:
    text = "张伟明是郑州的一位教师。▶他于1990年出生，取名张伟明。"
    assert "〔" not in completed("张伟明", text)


@pytest.mark.parametrize(
    ("stretch", "cut", "what"),
    [
        ("他于1990年出生。", False, "person"),
        ("由于她很勤奋，", False, "person"),
        ("它位于郑州。", False, "thing"),
        ("该市位于河南。", False, "kind"),
        ("位于郑州的北部。", False, "nothing"),
        ("主要用于建筑。", True, "nothing"),
        ("主要用于建筑。", False, ""),
        ("其他树种也有。", False, ""),
        ("其实不然。", False, ""),
        ("此外还有三个。", False, ""),
        ("本次活动结束了。", False, ""),
        ("吉他很贵。", False, ""),
        ("街道有党员86名，他很高兴。", False, ""),
    ],
)
def test_what_a_stretch_lacks(stretch: str, cut: bool, what: str) -> None:
    lack = lack_of(stretch, cut=cut)
    assert (lack.what if lack else "") == what


def test_the_name_stands_before_the_stretch_or_is_the_title_and_the_stretch_stays_as_it_is() -> None:
    openings = (
        "张伟明是郑州的教师。",
        "张伟明（1950年生）曾任校长，后来退休。",
        "1950年，王建国在郑州出生。",
        "《春江夜》是一部小说。",
    )
    between = ("", "他很勤奋。", "学校不大。", "后来认识了王建国。", "该书很厚。\n")
    ends = (
        "他去了郑州。",
        "1990年，他写了一本书。",
        "曾获得一等奖。",
        "该书有二十章。",
        "它很好看。",
        "张伟明去了郑州。",
    )
    given = 0
    for title, *parts in product(("张伟明", "春江夜", "老城新事：张伟明"), openings, between, ends):
        text = "".join(parts)
        for sentence in split_sentences(text):
            for start, _ in split_clauses(text, *sentence):
                shown = completed(title, f"{text[:start]}▶{text[start:]}")
                assert without_added(shown) == text[start : sentence[1]]
                for name in names_added(shown):
                    given += 1
                    assert name.strip("《》") in title or name in text[:start]
                    assert shown.count("〔") == 1 and name.strip("《》") not in without_added(shown)
    assert given > 50
