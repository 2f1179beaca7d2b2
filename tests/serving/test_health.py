"""What a machine that watches is told: that the process answers, and which part of the installation is lacking."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from registry.base.extensions import db
from registry.serving import ready


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "is_served", lambda _lane: True)


def said(client: FlaskClient, path: str) -> tuple[int, dict[str, str]]:
    answer = client.get(path)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/plain", "no-store")
    words = (line.split() for line in answer.get_data(as_text=True).splitlines())
    return answer.status_code, {first: rest[0] if rest else "" for first, *rest in words}


def test_the_process_answers_without_the_database(app: Flask, client: FlaskClient) -> None:
    app.config["FILES"] = "/nowhere"
    assert said(client, "/healthz") == (200, {"ok": ""})
    assert "Set-Cookie" not in client.get("/healthz").headers


def test_all_is_ready(client: FlaskClient, served: None) -> None:
    assert said(client, "/readyz") == (
        200, {"database": "ok", "schema": "ok", "worker": "ok", "files": "ok"},
    )  # fmt: skip


def test_what_is_lacking_is_named_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    app.config["JOBS_IMMEDIATE"] = False
    status, parts = said(client, "/readyz")
    assert (status, parts["worker"], parts["database"]) == (503, "lacking", "ok")


def test_tables_of_another_release_are_not_ready(app: Flask, client: FlaskClient, served: None) -> None:
    with app.app_context():
        db.session.execute(text("update alembic_version set version_num = '0001'"))
        db.session.commit()
    assert said(client, "/readyz") == (
        503, {"database": "ok", "schema": "lacking", "worker": "ok", "files": "ok"},
    )  # fmt: skip


def test_a_database_that_is_away_is_said_and_no_error(
    app: Flask, client: FlaskClient, served: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("select 1", {}, Exception("away"))

    monkeypatch.setattr(db.session, "scalar", away)
    assert said(client, "/readyz") == (
        503, {"database": "lacking", "schema": "lacking", "worker": "ok", "files": "ok"},
    )  # fmt: skip
