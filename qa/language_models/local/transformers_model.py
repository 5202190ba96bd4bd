"""Any causal language model in a local folder, run in this process by `transformers`.

Knows what is shared and what is waited for. Folders are loaded in `transformers_folder`, prompts are made and answers
spelt in `chat_format`, tokens come from `generation_thread`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

from corpus.errors import ModelError
from qa.language_models.language_model import LanguageModel, Message
from qa.language_models.local.hardware import no_memory
from qa.language_models.local.transformers_folder import Loaded, brief, is_out_of_memory, load, require_whole
from qa.language_models.thinking import without_thinking

TIME_LIMIT = 180.0  # seconds for one answer, from its turn on
KEPT = 2  # models in memory
_THOUGHTS = 2000  # tokens beside the answer, for a model that cannot but think first
_ANSWER = 640  # tokens of the context that a prompt leaves free
_READ_AT_ONCE = {"cpu": 1200, "mps": 3000, "cuda": 6000}  # tokens that are read in about ten seconds, or less


def load_transformers_model(folder: Path, *, name: str = "", limit: float = TIME_LIMIT) -> LanguageModel:
    """The model in `folder`, shown as `name`, else by the folder's name; an answer takes `limit` seconds at most.

    All who ask for one folder share one model, which the first loads; the last `KEPT` stay in memory. Raises ModelError
    where the folder holds no whole model, or one that cannot be run here; MissingPackage without transformers.
    """
    folder = Path(folder).expanduser().resolve()
    called = name or folder.name
    require_whole(folder)
    key = (folder, max(path.lstat().st_mtime_ns for path in folder.iterdir()))
    loaded = _loaded.get(key)
    if not loaded:
        with _loading:
            loaded = _loaded.get(key)
            if not loaded:
                # A model that was replaced on disk is of no use, and there is a place for the new one.
                _release([old for old in _loaded if old[0] == folder])
                _release(list(_loaded)[: max(0, len(_loaded) - KEPT + 1)])
                loaded = _loaded[key] = _load(folder, called)
    return TransformersModel(called, loaded, limit=limit)


def _load(folder: Path, name: str) -> Loaded:
    """Load with the models that were loaded before still in memory, else without them."""
    try:
        return load(folder, name)
    except ModelError:
        if not _loaded:
            raise
    _release(list(_loaded))
    return load(folder, name)


def _release(keys: Sequence[tuple[Path, int]]) -> None:
    """Forget models: those that nobody uses leave memory."""
    for key in keys:
        del _loaded[key]
    gc.collect()  # A model and its layers point at each other.


class TransformersModel:
    """A loaded model under the name that it was asked for by; see `LanguageModel`."""

    def __init__(self, name: str, loaded: Loaded, *, limit: float) -> None:
        self.name, self.parameters = name, loaded.parameters
        self._format, self._source = loaded.format, loaded.source
        self._device, self._context = loaded.device, loaded.context
        self._limit = limit

    @property
    def room(self) -> int:
        """Tokens for a prompt's text: the context less an answer, or what is read without a long wait."""
        free = max(self._context - _ANSWER, self._context // 2)
        return min(free, _READ_AT_ONCE[self._device]) - self._format.around

    def count(self, text: str) -> int:
        """Tokens of `text` inside a prompt."""
        return self._format.count(text)

    def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        """See `LanguageModel`. After `limit` seconds the answer ends with what there is; ModelError if that is nothing.

        A model that was not taught to converse goes on with the text, and its answer ends with the line.
        """
        prompt = self._format.prompt(messages)
        free = self._context - len(prompt.tokens)
        if free <= 0:
            raise ModelError(
                f"提示有 {len(prompt.tokens)} 个词元，而模型“{self.name}”一次最多读写 {self._context} 个。"
                "请把问题写短，或换一个上下文更长的模型。",
                f"The prompt has {len(prompt.tokens)} tokens; the model {self.name!r} takes {self._context} at once. "
                "Make the question shorter, or take a model with a longer context.",
            )
        most = min(most + _THOUGHTS * prompt.thinks, free)
        tokens = self._source.tokens(prompt.tokens, most=most, ends=self._format.ends, limit=self._limit)
        said = False
        try:
            pieces = without_thinking(self._format.spell(tokens), opened=prompt.thinks)
            for piece in pieces if self._format.has_template else _first_line(pieces):
                yield piece
                said = said or bool(piece)
            if prompt.thinks and not said:
                raise self._only_thoughts()
        except ModelError:
            raise
        except Exception as error:  # What torch and transformers raise, in the thread that generates.
            raise self._problem(error) from error
        finally:
            tokens.close()

    def _only_thoughts(self) -> ModelError:
        return ModelError(
            f"模型“{self.name}”只写了思考过程，没有写到答案。请换一个不思考、或可以关闭思考的模型。",
            f"The model {self.name!r} thought, and came to no answer. Take one that does not think, or need not.",
        )

    def _problem(self, error: Exception) -> ModelError:
        if isinstance(error, TimeoutError):
            return ModelError(
                f"模型“{self.name}”在 {self._limit:.0f} 秒内没有写出一个字。请换小一点的模型，或把问题写短。",
                f"The model {self.name!r} wrote nothing in {self._limit:.0f} seconds. "
                "Take a smaller model, or make the question shorter.",
            )
        if is_out_of_memory(error):
            return no_memory(self.name, self._device)
        return ModelError(
            f"模型“{self.name}”作答时出错：{brief(error)}。请重试；若仍出错，请换一个模型。",
            f"The model {self.name!r} failed while it answered: {brief(error)}. Try again, or take another model.",
        )


_loading = Lock()
_loaded: dict[tuple[Path, int], Loaded] = {}


def _first_line(pieces: Iterator[str]) -> Iterator[str]:
    """Up to the first line break after some text."""
    said = False
    for piece in pieces:
        piece = piece if said else piece.lstrip()
        line, broken, _ = piece.partition("\n")
        said = said or bool(line)
        yield line
        if broken:
            return
