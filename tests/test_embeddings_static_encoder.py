"""The embedded encoder: what it promises of any text, and whether its vectors mean something."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ModelError
from embeddings.encoders.encoder import EMBEDDED_FOLDER
from embeddings.encoders.loading import load_encoder
from embeddings.encoders.pieces import LONGEST_RUN, PieceCutter
from embeddings.encoders.static_encoder import load_static_encoder, save_static_encoder

ODD_TEXTS = ["", "   \n\t", "。！？……——", "😀🎉👍", "\x00\ufeff", "\ud800", "a", "𠮷野家", "ｱｲｳ", "٣٤٥", "①②③㎡℃", "é"]

# (text, the same in other words, something else)
MEANINGS = [
    ("医院的大夫", "诊所里的医生", "球场上的裁判"),
    ("股票价格下跌", "股市走低", "学校举行运动会"),
    ("降雨引发洪水", "暴雨造成洪涝灾害", "歌手发行新专辑"),
    ("小学老师", "中学教师", "高速公路收费站"),
    ("电影院上映新片", "影片在各地公映", "农民收割小麦"),
    ("飞机晚点", "航班延误", "法院作出判决"),
    ("足球比赛", "球队联赛", "银行贷款利率"),
    ("警察抓获小偷", "民警抓到盗窃嫌疑人", "景区游客增多"),
    ("购买住宅", "买房子", "钢琴演奏会"),
    ("新能源汽车", "电动车", "古代诗人的作品"),
    ("大学录取新生", "高校招生", "台风登陆沿海"),
    ("皇帝登上王位", "国王即位", "手机芯片的性能"),
    ("患者接受治疗", "病人住院看病", "足球运动员转会"),
    ("公司营业收入增长", "企业营收上升", "森林里的动物"),
    ("火灾救援", "消防员灭火", "汉字的书写方法"),
    ("太空飞船发射", "航天员乘火箭升空", "水果的种植技术"),
    ("粮食丰收", "小麦水稻增产", "电视剧的演员"),
    ("法官审理案件", "法院开庭", "旅客乘坐地铁"),
    ("天气炎热", "高温酷暑", "党员干部学习"),
    ("战争爆发", "军队开战交火", "超市打折促销"),
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


def test_rows_are_float32_of_length_one(encoder):
    texts = ["郑州有多少名党员？", "商都路街道的党建工作。" * 30, *ODD_TEXTS]
    for vectors in (encoder.encode_passages(texts), encoder.encode_queries(texts)):
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(texts), encoder.dimension)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)


def test_wordless_texts_all_get_the_same_vector(encoder):
    vectors = encoder.encode_passages(["", "。，！", "😀", "\ud800"])
    np.testing.assert_array_equal(vectors, np.tile(vectors[0], (4, 1)))
    assert not np.array_equal(vectors[0], encoder.encode_passages(["党员"])[0])


def test_very_long_texts(encoder):
    for text in ["长江后浪推前浪，" * 6_250, "长" * 50_000, "！" * 50_000, "x" * 50_000, "很长的文章。" * 40_000]:
        vector = encoder.encode_passages([text])
        assert np.isfinite(vector).all()
        np.testing.assert_array_equal(vector, encoder.encode_passages(["前面", text, "后面"])[1:2])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="中国人民大学生活動发展經濟abcＡ12３，。？ \n😀", max_size=80), max_size=8))
def test_a_batch_gives_what_single_texts_give(texts):
    encoder = load_encoder()
    together = encoder.encode_passages(texts)
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_array_equal(row, encoder.encode_passages([text])[0])


def test_loading_again_gives_the_same_vectors_and_fingerprint(encoder):
    again = load_static_encoder(EMBEDDED_FOLDER)
    texts = ["红旗渠是什么时候修建的？", "红旗渠动工于1960年2月。"]
    assert again.fingerprint == encoder.fingerprint
    np.testing.assert_array_equal(again.encode_passages(texts), encoder.encode_passages(texts))


@pytest.mark.parametrize(
    ("one", "other"),
    [("臺灣經濟發展", "台湾经济发展"), ("ＧＤＰ增长５％", "gdp增长5%"), ("GDP", "gdp"), ("①号", "1号")],
)
def test_writings_of_one_text_meet(encoder, one, other):
    first, second = encoder.encode_queries([one, other])
    assert first @ second > 0.99


def test_same_meaning_lies_nearer_than_another(encoder):
    texts = encoder.encode_passages([text for row in MEANINGS for text in row]).reshape(len(MEANINGS), 3, -1)
    nearer = (texts[:, 0] * texts[:, 1]).sum(axis=1) > (texts[:, 0] * texts[:, 2]).sum(axis=1)
    assert nearer.mean() >= 0.9, [row for row, good in zip(MEANINGS, nearer, strict=True) if not good]


def test_same_meaning_is_found_among_all(encoder):
    texts = encoder.encode_passages([text for row in MEANINGS for text in row]).reshape(len(MEANINGS), 3, -1)
    candidates = texts[:, 1:].reshape(-1, encoder.dimension)
    best = (texts[:, 0] @ candidates.T).argmax(axis=1)
    assert (best == 2 * np.arange(len(MEANINGS))).mean() >= 0.7


def test_a_question_finds_its_sentence(encoder):
    passages = ["水库的总库容为三亿立方米。", "图书馆每天上午九点开门。", "这位作家出生于四川一个教师家庭。"]
    questions = ["水库能装多少水？", "图书馆几点开放？", "作家是哪里人？"]
    cosines = encoder.encode_queries(questions) @ encoder.encode_passages(passages).T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_model_card_names_the_checksums():
    card = (EMBEDDED_FOLDER / "README.md").read_text(encoding="utf-8")
    configuration = json.loads((EMBEDDED_FOLDER / "encoder.json").read_text(encoding="utf-8"))
    for name, checksum in configuration["files"].items():
        assert hashlib.sha256((EMBEDDED_FOLDER / name).read_bytes()).hexdigest() == checksum
        assert f"`{name}`" in card
        assert checksum in card


def test_the_model_is_small():
    assert sum(path.stat().st_size for path in EMBEDDED_FOLDER.iterdir()) < 16 * 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model of four pieces, whole."""
    table = np.eye(4, 8, dtype=np.float32) * np.array([[1], [2], [3], [4]], dtype=np.float32)
    save_static_encoder(tmp_path, table, "党\t-3\n员\t-3\n党员\t-2\na\t-5\n", "黨Ａ\n党a\n")
    return tmp_path


