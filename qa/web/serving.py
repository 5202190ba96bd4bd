"""The chat page, served: starts Gradio, and lets it call nobody.

Knows how Gradio is imported and launched; the page itself is in `qa.web.page`. Its colours and type are in `page.css`,
and what only a browser can do (follow a mark, keep conversations, act on keys) in the scripts beside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import InputError
from qa.web import uploads
from qa.web.page import Page
from qa.web.texts import words

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.settings import Settings

LARGEST_FILE = "200mb"
_SCRIPTS = ("page.js", "talks.js", "wishes.js")
_ICON = (
    '<link rel="icon" href="data:image/svg+xml,'
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='6' fill='%239c2320'/>"
    "<text x='16' y='23' font-size='20' text-anchor='middle' fill='white'>据</text></svg>\">"
)


def serve(
    answerer: Answerer,
    *,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    open_browser: bool = False,
    settings: Settings,
    samples: Sequence[str] = (),
    wait: bool = True,
) -> Any:
    """Serve the chat page at `host`:`port` (None: any free port) until interrupted; with `wait` off, return at once.

    Returns the gradio.Blocks, whose `close()` ends the server. Raises InputError where the port is taken.
    """
    uploads.forget_old(settings.home)
    page = build_page(answerer, settings=settings, samples=samples, local=_is_this_machine(host))
    here = Path(__file__).parent
    try:
        page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            prevent_thread_lock=not wait,
            quiet=True,
            theme=_theme(),
            css_paths=[here / "page.css"],
            head=_ICON + "".join(f"<script>{(here / name).read_text(encoding='utf-8')}</script>" for name in _SCRIPTS),
            footer_links=[],
            run_history=False,
            share=False,
            ssr_mode=False,
            pwa=False,
            max_file_size=LARGEST_FILE,
        )
    except OSError as error:
        if port is None:
            raise
        taken = {language: words(language).port_taken.format(port=port, other=port + 1) for language in ("zh", "en")}
        raise InputError(taken["zh"], taken["en"]) from error
    return page


def build_page(answerer: Answerer, *, settings: Settings, samples: Sequence[str] = (), local: bool = False) -> Any:
    """The page as a gradio.Blocks that is not served yet, in the language of `settings` and, beside it, in the other.

    Which of the two a visitor sees is decided in the browser, by wishes.js. `samples` are questions offered before the
    first one. `local`: it will be served to this machine alone, so that who uses it may fill the disk with models.
    """
    page = Page(_gradio(), answerer, settings, tuple(samples), local=local)
    other = "zh" if settings.language == "en" else "en"
    route = page.blocks.route(words(other).name, f"/{other}", show_in_navbar=False)
    Page(_gradio(), answerer, replace(settings, language=other), tuple(samples), local=local, blocks=route)
    return page.blocks


def _is_this_machine(host: str) -> bool:
    """Whether nobody on another machine reaches what listens at `host`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _gradio() -> Any:
    """Gradio, told before it is imported to call nobody."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio

    return gradio


def _theme() -> Any:
    """A theme without web fonts; colours and type are those of page.css."""
    sans = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return _gradio().themes.Base(font=sans, font_mono=["ui-monospace", "Noto Sans Mono CJK SC", "monospace"])
