"""The tools `ask` and `search` for programs that speak MCP, over standard input and output.

Knows the package `mcp` (the extra of that name); what the tools take and give is that of /ask and /search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.errors import MissingPackage
from qa.answer import Question
from qa.observing.logs import request_id
from qa.web.schemas import MOST_FOUND, AnswerReply, SearchReply, answer_reply, passage_reply

if TYPE_CHECKING:
    from qa.answerer import Answerer


def mcp_server(answerer: Answerer) -> Any:
    """An MCP server over `answerer`; its `run("stdio")` serves until input ends. Raises MissingPackage."""
    try:
        from mcp.server.fastmcp import FastMCP
    except ImportError as error:
        raise MissingPackage(
            "MCP 服务要用 mcp 包，还没有安装。请运行 pip install 'wenju[mcp]'。",
            "The MCP server takes the package mcp, which is not installed. Run pip install 'wenju[mcp]'.",
        ) from error
    server = FastMCP(
        "wenju",
        instructions="Questions over a collection of Chinese articles, answered with citations. Ask in Chinese.",
    )

    def ask(question: str, since: str = "", until: str = "") -> AnswerReply:
        """Answer a question from the articles; every sentence names its evidence. `since` and `until` are ISO dates
        (2021, 2021-06, 2021-06-30) between which the articles were published. A refused answer is no answer."""
        return answer_reply(answerer.answer(Question(question, since=since, until=until)), request_id())

    def search(text: str, most: int = 10, since: str = "", until: str = "") -> SearchReply:
        """The passages of the articles that say most about a text, best first, `most` of them (1 to 50)."""
        most = min(max(most, 1), MOST_FOUND)
        hits = answerer.collection.search(text[:1000], most, since=since, until=until)
        return SearchReply(passages=[passage_reply(hit) for hit in hits])

    server.add_tool(ask)
    server.add_tool(search)
    return server
