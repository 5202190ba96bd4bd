"""The chat page, served: Gradio, told to call nobody, behind the guard, with a door for programs beside it.

Knows how the parts are put together: the page (`qa.web.page`), its guard, logins and endpoints, the server. Its colours
and type are in `page.css`, and what only a browser can do (follow a mark, keep conversations, act on keys, send files)
in the scripts beside it.
"""

from __future__ import annotations

import os
import re
import time
import warnings
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import InputError
from qa.observing.watch import Watch
from qa.web import arrivals, uploads
from qa.web.addresses import Addresses, is_everywhere, is_this_machine, own_addresses
from qa.web.page import Page
from qa.web.texts import words
from qa.web.users import Users

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.settings import Settings
    from qa.web.logins import Logins

OWN_PATHS = re.compile(
    r"/(login|logout|ask|search|openapi\.json|healthz|readyz|metrics|arriving/[0-9a-f]{32}/\d{1,6}|reports/.+)"
)
MOST_SESSIONS = 2000  # pages whose state is kept; the oldest is forgotten
_SCRIPTS = ("stream.js", "page.js", "talks.js", "wishes.js", "articles.js")
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
    login: bool = False,
    allow_hosts: Sequence[str] = (),
    log_texts: bool = False,
) -> Any:
    """Serve the chat page at `host`:`port` (None: any free port) until interrupted; with `wait` off, return at once.

    With `login` it is for the users of the data folder alone; where others reach `host`, it has to be. `allow_hosts`
    are further names that it is asked for by, as a proxy in front of it has. With `log_texts` the words of questions
    and answers are logged, not only their figures. Returns the gradio.Blocks, whose `close()`
    ends the server. Raises InputError where the port is taken, the host is not ours, or nobody could log in.
    """
    from qa.web.guard import Guard
    from qa.web.logins import Logins
    from qa.web.server import Server, listen

    logins = Logins(users_of(host, login, settings), settings.language)
    listening = listen(host, port)
    try:
        uploads.forget_old(settings.home)
        page = _both(answerer, settings, samples, local=is_this_machine(host), watch=Watch(texts=log_texts))
        blocks = page.blocks
        app = _mounted(page, logins)
        functions = {number: len(function.inputs) for number, function in blocks.fns.items()}
        guard = Guard(app, Addresses(host, tuple(allow_hosts)), logins, functions, OWN_PATHS, settings.language)
        blocks.server = Server(guard, listening)
    except BaseException:
        listening.close()
        raise
    blocks.server_name, blocks.server_port = host, listening.getsockname()[1]
    blocks.local_url = f"{own_addresses(host, blocks.server_port)[0]}/"
    if open_browser:
        webbrowser.open(blocks.local_url)
    while wait:
        time.sleep(3600)
    return blocks


def users_of(host: str, login: bool, settings: Settings) -> Users | None:
    """Who may log in; None where nobody has to. Raises InputError where somebody would have to and nobody can."""
    if not login and not is_this_machine(host):
        everyone = "0.0.0.0" if is_everywhere(host) else host
        raise InputError(
            f"--host {everyone} 会让别的电脑也能打开这个页面，所以要加 --login。先用 wenju users add 名字 添加用户，"
            f"再运行 wenju chat --host {everyone} --login；只在这台电脑上用就不要写 --host。",
            f"With --host {everyone} other computers reach this page, so it takes --login. Add users with wenju users "
            f"add NAME, then run wenju chat --host {everyone} --login; without --host it is for this computer only.",
        )
    if not login:
        return None
    users = Users(settings.home)
    if not users.names():
        raise InputError(
            "还没有可以登录的用户。请先运行 wenju users add 名字。",
            "There is no user yet who could log in. Run wenju users add NAME first.",
        )
    return users


def door(page: Any, logins: Logins) -> Any:
    """An application with all paths that are not the page's own: for logging in, and for programs."""
    from fastapi import FastAPI

    from qa.web.endpoints import add_endpoints

    app = FastAPI(title=page.words.name, description=page.words.tagline, docs_url=None, redoc_url=None)
    add_endpoints(app, page)
    app.add_route("/login", logins.page, methods=["GET"])
    app.add_route("/login", logins.log_in, methods=["POST"])
    app.add_route("/logout", logins.log_out, methods=["POST"])
    return app


def _mounted(page: Page, logins: Logins) -> Any:
    """The same application, with the page at all other paths."""
    app = door(page, logins)
    gradio, here = page.gr, Path(__file__).parent
    page.blocks.state_session_capacity = MOST_SESSIONS
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode")  # nobody asks for it, and Gradio says all the same that it is off
        gradio.mount_gradio_app(
            app,
            page.blocks,
            path="/",
            theme=_theme(gradio),
            css_paths=[here / "page.css"],
            head=_ICON + "".join(f"<script>{(here / name).read_text(encoding='utf-8')}</script>" for name in _SCRIPTS),
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            pwa=False,
            enable_monitoring=False,
        )
    page.blocks.app = page.blocks.server_app = app.routes[-1].app
    # A stream for each tab that only says "alive" would take all six connections that a browser makes to one place.
    page.blocks.config["connect_heartbeat"] = False
    return app


def build_page(answerer: Answerer, *, settings: Settings, samples: Sequence[str] = (), local: bool = False) -> Any:
    """The page as a gradio.Blocks that is not served yet, in the language of `settings` and, beside it, in the other.

    Which of the two a visitor sees is decided in the browser, by wishes.js. `samples` are questions offered before the
    first one. `local`: it will be served to this machine alone, so that who uses it may fill the disk with models.
    """
    return _both(answerer, settings, samples, local=local).blocks


def _both(
    answerer: Answerer, settings: Settings, samples: Sequence[str], *, local: bool, watch: Watch | None = None
) -> Page:
    """The page in the language of `settings`, and beside it, with the same queue and arrivals, that in the other."""
    gradio = _gradio(settings)
    page = Page(gradio, answerer, settings, tuple(samples), local=local, watch=watch)
    other = "zh" if settings.language == "en" else "en"
    route = page.blocks.route(words(other).name, f"/{other}", show_in_navbar=False)
    further = replace(settings, language=other)
    Page(gradio, answerer, further, tuple(samples), local=local, blocks=route, beside=page)
    return page


def _gradio(settings: Settings) -> Any:
    """Gradio, told before it is imported to call nobody, and to keep what is uploaded where only this person reads."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ["GRADIO_TEMP_DIR"] = str(arrivals.private_folder(settings.home / "uploads" / "gradio"))
    import gradio

    return gradio


def _theme(gradio: Any) -> Any:
    """A theme without web fonts; colours and type are those of page.css."""
    sans = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return gradio.themes.Base(font=sans, font_mono=["ui-monospace", "Noto Sans Mono CJK SC", "monospace"])
