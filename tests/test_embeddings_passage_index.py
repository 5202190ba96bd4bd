"""Files and Milvus hold to one protocol: the same passages are found, with the same limits, after the same changes."""

from __future__ import annotations

import importlib.util
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from corpus.article import Article, Block
from corpus.errors import CollectionDamaged, CollectionError, InputError, MissingPackage
from embeddings import Collection
from embeddings.encoders.hashing_encoder import HashingEncoder
from embeddings.search import milvus_server
from embeddings.search.choosing import PLACE
from embeddings.search.milvus_place import coded, condition, read_place, scalars

ENCODER = HashingEncoder(64)
needs_milvus = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("pymilvus", "milvus_lite")),
    reason="Milvus Lite is not installed: pip install 'wenju[milvus]'",
)
PLACES = [
    "河湾",
    "石桥",
    "柳园",
    "东岗",
    "梅坡",
    "云台",
    "青溪",
    "白塔",
    "松林",
    "南塘",
    "北岭",
    "西沟",
    "花田",
    "古渡",
    "月湖",
]
THINGS = [
    "图书馆",
    "党员",
    "公交车",
    "苹果树",
    "水库",
    "画展",
    "医院",
    "学校",
    "工厂",
    "菜场",
    "球场",
    "剧院",
    "码头",
    "邮局",
    "旅馆",
]
DOINGS = ["登记", "修建", "关闭", "搬迁", "开放", "庆祝", "检修", "评选"]
DATES = ["", "2019", "2020-03", "2020-11-02", "2021-07-15"]
NEAR = 0.06
QUESTIONS = ["河湾的图书馆开放了多少次", "石桥的党员", "梅坡画展登记", "第三条的规定", "2020年3月的水库"]
LIMITS = [
    {},
    {"since": "2020"},
    {"until": "2020-06"},
    {"since": "2020-03-20", "until": "2021"},
    {"articles": ("文1", "文\"7'", "没有")},
    {"articles": ("文2", "文3", "文4"), "since": "2020"},
]


def article(number: int, seed: int = 0) -> Article:
    chance = random.Random(f"{number} {seed}")
    sentences = [
        f"{chance.choice(PLACES)}的{chance.choice(THINGS)}{chance.choice(DOINGS)}了{chance.randint(2, 9999)}次。"
        for _ in range(chance.randint(3, 24))
    ]
    name = f"文\"{number}'" if number % 7 == 0 else f"文{number}"
    lines = ["第三条 水库由石桥管理。", "第四条 画展免费。"] if number % 10 == 0 else []
    text = "".join(sentences) + "".join("\n" + line for line in lines)
    start, blocks = len("".join(sentences)) + 1, []
    if lines:
        blocks = [
            Block("paragraph", 0, start - 1),
            Block("clause", start, start + len(lines[0]), number="第三条"),
            Block("clause", start + len(lines[0]) + 1, len(text), number="第四条"),
        ]
    title = f"{chance.choice(PLACES)}{chance.choice(THINGS)}的消息" if number % 2 else ""
    return Article(name, title, text, "报纸", DATES[number % 5], blocks=tuple(blocks))


ARTICLES = [article(number) for number in range(30)]


