"""A real server with its job worker, and people with real browsers; every page is watched for trouble."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.journeys.person import Person
from tests.journeys.serving import Service

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Enter(Protocol):
    def __call__(self, address: str, username: str, *, script: bool = True) -> Person:
        """Sign somebody in at `address`, in a browser that keeps nothing of anybody else."""


class Serve(Protocol):
    def __call__(self, today: date, *, working: bool = True) -> str:
        """Serve the test's database as on `today`; the address."""


@pytest.fixture
def service(database: str, tmp_path: Path) -> Iterator[Service]:
    """Everything it started has ended when the test is over, however it went; nothing in it may have broken."""
    service = Service(database, tmp_path)
    try:
        yield service
    finally:
        service.close()
    assert "Traceback" not in service.log(), service.log()


@pytest.fixture
def serve(service: Service) -> Serve:
    return service.open


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for a module: two of them at once do not go together in one process."""
    sync = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def enter(chromium: Any, tmp_path: Path) -> Iterator[Enter]:
    people: list[Person] = []
    folder = tmp_path / "downloads"
    folder.mkdir()

    def sign_in(address: str, username: str, *, script: bool = True) -> Person:
        context = chromium.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True, java_script_enabled=script
        )
        someone = Person(context, address, folder)
        people.append(someone)
        someone.sign_in(username)
        return someone

    yield sign_in
    for someone in people:
        someone.context.close()
    assert [trouble for someone in people for trouble in someone.troubles] == []
