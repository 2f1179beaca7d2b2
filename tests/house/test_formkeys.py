"""Every form that makes something needs its key; what needs none is named, and repeats harmlessly."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.tables import Base
from registry.config import ROOT
from registry.site.access import SAFE
from registry.site.formkeys import AGAIN, FIELD, FILES
from tests.house.addresses import Address, addresses
from tests.house.scene import Scene
from tests.world import World, sign_in, token_in

WRITERS = ("lufeng", "industry", "cityoffice", "statistics", "sysadmin", "secadmin", "auditadmin")
# What every request may write beside: when the session was last seen, and a new one.
BESIDE = {"web_session"}
# Each file that goes out is an act of its own.
TRAIL = {"trail_entry"}
# What goes out of one firm is an act on that firm, and the database notes each of those for the open quarter.
NOTED = {
    endpoint: {"quarter_touch"} for endpoint in ("packets.take", "packets.take_of_filings", "packets.take_of_firms")
}
# The session ends with it, so its second press is nobody's.
ENDS = "accounts.sign_out"


def rows() -> dict[str, int]:
    counts = {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in BESIDE
    }
    db.session.rollback()
    return counts


def grown(before: dict[str, int]) -> set[str]:
    return {name for name, count in rows().items() if count != before[name]}


def own(app: Flask, world: World, scene: Scene, username: str) -> list[Address]:
    """The addresses that this person may post to."""
    actor = world.actor(username)
    return [address for address in addresses(app, scene, "POST") if address.allowed(actor)]


@pytest.mark.once
def test_what_repeats_harmlessly_is_a_route_that_posts_and_no_other_needs_no_key(app: Flask) -> None:
    posting = {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE}
    assert set(AGAIN) - posting == set()
    assert FILES - posting == set()
    assert FILES & set(AGAIN) == set()
    assert [endpoint for endpoint, reason in AGAIN.items() if not reason] == []


@pytest.mark.slow
@pytest.mark.few(2)
@pytest.mark.parametrize("username", WRITERS)
def test_a_form_without_its_key_is_refused_wherever_it_is_sent(
    app: Flask, client: FlaskClient, world: World, scene: Scene, username: str
) -> None:
    sign_in(client, username)
    token = token_in(client.get("/password").get_data(as_text=True))
    before = rows()
    sent = [address for address in own(app, world, scene, username) if address.endpoint not in AGAIN]
    data: dict[str, Any] = {"csrf_token": token, FIELD: None}
    answered = {address.path: client.post(address.path, data=data).status_code for address in sent}
    assert len(answered) > 1
    assert {path: status for path, status in answered.items() if status != 400} == {}
    assert grown(before) == set()


@pytest.mark.slow
@pytest.mark.few(2)
@pytest.mark.parametrize("username", WRITERS)
def test_what_needs_no_key_makes_nothing_the_second_time(
    app: Flask, client: FlaskClient, world: World, scene: Scene, username: str
) -> None:
    sign_in(client, username)
    token = token_in(client.get("/password").get_data(as_text=True))
    makes = {}
    for address in own(app, world, scene, username):
        if address.endpoint not in AGAIN or address.endpoint == ENDS:
            continue
        for _ in range(2):
            before = rows()
            with client.post(address.path, data={"csrf_token": token, FIELD: None}) as answer:
                assert answer.status_code < 500
        if made := grown(before) - TRAIL - NOTED.get(address.endpoint, set()):
            makes[address.path] = made
    assert makes == {}


# The language needs none; what a busy database did not take is sent again with the key it came with.
SENT_AGAIN = {"base.html", "unavailable.html"}


def test_every_template_with_a_token_of_its_own_has_a_key_too() -> None:
    """The walk through every page sees what is shown; a form that is seldom shown is seen here."""
    lacking = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        tokens, held = text.count("csrf_token("), text.count("form_key()")
        if tokens != held and path.name not in SENT_AGAIN:
            lacking[path.name] = (tokens, held)
    assert lacking == {}
