"""The reader as a torch module, made of a pretrained encoder with fewer pieces. Only training and export know torch."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

FROZEN = 4  # lowest layers, beside the table of pieces


class ReaderModel(nn.Module):
    """Ids and mask (batch, pieces) in; logits of start, end and answering per piece (batch, pieces, 3) out, and of the
    whole window answering (batch)."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.places = nn.Linear(width, 3)
        self.answers = nn.Linear(width, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.places(hidden), self.answers(hidden[:, 0])[:, 0]


def from_pretrained(folder: Path, kept: list[int], attention: str = "sdpa") -> ReaderModel:
    """The pretrained encoder in `folder` with only the pieces `kept` (ids in its own table), and new heads."""
    encoder = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation=attention,
    )
    table = encoder.embeddings.word_embeddings.weight[torch.tensor(kept)]
    encoder.embeddings.word_embeddings = nn.Embedding(
        table.shape[0], table.shape[1], padding_idx=1, _weight=table.detach().clone()
    )
    encoder.config.vocab_size = len(kept)
    model = ReaderModel(encoder)
    encoder.embeddings.requires_grad_(False)
    for layer in encoder.encoder.layer[:FROZEN]:
        layer.requires_grad_(False)
    return model
