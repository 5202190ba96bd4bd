"""Trains the neural reader: `python -m qa.training.network_training --data DATA --encoder BLIND --work WORK`.

First on questions made of documents, then on real ones, at last on some of these in pieces of passages. Knows the
recipe; the network, its questions and its batches have modules of their own. An interrupted training goes on from the
checkpoint beside the model.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from corpus.errors import ReadError
from embeddings.collections.collection import Collection
from embeddings.encoders.static_encoder import StaticEncoder, load_static_encoder
from embeddings.training.data import Document, read_documents, read_examples, read_rows
from qa.reading.network.network import MODEL, load_network, save_network
from qa.reading.network.network import Network as Packed
from qa.reading.network.words import UNKNOWN, Lexicon
from qa.training.network_batches import (
    DRAFTED,
    DRAFTED_CUT,
    REAL,
    REAL_CUT,
    Gaps,
    Lesson,
    Questions,
    Ways,
    batch_of,
    pairs_of,
    stream,
)
from qa.training.network_data import Corpus, Posed, make_lexicon, questions, read_corpus
from qa.training.network_drafts import drafted
from qa.training.network_gaps import GapMaker, neighbours
from qa.training.network_measures import measure
from qa.training.network_model import Network, loss_of, together
from qa.training.trees_examples import QUESTION_SETS, articles_in, for_trees

Report = Callable[[str], None]
CHECKPOINT_EVERY = 500  # steps
ALL_NEWS = 99  # files, more than there are
_LOOKED_AT = 500  # questions, beside the training


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be changed about a training; the defaults made the shipped model."""

    gap_steps: int = 2_000
    gap_batch: int = 24
    steps: int = 3_500
    batch: int = 24
    drafts_beside: int = 8
    gaps_beside: int = 6
    passages: int = 3
    rate: float = 2e-3
    fine_rate: float = 1e-3
    snippet_steps: int = 800
    snippet_rate: float = 3e-4
    dropout: float = 0.2
    unknown: float = 0.1
    seed: int = 0


def gapped(corpus: Corpus, lexicon: Lexicon, seed: int) -> Iterator[Lesson]:
    """Questions made of documents, without end."""
    maker, gaps = GapMaker(corpus, neighbours(corpus, seed), seed), Gaps(corpus, lexicon)
    count, barren = len(corpus.documents) - 1, 0
    for document in stream(count, np.random.default_rng(seed)):
        made = list(maker.make(document))
        barren = 0 if made else barren + 1
        if barren > 10 * count:
            raise ReadError(
                "这些文章里没有在两句话里都出现的名称，做不出训练用的题。请检查 --data。",
                "No name comes in two sentences of a document, so no question can be made. Check --data.",
            )
        yield from (gaps.seen(one) for one in made)


def asked(posed: Questions, ways: Ways, seed: int) -> Iterator[Lesson]:
    """Real questions, without end."""
    dice = np.random.default_rng(seed)
    for number in stream(len(posed.known), dice):
        seen = posed.pick(number, dice, ways)
        if seen.passages:
            yield seen


def learn(
    network: Network, optimizer: torch.optim.Optimizer, lexicon: Lexicon, seen: Sequence[Lesson], unknown: float
) -> float:
    """One step. Returns the loss."""
    parts = []
    for pairs in pairs_of(seen):
        batch, starts, ends = batch_of(lexicon, pairs)
        batch = replace(batch, words=_forgotten(batch.words, unknown), q_words=_forgotten(batch.q_words, unknown))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, nothing = network(batch)
        parts.append((logits.float(), nothing.float(), batch.groups, starts, ends, (batch.units > 0).float()))
    loss = loss_of(*together(parts))
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimizer.step()
    return float(loss.item())


def _forgotten(words: torch.Tensor, share: float) -> torch.Tensor:
    """Some words as if the lexicon had them not, so that spelling and sameness are learned, too."""
    return torch.where((words > 0) & (torch.rand(words.shape) < share), torch.full_like(words, UNKNOWN), words)


