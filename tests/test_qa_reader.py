from pathlib import Path

import numpy as np
import pytest

from corpus.article import Passage
from corpus.errors import ModelError
from embeddings.collections.hit import Arm, Hit
from embeddings.encoders.loading import load_encoder
from qa.reading.reader import Reading, load_reader
from qa.reading.units import units_of

TEXTS = (
    "云溪街道风景很好，游人很多。云溪街道有党员1860名，他们在各个岗位上服务居民。街道还有三条小河。",
    "平安社区的老年食堂每天供应午餐。食堂于2021年5月8日开张。为什么要办食堂？因为独居老人做饭不便。",
)


def read(question: str, texts: tuple[str, ...] = TEXTS) -> Reading:
    hits = [
        Hit(Passage(f"a#{i}", f"a{i}", text, 0, len(text)), 0.8 - i / 5, i + 1, Arm(6.0 - i, i + 1), Arm(0.6, i + 1))
        for i, text in enumerate(texts)
    ]
    return load_reader().read(
        question, hits, idf=lambda term: 2.0 + len(term), encoder=load_encoder(), text_of=lambda _: ""
    )


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("云溪街道有多少名党员？", "1860"),
        ("老年食堂是什么时候开张的？", "2021年5月8日"),
        ("为什么要办食堂？", "因为独居老人"),
    ],
)
def test_the_answering_unit_comes_first(question: str, best: str) -> None:
    reading = read(question)
    assert best in reading.units[0].unit.text
    shares = [r.share for r in reading.units]
    assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1, abs=1e-3)


def test_it_is_surer_of_what_is_there_than_of_what_is_not() -> None:
    there = read("云溪街道有多少名党员？").confidence
    assert 0 <= read("火星上有几个湖泊？").confidence < there <= 1
    assert read("东湖街道有多少名党员？").confidence < there


def test_without_passages_it_believes_nothing() -> None:
    assert read("云溪街道有多少名党员？", ()).confidence == 0.0
    assert read("云溪街道有多少名党员？", ()).units == ()


def test_a_question_in_the_text_goes_with_its_answer() -> None:
    text = "街道搭了帐篷。为什么要搭帐篷？因为离群众近。"
    units = units_of([Hit(Passage("a#0", "a", text, 0, len(text)), 1.0, 1)])
    assert [unit.text for unit in units] == ["街道搭了帐篷。", "为什么要搭帐篷？因为离群众近。"]


def test_a_damaged_or_missing_model_names_the_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "reader.npz"
    broken.write_bytes(b"PK\x03\x04 not a model")
    for path in (broken, tmp_path / "none.npz"):
        with pytest.raises(ModelError, match="重新安装"):
            load_reader(path)


def test_the_weights_are_plain_arrays() -> None:
    reader = load_reader()
    table = np.zeros((5, len(reader.columns)), np.float32)
    rough = np.zeros(5, np.float32)
    scores, certainty = reader.weigh(table, rough, [0.0] * 5)
    assert np.isfinite(scores).all()
    assert np.isfinite(certainty)
    further, _ = reader.weigh(table, rough, [0, 0, 1, 0, 0])
    assert scores[2] - further[2] == pytest.approx(reader.temperature, rel=1e-4)
    assert len(set(reader.columns)) == len(reader.columns)
