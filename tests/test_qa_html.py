"""Drawing answers: what is shown, what points where, and that nothing handed in becomes anything but text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Block, Cell, Passage, Run, Table
from embeddings.collections.hit import Arm, Hit
from qa.answer import Answer, Citation, Claim, Question
from qa.settings import Settings
from qa.web.conversation import Exchange
from qa.web.html import draw_quoted, escape, whole_brackets
from qa.web.html_articles import TakenFile, draw_progress, draw_read_so_far, draw_taken, draw_welcome
from qa.web.html_dialogs import draw_dialogs
from qa.web.html_evidence import draw_evidence, draw_read
from qa.web.html_rating import draw_rating
from qa.web.html_room import draw_room
from qa.web.html_suggestions import draw_suggestions
from qa.web.html_turn import draw_turn as draw_exchange
from qa.web.html_why import draw_why
from qa.web.texts import CHINESE, ENGLISH, Words, words

OURS = {
    *(
        "section",
        "article",
        "header",
        "aside",
        "div",
        "span",
        "p",
        "h2",
        "h3",
        "h4",
        "a",
        "strong",
        "mark",
        "b",
        "small",
    ),
    *(
        "details",
        "summary",
        "pre",
        "blockquote",
        "button",
        "ul",
        "ol",
        "li",
        "progress",
        "dialog",
        "q",
        "form",
        "label",
    ),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "fieldset", "legend", "input", "textarea", "nav"),
}
SAFE = {
    *("class", "id", "href", "title", "role", "tabindex", "type", "value", "max", "open", "scope", "name", "checked"),
    *("method", "maxlength", "rows", "aria-label", "aria-busy", "aria-hidden", "aria-pressed"),
}
NO_END = {"input"}
# What a parser of HTML would read as something else, strewn into ordinary text. NUL and lone CR are no HTML text at all.
NASTY = st.lists(
    st.sampled_from(
        ["<script>alert(1)</script>", "<img src=x onerror=y>", "&lt;", "&#60;", '"', "'", "`", "${x}", "{{y}}"]
    )
    | st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8),
    max_size=6,
).map("".join)


class Read(HTMLParser):
    """What a browser would make of a drawing: the texts by element, every tag and every attribute."""

    def __init__(self, drawn: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.attributes, self.values, self.links = "", [], set(), [], []
        self.open: list[tuple[str, str]] = []
        self.within: dict[str, list[str]] = {}
        self.feed(drawn)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.values += [value or "" for _, value in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag in NO_END:
            return
        self.open.append((tag, dict(attrs).get("class") or ""))
        for key in {tag, *self.open[-1][1].split()}:
            self.within.setdefault(key, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for key in {key for tag, classes in self.open for key in (tag, *classes.split())}:
            self.within[key][-1] += data


def passage(text: str, *, title: str = "河道", source: str = "a.txt", start: int = 0) -> Passage:
    return Passage("a#0", "a", text, start, start + len(text), title, source, "2020-03")


def cited(
    text: str = "河长九公里。沿岸种柳。", quote: str = "沿岸种柳。", number: int = 1, start: int = 100
) -> Citation:
    first = start + text.index(quote)
    return Citation(number, passage(text, start=start), quote, first, first + len(quote))


def answered(text: str, claims: tuple[Claim, ...] = (), **fields: object) -> Answer:
    return replace(Answer(Question("沿岸种什么？"), "沿岸种什么？", text, claims, done=True), **fields)


def draw_turn(
    number: int, answer: Answer, words: Words, *, busy: bool = False, notice: str = "", waited: float = 0.0
) -> str:
    return draw_exchange(number, Exchange(answer, notice, waited), words, busy=busy)


def draw_sources(number: int, answer: Answer, words: Words) -> str:
    return draw_evidence(number, answer, words)


def said(drawn: str) -> str:
    """The drawing of a turn without its evidence."""
    return drawn.split("<aside")[0]


def test_a_mark_points_at_the_card_of_its_own_turn() -> None:
    answer = answered("沿岸种柳。[1]", citations=(cited(),))
    assert 'href="#card-7-1"' in draw_turn(7, answer, CHINESE)
    assert 'aria-label="出处 1：河道"' in draw_turn(7, answer, CHINESE)
    assert 'id="card-7-1"' in draw_sources(7, answer, CHINESE)


def test_a_mark_without_its_citation_is_no_link() -> None:
    drawn = said(draw_turn(1, answered("沿岸种柳。[2]", citations=(cited(),)), CHINESE))
    assert "<a " not in drawn
    assert "[2]" in Read(drawn).text


def test_a_mark_carries_its_quote_and_one_card_has_all_quotes_of_a_passage() -> None:
    text = "河长九公里。沿岸种柳。"
    citations = (cited(text), replace(cited(text, "河长九公里。"), number=2))
    drawn = draw_turn(3, answered("柳。[1]九公里。[2]", citations=citations), CHINESE)
    read = Read(drawn)
    assert len(read.within["card"]) == 1
    assert read.within["number"] == ["1", "2"]
    assert read.within["mark"][-2:] == ["河长九公里。", "沿岸种柳。"]
    assert [f'data-quotes="{number}"' in drawn for number in (1, 2)] == [True, True]
    assert drawn.count('href="#card-3-1"') == 2
    assert 'data-quote="河长九公里。"' in drawn


def test_quotes_that_overlap_name_all_that_share_a_stretch() -> None:
    drawn = draw_quoted("甲乙丙丁", 0, 4, [(10, 13, 1), (11, 14, 2)], offset=10)
    assert drawn == (
        '<mark data-quotes="1">甲</mark><mark data-quotes="1 2">乙丙</mark><mark data-quotes="2">丁</mark>'
    )


def test_a_bold_part_never_ends_inside_a_bracket() -> None:
    text = "定额（含五万元）以内，见《办法》。"
    assert text[slice(*whole_brackets(text, (0, 5), (0, len(text))))] == "定额（含五万元）"
    assert text[slice(*whole_brackets(text, (4, 8), (0, len(text))))] == "（含五万元）"
    assert text[slice(*whole_brackets(text, (0, 5), (0, 6)))] == "定额"
    assert text[slice(*whole_brackets(text, (12, 16), (0, len(text))))] == "《办法》"
    assert whole_brackets(text, (8, 10), (0, len(text))) == (8, 10)


def test_only_the_quote_is_marked_in_its_passage() -> None:
    read = Read(draw_evidence(1, answered("柳。[1]", citations=(cited(),)), CHINESE))
    assert read.within["mark"] == ["沿岸种柳。"]
    assert read.within["blockquote"] == ["河长九公里。沿岸种柳。"]


def test_the_shortest_answer_is_bold_even_across_a_mark() -> None:
    text = "先种柳[1]后种桃。[1]"
    read = Read(draw_turn(1, answered(text, citations=(cited(),), highlights=((2, 3), (2, 9))), CHINESE))
    assert read.within["strong"] == ["柳", "后种桃"]
    assert read.within["answer"] == [text]


def test_an_unsupported_sentence_says_what_is_missing() -> None:
    text = "河长九公里。[1]宽五米。[1]"
    claims = (Claim("河长九公里。", 0, 9, (1,), True), Claim("宽五米。", 9, 16, (1,), False, "出处里没有“五米”"))
    read = Read(draw_turn(1, answered(text, claims, citations=(cited(),)), CHINESE))
    assert read.within["unsupported"] == ["宽五米。[1]"]
    assert read.within["problem"] == ["存疑：出处里没有“五米”"]


def test_claims_that_overlap_or_end_outside_do_not_lose_or_double_text() -> None:
    text = "河长九公里。宽五米。"
    spans = [(0, 6), (3, 10), (6, 10), (8, 99), (4, 2)]
    claims = tuple(Claim("", start, end, (), True) for start, end in spans)
    assert Read(draw_turn(1, answered(text, claims), CHINESE)).within["answer"] == [text]


def test_what_closes_a_doubtful_sentence_comes_before_the_doubt() -> None:
    claims = (Claim("宽五米", 0, 3, (), False, "出处里没有“五米”"),)
    growing = replace(answered("宽五米。它", claims), done=False)
    assert Read(draw_turn(1, growing, CHINESE, busy=True)).within["answer"] == ["宽五米。存疑：出处里没有“五米”它"]


def test_a_refusal_says_what_was_looked_for_and_shows_what_came_near() -> None:
    hits = tuple(Hit(passage(f"第{n}段。"), 0.1, n) for n in range(1, 6))
    answer = answered("在这些文章里没有找到。", refused=True, hits=hits)
    read = Read(draw_turn(1, answer, CHINESE))
    looked = "查找的是“沿岸种什么？”，5 个最相近的段落都没有直接说到。"
    assert read.within["refusal"] == [f"文章里没有找到答案在这些文章里没有找到。{looked}"]
    assert read.within["near"] == ["相近的段落，不作为出处"]
    assert read.within["blockquote"] == ["第1段。", "第2段。", "第3段。"]
    assert "number" not in read.within


def test_a_refusal_that_only_repeats_the_heading_is_said_once() -> None:
    read = Read(draw_turn(1, answered("文章里没有找到答案。", refused=True), CHINESE))
    assert read.within["refusal"] == ["文章里没有找到答案"]


def test_the_completed_question_is_shown_only_where_it_differs() -> None:
    answer = answered("柳。")
    assert "understood" not in draw_turn(1, answer, CHINESE)
    read = Read(draw_turn(1, replace(answer, standalone="东河沿岸种什么？"), CHINESE))
    assert read.within["understood"] == ["按这个意思查找：东河沿岸种什么？"]


def test_a_turn_says_whether_it_is_going_on_stopped_or_failed() -> None:
    growing = replace(answered("沿岸"), done=False)
    assert 'aria-busy="true"' in draw_turn(1, growing, CHINESE, busy=True)
    assert CHINESE.stopped in draw_turn(1, growing, CHINESE)
    failed = draw_turn(1, growing, CHINESE, notice="模型断开了")
    assert CHINESE.stopped not in failed
    assert "模型断开了" in Read(failed).within["failure"][0]
    assert "用时 1.50 秒" in draw_turn(1, answered("柳。", seconds={"search": 0.5, "read": 1.0}), CHINESE)
    assert "1.20 s" in draw_turn(1, answered("柳。", seconds={"search": 0.5, "total": 1.2}), ENGLISH)


def test_stopped_before_the_first_word_says_so() -> None:
    drawn = draw_turn(1, replace(answered(""), done=False), CHINESE)
    assert CHINESE.talk.stopped_early in drawn
    assert CHINESE.stopped not in drawn


def test_a_turn_says_which_articles_were_asked_and_who_answered() -> None:
    hits = (Hit(passage("柳。"), 0.5, 1),)
    asked = Question("沿岸种什么？", articles=("a", "b"), since="2021-01-01")
    answer = answered("柳。", hits=hits, model="wenju", question=asked)
    drawn = Read(draw_exchange(1, Exchange(answer, asked_of="问的是我的文章（3 篇）"), CHINESE))
    assert drawn.within["foot"] == ["问的是我的文章（3 篇） · 选定的 2 篇 · 2021-01-01 至 … · 内置阅读模型"]
    instead = draw_turn(1, replace(answer, instead_of="某模型"), CHINESE)
    assert "内置阅读模型（某模型 的回答没有通过核对）" in Read(instead).within["foot"][0]


def test_the_newest_evidence_is_open_and_earlier_is_folded() -> None:
    exchange = Exchange(answered("柳。[1]", citations=(cited(),)))
    assert "<details open><summary>出处" in draw_exchange(2, exchange, CHINESE, newest=True)
    assert "<details><summary>出处" in draw_exchange(1, exchange, CHINESE)


def test_what_can_be_done_with_a_turn_waits_for_its_end() -> None:
    answer = answered("柳。[1]", citations=(cited(),), hits=(Hit(passage("柳。"), 0.5, 1),))
    assert "tools" not in draw_turn(1, answer, CHINESE, busy=True)
    drawn = draw_exchange(1, Exchange(answer, rating="good"), CHINESE)
    assert [does in drawn for does in ('data-do="copy"', 'data-do="again"', 'data-do="edit"')] == [True] * 3
    assert 'aria-pressed="true" type="button" class="tool" data-do="good"' in drawn
    assert 'aria-pressed="false" type="button" class="tool" data-do="bad"' in drawn


def test_why_tells_how_each_passage_was_found() -> None:
    used = passage("沿岸种柳。")
    other = replace(passage("河里有鱼。"), id="a#1")
    hits = (Hit(used, 0.61, 1, Arm(7.5, 1), None, 0.93), Hit(other, 0.4, 2, Arm(3.0, 2), Arm(0.7, 1)))
    citation = Citation(1, used, "沿岸种柳。", 0, 5)
    answer = answered("柳。[1]", citations=(citation,), hits=hits, seconds={"search": 0.004, "total": 0.1})
    read = Read(draw_why(answer, CHINESE))
    assert read.within["td"][:5] == ["河道沿岸种柳。…… · 用作出处 [1]", "第 1 · 7.50", "未找到", "0.61", "0.93"]
    assert read.within["td"][6:10] == ["第 2 · 3.00", "第 1 · 0.70", "0.40", "没有细读"]
    assert "各步用时：查找 0.004 · 合计 0.100" in read.text
    assert draw_why(answered("你好"), CHINESE) == ""


def test_the_reading_room_marks_quotes_in_the_clean_and_in_the_raw_text() -> None:
    raw = "沿岸\n种 柳。很多。"
    article = Article(
        "a", "河道", "沿岸种柳。很多。", "a.txt", raw=raw, raw_start=9, runs=(Run(0, 0, 2), Run(2, 3, 1), Run(3, 5, 5))
    )
    room = Read(draw_room(article, [(0, 5, 1)], CHINESE, number=1))
    assert room.within["mark"] == ["沿岸种柳。", "沿岸", "种", "柳。"]
    assert room.within["pre"] == [raw]
    assert room.within["clean"] == ["沿岸种柳。很多。"]
    assert room.within["steps"][0].startswith("引用 1 处")
    same = draw_room(Article("a", "", "柳。"), [], ENGLISH, raw=True)
    assert ENGLISH.talk.raw_note in same and " data-raw>" in same and "steps" not in same


def rows() -> Article:
    """A heading, a table of two rows and a paragraph under another heading."""
    lines = ["一、人员", "姓名：王五；电话：102", "姓名：赵六", "二、说明", "电话为内线。"]
    starts = [sum(len(line) + 1 for line in lines[:place]) for place in range(len(lines))]
    cells = ((Cell("姓名", 8, 10, 0), Cell("电话", 14, 17, 1)), (Cell("姓名", 21, 23, 0), Cell("电话", 23, 23, 1)))
    blocks = (
        Block("heading", starts[0], starts[0] + 4, 1),
        Block("row", starts[1], starts[1] + 12, table=0, cells=cells[0]),
        Block("row", starts[2], starts[2] + 5, table=0, cells=cells[1]),
        Block("heading", starts[3], starts[3] + 4, 1),
        Block("paragraph", starts[4], starts[4] + 6),
    )
    tables = (Table("通讯录", "", (("姓名", "电话"),)),)
    return Article("a", "通讯录", "\n".join(lines), blocks=blocks, tables=tables)


def test_a_table_is_a_table_with_the_quoted_row_and_cell_marked() -> None:
    article = rows()
    quote = (article.blocks[1].start, article.blocks[1].end, 1)
    drawn = draw_room(article, [quote], CHINESE, number=1)
    room = Read(drawn)
    assert room.within["caption"] == ["通讯录"]
    assert room.within["th"] == ["姓名", "电话"]
    assert room.within["td"] == ["王五", "102", "赵六", ""]
    assert room.within["quoted"] == ["王五102"]
    assert room.within["clean"][0].count("姓名") == 1
    assert room.within["contents"] == ["目录一、人员二、说明"]
    inside = Passage("a#0", "a", article.text[5:23], 5, 23, blocks=article.blocks[1:3], headings=("一、人员",))
    citation = Citation(1, inside, article.text[14:17], 14, 17)
    card = Read(draw_evidence(1, answered("102[1]", citations=(citation,)), CHINESE))
    assert card.within["th"] == ["姓名", "电话"]
    assert card.within["mark"] == ["102"]
    assert card.within["above"] == ["一、人员"]


def test_a_very_long_article_is_shown_around_its_quote_and_says_so() -> None:
    text = "\n".join(f"第{n}行" + "长" * 95 for n in range(3000))
    place = text.index("第2000行")
    room = draw_room(Article("a", "长文", text), [(place, place + 6, 1)], CHINESE, number=1)
    assert Read(room).within["mark"][0] == "第2000行"
    assert len(room) < 600_000
    assert "全文太长" in room


def test_progress_tells_rate_and_remaining_time() -> None:
    drawn = draw_progress("embedding", 30, 90, 15.2, CHINESE)
    assert Read(drawn).text == "建立索引30 / 90 · 每秒 15 · 还需约 4 秒"
    assert 'value="30" max="90"' in drawn
    many = [TakenFile(f"{n}.txt", 1) for n in range(9)] + [TakenFile("<b>.pdf", problem="坏了")]
    reading = draw_read_so_far("<i>.txt", many, CHINESE)
    assert Read(reading).text.startswith("正在读 <i>.txt<b>.pdf没能读入坏了8.txt1 篇文章")
    assert "3.txt" not in reading
    unknown = draw_progress("embedding", 0, 0, 0.0, CHINESE)
    assert "value" not in unknown
    assert Read(draw_progress("writing", 5, 5, 0.5, ENGLISH)).text == "Writing the index5 / 5 · 0.5 per second"


def test_the_fate_of_each_file_is_told() -> None:
    good = TakenFile("好.txt", articles=2, passages=9, repairs="去掉 3 个空白")
    bad = TakenFile("坏.pdf", problem="不是 PDF")
    read = Read(draw_taken([good, bad], CHINESE))
    assert read.within["li"] == ["坏.pdf没能读入不是 PDF", "好.txt2 篇文章，9 个段落去掉 3 个空白"]
    assert CHINESE.ready in read.text
    assert CHINESE.nothing_taken in draw_taken([bad], CHINESE)


@settings(deadline=None)
@given(NASTY)
def test_escaped_text_reads_back_and_is_inert_in_templates(text: str) -> None:
    drawn = escape(text)
    assert Read(drawn).text == text
    assert Read(f'<a title="{drawn}">').values == [text]
    assert not set("<>\"'`{}$") & set(drawn)


@settings(deadline=None)
@given(NASTY, NASTY, NASTY, NASTY, st.booleans(), st.booleans())
def test_nothing_handed_in_becomes_anything_but_text(
    one: str, two: str, three: str, four: str, no: bool, fine: bool
) -> None:
    quote = one + "。"
    whole = passage(two + quote + three, title=four, source=one)
    citation = Citation(1, whole, quote, len(two), len(two) + len(quote), ((0, 1),))
    article = Article("a", four, whole.text, author=three, raw=f"x{two}", runs=(Run(0, 0, 1),))
    claim = Claim(quote, 0, len(quote), (1,), fine, three)
    answer = Answer(
        Question(one), two, quote + "[1]", (claim,), (citation,), (Hit(whole, 1.0, 1),), ((0, 1),), 0.5, no, True, three
    )
    answer = replace(answer, unanswered=(two, four))
    drawn = draw_turn(1, answer, CHINESE, notice=four)
    sources = draw_evidence(1, answer, CHINESE)
    room = draw_room(article, [(citation.start, citation.end, 1)], CHINESE, number=1)
    articles = draw_welcome([one, two], CHINESE)
    files = draw_taken([TakenFile(one, 1, 1, two), TakenFile(three, problem=four)], CHINESE)
    others = draw_rating(1, answer, ENGLISH) + draw_suggestions([one, two], three, 1)
    for html in (drawn, sources, room, articles, files, others, draw_progress(one, 1, 2, 1.0, CHINESE)):
        read = Read(html)
        assert set(read.tags) <= OURS
        assert {name for name in read.attributes if not name.startswith("data-")} <= SAFE
        assert all(link.startswith("#") for link in read.links)
        assert read.open == []
    assert Read(drawn).within["asked"] == [one]
    assert Read(sources).within["blockquote"] == [whole.text]
    assert [one, two] == Read(draw_welcome([one, two], CHINESE)).within["sample"]


def test_both_languages_have_every_text() -> None:
    for chinese, english in ((CHINESE, ENGLISH), (CHINESE.talk, ENGLISH.talk)):
        for field in chinese.__slots__:
            ours, theirs = getattr(chinese, field), getattr(english, field)
            assert ours and theirs, field
            assert not isinstance(ours, dict) or ours.keys() == theirs.keys(), field
    assert "data-words" in draw_dialogs(CHINESE, Settings())
    assert words("en") is ENGLISH
    assert words("zh") is CHINESE


def test_an_answer_that_is_hardly_believed_says_so() -> None:
    assert CHINESE.unsure not in draw_turn(1, answered("甲有五人。", confidence=0.9), CHINESE)
    assert CHINESE.unsure in draw_turn(1, answered("甲有五人。", confidence=0.15), CHINESE)
    assert CHINESE.unsure not in draw_turn(1, answered("没有。", confidence=0.2, refused=True), CHINESE)


def test_a_part_without_an_answer_is_told() -> None:
    half = replace(answered("甲有五人。", confidence=0.9), unanswered=("乙<b>有多少人？",))
    assert f"{CHINESE.unanswered}乙&lt;b&gt;有多少人？" in draw_turn(1, half, CHINESE)
    assert CHINESE.unanswered not in draw_turn(1, answered("甲有五人。", confidence=0.9), CHINESE)


def test_who_waits_is_told_what_for_and_how_long() -> None:
    growing = Answer(Question("问"), "问")
    assert "秒" not in Read(draw_turn(1, growing, CHINESE, busy=True, waited=0.4)).text
    searching = Read(draw_turn(1, growing, CHINESE, busy=True, waited=3.9))
    assert searching.within["waiting"] == [f"{CHINESE.searching} 3 秒"]
    hits = tuple(Hit(passage(f"第{n}段。"), 0.1, n) for n in range(1, 6))
    writing = Read(draw_turn(1, replace(growing, hits=hits), ENGLISH, busy=True, waited=70.0))
    assert writing.within["waiting"] == ["Found 5 passages, writing the answer 70 s"]
    read = Read(draw_read(replace(growing, hits=hits), CHINESE))
    assert read.within["near"] == [CHINESE.passages_read]
    assert read.within["blockquote"] == ["第1段。", "第2段。", "第3段。"]
    assert draw_read(answered("柳。", hits=hits), CHINESE) == ""
