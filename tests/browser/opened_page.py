"""A headless Chromium that is not allowed to fetch anything, for the tests of pages."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

LAUNCH = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium; without one the test is skipped and says so, or fails where CI is set."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        reason = "no chromium, chromium-browser or google-chrome on the path"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=LAUNCH)
        yield browser
        browser.close()


@dataclass(kw_only=True)
class OpenedPage:
    """A page opened off line, and everything that happened while it loaded."""

    page: Any
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """Open HTML from a file, off line; `early` is a script that runs as soon as the page is read.

    A map is waited for until its tables are there.
    """
    contexts = []

    def open_html(
        text: str, *, width: int = 1280, height: int = 800, early: str = "", scripts: bool = True
    ) -> OpenedPage:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        viewport = {"width": width, "height": height}
        context = chromium.new_context(viewport=viewport, offline=True, java_script_enabled=scripts)
        contexts.append(context)
        opened = OpenedPage(page=context.new_page())
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("dialog", lambda dialog: (opened.dialogs.append(dialog.message), dialog.dismiss()))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("console", lambda message: message.type == "error" and opened.complaints.append(message.text))
        if early:
            opened.page.add_init_script(f'addEventListener("DOMContentLoaded", () => {{ {early} }});')
        opened.page.goto(path.as_uri())
        if scripts and '<div id="mynetwork"' in text:
            opened.page.locator("body[data-ready]").wait_for(state="attached")
        opened.page.wait_for_timeout(150)
        return opened

    yield open_html
    for context in contexts:
        context.close()
