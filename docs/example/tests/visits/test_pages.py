"""A visit is recorded by a county's clerk, read in its reach, and on the trail."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import db
from registry.trail.models import TrailEntry
from tests.world import Build, sign_in, signed_in, token_in


def test_a_visit_is_recorded_listed_and_on_the_trail(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.admitted().id)
    sign_in(client, "haifeng")
    page = client.get(f"/firms/{firm_id}/visits/new").get_data(as_text=True)
    sent = {"csrf_token": token_in(page), "on": "2021-10-14", "heard": "正在申请软件著作权"}
    assert client.post(f"/firms/{firm_id}/visits/new", data=sent, follow_redirects=True).status_code == 200
    listed = client.get("/visits").get_data(as_text=True)
    assert ("正在申请软件著作权" in listed, 'href="/visits"' in listed) == (True, True)
    assert "正在申请软件著作权" not in signed_in(app, "lufeng").get("/visits").get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(TrailEntry.subject_kind).where(TrailEntry.verb == "visit")) == "visit"


def test_another_county_records_none(app: Flask, build: Build) -> None:
    firm_id = build(lambda world: world.admitted().id)
    assert signed_in(app, "lufeng").get(f"/firms/{firm_id}/visits/new").status_code == 404
