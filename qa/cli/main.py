"""The command `wenju` from the outside: language, one clear message for an error, and the exit code.

Exit codes: 0 also for a refused question, 1 for an error, 2 for wrong usage, 3 for an index that lacks files which
vanished while it was made, 130 after Ctrl-C, 141 where nobody reads on. The commands are put together in
`qa/cli/app.py`. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import typer

from corpus.errors import WenjuError
from corpus.languages import LANGUAGES
from qa.cli.app import app
from qa.cli.help import localise, translate_headings
from qa.settings import language_of

# Read when torch is imported: threads that spin while they wait are ten times slower beside any other program.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Every usage error is a child of this class, wherever the installed typer keeps it.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line in `arguments` (default: what was typed) and return the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    language = "zh"
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows a question mark; the program goes on.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        language, typed = _language(typed)
        with warnings.catch_warnings():  # a command shows them its own way
            code = _command(language, typed).main(typed or ["--help"], "wenju", standalone_mode=False, obj=language)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read the output (`head`) has had enough. Python would complain while it closes the stream.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if os.environ.get("WENJU_DEBUG") == "1":
            raise
        return _explain(error, language)


def _language(typed: list[str]) -> tuple[str, list[str]]:
    """The language of --lang, which may stand anywhere, or of the environment; and the arguments without it."""
    rest, named = [], ""
    arguments = iter(typed)
    for argument in arguments:
        if argument == "--":
            rest += [argument, *arguments]
        elif argument == "--lang":
            named = next(arguments, "?")
        elif argument.startswith("--lang="):
            named = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    if named and named not in LANGUAGES:
        raise typer.BadParameter("zh | en", param_hint="--lang")
    return named or language_of(os.environ), rest


def _command(language: str, typed: Sequence[str]) -> Any:
    """The commands with help in `language`."""
    command = typer.main.get_command(app)
    localise(command, language)
    if not typed or not {"-h", "--help"}.isdisjoint(typed):
        translate_headings(language)
    return command


def _explain(error: Exception, language: str) -> int:
    """Say what went wrong in one message; the exit code."""
    from qa.cli.terminal import Terminal

    terminal = Terminal(language)
    if isinstance(error, WenjuError):
        terminal.error(error.chinese, error.english)
        return 1
    if isinstance(error, _UsageError):
        terminal.error(*_wrong_usage(error))
        return 2
    name = f"{type(error).__name__}: {error}"
    terminal.error(
        f"程序出了意外的错误（{name}）。设 WENJU_DEBUG=1 再运行一次可以看到细节。",
        f"The program failed unexpectedly ({name}). Run it again with WENJU_DEBUG=1 to see the details.",
    )
    return 1


def _wrong_usage(error: Any) -> tuple[str, str]:
    """What is wrong with the arguments, and where help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "wenju"
    parameter = getattr(error, "param", None)
    name = error.param_hint or "" if hasattr(error, "param_hint") else ""
    if parameter:
        name = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar or parameter.name
    kind = type(error).__name__
    english = error.format_message()
    if kind == "NoSuchOption":
        chinese = f"没有 {error.option_name} 这个选项。"
    elif kind == "MissingParameter":
        chinese = f"少了 {name}。"
    elif kind == "BadParameter" and name:
        chinese = f"{name} 的值不对（{error.message}）。"
    elif "No such command" in english:
        commands = "、".join(context.command.commands) if context else ""
        chinese = f"没有这个命令，可用的有：{commands}。"
    elif "Missing command" in english:
        chinese = "少了命令。"
    else:
        chinese = english
    return f"{chinese}请看 {path} --help", f"{english.rstrip('.')}. See {path} --help"
