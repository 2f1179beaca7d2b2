"""Somebody at a browser of their own, who finds things by the words on the page."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from registry import features
from registry.site.shell import ROOM_LABELS
from tests.world import PASSWORD

WAIT_MS = 15_000
JOB_MS = 120_000
"""A job waits for its worker to start, on a machine that may be busy."""
# A refused address (403, 404) and a form that comes back (401, 409, 422) are answers, and the browser calls them errors.
_ANSWERS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


def _counted(label: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(label)}[\\d\\s]*项?$")


class Person:
    """`context` is a browser context of playwright; `troubles` is what no page may have logged or asked for."""

    def __init__(self, context: Any, address: str, folder: Path) -> None:
        self.context, self.address, self._folder = context, address, folder
        self.troubles: list[str] = []
        self.page: Any = None
        context.set_default_timeout(WAIT_MS)
        self.open_page()

    # -- moving about -----------------------------------------------------------------------------
    def open_page(self) -> None:
        """A new tab; the one before stays as it is."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._listen)
        self.page.on("request", self._watch)
        self.page.on("response", self._judge)

    def go(self, path: str) -> int:
        """Open an address of the product; the status of the answer."""
        answer = self.page.goto(self.address + path)
        return int(answer.status)

    def sign_in(self, username: str) -> None:
        self.go("/sign-in")
        self.fill("用户名", username)
        self.fill("密码", PASSWORD)
        self.press("登录")
        self.sees("退出登录", within="header.top")

    def follow(self, link: str | re.Pattern[str], within: str = "body") -> None:
        self.part(within).get_by_role("link", name=link, exact=True).first.click()
        self.page.wait_for_load_state()

    def menu(self, entry: str) -> None:
        """A page of the menu: the line of its room, then its tab; a label may be followed by a count."""
        folded = self.part("header.top").get_by_role("link", name="菜单", exact=True)
        if folded.is_visible():  # beside a case
            folded.click()
        line = self.part("nav.side").get_by_role("link", name=_counted(entry))
        room = ROOM_LABELS[next(page.group for page in features.menu() if page.label == entry)]
        (line if line.count() else self.part("nav.side").get_by_role("link", name=_counted(room))).click()
        self.page.wait_for_load_state()
        tab = self.part("nav.rooms").get_by_role("link", name=_counted(entry))
        if tab.count() and tab.get_attribute("aria-current") is None:
            tab.click()
            self.page.wait_for_load_state()

    # -- filling in -------------------------------------------------------------------------------
    def part(self, within: str) -> Any:
        return self.page.locator(within)

    def control(self, label: str, within: str = "main") -> Any:
        name = re.compile(f"^{re.escape(label)}(（必填）)?$")
        return self.part(within).get_by_label(name)

    def fill(self, label: str, text: str, within: str = "main") -> None:
        self.control(label, within).fill(text)

    def type(self, label: str, text: str) -> None:
        """Key by key, as a person does; what stood there before is replaced."""
        self.control(label).fill("")
        self.control(label).press_sequentially(text, delay=10)

    def choose(self, label: str, option: str, within: str = "main") -> None:
        self.control(label, within).select_option(label=option)

    def tick(self, label: str, within: str = "main") -> None:
        self.control(label, within).check()

    def attach(self, label: str, name: str, content: bytes) -> None:
        self.control(label).set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})

    def press(self, button: str, within: str = "main") -> None:
        self.part(within).get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state()

    def download(self, button: str, within: str = "main") -> Path:
        """Press a button whose answer is a file."""
        with self.page.expect_download() as waiting:
            self.part(within).get_by_role("button", name=button, exact=True).first.click()
        path = self._folder / f"{len(list(self._folder.iterdir()))}_{waiting.value.suggested_filename}"
        waiting.value.save_as(path)
        return path

    # -- looking ----------------------------------------------------------------------------------
    def sees(self, *words: str, within: str = "main", timeout: int = WAIT_MS) -> None:
        from playwright.sync_api import expect

        for text in words:
            expect(self.part(within).first).to_contain_text(text, timeout=timeout)

    def sees_heading(self, text: str, timeout: int = WAIT_MS) -> None:
        self.sees(text, within="h1", timeout=timeout)

    def text(self, within: str = "main") -> str:
        """What a part of the page says, on one line."""
        return " ".join(self.page.locator(within).inner_text().split())

    def texts(self, selector: str) -> list[str]:
        """What every such part of the page says."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def rows(self, caption: str) -> list[list[str]]:
        """The cells of the table with this caption."""
        table = self.page.locator("table", has=self.page.locator("caption", has_text=caption))
        return [
            [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
            for row in table.locator("tbody tr").all()
        ]

    def path(self) -> str:
        """The address of the page without the host."""
        return str(self.page.url).removeprefix(self.address)

    def shot(self, name: str) -> None:
        """Keep a picture of the page in the folder JOURNEY_SHOTS, if one is given."""
        if folder := os.environ.get("JOURNEY_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    # -- what must never happen -------------------------------------------------------------------
    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning") and not _ANSWERS.match(message.text):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(f"asked another host: {request.url}")

    def _judge(self, response: Any) -> None:
        if response.status >= 500:
            self.troubles.append(f"status {response.status}: {response.url}")
