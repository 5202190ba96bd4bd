"""Encoders: every one keeps the contract, and none waits for a network that nobody asked for."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article
from corpus.errors import EncoderMismatch, ModelError
from embeddings import Collection, Encoder, load_encoder
from embeddings.encoders.encoder import EMBEDDED_FOLDER
from embeddings.encoders.hashing_encoder import HashingEncoder

TEXTS = ["图书馆今年六月开放。", "党员二千五百八十四名", "", "？！", "A", "苹果树增加了三千棵。" * 200]
CHARACTERS = "图书馆今年六月开放党员二千五百八十四名苹果树增加了三棵问句子哪里有多少"


def save_static_model(folder: Path, seed: int = 0, prompts: dict[str, str] | None = None) -> Path:
    """A sentence-transformers model of random vectors, one for each of a few characters."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    vocabulary = {character: number for number, character in enumerate(["[UNK]", *dict.fromkeys(CHARACTERS)])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(seed).standard_normal((len(vocabulary), 24), dtype=np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu", prompts=prompts
    )
    model.save(str(folder))
    return folder


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_static_model(tmp_path_factory.mktemp("models") / "static")


@pytest.fixture(
    scope="module", params=["hashing", "wenju", pytest.param("sentence-transformers", marks=pytest.mark.slow)]
)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "sentence-transformers":
        return load_encoder(str(request.getfixturevalue("static_folder")))
    return load_encoder(request.param)


def test_rows_are_unit_vectors(encoder: Encoder) -> None:
    for encode in (encoder.encode_passages, encoder.encode_queries):
        vectors = encode(TEXTS)
        assert vectors.shape == (len(TEXTS), encoder.dimension)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
        assert encode([]).shape == (0, encoder.dimension)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.vstack([encoder.encode_passages([text]) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-6)


def test_like_is_near_like(encoder: Encoder) -> None:
    query = encoder.encode_queries(["图书馆六月开放"])[0]
    near, far = encoder.encode_passages(["图书馆今年六月开放", "党员二千五百八十四名"]) @ query
    assert near > far


def test_it_is_found_again_by_its_name(encoder: Encoder) -> None:
    again = load_encoder(encoder.name)
    assert (again.name, again.fingerprint, again.dimension) == (encoder.name, encoder.fingerprint, encoder.dimension)
    assert encoder.fingerprint


def test_a_collection_works_with_it(encoder: Encoder, tmp_path: Path) -> None:
    given = [Article("一", "", "图书馆今年六月开放。"), Article("二", "", "苹果树增加了三千棵。")]
    Collection.build(tmp_path / "c", given, encoder=encoder).close()
    with Collection.open(tmp_path / "c") as collection:
        assert collection.encoder.fingerprint == encoder.fingerprint
        assert [hit.passage.article_id for hit in collection.search("哪里增加了苹果树")] == ["二", "一"]
    with pytest.raises(EncoderMismatch):
        Collection.open(tmp_path / "c", encoder=HashingEncoder(16))


def test_the_embedded_encoder_is_the_default() -> None:
    assert load_encoder().name == "wenju"
    assert EMBEDDED_FOLDER.is_dir()


@pytest.mark.slow
def test_prompts_are_respected(tmp_path: Path) -> None:
    folder = save_static_model(tmp_path / "m", prompts={"query": "问句", "document": "棵棵棵"})
    encoder = load_encoder(str(folder))
    plain = load_encoder(str(save_static_model(tmp_path / "plain")))
    assert encoder.encode_queries(["图书馆"]) == pytest.approx(plain.encode_queries(["问句图书馆"]), abs=1e-6)
    assert encoder.encode_passages(["图书馆"]) == pytest.approx(plain.encode_queries(["棵棵棵图书馆"]), abs=1e-6)


def test_fingerprints_tell_weights_apart_and_not_folders(static_folder: Path, tmp_path: Path) -> None:
    same = load_encoder(str(save_static_model(tmp_path / "same")))
    other = load_encoder(str(save_static_model(tmp_path / "other", seed=1)))
    here = load_encoder(str(static_folder))
    assert same.fingerprint == here.fingerprint != other.fingerprint


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    tried: list[object] = []

    def refuse(*address: object, **_: object) -> None:
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.parametrize("name", ["nobody/no-such-model", "/no/such/folder", "no such name", "./nowhere", "a/b/c"])
def test_a_missing_model_is_named_and_no_network_is_tried(name: str, no_network: list[object]) -> None:
    with pytest.raises(ModelError) as caught:
        load_encoder(name)
    assert name in str(caught.value)
    assert name in caught.value.english
    assert no_network == []


def test_a_folder_without_a_model_is_an_error(tmp_path: Path, no_network: list[object]) -> None:
    with pytest.raises(ModelError, match="无法加载"):
        load_encoder(str(tmp_path))
    assert no_network == []
