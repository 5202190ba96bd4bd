"""`wenju users`: who may log in to the page that `wenju chat --login` serves."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from qa.cli.help import Command, Group, both
from qa.cli.options import begin

app = typer.Typer(cls=Group, help=both("管理可以登录问答页面的用户。", "Manage who may log in to the chat page."))

Name = Annotated[str, typer.Argument(metavar="NAME", help=both("用户名", "The user's name"))]


@app.command(
    "add",
    cls=Command,
    help=both(
        "添加一个用户，或给已有的用户换密码。密码在提示后输入，不显示；也可以从管道读入一行。\n\n\b\n例：\n"
        "  wenju users add 张三\n  wenju chat --host 0.0.0.0 --login",
        "Add a user, or give one a new password. It is asked for and not shown; in a pipe it is the first line.\n\n\b\n"
        "Examples:\n  wenju users add ANNA\n  wenju chat --host 0.0.0.0 --login",
    ),
)
def add_user(context: typer.Context, name: Name) -> None:
    from qa.web.users import Users

    terminal, settings = begin(context)
    users = Users(settings.home)
    there = name in users.names()
    if sys.stdin.isatty():
        prompt = terminal.pick(f"{name} 的密码", f"Password of {name}")
        password = typer.prompt(prompt, hide_input=True, confirmation_prompt=terminal.pick("再输入一次", "Once more"))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    users.add(name, password)
    if there:
        terminal.write(terminal.pick(f"{name} 的密码换好了，已登录的要重新登录。", f"{name} has a new password."))
    else:
        terminal.write(terminal.pick(f"添加了 {name}。用 wenju chat --login 打开页面。", f"Added {name}."))


@app.command("remove", cls=Command, help=both("删去一个用户，登录立刻失效。", "Remove a user, who is out at once."))
def remove_user(context: typer.Context, name: Name) -> None:
    from qa.web.users import Users

    terminal, settings = begin(context)
    Users(settings.home).remove(name)
    terminal.write(terminal.pick(f"删去了 {name}。", f"Removed {name}."))


@app.command("list", cls=Command, help=both("列出用户。", "List the users."))
def list_users(context: typer.Context) -> None:
    from qa.web.users import Users

    terminal, settings = begin(context)
    names = Users(settings.home).names()
    for name in names:
        terminal.write(name)
    if not names:
        terminal.note("还没有用户。", "There are no users yet.", "dim")
