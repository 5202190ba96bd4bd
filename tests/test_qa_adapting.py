"""`wenju train`: an encoder of the articles' own, only where it is better, and the way back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_articles import write_articles, write_encoder

from corpus.errors import CollectionBusy, InputError, ModelError
from embeddings.collections.collection import Collection
from embeddings.collections.locking import locked
from embeddings.encoders.loading import load_encoder
from embeddings.training import adapting, train
from embeddings.training.adapting import Change, Comparison
from embeddings.training.scores import Scores
from qa.asking import answerer_for
from qa.cli import doctor
from qa.cli.main import main
from qa.library import indexes
from qa.library.adapting import adapt
from qa.library.trained_encoder import described, own_encoder, reset
from qa.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    return write_encoder(folder / "encoder", write_articles(folder / "articles"))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles")


@pytest.fixture
def settings(tmp_path: Path, start: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WENJU_ENCODER", str(start))
    return Settings(home=tmp_path / "home", encoder=str(start))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapting, "_FEW_STEPS", 15)
    monkeypatch.setattr(adapting, "_FEW_BATCH", 128)


@pytest.fixture
def worse(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every comparison says that the new encoder finds less."""
    pair = (Scores(5, 0.5, 0.9, 0.6), Scores(5, 0.4, 0.8, 0.5))
    found = Comparison((Change("all", pair, pair),), -0.1, 0.01, -0.1)
    monkeypatch.setattr("qa.library.adapting.compare", lambda *_: found)
    yield


def opened(articles: Path, settings: Settings) -> Collection:
    return indexes.collection_for(articles, settings)


def test_the_better_encoder_is_what_articles_are_searched_with(articles: Path, settings: Settings) -> None:
    with opened(articles, settings) as before:
        former = before.search("今年以来的情况")
        assert adapt(before, settings).switched
    with opened(articles, settings) as after:
        assert after.encoder.name == own_encoder(after.path)
        assert after.encoder.fingerprint == after.manifest.fingerprint != load_encoder(settings.encoder).fingerprint
        assert after.search("今年以来的情况") != former
        assert "为这些文章训练的编码器" in described(after.manifest, "zh")
        card = (Path(after.encoder.name) / "README.md").read_text(encoding="utf-8")
        assert "| 全部 All | " in card
        assert len(list(after.path.glob("encoder-*"))) == 1
        assert not (after.path / "training").exists()


def test_new_files_are_encoded_with_it_and_damage_does_not_lose_it(articles: Path, settings: Settings) -> None:
    with opened(articles, settings) as before:
        adapt(before, settings)
    (articles / "新.txt").write_text("桥梁通车\n柳河大桥五月通车，全长八百二十米。", encoding="utf-8")
    with opened(articles, settings) as grown:
        own = grown.encoder.fingerprint
        assert len(grown) == 37
        assert grown.encoder.name == own_encoder(grown.path)
    for file in (grown.path / "generations").rglob("*"):
        if file.is_file():
            file.write_bytes(b"")
    with opened(articles, settings) as mended:
        assert mended.manifest.fingerprint == own
        assert len(mended) == 37


def test_a_collection_can_be_moved_with_its_encoder(articles: Path, settings: Settings, tmp_path: Path) -> None:
    indexes.index(articles, to=tmp_path / "mine", settings=settings).collection.close()
    with Collection.open(tmp_path / "mine") as collection:
        adapt(collection, settings)
    (tmp_path / "mine").rename(tmp_path / "elsewhere")
    with Collection.open(tmp_path / "elsewhere") as moved:
        assert moved.encoder.name == own_encoder(tmp_path / "elsewhere")
        assert moved.search("今年以来")


def test_ask_notices_the_change_in_a_running_program(articles: Path, settings: Settings) -> None:
    first = answerer_for(settings, articles=articles)
    assert answerer_for(settings, articles=articles) is first
    adapt(first.collection, settings)
    second = answerer_for(settings, articles=articles)
    assert second.collection.encoder.fingerprint != first.collection.encoder.fingerprint


def test_reset_goes_back(articles: Path, settings: Settings) -> None:
    with opened(articles, settings) as before:
        shipped = before.search("今年以来的情况")
        adapt(before, settings)
    assert reset(before.path, settings)
    assert not list(before.path.glob("encoder-*"))
    with opened(articles, settings) as after:
        assert after.manifest.fingerprint == load_encoder(settings.encoder).fingerprint
        assert after.search("今年以来的情况") == shipped
    assert not reset(before.path, settings)


@pytest.mark.parametrize("damaged", ["weights.npz", "encoder.json", ""])
def test_a_damaged_encoder_is_named_with_the_way_back(articles: Path, settings: Settings, damaged: str) -> None:
    with opened(articles, settings) as before:
        adapt(before, settings)
    load_encoder.cache_clear()
    own = Path(own_encoder(before.path))
    (own / damaged).unlink() if damaged else shutil.rmtree(own)
    with pytest.raises(ModelError, match="wenju train --reset"):
        opened(articles, settings)
    assert main(["train", "--reset", "--articles", str(articles)]) == 0
    with opened(articles, settings) as after:
        assert after.manifest.fingerprint == load_encoder(settings.encoder).fingerprint


