"""A real server with its job worker, and a real browser; every page is watched for errors in its console."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from registry.config import ROOT
from tests.world import PASSWORD

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture
def server(database: str, tmp_path: Path) -> Iterator[str]:
    """The address of the product as it is served, on a fresh database; its day is 2021-10-15."""
    port = _free_port()
    environment = {
        **os.environ,
        "REGISTRY_DATABASE_URL": database,
        "REGISTRY_INSTANCE": str(tmp_path / "instance"),
        "REGISTRY_TODAY": "2021-10-15",
    }
    web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    worker = [sys.executable, "-m", "registry.cli", "worker"]
    log = (tmp_path / "server.log").open("w")
    processes = [subprocess.Popen(c, cwd=ROOT, env=environment, stdout=log, stderr=log) for c in (web, worker)]
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/sign-in", tmp_path / "server.log")
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        log.close()


@dataclass
class Person:
    """Somebody at a browser of their own."""

    page: Any
    address: str
    troubles: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, username: str) -> None:
        self.go("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def text(self) -> str:
        """What the page's main part says."""
        words: str = self.page.inner_text("main")
        return words


@pytest.fixture
def person(server: str) -> Iterator[Callable[[str], Person]]:
    """Sign a person in, in a browser context of their own; no page may have logged an error at the end."""
    sync = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    people: list[Person] = []
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))

        def enter(username: str) -> Person:
            context = browser.new_context(
                viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True
            )
            page, troubles = context.new_page(), []
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("console", lambda m: troubles.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
            someone = Person(page, server, troubles)
            someone.sign_in(username)
            people.append(someone)
            return someone

        yield enter
        browser.close()
    assert [trouble for someone in people for trouble in someone.troubles] == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, log: Path) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server did not start:\n{log.read_text()}")
