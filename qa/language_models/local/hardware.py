"""Where a language model is to run on this machine, in which numbers, and whether there is memory for it.

Knows devices and dtypes of torch, and sizes of weights. Knows no model in particular.
What decided for it stands in `MEASURED.md`, beside this module.
"""

from __future__ import annotations

import json
import math
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ModelError

SMALL = 100_000_000  # parameters up to which a model is fast in float32, too
_BESIDES = 400 << 20  # bytes for what is read and written, and for the libraries
_GIGA = 1 << 30


@dataclass(frozen=True, slots=True)
class Plan:
    """`device` is torch's name for it; `int8` means that weights are made whole numbers once they are loaded.

    `dtype` is torch's name of what the weights are loaded as.
    """

    device: str
    dtype: str
    int8: bool = False

    def memory(self, parameters: int) -> int:
        """Bytes needed while a model of so many parameters is loaded and used."""
        return parameters * (4 if self.dtype == "float32" else 2) + _BESIDES


def plan(parameters: int, torch: Any) -> Plan:
    """The fastest way on this machine that keeps what a model says; `measure` has the figures."""
    if torch.cuda.is_available():
        return Plan("cuda", "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16")
    if torch.backends.mps.is_available():
        return Plan("mps", "bfloat16" if torch.backends.mps.is_macos_or_newer(14, 0) else "float16")
    if parameters <= SMALL:
        return Plan("cpu", "float32")
    return Plan("cpu", "bfloat16", int8=True)


def multiplies_in_bf16(torch: Any) -> bool:
    """Whether the processor has instructions for it: without them bf16 is slower than float32."""
    if getattr(torch.cpu, "_is_avx512_bf16_supported", bool)() or getattr(torch.cpu, "_is_amx_tile_supported", bool)():
        return True
    arm = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", bool)
    return not getattr(torch.cpu, "_is_avx2_supported", bool)() and bool(arm())


def parameters_in(folder: Path) -> int:
    """Numbers in the weights of a folder, from the heads of its files; of other formats, half their bytes.

    Raises OSError or ValueError for files that are no weights.
    """
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        return sum(file.stat().st_size for file in folder.glob("*.bin")) // 2
    return sum(map(_parameters, files))


def _parameters(file: Path) -> int:
    with file.open("rb") as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")


def require_memory(name: str, planned: Plan, parameters: int, torch: Any) -> None:
    """Raise ModelError where `planned` needs more memory than is free; where that is not known, it is tried."""
    needed = planned.memory(parameters)
    free = torch.cuda.mem_get_info()[0] if planned.device == "cuda" else available_memory()
    if free is not None and needed > free:
        raise no_memory(name, planned.device, f"{needed / _GIGA:.1f} GB", f"{free / _GIGA:.1f} GB")


def available_memory() -> int | None:
    """Bytes of memory that a program may still take, also in a container with a limit; None if that is not known."""
    limits = []
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        limits.append(next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")))
    with suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        used = int((group / "memory.current").read_text(encoding="ascii"))
        limits.append(max(0, int((group / "memory.max").read_text(encoding="ascii")) - used))
    if not limits:
        with suppress(AttributeError, OSError, ValueError):
            limits.append(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(limits, default=None)


def no_memory(name: str, device: str, needed: str = "", free: str = "") -> ModelError:
    """What is told where memory does not suffice, or did not."""
    chinese = f"，需要约 {needed}，现有 {free}" if needed else ""
    english = f": it needs about {needed}, {free} are free" if needed else ""
    if device == "cuda":
        return ModelError(
            f"显存不够运行模型“{name}”{chinese}。请关闭占用显卡的程序，换小一点的模型，"
            "或设 CUDA_VISIBLE_DEVICES=-1 改用处理器。",
            f"There is not enough GPU memory for the model {name!r}{english}. Close what else uses the GPU, "
            "take a smaller model, or set CUDA_VISIBLE_DEVICES=-1 to run it on the processor.",
        )
    return ModelError(
        f"内存不够运行模型“{name}”{chinese}。请关闭别的程序，或换小一点的模型。",
        f"There is not enough memory for the model {name!r}{english}. Close other programs, or take a smaller model.",
    )
