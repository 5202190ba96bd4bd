from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.reading.passages import pack


def hit(text: str, rank: int) -> Hit:
    return Hit(Passage(f"a#{rank}", "a", text, 0, len(text)), 1 / rank, rank)


def test_reprints_are_collapsed_onto_the_better_one() -> None:
    text = "云溪街道有党员1860名，上半年改造老旧楼院47个，惠及居民9200户，群众十分满意。"
    hits = [
        hit(text, 1),
        hit("（转载）" + text.replace("，", ","), 2),
        hit("平安社区办起了老年食堂，每天供应午餐三百份。", 3),
    ]
    assert [h.rank for h in pack(hits, 10)] == [1, 3]


def test_no_more_than_asked_for_in_order() -> None:
    hits = [hit(f"第{n}篇讲的是{'甲乙丙丁戊'[n - 1] * 9}。", n) for n in range(1, 6)]
    assert [h.rank for h in pack(hits, 3)] == [1, 2, 3]
    assert pack([], 3) == ()
