from dataclasses import replace

from corpus.article import Passage
from qa.answer import Answer, Citation, Claim, Question
from qa.web.conversation import Exchange
from qa.web.html_turn import draw_turn
from qa.web.texts import CHINESE
from qa.writing.quoting import headed

PASSAGE = Passage("p", "p", "每月补贴300元。", 0, 9)
QUOTED = Answer(
    Question("每月500元对吗？"), "每月500元对吗？", text="每月补贴300元。[1]", claims=(Claim("每月补贴300元。", 0, 12, (1,), True),),
    citations=(Citation(1, PASSAGE, PASSAGE.text, 0, 9),), highlights=((4, 8),),
)  # fmt: skip


def test_a_verdict_stands_before_the_quotation_it_rests_on_and_says_that_it_is_computed() -> None:
    answer = headed(QUOTED, "不是：文章说的是“300元”。")
    assert answer.text == "不是：文章说的是“300元”。[1]每月补贴300元。[1]"
    assert [claim.computed for claim in answer.claims] == [True, False]
    assert all(answer.text[claim.start : claim.end].startswith(claim.text) for claim in answer.claims)
    assert [answer.text[start:end] for start, end in answer.highlights] == ["300元"]


def test_without_a_sentence_or_evidence_nothing_is_said() -> None:
    assert headed(QUOTED, "") is QUOTED
    bare = Answer(Question("？"), "？")
    assert headed(bare, "是的。") is bare


def test_a_computed_sentence_says_so_on_the_page() -> None:
    drawn = draw_turn(1, Exchange(replace(headed(QUOTED, "不是：文章说的是“300元”。"), done=True)), CHINESE)
    assert drawn.count('class="computed"') == 1
