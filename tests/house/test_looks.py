"""Every page in a browser, as every kind of person: nothing too wide or too small, nothing that axe finds, on paper and without script.

A page is opened for the first person who may read it; for the others where it is made of other parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.config import ROOT
from tests.sweep import looking

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
