"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qa
from corpus.article import Passage
from corpus.errors import ModelError
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from qa.answer import Answer, Citation, Claim, Question
from qa.cli.main import main

COMMANDS = (["index"], ["ask"], ["articles"], ["articles", "list"], ["articles", "show"], ["articles", "remove"])
COMMANDS += (["chat"], ["bench"], ["doctor"], ["train"], [])
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "桥.txt").write_text("柳河大桥通车\n柳河大桥五月通车，全长八百二十米，双向四车道。", encoding="utf-8")
    (folder / "鱼.txt").write_text("鱼塘改造完成\n李家坳改造鱼塘三十六口，每口每年增收两千元。", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_ENCODER", "hashing")


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Makes every question end with the answer given, so that what is tested is how it is shown."""

    def answer_with(answer: Answer) -> None:
        class Double:
            def __init__(self, collection: Collection, *, settings: Any) -> None:
                self.model = settings.model

            def answer(self, question: Question) -> Answer:
                assert question.text == answer.question.text
                return answer

            def stream(self, question: Question) -> Iterator[Answer]:
                yield replace(answer, text="", done=False)
                yield self.answer(question)

        monkeypatch.setattr("qa.answerer.Answerer", Double)

    return answer_with


def an_answer(**changes: Any) -> Answer:
    text = "柳河大桥全长八百二十米。[1]"
    quote = "柳河大桥五月通车，全长八百二十米，双向四车道。"
    passage = Passage("桥#0", "桥", quote, 0, len(quote), title="柳河大桥通车", source="桥.txt", published="2021-05-02")
    plain: dict[str, Any] = {
        "question": Question("柳河大桥多长"),
        "standalone": "柳河大桥多长",
        "text": text,
        "claims": (Claim(text[:-3], 0, len(text), (1,), True),),
        "citations": (Citation(1, passage, quote, 0, len(quote)),),
        "hits": (Hit(passage, 0.9, 1),),
        "highlights": ((6, 11),),
        "done": True,
    }
    return Answer(**(plain | changes))


def wenju(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program as a shell starts it."""
    command = [sys.executable, "-m", "qa", *arguments]
    return subprocess.run(command, capture_output=True, env=os.environ | environment, timeout=120, check=False)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_in_the_language_of_the_person(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--help"]) == 0
    chinese = capsys.readouterr().out
    assert "选项" in chinese
    assert not re.search("Options|Arguments|Commands|Show this", chinese)
    assert main(["--lang", "en", *command, "-h"]) == 0
    english = capsys.readouterr().out
    assert "Options" in english
    assert not HAN.search(re.sub("wenju ask .*", "", english))  # examples of questions stay Chinese
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert main([*command, "--help"]) == 0
    assert capsys.readouterr().out == english


def test_the_version_is_the_one_that_python_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"wenju {qa.__version__}\n"


def test_no_argument_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "wenju ask" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["aks"], "index、ask"),
        (["articles"], "少了命令"),
        (["ask"], "QUESTION"),
        (["ask", "问", "--nothing"], "--nothing"),
        (["chat", "--port", "many"], "--port"),
        (["chat", "--port", "0"], "--port"),
        (["ask", "问", "--lang", "fr"], "--lang"),
        (["ask", "问", "--lang"], "--lang"),
    ],
)
def test_wrong_usage_says_what_and_exits_with_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert named in shown.err
    assert "--help" in shown.err
    assert shown.out == ""


