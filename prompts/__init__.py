"""Texts with named fields for language models. A leaf: imports nothing of this project."""
