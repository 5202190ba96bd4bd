"""How a conversation is put to one model, and how its tokens become text: tokenizer and chat template.

Knows tokenizers of transformers. Texts of messages are data: what would be a control token of this model (`<|im_end|>`,
`</s>`, `[INST]` …) is broken up by a blank, so that no article ends its own turn and begins another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from corpus.errors import ModelError
from qa.language_models.language_model import Message
from qa.language_models.thinking import CLOSING, OPENING, WRAPPING

CUE = "\n回答："  # what a model without a chat template goes on from
# Marks of a template that are ordinary text to the tokenizer, such as [INST] and <<SYS>>.
_MARK = re.compile(r"<<[^<>\s]+>>|<[|｜][^<>\s]+?[|｜]>|</?[A-Za-z_]+>|\[/?[A-Z_]{2,}\]")
_WITH_TAGS = frozenset((*OPENING, *CLOSING, *WRAPPING))
_HALF = "\ufffd"  # what a tokenizer makes of the first bytes of a character
_LONGEST_CHARACTER = 8  # tokens


@dataclass(frozen=True, slots=True)
class Prompt:
    """Tokens of a prompt; `thinks` where they end in a tag that opens thoughts."""

    tokens: tuple[int, ...]
    thinks: bool = False


class ChatFormat:
    """Tokenizer and template of one model, for many threads."""

    def __init__(self, tokenizer: Any, ends: Iterable[int] = ()) -> None:
        self._tokenizer = tokenizer
        self._turn = Lock()  # A fast tokenizer refuses to be used by two threads at once.
        self.has_template = bool(tokenizer.chat_template)
        self._controls = _pattern(_control_strings(tokenizer))
        self._hidden = frozenset(
            number
            for number, token in tokenizer.added_tokens_decoder.items()
            if token.special and token.content not in _WITH_TAGS
        ) | {number for number in tokenizer.all_special_ids if isinstance(number, int)}
        self.system_turn = self.has_template and self._knows_system()
        self.ends = self._ends(ends)
        self.around = len(self.prompt([Message("user", "")]).tokens)

    def count(self, text: str) -> int:
        """Tokens of `text` inside a message."""
        return len(self._encode(self.harmless(text)))

    def harmless(self, text: str) -> str:
        """`text` without control tokens: each is broken up by a blank."""
        while (broken := self._controls.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)) != text:
            text = broken
        return text

    def prompt(self, messages: Sequence[Message]) -> Prompt:
        """`messages` as this model reads them. Raises ModelError where its template refuses them."""
        turns = [{"role": message.role, "content": self.harmless(message.text)} for message in messages]
        if not self.has_template:
            text = "\n\n".join(turn["content"] for turn in turns) + CUE
            return Prompt(tuple(self._encode(text, begin=True)))
        try:
            text = self._render(turns if self.system_turn else _folded(turns), add_generation_prompt=True)
        except Exception as error:  # Templates raise what they like.
            raise ModelError(
                f"模型的对话模板不接受这段对话：{error}。请换一个模型。",
                f"The chat template of the model refuses this conversation: {error}. Take another model.",
            ) from error
        return Prompt(tuple(self._encode(text)), thinks=text.rstrip().endswith(OPENING))

    def spell(self, tokens: Iterable[int | None]) -> Iterator[str]:
        """Text of `tokens` as they come; None passes as "". A character is shown when all of its tokens are there."""
        said: list[int] = []
        begun: list[int] = []
        for token in tokens:
            if token is None or token in self._hidden:
                yield ""
                continue
            begun.append(token)
            text = self._text(said + begun)
            if text.endswith(_HALF) and len(begun) < _LONGEST_CHARACTER:
                yield ""
                continue
            yield text[len(self._text(said)) :]
            said, begun = begun, []
        if begun:
            yield self._text(said + begun)[len(self._text(said)) :].rstrip(_HALF)

    def _render(self, turns: Sequence[dict[str, str]], **options: Any) -> str:
        # Each family of models has its own name for the switch; templates ignore what they do not know.
        text = self._tokenizer.apply_chat_template(
            list(turns), tokenize=False, enable_thinking=False, thinking=False, **options
        )
        return str(text)

    def _encode(self, text: str, *, begin: bool = False) -> list[int]:
        with self._turn:
            return list(self._tokenizer.encode(text, add_special_tokens=begin, verbose=False))

    def _text(self, tokens: Sequence[int]) -> str:
        with self._turn:
            return str(self._tokenizer.decode(list(tokens), clean_up_tokenization_spaces=False))

    def _knows_system(self) -> bool:
        """Whether the template takes a system turn, and shows it."""
        try:
            return "甲乙丙" in self._render(
                [{"role": "system", "content": "甲乙丙"}, {"role": "user", "content": "丁"}], add_generation_prompt=True
            )
        except Exception:  # Templates raise what they like.
            return False

    def _ends(self, named: Iterable[int]) -> frozenset[int]:
        """Tokens that end an answer: `named` ones, the tokenizer's own, and what the template puts after an answer."""
        ends = {number for number in (*named, self._tokenizer.eos_token_id) if isinstance(number, int)}
        if not self.has_template:
            return frozenset(ends)
        try:
            text = self._render([{"role": "user", "content": "甲"}, {"role": "assistant", "content": "乙丙丁"}])
        except Exception:  # Templates raise what they like.
            return frozenset(ends)
        after = self._encode(text.rpartition("乙丙丁")[2].lstrip())
        return frozenset(ends | ({after[0]} & self._hidden if after else set()))


def _control_strings(tokenizer: Any) -> set[str]:
    """What this tokenizer takes for more than text, and marks of the template that are text to it."""
    strings = {token.content for token in tokenizer.added_tokens_decoder.values() if _is_control(token)}
    strings |= {str(token) for token in tokenizer.all_special_tokens}
    templates = tokenizer.chat_template or ""
    for template in templates.values() if isinstance(templates, dict) else [templates]:
        strings |= set(_MARK.findall(template))
    return {string for string in strings if len(string) > 1}


def _is_control(token: Any) -> bool:
    """Not the words and blanks that some tokenizers add as tokens for speed."""
    text = token.content.strip()
    return bool(token.special or (len(text) > 2 and not text[0].isalnum() and not text[-1].isalnum()))


def _pattern(strings: Iterable[str]) -> re.Pattern[str]:
    """Any of `strings`, the longest first; nothing where there are none."""
    return re.compile("|".join(map(re.escape, sorted(strings, key=len, reverse=True))) or r"(?!)")


def _folded(turns: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """`turns` with what the system says put before what the user says next."""
    folded: list[dict[str, str]] = []
    told = ""
    for turn in turns:
        if turn["role"] == "system":
            told += turn["content"] + "\n\n"
            continue
        taken = told if turn["role"] == "user" else ""
        told = "" if taken else told
        folded.append({**turn, "content": taken + turn["content"]})
    return folded or [{"role": "user", "content": told.strip()}]