def test_an_error_is_one_message_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "问题", "--collection", str(tmp_path)]) == 1
    chinese = capsys.readouterr()
    assert chinese.err.startswith("错误：")
    assert str(tmp_path) in chinese.err
    assert "Traceback" not in chinese.err
    assert chinese.out == ""
    assert main(["ask", "问题", "--collection", str(tmp_path), "--lang", "en"]) == 1
    english = capsys.readouterr().err
    assert english.startswith("Error: ")
    assert not HAN.search(english.replace(str(tmp_path), ""))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask", " "], "问题是空的"),
        (["ask", "问", "--collection", "a", "--articles", "b"], "--collection"),
        (["ask", "问", "--articles", "没有这个文件夹"], "没有这个文件夹"),
        (["index", "没有这个文件夹"], "没有这个文件夹"),
        (["articles", "remove", "a"], "--collection"),
    ],
)
def test_what_cannot_be_done_exits_with_1(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert named in capsys.readouterr().err


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WENJU_PASSAGES", "many")
    assert main(["articles", "list"]) == 1
    assert "WENJU_PASSAGES" in capsys.readouterr().err


def test_a_fault_of_the_program_shows_no_traceback_unless_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("qa.library.indexes.sample_collection", fail)
    assert main(["articles", "list"]) == 1
    shown = capsys.readouterr().err
    assert "unforeseen" in shown
    assert "WENJU_DEBUG" in shown
    monkeypatch.setenv("WENJU_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["articles", "list"])


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_control_c_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("qa.library.indexes.sample_collection", interrupt)
    assert main(["articles", "list"]) == 130
    assert "错误" not in capsys.readouterr().err


def test_index_says_what_became_of_each_file_and_what_to_type_next(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pages / "坏.pdf").write_text("这不是PDF", encoding="utf-8")
    (pages / "断行.txt").write_text(
        "旧码头重修\n旧码头今年重修，一共要换下木桩一百\n二十根，七月里全部完 工，随后恢复通航。", encoding="utf-8"
    )
    (pages / "半.jsonl").write_text(
        '{"title": "渡口", "text": "渡口每天有六班船，末班船晚上七点半开。"}\n{"ti', encoding="utf-8"
    )
    target = tmp_path / "my index"
    assert main(["index", str(pages), "--to", str(target)]) == 0
    shown = capsys.readouterr()
    rows = {line.split()[0]: line for line in shown.out.splitlines() if line.strip()}
    assert rows["桥.txt"].split()[1:3] == ["1", "1"]
    assert rows["坏.pdf"].split()[1:3] == ["0", "0"]
    assert "PDF" in rows["坏.pdf"]
    assert rows["半.jsonl"].split()[1:3] == ["1", "1"]
    assert "2" in rows["半.jsonl"].split(maxsplit=3)[3]  # the line that is broken
    assert re.search(r"\d+ 处", rows["断行.txt"])
    assert f"--collection '{target}'" in shown.out
    assert shown.err == ""
    assert len(Collection.open(target)) == 4


def test_without_a_place_the_index_is_the_one_that_ask_finds(
    pages: Path,
    answering: Callable[[Answer], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["index", str(pages)]) == 0
    assert f"--articles {pages}" in capsys.readouterr().out
    answering(an_answer())
    monkeypatch.setattr("corpus.reading.folders._result", lambda *_, **__: pytest.fail("indexed again"))
    assert main(["ask", "柳河大桥多长", "--articles", str(pages)]) == 0


def test_an_answer_is_shown_with_its_marks_and_sources(
    pages: Path, answering: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(an_answer())
    assert main(["ask", "柳河大桥多长", "--articles", str(pages)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "柳河大桥全长八百二十米。[1]",
        "",
        "出处",
        "[1] 《柳河大桥通车》  桥.txt  2021-05-02",
        "    柳河大桥五月通车，全长八百二十米，双向四车道。",
    ]


def test_on_a_terminal_the_shortest_answer_stands_out(
    pages: Path,
    answering: Callable[[Answer], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answering(an_answer())
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert main(["ask", "柳河大桥多长", "--articles", str(pages)]) == 0
    assert capsys.readouterr().out.count("\x1b[1;4m八百二十米\x1b[0m") == 2


def test_an_unsupported_sentence_is_shown_as_one(
    pages: Path, answering: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(an_answer(claims=(Claim("全长九百米。", 0, 6, (1,), False, "没有“九百”"),)))
    assert main(["ask", "柳河大桥多长", "--articles", str(pages)]) == 0
    assert "未能核实：全长九百米。（没有“九百”）" in capsys.readouterr().out


def test_a_part_without_an_answer_is_told(
    pages: Path, answering: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(an_answer(unanswered=("东河大桥多长？",)))
    assert main(["ask", "柳河大桥多长", "--articles", str(pages)]) == 0
    assert "没有找到可靠的答案：东河大桥多长？" in capsys.readouterr().out


def test_a_refusal_shows_the_nearest_and_is_no_error(
    pages: Path, answering: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(an_answer(refused=True, text="文章里没有。", claims=(), citations=(), highlights=()))
    assert main(["ask", "柳河大桥多长", "--articles", str(pages)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("文章里没有。")
    assert "最接近的段落" in shown
    assert "《柳河大桥通车》" in shown
    assert "[1]" not in shown


def test_json_is_the_whole_answer(
    pages: Path, answering: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = an_answer()
    answering(answer)
    assert main(["ask", "柳河大桥多长", "--articles", str(pages), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(answer.to_dict()))


def test_the_model_that_was_named_answers(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_such(collection: Collection, *, settings: Any) -> None:
        raise ModelError(f"没有模型 {settings.model}", f"no model {settings.model}")

    monkeypatch.setattr("qa.answerer.Answerer", no_such)
    assert main(["ask", "问", "--articles", str(pages), "--model", "某个模型"]) == 1
    assert "某个模型" in capsys.readouterr().err


def test_words_of_a_question_need_no_quotes(
    pages: Path, answering: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(an_answer(question=Question("柳河 大桥")))
    assert main(["ask", "柳河", "大桥", "--articles", str(pages)]) == 0


def test_articles_are_listed_shown_and_removed(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--collection", str(tmp_path / "index")]
    main(["index", str(pages), "--to", where[1]])
    capsys.readouterr()

    assert main(["articles", "list", *where]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {row[0]: row[2] for row in rows} == {"桥.txt": "柳河大桥通车", "鱼.txt": "鱼塘改造完成"}

    assert main(["articles", "show", "柳河", *where]) == 0
    assert "双向四车道" in capsys.readouterr().out
    assert main(["articles", "show", "桥.txt", "--raw", *where]) == 0
    assert capsys.readouterr().out.strip() == (pages / "桥.txt").read_text(encoding="utf-8")

    assert main(["articles", "remove", "桥.txt", "没有的", *where]) == 1
    assert "没有的" in capsys.readouterr().err
    assert len(Collection.open(where[1])) == 2
    assert main(["articles", "remove", "桥.txt", *where]) == 0
    assert [summary.id for summary in Collection.open(where[1]).articles()] == ["鱼.txt"]


def test_a_beginning_that_fits_several_articles_is_not_guessed(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pages / "桥二.txt").write_text("柳河二桥开工\n柳河二桥八月开工，工期二十个月。", encoding="utf-8")
    assert main(["articles", "show", "柳河", "--articles", str(pages)]) == 1
    shown = capsys.readouterr().err
    assert "桥.txt" in shown
    assert "桥二.txt" in shown


def test_warnings_are_notes_and_not_source_lines(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "file" / "home"))
    assert main(["articles", "list", "--articles", str(pages)]) == 0
    shown = capsys.readouterr()
    assert shown.out.count("\n") == 2
    assert "WENJU_HOME" in shown.err
    assert ".py" not in shown.err


@pytest.mark.slow
def test_a_terminal_without_chinese_characters_is_no_obstacle(pages: Path) -> None:
    for arguments in (["--help"], ["articles", "list", "--articles", str(pages)], ["index"]):
        result = wenju(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert b"Traceback" not in result.stderr + result.stdout
        assert result.returncode == (2 if arguments == ["index"] else 0)


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(pages: Path) -> None:
    for number in range(300):
        (pages / f"{number}.txt").write_text(f"第{number}号\n第{number}号通知发给{number}户。" * 20, encoding="utf-8")
    main(["index", str(pages)])
    command = [sys.executable, "-m", "qa", "articles", "list", "--articles", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in (1, 141)


def test_several_collections_are_asked_as_one(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where: list[str] = []
    for name in ("桥", "鱼"):
        assert main(["index", str(pages / f"{name}.txt"), "--to", str(tmp_path / name)]) == 0
        where += ["--collection", str(tmp_path / name)]
    capsys.readouterr()
    for question, said in (("柳河大桥全长多少米？", "八百二十米"), ("李家坳改造鱼塘多少口？", "三十六口")):
        assert main(["ask", question, *where, "--json", "--model", "wenju"]) == 0
        assert said in json.loads(capsys.readouterr().out)["text"]
    both = qa.ask("李家坳改造鱼塘多少口？", collection=[tmp_path / "桥", tmp_path / "鱼"], model="wenju")
    assert [citation.passage.source for citation in both.citations] == ["鱼.txt"]
    with pytest.raises(ValueError, match="no collection"):
        qa.ask("多少口？", collection=[])


def test_chat_serves_the_collection_and_closes_the_page(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, Any] = {}

    class Page:
        def close(self, verbose: bool) -> None:
            seen["closed"] = True

    def serve(answerer: Any, **options: Any) -> Page:
        seen.update(options, articles=len(answerer.collection))
        return Page()

    class Double:
        def __init__(self, collection: Collection, *, settings: Any) -> None:
            self.collection = collection

    monkeypatch.setattr("qa.answerer.Answerer", Double)
    monkeypatch.setattr("qa.web.serving.serve", serve)
    monkeypatch.setattr("qa.cli.commands._wait", interrupt)
    arguments = ["chat", "--articles", str(pages), "--host", "0.0.0.0", "--port", "7999", "--no-browser"]
    assert main(arguments) == 130
    assert seen["articles"] == 2
    assert seen["closed"]
    assert (seen["host"], seen["port"], seen["open_browser"]) == ("0.0.0.0", 7999, False)
    assert "http://127.0.0.1:7999" in capsys.readouterr().err


@pytest.mark.slow
def test_the_samples_answer_from_a_shell(sample: Collection) -> None:
    result = wenju("ask", "商都路街道到2021年年中有多少名党员？", "--json", WENJU_ENCODER="wenju")
    assert result.stderr == b""
    answer = json.loads(result.stdout)
    assert not answer["refused"]
    assert "2584" in answer["text"]
    assert any("2584" in citation["quote"] for citation in answer["citations"])
