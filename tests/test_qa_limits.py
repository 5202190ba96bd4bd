"""Limits of a question from the command line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.article import Article
from corpus.errors import InputError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.cli.limits import limited_question


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    articles = [
        Article("a", "东河大桥", "桥长八百米。", "Bridge.txt"),
        Article("b", "桂花巷", "井深十七米。", "well.txt"),
    ]
    with Collection.build(tmp_path_factory.mktemp("l") / "c", articles, encoder=load_encoder("hashing")) as built:
        yield built


def test_words_of_titles_and_files(collection: Collection) -> None:
    assert limited_question("问", collection, "bridge 大桥", "", "").articles == ("a",)
    assert limited_question("问", collection, " ", "", "").articles == ()
    with pytest.raises(InputError, match="火星"):
        limited_question("问", collection, "火星", "", "")


def test_dates(collection: Collection) -> None:
    asked = limited_question("问", collection, "", " 2021-06 ", "2021", all_dates=True)
    assert (asked.since, asked.until, asked.read_dates) == ("2021-06", "2021", False)
    for wrong in ("昨天", "2021-13", "2021-02-30", "21", "2021-6"):
        with pytest.raises(InputError, match="--until"):
            limited_question("问", collection, "", "", wrong)
    with pytest.raises(InputError, match="--since"):
        limited_question("问", collection, "", "2021-07", "2021-06-30")
