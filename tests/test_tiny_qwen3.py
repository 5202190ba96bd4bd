"""The small Qwen3 of the tests is what its card says: small, whole, and able to answer the sample questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from embeddings.collections.collection import Collection
from qa.answer import Turn
from qa.answerer import Answerer
from qa.writing.prompting import answer_messages, rewrite_messages
from qa.writing.writer import QuotingWriter

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent / "tiny_qwen3"
NOTHING = "资料里没有。"
ROOM = 500  # tokens of a prompt, of the 1024 that the model has

ANSWERED = {
    "商都路街道到2021年年中有多少名党员？": "2584名",
    "商都路办事处是哪一年成立的？": "2010年",
    "商都路街道办养老托幼服务，钱是怎样解决的？": "政府购买服务",
    "商都路街道2021年上半年受理了多少起劳动投诉举报案件？": "138起",
    "金水区的“四减一优”指什么？": "少走环节",
    "金水区一共设置了多少个新冠疫苗接种点？": "68个",
    "长兴路街道列入改造的老旧小区有多少个？": "9个",
    "李江沟村回迁的时候，多少家挑到了称心的房子？": "350户",
    "桐柏路街道的微党课是2019年几月几日举办的？": "6月20日",
    "建设路街道与多少家单位签订了共建协议和服务承诺书？": "21家",
}
REFUSED = ("商都路街道的党工委书记是谁？", "地铁5号线是哪一天通车的？")


class Tiny:
    """The loaded model with its tokenizer, as plain as can be."""

    name, room = "tiny", ROOM

    def __init__(self) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.tokenizer: Any = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
        self.model: Any = AutoModelForCausalLM.from_pretrained(FOLDER, local_files_only=True, dtype="float32")

    def count(self, text: str) -> int:
        return len(self.tokenizer(text, add_special_tokens=False).input_ids)

    def reply(self, messages: list[Any], *, thinking: bool = False) -> str:
        turns = [{"role": message.role, "content": message.text} for message in messages]
        inputs = self.tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, enable_thinking=thinking, return_dict=True, return_tensors="pt"
        )
        out = self.model.generate(**inputs, max_new_tokens=120, do_sample=False)
        return str(self.tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))


@pytest.fixture(scope="module")
def tiny() -> Tiny:
    return Tiny()


@pytest.fixture(scope="module")
def answerer(sample: Collection) -> Answerer:
    return Answerer(sample, writer=QuotingWriter())


def test_the_folder_stays_small() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert {"model.safetensors", "tokenizer.json", "chat_template.jinja", "README.md"} <= {path.name for path in files}
    assert sum(path.stat().st_size for path in files) < 10_000_000


def test_is_a_qwen3(tiny: Tiny) -> None:
    assert tiny.model.config.architectures == ["Qwen3ForCausalLM"]
    assert tiny.model.config.vocab_size == len(tiny.tokenizer)


@pytest.mark.parametrize(
    "text", ["商都路街道有2584名党员。[1]", "第一行\n 第二行，“引号” <think>", "𠮷野家 café №5 🎈"]
)
def test_its_tokenizer_loses_nothing(tiny: Tiny, text: str) -> None:
    assert tiny.tokenizer.decode(tiny.tokenizer(text).input_ids) == text


def test_its_template_can_switch_thinking_off(tiny: Tiny) -> None:
    turns = [{"role": "user", "content": "问"}, {"role": "assistant", "content": "<think>\n想\n</think>\n\n答"}]
    asked = [*turns, {"role": "user", "content": "再问"}]
    thinking = tiny.tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    silent = tiny.tokenizer.apply_chat_template(
        asked, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    assert thinking == (
        "<|im_start|>user\n问<|im_end|>\n<|im_start|>assistant\n答<|im_end|>\n"
        "<|im_start|>user\n再问<|im_end|>\n<|im_start|>assistant\n"
    )
    assert silent == thinking + "<think>\n\n</think>\n\n"


@pytest.mark.parametrize(("question", "answer"), ANSWERED.items())
def test_answers_a_sample_question_with_its_mark(tiny: Tiny, answerer: Answerer, question: str, answer: str) -> None:
    hits = answerer.answer(question).hits
    text, number = _marked(tiny.reply(answer_messages(question, hits, tiny)))
    assert answer in text
    assert answer in hits[number - 1].passage.text


def test_reads_the_mark_off_the_prompt(tiny: Tiny, answerer: Answerer) -> None:
    question, answer = next(iter(ANSWERED.items()))
    first, *others = answerer.answer(question).hits
    hits = [min(others, key=lambda hit: len(hit.passage.text)), first]
    text, number = _marked(tiny.reply(answer_messages(question, hits, tiny)))
    assert answer in text
    assert hits[number - 1] == first


@pytest.mark.parametrize("question", REFUSED)
def test_says_that_there_is_nothing(tiny: Tiny, answerer: Answerer, question: str) -> None:
    assert tiny.reply(answer_messages(question, answerer.answer(question).hits, tiny)) == NOTHING


def test_says_that_there_is_nothing_where_the_passage_is_left_out(tiny: Tiny, answerer: Answerer) -> None:
    question, answer = next(iter(ANSWERED.items()))
    hits = [hit for hit in answerer.answer(question).hits if answer not in hit.passage.text]
    assert tiny.reply(answer_messages(question, hits, tiny)) == NOTHING


def test_thinks_aloud_where_it_may(tiny: Tiny, answerer: Answerer) -> None:
    question, answer = next(iter(ANSWERED.items()))
    text = tiny.reply(answer_messages(question, answerer.answer(question).hits, tiny), thinking=True)
    thought, _, rest = text.partition("</think>")
    assert thought.startswith("<think>\n") and answer in rest


def test_completes_a_follow_up(tiny: Tiny) -> None:
    history = [Turn("商都路街道2021年上半年受理了多少起劳动投诉举报案件？", "138起")]
    text = tiny.reply(rewrite_messages("那它到2021年年中有多少名党员？", history))
    assert text == "商都路街道到2021年年中有多少名党员？"


def _marked(text: str) -> tuple[str, int]:
    """An answer of one sentence, and the number of its mark."""
    sentence, _, mark = text.partition("[")
    assert mark.endswith("]"), text
    return sentence, int(mark[:-1])
