"""Who reaches the page and who does not: hosts, origins, logins, paths, sizes, sessions, over real HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from corpus.article import Article
from corpus.errors import InputError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answer import Answer, Citation, Claim, Question
from qa.observing.watch import Watch
from qa.settings import Settings
from qa.web import arrivals, guard, serving, uploads
from qa.web.addresses import Addresses
from qa.web.guard import Guard
from qa.web.logins import Logins
from qa.web.queueing import Queue
from qa.web.server import Server, listen
from qa.web.texts import words
from qa.web.users import Users
from qa.writing.writer import QuotingWriter

pytestmark = pytest.mark.slow

ARTICLES = [Article("bridge", "东河大桥通车", "东河大桥于2019年5月通车。桥长八百二十米。", "bridge.txt", "2019-05-02")]
QUOTE = "桥长八百二十米。"
PASSWORD = "correct horse"
BATCH = "0123456789abcdef" * 2


class Quoting:
    """Answers every question with the same sentence."""

    def __init__(self, collection: Collection) -> None:
        self.collection, self.writer = collection, QuotingWriter()

    def answer(self, question: Question) -> Answer:
        passage = self.collection.search("桥长", 1)[0].passage
        start = passage.text.index(QUOTE)
        cited = Citation(1, passage, QUOTE, start, start + len(QUOTE))
        claim = Claim(QUOTE, 0, len(QUOTE) + 3, (1,), True)
        return Answer(question, question.text, f"{QUOTE}[1]", (claim,), (cited,), done=True, model="quoting")


@pytest.fixture(autouse=True, scope="module")
def cheap_hashes() -> Iterator[None]:
    """Hashes that cost what a test may cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.web.users._COST", 1 << 4)
        yield


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with Collection.build(tmp_path_factory.mktemp("guard") / "c", ARTICLES, encoder=load_encoder("hashing")) as built:
        yield built


class Site:
    """The guard and all doors but Gradio's, at whose paths a stand-in says "page"."""

    def __init__(
        self, collection: Collection, home: Path, *, login: bool = False, allow_hosts: Sequence[str] = ()
    ) -> None:
        settings = Settings(home=home, encoder="hashing")
        self.answerer, self.queue, self.arrivals = Quoting(collection), Queue(), arrivals.Arrivals(home / "arriving")
        page = SimpleNamespace(
            shared=self.answerer,
            queue=self.queue,
            watch=Watch(),
            arrivals=self.arrivals,
            words=words("zh"),
            settings=settings,
            own_answerer=lambda *_, **__: None,
        )
        logins = Logins(serving.users_of("127.0.0.1", login, settings))
        app = serving.door(page, logins)
        app.add_api_route("/{path:path}", self.stand_in, methods=["GET", "POST"], include_in_schema=False)
        listening = listen("127.0.0.1", None)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        guarded = Guard(app, Addresses("127.0.0.1", tuple(allow_hosts)), logins, {0: 2, 7: 1}, serving.OWN_PATHS)
        self.server = Server(guarded, listening)

    async def stand_in(self, request: Request) -> PlainTextResponse:
        body = (await request.body()).decode()
        return PlainTextResponse(
            f"page {request.scope['wenju.person']} {body}", headers={"Access-Control-Allow-Origin": "*"}
        )


@contextmanager
def served(collection: Collection, home: Path, **options: Any) -> Iterator[Site]:
    site = Site(collection, home, **options)
    try:
        yield site
    finally:
        site.server.close()


