"""The tiny Qwen3 of the tests as one GGUF file, written by hand: the head, the vocabulary, the weights in float32.

The format: github.com/ggml-org/ggml, docs/gguf.md.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors.torch import load_file

_ALIGNED = 32
_NORMAL, _CONTROL, _USER, _BYTE = 1, 3, 4, 6  # kinds of tokens
_PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def write_gguf(folder: Path, file: Path, **changes: object) -> Path:
    """The Qwen3 in `folder` as `file`; `changes` replace values of its head, with `__` for points."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    values: dict[str, object] = {
        "general.architecture": "qwen3",
        "general.name": "tiny",
        "qwen3.block_count": config["num_hidden_layers"],
        "qwen3.context_length": config["max_position_embeddings"],
        "qwen3.embedding_length": config["hidden_size"],
        "qwen3.feed_forward_length": config["intermediate_size"],
        "qwen3.attention.head_count": config["num_attention_heads"],
        "qwen3.attention.head_count_kv": config["num_key_value_heads"],
        "qwen3.attention.key_length": config["head_dim"],
        "qwen3.attention.value_length": config["head_dim"],
        "qwen3.attention.layer_norm_rms_epsilon": config["rms_norm_eps"],
        "qwen3.rope.freq_base": float(config["rope_parameters"]["rope_theta"]),
        **_vocabulary(folder),
        "tokenizer.chat_template": (folder / "chat_template.jinja").read_text(encoding="utf-8"),
    }
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    tensors = {_name(name): tensor.float().numpy() for name, tensor in load_file(folder / "model.safetensors").items()}
    file.write_bytes(_file(values, tensors))
    return file


def head(**values: object) -> bytes:
    """A GGUF file without tensors."""
    return _file({name.replace("__", "."): value for name, value in values.items()}, {})


def _vocabulary(folder: Path) -> dict[str, object]:
    """Pieces that are merged by rank are, to llama.cpp, pieces of SentencePiece whose scores fall with their rank."""
    spelled = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    pieces: Mapping[str, int] = spelled["model"]["vocab"]
    ranks = {"".join(pair): rank for rank, pair in reversed(list(enumerate(spelled["model"]["merges"])))}
    special = {token["content"]: token["special"] for token in spelled["added_tokens"]}
    ordered = sorted(pieces, key=lambda piece: pieces[piece])
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [piece.replace(" ", "\u2581") for piece in ordered],
        "tokenizer.ggml.scores": [-float(ranks.get(piece, 1_000_000)) for piece in ordered],
        "tokenizer.ggml.token_type": [_kind(piece, special) for piece in ordered],
        "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.padding_token_id": 0,
        "tokenizer.ggml.eos_token_id": 2,
    }


def _kind(piece: str, special: Mapping[str, bool]) -> int:
    if piece in special:
        return _CONTROL if special[piece] else _USER
    return _BYTE if piece.startswith("<0x") and piece.endswith(">") else _NORMAL


def _name(name: str) -> str:
    """What GGUF calls the tensor that transformers calls `name`."""
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, rest = name.split(".", 3)
    part, _, kind = rest.rpartition(".")
    return f"blk.{layer}.{_PARTS[part]}.{kind}"


def _file(values: Mapping[str, object], tensors: Mapping[str, np.ndarray]) -> bytes:
    said = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    said += b"".join(_text(name) + _value(value) for name, value in values.items())
    data = b""
    for name, tensor in tensors.items():
        said += _text(name) + struct.pack(f"<I{tensor.ndim}Q", tensor.ndim, *reversed(tensor.shape))
        said += struct.pack("<IQ", 0, len(data))
        data += _padded(tensor.astype("<f4").tobytes())
    return _padded(said) + data


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNED)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _value(value: object) -> bytes:
    """Its type and what it is; lists are of one type."""
    if isinstance(value, list):
        kind, packed = _packed(value, whole=(5, "i"))
        return struct.pack("<IIQ", 9, kind, len(value)) + packed
    kind, packed = _packed([value], whole=(4, "I"))
    return struct.pack("<I", kind) + packed


def _packed(values: Sequence[object], whole: tuple[int, str]) -> tuple[int, bytes]:
    first = values[0]
    if isinstance(first, str):
        return 8, b"".join(_text(str(value)) for value in values)
    kind, form = (7, "?") if isinstance(first, bool) else (6, "f") if isinstance(first, float) else whole
    return kind, struct.pack(f"<{len(values)}{form}", *values)
