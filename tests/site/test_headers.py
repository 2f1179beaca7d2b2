"""Every answer carries the headers that protect it: pages, refusals, errors, files, redirects."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.site.access import HEADERS, requires
from tests.house.addresses import addresses
from tests.house.headers import unprotected
from tests.house.scene import build
from tests.world import World, post, sign_in, token_in

# The walk through every page looks at these headers too (tests/house/test_routes.py).
pytestmark = pytest.mark.once


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Pages are added to it."""
    return own_app


@pytest.fixture(autouse=True)
def _as_in_life(app: Flask) -> None:
    app.testing = False


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_what_answers_a_post_is_protected(app: Flask, client: FlaskClient, world: World) -> None:
    scene = build(world)
    sign_in(client, "lufeng")
    token = token_in(client.get("/password").get_data(as_text=True))
    posts = [address.path for address in addresses(app, scene, "POST") if address.endpoint != "accounts.sign_out"]
    bare = {path: found for path in posts if (found := unprotected(client.post(path, data={"csrf_token": token})))}
    assert bare == {}


ERRORS: dict[int, Callable[[FlaskClient], TestResponse]] = {
    302: lambda client: client.get("/inbox"),
    400: lambda client: client.post("/sign-in"),
    401: lambda client: post(client, "/sign-in", {"username": "haifeng", "password": "x"}, page="/sign-in"),
    404: lambda client: client.get("/nowhere"),
    405: lambda client: client.get("/sign-out"),
    413: lambda client: post(client, "/sign-in", {"username": "x" * 2_000_000}, page="/sign-in"),
    500: lambda client: client.get("/broken"),
}


@pytest.mark.parametrize("status", sorted(ERRORS))
def test_every_error_is_protected(app: Flask, client: FlaskClient, world: World, status: int) -> None:
    @requires("public")
    def broken() -> str:
        raise RuntimeError("as if something had broken")

    app.add_url_rule("/broken", "broken", broken)
    answer = ERRORS[status](client)
    assert answer.status_code == status
    assert unprotected(answer) == {}


def test_an_error_page_shows_nothing_of_the_inside(app: Flask, client: FlaskClient, world: World) -> None:
    @requires("public")
    def broken() -> str:
        raise RuntimeError("the-secret-of-the-inside")

    app.add_url_rule("/broken", "broken", broken)
    text = client.get("/broken").get_data(as_text=True)
    assert [word for word in ("the-secret-of-the-inside", "Traceback", "RuntimeError", ".py") if word in text] == []
    assert "系统出错" in text


def test_a_static_file_may_be_kept_and_is_protected_all_the_same(client: FlaskClient) -> None:
    answer = client.get("/static/app.css")
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    answer.close()