@pytest.fixture(params=["files", pytest.param("milvus", marks=needs_milvus)])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new index: "" for files."""
    return "" if request.param == "files" else str(tmp_path / "milvus.db")


@pytest.fixture
def collection(index: str, tmp_path: Path) -> Iterator[Collection]:
    with Collection.build(tmp_path / "c", ARTICLES, encoder=ENCODER, index=index) as made:
        yield made


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Collection]:
    """What the results of every kind of index are held against."""
    with Collection.build(tmp_path / "files", ARTICLES, encoder=ENCODER) as made:
        yield made


def agree(one: Collection, other: Collection) -> None:
    """The same hits but for those of all but equal scores; tantivy rounds the length of a text, which moves a score."""
    for question, limits in product(QUESTIONS, LIMITS):
        got, expected = (each.search(question, 8, **limits) for each in (one, other))  # type: ignore[arg-type]
        scores = {hit.passage.id: hit.score for hit in expected}
        assert [hit.score for hit in got] == pytest.approx([hit.score for hit in expected], abs=NEAR)
        for hit in got:
            assert scores.get(hit.passage.id, expected[-1].score) == pytest.approx(hit.score, abs=NEAR)
    for term in ("图书馆", "河湾", "的", "没有的词"):
        assert one.inverse_document_frequency(term) == pytest.approx(other.inverse_document_frequency(term))
    agree_roughly(one, other)


def agree_roughly(one: Collection, other: Collection) -> None:
    """The same passages, whatever their words weigh: tantivy counts what was taken out until it is cleared away, and
    Milvus Lite weighs words among those that came in at the same time."""
    assert {summary.id for summary in one.articles()} == {summary.id for summary in other.articles()}
    for question, limits in product(QUESTIONS, LIMITS):
        got, expected = (each.search(question, 99, **limits) for each in (one, other))  # type: ignore[arg-type]
        cosines = {hit.passage.id: hit.vectors.score for hit in expected if hit.vectors}
        assert {hit.passage.id for hit in got} == {hit.passage.id for hit in expected}
        for hit in got:
            assert hit.vectors is None or hit.vectors.score == pytest.approx(cosines[hit.passage.id], abs=0.002)
        words = {hit.passage.id for hit in expected if hit.terms}
        assert {hit.passage.id for hit in got if hit.terms} == words


def test_the_same_is_found_as_in_files(collection: Collection, files: Collection) -> None:
    agree(collection, files)


def test_the_same_is_found_after_changes(collection: Collection, files: Collection) -> None:
    for changed in (collection, files):
        changed.add([article(3, 1), article(40), article(41)])
        changed.remove(["文2", "文40"])
        changed.add([article(42), article(3, 2)])
        assert changed.remove(["文2"]).removed == ()
    agree_roughly(collection, files)
    assert "文3" in {hit.passage.article_id for hit in collection.search(article(3, 2).text[:60], 3)}


def test_a_reader_goes_on_with_what_it_opened(collection: Collection) -> None:
    before = [hit.passage.id for hit in collection.search("石桥的党员", 8)]
    with Collection.open(collection.path, encoder=ENCODER) as writer:
        writer.add([Article(f"新{number}", "石桥的党员", "石桥的党员登记了。") for number in range(9)])
        writer.remove([article_id.partition("#")[0] for article_id in before[:3]])
    assert [hit.passage.id for hit in collection.search("石桥的党员", 8)] == before
    with Collection.open(collection.path, encoder=ENCODER) as again:
        assert "新0" in {hit.passage.article_id for hit in again.search("石桥的党员", 99)}


def test_where_nothing_is_asked_nothing_is_found(collection: Collection) -> None:
    assert collection.search("，。", 5) == ()
    assert collection.search("水库", 5, articles=("没有",)) == ()
    assert collection.search("水库", 0) == ()


def test_another_encoder_takes_the_index_along(collection: Collection, index: str) -> None:
    with Collection.encode_again(collection.path, HashingEncoder(32)) as again:
        assert len(again.search("水库", 5)) == 5
        assert (again.generation.folder / PLACE).exists() == bool(index)


KILLED = """
import os, sys
from pathlib import Path
from embeddings import Collection
from embeddings.collections import publishing
from embeddings.encoders.hashing_encoder import HashingEncoder
from test_embeddings_passage_index import article
stage, folder, index = sys.argv[1:]
if stage == "before the switch":
    publishing._switch = lambda *_: os._exit(9)
if stage == "while writing":
    publishing.publish = lambda *_: os._exit(9)
with Collection.open(folder, encoder=HashingEncoder(64)) as collection:
    collection.remove(["文5"])
    collection.add([article(50), article(1, 1)])
