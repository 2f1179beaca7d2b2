"""A token is asked for by one, confirmed by another, taken out once; what ends it; what is kept and recorded of it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from registry.api.models import ApiCounter, ApiToken, ApiUse
from registry.api.rules.scopes import READERS, Scope
from registry.api.rules.tokens import PREFIX, TokenState, state_of
from registry.api.services import tokens, using
from registry.audit import queries as audit
from registry.audit.queries import TrailQuery
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import ROLE_OFFICES
from registry.base.vocabulary import OfficeKind
from registry.home.queries import inbox
from registry.people.queries import people
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.api.tokens import Program, asked, issued
from tests.successions.test_offices import ended
from tests.world import NOW, TODAY, World, post, sign_in, signed_in


def acts(verb: str, subject: str = "api_token") -> list[TrailEntry]:
    found = select(TrailEntry).where(TrailEntry.verb == verb, TrailEntry.subject_kind == subject)
    return list(db.session.scalars(found.order_by(TrailEntry.seq)))


# -- two people -------------------------------------------------------------------------------------
def test_one_asks_another_confirms_and_the_first_takes_it_out_once(world: World) -> None:
    token = asked(world, scopes=[Scope.CASES, Scope.LEDGER])
    assert (token.scopes, state_of(token, TODAY)) == (["ledger", "cases"], TokenState.WAITING)
    with pytest.raises(NotAllowed):
        tokens.confirm(world.actor("sysadmin"), token, at=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        tokens.issue(world.actor("sysadmin"), token, at=NOW, on=TODAY)
    tokens.confirm(world.actor("secadmin"), token, at=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        tokens.issue(world.actor("secadmin"), token, at=NOW, on=TODAY)
    secret = tokens.issue(world.actor("sysadmin"), token, at=NOW, on=TODAY)
    assert state_of(token, TODAY) is TokenState.ACTIVE
    with pytest.raises(NotAllowed):
        tokens.issue(world.actor("sysadmin"), token, at=NOW, on=TODAY)
    assert secret.startswith(PREFIX)
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert [len(acts(verb)) for verb in ("ask_token", "confirm_token", "issue_token")] == [1, 1, 1]
    assert trail.verify().broken is None


def test_the_secret_lies_nowhere_in_the_database(world: World) -> None:
    secret = issued(world)
    from registry.base.tables import Base

    found = [
        table.name for table in Base.metadata.sorted_tables if secret in str(db.session.execute(select(table)).all())
    ]
    assert found == []


@pytest.mark.parametrize(
    "username", ["haifeng", "industry", "cityoffice", "secadmin", "auditadmin", "auditor", "leader"]
)
def test_nobody_else_asks(world: World, username: str) -> None:
    with pytest.raises(NotAllowed):
        tokens.ask(
            world.actor(username), people.office("441521"), name="x", scopes=["ledger"], expires_on=TODAY, reason="x",
            at=NOW, on=TODAY,
        )  # fmt: skip


def test_what_is_asked_for_is_looked_at(app: Flask, world: World) -> None:
    def field(**given: Any) -> str:
        with pytest.raises(FieldError) as refused:
            asked(world, **given)
        return refused.value.field

    assert field(office="system") == "office"
    assert field(scopes=[]) == "scopes"
    assert field(expires_on=TODAY - timedelta(days=1)) == "expires_on"
    assert field(expires_on=TODAY + timedelta(days=366)) == "expires_on"
    app.config["API_TOKEN_DAYS"] = 30
    assert field(expires_on=TODAY + timedelta(days=31)) == "expires_on"
    with pytest.raises(ReasonNeeded):
        asked(world, reason=" ")
    assert asked(world, expires_on=TODAY + timedelta(days=30)).id


def test_a_token_reads_in_a_role_that_its_kind_of_office_may_hold() -> None:
    assert {kind for kind, role in READERS.items() if kind not in ROLE_OFFICES[role]} == set()
    assert set(OfficeKind) - set(READERS) == {OfficeKind.SYSTEM, OfficeKind.TAX}


def test_either_administrator_revokes_alone_and_says_why(app: Flask, world: World) -> None:
    program = Program(app, issued(world))
    token = db.session.scalars(select(ApiToken)).unique().one()
    assert program.get("/me").status_code == 200
    with pytest.raises(ReasonNeeded):
        tokens.revoke(world.actor("secadmin"), token, reason="", at=NOW)
    with pytest.raises(NotAllowed):
        tokens.revoke(world.actor("auditadmin"), token, reason="x", at=NOW)
    tokens.revoke(world.actor("secadmin"), token, reason="对方系统下线", at=NOW)
    answer = program.get("/me")
    assert (answer.status_code, answer.get_json()["type"]) == (401, "urn:registry:problem:token-revoked")
    assert [act.reason for act in acts("revoke_token")] == ["对方系统下线"]
    with pytest.raises(NotAllowed):
        tokens.revoke(world.actor("secadmin"), token, reason="再停一次", at=NOW)


def test_what_was_refused_is_never_confirmed(world: World) -> None:
    token = asked(world)
    tokens.revoke(world.actor("secadmin"), token, reason="依据不足", at=NOW)
    assert state_of(token, TODAY) is TokenState.REFUSED
    with pytest.raises(NotAllowed):
        tokens.confirm(world.actor("secadmin"), token, at=NOW, on=TODAY)


def test_what_expired_meanwhile_is_not_taken_out(world: World) -> None:
    token = asked(world, expires_on=TODAY)
    tokens.confirm(world.actor("secadmin"), token, at=NOW, on=TODAY)
    with pytest.raises(RegistryError):
        tokens.issue(world.actor("sysadmin"), token, at=NOW, on=TODAY + timedelta(days=1))


def test_on_its_last_day_it_opens_and_the_day_after_not(app: Flask, world: World) -> None:
    program = Program(app, issued(world, expires_on=TODAY))
    assert program.get("/ledger").status_code == 200
    app.config["TODAY"] = TODAY + timedelta(days=1)
    answer = program.get("/ledger")
    assert (answer.status_code, answer.get_json()["title_en"]) == (401, "Token expired")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_with_an_office_that_ends_its_tokens_end(app: Flask, world: World) -> None:
    """Not handed over: the office that follows asks for its own."""
    world.admitted()
    program, other = Program(app, issued(world, "industry")), Program(app, issued(world, "science"))
    ended(world, "industry", "science", day=TODAY + timedelta(days=3))
    db.session.commit()
    from registry.successions import services as successions

    assert program.get("/ledger").status_code == 200
    app.config["TODAY"] = TODAY + timedelta(days=3)
    successions.take_effect(on=TODAY + timedelta(days=3), at=NOW + timedelta(days=3))
    db.session.commit()
    answer = program.get("/ledger")
    assert (answer.status_code, answer.get_json()["type"]) == (401, "urn:registry:problem:token-office-over")
    assert len(other.every("/ledger")) == 1
    with pytest.raises(FieldError):
        asked(world, "industry", on=TODAY + timedelta(days=3))


# -- use ----------------------------------------------------------------------------------------------
def test_use_is_recorded_as_an_export_is_and_summed_up_when_the_hour_is_over(app: Flask, world: World) -> None:
    for number in range(3):
        world.admitted(f"海丰县第{number}软件有限公司")
    program = Program(app, issued(world))
    program.every("/ledger", limit=2, stage="admitted")
    program.get("/ledger", query_string={"nothing": "1"})
    (act,) = acts("export", "api_use")
    assert (act.actor_id, act.actor_name, act.office_code) == (None, "政务数据平台", "441521")
    assert act.after == {"resource": "ledger", "filter": "limit=2; stage=admitted", "rows": 2}
    (use,) = db.session.scalars(select(ApiUse))
    assert (use.requests, use.rows) == (2, 3)
    assert using.sum_up(at=use.hour + timedelta(minutes=59)) == 0
    assert using.sum_up(at=use.hour + timedelta(hours=1)) == 1
    (total,) = acts("use_token", "api_use")
    assert {key: (total.after or {})[key] for key in ("resource", "requests", "rows")} == {
        "resource": "ledger", "requests": 2, "rows": 3,
    }  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(ApiUse)) == 0
    assert trail.verify().broken is None


def test_the_audit_administrator_reads_who_gave_a_token_and_not_what_was_looked_for(app: Flask, world: World) -> None:
    world.firm("海丰县云谷软件有限公司")
    Program(app, issued(world)).get("/ledger?q=云谷")
    told = {
        name: {
            line.verb: (line.withheld, line.reason, dict(line.after))
            for line in audit.lines(world.actor(name), TrailQuery())
            if line.subject_kind in ("api_token", "api_use")
        }
        for name in ("auditadmin", "auditor")
    }
    assert told["auditadmin"]["ask_token"] == told["auditor"]["ask_token"]
    assert told["auditadmin"]["ask_token"][:2] == (False, "市大数据局来函")
    assert told["auditadmin"]["export"] == (True, "", {})
    assert told["auditor"]["export"][2]["filter"] == "q=云谷"


def test_last_use_is_noted_once_an_hour(app: Flask, world: World) -> None:
    program = Program(app, issued(world))
    token = db.session.scalars(select(ApiToken)).unique().one()
    assert token.last_used_at is None
    program.get("/me")
    db.session.refresh(token)
    first = token.last_used_at
    assert first is not None
    assert (first.minute, first.second) == (0, 0)
    assert program.get("/me").get_json()["last_used_at"] == first.isoformat(timespec="seconds")


def test_more_than_so_many_in_a_minute_are_told_to_wait(app: Flask, world: World) -> None:
    app.config["API_REQUESTS"] = 3
    program, other = Program(app, issued(world)), Program(app, issued(world, "441581"))
    answers = [program.get("/me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    told = answers[-1].get_json()
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert (told["type"], "3" in told["detail"], "3" in told["detail_en"]) == (
        "urn:registry:problem:too-many",
        True,
        True,
    )
    assert other.get("/me").status_code == 200
    db.session.execute(ApiCounter.__table__.update().values(window_start=NOW - timedelta(hours=2)))
    db.session.commit()
    assert program.get("/me").status_code == 200


def test_who_shows_no_token_is_counted_by_address(app: Flask, world: World) -> None:
    app.config["API_OPEN_REQUESTS"] = 2
    nobody, guess = Program(app), Program(app, PREFIX + "x" * 43)
    assert [nobody.get("/ledger").status_code, guess.get("/ledger").status_code] == [401, 401]
    assert [nobody.get("/openapi.json").status_code, guess.get("/ledger").status_code] == [429, 429]
    assert Program(app, issued(world)).get("/ledger").status_code == 200


# -- pages ----------------------------------------------------------------------------------------------
def test_the_pages_lead_from_asking_to_a_program_that_reads(app: Flask, world: World) -> None:
    firm = world.admitted()
    system, security = signed_in(app, "sysadmin"), signed_in(app, "secadmin")
    form = {
        "name": "政务数据平台", "office": "441521", "scopes": ["ledger"], "expires_on": "2021-12-31", "reason": "来函",
    }  # fmt: skip
    page = post(system, "/api-tokens/new", form).location
    assert "待您确认" in security.get("/api-tokens").get_data(as_text=True)
    post(security, f"{page}/confirmation")
    assert security.get(f"{page}/secret").status_code == 404
    shown = post(system, f"{page}/secret")
    secret = html.fromstring(shown.get_data(as_text=True)).get_element_by_id("secret").text_content()
    assert secret not in system.get(page).get_data(as_text=True)
    assert system.get(f"{page}/secret").status_code == 404
    program = Program(app, secret)
    assert [row["id"] for row in program.every("/ledger")] == [firm.id]
    assert program.get("/cases").status_code == 403
    listing = system.get("/api-tokens").get_data(as_text=True)
    assert "政务数据平台" in listing
    assert "2021-10-15" in system.get(page).get_data(as_text=True)
    post(security, f"{page}/revocation", {"reason": "对方系统下线"})
    assert program.get("/ledger").status_code == 401
    assert "政务数据平台" not in system.get("/api-tokens").get_data(as_text=True)
    assert "对方系统下线" in system.get(page).get_data(as_text=True)
    assert "政务数据平台" in system.get("/api-tokens?state=ended").get_data(as_text=True)


def test_a_form_says_what_is_wrong_where_it_is(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    answer = post(client, "/api-tokens/new", {"name": "", "office": "", "expires_on": "2030-01-01", "reason": ""})
    assert answer.status_code == 422
    form = {"name": "平台", "office": "441521", "scopes": ["ledger"], "expires_on": "2030-01-01", "reason": "来函"}
    answer = post(client, "/api-tokens/new", form)
    assert (answer.status_code, "到期日最晚为 2022-10-15" in answer.get_data(as_text=True)) == (422, True)
    answer = post(client, "/api-tokens/new", {**form, "office": ""})
    assert (answer.status_code, "请选择单位" in answer.get_data(as_text=True)) == (422, True)
    assert db.session.scalar(select(func.count()).select_from(ApiToken)) == 0


def test_an_empty_list_says_what_comes_here(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    assert "还没有接口令牌" in client.get("/api-tokens").get_data(as_text=True)
    assert "没有已停用或到期的令牌" in client.get("/api-tokens?state=ended").get_data(as_text=True)


def test_what_waits_is_counted_beside_the_menu(world: World) -> None:
    token = asked(world)
    pending = inbox.named("token")
    assert pending is not None
    counts = lambda name: inbox.count_of(world.actor(name), pending)  # noqa: E731
    assert [counts(name) for name in ("sysadmin", "secadmin", "haifeng")] == [0, 1, 0]
    tokens.confirm(world.actor("secadmin"), token, at=NOW, on=TODAY)
    assert [counts(name) for name in ("sysadmin", "secadmin")] == [1, 0]
