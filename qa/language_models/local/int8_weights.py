"""Weights kept as whole numbers of 8 bits with one factor per row: half the memory of bf16, and written with faster.

Knows layers of torch, not models. What goes through the layers stays as it is. Torch's dynamic quantization is as fast,
but also rounds all that a layer is given, by its largest value; in language models some channels are a hundred times
the others, and the others are lost: `MEASURED.md`, beside this module, has the errors.
"""

from __future__ import annotations

from typing import Any

FEW_ROWS = 16  # up to so many, torch's kernel for 8 bits is faster than widening the weights first
_MOST_OF_IT = 0.9
_BLOCK = 256  # rows made whole numbers at once: few enough for the processor's own memory


def keep_in_int8(model: Any, wide: Any) -> None:
    """Replace all linear layers and embeddings of `model` by ones of 8 bits; all else of it becomes float32.

    `wide` is the dtype in which this machine multiplies matrices fastest. Weights that were shared stay shared. Layers
    lose their `weight`: where a model asks for that itself, its first pass raises AttributeError. Raises ValueError for
    a model that keeps much of its weights elsewhere, as mixtures of experts do.
    """
    from torch import nn

    linear, embedding = _layers()
    found = [*_children(model, nn.Linear), *_children(model, nn.Embedding)]
    inside = sum({id(layer.weight): layer.weight.numel() for _, _, layer in found}.values())
    if inside < _MOST_OF_IT * sum(parameter.numel() for parameter in model.parameters()):
        raise ValueError("most weights are not in linear layers")
    rounded: dict[int, tuple[Any, Any]] = {}
    for parent, name, layer in found:
        key = id(layer.weight)
        if key not in rounded:
            rounded[key] = _rounded(layer.weight)
        made = linear(*rounded[key], layer.bias, wide) if isinstance(layer, nn.Linear) else embedding(*rounded[key])
        setattr(parent, name, made)
    model.float()


def _children(model: Any, kind: Any) -> list[tuple[Any, str, Any]]:
    """All (parent, name, module) of exactly `kind`."""
    return [(p, name, m) for p in model.modules() for name, m in p.named_children() if type(m) is kind]


def _rounded(weight: Any) -> tuple[Any, Any]:
    """int8 of the shape of `weight`, and the factor of each row, float32."""
    import torch

    whole = torch.empty(weight.shape, dtype=torch.int8)
    factors = torch.empty(len(weight), dtype=torch.float32)
    for start in range(0, len(weight), _BLOCK):
        rows = weight.detach()[start : start + _BLOCK].float()
        factor = rows.abs().amax(1).clamp_min(1e-12) / 127
        factors[start : start + _BLOCK] = factor
        whole[start : start + _BLOCK] = rows.div_(factor[:, None]).round_()
    return whole, factors


def _layers() -> tuple[Any, Any]:
    """The classes of the layers; made in a function because torch is loaded only when it is needed."""
    import torch
    from torch import nn

    class Linear8(nn.Module):
        whole: Any
        factors: Any
        ones: Any

        def __init__(self, whole: Any, factors: Any, bias: Any, wide: Any) -> None:
            super().__init__()
            self.out_features, self.in_features = whole.shape
            self.wide, self.bias = wide, bias
            self.register_buffer("whole", whole, persistent=False)
            self.register_buffer("factors", factors, persistent=False)
            # The kernel takes both in bf16 at full speed only.
            self.register_buffer("ones", torch.ones(len(whole), dtype=torch.bfloat16), persistent=False)

        def _apply(self, change: Any, recurse: bool = True) -> Any:
            # Of .float() only the bias is to know.
            if self.bias is not None:
                self.bias.data = change(self.bias.data)
            return self

        def forward(self, given: Any) -> Any:
            rows = given.reshape(-1, self.in_features)
            if len(rows) <= FEW_ROWS:
                product = torch._weight_int8pack_mm(rows.to(torch.bfloat16), self.whole, self.ones)
            else:
                product = nn.functional.linear(rows.to(self.wide), self.whole.to(self.wide))
            product = product.to(given.dtype) * self.factors
            return (product if self.bias is None else product + self.bias).reshape(*given.shape[:-1], -1)

    class Embedding8(nn.Module):
        whole: Any
        factors: Any

        def __init__(self, whole: Any, factors: Any) -> None:
            super().__init__()
            self.num_embeddings, self.embedding_dim = whole.shape
            self.register_buffer("whole", whole, persistent=False)
            self.register_buffer("factors", factors, persistent=False)

        def _apply(self, change: Any, recurse: bool = True) -> Any:
            return self

        def forward(self, ids: Any) -> Any:
            return self.whole[ids].float() * self.factors[ids][..., None]

    return Linear8, Embedding8
