"""The dialogs that are always there, as HTML: conversations, settings, shortcuts; and the words that page.js says.

Pure functions from words and settings to strings. What stands in the list of conversations is put there by talks.js
from what the browser keeps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from qa.settings import MOST_PASSAGES, Settings
from qa.web.html import draw_button, escape
from qa.web.texts import Words

_SAID = ("copied", "waits", "exported", "rename", "delete", "delete_sure", "untitled", "no_conversations",
         "storage_full", "answer_ready", "cancel", "edit")  # fmt: skip


def draw_dialogs(words: Words, settings: Settings) -> str:
    said = {name: getattr(words.talk, name) for name in _SAID} | {"send": words.send}
    told = escape(json.dumps(said, ensure_ascii=False))
    return (
        f'<i hidden id="page-words" data-lang="{words.locale}" data-words="{told}"></i>'
        f'<p id="live" class="unseen" role="status"></p>'
        f'<div id="tip" role="tooltip" hidden></div><p id="toast" role="status" hidden></p>'
        f"{_draw_talks(words)}{_draw_settings(words, settings)}{_draw_keys(words)}"
    )


def draw_menu(words: Words) -> str:
    """The buttons in the head of the page that open dialogs."""
    talk = words.talk
    return (
        '<nav class="menu">'
        + draw_button("open", talk.conversations, kind="plain", dialog="talks")
        + f'<button type="button" class="plain" data-tab="articles">{words.articles}</button>'
        + draw_button("open", talk.settings, "⚙", kind="plain sign", dialog="settings")
        + draw_button("open", talk.shortcuts, "?", kind="plain sign", dialog="keys")
        + "</nav>"
    )


def draw_panel_head(words: Words) -> str:
    """What closes the drawer with articles and models."""
    return draw_button("close-panel", words.talk.close, "×", kind="close")


def _draw_dialog(name: str, title: str, inside: str, words: Words) -> str:
    return (
        f'<dialog class="sheet" id="{name}" aria-label="{escape(title)}"><header><h3>{escape(title)}</h3>'
        f"{draw_button('close', words.talk.close, '×', kind='close')}</header>{inside}</dialog>"
    )


def _draw_talks(words: Words) -> str:
    talk = words.talk
    label = escape(talk.search_conversations)
    inside = (
        f'<input type="search" class="search" placeholder="{label}" aria-label="{label}">'
        f'<ul class="talks"></ul><p class="hint">{talk.kept_here}</p>'
        '<p class="ends">'
        + draw_button("export", talk.export_markdown, turn=0, as_="md")
        + draw_button("export", talk.export_word, turn=0, as_="docx")
        + "</p>"
    )
    return _draw_dialog("talks", talk.conversations, inside, words)


def _draw_settings(words: Words, settings: Settings) -> str:
    talk = words.talk
    passages = "".join(
        f'<option value="{k}"{" selected" if k == settings.k else ""}>{k}</option>'
        for k in sorted({3, 5, 10, 15, 20, 30, settings.k})
        if k <= MOST_PASSAGES
    )
    rows = (
        _draw_radios("caution", talk.caution, talk.cautions, settings.caution),
        f'<label class="line">{talk.passages}<select name="k" title="{talk.passages_hint}">{passages}</select></label>',
        _draw_radios("language", talk.language, {"zh": "中文", "en": "English"}, words.language),
        _draw_radios("looks", talk.looks, talk.looks_of, "auto"),
        _draw_radios("size", talk.text_size, talk.sizes, "100"),
        f'<label class="tick"><input type="checkbox" name="keys" checked> {talk.single_keys}</label>',
        f'<p class="ends"><button type="button" class="tool" data-tab="models">{talk.model}</button></p>',
    )
    leave = (
        f'<form method="post" action="/logout" class="log-out" hidden><button class="tool">{words.shelf.log_out}'
        "</button></form>"
    )
    return _draw_dialog("settings", talk.settings, f"<form>{''.join(rows)}</form>{leave}", words)


def _draw_radios(name: str, legend: str, options: Mapping[str, str], chosen: str) -> str:
    drawn = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{" checked" if value == chosen else ""}> '
        f"{escape(label)}</label>"
        for value, label in options.items()
    )
    return f"<fieldset><legend>{escape(legend)}</legend>{drawn}</fieldset>"


def _draw_keys(words: Words) -> str:
    rows = "".join(f"<dt><kbd>{escape(key)}</kbd></dt><dd>{escape(does)}</dd>" for key, does in words.talk.keys.items())
    return _draw_dialog("keys", words.talk.shortcuts, f"<dl>{rows}</dl>", words)
