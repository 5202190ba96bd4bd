"""What several commands of `wenju` take, and how a command begins."""

from qa.cli.commands import ArticlePaths, CollectionFolder, Model, begin, named_collection

__all__ = ["ArticlePaths", "CollectionFolder", "Model", "begin", "named_collection"]
