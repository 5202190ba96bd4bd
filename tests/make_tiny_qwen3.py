"""Makes tests/tiny_qwen3: a small Qwen3 that answers the sample questions in the cited form, from its prompt.

    python tests/make_tiny_qwen3.py --data DATA --work WORK

DATA holds qa_cmrc2018.jsonl.gz (CMRC 2018 train, CC BY-SA 4.0), one {"context", "question", "answers"} per line;
without it the model is trained on the sample articles alone. WORK keeps a checkpoint: a run that was stopped goes on
from there, and gives what it would have given. Needs torch 2.9 or later and a CPU that multiplies bfloat16.

The prompts are the product's own: the hits of an Answerer, `answer_messages`, the chat template. Three stages, one after
the other: sentences of pieces without sense, copied with the mark of their passage; sentences of a few passages, asked
for by some of their words or by real questions; and the sample questions, over and over, passages in the order of the
search or shuffled, often with the answering one left out. Follow-ups are rewritten as the rules do. The last time, 1,700
steps (4.9 million tokens) took 30 minutes on one thread of a busy machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
    Qwen3Model,
)

from corpus.article import Passage
from corpus.reading.folders import read_articles
from corpus.text.sentences import split_clauses, split_sentences
from embeddings.collections.hit import Hit
from prompts import template
from qa.answer import Turn
from qa.answerer import Answerer
from qa.language_models.language_model import Message
from qa.library.indexes import sample_collection
from qa.questions.follow_up import complete
from qa.questions.topics import topic_of
from qa.writing.prompting import answer_messages, rewrite_messages
from qa.writing.writer import QuotingWriter

HERE = Path(__file__).parent
ARTICLES = HERE.parent / "corpus" / "articles"
FOLDER = HERE / "tiny_qwen3"
NOTHING = "资料里没有。"
THOUGHT = "先在资料里找，再回答。"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
PIECES = 5000
CONTEXT = 1024
MOST = 15  # passages that are told apart in training
HIDDEN, HEAD = 192, 64
LONGEST = 60  # characters of a sentence that is copied whole; of a longer one, the clauses around the answer
STAGES = (300, 550)  # steps after which the second and the third stage begin
TOKENS = 4000  # of a step, padding included
SEED = 0

CHAT = """\
{%- for message in messages %}
    {%- set content = message.content %}
    {%- if message.role == 'assistant' and '</think>' in content %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answers: one of each group is wanted, from an article with one of these ids."""

    text: str
    groups: tuple[tuple[str, ...], ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruler:
    """Stands in for the model where a prompt is made: counts, and has as much room as it is given."""

    tokenizer: PreTrainedTokenizerFast
    room: int
    name: str = "tiny"

    def count(self, text: str) -> int:
        return len(self.tokenizer(text, add_special_tokens=False).input_ids)

    def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        raise NotImplementedError("only measures")


# What is learned from


def sample_questions() -> list[Asked]:
    """The questions on the sample articles; those without an answer have no groups."""
    rows = [json.loads(line) for line in (ARTICLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    found = []
    for row in rows:
        groups = row.get("answer_groups") or [row["answers"]] if row["answerable"] else []
        found.append(Asked(row["question"], tuple(map(tuple, groups)), tuple(row["articles"])))
    return found


def public_questions(data: Path | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Paragraphs, each with its (question, answer) pairs."""
    if data is None:
        return []
    found: dict[str, list[tuple[str, str]]] = {}
    with gzip.open(data / "qa_cmrc2018.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found.setdefault(row["context"], []).append((row["question"], row["answers"][0]))
    return list(found.items())


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def excerpt(sentence: str, answers: Sequence[str]) -> str:
    """`sentence`, or where it is long the clauses that hold `answers` and a few more, ended with a full stop."""
    if len(sentence) <= LONGEST:
        return sentence if sentence[-1] in "。！？”" else sentence.rstrip("；;，,") + "。"
    clauses = split_clauses(sentence, 0, len(sentence))
    spans = [(sentence.find(answer), sentence.find(answer) + len(answer)) for answer in answers]
    inside = [n for n, (start, end) in enumerate(clauses) if any(start < to and end > at for at, to in spans)]
    first, last = inside[0], inside[-1]
    while first and clauses[last][1] - clauses[first][0] < LONGEST // 3:
        first -= 1
    return sentence[clauses[first][0] : clauses[last][1]].rstrip("，,；;：:、。") + "。"


def pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def blocks(messages: Sequence[Message]) -> list[str]:
    """The passages of an answer prompt as they are shown, number and title first."""
    inside = messages[0].text.split("<资料>\n")[1].split("\n</资料>")[0]
    return re.split(r"\n\n(?=\[\d+\] )", inside)


def target(asked: Asked, hits: Sequence[Hit], shown: Sequence[str]) -> str:
    """What the model should write: of each group the best sentence that is shown, with its mark."""
    told: dict[tuple[int, str], list[str]] = {}
    for group in asked.groups:
        best, most, found = (0, ""), 0, ""
        for number, (hit, block) in enumerate(zip(hits, shown, strict=False), 1):
            if named(hit) not in asked.articles:
                continue
            for sentence in sentences(block.split("\n", 1)[-1]):
                answer = next((answer for answer in group if answer in sentence), "")
                headline = sentence[-1] not in "。！？；”"
                score = (1 if headline else 10) + len(pairs(asked.text) & pairs(sentence)) if answer else 0
                if score > most:
                    best, most, found = (number, sentence), score, answer
        if most:
            told.setdefault(best, []).append(found)
    lines = [f"{excerpt(sentence, answers)}[{number}]" for (number, sentence), answers in told.items()]
    return "".join(lines) or NOTHING


def named(hit: Hit) -> str:
    """The name that the question set has for the article of `hit`: its file, without the suffix."""
    return re.sub(r"\.[a-z]+(#\d+)?$", "", hit.passage.article_id)


def hit_of(text: str, title: str, article: str, rank: int) -> Hit:
    return Hit(Passage(f"{article}#{rank}", article, text, 0, len(text), title), 0.5, rank)


# The tokenizer


def make_tokenizer(texts: Sequence[str]) -> PreTrainedTokenizerFast:
    """Characters and short runs of them; digits and marks by themselves; bytes for what was never seen."""
    raw = [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer = Tokenizer(models.BPE(byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\d|[\p{P}\p{S}]|\s"), "isolated")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    counts = Counter(character for text in texts for character in text)
    # Chosen here, because the trainer leaves it to chance which of two equally rare characters it takes.
    alphabet = sorted(counts, key=lambda character: (-counts[character], character))[:2800]
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES,
        special_tokens=SPECIAL + raw,
        initial_alphabet=alphabet,
        limit_alphabet=len(alphabet),
        max_token_length=4,
        min_frequency=4,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    made = json.loads(tokenizer.to_str())
    made["added_tokens"] = [token for token in made["added_tokens"] if token["content"] in SPECIAL]
    for token in made["added_tokens"]:
        token["special"] = "think" not in token["content"]
    fast = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(made)),
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        clean_up_tokenization_spaces=False,
        model_max_length=CONTEXT,
    )
    fast.chat_template = CHAT
    return fast


# Examples


@dataclass(frozen=True, slots=True)
class Example:
    """Tokens; for each the weight of having foretold it (0 for what the model only reads) and its passage (0: none)."""

    tokens: list[int]
    weights: list[float]
    places: list[int]


class Lessons:
    """Draws the examples of each step. Knows the stages; a step is the same whenever it is drawn."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, data: Path | None) -> None:
        self.tokenizer = tokenizer
        self.sample = sample_questions()
        answerer = Answerer(sample_collection(), writer=QuotingWriter())
        self.hits = [answerer.answer(asked.text).hits for asked in self.sample]
        self.articles = list(read_articles(ARTICLES))
        self.public = public_questions(data)
        self.follow_ups = list(self._follow_ups())

    def step(self, number: int) -> list[Example]:
        """The examples of a step: about TOKENS tokens, of like length."""
        draw = random.Random(f"{SEED}-{number}")
        stage = sum(number >= first for first in STAGES)
        room = draw.choice([300, 400, 500, 620])
        chance = draw.random()
        drawn: list[Example] = []
        longest = 0
        while True:
            if stage == 0:
                example = self._drill(draw, min(1.0, max(0.0, (number - 100) / (STAGES[0] - 150))))
            elif stage == 1 or chance < 0.06:
                example = self._general(draw, short=chance < 0.3)
            elif chance < 0.1:
                example = self._rewritten(draw)
            else:
                example = self._sampled(draw, room)
            longest = max(longest, len(example.tokens))
            if drawn and longest * (len(drawn) + 1) > (TOKENS if stage else 2500):
                return drawn
            drawn.append(example)

    def _drill(self, draw: random.Random, hard: float) -> Example:
        """Sentences of pieces without sense: whoever foretells them has learned to look them up, and their mark.

        `hard` from 0 to 1: how many pieces there are, how many passages, how long their sentences.
        """
        first = self.tokenizer.convert_tokens_to_ids("<0xFF>") + 1
        last = first + 200 + int(hard * (PIECES - first - 200))
        blocks: list[tuple[int, list[list[int]]]] = []
        tokens: list[int] = []
        for number in range(1, 3 + draw.randint(0, round(4 * hard))):
            chosen = [
                [draw.randrange(first, last) for _ in range(draw.randint(3, 5 + round(8 * hard)))]
                for _ in range(draw.randint(1, 1 + round(1.5 * hard)))
            ]
            blocks.append((number, chosen))
            tokens += self.tokenizer.encode(f"\n\n[{number}] ")
            for sentence in chosen:
                tokens += sentence + self.tokenizer.encode("。")
        weights, places = [0.0] * len(tokens), self._places(tokens)
        asked = [(number, sentence) for number, chosen in blocks for sentence in chosen] * 2
        for number, sentence in draw.sample(asked, min(8, len(asked))):
            at = draw.randrange(len(sentence) - 1)
            known = draw.random() > 0.15 * hard
            words = sentence[at : at + 3] if known else [draw.randrange(first, last) for _ in range(3)]
            opening = self.tokenizer.encode("问题：") + words + self.tokenizer.encode("？<|im_end|>")
            tokens += opening
            weights += [0.0] * len(opening)
            places += [0] * len(opening)
            if known:
                tokens += sentence
                weights += [1.0] * len(sentence)
                places += [number] * len(sentence)
            self._learn(tokens, weights, places, (f"。[{number}]" if known else NOTHING) + "<|im_end|>")
        return Example(tokens, weights, places)

    def _general(self, draw: random.Random, *, short: bool) -> Example:
        """A few short passages from anywhere; several questions on them."""
        passages: list[Hit] = []
        asked: list[tuple[Asked, str]] = []
        for n in range(draw.randint(2, 4) if short else draw.randint(3, 6)):
            title, text, questions = self._source(draw)
            parts = sentences(text)
            first = draw.randrange(len(parts))
            chosen = parts[first : first + (1 if short else draw.randint(1, 4))]
            passages.append(hit_of("".join(chosen)[:300], title, f"{n}", n))
            asked += [(Asked(q, ((a,),), (f"{n}",)), a) for q, a in questions]
            asked += [(Asked(*_words_of(draw, draw.choice(chosen)), (f"{n}",)), "") for _ in range(2 if short else 1)]
        messages = answer_messages("？", passages, Ruler(self.tokenizer, 700))
        shown = blocks(messages)
        turns = [(one.text, target(one, passages, shown)) for one, _ in asked]
        held = [turn for turn in turns if turn[1] != NOTHING]
        turns = [turn for turn in turns if turn[1] == NOTHING][: max(1, len(held) // 4)] + held
        if draw.random() < 0.5:
            title, text, _ = self._source(draw)
            turns.append((_words_of(draw, draw.choice(sentences(text)))[0], NOTHING))
        draw.shuffle(turns)
        turns = turns[: 6 if short else 5]
        messages = answer_messages(turns[0][0], passages, Ruler(self.tokenizer, 700))
        return self._example(draw, messages, turns[0][1], turns[1:])

    def _source(self, draw: random.Random) -> tuple[str, str, list[tuple[str, str]]]:
        """A title, a text, and questions with their answers."""
        if self.public and draw.random() < 0.5:
            text, questions = draw.choice(self.public)
            return text[:6], text, questions
        article = draw.choice(self.articles)
        return article.title, article.text, []

    def _sampled(self, draw: random.Random, room: int) -> Example:
        """A sample question over its hits, as found or shuffled, and more questions on the same passages."""
        n = draw.randrange(len(self.sample))
        asked, hits = self.sample[n], list(self.hits[n])
        if draw.random() < 0.5:
            hits = hits[: draw.randint(3, len(hits))]
            draw.shuffle(hits)
            hits.sort(key=lambda hit: named(hit) not in asked.articles or draw.random() < 0.4)
        if asked.groups and draw.random() < 0.3:
            answers = [answer for group in asked.groups for answer in group]
            held = [hit for hit in hits if any(answer in hit.passage.text for answer in answers)]
            hits = [hit for hit in hits if hit not in held or named(hit) not in asked.articles]
        if not hits:
            hits = list(self.hits[n])
        messages = answer_messages(asked.text, hits, Ruler(self.tokenizer, room))
        shown = blocks(messages)
        near = {named(hit) for hit in hits[: len(shown)]}
        others = [other for other in self.sample if other is not asked and near & set(other.articles)]
        others = draw.sample(others, min(6, len(others))) + draw.sample(self.sample, 1)
        turns = [(other.text, target(other, hits, shown)) for other in others if other is not asked]
        turns = sorted(turns, key=lambda turn: turn[1] == NOTHING)[:4]
        draw.shuffle(turns)
        return self._example(draw, messages, target(asked, hits, shown), turns[: draw.randint(0, 4)])

    def _follow_ups(self) -> Iterator[tuple[str, Turn, str]]:
        """(follow-up, turn before, question that stands alone), made and completed by rule."""
        topics = [topic_of(asked.text) for asked in self.sample]
        for n, asked in enumerate(self.sample):
            topic = topics[n]
            for before, other in zip(topics, self.sample, strict=True):
                if not topic or before != topic or other is asked or not asked.text.startswith(topic):
                    continue
                rest = asked.text[len(topic) :]
                answer = "，".join(group[0] for group in other.groups) or NOTHING
                turn = Turn(other.text, answer)
                for opening in ("那它", "那里", "它"):
                    whole = complete(opening + rest, [turn])
                    if whole == asked.text or whole == "那" + asked.text:
                        yield opening + rest, turn, asked.text
                        break

    def _rewritten(self, draw: random.Random) -> Example:
        if draw.random() < 0.2:
            first, second = draw.sample(self.sample, 2)
            return self._example(draw, rewrite_messages(second.text, [Turn(first.text, NOTHING)]), second.text, [])
        question, turn, whole = draw.choice(self.follow_ups)
        return self._example(draw, rewrite_messages(question, [turn]), whole, [])

    def _example(
        self, draw: random.Random, messages: Sequence[Message], answer: str, more: Sequence[tuple[str, str]]
    ) -> Example:
        """The prompt and its answer; `more` questions and answers follow, for which nothing new has to be read."""
        thinking = draw.random() < 0.1
        tokens = prompt_tokens(self.tokenizer, messages, thinking=thinking)
        weights, places = [0.0] * len(tokens), self._places(tokens)
        if thinking:
            self._learn(tokens, weights, places, f"<think>\n{THOUGHT}\n</think>\n\n")
        self._learn(tokens, weights, places, answer + "<|im_end|>")
        for question, reply in more:
            opening = self.tokenizer.encode(
                f"\n<|im_start|>user\n问题：{question}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
            )
            tokens += opening
            weights += [0.0] * len(opening)
            places += [0] * len(opening)
            self._learn(tokens, weights, places, reply + "<|im_end|>")
        return Example(tokens[:CONTEXT], weights[:CONTEXT], places[:CONTEXT])

    def _places(self, tokens: Sequence[int]) -> list[int]:
        """For each token of a prompt the number of the passage it stands in."""
        pieces = self.tokenizer.convert_ids_to_tokens(tokens)
        places, here = [], 0
        for n, piece in enumerate(pieces):
            if (
                piece == "["
                and n
                and pieces[n - 1] == "\n"
                and (number := re.match(r"\d+", "".join(pieces[n + 1 : n + 3])))
            ):
                here = int(number[0])
            places.append(0 if piece == "<|im_end|>" else here)
        return places

    def _learn(self, tokens: list[int], weights: list[float], places: list[int], text: str) -> None:
        """Adds `text`; where it begins and what it cites count more than the words that follow from them."""
        encoded = self.tokenizer(text, return_offsets_mapping=True, add_special_tokens=False)
        marks = [(mark.start() + 1, int(mark[1])) for mark in re.finditer(r"\[(\d+)\]", text)]
        tokens += encoded.input_ids
        for n, (start, _) in enumerate(encoded.offset_mapping):
            weights.append(3.0 if n < 2 or any(start == mark for mark, _ in marks) else 1.0)
            places.append(next((number for mark, number in marks if start < mark), 0))


def _words_of(draw: random.Random, sentence: str) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """A question made of some words of `sentence`, and that sentence as its answer."""
    clauses = [sentence[start:end] for start, end in split_clauses(sentence, 0, len(sentence))]
    clause = draw.choice(clauses).rstrip("，,；;：:、。！？!?")
    size = draw.randint(2, 4)
    starts = sorted(draw.sample(range(max(1, len(clause) - size + 1)), min(2, max(1, len(clause) - size + 1))))
    words = [clause[start : start + size] for start in starts] if draw.random() < 0.7 else [clause[:12]]
    return "".join(words) + draw.choice(["是什么？", "？", "有多少？", "是怎样的？", "在哪里？"]), ((clause,),)


def prompt_tokens(
    tokenizer: PreTrainedTokenizerFast, messages: Sequence[Message], *, thinking: bool = False
) -> list[int]:
    turns = [{"role": message.role, "content": message.text} for message in messages]
    text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True, enable_thinking=thinking)
    return tokenizer.encode(text, add_special_tokens=False)


# Training


def make_model(tokenizer: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    torch.manual_seed(SEED)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=HIDDEN,
        intermediate_size=512,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=HEAD,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    model = Qwen3ForCausalLM(config)
    for name, weight in model.named_parameters():
        if name.endswith(("q_norm.weight", "k_norm.weight")):
            torch.nn.init.constant_(weight, 1.7)  # so that one of many can be looked at
    with torch.no_grad():
        wire(model.model)
    return model


def wire(body: Qwen3Model) -> None:
    """Two heads begin as what every language model has to find: one looks one piece back, one copies what followed.

    Found by training alone they would take longer than all the rest.
    """
    embedding = torch.nn.init.normal_(body.embed_tokens.weight, std=0.07)  # so that a piece that is copied scores high
    embedding[:, 0] = 0.3  # the same in all pieces, so that a head can look at a place, whatever stands there
    seen, turned, told = (torch.linalg.qr(torch.randn(HIDDEN, HIDDEN)).Q for _ in range(3))
    half, high, low = HEAD // 2, slice(0, 4), [*range(HEAD // 4, HEAD // 2), *range(3 * HEAD // 4, HEAD)]
    back = body.layers[0].self_attn
    speeds = 1_000_000.0 ** (-torch.arange(half) / half)[high]
    back.q_proj.weight[:HEAD] = 0
    back.k_proj.weight[:HEAD] = 0
    back.k_proj.weight[high, 0] = 1.0
    back.q_proj.weight[:half][high, 0] = torch.cos(speeds)
    back.q_proj.weight[half:HEAD][high, 0] = -torch.sin(speeds)
    back.v_proj.weight[:HEAD] = seen[:HEAD]
    back.o_proj.weight[:, :HEAD] = 0.1 * (turned @ seen[:HEAD].T)
    copy = body.layers[1].self_attn
    copy.q_proj.weight[:HEAD] = 0
    copy.k_proj.weight[:HEAD] = 0
    copy.q_proj.weight[low] = seen[: len(low)]
    copy.k_proj.weight[low] = seen[: len(low)] @ turned.T
    copy.v_proj.weight[:HEAD] = told[:HEAD]
    copy.o_proj.weight[:, :HEAD] = 0.15 * told[:HEAD].T


def loss_of(model: Qwen3ForCausalLM, guides: torch.nn.ModuleList, examples: Sequence[Example]) -> torch.Tensor:
    """Mean over what is to be foretold, by weight. Padding stands behind, where a causal model does not look.

    The guides ask for the passage of what is read after the second layer, and of what is written after the third: the
    way to the mark is found sooner when it is not only asked for at its end. They are not kept.
    """
    longest = max(len(example.tokens) for example in examples)
    tokens, places = torch.zeros(2, len(examples), longest, dtype=torch.long)
    weights = torch.zeros(len(examples), longest)
    for row, example in enumerate(examples):
        tokens[row, : len(example.tokens)] = torch.tensor(example.tokens)
        places[row, : len(example.tokens)] = torch.tensor(example.places)
        weights[row, : len(example.tokens)] = torch.tensor(example.weights)
    wanted = weights[:, 1:] > 0
    entropy = torch.nn.functional.cross_entropy
    with torch.autocast("cpu", torch.bfloat16):
        states = model.model(input_ids=tokens, use_cache=False, output_hidden_states=True).hidden_states
        scores = model.lm_head(states[-1][:, :-1][wanted])
        told = (places > 0) & (weights > 0)
        read = (places > 0) & (weights == 0)
        hints = [
            entropy(guide(state[where]).float(), places[where].clamp(max=MOST))
            for guide, state, where in zip(guides, states[2:4], (read, told), strict=True)
            if where.any()
        ]
    losses = entropy(scores.float(), tokens[:, 1:][wanted], reduction="none")
    weight = weights[:, 1:][wanted]
    return (losses * weight).sum() / weight.sum() + 0.3 * sum(hints)


def train(model: Qwen3ForCausalLM, lessons: Lessons, steps: int, work: Path) -> None:
    """Muon for the matrices of the layers, AdamW for the rest; the rate rises, stays and falls to nothing."""
    matrices = [weight for weight in model.model.layers.parameters() if weight.ndim == 2]
    known = set(map(id, matrices))
    guides = torch.nn.ModuleList(torch.nn.Linear(HIDDEN, MOST + 1) for _ in range(2))
    norms = [weight for weight in model.parameters() if weight.ndim == 1]
    others = [weight for weight in model.parameters() if weight.ndim > 1 and id(weight) not in known]
    optimizers = [
        torch.optim.Muon(matrices, lr=8e-3, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW([*others, *guides.parameters()], lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0),
        torch.optim.AdamW(norms, lr=5e-3, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    rates = [group["lr"] for optimizer in optimizers for group in optimizer.param_groups]
    kept, first = work / "checkpoint.pt", 0
    if kept.exists():
        state = torch.load(kept)
        first = state["step"]
        model.load_state_dict(state["model"])
        guides.load_state_dict(state["guides"])
        for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
    start, seen, mean = time.perf_counter(), 0, 0.0
    for step in range(first, steps):
        examples = lessons.step(step)
        share = min(1.0, (step + 1) / 50, max(0.01, (steps - step) / (0.4 * steps)))
        for rate, optimizer in zip(rates, optimizers, strict=True):
            optimizer.param_groups[0]["lr"] = rate * share
        loss = loss_of(model, guides, examples)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        seen += sum(len(example.tokens) for example in examples)
        mean += loss.item() / 50
        if (step + 1) % 50 == 0:
            speed = seen / (time.perf_counter() - start)
            print(f"{time.strftime('%H:%M:%S')} step {step + 1} loss {mean:.3f} tokens/s {speed:.0f}", flush=True)
            mean = 0.0
        if (step + 1) % 250 == 0:
            state = {"step": step + 1, "model": model.state_dict(), "guides": guides.state_dict()}
            torch.save(state | {"optimizers": [optimizer.state_dict() for optimizer in optimizers]}, kept)


# What it can


def reply(model: Qwen3ForCausalLM, tokens: Sequence[int], tokenizer: PreTrainedTokenizerFast) -> str:
    """The likeliest continuation, token by token."""
    given = torch.tensor([list(tokens)])
    with torch.inference_mode():
        out = model.generate(given, attention_mask=torch.ones_like(given), max_new_tokens=120, do_sample=False)
    return str(tokenizer.decode(out[0, len(tokens) :], skip_special_tokens=True))


def is_right(asked: Asked, hits: Sequence[Hit], shown: Sequence[str], text: str) -> bool:
    """Whether all that is shown of the answer is told, each with a mark of a passage that has it; or it is refused."""
    wanted = target(asked, hits, shown)
    if NOTHING in (wanted, text):
        return text == wanted
    told = re.findall(r"([^\[\]]+)((?:\[\d+\])+)", text)
    sources = [
        (line, [shown[int(n) - 1] for n in re.findall(r"\d+", marks) if 0 < int(n) <= len(shown)])
        for line, marks in told
    ]
    groups = [group for group in asked.groups if any(answer in wanted for answer in group)]
    return bool(sources) and all(
        any(answer in line and any(answer in source for source in found) for line, found in sources for answer in group)
        for group in groups
    )


def measure(folder: Path, lessons: Lessons, room: int) -> str:
    """Of the sample questions over their hits, as many as fit in `room`: answered right, and refused."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    counts = {"answer": [0, 0], "none": [0, 0]}
    for asked, hits in zip(lessons.sample, lessons.hits, strict=True):
        messages = answer_messages(asked.text, hits, Ruler(tokenizer, room))
        shown = blocks(messages)
        text = reply(model, prompt_tokens(tokenizer, messages), tokenizer)
        count = counts["none" if target(asked, hits, shown) == NOTHING else "answer"]
        count[0] += is_right(asked, hits, shown, text)
        count[1] += 1
        if not is_right(asked, hits, shown, text):
            print(f"{asked.text} -> {text} (should be: {target(asked, hits, shown)})")
    answered, refused = counts["answer"], counts["none"]
    return f"room {room}: right {answered[0]} of {answered[1]}, refused {refused[0]} of {refused[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with qa_cmrc2018.jsonl.gz; none: the sample articles alone")
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--steps", type=int, default=1700)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.work.mkdir(parents=True, exist_ok=True)

    articles = [f"{article.title}\n{article.text}" for article in read_articles(ARTICLES)]
    texts = [*articles, *[asked.text for asked in sample_questions()], template("answer"), template("rewrite")]
    public = [
        text for paragraph, questions in public_questions(arguments.data) for text in (paragraph, questions[0][0])
    ]
    tokenizer = make_tokenizer(texts * 60 + public)
    model = make_model(tokenizer)
    lessons = Lessons(tokenizer, arguments.data)
    print(f"{model.num_parameters():,} parameters, {len(tokenizer)} pieces, {len(lessons.follow_ups)} follow-ups")
    train(model, lessons, arguments.steps, arguments.work)

    model.generation_config.do_sample = False
    model.to(torch.bfloat16).save_pretrained(arguments.to)
    tokenizer.save_pretrained(arguments.to)
    for room in (350, 500):
        print(measure(arguments.to, lessons, room))


if __name__ == "__main__":
    main()
