"""What a browser finds on one page: its size on several screens and on paper, its text, and what axe has to say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

DESK = (1366, 768)
SCREENS = {"1366x768": DESK, "683x384": (683, 384), "390x844": (390, 844)}
"""The desk of an office; the same at 200 %; a narrow one."""
PAPER = {"": 688, "print-across": 1032, "print-wide": 1481}
"""What is left of A4, of A4 across and of A3 across between the margins of print.css, by the class that asks for it."""

# Words for screen readers only, pictures and lists of choices have no size of their own.
_MEASURE = """
(least) => {
  const root = document.scrollingElement;
  const wide = root.scrollWidth - root.clientWidth;
  const what = (item) => item.tagName.toLowerCase() + (item.getAttribute("class") ? "." + item.getAttribute("class").trim().split(/\\s+/).join(".") : "");
  const found = {wide: 0, widest: "", small: []};
  if (wide > 1) {
    found.wide = wide;
    const clipped = (item) => { for (let up = item.parentElement; up; up = up.parentElement) { const x = getComputedStyle(up).overflowX; if (x !== "visible" && up !== root && up !== document.body) return true; } return false; };
    const over = [...document.body.querySelectorAll("*")].filter((item) => item.getBoundingClientRect().right > root.clientWidth + 1 && !clipped(item));
    found.widest = over.slice(-1).map(what).join("");
  }
  if (!least) return found;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const item = text.parentElement;
    if (!text.data.trim() || item.closest("script, style, title, desc, option, noscript, .visually-hidden, datalist")) continue;
    if (!item.getClientRects().length || getComputedStyle(item).visibility === "hidden") continue;
    let size = parseFloat(getComputedStyle(item).fontSize);
    if (item.ownerSVGElement) size *= Math.abs(item.getScreenCTM().d);
    const table = item.closest("td, th");
    const enough = table ? least.table : least.text;
    if (size < enough - 0.05) seen.add(`${what(item)} ${size.toFixed(1)}px${table ? " in a table" : ""}: ${text.data.trim().slice(0, 12)}`);
  }
  found.small = [...seen].slice(0, 8);
  return found;
}
"""
_WITHOUT_SCRIPT = """
() => [...document.querySelectorAll("form")]
  .filter((form) => form.getClientRects().length)
  .filter((form) => ![...form.elements].some((one) => one.type === "submit" && (one.getClientRects().length || one.closest("details"))))
  .map((form) => form.getAttribute("action") || "(here)")
"""
LEAST = {"text": 12, "table": 13}


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)


def by_axe(page: Any) -> list[str]:
    """What axe finds wrong with the page as it stands: the rule, how often, and the first place."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"axe {one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def headings(page: Any) -> list[str]:
    number = page.locator("h1").count()
    return [] if number == 1 else [f"{number} h1"]


def on_screens(page: Any, screens: dict[str, tuple[int, int]] = SCREENS) -> list[str]:
    """Where the page is wider than the screen, and text that is too small on any of them; the first screen is left set."""
    faults: list[str] = []
    for name, (width, height) in reversed(screens.items()):
        page.set_viewport_size({"width": width, "height": height})
        faults += _measured(page, name, LEAST)
    return faults


def on_paper(page: Any) -> list[str]:
    """Where a printed page is wider than its paper, and text below 9 points there."""
    page.emulate_media(media="print")
    asked = page.evaluate("['print-wide', 'print-across'].find((one) => document.querySelector('.' + one)) || ''")
    page.set_viewport_size({"width": PAPER[asked], "height": 1000})
    faults = _measured(page, "print", {"text": 12, "table": 12})
    page.emulate_media(media="screen")
    return faults


def without_script(page: Any) -> list[str]:
    """Forms that cannot be sent; the page was opened without script."""
    return [f"without script no button sends {form}" for form in page.evaluate(_WITHOUT_SCRIPT)]


def _measured(page: Any, name: str, least: dict[str, int]) -> list[str]:
    found = page.evaluate(_MEASURE, least)
    wide = [f"{name}: {found['wide']} px too wide: {found['widest']}"] if found["wide"] else []
    return wide + [f"{name}: small text {one}" for one in found["small"]]