def test_a_collection_that_is_gone_takes_its_encoder_along(articles: Path, settings: Settings) -> None:
    with opened(articles, settings) as before:
        adapt(before, settings)
    shutil.rmtree(before.path / "generations")
    (before.path / "CURRENT").unlink()
    with opened(articles, settings) as again:
        assert again.manifest.fingerprint == load_encoder(settings.encoder).fingerprint


@pytest.mark.usefixtures("worse")
def test_a_worse_encoder_is_not_used_unless_told_so(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--articles", str(articles)]) == 0
    said = capsys.readouterr().out
    assert "没有换" in said
    assert "60.0 → 50.0" in said
    with opened(articles, settings) as same:
        assert same.manifest.fingerprint == load_encoder(settings.encoder).fingerprint
        assert not own_encoder(same.path)
    # What was learnt is still there: told so, it is only changed over to.
    monkeypatch.setattr(train, "_learn", lambda *_: 1 / 0)
    assert main(["train", "--anyway", "--articles", str(articles)]) == 0
    assert "已换用" in capsys.readouterr().out
    with opened(articles, settings) as changed:
        assert changed.encoder.name == own_encoder(changed.path)


def test_too_few_articles_change_nothing(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    few = write_articles(tmp_path / "few", count=5)
    assert main(["train", "--articles", str(few)]) == 1
    assert "太少" in capsys.readouterr().err
    with opened(few, settings) as same:
        assert same.manifest.fingerprint == load_encoder(settings.encoder).fingerprint
        assert {path.name for path in same.path.iterdir()} == {"CURRENT", "files.json", "generations", "lock"}


def test_other_encoders_cannot_be_trained(articles: Path, settings: Settings) -> None:
    hashing = Settings(home=settings.home, encoder="hashing")
    with opened(articles, hashing) as collection, pytest.raises(InputError, match="hashing"):
        adapt(collection, hashing)


def test_two_cannot_train_at_once(articles: Path, settings: Settings) -> None:
    with opened(articles, settings) as collection:
        (collection.path / "training").mkdir()
        with locked(collection.path / "training" / "lock"), pytest.raises(CollectionBusy, match="正在为这些文章训练"):
            adapt(collection, settings)


PROGRAM = """
import sys, time
from dataclasses import replace
from pathlib import Path
from embeddings.training import adapting, train
adapting.RECIPE = replace(adapting.RECIPE, saved=1)
adapting._FEW_STEPS, adapting._FEW_BATCH = 15, 128
from qa.library import indexes
from qa.library.adapting import adapt
from qa.settings import Settings
learn, pause, steps = train._learn, float(sys.argv[4]), []
def counted(model, optimizer, sampler, step, *rest):
    steps.append(step)
    time.sleep(pause)
    return learn(model, optimizer, sampler, step, *rest)
train._learn = counted
settings = Settings(home=Path(sys.argv[1]), encoder=sys.argv[2])
switched = adapt(indexes.collection_for(sys.argv[3], settings), settings).switched
print(steps[0], switched, indexes.collection_for(sys.argv[3], settings).encoder.fingerprint)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_killed_training_goes_on_to_the_same_end(articles: Path, settings: Settings, tmp_path: Path) -> None:
    def command(home: Path, pause: float) -> list[str]:
        return [sys.executable, "-c", PROGRAM, str(home), settings.encoder, str(articles), str(pause)]

    killed = subprocess.Popen(command(settings.home, 0.3), stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not list(settings.home.glob("collections/*/training/*/encoder.checkpoint")):
        assert killed.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    with opened(articles, settings) as same:
        assert same.manifest.fingerprint == load_encoder(settings.encoder).fingerprint
    ends = []
    for home in (settings.home, tmp_path / "undisturbed"):
        ended = subprocess.run(command(home, 0), capture_output=True, text=True, check=True)
        ends.append(ended.stdout.split())
    assert int(ends[0][0]) > 0, "it began anew"
    assert ends[1][0] == "0"
    assert ends[0][1:] == ends[1][1:]
    assert ends[0][1] == "True"


def test_the_command_says_what_it_did(
    articles: Path, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["train", "--lang", "en", "--articles", str(articles)]) == 0
    said = capsys.readouterr().out
    assert "Sentence taken out" in said
    assert "is used from now on" in said
    assert main(["index", str(articles)]) == 0
    assert "用的是为这些文章训练的编码器" in capsys.readouterr().out
    assert main(["articles", "list", "--articles", str(articles)]) == 0
    assert "为这些文章训练的编码器" in capsys.readouterr().err
    folder = indexes.folder_for(articles, settings)
    assert "为这些文章训练的编码器" in doctor.check_collection(settings, folder, language="zh").detail
    (folder / "calibration.json").write_text(json.dumps({}), encoding="utf-8")
    assert main(["train", "--articles", str(articles)]) == 0
    assert "重新 wenju calibrate" in capsys.readouterr().out
    assert main(["train", "--reset", "--articles", str(articles)]) == 0
    assert "已恢复" in capsys.readouterr().out
    assert main(["train", "--reset", "--articles", str(articles)]) == 0
    assert "没有用自己的编码器" in capsys.readouterr().out


@pytest.mark.parametrize("typed", [[], ["--reset"], ["--articles", "a", "--collection", "b"]])
def test_it_must_be_said_which_articles(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *typed]) == 1
    assert "wenju train --articles" in capsys.readouterr().err
    assert main(["train", "--minutes", "0", "--articles", "a"]) == 1
