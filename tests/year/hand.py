"""Somebody at a browser without script: opens addresses, finds controls by their labels, presses buttons by their words.

Nothing here knows an address of a form or the name of a field: what a person could not do cannot be done.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from flask import Flask
from lxml import html

from tests.world import signed_in

File = tuple[str, bytes]


class Hand:
    """One person of the city, signed in; `page` is what they look at."""

    def __init__(self, app: Flask, username: str) -> None:
        self.username = username
        self.client = signed_in(app, username)
        self.page: Any = None
        self.path = ""

    # -- moving about -----------------------------------------------------------------------------
    def go(self, path: str, expect: int = 200) -> Hand:
        return self._look(self.client.get(path, follow_redirects=True), expect)

    def follow(self, words: str) -> Hand:
        links = [link for link in self.page.iter("a") if text_of(link) == words]
        assert links, f"{self.username} finds no link “{words}” on {self.path}: {self.said()}"
        return self.go(links[0].get("href"))

    # -- filling in and pressing ------------------------------------------------------------------
    def press(self, button: str, expect: int = 200, **given: Any) -> Hand:
        """Fill controls by the words of their labels (`given` as {"label": value}) and press `button`."""
        return self._look(self._send(button, given), expect)

    def fill(self, button: str, given: dict[str, Any], expect: int = 200) -> Hand:
        return self._look(self._send(button, given), expect)

    def take(self, button: str, given: dict[str, Any] | None = None) -> bytes:
        """The file that pressing `button` answers with."""
        answer = self._send(button, given or {})
        assert answer.status_code == 200, (answer.status_code, answer.get_data(as_text=True)[-3000:])
        assert "attachment" in answer.headers.get("Content-Disposition", ""), self._words(answer)
        content: bytes = answer.get_data()
        answer.close()
        return content

    def _send(self, button: str, given: dict[str, Any]) -> Any:
        pressed, form = self._button(button)
        fields: dict[str, Any] = {}
        for control in self._controls(form):
            for value in _values(control):
                fields.setdefault(control.get("name"), []).append(value)
        for label, value in given.items():
            control = self._control(form, label)
            name = control.get("name")
            if isinstance(value, tuple):
                fields[name] = (BytesIO(value[1]), value[0])
            elif control.get("type") == "checkbox":
                fields[name] = [control.get("value") or "y"] if value else []
            elif control.get("type") == "radio":
                fields[name] = [control.get("value")]
            elif control.tag == "select":
                fields[name] = [_option(control, value)]
            else:
                fields[name] = [str(value)]
        if pressed.get("name"):
            fields[pressed.get("name")] = [pressed.get("value") or ""]
        action = pressed.get("formaction") or form.get("action") or self.path
        if (pressed.get("formmethod") or form.get("method") or "get").lower() == "get":
            return self.client.get(action, query_string=fields, follow_redirects=True)
        return self.client.post(action, data=fields, follow_redirects=True, content_type="multipart/form-data")

    def _button(self, words: str) -> tuple[Any, Any]:
        found = [one for one in self.page.iter("button", "input") if _is_button(one) and _label(one) == words]
        assert found, f"{self.username} finds no button “{words}” on {self.path}: {self.said()}"
        button = found[0]
        if button.get("form"):
            return button, self.page.get_element_by_id(button.get("form"))
        return button, next(parent for parent in button.iterancestors("form"))

    def _control(self, form: Any, label: str) -> Any:
        labels = [one for one in self.page.iter("label") if _plain(one) == label]
        for one in labels:
            control = self.page.get_element_by_id(one.get("for"), None) if one.get("for") else None
            if control is None:
                control = next((child for child in one.iter("input", "select", "textarea")), None)
            if control is not None and _owned(control, form):
                return control
        spoken = [one for one in self._controls(form) if one.get("aria-label") == label]
        if spoken:
            return spoken[0]
        raise AssertionError(
            f"{self.username} finds no control “{label}” on {self.path}: "
            f"{[_plain(one) for one in form.iter('label')]} {self.said()}"
        )

    def _controls(self, form: Any) -> list[Any]:
        """All that is sent with the form, wherever on the page it stands."""
        return [one for one in self.page.iter("input", "select", "textarea") if _owned(one, form)]

    # -- looking ----------------------------------------------------------------------------------
    def sees(self, *words: str) -> Hand:
        for text in words:
            assert text in self.said(), f"{self.username} does not see “{text}” on {self.path}: {self.said()}"
        return self

    def said(self) -> str:
        """Everything the main part of the page says, on one line."""
        main = self.page.find(".//main")
        return text_of(main if main is not None else self.page)

    def number(self) -> int:
        """The number in the address of the record one looks at."""
        found = re.search(r"/(\d+)(?:[/#?]|$)", self.path)
        assert found, self.path
        return int(found[1])

    def _look(self, answer: Any, expect: int) -> Hand:
        self.path = answer.request.path + (f"?{query}" if (query := answer.request.query_string.decode()) else "")
        self.page = html.fromstring(answer.get_data(as_text=True) or "<p></p>")
        assert answer.status_code == expect, f"{self.username} at {self.path}: {answer.status_code} {self.said()}"
        return self

    def _words(self, answer: Any) -> str:
        return text_of(html.fromstring(answer.get_data(as_text=True)))


def text_of(element: Any) -> str:
    """What the element says; a key shown on its button is no word of it."""
    return " ".join("".join(element.xpath(".//text()[not(ancestor::kbd)]")).split())


def _owned(control: Any, form: Any) -> bool:
    if owner := control.get("form"):
        return bool(owner == form.get("id"))
    return form in control.iterancestors("form")


def _values(control: Any) -> list[str]:
    """What a browser sends of a control nobody touched."""
    if not control.get("name") or "disabled" in control.attrib:
        return []
    if control.tag == "input":
        if control.type in ("submit", "image", "reset", "file") or (control.checkable and not control.checked):
            return []
        return [control.value if control.value is not None else ""]
    value = control.value
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _is_button(one: Any) -> bool:
    return one.tag == "button" or one.get("type") == "submit"


def _label(button: Any) -> str:
    return text_of(button) or button.get("value") or ""


def _plain(label: Any) -> str:
    return text_of(label).removesuffix("（必填）").strip()


def _option(control: Any, words: Any) -> str:
    options = {text_of(option): option.get("value", text_of(option)) for option in control.iter("option")}
    if words in options:
        return str(options[words])
    near = [value for text, value in options.items() if str(words) in text]
    assert len(near) == 1, f"no single option “{words}” among {list(options)}"
    return str(near[0])
