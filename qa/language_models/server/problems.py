"""What can go wrong between this program and a server that runs a model, in words for the person who asks.

Knows statuses, servers' ways of putting things, and the next step. Opens no connection, and never sees the key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from corpus.errors import ModelError

MOST_NAMES = 20  # models that a message lists
LONGEST_WORDS = 300  # characters of what a server says
PASSING = frozenset({429, 500, 502, 503})  # statuses that may be gone a moment later
_TOO_LONG = re.compile(
    r"context.{0,12}(length|size|window)|context_length|exceed_context|max(imum)?[ _](model|seq\w*)[ _]len"
    r"|(prompt|input|messages?)\b.{0,40}(too (long|large)|longer than|length|exceed)"
    r"|tokens? .{0,40}(exceed|must be <=)|(exceed|maximum|too many).{0,30}tokens?\b"
    r"|上下文|[过超]长|超[出过].{0,12}长度",
    re.IGNORECASE | re.DOTALL,
)


class Passing(ModelError):
    """A problem that may be gone when the request is sent again. `wait`: seconds that the server asks to be left."""

    wait: float = 0.0


class TooLong(ModelError):
    """Prompt and answer do not fit into the model's context."""


def words_of(body: str) -> str:
    """What a server says in the body of an error, in one line; "" for a page of HTML and for nothing."""
    if is_page(body):
        return ""
    with suppress(ValueError, RecursionError):
        body = _told(json.loads(body)) or body
    return shortened(body)


def _told(value: Any) -> str:
    """The message inside the JSON of an error, however the server nests it."""
    for name in ("error", "message", "detail"):
        if isinstance(value, dict) and value.get(name):
            return _told(value[name]) or str(value[name])
    return value if isinstance(value, str) else ""


def shortened(text: str) -> str:
    """`text` in one line, cut where it is long."""
    line = " ".join(text.split())
    return line[:LONGEST_WORDS] + ("…" if len(line) > LONGEST_WORDS else "")


def is_page(body: str) -> bool:
    """Whether `body` is HTML, as whatever else lives at a wrong address sends it."""
    return body.lstrip().startswith("<")


def refused(url: str, model: str, status: int, words: str) -> ModelError:
    """The server answered with an error; its `status` is 0 where it came without one, inside a stream."""
    chinese_words, english_words = (f"服务器说：{words}", f"It says: {words}") if words else ("", "")
    if status == 413 or (status in (0, 400, 422, 500) and _TOO_LONG.search(words)):
        return TooLong(
            f"模型“{model}”装不下这么长的提问和资料（{url}）。{chinese_words}"
            "请减少段落数（WENJU_PASSAGES），或者启动服务器时给模型更长的上下文。",
            f"The question and its passages are too long for {model!r} at {url}. {english_words} "
            "Use fewer passages (WENJU_PASSAGES), or start the server with a longer context.",
        )
    if status in (401, 403):
        return ModelError(
            f"{url} 不接受密钥（{status}）。{chinese_words}请检查 WENJU_API_KEY：有没有写、是不是这台服务器的。",
            f"{url} does not accept the key ({status}). {english_words} "
            "Check WENJU_API_KEY: is it set, and is it for this server?",
        )
    if status == 404:
        return ModelError(
            f"{url} 上没有这个地址，或者没有模型“{model}”（404）。{chinese_words}"
            "请检查 WENJU_SERVER（通常以 /v1 结尾）和模型名。",
            f"There is no such address at {url}, or no model {model!r} (404). {english_words} "
            "Check WENJU_SERVER (it usually ends in /v1) and the name of the model.",
        )
    if status == 429:
        return Passing(
            f"{url} 请求太多（429），重试后仍然如此。{chinese_words}请过一会儿再问，或者提高服务器的限额。",
            f"{url} has too many requests (429), also after trying again. {english_words} "
            "Ask again later, or raise the server's limit.",
        )
    kind = Passing if status in PASSING else ModelError
    return kind(
        f"{url} 出错了{f'（{status}）' if status else ''}。{chinese_words}"
        "请看服务器的日志，或者换一台服务器（WENJU_SERVER）。",
        f"{url} answered with an error{f' ({status})' if status else ''}. {english_words} "
        "Look at the server's log, or use another (WENJU_SERVER).",
    )


def redirected(url: str, target: str) -> ModelError:
    """The server sends to another address, which is not followed."""
    return ModelError(
        f"{url} 让人改去“{target}”。请把 WENJU_SERVER 改成服务器真正的地址。",
        f"{url} sends to {target!r}. Set WENJU_SERVER to the server's real address.",
    )


def away(url: str, detail: str, kind: type[ModelError] = Passing) -> ModelError:
    """Nobody answers at that address."""
    return kind(
        f"连不上模型服务器 {url}（{detail}）。请检查它是否已经启动、地址和端口对不对（WENJU_SERVER）。",
        f"No connection to the model server {url} ({detail}). "
        "Check that it runs, and its address and port (WENJU_SERVER).",
    )


def proxy(url: str, detail: str, kind: type[ModelError] = Passing) -> ModelError:
    """The environment names a proxy for that address, and there is no way through it."""
    return kind(
        f"经代理连不上 {url}（{detail}）。请检查 HTTP_PROXY、HTTPS_PROXY、ALL_PROXY，或者把服务器写进 NO_PROXY。",
        f"The proxy gives no connection to {url} ({detail}). "
        "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or name the server in NO_PROXY.",
    )


