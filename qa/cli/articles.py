"""The commands around articles."""

from qa.cli.commands import articles_app as app

__all__ = ["app"]
