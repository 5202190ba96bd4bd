"""Drawing answers: what is shown, what points where, and that nothing handed in becomes anything but text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Passage, Run
from embeddings.collections.hit import Hit
from qa.answer import Answer, Citation, Claim, Question
from qa.web.html import draw_panel, draw_read, draw_sources, draw_turn, escape
from qa.web.html_articles import TakenFile, draw_catalogue, draw_progress, draw_taken, draw_welcome
from qa.web.texts import CHINESE, ENGLISH, words

OURS = {
    *("section", "article", "header", "div", "span", "p", "h2", "h3", "h4", "a", "strong", "mark", "b", "small"),
    *("details", "summary", "pre", "blockquote", "button", "ul", "ol", "li", "progress"),
}
SAFE = {
    *("class", "id", "href", "title", "role", "tabindex", "type", "value", "max"),
    *("data-card", "data-mark", "data-question", "data-tab", "aria-label", "aria-busy", "aria-hidden"),
}
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


def test_a_mark_points_at_the_card_of_its_own_turn() -> None:
    answer = answered("沿岸种柳。[1]", citations=(cited(),))
    assert 'href="#card-7-1"' in draw_turn(7, answer, CHINESE)
    assert 'aria-label="出处 1：河道"' in draw_turn(7, answer, CHINESE)
    assert 'id="card-7-1"' in draw_sources(7, answer, {}, CHINESE)


def test_a_mark_without_its_citation_is_no_link() -> None:
    drawn = draw_turn(1, answered("沿岸种柳。[2]", citations=(cited(),)), CHINESE)
    assert "<a" not in drawn
    assert "[2]" in Read(drawn).text


def test_only_the_quote_is_marked_in_its_passage() -> None:
    read = Read(draw_sources(1, answered("柳。[1]", citations=(cited(),)), {}, CHINESE))
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


def test_a_refusal_lists_near_misses_and_no_evidence() -> None:
    hits = tuple(Hit(passage(f"第{n}段。"), 0.1, n) for n in range(1, 6))
    answer = answered("在这些文章里没有找到。", refused=True, hits=hits)
    assert Read(draw_turn(1, answer, CHINESE)).within["refusal"] == ["文章里没有找到答案在这些文章里没有找到。"]
    sources = Read(draw_sources(1, answer, {}, CHINESE))
    assert sources.within["near"] == ["相近的段落，不作为出处"]
    assert sources.within["blockquote"] == ["第1段。", "第2段。", "第3段。"]
    assert "number" not in sources.within


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


def test_the_page_before_repair_marks_every_piece_and_leaves_out_what_lies_between() -> None:
    head, gap, tail = "头" * 200, "隔" * 500, "尾" * 200
    raw = f"{head}沿岸{gap}种 柳。{tail}"
    first, second, third = len(head), len(head) + 2 + len(gap), len(head) + 2 + len(gap) + 2
    runs = (Run(0, first, 2), Run(2, second, 1), Run(3, third, 2))
    article = Article("a", "河道", "沿岸种柳。", raw=raw, raw_start=1000, runs=runs)
    citation = Citation(1, passage(article.text), article.text, 0, 5, article.raw_spans(0, 5))
    read = Read(draw_sources(1, answered("柳。[1]", citations=(citation,)), {"a": article}, CHINESE))
    assert read.within["mark"] == ["沿岸种柳。", "沿岸", "种", "柳。"]
    before, after = read.within["pre"]
    assert before == "……" + "头" * 60 + "沿岸" + "隔" * 60 + "……"
    assert after == "……" + "隔" * 60 + "种 柳。" + "尾" * 60 + "……"


def test_a_page_that_needed_no_repair_says_so_and_a_missing_one_nothing() -> None:
    answer = answered("柳。[1]", citations=(cited(),))
    article = Article("a", "河道", "x" * 200)
    assert CHINESE.raw_same in draw_sources(1, answer, {"a": article}, CHINESE)
    assert "<details" not in draw_sources(1, answer, {}, CHINESE)


def test_the_panel_opens_the_newest_turn_and_folds_the_earlier_ones_newest_first() -> None:
    turns = [(replace(answered("答"), question=Question(f"问{n}")), f"<p>卡{n}</p>") for n in range(1, 4)]
    read = Read(draw_panel(turns, CHINESE))
    assert read.within["newest"] == ["问3卡3"]
    assert read.within["details"] == ["问2卡2", "问1卡1"]
    assert CHINESE.searching in draw_panel([(turns[0][0], "")], CHINESE, busy=True)
    assert CHINESE.no_sources in draw_panel([(turns[0][0], "")], CHINESE)
    assert CHINESE.no_sources_yet in draw_panel([], CHINESE)


def test_progress_tells_rate_and_remaining_time() -> None:
    drawn = draw_progress("embedding", 30, 90, 15.2, CHINESE)
    assert Read(drawn).text == "建立索引30 / 90 · 每秒 15 · 还需约 4 秒"
    assert 'value="30" max="90"' in drawn
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


@given(NASTY)
def test_escaped_text_reads_back_and_is_inert_in_templates(text: str) -> None:
    drawn = escape(text)
    assert Read(drawn).text == text
    assert Read(f'<a title="{drawn}">').values == [text]
    assert not set("<>\"'`{}$") & set(drawn)


@given(NASTY, NASTY, NASTY, NASTY, st.booleans(), st.booleans())
def test_nothing_handed_in_becomes_anything_but_text(
    one: str, two: str, three: str, four: str, no: bool, fine: bool
) -> None:
    quote = one + "。"
    whole = passage(two + quote + three, title=four, source=one)
    citation = Citation(1, whole, quote, len(two), len(two) + len(quote), ((0, 1),))
    article = Article("a", four, whole.text, raw=f"x{two}", runs=(Run(0, 0, 1),))
    claim = Claim(quote, 0, len(quote), (1,), fine, three)
    answer = Answer(
        Question(one), two, quote + "[1]", (claim,), (citation,), (Hit(whole, 1.0, 1),), ((0, 1),), 0.5, no, True, three
    )
    answer = replace(answer, unanswered=(two, four))
    drawn = draw_turn(1, answer, CHINESE, notice=four)
    sources = draw_sources(1, answer, {"a": article}, CHINESE)
    panel = draw_panel([(answer, sources), (answer, sources)], ENGLISH)
    articles = draw_catalogue([whole], 2, CHINESE) + draw_welcome([one, two], CHINESE)
    files = draw_taken([TakenFile(one, 1, 1, two), TakenFile(three, problem=four)], CHINESE)
    for html in (drawn, sources, panel, articles, files, draw_progress(one, 1, 2, 1.0, CHINESE)):
        read = Read(html)
        assert set(read.tags) <= OURS
        assert read.attributes <= SAFE
        assert all(link.startswith("#") for link in read.links)
        assert read.open == []
    assert Read(drawn).within["asked"] == [one]
    assert Read(sources).within["blockquote"] == [whole.text]
    assert [one, two] == Read(draw_welcome([one, two], CHINESE)).within["sample"]


def test_both_languages_have_every_text() -> None:
    for field in CHINESE.__slots__:
        assert getattr(CHINESE, field) and getattr(ENGLISH, field), field
    assert CHINESE.stages.keys() == ENGLISH.stages.keys()
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