def test_saved_rows_come_back_up_to_packing(folder):
    encoder = load_static_encoder(folder)
    expected = np.array([0, 0, 3, 4, 0, 0, 0, 0]) / 5
    np.testing.assert_allclose(encoder.encode_passages(["黨员，Ａ"])[0], expected, atol=0.01)


@pytest.mark.parametrize("name", ["weights.npz", "pieces.txt", "folding.txt", "encoder.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name.replace(".", r"\.")) as error:
        load_static_encoder(folder)
    assert "embeddings.training" in error.value.english


@pytest.mark.parametrize("name", ["weights.npz", "pieces.txt", "folding.txt", "encoder.json"])
def test_a_damaged_file_is_named(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        load_static_encoder(folder)


def test_another_format_is_refused(folder):
    path = folder / "encoder.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(ModelError, match="格式"):
        load_static_encoder(folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelError, match="nowhere"):
        load_static_encoder(tmp_path / "nowhere")


def test_the_fingerprint_follows_the_weights(folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    assert load_static_encoder(other).fingerprint == load_static_encoder(folder).fingerprint
    save_static_encoder(other, np.ones((4, 8), np.float32), "党\t-3\n员\t-3\n党员\t-2\na\t-5\n", "黨Ａ\n党a\n")
    assert load_static_encoder(other).fingerprint != load_static_encoder(folder).fingerprint


PIECES = {"中": -4.0, "国": -4.1, "人": -4.2, "民": -4.3, "a": -5.0, "1": -5.0}
PIECES |= {"中国": -5.5, "国人": -6.5, "人民": -5.1, "国人民": -9.0, "中国人民": -12.0, "aa": -6.0, "11": -6.1}


def most_likely(run: str) -> float:
    """The best sum of scores over all ways to cut the run: the slow, obvious way."""
    best = [0.0] + [-1e9] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(end):
            if run[start:end] in PIECES:
                best[end] = max(best[end], best[start] + PIECES[run[start:end]])
    return best[-1]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet="中国人民a1，。", max_size=2 * LONGEST_RUN), min_size=1, max_size=6))
def test_cuts_are_the_most_likely_ones(texts):
    names = list(PIECES)
    cutter = PieceCutter(names, np.array(list(PIECES.values()), dtype=np.float32), {})
    found, counts = cutter.cut(texts)
    start = 0
    for text, count in zip(texts, counts.tolist(), strict=True):
        pieces = [names[number] for number in found[start : start + count]]
        start += count
        assert "".join(pieces) == text.replace("，", "").replace("。", "")
        runs = [run for run in text.replace("a", " a").replace("，", " ").replace("。", " ").split() if run]
        if len(text) <= LONGEST_RUN and not set(text) & set("a1"):
            assert sum(PIECES[piece] for piece in pieces) == pytest.approx(sum(map(most_likely, runs)), abs=1e-3)
    assert start == len(found)


def test_pieces_never_cross_a_change_of_script():
    cutter = PieceCutter(["中", "a", "1"], np.array([-1, -1, -1], dtype=np.float32), {"A": "a"})
    found, counts = cutter.cut(["中A1", "", "a?中"])
    assert (found.tolist(), counts.tolist()) == ([0, 1, 2, 1, 0], [3, 0, 2])


def test_a_vocabulary_without_all_its_characters_is_refused():
    with pytest.raises(ValueError, match="piece of its own"):
        PieceCutter(["中国", "中"], np.array([-1, -1], dtype=np.float32), {})
