"""One person at a browser, and everything their hand does counted: fields filled, clicks, keys, pages loaded."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

_FIELDS = "main form :is(input, select, textarea):not([type=hidden])"


@dataclass
class Tally:
    """What a task took. `shown`: fields of the forms on the way, `inputs`: those filled. `pages`: documents loaded; a
    fragment fetched by a script is none. `seconds` are the script's, on the machine it ran on."""

    shown: int = 0
    inputs: int = 0
    clicks: int = 0
    keys: int = 0
    pages: int = 0
    downloads: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        said = [
            f"{self.shown} fields shown, {self.inputs} filled" * bool(self.shown or self.inputs),
            f"{self.clicks} clicks",
            f"{self.keys} keys" * bool(self.keys),
            f"{self.pages} pages",
            f"{self.downloads} downloads" * bool(self.downloads),
        ]
        return ", ".join(text for text in said if text)


@dataclass
class Hand:
    """Acts as a person would, and counts; what is merely looked at is free. Signing in is not part of a task."""

    page: Any
    base: str
    tally: Tally = field(default_factory=Tally)
    _since: float = 0.0

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._moved)
        self.page.on("download", self._saved)

    def _moved(self, frame: Any) -> None:
        """A document of this very page; one shown inside it is what a look is for."""
        if frame == self.page.main_frame and not frame.url.startswith("about:"):
            self.tally.pages += 1

    def _saved(self, _download: Any) -> None:
        self.tally.downloads += 1

    def sign_in(self, username: str, password: str) -> None:
        """And begin at home, with nothing counted yet."""
        self.page.goto(f"{self.base}/sign-in")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_load_state()
        self.begin()

    def begin(self) -> None:
        self.tally = Tally()
        self._since = time.monotonic()

    def end(self) -> Tally:
        self.page.wait_for_load_state()
        self.tally.seconds = time.monotonic() - self._since
        return self.tally

    # -- what a hand does ---------------------------------------------------------------------------
    def click(self, what: Any) -> None:
        what.click()
        self.tally.clicks += 1
        self.page.wait_for_load_state()

    def fill(self, what: Any, text: str) -> None:
        what.fill(text)
        self.tally.inputs += 1

    def choose(self, what: Any, value: str) -> None:
        what.select_option(value)
        self.tally.inputs += 1

    def pick(self, what: Any, label: str) -> None:
        """A choice by its words."""
        what.select_option(label=label)
        self.tally.inputs += 1

    def tick(self, what: Any) -> None:
        what.check()
        self.tally.inputs += 1

    def attach(self, what: Any, name: str, content: bytes) -> None:
        what.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        self.tally.inputs += 1

    def press(self, key: str, *, moves: bool = False) -> None:
        """`moves`: another page comes of it, and is waited for."""
        self.tally.keys += 1
        if not moves:
            self.page.keyboard.press(key)
            return
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def meet(self) -> None:
        """A form is met: each of its fields has to be understood, filled or not."""
        self.tally.shown += self.page.locator(_FIELDS).locator("visible=true").count()

    # -- what is looked at --------------------------------------------------------------------------
    def link(self, name: str, within: str = "main") -> Any:
        return self.page.locator(within).get_by_role("link", name=name, exact=True).first

    def button(self, name: str, within: str = "main") -> Any:
        return self.page.locator(within).get_by_role("button", name=name, exact=True).first

    def label(self, name: str) -> Any:
        return self.page.locator("main").get_by_label(name, exact=False).first

    def sees(self, text: str) -> None:
        said = self.page.inner_text("main")
        if text not in said:
            raise AssertionError(f"{text} does not stand on {self.page.url}: {said[:300]}")