def run(
    network: Network,
    source: Callable[[int], list[Lesson]],
    steps: int,
    rate: float,
    lexicon: Lexicon,
    recipe: Recipe,
    checkpoint: Path,
    report: Report,
    look: Callable[[], None] | None = None,
    every: int = CHECKPOINT_EVERY,
) -> None:
    """Train for `steps`, going on from `checkpoint` where there is one; the rate rises, then falls to nothing."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
        report(f"going on from step {first}")
        for step in range(first):  # the questions that were learned from, so that the same ones follow
            source(step)
    smooth, started = 0.0, time.monotonic()
    network.train()
    for step in range(first, steps):
        torch.manual_seed(recipe.seed * 1_000_003 + step)
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 200) * 0.5 * (1 + math.cos(math.pi * step / steps)) + 1e-6
        loss = learn(network, optimizer, lexicon, source(step), recipe.unknown)
        smooth = loss if step == first else 0.98 * smooth + 0.02 * loss
        if (step + 1) % 100 == 0:
            report(f"step {step + 1}/{steps} loss {smooth:.3f} {time.monotonic() - started:.0f} s")
        if (step + 1) % every == 0:
            state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
            if look:
                look()


def packed(network: Network, lexicon: Lexicon) -> Packed:
    """The network as it is shipped."""
    weights = {name: values.detach().float().numpy() for name, values in network.state_dict().items()}
    return Packed(lexicon, weights, lexicon.look_up)


def begin_with(network: Network, lexicon: Lexicon, encoder: StaticEncoder) -> None:
    """Words and characters begin near where the encoder has them: its main directions."""
    letters = [chr(code) for code in np.flatnonzero(lexicon.letters > 1)]
    for names, numbers, table in (
        (list(lexicon.words), list(lexicon.words.values()), network.word),
        (letters, lexicon.letters[[ord(x) for x in letters]].tolist(), network.letter),
    ):
        vectors = encoder.encode_passages(names)
        vectors = vectors - vectors.mean(0)
        _, _, directions = np.linalg.svd(vectors[:8000], full_matrices=False)
        width = table.weight.shape[1]
        small = vectors @ directions[:width].T
        small *= 0.3 / small.std()
        table.weight.data[numbers, : small.shape[1]] = torch.from_numpy(small.astype(np.float32))


def cached(path: Path, make: Callable[[], Any]) -> Any:
    """What `make` makes, kept in `path`, since asking takes minutes."""
    if not path.exists():
        beside = path.with_suffix(".part")
        with beside.open("wb") as file:
            pickle.dump(make(), file, protocol=4)
        beside.replace(path)
    with path.open("rb") as file:
        return pickle.load(file)


def documents_of(data: Path) -> list[Document]:
    """Every reading text, every second news item, an eighth of the rest, none that a held-out question is on."""
    _, held_out = read_examples(data)
    documents = read_documents(data, without={example.context for example in held_out})
    share = {"corpus_reading": 1, "corpus_crud_news": 2}
    return [d for number, d in enumerate(documents) if number % share.get(d.corpus, 8) == 0]


def posed_of(data: Path, work: Path, encoder: Path) -> list[Posed]:
    """All questions of the data folder."""
    with Collection.open(work, encoder=load_static_encoder(encoder)) as collection:
        sets = {name: read_rows(data / f"{name}.jsonl.gz") for name in QUESTION_SETS}
        return [posed for name, rows in sets.items() for posed in questions(rows, collection, name)]


def drafts_of(data: Path, everything: Path, encoder: Path) -> list[Posed]:
    """Questions drafted from the articles, with passages out of all that there are, indexed in `everything`."""
    start = load_static_encoder(encoder)
    if not everything.exists():
        Collection.build(everything, articles_in(data, ALL_NEWS), encoder=start).close()
    with Collection.open(everything, encoder=start) as collection:
        return list(questions(drafted(data), collection, "drafts"))


class Pool:
    """Lessons of a stream, shuffled `size` and more at a time: those of one document do not come together."""

    def __init__(self, lessons: Iterator[Lesson], size: int, seed: int) -> None:
        self._lessons, self._size, self._dice = lessons, size, random.Random(seed)
        self._waiting: list[Lesson] = []

    def take(self, count: int) -> list[Lesson]:
        """The next ones."""
        if len(self._waiting) < self._size + count:
            self._waiting += islice(self._lessons, 2 * self._size)
            self._dice.shuffle(self._waiting)
        return [self._waiting.pop() for _ in range(count)]


def train(
    posed: Sequence[Posed],
    drafts: Sequence[Posed],
    corpus: Corpus,
    lexicon: Lexicon,
    start: StaticEncoder,
    recipe: Recipe,
    beside: Path,
    report: Report,
) -> Packed:
    """The network after all stages; checkpoints are kept in the folder `beside`."""
    torch.manual_seed(recipe.seed)
    network = Network(len(lexicon.rarity), int(lexicon.letters.max()) + 1, recipe.dropout)
    begin_with(network, lexicon, start)
    report(f"{sum(p.numel() for p in network.parameters()) / 1e6:.1f} M parameters")
    apart = [one for one in posed if for_trees(one.group) and not one.held_out]

    def look() -> None:
        report(measure(packed(network, lexicon), apart[:: max(1, len(apart) // _LOOKED_AT)]))

    pool = Pool(gapped(corpus, lexicon, recipe.seed), 32 * recipe.gap_batch, recipe.seed)
    learned = [one for one in posed if not one.held_out and not for_trees(one.group)]
    drafts = [one for one in drafts if not for_trees(one.group)]
    real, made = (Questions(lexicon, some, recipe.passages) for some in (learned, drafts))
    report(f"{len(learned)} questions and {len(drafts)} drafts to train on, {len(apart)} kept for the trees")

    def gaps(step: int) -> list[Lesson]:
        return pool.take(recipe.gap_batch)

    def mixed(of_real: Ways, of_drafts: Ways) -> Callable[[int], list[Lesson]]:
        seen, typed = asked(real, of_real, recipe.seed), asked(made, of_drafts, recipe.seed)
        return lambda step: [
            *islice(seen, recipe.batch),
            *islice(typed, recipe.drafts_beside),
            *pool.take(recipe.gaps_beside),
        ]

    stages = (
        ("gaps", gaps, recipe.gap_steps, recipe.rate),
        ("questions", mixed(REAL, DRAFTED), recipe.steps, recipe.fine_rate),
        ("snippets", mixed(REAL_CUT, DRAFTED_CUT), recipe.snippet_steps, recipe.snippet_rate),
    )
    for name, source, steps, rate in stages:
        run(network, source, steps, rate, lexicon, recipe, beside / f"{name}.checkpoint", report, look)
    return packed(network, lexicon)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpus_*.jsonl.gz and qa_*.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="the collection that the training of the reader made")
    parser.add_argument("--encoder", type=Path, required=True, help="an encoder trained without the questions")
    parser.add_argument("--to", type=Path, default=MODEL)
    parser.add_argument("--gap-steps", type=int, default=Recipe().gap_steps)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--snippet-steps", type=int, default=Recipe().snippet_steps)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    recipe = Recipe(
        gap_steps=options.gap_steps, steps=options.steps, snippet_steps=options.snippet_steps, seed=options.seed
    )
    beside = options.work.with_name(options.work.name + ".network")
    beside.mkdir(exist_ok=True)
    posed = cached(beside / "posed.pkl", lambda: posed_of(options.data, options.work, options.encoder))
    everything = beside / "everything"
    drafts = cached(beside / "drafts.pkl", lambda: drafts_of(options.data, everything, options.encoder))
    corpus = cached(beside / "corpus.pkl", lambda: read_corpus(documents_of(options.data)))
    lexicon = make_lexicon(corpus)
    start = load_static_encoder(options.encoder)
    network = train(posed, drafts, corpus, lexicon, start, recipe, beside, lambda line: print(line, flush=True))
    options.to.parent.mkdir(parents=True, exist_ok=True)
    save_network(options.to, network)
    print(measure(load_network(options.to), [one for one in posed if one.held_out]))


if __name__ == "__main__":
    main()
