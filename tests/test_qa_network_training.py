"""How the neural reader is trained: the same numbers with torch and numpy, questions made of documents, going on."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_qa_network import small_lexicon

from embeddings.encoders.encoder import EMBEDDED_FOLDER
from embeddings.encoders.static_encoder import load_static_encoder
from embeddings.training.data import Document
from qa.reading.network.network import Network as Shipped
from qa.reading.network.network import load_network, save_network
from qa.reading.network.words import Lexicon
from qa.training.network_batches import (
    REAL,
    REAL_CUT,
    SNIPPET,
    Lesson,
    Questions,
    Rows,
    Ways,
    batch_of,
    pairs_of,
    question_rows,
    rows_of,
    snippet,
    without_answers,
)
from qa.training.network_data import Corpus, Posed, Shown, make_lexicon, read_corpus
from qa.training.network_drafts import drafted, terse
from qa.training.network_gaps import GapMaker, Gapped, neighbours
from qa.training.network_measures import measure
from qa.training.network_model import Network, loss_of, together
from qa.training.network_training import Pool, Recipe, gapped, learn, packed, run, train
from qa.training.trees_examples import for_trees

pytestmark = pytest.mark.slow

OWN = Shown("商都路街道", ("街道有6个社区。", "党员总数为2584名，其中新党员83名。"), ((1, 5, 9),))
OTHER = Shown("云溪街道", ("云溪街道在河边。", "那里有两座桥。"))
POSED = Posed("set", "a", False, "商都路街道有多少名党员？", "云溪街道有多少名党员？", (OWN,), (OTHER, OTHER))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    towns = ("云溪", "商都", "龙湖", "金水", "白沙", "青龙")
    text = "{0}街道成立于2010年。{0}街道的党员王建国介绍，{0}街道有6个社区。王建国在{0}街道办事处工作了12年。社区有12个小组。"
    return read_corpus(Document(f"{town}街道", text.format(town) * 2, "made") for town in towns)


@pytest.fixture(scope="module")
def lexicon(corpus: Corpus) -> Lexicon:
    return make_lexicon(corpus)


def network_for(lexicon: Lexicon, seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(len(lexicon.rarity), int(lexicon.letters.max()) + 1, 0.0)


def test_torch_and_numpy_compute_the_same() -> None:
    lexicon = small_lexicon()
    network = network_for(lexicon).eval()
    for parameter in network.parameters():  # also those that begin as 0 or 1
        torch.nn.init.normal_(parameter, std=0.2)
    rows = [rows_of(lexicon, shown) for shown in (OWN, OTHER)]
    asked = question_rows(lexicon, POSED.question)
    batch, _, _ = batch_of(lexicon, [(0, asked, one) for one in rows])
    with torch.inference_mode():
        logits, nothing = network(batch)
    sights = packed(network, lexicon).look(POSED.question, [(shown.title, shown.units) for shown in (OWN, OTHER)])
    for place, sight in enumerate(sights):
        assert np.allclose(logits[place, : len(sight.logits)].numpy(), sight.logits, atol=1e-3, rtol=1e-4)
        assert float(nothing[place]) == pytest.approx(sight.nothing, abs=1e-3)


def test_answers_are_marked_on_their_words() -> None:
    rows = rows_of(small_lexicon(), OWN)
    (first,), (last,) = np.flatnonzero(rows.starts), np.flatnonzero(rows.ends)
    words = small_lexicon().look_up(OWN.units[1])
    before = int((rows.units < 2).sum())
    assert OWN.units[1][words.places[first - before, 0] : words.places[last - before, 1]] == "2584"
    bare = without_answers(rows)
    assert not bare.starts.any()
    assert set(bare.units.tolist()) == {0, 1}


def test_loss_is_small_where_the_network_is_right_and_counts_nothing_in_silent_passages() -> None:
    starts, ends = torch.zeros(2, 4, dtype=torch.bool), torch.zeros(2, 4, dtype=torch.bool)
    starts[0, 1] = ends[0, 2] = True
    words, groups = torch.ones(2, 4), torch.tensor([0, 0])
    logits = torch.full((2, 4, 3), -10.0)
    logits[0, 1, 0] = logits[0, 2, 1] = 10.0
    logits[0, 1:3, 2] = 10.0
    right = loss_of(logits, torch.tensor([-10.0, 0.0]), groups, starts, ends, words)
    wrong = loss_of(-logits, torch.tensor([10.0, -10.0]), groups, starts, ends, words)
    assert float(right) < 0.01 < 10 < float(wrong)
    none = torch.zeros(2, 4, dtype=torch.bool)
    silent = loss_of(torch.full((2, 4, 3), -10.0), torch.tensor([10.0, 10.0]), groups, none, none, words)
    assert float(silent) < 0.01


def test_passages_of_like_length_together_give_the_same_loss() -> None:
    lexicon = small_lexicon()
    network = network_for(lexicon).eval()
    rows = [rows_of(lexicon, shown) for shown in (OWN, OTHER)]
    asked = question_rows(lexicon, POSED.question)
    (pairs,) = pairs_of([Lesson(asked, tuple(rows)), Lesson(asked[:3], (rows[1],))])
    lengths = [len(one.table) for _, _, one in pairs]
    assert lengths == sorted(lengths)

    def loss(chunks: list[list[tuple[int, np.ndarray, object]]]) -> float:
        parts = []
        for chunk in chunks:
            batch, starts, ends = batch_of(lexicon, chunk)  # type: ignore[arg-type]
            logits, nothing = network(batch)
            parts.append((logits, nothing, batch.groups, starts, ends, (batch.units > 0).float()))
        return float(loss_of(*together(parts)).detach())

    assert loss([pairs[:1], pairs[1:]]) == pytest.approx(loss([pairs]), rel=1e-4)  # type: ignore[list-item]


def test_gaps_are_answered_by_their_passages(corpus: Corpus) -> None:
    made = _gapped(corpus, 0, times=5)
    assert len(made) > 20
    answered = [one for one in made if _answers(one)]
    assert 0 < len(answered) < len(made)
    assert all(len(_answers(one)) == 1 for one in answered)
    assert all(len(one.question) >= 4 for one in made)


def test_documents_on_the_same_subject_stand_beside(corpus: Corpus) -> None:
    near = neighbours(corpus, 0)
    assert all(number not in row for number, row in enumerate(near))
    made = _gapped(corpus, 0, times=5)
    assert {len(one.passages) for one in made} >= {1, 2}


def _gapped(corpus: Corpus, seed: int, times: int = 1) -> list[Gapped]:
    maker = GapMaker(corpus, neighbours(corpus, 0), seed)
    return [one for number in range(6) for _ in range(times) for one in maker.make(number)]


def _answers(one: Gapped) -> set[tuple[int, ...]]:
    """The words that are marked as the answer in any passage."""
    return {
        tuple(shown.keys[a : b + 1].tolist())
        for shown in one.passages
        for a, b in zip(np.flatnonzero(shown.starts), np.flatnonzero(shown.ends), strict=True)
    }


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("大桥将于什么时候通车？", {"大桥通车时间", "大桥通车的时间", "大桥通车日期"}),
        ("发布会在哪里举行？", {"发布会举行地点", "发布会举行的地点", "发布会举行在哪"}),
        ("全市常住人口为多少人？", {"全市常住人口", "全市常住人口是多少"}),
        ("集团董事长是谁？", {"集团董事长", "集团董事长叫什么"}),
        ("他们为什么来？", {"他们为什么来"}),
    ],
)
def test_questions_in_few_words(question: str, short: set[str]) -> None:
    assert {terse(question, random.Random(seed)) for seed in range(20)} == short


def test_drafts_have_the_form_of_the_data_and_leave_out_what_is_held_out(tmp_path: Path) -> None:
    told = "云溪街道办事处成立于2010年5月。云溪街道现有党员2584名，社区12个。"
    rows = [
        {"id": name, "title": "云溪街道", "date": "", "text": text} for name, text in (("a", told), ("b", told + "。"))
    ]
    held_out = {"id": "q", "dataset": "cmrc2018_trial", "question": "？", "context": told + "。", "answer_starts": [0]}
    for name, lines in (("corpus_reading", rows), ("qa_cmrc2018", [held_out])):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    made = list(drafted(tmp_path))
    assert made
    assert {row["context_id"] for row in made} == {"a"}
    for row in made:
        (answer,), (start,) = row["answers"], row["answer_starts"]
        assert row["context"][start:].startswith(answer)
        assert answer not in row["question"]


def test_the_same_seed_makes_the_same_questions(corpus: Corpus) -> None:
    def texts(seed: int) -> list[list[int]]:
        return [one.question.tolist() for one in _gapped(corpus, seed)]

    assert texts(1) == texts(1) != texts(2)


@pytest.mark.parametrize("ways", [REAL, REAL_CUT])
def test_each_question_is_seen_in_several_ways(ways: Ways) -> None:
    questions = Questions(small_lexicon(), [POSED])
    dice = np.random.default_rng(0)
    seen = [questions.pick(0, dice, ways) for _ in range(300)]
    answered = sum(any(rows.starts.any() for rows in one.passages) for one in seen) / len(seen)
    assert 0.55 < answered < 0.8
    assert len({len(one.question) for one in seen} | {one.question.tobytes() for one in seen}) > 1
    assert all(1 <= len(one.passages) <= 3 for one in seen)


@pytest.mark.parametrize("seed", range(20))
def test_snippets_keep_an_answer_whole(seed: int) -> None:
    count = 400
    units = np.repeat(np.arange(21, dtype=np.int32), 20)[:count]
    starts, ends = np.zeros(count, bool), np.zeros(count, bool)
    starts[[150, 300]] = ends[[155, 310]] = True
    table = np.arange(count, dtype=np.int32)[:, None]
    piece = snippet(Rows(table, units, starts, ends), np.random.default_rng(seed))
    words, begins, stops = piece.table[:, 0], piece.table[piece.starts, 0], piece.table[piece.ends, 0]
    body = words[piece.units > 0]
    assert SNIPPET[0] <= len(body) < SNIPPET[1]
    assert (np.diff(body) == 1).all()
    assert list(zip(begins, stops, strict=True)) in ([(150, 155)], [(300, 310)])
    assert len(words) - len(body) in (0, 20)  # with its title or without


def test_short_passages_without_answers_are_snippets_already() -> None:
    rows = Rows(np.zeros((9, 1), np.int32), np.ones(9, np.int32), np.zeros(9, bool), np.zeros(9, bool))
    assert len(snippet(rows, np.random.default_rng(0)).units) == 9


def _weights(network: Network) -> np.ndarray:
    return torch.cat([p.detach().ravel() for p in network.parameters()]).numpy()


def _train(folder: Path, corpus: Corpus, lexicon: Lexicon, steps: list[int]) -> tuple[Network, list[str]]:
    """Train up to each of `steps`, every time in a new network that goes on from the checkpoint."""
    recipe, lines = Recipe(unknown=0.1), []
    for stop in steps:
        network, made = network_for(lexicon), gapped(corpus, lexicon, 0)

        def source(step: int) -> list[Lesson]:
            if step >= stop:  # noqa: B023
                raise KeyboardInterrupt
            return _first(made, 8)  # noqa: B023

        try:
            run(network, source, steps[-1], 1e-3, lexicon, recipe, folder / "c", lines.append, every=2)
        except KeyboardInterrupt:
            continue
    return network, lines


def _first(things: object, count: int) -> list[Lesson]:
    return [thing for thing, _ in zip(things, range(count), strict=False)]  # type: ignore[call-overload]


def test_an_interrupted_training_goes_on_to_the_same_weights(tmp_path: Path, corpus: Corpus, lexicon: Lexicon) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole, _ = _train(tmp_path / "a", corpus, lexicon, [8])
    parts, lines = _train(tmp_path / "b", corpus, lexicon, [5, 8])
    assert "going on from step 4" in lines
    assert np.allclose(_weights(whole), _weights(parts), atol=1e-6)


def test_it_learns(corpus: Corpus, lexicon: Lexicon) -> None:
    network = network_for(lexicon).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3)
    seen = _first(gapped(corpus, lexicon, 0), 32)
    losses = [learn(network, optimizer, lexicon, seen, 0.0) for _ in range(30)]
    assert losses[-1] < losses[0] / 3


def test_measures_see_a_right_and_a_wrong_span() -> None:
    lexicon = small_lexicon()
    line = measure(_Knowing(lexicon, {}, lexicon.look_up), [POSED])
    assert line == "  set, 1: exact 100.0, F1 100.0, unit 100.0 / 100.0, AUC 1.000"
    shifted = replace(POSED, own=(replace(OWN, answers=((0, 0, 2),)),))
    assert "exact 0.0, F1 0.0, unit 0.0 / 100.0" in measure(_Knowing(lexicon, {}, lexicon.look_up), [shifted])


class _Knowing(Shipped):
    """A network that points at every 2584."""

    def _forward(self, asked, table, units):  # type: ignore[no-untyped-def]
        logits = np.full((*table.shape[:2], 3), -5.0, np.float32)
        key = self.lexicon.look_up("2584").table[0, 2]
        logits[table[..., 2] == key] = 5.0
        logits[units == 0] = -1e4
        return logits, np.zeros(len(table), np.float32)


def test_a_pool_gives_every_lesson_once_and_not_in_order() -> None:
    lessons = [Lesson(np.full((1, 7), number, np.int32), ()) for number in range(1000)]
    pool = Pool(iter(lessons), 20, 0)
    numbers = [int(one.question[0, 0]) for _ in range(40) for one in pool.take(5)]
    assert len(set(numbers)) == 200
    assert numbers != sorted(numbers)
    assert max(numbers) < 300


def test_the_whole_training_writes_a_network_that_reads(tmp_path: Path, corpus: Corpus, lexicon: Lexicon) -> None:
    recipe = Recipe(gap_steps=2, gap_batch=4, steps=2, snippet_steps=2, batch=2, drafts_beside=2, gaps_beside=1)
    groups = (group for group in map(str, range(100)) if not for_trees(group))
    posed = [replace(POSED, group=group) for group, _ in zip(groups, range(5), strict=False)]
    lines: list[str] = []
    network = train(
        posed, posed[:1], corpus, lexicon, load_static_encoder(EMBEDDED_FOLDER), recipe, tmp_path, lines.append
    )
    assert "5 questions and 1 drafts to train on, 0 kept for the trees" in lines
    save_network(tmp_path / "n.npz", network)
    (sight,) = load_network(tmp_path / "n.npz").look(POSED.question, [(OWN.title, OWN.units)])
    assert np.isfinite(sight.logits).all()
    assert sight.logits[sight.units >= 0].std() > 0
