"""The calibration of a collection: `calibration.json` in the collection's folder, beside its generations.

Knows how it is kept and when it no longer applies. Knows nothing of how thresholds are fitted.
Changing, adding and removing articles leave it. Where a collection is made anew with another encoder, or the reader or
the model is another one, it is passed over: confidence means something else then.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.errors import InputError, WenjuError
from qa.reading.calibration import THRESHOLDS, Calibration, MadeFor, Outcome
from qa.reading.network import load_network

NAME = "calibration.json"
FORMAT = 1


def made_for(model: str, encoder: str) -> MadeFor:
    """What a calibration is made for, with the writer `model` and a collection whose encoder's fingerprint is given."""
    return MadeFor(model, load_network().fingerprint, encoder)


def load_calibration(folder: Path, wanted: MadeFor) -> Calibration | None:
    """The calibration of the collection in `folder`; None where there is none that is whole and made for `wanted`."""
    return examine(folder, wanted)[0]


def examine(folder: Path, wanted: MadeFor) -> tuple[Calibration | None, WenjuError | None]:
    """The calibration in `folder`, or why the one that is there is passed over; neither where there is none."""
    try:
        found = _read(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return None, InputError(
            f"{folder / NAME} 读不出来（{error}），现在用的是随程序附带的门槛。请用 wenju calibrate 重新校准。",
            f"{folder / NAME} cannot be read ({error}); the shipped thresholds are used. Run wenju calibrate again.",
        )
    if found is None or found.made_for == wanted:
        return found, None
    names = {"model": ("作答模型", "model"), "reader": ("阅读模型", "reader"), "encoder": ("编码器", "encoder")}
    was, now = asdict(found.made_for), asdict(wanted)
    changed = [names[part] for part in names if was[part] != now[part]]
    return None, InputError(
        f"{folder / NAME} 是为另外的{'和'.join(zh for zh, _ in changed)}校准的，现在用的是随程序附带的门槛。"
        "请用 wenju calibrate 重新校准，或用 wenju calibrate --reset 去掉。",
        f"{folder / NAME} was made for another {' and '.join(en for _, en in changed)}; the shipped thresholds are "
        "used. Run wenju calibrate again, or wenju calibrate --reset.",
    )


def save_calibration(folder: Path, calibration: Calibration) -> None:
    """Keep `calibration` in `folder`, in one step. Raises InputError where it cannot be written."""
    plain = {"format": FORMAT} | asdict(calibration)
    beside = folder / f"{NAME}.{os.getpid()}"
    try:
        try:
            with beside.open("w", encoding="utf-8") as file:
                json.dump(plain, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(folder / NAME)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as problem:
        raise _not_changed(folder, problem) from problem


def forget(folder: Path) -> bool:
    """Go back to the shipped thresholds; says whether there was a calibration. Raises InputError as saving does."""
    there = (folder / NAME).exists()
    try:
        for leftover in (folder / NAME, *folder.glob(f"{NAME}.*")):
            leftover.unlink(missing_ok=True)
    except OSError as problem:
        raise _not_changed(folder, problem) from problem
    return there


def _read(folder: Path) -> Calibration | None:
    """What `folder` holds, None where it holds none. Raises ValueError, KeyError or the like where it is damaged."""
    try:
        written = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return None
    plain: dict[str, Any] = json.loads(written)
    if plain.pop("format") != FORMAT:
        raise ValueError(f"format is not {FORMAT}")
    plain["thresholds"] = {caution: _share(plain["thresholds"][caution]) for caution in THRESHOLDS}
    plain["intervals"] = {caution: (_share(low), _share(high)) for caution, (low, high) in plain["intervals"].items()}
    plain["made_for"] = MadeFor(**plain["made_for"])
    return Calibration(**plain | {name: _outcomes(plain[name]) for name in ("before", "after")})


def _outcomes(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, Outcome]:
    return {caution: Outcome(**outcome) for caution, outcome in plain.items()}


def _share(value: object) -> float:
    if not isinstance(value, float | int) or not 0 <= value <= 1:
        raise ValueError(f"{value!r} is not a threshold")
    return float(value)


def _not_changed(folder: Path, problem: OSError) -> InputError:
    return InputError(
        f"{folder / NAME} 不能写入或删除（{problem.strerror}），门槛没有改动。请腾出空间或检查文件夹的权限后再试。",
        f"{folder / NAME} cannot be written or removed ({problem.strerror}); thresholds stay as they were. "
        "Make room or check the permissions of the folder, and try again.",
    )