def broken(url: str, detail: str) -> Passing:
    """The connection ended before the answer did."""
    return Passing(
        f"{url} 的回答没有写完，连接就断了（{detail}）。请再问一次；若总是这样，请看服务器的日志。",
        f"The connection to {url} broke before the answer was complete ({detail}). "
        "Ask again; if it goes on, look at the server's log.",
    )


def silent(url: str, seconds: float) -> ModelError:
    """The server keeps the connection, but nothing comes."""
    return ModelError(
        f"{url} 有 {seconds:g} 秒没有任何回音。它可能太忙或者卡住了；请过一会儿再问，或者看服务器的日志。",
        f"Nothing came from {url} for {seconds:g} seconds. It may be too busy, or stuck: "
        "ask again later, or look at the server's log.",
    )


def too_slow(url: str, seconds: float) -> ModelError:
    """The whole answer takes longer than anyone waits."""
    return ModelError(
        f"{url} 在 {seconds:g} 秒里没有写完回答。请换一个小一些的模型，或者快一些的服务器。",
        f"{url} did not complete its answer within {seconds:g} seconds. Use a smaller model, or a faster server.",
    )


def endless_list(url: str, most: int) -> ModelError:
    """The list of models does not come to an end."""
    return ModelError(
        f"{url} 的模型列表超过 {most >> 20} MB，没有读完。请检查 WENJU_SERVER 是不是 OpenAI 兼容的服务器。",
        f"The list of models of {url} is longer than {most >> 20} MB and was not read. Check that WENJU_SERVER is an "
        "OpenAI-compatible server.",
    )


def garbage(url: str, start: str) -> ModelError:
    """What comes is not what an OpenAI-compatible server sends."""
    if is_page(start):
        return ModelError(
            f"{url} 送来的是网页，不是模型的回答。请检查 WENJU_SERVER：要写 OpenAI 兼容接口的地址，通常以 /v1 结尾。",
            f"{url} sends a web page, not a model's answer. Check WENJU_SERVER: it should be the address of an "
            "OpenAI-compatible interface, which usually ends in /v1.",
        )
    shown = shortened(start[:80])
    return ModelError(
        f"看不懂 {url} 送来的内容：“{shown}”。请检查 WENJU_SERVER 是不是 OpenAI 兼容的服务器。",
        f"What {url} sends cannot be read: {shown!r}. Check that WENJU_SERVER is an OpenAI-compatible server.",
    )


def empty(url: str, model: str, most: int) -> ModelError:
    """The model ended without a word for the reader."""
    return ModelError(
        f"模型“{model}”什么也没有回答（{url}）。它可能把 {most} 个词元都用来思考了："
        "请在服务器上关掉思考，或者换一个模型。",
        f"The model {model!r} at {url} answered nothing. It may have spent its {most} tokens on thinking: "
        "switch thinking off on the server, or use another model.",
    )


def unnamed(url: str) -> ModelError:
    """No model was named, and the server names none."""
    return ModelError(
        f"{url} 没有说它有哪些模型。请写明模型名：--model 名称（或 WENJU_MODEL），并检查地址（WENJU_SERVER）。",
        f"{url} does not say which models it has. Name one: --model NAME (or WENJU_MODEL); "
        "and check the address (WENJU_SERVER).",
    )


def not_there(url: str, model: str, names: Sequence[str]) -> ModelError:
    """The server has other models than the one that was named."""
    rest = len(names) - MOST_NAMES
    listed = list(names[:MOST_NAMES])
    return ModelError(
        f"{url} 没有模型“{model}”。它有：{'、'.join(listed)}{f'，另有 {rest} 个' if rest > 0 else ''}。"
        "请改用其中之一（--model 或 WENJU_MODEL）。",
        f"{url} has no model {model!r}. It has: {', '.join(listed)}{f' and {rest} more' if rest > 0 else ''}. "
        "Use one of these (--model or WENJU_MODEL).",
    )


def bad_address(url: str) -> ModelError:
    """That is no address of a server."""
    example = "http://localhost:8000/v1"
    return ModelError(
        f"模型服务器的地址“{url}”不对；应当像 {example} 这样。请改 WENJU_SERVER。",
        f"{url!r} is not the address of a model server; it should look like {example}. Change WENJU_SERVER.",
    )


def secret_address() -> ModelError:
    """The address holds a password or the like, which would be shown with it."""
    return ModelError(
        "模型服务器的地址里不能有用户名、密码或“?”后面的内容。请从 WENJU_SERVER 去掉；密钥写进 WENJU_API_KEY。",
        "The address of a model server cannot hold a user name, a password, or anything after '?'. "
        "Take it out of WENJU_SERVER; a key belongs in WENJU_API_KEY.",
    )


def bad_key() -> ModelError:
    """The key has characters that no key has; they cannot be sent."""
    return ModelError(
        "密钥里有空格、换行或全角字符，发不出去。请重新复制到 WENJU_API_KEY。",
        "The key has blanks, line breaks or characters that are not ASCII, and cannot be sent. "
        "Copy it into WENJU_API_KEY again.",
    )
