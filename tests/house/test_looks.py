"""Every page in a browser, as every kind of person: nothing too wide or too small, nothing that axe finds, on paper and without script.

A page is opened for the first person who may read it; for the others where it is made of other parts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.config import ROOT
from tests.house.addresses import addresses
from tests.house.scene import Scene
from tests.journeys.serving import Service
from tests.sweep import looking
from tests.sweep.__main__ import sign_in as enter
from tests.world import PASSWORD, World, sign_in

PEOPLE = (
    None, "lufeng", "gaoxin", "industry", "cityoffice", "statistics", "leader", "auditor", "sysadmin", "secadmin",
    "auditadmin",
)  # fmt: skip
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(1200)]
SEEN: set[str] = {""}
"""The parts of which pages were made that this worker has looked at."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    if not Path(looking.CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    with looking.chromium() as browser:
        yield browser


@pytest.fixture
def served(app: Flask, scene: Scene, tmp_path: Path) -> Iterator[str]:
    """The scene, served; its address."""
    instance = tmp_path / "instance"
    shutil.copytree(app.config["FILES"], instance / "files")
    service = Service(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
    try:
        yield service.open(app.config["TODAY"], working=False)
    finally:
        service.close()


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_can_be_read_on_every_screen_and_on_paper_and_axe_finds_nothing(
    app: Flask, client: FlaskClient, world: World, scene: Scene, served: str, chromium: Any, username: str | None
) -> None:
    if username:
        sign_in(client, username)
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    if username:
        enter(page, served, username, PASSWORD)
    bare = chromium.new_context(java_script_enabled=False, storage_state=context.storage_state())
    plain, found = bare.new_page(), {}
    for path in sorted(set(_new_pages(app, client, scene))):
        page.goto(served + path)
        faults = looking.headings(page) + looking.by_axe(page) + looking.on_screens(page) + looking.on_paper(page)
        plain.goto(served + path)
        faults += looking.without_script(plain)
        if faults:
            found[path] = faults
    context.close()
    bare.close()
    assert found == {}


def _new_pages(app: Flask, client: FlaskClient, scene: Scene) -> Iterator[str]:
    """Pages that this person may read and that are made of parts nobody's page was made of so far."""
    for address in addresses(app, scene, "GET"):
        answer = client.get(address.path)
        if answer.status_code != 200 or answer.mimetype != "text/html" or not answer.data.strip():
            continue
        if (made := _parts(answer.get_data(as_text=True))) not in SEEN:
            SEEN.add(made)
            yield address.path


def _parts(text: str) -> str:
    """Elements by name and class, each with what it stands in; a fragment is no page."""
    root = html.fromstring(text)
    if root.find(".//main") is None:
        return ""
    main = root.find(".//main")
    return repr(sorted({(_named(item.getparent()), _named(item)) for item in main.iter() if isinstance(item.tag, str)}))


def _named(item: Any) -> tuple[str, str]:
    return str(item.tag), item.get("class") or item.get("type") or ""


def test_what_is_wrong_with_a_page_is_found(chromium: Any, tmp_path: Path) -> None:
    """The looking itself: a page with one fault of each kind."""
    css = (ROOT / "registry" / "static" / "app.css").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.html"
    wrong.write_text(
        f"<!DOCTYPE html><html lang='zh'><head><meta charset='utf-8'><title>x</title><style>{css}</style></head><body>"
        "<main><h1>一</h1><h1>二</h1><p style='font-size: 11px'>小字</p><table><tr><td style='font-size: 12px'>表</td></tr></table>"
        "<p style='width: 900px'>宽</p><p>这里的文字里有<a href='#x' style='text-decoration: none'>链接</a>一个</p>"
        "<form action='/send'><input aria-label='x'></form></main></body></html>",
        encoding="utf-8",
    )
    page = chromium.new_page()
    page.goto(wrong.as_uri())
    said = "\n".join(
        looking.headings(page) + looking.by_axe(page) + looking.on_screens(page) + looking.without_script(page)
    )
    for fault in ("2 h1", "axe link-in-text-block", "390x844: ", "px too wide", "11.0px", "12.0px in a table", "/send"):
        assert fault in said, fault
    page.close()
