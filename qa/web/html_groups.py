"""The named collections of a visitor as HTML: which there are, which are asked, and making another.

Pure functions from values to strings. What is ticked, named or removed is told to the page by articles.js.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.web.groups import LONGEST_NAME, MOST_GROUPS, Group
from qa.web.html import escape
from qa.web.texts import Words


def draw_groups(
    groups: Sequence[Group],
    chosen: Collection[str],
    ticked: int,
    words: Words,
    *,
    shared: str = "",
    with_shared: bool = False,
) -> str:
    """The list, those in `chosen` ticked; a new one begins with the `ticked` articles of one's own.

    Beside those that are chosen the articles called `shared` may be asked, as they are `with_shared`.
    """
    says = words.shelf
    rows = "".join(_draw_row(group, group.name in chosen, words) for group in groups)
    begin = says.begin_group_with.format(count=ticked) if ticked else says.begin_group
    label = escape(says.group_name)
    form = (
        f'<form class="begin-group"><input name="name" maxlength="{LONGEST_NAME}" placeholder="{label}" '
        f'aria-label="{label}"><button class="plain">{begin}</button></form>'
    )
    if chosen and shared:
        told = escape(says.shared_too.format(shared=shared))
        rows += f'<li><label><input type="checkbox" data-shared{" checked" if with_shared else ""}> {told}</label></li>'
    hint = f"<p>{says.groups_hint}</p>" if rows else ""
    return (
        f'<section class="groups"><h3>{says.groups}</h3><ul>{rows}</ul>{form if len(groups) < MOST_GROUPS else ""}'
        f"{hint}</section>"
    )


def _draw_row(group: Group, chosen: bool, words: Words) -> str:
    says, name = words.shelf, escape(group.name)
    sure = escape(says.remove_group_sure.format(name=group.name, count=len(group.articles)))
    count = says.articles_read.format(count=len(group.articles))
    return (
        f'<li><label><input type="checkbox" data-group="{name}"{" checked" if chosen else ""}> {name}</label>'
        f"<small>{count}</small>"
        f'<button type="button" class="tool" data-shelf="rename-group" data-of="{name}" '
        f'data-ask="{escape(says.group_name)}">{words.talk.rename}<span class="unseen">：{name}</span></button>'
        f'<button type="button" class="tool" data-shelf="remove-group" data-of="{name}" '
        f'data-sure="{sure}">{words.talk.delete}<span class="unseen">：{name}</span></button></li>'
    )
