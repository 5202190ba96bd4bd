"""The tools for programs that speak MCP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from corpus.errors import MissingPackage
from embeddings.collections.collection import Collection
from qa.answerer import Answerer
from qa.web.mcp_server import mcp_server


def called(server: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    _, structured = asyncio.run(server.call_tool(tool, arguments))
    return dict(structured)


def test_a_program_asks_and_searches(sample: Collection) -> None:
    pytest.importorskip("mcp")
    server = mcp_server(Answerer(sample))
    tools = {tool.name: tool for tool in asyncio.run(server.list_tools())}
    assert set(tools) == {"ask", "search"}
    assert set(tools["ask"].inputSchema["properties"]) == {"question", "since", "until"}
    assert "citations" in tools["ask"].outputSchema["properties"]
    told = called(server, "ask", question="商都路街道到2021年年中有多少名党员？")
    assert "2584" in told["text"]
    assert told["citations"][0]["number"] == 1
    assert len(called(server, "search", text="党员", most=2)["passages"]) == 2
    assert called(server, "search", text="党员", until="1900")["passages"] == []


def test_without_the_package_the_way_to_it_is_told(sample: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mcp.server.fastmcp", None)
    with pytest.raises(MissingPackage, match=r"wenju\[mcp\]"):
        mcp_server(Answerer(sample))
