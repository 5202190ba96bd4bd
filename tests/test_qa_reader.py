from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article, Block, Passage
from corpus.errors import ModelError
from embeddings.collections.hit import Hit
from qa.reading.network import Network, load_network
from qa.reading.passages import merged
from qa.reading.pieces import LONGEST, pieces_of
from qa.reading.reader import LEAST, MOST, Read, Reading, best_span, read
from qa.reading.units import LONG, Unit, units_of


def passage(text: str, title: str = "", name: str = "p") -> Passage:
    return Passage(name, name, text, 0, len(text), title=title)


def hits(*texts: str) -> list[Hit]:
    return [Hit(passage(text, name=f"p{rank}"), 1.0 / rank, rank) for rank, text in enumerate(texts, 1)]


YUNXI = "云溪街道有党员1860名。今年上半年，街道改造老旧楼院47个，惠及居民9200户。街道党工委书记是李明华。"
LAKE = "东湖清淤工程历时八个月完工，共清出淤泥12万立方米。工程采用绞吸船施工，以减少对鱼类的影响。"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("云溪街道有多少名党员？", "1860名"),
        ("云溪街道的书记是谁？", "李明华"),
        ("东湖清出了多少淤泥？", "12万立方米"),
        ("清淤工程花了多长时间？", "八个月"),
    ],
)
def test_the_unit_that_answers_comes_first_with_the_stretch_that_does(question: str, answer: str) -> None:
    best = read(question, hits(YUNXI, LAKE), load_network()).reads[0]
    assert answer in best.unit.text
    assert best.answer in answer or answer in best.answer
    assert best.unit.start <= best.span[0] < best.span[1] <= best.unit.end


def test_it_is_surer_of_what_is_there_than_of_what_is_not() -> None:
    network = load_network()
    there = read("云溪街道有多少名党员？", hits(YUNXI), network).confidence
    another = read("白沙街道有多少名党员？", hits(YUNXI), network).confidence
    absent = read("火星上有几个湖泊？", hits(YUNXI), network).confidence
    assert there > 2 * another and there > 2 * absent


def test_without_passages_it_believes_nothing() -> None:
    assert read("有多少？", [], load_network()) == Reading("有多少？")
    assert Reading("有多少？").confidence == 0.0


def test_only_the_most_promising_passages_are_read() -> None:
    def names(found: list[Hit]) -> set[str]:
        return {r.unit.passage.id for r in read("天气怎么样？", found, load_network()).reads}

    short = hits(*[f"第{n}段说的是天气。" for n in range(MOST + 3)])
    assert names(short) == {hit.passage.id for hit in short[:MOST]}
    long = hits(*[f"第{n}段说的是天气。" * 40 for n in range(MOST)])
    assert names(long) == {hit.passage.id for hit in long[:LEAST]}


def test_a_long_passage_is_read_to_its_end() -> None:
    text = (
        "".join(f"第{n}号院修好了屋顶，也换了水管和电线，还请人来检查过一遍。" for n in range(60))
        + "管院子的人叫周正言。"
    )
    best = read("管院子的人叫什么？", hits(text), load_network()).reads[0]
    assert "周正言" in best.unit.text and best.answer in text


def test_many_windows_at_once_are_seen_as_each_alone() -> None:
    network = load_network()
    windows = [pieces_of(network.tokenizer, "谁来修？", "", text) for text in (YUNXI, LAKE * 3, "修。", YUNXI * 2)]
    together = network.see(windows)
    for window, seen in zip(windows, together, strict=True):
        alone = network.see([window])[0]
        # Weights of 8 bits are applied to inputs whose scale is that of the whole batch.
        assert abs(seen.whole - alone.whole) < 1.0 and seen.start.shape == alone.start.shape
        assert int(np.argmax(seen.answers)) in np.argsort(-alone.answers)[:5]


def test_pieces_point_at_the_characters_they_stand_for() -> None:
    pieces = pieces_of(load_network().tokenizer, "多少？" * 60, "标题" * 60, YUNXI * 20)
    assert len(pieces.ids) <= LONGEST
    text = YUNXI * 20
    covered = {place for start, end in pieces.spans for place in range(start, end)}
    assert covered == set(range(pieces.spans[-1][1])) and len(text) > len(covered)
    assert all(before[1] <= after[1] for before, after in pairwise(pieces.spans))


def test_the_best_span_is_the_best_of_all_that_are_not_too_long() -> None:
    generator = np.random.default_rng(1)
    start, end = generator.normal(size=30).astype(np.float32), generator.normal(size=30).astype(np.float32)
    slow = max((float(start[a] + end[b]), a, b) for a in range(30) for b in range(a, min(30, a + 7)))
    first, last, score = best_span(start, end, 7)
    assert (first, last) == slow[1:] and score == pytest.approx(slow[0])


def test_a_damaged_or_missing_model_names_the_remedy(tmp_path: Path) -> None:
    shipped = Path(load_network.__wrapped__.__globals__["WEIGHTS"])
    for name in ("tokenizer.json", "weights.json"):
        (tmp_path / name).write_bytes((shipped / name).read_bytes())
    (tmp_path / "reader.onnx").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="重新安装"):
        Network(tmp_path)


def test_units_are_sentences_and_long_ones_come_in_parts_that_cover_them() -> None:
    long = "，".join(f"第{n}个社区新建了党群服务中心" for n in range(12)) + "。"
    text = "短句在前。" + long
    units = units_of(passage(text))
    assert next(u.text for u in units) == "短句在前。"
    assert "".join(u.text for u in units[1:]) == long
    assert all(len(u.text) <= LONG + 20 for u in units)


def test_a_question_in_the_text_goes_with_its_answer() -> None:
    assert [u.text for u in units_of(passage("什么是网格？就是把社区分成小片。另有一句。"))] == [
        "什么是网格？就是把社区分成小片。",
        "另有一句。",
    ]


def test_rows_and_items_are_whole_units_and_headings_are_none() -> None:
    text = "联系人\n姓名：张三；电话：6601\n姓名：李四；电话：6602\n需要带：\n1. 身份证；\n2. 户口簿。"
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    kinds = ["heading", "row", "row", "paragraph", "item", "item"]
    blocks = tuple(Block(kind, start, end) for kind, (start, end) in zip(kinds, lines, strict=True))  # type: ignore[arg-type]
    article = Article("a", "", text, blocks=blocks)
    units = units_of(Passage("p", "a", text, 0, len(text), blocks=article.blocks))
    assert [u.text for u in units] == text.split("\n")[1:]
    assert units[0].block == blocks[1]


def test_hits_of_several_parts_come_once_the_most_believed_first() -> None:
    found = hits("甲。", "乙。", "丙。")
    unit = Unit(found[1].passage, 0, 2, (0, 2))
    both = merged([found, found[1:]], [Reading("？", (Read(unit, 0.9),)), Reading("！", ())])
    assert [hit.passage.id for hit in both] == ["p2", "p1", "p3"]
    assert [hit.rank for hit in both] == [1, 2, 3] and both[0].belief == 0.9 and both[1].belief is None
