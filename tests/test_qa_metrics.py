"""Metrics of text, rankings and citations against their worked examples, and against independent implementations."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from qa import estimates, metrics, metrics_citations, metrics_retrieval


@pytest.mark.parametrize("module", [metrics, metrics_citations, metrics_retrieval, estimates])
def test_worked_examples(module: ModuleType) -> None:
    failed, tried = doctest.testmod(module)
    assert tried > 3
    assert failed == 0
