"""Administrators of accounts and of roles: what each may do, what both leave on the trail, and what neither sees."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.accounts.models import Approval
from registry.base import errors
from registry.base.extensions import db
from registry.base.vocabulary import Role
from registry.notices.models import Notice
from registry.people.models import User, WebSession
from registry.people.services import accounts
from registry.trail.models import TrailEntry
from tests.queries_counted import queries_counted
from tests.world import PASSWORD, World, post, sign_in, token_in


def words(answer: object) -> str:
    return " ".join(html.fromstring(answer.get_data(as_text=True)).find(".//main").text_content().split())  # type: ignore[attr-defined]


def last_act() -> TrailEntry:
    return db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()  # type: ignore[return-value]


FIRST, SECOND = r"[A-Z]{4}-[a-z]{4}(?=-…)", r"(?<=…-)[0-9]{4}-[a-z]{4}"


def act_before() -> TrailEntry:
    return db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).offset(1)).first()  # type: ignore[return-value]


def half_in(answer: object, pattern: str) -> str:
    found = re.search(pattern, answer.get_data(as_text=True))  # type: ignore[attr-defined]
    assert found
    return found[0]


def confirm(client: FlaskClient, user: User) -> object:
    """Confirm the one request that waits about this account."""
    waiting = select(Approval.id).where(Approval.user_id == user.id, Approval.outcome.is_(None))
    return post(client, f"/approvals/{db.session.scalars(waiting).one()}/confirmation")


def user_id(username: str) -> int:
    return db.session.scalars(select(User.id).where(User.username == username)).one()


def new_account(client: FlaskClient, **given: str) -> object:
    return post(client, "/users/new", {"username": "shanwei.cai", "name": "蔡帆", "office": "441502-Z1", **given})


# -- making accounts ------------------------------------------------------------------------------
def test_a_new_account_has_no_role_and_nobody_sees_its_password_whole(app: Flask, world: World) -> None:
    maker, confirmer = app.test_client(), app.test_client()
    sign_in(maker, "sysadmin")
    sign_in(confirmer, "auditadmin")
    first = half_in(new_account(maker), FIRST)
    user = world.user("shanwei.cai")
    assert (user.roles, user.must_change_password, user.office.code) == ([], True, "441502-Z1")
    answer = confirm(confirmer, user)
    second = half_in(answer, SECOND)
    assert first not in answer.get_data(as_text=True)  # type: ignore[attr-defined]
    db.session.refresh(user)
    assert accounts.HASHER.verify(user.password_hash, f"{first}-{second}")
    pages = [maker.get(path).get_data(as_text=True) for path in (f"/users/{user.id}", "/approvals/1")]
    assert [first in page or second in page for page in pages] == [False, False]


def test_making_an_account_is_one_act_of_the_administrator_without_the_password(
    client: FlaskClient, world: World
) -> None:
    sign_in(client, "sysadmin")
    first = half_in(new_account(client), FIRST)
    asked, act = last_act(), act_before()
    assert (asked.verb, asked.after["asked_for"], first in str(asked.after)) == ("ask_approval", "password", False)  # type: ignore[index]
    facts = {"username": "shanwei.cai", "name": "蔡帆", "office": "441502-Z1", "roles": [], "active": True}
    assert (act.actor_name, act.verb, act.subject_id, act.after) == (
        "系统员", "create_account", user_id("shanwei.cai"), facts,
    )  # fmt: skip


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"username": "Haifeng"}, errors.USERNAME_TAKEN % {"username": "haifeng"}),
        ({"username": "陈晓"}, errors.USERNAME_FORM),
        ({"name": ""}, "请填写姓名。"),
        ({"name": "蔡\u202e帆"}, "第2个字符（U+202E）会改变文字的显示方向，请删去后重新输入。"),
        ({"name": "蔡" * 41}, "文字有 41 个字，超过上限 40 个，请精简。"),
        ({"office": "441599"}, "请从列表中选择单位。"),
    ],
)
def test_what_cannot_be_an_account_is_said_at_the_field_and_nothing_typed_is_lost(
    client: FlaskClient, world: World, given: dict[str, str], sentence: str
) -> None:
    sign_in(client, "sysadmin")
    answer = new_account(client, **given)
    page = html.fromstring(answer.get_data(as_text=True))  # type: ignore[attr-defined]
    said = [" ".join(p.text_content().split()) for p in page.find_class("field-error")]
    typed = {"username": "shanwei.cai", "name": "蔡帆", **given}
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert said == [sentence]
    assert {name: page.get_element_by_id(name).value for name in ("username", "name")} == {
        name: typed[name] for name in ("username", "name")
    }


# -- granting roles -------------------------------------------------------------------------------
def test_a_role_is_asked_for_by_one_and_confirmed_by_another_and_the_person_signs_in_again(
    app: Flask, world: World
) -> None:
    person, granter, second = app.test_client(), app.test_client(), app.test_client()
    sign_in(person, "commerce")
    sign_in(granter, "secadmin")
    sign_in(second, "auditadmin")
    answer = post(
        granter, f"/users/{user_id('commerce')}/roles", {"roles": ["clerk"], "reason": "汕市商办〔2021〕12号"}
    )
    assert (answer.status_code, world.user("commerce").roles) == (302, ["officer"])
    assert person.get("/password").status_code == 200
    assert confirm(granter, world.user("commerce")).status_code == 404  # type: ignore[attr-defined]
    assert confirm(second, world.user("commerce")).status_code == 302  # type: ignore[attr-defined]
    act = act_before()
    assert act.actor_name == "审管员"
    assert (act.verb, act.before["roles"], act.after["roles"], act.reason) == (  # type: ignore[index]
        "grant_roles", ["officer"], ["clerk"], "汕市商办〔2021〕12号",
    )  # fmt: skip
    assert person.get("/password").location.startswith("/sign-in")


@pytest.mark.parametrize(
    "roles, sentence",
    [
        (["system_admin", "audit_admin"], errors.ROLES_EXCLUDE),
        (["audit_admin", "auditor"], errors.ROLES_EXCLUDE),
        (["system_admin"], errors.ROLES_SAME),
    ],
)
def test_roles_that_exclude_each_other_are_refused_with_the_sentence(
    client: FlaskClient, world: World, roles: list[str], sentence: str
) -> None:
    sign_in(client, "secadmin")
    answer = post(client, f"/users/{user_id('sysadmin')}/roles", {"roles": roles, "reason": "岗位调整"})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert world.user("sysadmin").roles == [Role.SYSTEM_ADMIN]


def test_only_roles_that_the_office_may_hold_are_offered(client: FlaskClient, world: World) -> None:
    sign_in(client, "secadmin")
    page = html.fromstring(client.get(f"/users/{user_id('haifeng')}/roles").get_data(as_text=True))
    offered = {box.get("value"): box.checked for box in page.xpath("//input[@name='roles']")}
    assert offered == {"clerk": True, "auditor": False}


def test_nobody_grants_himself_a_role(client: FlaskClient, world: World) -> None:
    sign_in(client, "secadmin")
    answer = post(client, f"/users/{user_id('secadmin')}/roles", {"roles": ["auditor"], "reason": "自己"})
    assert (answer.status_code, world.user("secadmin").roles) == (403, [Role.SECURITY_ADMIN])
    assert errors.OWN_ROLES in words(answer)


# -- stopping, restoring, resetting, ending -------------------------------------------------------
def test_a_stopped_account_is_out_at_once_and_restored_it_signs_in(app: Flask, world: World) -> None:
    person, administrator = app.test_client(), app.test_client()
    sign_in(person, "haifeng")
    sign_in(administrator, "sysadmin")
    path = f"/users/{user_id('haifeng')}/standing"
    assert post(administrator, path, {"active": "no", "reason": "调离"}).status_code == 302
    assert person.get("/password").location.startswith("/sign-in")
    assert post(administrator, path, {"active": "yes", "reason": "调回"}).status_code == 302
    stopped = db.session.scalars(select(User).where(User.username == "haifeng")).one()
    assert stopped.active is False
    sign_in(second := app.test_client(), "secadmin")
    assert confirm(second, stopped).status_code == 302  # type: ignore[attr-defined]
    sign_in(app.test_client(), "haifeng")
    acts = select(TrailEntry.verb).where(TrailEntry.subject_id == user_id("haifeng")).order_by(TrailEntry.seq)
    assert db.session.scalars(acts).all()[-5:] == [
        "stop_account", "ask_approval", "restore_account", "confirm_approval", "sign_in",
    ]  # fmt: skip


def test_an_old_page_cannot_restore_what_another_administrator_stopped_meanwhile(
    client: FlaskClient, world: World
) -> None:
    sign_in(client, "sysadmin")
    path = f"/users/{user_id('haifeng')}/standing"
    for _twice in range(2):
        post(client, path, {"active": "no", "reason": "调离"})
    stopped = db.session.scalars(select(User.active).where(User.username == "haifeng")).one()
    assert stopped is False


def test_stopping_needs_a_reason(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    answer = post(client, f"/users/{user_id('haifeng')}/standing", {"active": "no", "reason": " "})
    assert (answer.status_code, world.user("haifeng").active) == (422, True)


def reset(app: Flask, username: str) -> str:
    """A new password, asked for by the one administrator and confirmed by the other: both halves."""
    administrator, second = app.test_client(), app.test_client()
    sign_in(administrator, "sysadmin")
    sign_in(second, "secadmin")
    first = half_in(post(administrator, f"/users/{user_id(username)}/password", {"reason": "本人遗忘"}), FIRST)
    user = db.session.scalars(select(User).where(User.username == username)).one()
    return f"{first}-{half_in(confirm(second, user), SECOND)}"


def test_a_reset_password_ends_every_session_and_must_be_changed(app: Flask, world: World) -> None:
    person = app.test_client()
    sign_in(person, "haifeng")
    fresh = reset(app, "haifeng")
    assert person.get("/password").location.startswith("/sign-in")
    token = token_in(person.get("/sign-in").get_data(as_text=True))
    person.post("/sign-in", data={"username": "haifeng", "password": fresh, "csrf_token": token})
    assert person.get("/inbox").location == "/password"
    told = db.session.scalars(select(TrailEntry)).all()
    assert [act.seq for act in told if set(fresh.split("-")) & set(re.split(r"\W", str(act.after)))] == []


def test_the_person_is_told_that_a_new_password_was_asked_for_and_that_it_was_confirmed(
    app: Flask, world: World
) -> None:
    reset(app, "haifeng")
    kinds = select(Notice.kind).where(Notice.user_id == user_id("haifeng")).order_by(Notice.id)
    assert db.session.scalars(kinds).all() == ["account_password_asked", "account_password"]


def test_a_reset_lifts_the_lock_of_failed_sign_ins(app: Flask, world: World) -> None:
    person = app.test_client()
    for _try in range(6):
        token = token_in(person.get("/sign-in").get_data(as_text=True))
        person.post("/sign-in", data={"username": "haifeng", "password": "guess", "csrf_token": token})
    fresh = reset(app, "haifeng")
    token = token_in(person.get("/sign-in").get_data(as_text=True))
    signed = person.post("/sign-in", data={"username": "haifeng", "password": fresh, "csrf_token": token})
    assert signed.status_code == 302


@pytest.mark.parametrize("path", ["standing", "password"])
def test_an_administrator_does_neither_to_himself(client: FlaskClient, world: World, path: str) -> None:
    sign_in(client, "sysadmin")
    answer = post(client, f"/users/{user_id('sysadmin')}/{path}", {"active": "no", "reason": "自己"})
    assert answer.status_code == 403
    assert client.get("/users").status_code == 200


def test_one_of_several_sessions_is_ended_and_the_other_goes_on(app: Flask, world: World) -> None:
    office, home, administrator = app.test_client(), app.test_client(), app.test_client()
    sign_in(office, "haifeng")
    kept = db.session.scalars(select(WebSession.token_digest)).one()
    sign_in(home, "haifeng")
    sign_in(administrator, "sysadmin")
    page = html.fromstring(administrator.get(f"/users/{user_id('haifeng')}").get_data(as_text=True))
    ends = [path for path in page.xpath("//form/@action") if path.endswith("/end")]
    target = next(path for path in ends if kept[:16] not in path)
    assert len(ends) == 2
    assert post(administrator, target).status_code == 302
    assert (office.get("/password").status_code, home.get("/password").status_code) == (200, 302)
    assert post(administrator, target).status_code == 422


def ends_on_the_page(client: FlaskClient, username: str) -> list[str]:
    page = html.fromstring(client.get(f"/users/{user_id(username)}").get_data(as_text=True))
    return [path for path in page.xpath("//form/@action") if path.endswith("/end")]


def test_the_security_administrator_ends_a_system_administrators_session_and_no_clerks(
    app: Flask, world: World
) -> None:
    thief, clerk, other = app.test_client(), app.test_client(), app.test_client()
    sign_in(thief, "sysadmin")
    sign_in(clerk, "haifeng")
    sign_in(other, "secadmin")
    assert ends_on_the_page(other, "haifeng") == []
    kept = db.session.scalars(select(WebSession.token_digest).where(WebSession.user_id == user_id("haifeng"))).one()
    assert post(other, f"/users/{user_id('haifeng')}/sessions/{kept[:16]}/end").status_code == 404
    [target] = ends_on_the_page(other, "sysadmin")
    assert post(other, target).status_code == 302
    assert (last_act().verb, last_act().actor_name) == ("end_session", "安全员")
    assert (thief.get("/users").status_code, clerk.get("/password").status_code) == (302, 200)


def test_whom_a_new_password_concerns_sees_that_it_is_not_theirs_to_refuse(app: Flask, world: World) -> None:
    asker, subject = app.test_client(), app.test_client()
    sign_in(asker, "secadmin")
    sign_in(subject, "sysadmin")
    post(asker, f"/users/{user_id('sysadmin')}/password", {"reason": "账号被盗"})
    number = db.session.scalars(select(Approval.id)).one()
    assert "1 账号申请待确认" in words(subject.get("/inbox"))
    page = subject.get(f"/approvals/{number}")
    assert "由另外两名管理员办理，不由您确认或拒绝" in words(page)
    assert "/refusal" not in page.get_data(as_text=True)
    assert post(subject, f"/approvals/{number}/refusal", {"reason": "不同意"}).status_code == 404


# -- who sees what --------------------------------------------------------------------------------
ALLOWED = {
    "/users": {"sysadmin": 200, "secadmin": 200},
    "/users/new": {"sysadmin": 200},
    "/users/{id}": {"sysadmin": 200, "secadmin": 200},
    "/users/{id}/roles": {"secadmin": 200},
    "/users/{id}/standing": {"sysadmin": 200},
    "/users/{id}/password": {"sysadmin": 200, "secadmin": 200},
    "/approvals": {"sysadmin": 200, "secadmin": 200, "auditadmin": 200},
}


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditadmin", "auditor", "haifeng", "cityoffice"])
def test_accounts_are_for_administrators_each_with_a_part(client: FlaskClient, world: World, username: str) -> None:
    sign_in(client, username)
    answers = {path: client.get(path.format(id=user_id("haifeng"))).status_code for path in ALLOWED}
    assert answers == {path: who.get(username, 403) for path, who in ALLOWED.items()}


def test_where_a_person_works_is_not_shown_to_who_grants_roles(app: Flask, world: World) -> None:
    person, granter, administrator = app.test_client(), app.test_client(), app.test_client()
    person.environ_base["HTTP_USER_AGENT"] = "HaifengBrowser/1.0"
    sign_in(person, "haifeng")
    sign_in(granter, "secadmin")
    sign_in(administrator, "sysadmin")
    path = f"/users/{user_id('haifeng')}"
    seen = ["HaifengBrowser" in who.get(path).get_data(as_text=True) for who in (granter, administrator)]
    assert seen == [False, True]


@pytest.mark.parametrize(
    "query, names",
    [
        ("q=haifeng", ["haifeng", "haifeng2"]),
        ("q=%E9%99%88", ["haifeng", "haifeng2"]),
        ("q=%25", []),
        ("role=audit_admin", ["auditadmin"]),
        ("role=auditor", ["auditor"]),
        ("office=industry&q=industry2", ["industry2"]),
        ("state=stopped", ["lufeng"]),
        ("q=nobody", []),
    ],
)
def test_the_list_is_searched_by_name_office_role_and_state(
    client: FlaskClient, world: World, query: str, names: list[str]
) -> None:
    world.user("lufeng").active = False
    db.session.commit()
    sign_in(client, "sysadmin")
    page = html.fromstring(client.get(f"/users?{query}").get_data(as_text=True))
    assert [a.text for a in page.xpath("//tbody/tr/td[1]/a")] == names
    assert bool(page.find_class("empty")) == (not names)


def test_the_list_asks_as_much_for_twenty_accounts_as_for_one(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    with queries_counted(app) as one:
        client.get("/users?q=lufeng")
    with queries_counted(app) as many:
        client.get("/users?per_page=50")
    assert len(many) == len(one) == 7


def test_the_pager_keeps_the_filter(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    page = html.fromstring(client.get("/users?state=active").get_data(as_text=True))
    assert "/users?state=active&per_page=50" in page.xpath("//nav[@class='pager']//a/@href")


def test_a_wrong_page_number_is_no_error(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    answers = [client.get(f"/users?page={n}").status_code for n in ("0", "-3", "x", "999999999999999999999")]
    assert answers == [200, 200, 200, 200]


def test_password_of_people_is_in_no_answer(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    pages = [client.get(path).get_data(as_text=True) for path in ("/users", f"/users/{user_id('haifeng')}")]
    assert [PASSWORD in page or "argon2" in page for page in pages] == [False, False]
