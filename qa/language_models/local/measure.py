"""How fast a language model writes on this machine, and in what memory: a table for choosing how to keep weights.

    python -m qa.language_models.local.measure FOLDER --threads 1 2
    python -m qa.language_models.local.measure FILE.gguf --ways gguf

Knows the ways to keep weights, those that were not chosen too. Each is measured in a process of its own, on tokens
drawn by chance; the tokenizer is not needed, and what is written means nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.language_models.local.generation_thread import TokenSource
from qa.language_models.local.hardware import Plan
from qa.language_models.local.transformers_folder import load_weights

WAYS = {
    "fp32": Plan("cpu", "float32"),
    "bf16": Plan("cpu", "bfloat16"),
    "int8": Plan("cpu", "bfloat16", int8=True),
    "dynamic": Plan("cpu", "float32"),
    "cuda": Plan("cuda", "bfloat16"),
    "mps": Plan("mps", "bfloat16"),
}
GGUF = "gguf"  # in whatever numbers its file has, by llama.cpp
_COMMON = 5000  # tokens that every vocabulary has
HEAD = """| weights | threads | prompt | first token | tokens/s after it | loading (and imports) | peak memory | load |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def row(folder: Path, way: str, threads: int, prompt: int, most: int) -> str:
    """One line of the table.

    In brackets stands what processor time says that it would be with nothing else to do (of several threads: at best);
    the load is how many programs wanted to compute in the last minute, on average.
    """
    if way == GGUF:
        return _row_of_gguf(folder, threads, prompt, most)
    import torch

    torch.set_num_threads(threads)
    began = time.perf_counter()
    model = load_weights(folder, WAYS[way])
    if way == "dynamic":
        quantize: Any = torch.ao.quantization.quantize_dynamic
        model = quantize(model, {torch.nn.Linear}, torch.qint8)
    loaded = time.perf_counter() - began
    source, chance = TokenSource(model), random.Random(0)
    drawn = [chance.randrange(model.config.get_text_config().vocab_size) for _ in range(prompt)]
    list(source.tokens(drawn[:32], most=2, ends=(), limit=600))
    clocks = [_clocks()]
    clocks += [_clocks() for token in source.tokens(drawn, most=most, ends=(), limit=600) if token is not None]
    memory = f"{torch.cuda.max_memory_allocated() / 2**30:.2f} GB" if way == "cuda" else _peak()
    return _line(way, threads, prompt, clocks, loaded, memory)


def _row_of_gguf(file: Path, threads: int, prompt: int, most: int) -> str:
    import xllamacpp

    began = time.perf_counter()
    given = xllamacpp.CommonParams()
    given.model.path, given.n_ctx, given.n_parallel, given.verbosity = str(file), prompt + most + 64, 1, 0
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(given)
    loaded, chance = time.perf_counter() - began, random.Random(0)
    drawn = [chance.randrange(100, _COMMON) for _ in range(prompt)]
    clocks = [_clocks()]

    def told(event: Any) -> bool:
        if any(choice.get("text") is not None for choice in event.get("choices", ())):
            clocks.append(_clocks())
        return False

    asked = {"max_tokens": most, "temperature": 0, "stream": True, "ignore_eos": True, "return_tokens": True}
    server.handle_completions({**asked, "prompt": drawn}, told)
    return _line(GGUF, threads, prompt, clocks[: most + 1], loaded, _peak())


def _line(
    way: str, threads: int, prompt: int, clocks: Sequence[tuple[float, float]], loaded: float, memory: str
) -> str:
    """What was measured, of `clocks` as the prompt was given and as each token came, as a line of the table."""
    most = len(clocks) - 1
    first, rest = (
        [(after - before) for before, after in zip(clocks[start], clocks[end], strict=True)]
        for start, end in ((0, 1), (1, -1))
    )
    cells = [way, threads, prompt, f"{first[0]:.1f} s ({first[1] / threads:.1f})"]
    cells += [f"{(most - 1) / rest[0]:.1f} ({(most - 1) * threads / rest[1]:.1f})", f"{loaded:.1f} s"]
    return "| " + " | ".join(map(str, (*cells, memory, f"{os.getloadavg()[0]:.1f}"))) + " |\n"


def _clocks() -> tuple[float, float]:
    """Seconds on the wall, and of all processors in this process."""
    return time.perf_counter(), time.process_time()


def _peak() -> str:
    """The most memory that this process had."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30:.2f} GB"


def main() -> None:
    """Print the table, line by line as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m qa.language_models.local.measure", description=__doc__)
    parser.add_argument("folder", type=Path, help="of a model; its file for gguf")
    parser.add_argument("--ways", nargs="+", choices=[*WAYS, GGUF], default=["fp32", "bf16", "dynamic", "int8"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1])
    parser.add_argument("--prompts", nargs="+", type=int, default=[600, 1200], help="tokens")
    parser.add_argument("--most", type=int, default=40, help="tokens to be written")
    parser.add_argument("--row", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.row:
        sys.stdout.write(row(chosen.folder, chosen.ways[0], chosen.threads[0], chosen.prompts[0], chosen.most))
        return
    sys.stdout.write(HEAD)
    for way in chosen.ways:
        for threads in chosen.threads:
            for prompt in chosen.prompts:
                sys.stdout.flush()
                numbers = ["--threads", str(threads), "--prompts", str(prompt), "--most", str(chosen.most)]
                program = [sys.executable, "-m", "qa.language_models.local.measure", str(chosen.folder), "--ways", way]
                few = {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"}
                subprocess.run([*program, *numbers, "--row"], check=True, env=os.environ | few)


if __name__ == "__main__":
    main()
