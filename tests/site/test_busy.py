"""Somebody else holds the database for long: reading goes on, a save says so, keeps what was typed, and works later."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Select, select
from werkzeug.test import TestResponse

from registry.base import sqlite, waiting
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.people.models import LoginCounter, WebSession
from registry.trail.models import TrailEntry
from registry.trail.services import refusals
from tests.house.addresses import addresses
from tests.house.scene import build as build_scene
from tests.locks import writing_elsewhere
from tests.world import PASSWORD, Build, World, credit_code, sign_in, token_in

NAME = "海丰县潮声软件有限公司"
NEW = "/proposals/new/details"
Busy = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _as_in_life(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors become pages, and nobody waits for longer than a test should take."""
    app.testing = False
    monkeypatch.setattr(waiting, "SAVES", waiting.Patience(200, 100))
    monkeypatch.setattr(waiting, "NOTES", waiting.Patience(20, 1))


@pytest.fixture
def busy(database: str) -> Busy:
    return lambda: writing_elsewhere(database)


@pytest.fixture
def read(app: Flask) -> Callable[[Select[Any]], list[Any]]:
    """What a query finds, read without a lock and in no request's context."""

    def run(statement: Select[Any]) -> list[Any]:
        with app.app_context(), sqlite.reading():
            return list(db.session.scalars(statement))

    return run


@pytest.fixture
def grow_old(build: Build) -> Callable[[], None]:
    """Every session was last seen minutes ago, so that the next page has to note that it is used."""

    def age(_: Any) -> None:
        for kept in db.session.scalars(select(WebSession)):
            kept.last_seen_at -= timedelta(minutes=5)

    return lambda: build(age)


def details(**changes: str) -> dict[str, str]:
    """The second step of a nomination as a browser sends it."""
    return {
        "name": NAME, "credit_code": credit_code(1), "division": "441521", "unit_kind": "legal_person",
        "accounting": "enterprise", "founded_on": "2018-05-20", "operating_address": "海丰县海城镇人民路1号",
        "industry": "6513", "industry_year": "2017", "activity": "软件开发，“信息”<服务>", "contact_name": "陈小明",
        "contact_phone": "13800135678", "draft": "1", **changes,
    }  # fmt: skip


