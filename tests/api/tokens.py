"""Tokens for tests, made as two administrators make them, and programs that show them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from registry.api.models import ApiToken
from registry.api.rules.scopes import Scope
from registry.api.services import tokens
from registry.base.extensions import db
from registry.people.queries import people
from tests.world import NOW, TODAY, World

EVERYTHING = tuple(Scope)


def asked(world: World, office: str = "441521", scopes: Any = EVERYTHING, **given: Any) -> ApiToken:
    on = given.pop("on", TODAY)
    values = {"name": "政务数据平台", "expires_on": TODAY + timedelta(days=90), "reason": "市大数据局来函", **given}
    return tokens.ask(world.actor("sysadmin"), people.office(office), scopes=scopes, at=NOW, on=on, **values)


def issued(world: World, office: str = "441521", scopes: Any = EVERYTHING, **given: Any) -> str:
    """A token that opens something; the secret."""
    token = asked(world, office, scopes, **given)
    tokens.confirm(world.actor("secadmin"), token, at=NOW, on=TODAY)
    secret = tokens.issue(world.actor("sysadmin"), token, at=NOW, on=TODAY)
    db.session.commit()
    return secret


class Program:
    """Another system with a token; it keeps no cookies."""

    def __init__(self, app: Flask, secret: str = "") -> None:
        self._client = app.test_client(use_cookies=False)
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open("GET", path, **options)

    def open(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        return self._client.open(
            f"/api/v1{path}", method=method, headers={**self._headers, **(headers or {})}, **options
        )

    def every(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All rows of a list, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get(path, query_string=query)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            page = answer.get_json()
            found += page["data"]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]
