"""Questions about a document itself: its day, since when it holds, whether a later one put it out of force."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Answer, ask
from qa.questions.about_documents import AboutDocument, about_document

FILES = {
    "渡口.txt": "清河渡口管理办法\n清河镇人民政府\n2012年3月1日\n第一条 渡船每年检验一次。\n第二条 船工须有证书。",
    "新规.txt": "清河水上交通规定\n第一条 渡船每半年检验一次，检验合格的发给标志。\n第二条 本规定自2021年5月1日起施行，"
    "《清河渡口管理办法》同时废止。\n清河镇人民政府\n2021年4月2日",
    "果园开放通知.txt": "关于果园开放的通知\n各村：\n今年果园照常开放，请村民错开时间采摘，不要攀折果树。\n清河镇农业服务中心\n二〇二三年九月八日",
    "2019-10-12 灯会.txt": "灯会筹备进展\n灯会的灯组已经扎好一半，余下的要在月底以前扎好，电线由电工检查。",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("documents")
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def quoted(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "said", "quote"),
    [
        ("《清河渡口管理办法》是什么时候发布的？", "2012年3月1日", "2012年3月1日"),
        ("关于果园开放的通知是哪天发的？", "2023年9月8日", "二〇二三年九月八日"),
        ("果园开放的那份通知的落款日期是哪天？", "2023年9月8日", "二〇二三年九月八日"),
        ("《灯会筹备进展》是哪天写的？", "2019年10月12日", "灯会筹备进展"),
        ("《清河水上交通规定》从什么时候起施行？", "2021年5月1日", FILES["新规.txt"].split("\n")[2]),
        ("《清河渡口管理办法》还有效吗？", "已由“清河水上交通规定”废止", FILES["新规.txt"].split("\n")[2]),
        ("《清河水上交通规定》废止了吗？", "在这些文章里没有找到废止它的说法", FILES["新规.txt"].split("\n")[2]),
    ],
)
def test_a_document_is_asked_about(folder: Path, question: str, said: str, quote: str) -> None:
    answer = ask(question, articles=str(folder))
    assert [answer.text[start:end] for start, end in answer.highlights] == [said]
    assert quoted(answer) == [quote] and answer.claims[0].computed


def test_the_document_spoken_of_is_meant(folder: Path) -> None:
    said = ("今年果园开放吗？", "今年果园照常开放，请村民错开时间采摘。[1]")
    assert "2023年9月8日" in ask("这份通知是哪天发的？", articles=str(folder), history=[said]).text
    assert not any(claim.computed for claim in ask("这份通知是哪天发的？", articles=str(folder)).claims)


def test_rules_out_of_force_are_said_to_be_where_they_are_shown(folder: Path) -> None:
    answer = ask("清河渡口管理办法规定船工须有什么？", articles=str(folder))
    assert answer.citations[0].passage.validity.told() == ("已由《清河水上交通规定》废止",)


@pytest.mark.parametrize(
    "question",
    [
        "录取通知什么时候发？",
        "灯会什么时候办？",
        "船工的证书过期了怎么办？",
        "《清河渡口管理办法》里渡船多久检验一次？",
        "报告会什么时候开始？",
    ],
)
def test_what_is_no_question_about_a_document_of_the_collection(folder: Path, question: str) -> None:
    assert not any(claim.computed for claim in ask(question, articles=str(folder)).claims)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("本办法自什么时候起施行？", AboutDocument("since")),
        ("这篇报道是哪天登的？", AboutDocument("published")),
        ("《票价规定》现在还适用吗？", AboutDocument("repealed", "票价规定")),
        ("船票什么时候涨价？", None),
        ("《票价规定》中学生票多少钱？", None),
    ],
)
def test_what_is_asked_of_a_document(question: str, expected: AboutDocument | None) -> None:
    assert about_document(question) == expected
