"""A collection: what goes in can be found, however it came in, changed or was filtered."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article, Run
from corpus.errors import CollectionNotFound, EncoderMismatch, InputError
from corpus.text.blocks import with_blocks
from corpus.text.terms import terms
from embeddings import Collection, Hit, load_encoder
from embeddings.collections.hit import Change
from embeddings.encoders.hashing_encoder import HashingEncoder

ENCODER = HashingEncoder(64)
PLACES = ["河湾", "石桥", "柳园", "东岗", "梅坡", "云台", "青溪", "白塔"]
THINGS = ["图书馆", "党员", "公交车", "学校", "苹果树", "水库", "工厂", "医院", "画展", "运动会"]
DOINGS = ["增加", "修建", "关闭", "搬迁", "开放", "登记", "庆祝"]


def article(number: int, seed: int = 0) -> Article:
    chance = random.Random(f"{number} {seed}")
    sentences = [
        f"{chance.choice(PLACES)}的{chance.choice(THINGS)}今年{chance.choice(DOINGS)}了{chance.randint(2, 9999)}次。"
        for _ in range(chance.randint(1, 40))
    ]
    title = f"{chance.choice(PLACES)}{chance.choice(THINGS)}的消息" if chance.random() < 0.5 else ""
    return Article(f"文{number}", title, "".join(sentences), "报纸", f"20{number % 20 + 10}-0{number % 9 + 1}-11")


ARTICLES = [article(number) for number in range(40)]
QUESTIONS = ["河湾的图书馆开放了多少次？", "石橋的党员有多少", "哪里的苹果树增加了", "云台医院搬迁", "9999"]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with Collection.build(tmp_path_factory.mktemp("collection"), ARTICLES, encoder=ENCODER) as made:
        yield made


def found(hits: tuple[Hit, ...]) -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 3)) for hit in hits]


def test_everything_comes_back_as_it_went_in(tmp_path: Path) -> None:
    text = "第一行有字。\n第二行也有，𠮷野家。\x00"
    given = [
        Article("a/b#1", "题", text, "来源.txt", "2021-07", "某人", ("标签", "二"), "第 一 行有字。", 120, (Run(0, 0, 1), Run(1, 2, 1))),
        Article("空", "只有题目", ""),
    ]  # fmt: skip
    with Collection.build(tmp_path / "c", given, encoder=ENCODER) as collection:
        assert [collection.article(one.id) for one in given] == list(map(with_blocks, given))
        assert [(s.id, s.title, s.source, s.published, s.author, s.length) for s in collection.articles()] == [
            (one.id, one.title, one.source, one.published, one.author, len(one.text)) for one in given
        ]
        assert len(collection) == 2
        assert collection.passages("空") == ()
        with pytest.raises(KeyError):
            collection.article("没有")
        with pytest.raises(KeyError):
            collection.passages("没有")


def test_passages_are_slices_of_their_article(collection: Collection) -> None:
    summaries = list(collection.articles())
    assert sum(summary.passages for summary in summaries) == collection.manifest.passages
    for one in ARTICLES:
        passages = collection.passages(one.id)
        assert passages
        for passage in passages:
            assert one.text[passage.start : passage.end] == passage.text
            assert (passage.article_id, passage.title, passage.published) == (one.id, one.title, one.published)


def test_the_text_of_an_article_is_at_hand(collection: Collection) -> None:
    summary = next(iter(collection.articles()))
    assert collection.text(summary.id) == collection.article(summary.id).text
    assert collection.text("none such") == ""


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_ranked_and_say_why(collection: Collection, question: str) -> None:
    hits = collection.search(question, 12)
    assert len(hits) == 12
    assert [hit.rank for hit in hits] == list(range(1, 13))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    query = ENCODER.encode_queries([question])[0]
    for hit in hits:
        assert hit.terms or hit.vectors
        if hit.terms:
            assert set(terms(hit.passage.text + hit.passage.title)) & set(terms(question))
        if hit.vectors:
            shown = f"{hit.passage.title}\n{hit.passage.text}" if hit.passage.title else hit.passage.text
            assert hit.vectors.score == pytest.approx(float(ENCODER.encode_passages([shown])[0] @ query), abs=2e-3)


def test_a_sentence_finds_its_own_passage(collection: Collection) -> None:
    for one in ARTICLES[:10]:
        passage = collection.passages(one.id)[-1]
        assert collection.search(passage.text, 1)[0].passage == passage


@pytest.mark.parametrize("text", ["", "？！……", " \n", "\x01", "\ud800"])
def test_a_text_without_words_finds_nothing(collection: Collection, text: str) -> None:
    assert collection.search(text) == ()


def test_odd_questions_are_answered(collection: Collection) -> None:
    assert collection.search("图书馆" * 4_000)
    assert collection.search("".join(chr(0x4E00 + number) for number in range(10_000)))
    assert collection.search('" AND ( text:* 图书馆')
    assert collection.search("图书馆", 0) == ()
    assert len(collection.search("图书馆", 10_000)) == collection.manifest.passages


def test_filters(collection: Collection) -> None:
    some = {"文3", "文7", "没有"}
    assert {hit.passage.article_id for hit in collection.search("图书馆", 50, articles=some)} == {"文3", "文7"}
    for since, until in [("2015", ""), ("", "2015-06-30"), ("2012-03", "2014"), ("2013-04-11", "2013-04-11")]:
        expected = {
            one.id
            for one in ARTICLES
            if (not since or one.published[: len(since)] >= since)
            and (not until or one.published[: len(until)] <= until)
        }
        hits = collection.search("图书馆", 1_000, since=since, until=until)
        assert {hit.passage.article_id for hit in hits} == expected != set()
    assert collection.search("图书馆", since="2090") == ()


def test_dates_meet_at_the_coarser_precision(tmp_path: Path) -> None:
    dated = [Article(date or "无", "", "图书馆开放", published=date) for date in ("2021", "2021-07", "2021-07-05", "")]
    with Collection.build(tmp_path / "c", dated, encoder=ENCODER) as collection:

        def ids(since: str, until: str) -> set[str]:
            return {hit.passage.article_id for hit in collection.search("图书馆", since=since, until=until)}

        assert ids("2021-07-06", "") == {"2021", "2021-07"}
        assert ids("", "2021-06") == {"2021"}
        assert ids("2021", "2021") == {"2021", "2021-07", "2021-07-05"}
        assert ids("2022", "") == set()


def test_a_changed_collection_finds_what_a_fresh_one_finds(tmp_path: Path) -> None:
    changed = [article(number, seed=1) for number in range(10, 20)]
    with Collection.build(tmp_path / "grown", ARTICLES[:25], encoder=ENCODER) as grown:
        change = grown.add([*ARTICLES[5:10], *changed, *ARTICLES[25:]])
        assert change == Change(
            added=tuple(one.id for one in ARTICLES[25:]),
            updated=tuple(one.id for one in changed),
            unchanged=tuple(one.id for one in ARTICLES[5:10]),
        )
        assert grown.remove([ARTICLES[0].id, "没有", ARTICLES[39].id]).removed == (ARTICLES[0].id, ARTICLES[39].id)
        assert len(grown) == 38
        with (
            Collection.build(
                tmp_path / "fresh", [*ARTICLES[1:10], *changed, *ARTICLES[20:39]], encoder=ENCODER
            ) as fresh,
            Collection.open(tmp_path / "grown", encoder=ENCODER) as again,
        ):
            assert {s.id: s for s in grown.articles()} == {s.id: s for s in fresh.articles()}
            for question in QUESTIONS:
                expected = {hit.passage.id for hit in fresh.search(question, 5)}
                # Removed rows still count in the frequencies until segments merge, so scores may differ a little.
                assert len(expected & {hit.passage.id for hit in grown.search(question, 5)}) >= 4
                assert {hit.passage for hit in fresh.search(question, 999)} == {
                    hit.passage for hit in grown.search(question, 999)
                }
                assert found(grown.search(question)) == found(again.search(question))


def test_growing_by_additions_alone_changes_no_score(tmp_path: Path, collection: Collection) -> None:
    with Collection.build(tmp_path / "c", ARTICLES[:3], encoder=ENCODER) as grown:
        for start in range(3, 40, 9):
            grown.add(ARTICLES[start : start + 9])
        for question in QUESTIONS:
            assert found(grown.search(question)) == found(collection.search(question))


def test_unchanged_articles_are_not_encoded_again_and_make_no_generation(tmp_path: Path) -> None:
    class Counting(HashingEncoder):
        encoded = 0

        def encode_passages(self, texts):  # type: ignore[no-untyped-def]
            Counting.encoded += len(texts)
            return super().encode_passages(texts)

    with Collection.build(tmp_path / "c", ARTICLES[:5], encoder=Counting(64)) as collection:
        before = Counting.encoded
        generation = collection.manifest
        assert collection.add(ARTICLES[:5]).unchanged == tuple(one.id for one in ARTICLES[:5])
        assert collection.remove(["没有"]) == Change()
        assert (Counting.encoded, collection.manifest) == (before, generation)


def test_of_several_with_one_id_the_last_stays(tmp_path: Path) -> None:
    first, second = Article("同", "", "先来的图书馆。"), Article("同", "", "后到的水库。")
    with Collection.build(tmp_path / "c", [first, second], encoder=ENCODER) as collection:
        assert (len(collection), collection.article("同")) == (1, with_blocks(second))
        many = [Article(f"别{number}", "", "医院。") for number in range(600)]
        change = collection.add([replace(first, text="中间的学校。"), *many, first])
        assert (change.updated, collection.article("同"), len(collection)) == (("同",), with_blocks(first), 601)
        assert [hit.passage.text for hit in collection.search("先来的图书馆", articles=["同"])] == [first.text]


def test_the_same_text_under_two_ids_is_kept(tmp_path: Path) -> None:
    reprints = [Article("一", "", "水库修建好了。"), Article("二", "", "水库修建好了。")]
    with Collection.build(tmp_path / "c", reprints, encoder=ENCODER) as collection:
        assert {hit.passage.article_id for hit in collection.search("水库")} == {"一", "二"}


def test_half_a_surrogate_pair_does_no_harm(tmp_path: Path) -> None:
    with Collection.build(tmp_path / "c", [Article("坏", "", "前\ud83d后面是水库。")], encoder=ENCODER) as collection:
        assert collection.search("水库")[0].passage.text == "前?后面是水库。"
        assert collection.add([Article("坏", "", "前\ud83d后面是水库。")]).unchanged == ("坏",)


def test_a_build_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    Collection.build(tmp_path / "c", ARTICLES, encoder=ENCODER).close()
    with Collection.build(tmp_path / "c", ARTICLES[:2], encoder=HashingEncoder(32)) as collection:
        assert len(collection) == 2
        assert collection.manifest.dimension == 32


def test_removing_all_leaves_an_empty_collection(tmp_path: Path) -> None:
    with Collection.build(tmp_path / "c", ARTICLES[:3], encoder=ENCODER) as collection:
        collection.remove([one.id for one in ARTICLES[:3]])
        assert (len(collection), collection.search("图书馆")) == (0, ())
        assert collection.add(ARTICLES[:1]).added == (ARTICLES[0].id,)
        assert collection.search(ARTICLES[0].text)


def test_a_build_without_articles_is_refused_and_leaves_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Collection.build(tmp_path / "c", [], encoder=ENCODER)
    with pytest.raises(CollectionNotFound):
        Collection.open(tmp_path / "c")
    Collection.build(tmp_path / "c", ARTICLES[:1], encoder=ENCODER).close()
    with pytest.raises(InputError):
        Collection.build(tmp_path / "c", [], encoder=ENCODER)
    assert len(Collection.open(tmp_path / "c", encoder=ENCODER)) == 1


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "我的.txt").write_text("重要", "utf-8")
    with pytest.raises(InputError):
        Collection.build(tmp_path, ARTICLES[:1], encoder=ENCODER)
    assert [path.name for path in tmp_path.iterdir()] == ["我的.txt"]


def test_the_encoder_is_checked(tmp_path: Path) -> None:
    Collection.build(tmp_path / "c", ARTICLES[:1], encoder=HashingEncoder()).close()
    with Collection.open(tmp_path / "c") as collection:
        assert collection.encoder is load_encoder("hashing")
    with pytest.raises(EncoderMismatch, match="hashing-1-64"):
        Collection.open(tmp_path / "c", encoder=ENCODER)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    Collection.build(tmp_path / "c", ARTICLES, encoder=ENCODER, progress=lambda *stage: told.append(stage)).close()
    assert {stage for stage, _, _ in told} == {"reading", "passages", "embedding", "terms", "writing"}
    assert [done for stage, done, total in told if stage == "reading" and total == 40][-1] == 40
    for stage in ("reading", "passages", "writing"):
        done = [count for name, count, _ in told if name == stage]
        assert done == sorted(done)


def test_an_iterator_that_fails_changes_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[Article]:
        yield from ARTICLES[10:]
        raise RuntimeError("no more")

    with Collection.build(tmp_path / "c", ARTICLES[:10], encoder=ENCODER) as collection:
        with pytest.raises(RuntimeError, match="no more"):
            collection.add(failing())
        assert len(collection) == 10
        assert sorted(path.name for path in (tmp_path / "c" / "generations").iterdir()) == ["000001"]
        assert len(collection.add(ARTICLES[10:]).added) == 30


@pytest.mark.slow
def test_many_threads_search_while_one_changes(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()
    with Collection.build(tmp_path / "c", ARTICLES[:20], encoder=ENCODER) as collection:

        def search() -> None:
            try:
                while not stop.is_set():
                    for question in QUESTIONS:
                        for hit in collection.search(question, 5):
                            assert hit.passage.text
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(20, 23):
            collection.add([ARTICLES[number]])
            collection.remove([ARTICLES[number - 20].id])
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(collection) == 20


def test_inverse_document_frequency_of_a_collection(collection: Collection) -> None:
    passages = [set(terms(p.text)) for one in ARTICLES for p in collection.passages(one.id)]
    holding = sum("图书馆" in passage for passage in passages)
    expected = np.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
    assert collection.inverse_document_frequency("图书馆") == pytest.approx(expected)


def test_it_says_what_it_is(collection: Collection) -> None:
    assert "40 articles" in repr(collection)
    collection.verify()


def test_clauses_codes_and_values_are_found_exactly(tmp_path: Path) -> None:
    rules = "\n".join(
        f"第{number}条　渡口的{thing}由镇里管理。"
        for number, thing in zip("一二三四五六七八九", "船票桨灯缆亭路桥栏", strict=True)
    )
    pointing = "违反第五条规定的，按照第五条处罚，并在公告栏公布。"
    given = [
        Article("条例", "渡口条例", rules + "\n第十条之一　夜间不开船。"),
        Article("处罚", "处罚办法", pointing),
        Article("价目", "船价", "新船一条三万元，于二〇一九年六月三日付清。"),
        Article("别价", "船价", "旧船一条三千元，于2019年6月13日付清。"),
        Article("对讲机", "对讲机", "X-90型能用九小时。"),
        Article("大对讲机", "对讲机", "X-900型能用十四小时。"),
    ]
    with Collection.build(tmp_path / "collection", given, encoder=ENCODER) as collection:
        found = {
            asked: collection.search(asked)[0].passage.article_id
            for asked in (
                "第5条说什么",
                "第五條",
                "10条之1的内容",
                "30000元",
                "2019-06-03付清",
                "X900能用多久",
                "x－９０能用多久",
            )
        }
    assert list(found.values()) == ["条例", "条例", "条例", "价目", "价目", "大对讲机", "对讲机"]
