"""Addresses at which nobody is signed in: no cookie is read or set there, so that caches may keep the answers."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

_FOR_CACHES = "for_caches"


class PagesOnly(SecureCookieSessionInterface):
    """Sessions are for pages; beneath the prefixes of `without_session` there is none."""

    def __init__(self) -> None:
        self.prefixes: tuple[str, ...] = ()

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        if request.path.startswith(self.prefixes):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not request.path.startswith(self.prefixes):
            super().save_session(app, session, response)


def without_session(app: Any, prefix: str) -> None:
    """From now on there is no session beneath `prefix`, such as `/open`."""
    interface = app.session_interface
    if not isinstance(interface, PagesOnly):
        interface = app.session_interface = PagesOnly()
    interface.prefixes = (*interface.prefixes, prefix)


def for_caches(seconds: int) -> None:
    """The answer to this request is the same for everybody, and may be kept so long by whoever hands it on."""
    setattr(g, _FOR_CACHES, seconds)


def cache_control() -> str:
    """What an answer says of itself."""
    seconds = g.get(_FOR_CACHES)
    return f"public, max-age={seconds}" if seconds else "no-store"
