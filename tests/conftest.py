"""What all tests share: a home folder of their own, no network, few threads, and the sample collection built once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browsing import CHROMIUM, QUIET

if TYPE_CHECKING:
    from embeddings.collections.collection import Collection

# Before anything heavy is imported, and for the programs that tests start as well. Threads that spin while they wait
# slow everything down as soon as another program is busy.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
for name in [name for name in os.environ if name.startswith(("WENJU_", "LC_"))]:
    del os.environ[name]
os.environ["LANG"] = "C.UTF-8"
# A suite that is started in the background ignores Ctrl-C, and so would the programs that it starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Indexes of tests go to a folder that pytest clears away, never to the person's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WENJU_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def sample(home: None) -> Iterator[Collection]:
    """The sample collection, with the embedded encoder. Tests only read it."""
    from qa.library.indexes import sample_collection

    with sample_collection() as collection:
        yield collection


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser; each test opens a context of its own in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
