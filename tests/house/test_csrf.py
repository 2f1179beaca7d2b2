"""No POST is taken without the token of the session it comes from: every route, five ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.trail.models import TrailEntry
from tests.house.addresses import addresses
from tests.house.scene import Scene
from tests.world import World, sign_in, token_in


@dataclass
class Forgery:
    """What another site's page could send: query, form, headers, address it claims to come from."""

    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    base: str = "http://localhost"


WAYS: dict[str, Callable[[str, str], Forgery]] = {
    "no token": lambda _own, _other: Forgery({}, {}, {}),
    "a wrong token": lambda own, _other: Forgery({}, {"csrf_token": own[:-3] + "xxx"}, {}),
    "another session's token": lambda _own, other: Forgery({}, {"csrf_token": other}, {}),
    "the token in the address": lambda own, _other: Forgery({"csrf_token": own}, {}, {}),
    "another site over https": lambda own, _other: Forgery(
        {},
        {"csrf_token": own},
        {"Referer": "https://evil.example/", "Origin": "https://evil.example"},
        "https://localhost",
    ),
}


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_every_post_is_refused(app: Flask, client: FlaskClient, world: World, scene: Scene, way: str) -> None:
    stranger = app.test_client()
    other = token_in(stranger.get("/sign-in").get_data(as_text=True))
    sign_in(client, "lufeng")
    own = token_in(client.get("/password").get_data(as_text=True))
    acts = select(func.count(TrailEntry.seq))
    before, taken, tried = db.session.scalar(acts), [], 0
    for address in addresses(app, scene, "POST"):
        forged = WAYS[way](own, other)
        answer = client.post(
            address.path, query_string=forged.query, data=forged.form, headers=forged.headers, base_url=forged.base
        )
        tried += 1
        if answer.status_code != 400:
            taken.append((address.path, answer.status_code))
    assert taken == []
    assert tried > 30
    assert db.session.scalar(acts) == before
    assert client.get("/password").status_code == 200


def test_the_refusal_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"username": "haifeng", "password": "x"})
    assert answer.status_code == 400
    assert "页面已过期" in answer.get_data(as_text=True)


def test_the_right_token_is_taken(client: FlaskClient, world: World) -> None:
    """So that the test above cannot pass by refusing everything."""
    sign_in(client, "haifeng")
    token = token_in(client.get("/password").get_data(as_text=True))
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 302


def test_a_token_from_before_signing_in_is_not_taken_afterwards(client: FlaskClient, world: World) -> None:
    before = token_in(client.get("/sign-in").get_data(as_text=True))
    sign_in(client, "haifeng")
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
