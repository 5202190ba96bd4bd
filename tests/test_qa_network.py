"""The neural reader as it is shipped, and a small one of random numbers that can be checked against torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Passage
from corpus.errors import ModelError
from embeddings.collections.hit import Hit
from embeddings.encoders.loading import load_encoder
from qa.reading.features import ask_about
from qa.reading.network.columns import COLUMNS, READ, agreed, best_span, network_columns, passages_to_read
from qa.reading.network.network import LONGEST_PASSAGE, Network, Sight, load_network, overlaps, save_network
from qa.reading.network.words import FIRST, LETTERS, UNKNOWN, Lexicon, normal, shape
from qa.reading.units import LONG, units_of

UNITS = (
    "商都路街道成立于2010年3月。",
    "辖区内有6个社区，党员总数为2584名。",
    "街道办事处主任王建国介绍，今年将新建两座公园。",
)


def best_word(sight: Sight, column: int) -> tuple[int, str]:
    place = int(sight.logits[:, column].argmax())
    start, end = sight.places[place]
    return int(sight.units[place]), UNITS[sight.units[place]][start:end]


@pytest.mark.parametrize(
    ("question", "unit", "begin"),
    [("商都路街道成立于哪一年？", 0, "2010"), ("商都路街道有多少名党员？", 1, "2584"), ("街道办事处主任是谁？", 2, "王建国")],
)  # fmt: skip
def test_the_answer_begins_where_it_stands(question: str, unit: int, begin: str) -> None:
    (sight,) = load_network().look(question, [("商都路街道", UNITS)])
    found, word = best_word(sight, 0)
    assert found == unit
    assert begin.startswith(word)


def test_a_passage_that_does_not_answer_has_more_of_nothing() -> None:
    question = "商都路街道有多少名党员？"
    other = ("天气预报说，明天晴，最高气温二十度。", "后天有小雨。")
    own, off = load_network().look(question, [("", UNITS), ("", other)])
    assert own.logits[:, 0].max() - own.nothing > off.logits[:, 0].max() - off.nothing


def test_passages_are_read_each_by_itself() -> None:
    network = load_network()
    long = ("这一段很长，" * 60,)
    alone = network.look("有多少名党员？", [("商都路", UNITS)])[0]
    among = network.look("有多少名党员？", [("", long), ("商都路", UNITS), ("", ("短。",))])[1]
    assert np.allclose(alone.logits, among.logits, atol=1e-3)
    assert alone.nothing == pytest.approx(among.nothing, abs=1e-3)


def test_titles_do_not_answer() -> None:
    (sight,) = load_network().look("哪个街道有2584名党员？", [("商都路街道", UNITS)])
    assert (sight.logits[sight.units < 0] < -1000).all()
    assert (sight.logits[sight.units >= 0] > -1000).all()


@pytest.mark.parametrize("question", ["", " \n", "？", "𠮷", "a" * 5000, "多少" * 500, "\ud800"])
@pytest.mark.parametrize("units", [(), ("",), (" \n",), ("。",), ("党" * 3000,), ("𝟎٣½ \ud800",), UNITS])
def test_odd_texts_are_read(question: str, units: tuple[str, ...]) -> None:
    (sight,) = load_network().look(question, [("题" * 100, units)])
    assert sight.logits.shape == (len(sight.units), 3)
    assert len(sight.places) == len(sight.units) <= LONGEST_PASSAGE
    assert np.isfinite(sight.logits).all()
    assert np.isfinite(sight.nothing)


def test_no_passages_and_passages_without_words() -> None:
    assert load_network().look("谁？", []) == []
    full, empty = load_network().look("主任是谁？", [("", UNITS), ("", ())])
    assert len(full.units) > 0
    assert len(empty.units) == 0


def test_the_same_word_is_wholly_in_a_question_and_a_like_one_in_part() -> None:
    lexicon = load_network().lexicon
    table = lexicon.look_up("党员 党组织 2584 2585").table
    over = overlaps(table[None], lexicon.look_up("党员 2584").table)[0]
    same, partly = over[0, 0], over[1, 0]
    assert same == 1
    assert 0 < partly < 0.5
    numbers = over[:, -1]
    assert numbers[-2] == 1
    assert numbers[-1] == 0


@pytest.mark.parametrize(("word", "form"), [("２５８４", "2584"), ("黨員", "党员"), ("AI", "ai")])
def test_words_are_compared_in_one_form(word: str, form: str) -> None:
    assert normal(word) == form


def test_figures_are_known_by_their_length() -> None:
    assert shape("2584") == "0000"
    assert shape("12000000000") == "000000000"
    assert shape("3.5") == "3.5"


def test_places_are_those_of_the_text() -> None:
    text = "党员 总数\n为2584名。"
    words = load_network().lexicon.look_up(text)
    assert "".join(text[start:end] for start, end in words.places) == text.replace(" ", "").replace("\n", "")
    assert words.table.shape == (len(words), FIRST + LETTERS)


def small_network(seed: int = 0) -> Network:
    torch = pytest.importorskip("torch")
    from qa.training.network_model import Network as Trained
    from qa.training.network_training import packed

    lexicon = small_lexicon()
    torch.manual_seed(seed)
    return packed(Trained(len(lexicon.rarity), int(lexicon.letters.max()) + 1).eval(), lexicon)


def small_lexicon() -> Lexicon:
    words = ["党员", "总数", "街道", "0000", "多少", "，", "。"]
    letters = np.full(0x10000, UNKNOWN, np.int32)
    letters[0] = 0
    for number, letter in enumerate("党员总数街道多少名", 2):
        letters[ord(letter)] = number
    return Lexicon({w: n for n, w in enumerate(words, 2)}, letters, np.linspace(0, 1, len(words) + 2, dtype=np.float32))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    network = small_network()
    save_network(tmp_path / "n.npz", network)
    loaded = load_network(tmp_path / "n.npz")
    assert loaded.lexicon.words == network.lexicon.words
    assert (loaded.lexicon.letters == network.lexicon.letters).all()
    before, after = (n.look("有多少名党员？", [("街道", UNITS)])[0] for n in (network, loaded))
    assert np.allclose(before.logits, after.logits, atol=0.05)


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "n.npz").write_bytes(b"PK\x03\x04 not a model")
    with pytest.raises(ModelError, match="重新安装"):
        load_network(tmp_path / "n.npz")


def test_the_best_span_does_not_end_before_it_begins() -> None:
    logits = np.array([[0, 9, 0], [5, 0, 0], [1, 3, 0]], np.float32)
    together = np.zeros(3, np.int32)
    assert best_span(logits, together) == (9, 0, 0)
    logits[0, 1] = 0
    assert best_span(logits, together) == (8, 1, 2)
    assert best_span(logits, np.array([0, 0, 1], np.int32)) == (5, 1, 1)
    assert best_span(logits, np.full(3, -1, np.int32))[0] == -np.inf  # a title alone


def hit(text: str, rank: int) -> Hit:
    return Hit(Passage(f"a#{rank}", f"a{rank}", text, 0, len(text), "题"), 1 / rank, rank)


def test_only_the_best_passages_are_read() -> None:
    hits = [hit("".join(UNITS) if rank == 3 else f"第{rank}段，天气晴。", rank) for rank in range(1, 9)]
    units = units_of(hits)
    rough = np.array([len(unit.text) for unit in units], np.float32)
    read = passages_to_read(units, rough)
    assert len(read) == READ
    assert read[0] == 2
    asked = ask_about("有多少名党员？", lambda _: 1.0, load_encoder())
    table, answers = network_columns(load_network(), asked, units, hits, rough)
    assert table.shape == (len(units), len(COLUMNS))
    column = {name: table[:, place] for place, name in enumerate(COLUMNS)}
    assert [unit.hit in read for unit in units] == column["net_read"].astype(bool).tolist()
    best = units[int(column["net_span"].argmax())]
    assert best.text == UNITS[1]
    assert set(answers) == {number for number, unit in enumerate(units) if unit.hit in read}
    assert all(answer and answer in units[number].text for number, answer in answers.items())
    assert column["net_rank"].min() == column["net_rank"][column["net_span"].argmax()] == 0
    assert column["net_span_behind"].max() == 0
    assert column["net_span_fits"][column["net_span"].argmax()] == 1
    assert 0 < column["net_span_length"][column["net_span"].argmax()] < len(UNITS[1]) / LONG
    assert (column["net_span"][column["net_read"] == 0] == column["net_span"].min()).all()


def test_answers_that_other_articles_have_too_are_counted() -> None:
    texts = ("冠军是克罗地亚队。", "季军是克罗地亚队。", "季军是摩洛哥队。", "天气晴。")
    hits = [hit(text, rank) for rank, text in enumerate(texts, 1)]
    twin = replace(hits[1].passage, id="a1#2", article_id="a1")
    hits[1] = Hit(twin, 0.5, 2)  # of the same article as the first
    units = units_of(hits)
    spans = {0: "克罗地亚队", 1: "克罗地亚", 2: "摩洛哥队", 3: "晴"}
    scores, belief = np.array([3, 2, 1, 0], np.float32), np.zeros(4, np.float32)
    assert agreed(units, hits, spans, scores, belief).tolist() == [[0, 0], [0, 0], [0, 0], [0, 0]]
    hits[1] = hit(texts[1], 2)
    assert agreed(units, hits, spans, scores, belief).tolist() == [[1, 0.5], [1, 0.5], [0, 0], [0, 0]]
    assert agreed(units, hits, spans | {1: "季军"}, scores, belief).tolist()[0] == [1, 0]