os._exit(9)
"""


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["while writing", "before the switch", "afterwards"])
def test_killed_at_any_stage_it_opens_and_goes_on(index: str, stage: str, tmp_path: Path, files: Collection) -> None:
    if index:
        # Milvus Lite is one process's own: the other one begins and ends before this one looks.
        build = "from test_embeddings_passage_index import *; import sys; Collection.build(sys.argv[1], ARTICLES, encoder=ENCODER, index=sys.argv[2])"
        assert run(build, str(tmp_path / "c"), index) == 0
    else:
        Collection.build(tmp_path / "c", ARTICLES, encoder=ENCODER).close()
    assert run(KILLED, stage, str(tmp_path / "c"), index) == 9
    if stage == "afterwards":
        files.remove(["文5"])
        files.add([article(50), article(1, 1)])
    with Collection.open(tmp_path / "c", encoder=ENCODER) as collection:
        agree_roughly(collection, files)
        for changed in (collection, files):
            changed.add([article(60), article(1, 3)])
            changed.remove(["文60"])
        agree_roughly(collection, files)


def run(code: str, *arguments: str) -> int:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run([sys.executable, "-c", code, *arguments], env={**os.environ, "PYTHONPATH": path}, check=False)
    return done.returncode


@needs_milvus
def test_what_no_generation_shows_is_cleared_from_the_server(tmp_path: Path) -> None:
    index = str(tmp_path / "milvus.db")
    with Collection.build(tmp_path / "c", ARTICLES, encoder=ENCODER, index=index) as collection:
        collection.remove(["文1"])
        collection.remove(["文2"])
        collection.remove(["文3"])
        place = read_place(collection.generation.folder / PLACE)
        shown = collection.manifest.passages
        server = milvus_server.server(index)
        assert server.count(place.name, "row >= 0") == shown + len(place.gone)
        assert server.count(place.name, place.visible) == shown
    again = Collection.build(tmp_path / "c", ARTICLES[:3], encoder=ENCODER, index=index)
    again.add([article(70)])
    again.add([article(71)])
    assert server.names() == [read_place(again.generation.folder / PLACE).name] != [place.name]


@needs_milvus
def test_what_the_server_lost_is_written_anew(tmp_path: Path) -> None:
    index = str(tmp_path / "milvus.db")
    with Collection.build(tmp_path / "c", ARTICLES, encoder=ENCODER, index=index) as collection:
        before = [hit.passage.id for hit in collection.search("水库", 5)]
        name = read_place(collection.generation.folder / PLACE).name
    milvus_server.server(index).drop(name)
    with pytest.raises(CollectionDamaged, match="--repair"):
        Collection.open(tmp_path / "c", encoder=ENCODER)
    mending = Collection.mend(tmp_path / "c", encoder=ENCODER)
    assert (mending.kept, len(mending.problems)) == (30, 1)
    with Collection.open(tmp_path / "c", encoder=ENCODER) as collection:
        assert [hit.passage.id for hit in collection.search("水库", 5)] == before
        assert (collection.generation.folder / PLACE).exists()
    assert Collection.mend(tmp_path / "c", encoder=ENCODER).problems == ()


@needs_milvus
def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"http://127\.0\.0\.1:9") as raised:
        milvus_server.Server("http://127.0.0.1:9")
    assert milvus_server.TOKEN in raised.value.english
    assert not (tmp_path / "c").exists()


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="19530"):
        milvus_server.checked("elsewhere")
    assert milvus_server.checked("http://host:19530") == "http://host:19530"
    assert milvus_server.checked(str(tmp_path / "x.db")) == str(tmp_path / "x.db")


def test_without_pymilvus_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    milvus_server.server.cache_clear()
    with pytest.raises(MissingPackage, match=r"wenju\[milvus\]"):
        Collection.build(tmp_path / "c", ARTICLES[:1], encoder=ENCODER, index="http://127.0.0.1:9")


@pytest.mark.parametrize("published", ["", "2020", "2020-03", "2020-03-15", "2021-12-31"])
@pytest.mark.parametrize(
    ("since", "until"),
    [("2020", ""), ("", "2020"), ("2020-03", "2020-03"), ("2020-03-16", "2021-01"), ("2019", "2020-02-28")],
)
def test_dates_are_compared_as_the_article_store_does(published: str, since: str, until: str, tmp_path: Path) -> None:
    with Collection.build(tmp_path / "c", [Article("文", "题", "河湾。", published=published)], encoder=ENCODER) as one:
        expected = one.count(since=since, until=until) == 1
        stored = scalars(one.passages("文")[0])
    held = condition((), since, until).replace(" and ", "\0").split("\0")
    assert all(eval(part, {}, stored) for part in held) == expected


def test_terms_are_cut_by_no_analyzer() -> None:
    words = coded(["§18条", "2020-3", "图书馆"]).split()
    assert len(set(words)) == 3
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
