"""Help texts of the command line in two languages.

Knows typer's help pages: their headings, and where a command keeps its texts. Knows no command.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from corpus.languages import pick

_BORDER = "\x1f"
_HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": ("参数", "Arguments"),
    "OPTIONS_PANEL_TITLE": ("选项", "Options"),
    "COMMANDS_PANEL_TITLE": ("命令", "Commands"),
    "DEFAULT_STRING": ("[默认：{}]", "[default: {}]"),
    "REQUIRED_LONG_STRING": ("[必填]", "[required]"),
}


def both(chinese: str, english: str) -> str:
    """A help text in both languages; `localise` keeps the half that is wanted."""
    return f"{chinese}{_BORDER}{english}"


class Command(TyperCommand):
    """A command whose help has headings in the person's language."""

    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx), ctx.obj)

    def get_help_option(self, ctx: Any) -> Any:
        return _help_option(super().get_help_option(ctx), ctx.obj)


class Group(TyperGroup):
    """The same for a command that has commands."""

    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx), ctx.obj)

    def get_help_option(self, ctx: Any) -> Any:
        return _help_option(super().get_help_option(ctx), ctx.obj)


def _usage(usage: str, language: str) -> str:
    if language == "zh":
        for english, chinese in (("Usage:", "用法："), ("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]", "命令 [参数]")):
            usage = usage.replace(english, chinese)
    return usage


def _help_option(option: Any, language: str) -> Any:
    if option is not None and language == "zh":
        option.help = "显示这段说明"
    return option


def localise(item: Any, language: str) -> None:
    """Keep one half of the help texts of a command, its parameters and its commands."""
    if item.help and _BORDER in item.help:
        item.help = pick(language, *item.help.split(_BORDER))
    for part in [*getattr(item, "params", ()), *getattr(item, "commands", {}).values()]:
        localise(part, language)


def translate_headings(language: str) -> None:
    """Put the headings of all help pages into `language`. Imports what draws them."""
    from typer import rich_utils

    for name, texts in _HEADINGS.items():
        setattr(rich_utils, name, pick(language, *texts))