def form_of(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Where the form of a page leads, and what it sends when its button is pressed."""
    page = html.fromstring(answer.get_data(as_text=True))
    (form,) = page.xpath("//main//form[@method='post']")
    return form.get("action"), {field.get("name"): field.get("value") or "" for field in form.xpath(".//input")}


def said(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if words in record.getMessage()]


# -- reading --------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("username", ["lufeng", "secadmin"])
def test_every_page_is_read_while_somebody_writes(
    app: Flask, client: FlaskClient, busy: Busy, grow_old: Callable[[], None], username: str
) -> None:
    sign_in(client, username)
    with app.app_context():
        scene = build_scene(World())
        paths = [address.path for address in addresses(app, scene, "GET") if not address.by_token]
    grow_old()
    statuses = {}
    with busy():
        for path in paths:
            with client.get(path) as answer:
                statuses[path] = answer.status_code
    assert {path: status for path, status in statuses.items() if status not in (200, 302, 403, 404)} == {}
    assert len(statuses) > 80


def test_signing_in_is_begun_and_a_style_fetched_while_somebody_writes(client: FlaskClient, busy: Busy) -> None:
    statuses = []
    with busy():
        for path in ("/sign-in", "/static/app.css", "/nowhere", "/"):
            with client.get(path) as answer:
                statuses.append(answer.status_code)
    assert statuses == [200, 200, 404, 302]


def test_last_seen_is_noted_by_the_first_page_afterwards(
    client: FlaskClient, busy: Busy, read: Any, grow_old: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "haifeng")
    grow_old()
    (before,) = read(select(WebSession.last_seen_at))
    with busy():
        assert client.get("/proposals").status_code == 200
        assert read(select(WebSession.last_seen_at)) == [before]
    assert len(said(caplog, "last-seen time not written: the database is busy")) == 1
    assert client.get("/proposals").status_code == 200
    (after,) = read(select(WebSession.last_seen_at))
    assert after > before


REFUSED = select(TrailEntry.subject_label).where(TrailEntry.verb == "refused").order_by(TrailEntry.seq)


def test_refusals_are_kept_and_written_once_in_their_order_when_there_is_room_again(
    client: FlaskClient, busy: Busy, read: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "haifeng")
    with busy():
        statuses = [client.get(path).status_code for path in ("/firms/77", "/firms/78", "/trail")]
        assert (statuses, read(REFUSED)) == ([404, 404, 403], [])
    assert len(said(caplog, "kept to be written with the next")) == 3
    assert client.get("/firms/79").status_code == 404
    assert read(REFUSED) == ["/firms/77", "/firms/78", "/trail", "/firms/79"]
    assert client.get("/proposals").status_code == 200
    assert len(read(REFUSED)) == 4


def test_any_page_writes_what_was_kept(client: FlaskClient, busy: Busy, read: Any) -> None:
    sign_in(client, "haifeng")
    with busy():
        assert client.get("/firms/77").status_code == 404
    assert client.get("/proposals").status_code == 200
    assert read(REFUSED) == ["/firms/77"]


def test_more_refusals_than_can_be_kept_are_said_in_the_log(
    client: FlaskClient, busy: Busy, read: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST_KEPT", 2)
    sign_in(client, "haifeng")
    with busy():
        statuses = [client.get(f"/firms/{number}").status_code for number in (77, 78, 79)]
    assert statuses == [404, 404, 404]
    assert [len(said(caplog, words)) for words in ("kept to be written", "NOT kept")] == [2, 1]
    client.get("/proposals")
    assert read(REFUSED) == ["/firms/77", "/firms/78"]


# -- saving ---------------------------------------------------------------------------------------
def test_a_save_says_so_keeps_what_was_typed_and_works_once_when_pressed_again(
    client: FlaskClient, busy: Busy, read: Any
) -> None:
    sign_in(client, "haifeng")
    token = token_in(client.get("/proposals/new").get_data(as_text=True))
    with busy():
        answer = client.post(f"{NEW}?name=x", data={"csrf_token": token, **details()})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        text = answer.get_data(as_text=True)
        assert [words for words in ("数据库正忙", "没有保存任何内容", "再试一次", "5 秒") if words not in text] == []
        action, fields = form_of(answer)
        assert action == f"{NEW}?name=x"
        assert {name: value for name, value in fields.items() if name not in ("csrf_token", "form_key")} == details()
        again = client.post(action, data=fields)
        assert (again.status_code, form_of(again)[1].keys()) == (503, fields.keys())
    assert read(select(Firm.name)) == []
    done = client.post(action, data=fields)
    assert (done.status_code, done.location) == (302, "/proposals?state=draft")
    assert read(select(Firm.name)) == [NAME]


def test_a_file_is_named_and_must_be_chosen_again(client: FlaskClient, build: Build, busy: Busy, app: Flask) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")
    address = f"/firms/{firm_id}/documents/new"
    token = token_in(client.get(address).get_data(as_text=True))
    paper = (io.BytesIO(b"%PDF-1.4 x"), "利润表.pdf")
    sent = {"csrf_token": token, "material": "M04", "year": "2021", "month": "9", "file": paper}
    with busy():
        answer = client.post(address, data=sent, content_type="multipart/form-data")
    page = html.fromstring(answer.get_data(as_text=True))
    (form,) = page.xpath("//main//form")
    assert (answer.status_code, form.get("enctype")) == (503, "multipart/form-data")
    assert form.xpath(".//input[@name='material']/@value") == ["M04"]
    assert form.xpath(".//input[@name='file']/@type") == ["file"]
    assert "文件须重新选择：利润表.pdf" in form.text_content()
    assert list(app.config["FILES"].glob("*")) == []


def test_a_password_never_comes_back_and_is_asked_for(client: FlaskClient, busy: Busy) -> None:
    token = token_in(client.get("/sign-in").get_data(as_text=True))
    sent = {"csrf_token": token, "username": "haifeng", "password": PASSWORD}
    with busy():
        answer = client.post("/sign-in?next=/firms", data=sent)
    assert answer.status_code == 503
    assert PASSWORD not in answer.get_data(as_text=True)
    action, fields = form_of(answer)
    assert (action, fields["username"], fields["password"]) == ("/sign-in?next=/firms", "haifeng", "")
    assert client.post(action, data={**fields, "password": PASSWORD}).location == "/firms"


def test_a_guess_that_cannot_be_counted_is_not_checked(client: FlaskClient, busy: Busy, read: Any) -> None:
    """Right and wrong look the same; neither opens anything, neither counts."""
    token = token_in(client.get("/sign-in").get_data(as_text=True))
    with busy():
        answers = [
            client.post("/sign-in", data={"csrf_token": token, "username": "haifeng", "password": tried})
            for tried in (PASSWORD, *["wrong"] * 6, PASSWORD)
        ]
    assert [answer.status_code for answer in answers] == [503] * 8
    texts = [answer.get_data(as_text=True) for answer in answers]
    assert len({re.sub(r'name="form_key" value="[^"]+"', "", text.replace(token_in(text), "")) for text in texts}) == 1
    assert read(select(LoginCounter.key)) + read(select(WebSession.token_digest)) == []


def test_what_asks_for_json_or_a_table_gets_no_page(client: FlaskClient, busy: Busy) -> None:
    sign_in(client, "haifeng")
    token = token_in(client.get("/password").get_data(as_text=True))
    with busy():
        told = client.post("/firms/export", data={"csrf_token": token}, headers={"Accept": "application/json"})
        plain = client.post("/firms/export", data={"csrf_token": token}, headers={"Accept": "text/csv"})
    what = "数据库正忙，没有等到空闲。本次提交没有保存任何内容。"
    assert told.json == {"error": what, "kind": "busy", "outcome": "nothing", "retry_after": 5}
    assert (told.status_code, plain.status_code, plain.mimetype) == (503, 503, "text/plain")
    assert plain.get_data(as_text=True) == f"{what}请在 5 秒后再试。\n"


def test_the_page_is_in_the_reader_s_language_though_nobody_can_be_asked_which(
    client: FlaskClient, build: Build, busy: Busy
) -> None:
    build(lambda world: setattr(world.user("haifeng"), "locale", "en"))
    sign_in(client, "haifeng")
    token = token_in(client.get("/password").get_data(as_text=True))
    with busy():
        answer = client.post(NEW, data={"csrf_token": token, **details()})
    assert (answer.status_code, '<html lang="en"' in answer.get_data(as_text=True)) == (503, True)


def test_a_forged_post_is_refused_and_never_made_to_look_like_ours(client: FlaskClient, busy: Busy) -> None:
    sign_in(client, "haifeng")
    with busy():
        answer = client.post(NEW, data={"csrf_token": "forged", **details()})
    assert (answer.status_code, NAME in answer.get_data(as_text=True)) == (400, False)


def test_every_password_of_our_forms_is_known_as_one() -> None:
    from importlib import import_module

    from wtforms import PasswordField

    from registry.site.unavailable import SECRETS
    from tests.house.rooms import PACKAGE, modules_of

    found = set()
    for path in modules_of("forms"):
        module = import_module(".".join(("registry", *path.relative_to(PACKAGE).with_suffix("").parts)))
        for form in vars(module).values():
            for name, made in vars(form).items() if isinstance(form, type) else ():
                if getattr(made, "field_class", None) is PasswordField:
                    found.add(name)
    assert found == SECRETS
