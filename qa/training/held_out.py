"""Questions on which nothing was trained, as one set: `python -m qa.training.held_out --data DATA --to FILE`.

Knows which questions the encoder and the reader both left out: the trial part of CMRC 2018, a tenth of DRCD
by article, a tenth of CRUD by news. `wenju eval FILE` measures with them.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embeddings.training.data import read_rows
from qa.training.examples.asked import is_held_out

QUESTION_SETS = {"CMRC 2018 trial": "qa_cmrc2018", "DRCD": "qa_drcd", "CRUD_RAG": "qa_crud_dev"}


def held_out(data: Path) -> Iterator[dict[str, Any]]:
    """The rows of the question sets in `data` that were kept, without those that lean on an article at hand."""
    for kind, name in QUESTION_SETS.items():
        for row in read_rows(data / f"{name}.jsonl.gz"):
            if is_held_out(row) and row["question"].strip() and row.get("self_contained", True):
                yield {**row, "kind": kind}


def main() -> None:
    """Write them to a gzipped JSON Lines file."""
    parser = argparse.ArgumentParser(prog="python -m qa.training.held_out", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of qa_*.jsonl.gz")
    parser.add_argument("--to", type=Path, required=True, help="the question set, .jsonl.gz")
    options = parser.parse_args()
    with gzip.open(options.to, "wt", encoding="utf-8") as file:
        for row in held_out(options.data):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
