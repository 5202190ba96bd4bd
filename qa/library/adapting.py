"""Trains the embedded encoder on a collection's articles, and changes over to it where that finds more.

Knows the order of the steps, and what a killed training leaves to go on from: `training/KEY/` in the collection's
folder, where KEY stands for everything that the result depends on. How anything is learnt or judged is the business of
`embeddings/training/adapting.py`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.article import Article
from corpus.errors import CollectionBusy, InputError
from embeddings.collections.collection import Collection
from embeddings.collections.indexing import Progress
from embeddings.collections.locking import locked
from embeddings.encoders.encoder import EMBEDDED, EMBEDDED_FOLDER, is_static
from embeddings.encoders.loading import load_encoder
from embeddings.training.adapting import RECIPE, SHARE, compare, learn
from embeddings.training.adapting_data import keep_apart
from qa.library.adapting_report import CARD, Adapted, card
from qa.library.trained_encoder import WORK, change_to
from qa.settings import Settings


def adapt(
    collection: Collection,
    settings: Settings,
    *,
    seed: int = 0,
    minutes: float | None = None,
    anyway: bool = False,
    progress: Progress | None = None,
) -> Adapted:
    """Train on the articles of `collection`, compare, and encode it anew with what was trained if that is better.

    With `anyway` also if it is not. `progress` hears of the stages "learning", "asking" and those of indexing. Another
    call with the same arguments goes on where a killed one ended. Raises InputError where there is too little to
    learn from or the encoder in `settings` cannot be trained, CollectionBusy while another process trains or writes.
    """
    tell = progress or (lambda stage, done, total: None)
    start = start_of(settings)
    shipped = load_encoder(settings.encoder)
    articles = [_bare(collection.article(summary.id)) for summary in collection.articles()]
    parts = keep_apart(articles, seed)
    work = collection.path / WORK / _key(articles, shipped.fingerprint, seed, minutes)
    with _alone(work):
        model = work / "encoder"
        recipe, sentences = learn(start, model, parts, seed, minutes, lambda *step: tell("learning", *step))
        comparison = compare(parts, shipped, load_encoder(str(model)), lambda *step: tell("asking", *step))
        adapted = Adapted(comparison, recipe, sentences, anyway or comparison.better)
        if adapted.switched:
            (model / CARD).write_text(card(adapted, shipped.fingerprint, len(articles)), encoding="utf-8")
            change_to(collection.path, model, progress)
    return adapted


def start_of(settings: Settings) -> Path:
    """The model folder to go on from. Raises InputError for an encoder of another kind."""
    folder = EMBEDDED_FOLDER if settings.encoder == EMBEDDED else Path(settings.encoder).expanduser()
    if is_static(folder):
        return folder
    raise InputError(
        f"编码器 {settings.encoder} 不能这样训练，只有内置的可以。请去掉 WENJU_ENCODER 再运行。",
        f"The encoder {settings.encoder} cannot be trained this way, only the embedded one can. Unset WENJU_ENCODER.",
    )


def _bare(article: Article) -> Article:
    return Article(article.id, article.title, article.text)


def _key(articles: Iterable[Article], start: str, seed: int, minutes: float | None) -> str:
    digest = hashlib.sha256(repr((start, seed, minutes, RECIPE, SHARE)).encode())
    for article in articles:
        digest.update(f"{article.id}\0{article.title}\0{article.text}\0".encode())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Hold the lock of training in this collection; what trainings on other articles left is cleared away."""
    work.mkdir(parents=True, exist_ok=True)
    with locked(work.parent / "lock") as holder:
        if holder:
            raise CollectionBusy(
                f"另一个进程（{holder}）正在为这些文章训练。请等它结束后再试。",
                f"Another process ({holder}) is training for these articles. Try again when it has finished.",
            )
        for other in work.parent.iterdir():
            if other.is_dir() and other != work:
                shutil.rmtree(other, ignore_errors=True)
        yield
