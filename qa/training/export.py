"""Writes the reader as it runs: the checkpoint of `qa.training.fit` as ONNX with weights of 8 bits, and its checksums.

What 8 bits cost is measured in `qa/reading/weights/README.md`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from embeddings.encoders.weights import write_weights
from qa.training.model import ReaderModel, from_pretrained

LICENCE = "CC BY-SA 4.0"  # as the question sets ask for


def export(pretrained: Path, work: Path, to: Path, *, in_8_bits: bool = True) -> None:
    """The reader fitted in `work` to the folder `to`: network, tokenizer, checksums."""
    model = from_pretrained(pretrained, json.loads((work / "kept.json").read_text()), attention="eager")
    model.load_state_dict(torch.load(work / "fit" / "checkpoint.pt", weights_only=True)["model"])
    to.mkdir(parents=True, exist_ok=True)
    write(model.eval(), to / "reader.onnx", in_8_bits=in_8_bits)
    shutil.copy(work / "tokenizer.json", to / "tokenizer.json")
    write_weights(to, LICENCE)


def write(model: ReaderModel, path: Path, *, in_8_bits: bool) -> None:
    """`model` at `path`, of any batch and length."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        ids = torch.randint(5, 1_000, (2, 64))
        axes = {0: "windows", 1: "pieces"}
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["places", "whole"],
            dynamic_axes={"ids": axes, "mask": axes, "places": axes, "whole": {0: "windows"}},
            opset_version=17,
            dynamo=False,
        )
        if in_8_bits:
            quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True)
        else:
            onnx.save(onnx.load(str(whole)), str(path))