@pytest.fixture(scope="module")
def site(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(collection, tmp_path_factory.mktemp("home"), allow_hosts=["qa.example.org"]) as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def closed(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page that takes a login, of 甲 or 乙."""
    home = tmp_path_factory.mktemp("users")
    for name in "甲乙":
        Users(home).add(name, PASSWORD)
    with served(collection, home, login=True) as site:
        yield site


def join(session: str) -> dict[str, Any]:
    """The message by which the browser asks for a function of the page."""
    return {"fn_index": 0, "data": [None, None], "session_hash": session}


# --- hosts and origins ---


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "10.1.2.3", "x@localhost"]
)
@pytest.mark.parametrize("path", ["", "config", "gradio_api/queue/data?session_hash=a", "openapi.json"])
def test_a_name_that_was_pointed_here_gets_nothing(client: httpx.Client, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert "--allow-host" in answer.text
    assert "东河" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:7860", "qa.example.org", "QA.example.org:8443"])
def test_names_of_ours_get_the_page(client: httpx.Client, host: str) -> None:
    assert client.get("", headers={"Host": host}).status_code == 200


def test_a_forwarded_name_is_checked_as_well(client: httpx.Client) -> None:
    assert client.get("config", headers={"X-Forwarded-Host": "evil.example"}).status_code == 403
    assert client.get("config", headers={"X-Forwarded-Host": "qa.example.org"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1.evil.example", "file://"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "ask"), ("POST", "search"), ("POST", "login"), ("POST", "gradio_api/queue/join"), ("PUT", f"arriving/{BATCH}/0?name=a"),
        ("GET", "gradio_api/queue/data?session_hash=a"), ("GET", "config"), ("OPTIONS", "ask"), ("OPTIONS", f"arriving/{BATCH}/0"),
    ],
)  # fmt: skip
def test_other_sites_may_neither_ask_nor_read(client: httpx.Client, origin: str, method: str, path: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = client.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("fetched", ["cross-site", "same-site"])
def test_pictures_and_scripts_of_other_sites_get_nothing_but_links_lead_here(
    client: httpx.Client, fetched: str
) -> None:
    embedded = {"Sec-Fetch-Site": fetched, "Sec-Fetch-Mode": "no-cors"}
    assert client.get("config", headers=embedded).status_code == 403
    assert client.get("", headers=embedded).status_code == 403
    linked = {"Sec-Fetch-Site": fetched, "Sec-Fetch-Mode": "navigate"}
    assert client.get("", headers=linked).status_code == 200
    assert client.get("config", headers=linked).status_code == 403


def test_the_page_itself_may_ask_and_no_header_lets_others_in(site: Site, client: httpx.Client) -> None:
    origin = site.url.rstrip("/")
    answer = client.post("ask", json={"question": "桥长多少？"}, headers={"Origin": origin})
    assert answer.status_code == 200
    for seen in (answer, client.get("", headers={"Origin": origin})):
        assert not [name for name in seen.headers if name.startswith("access-control-")]
        assert seen.headers["x-frame-options"] == "SAMEORIGIN"
        assert "default-src 'self'" in seen.headers["content-security-policy"]


# --- paths and messages ---


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "monitoring"), ("GET", "monitoring/summary"), ("POST", "gradio_api/run/ask"), ("POST", "gradio_api/api/ask"),
        ("GET", "gradio_api/proxy=http://outside.example/"), ("POST", "gradio_api/vibe-edit"), ("GET", "gradio_api/heartbeat/a"),
        ("POST", "gradio_api/component_server"), ("POST", "gradio_api/upload"), ("GET", "gradio_api/token"), ("GET", "docs"), ("GET", "gradio_api/deep_link"),
        ("GET", "../etc/passwd"), ("GET", "%2e%2e/x"),
    ],
)  # fmt: skip
def test_what_the_page_does_not_use_is_not_there(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 404


def test_what_the_page_sends_comes_through_whole(client: httpx.Client) -> None:
    client.get("")
    answer = client.post("gradio_api/queue/join", json=join("whole"))
    assert answer.status_code == 200
    assert answer.text.startswith("page visitor:")
    assert json.loads(answer.text.split(" ", 2)[2]) == join("whole")


def test_a_browser_is_known_again_by_a_cookie_that_scripts_cannot_read(client: httpx.Client) -> None:
    first = client.get("")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=Lax" in first.headers["set-cookie"]
    second = client.get("")
    assert second.text == first.text
    assert "set-cookie" not in second.headers
    with httpx.Client(base_url=client.base_url) as other:
        assert other.get("").text != first.text
        assert other.post(
            "gradio_api/queue/join", json=join("x"), headers={"Cookie": "wenju-visitor=../../etc"}
        ).text.startswith("page address:127.0.0.1")


@pytest.mark.parametrize("index", [9999, -1, None, "0", 0.5, True, [1]])
def test_a_function_that_is_not_there_is_a_plain_404(
    client: httpx.Client, index: object, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = client.post("gradio_api/queue/join", json={"fn_index": index, "data": [], "session_hash": "a"})
    assert answer.status_code == 404
    assert "Traceback" not in capfd.readouterr().err + answer.text


def test_a_message_with_other_inputs_than_the_function_has_is_refused(client: httpx.Client) -> None:
    for data in ([], [None], None, {}):
        message = {"fn_index": 0, "data": data, "session_hash": "a"}
        assert client.post("gradio_api/queue/join", json=message).status_code == 422


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff"])
def test_messages_that_are_none(client: httpx.Client, body: bytes) -> None:
    assert client.post("gradio_api/queue/join", content=body).status_code == 422


def test_messages_have_a_size(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LARGEST_MESSAGE", 1 << 20)
    answer = client.post("gradio_api/queue/join", content=b" " * (1 << 21))
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["detail"]


# --- programs ---


def test_programs_ask_and_search(client: httpx.Client) -> None:
    assert client.get("healthz").json() == {"status": "ok"}
    assert client.get("readyz", headers={"Host": "probe.internal"}).json() == {"status": "ready"}
    told = client.post("ask", json={"question": "桥长多少？", "history": [{"question": "东河大桥？"}]}).json()
    assert told["text"] == f"{QUOTE}[1]"
    assert told["citations"][0] | {"number": 1, "article": "bridge", "quote": QUOTE} == told["citations"][0]
    found = client.post("search", json={"text": "大桥", "since": "2019", "until": "2019-06"}).json()["passages"]
    assert [passage["article"] for passage in found] == ["bridge"]
    assert client.post("search", json={"text": "大桥", "since": "2020"}).json()["passages"] == []


@pytest.mark.parametrize(
    "wrong", [{}, {"question": 5}, {"question": "x" * 1001}, {"question": "x", "since": "gestern"}, {"question": "x", "articles": "a"}]
)  # fmt: skip
def test_what_programs_send_wrong_is_told(client: httpx.Client, wrong: dict[str, Any]) -> None:
    assert client.post("ask", json=wrong).status_code == 422


def test_own_articles_that_are_not_there(client: httpx.Client) -> None:
    assert client.post("ask", json={"question": "x", "own": True}).status_code == 404


def test_the_schemas_are_published(client: httpx.Client) -> None:
    told = client.get("openapi.json").json()
    assert {"/ask", "/search", "/healthz", "/readyz"} == set(told["paths"])
    assert {"question", "history", "articles", "since", "until", "own", "collections", "shared"} == set(
        told["components"]["schemas"]["AskRequest"]["properties"]
    )


def test_figures_are_for_programs_on_this_machine_alone(closed: Site, site: Site) -> None:
    # Whoever forwards requests from this machine says whose they are.
    for url in (closed.url, site.url):
        with httpx.Client(base_url=url, timeout=60) as client:
            assert "wenju_queue" in client.get("metrics").text
            assert client.get("metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
            assert client.get("metrics", headers={"Host": "evil.example"}).status_code == 403
    with logged_in(closed, "甲") as client:
        assert client.get("metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


# --- files ---


def test_files_arrive_within_their_limits(site: Site, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("")
    visitor = uploads.visitor_of(f"visitor:{client.cookies['wenju-visitor']}")
    monkeypatch.setattr(arrivals, "LARGEST_FILE", 2 << 20)
    monkeypatch.setattr(arrivals, "LARGEST_BATCH", 3 << 20)

    def put(number: int, name: str, size: int) -> httpx.Response:
        return client.put(f"arriving/{BATCH}/{number}", params={"name": name}, content=b"x" * size)

    assert put(0, "../资料/一.txt", 10).json() == {"arrived": True}
    assert put(1, "大.txt", (2 << 20) + 1).status_code == 413
    assert put(2, "二.txt", 2 << 20).status_code == 200
    assert "GB" in put(3, "三.txt", 1 << 20).json()["detail"]
    assert put(arrivals.MOST_FILES, "多.txt", 1).status_code == 413
    come = site.arrivals.hand_on(visitor, BATCH)
    assert [(file.name, file.path.stat().st_size) for file in come] == [("资料/一.txt", 10), ("二.txt", 2 << 20)]
    assert all(site.arrivals.folder in file.path.parents for file in come)
    assert come[0].path.parent.stat().st_mode & 0o077 == 0
    site.arrivals.forget(visitor, BATCH)
    assert not come[0].path.exists()
    assert site.arrivals.hand_on(visitor, BATCH) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a/../../b.txt", "a/b.txt"), ("C:\\x\\报告.docx", "C_/x/报告.docx"), ("", "未命名"), ("..", "未命名"), ("a\n<b>.md", "a__b_.md"), ("x\udc00.txt", "x_.txt")],
)  # fmt: skip
def test_names_of_files_lead_nowhere(name: str, shown: str) -> None:
    assert arrivals.shown_name(name) == shown


# --- the queue ---


def test_one_person_does_not_take_all_places(site: Site, client: httpx.Client) -> None:
    """Questions of one browser hang; another browser is answered at once, and the first is told to wait."""
    with ExitStack() as hanging, httpx.Client(base_url=site.url, timeout=60) as other:
        client.get("")
        other.get("")
        person = f"visitor:{client.cookies['wenju-visitor']}"
        for _ in range(site.queue.each + site.queue.waiting):
            hanging.enter_context(site.queue.enter(person))
        assert other.post("ask", json={"question": "桥长多少？"}).status_code == 200
        refused = client.post("ask", json={"question": "桥长多少？"})
        assert refused.status_code == 400
        assert str(site.queue.waiting) in refused.json()["detail"]
    assert client.post("ask", json={"question": "桥长多少？"}).status_code == 200


# --- logging in ---


@contextmanager
def logged_in(closed: Site, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=closed.url, timeout=60) as client:
        assert client.post("login", data={"name": name, "password": PASSWORD}).status_code == 303
        yield client


def test_nothing_is_shown_before_a_login(closed: Site) -> None:
    with httpx.Client(base_url=closed.url, timeout=60) as client:
        visit = client.get("", headers={"Accept": "text/html"})
        assert (visit.status_code, visit.headers["location"]) == (303, "/login")
        for method, path in [
            ("GET", "config"),
            ("POST", "ask"),
            ("PUT", f"arriving/{BATCH}/0?name=a"),
            ("GET", "gradio_api/info"),
            ("GET", "openapi.json"),
            ("GET", "assets/x.js"),
        ]:
            answer = client.request(method, path, json={} if method == "POST" else None)
            assert answer.status_code == 401, path
            assert "登录" in answer.json()["detail"]
        form = client.get("login")
        assert 'name="password"' in form.text
        assert client.get("healthz").status_code == 200


def test_a_right_password_opens_the_page_and_leaving_closes_it(closed: Site) -> None:
    with logged_in(closed, "甲") as client:
        cookie = next(iter(client.cookies.jar))
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert client.get("").status_code == 200
        assert client.post("ask", json={"question": "桥长多少？"}).status_code == 200
        client.post("logout")
        assert client.get("config").status_code == 401


@pytest.mark.parametrize(("name", "password"), [("甲", "wrong"), ("丙", PASSWORD), ("", ""), ("<b>甲", "x")])
def test_a_wrong_password_does_not(closed: Site, name: str, password: str) -> None:
    with httpx.Client(base_url=closed.url, timeout=60) as client:
        answer = client.post("login", data={"name": name, "password": password})
        assert answer.status_code == 401
        assert "不对" in answer.text
        assert "<b>" not in answer.text
        assert not client.cookies


def test_guessing_is_not_heard_after_a_few_tries(closed: Site) -> None:
    with httpx.Client(base_url=closed.url, timeout=60) as client:
        tries = [
            client.post("login", data={"name": "丁", "password": f"guess {number}"}).status_code for number in range(6)
        ]
    assert tries[:4] == [401] * 4
    assert tries[5] == 429


def test_programs_log_in_with_every_request(closed: Site) -> None:
    with httpx.Client(base_url=closed.url, timeout=60) as client:
        asked = {"question": "桥长多少？"}
        assert client.post("ask", json=asked, auth=("甲".encode(), PASSWORD.encode())).status_code == 200
        assert client.post("ask", json=asked, auth=("甲".encode(), b"wrong password")).status_code == 401
        assert client.post("ask", json=asked, headers={"Authorization": "Basic !"}).status_code == 401


def test_nobody_reads_along_in_somebody_elses_session(closed: Site) -> None:
    with logged_in(closed, "甲") as first, logged_in(closed, "乙") as second:
        assert first.post("gradio_api/queue/join", json=join("mine")).text.startswith("page user:甲")
        assert second.get("gradio_api/queue/data", params={"session_hash": "mine"}).status_code == 403
        for path in ("queue/join", "cancel", "reset"):
            assert second.post(f"gradio_api/{path}", json=join("mine")).status_code == 403
        assert first.get("gradio_api/queue/data", params={"session_hash": "mine"}).status_code == 200


def test_users_have_different_articles_and_private_folders(closed: Site, tmp_path: Path) -> None:
    assert uploads.visitor_of("user:甲") == uploads.visitor_of("user:甲") != uploads.visitor_of("user:乙")
    assert uploads.visitor_of("") != uploads.visitor_of("")
    folder = uploads.private_folder(tmp_path / "uploads")
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.9", "wenju.example"])
def test_others_are_not_let_in_without_a_login(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError, match="--login"):
        serving.users_of(host, False, Settings(home=tmp_path))
    with pytest.raises(InputError, match="wenju users add"):
        serving.users_of(host, True, Settings(home=tmp_path))
    Users(tmp_path).add("甲", PASSWORD)
    assert serving.users_of(host, True, Settings(home=tmp_path))
    assert serving.users_of("127.0.0.1", False, Settings(home=tmp_path)) is None


def test_where_nothing_can_listen_is_told() -> None:
    with pytest.raises(InputError, match="--host"):
        listen("192.0.2.9", None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port + 1}"):
            listen("127.0.0.1", port)
