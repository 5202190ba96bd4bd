"""The licences of what this program is built on, in one file: `python -m qa.cli.notice > NOTICE`.

Knows the pinned packages, what their metadata says, and the weights that ship. Run it where all of them are installed,
from the folder with `constraints.txt`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[2]
_HEAD = """问据 Wenju is under the Apache License 2.0, see LICENSE. 本软件按 Apache-2.0 发布。
It is built on the packages below, which are installed beside it, each under its own licence, and ships these weights.
Made by `python -m qa.cli.notice > NOTICE` from constraints.txt and from the cards of the weights.
"""
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST = 60
_CARDS = ("embeddings/models/*/README.md", "qa/reading/weights/README.md")
_OF_CARD = re.compile(r"The weights are under ([^,\n]+?)(?:,|\.(?:\s|$))")


def notice(root: Path = ROOT) -> str:
    """The text of the file, for the pins and weights below `root`."""
    packages = [f"{name} {version}: {licence_of(name)}" for name, version in pins(root)]
    weights = [f"{folder}: {licence}" for folder, licence in weights_of(root)]
    return "\n".join((_HEAD, "Packages", *packages, "", "Weights", *weights, ""))


def pins(root: Path) -> Iterator[tuple[str, str]]:
    """Names and versions in `constraints.txt`, by name."""
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = (line.split("==") for line in lines if line and not line.startswith("#"))
    yield from sorted(((name.strip(), version.strip()) for name, version in found), key=lambda pin: pin[0].lower())


def licence_of(name: str) -> str:
    """What the metadata of an installed package says of its licence, in a line."""
    try:
        said = cast("Message", metadata.metadata(name))
    except metadata.PackageNotFoundError:
        return "not installed here"
    if "License-Expression" in said:
        return str(said["License-Expression"])
    classified = [value.removeprefix(_CLASSIFIER) for value in said.get_all("Classifier", []) if _CLASSIFIER in value]
    written = (str(said["License"]) if "License" in said else "").strip().split("\n")[0]
    if written and len(written) <= _LONGEST:
        return written
    return ", ".join(classified) or written[:_LONGEST] or "see the package"


def weights_of(root: Path) -> Iterator[tuple[str, str]]:
    """The folders of weights that ship, each with its licence: from `weights.json`, else from its card."""
    for card in sorted(path for pattern in _CARDS for path in root.glob(pattern)):
        listed = card.with_name("weights.json")
        licence = json.loads(listed.read_text(encoding="utf-8")).get("licence") if listed.is_file() else ""
        found = _OF_CARD.search(card.read_text(encoding="utf-8"))
        yield card.parent.relative_to(root).as_posix(), licence or (found[1] if found else "see its card")


if __name__ == "__main__":
    print(notice(), end="")
