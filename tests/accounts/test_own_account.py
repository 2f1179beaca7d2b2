"""Signing in and out, one's own password and language, and sessions that end when they should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update

from registry.base import errors
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import NOTICE
from registry.people.models import User, WebSession
from registry.people.queries.signed_in import digest
from registry.people.services import accounts
from registry.trail.models import TrailEntry
from tests.world import PASSWORD, World, post, sign_in, token_in

NEW = "Honghai-Bay-2021"


def attempt(client: FlaskClient, username: str, password: str, path: str = "/sign-in") -> object:
    token = token_in(client.get("/sign-in").get_data(as_text=True))
    return client.post(path, data={"username": username, "password": password, "csrf_token": token})


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("registry")
    return found.value if found else ""


def replay(app: Flask, value: str) -> FlaskClient:
    """Another browser with a copy of the cookie."""
    other = app.test_client()
    other.set_cookie("registry", value)
    return other


def is_in(client: FlaskClient) -> bool:
    answer = client.get("/password")
    assert answer.status_code == 200 or answer.location.startswith("/sign-in")
    return answer.status_code == 200


def said(answer: object) -> list[str]:
    page = html.fromstring(answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return [" ".join(item.text_content().split()) for item in page.xpath("//div[@class='error-summary']//li")]


# -- the page -------------------------------------------------------------------------------------
def test_the_page_names_the_system_and_says_what_its_figures_are_not(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/sign-in").get_data(as_text=True))
    assert page.xpath("string(//h1)").strip() == "企业培育名录库"
    assert page.xpath("string(//footer)").strip() == NOTICE
    assert [field.get("name") for field in page.xpath("//main//input[@type!='hidden']")] == ["username", "password"]


def test_a_person_signed_in_is_sent_on_from_the_page(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    assert client.get("/sign-in").location == "/"


def test_after_signing_in_one_comes_to_the_page_one_wanted(client: FlaskClient, world: World) -> None:
    assert client.get("/password?a=1").location == "/sign-in?next=/password?a%3D1"
    assert attempt(client, "haifeng", PASSWORD, "/sign-in?next=/password?a%3D1").location == "/password?a=1"  # type: ignore[attr-defined]


OUTSIDE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https:evil.example", "https:/evil.example", "https://evil.example", "HTTPS://evil.example", "http://evil.example",
    "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example",
    "evil.example", "evil.example/x", "www.evil.example", "@evil.example", ":evil.example", "?next=//evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example",
    "/\x0b/evil.example", "/ /evil.example", "/\x7f\\evil.example", "//evil.example/%2f..", "//evil.example%00/",
    "//[::1]", "//0x7f.1", "//2130706433", "//user:pw@evil.example", "//evil.example:80", "/\\/evil.example",
    "/%09//evil.example\t", "/.\\evil.example", "//%65vil.example", "//ｅvil.example", "//evil。example",
    "\u3000//evil.example", "\u200b//evil.example", "\ufeff//evil.example", "https:\\\\evil.example", "https:\\/evil.example",
    "ftp://evil.example", "ws://evil.example", "blob:https://evil.example", "file:///etc/passwd", "tel:110",
    "/\x1f/evil.example", "\x01https://evil.example", "//", "///", "\\", "https://", "http:///evil.example", "//\\evil.example",
    "//evil／example", "//evil.example／x", "//[evil", "//evil℀example", "http://evil：80",
]  # fmt: skip


def test_no_address_outside_is_ever_gone_to(client: FlaskClient, world: World) -> None:
    assert len(OUTSIDE) >= 60
    for target in OUTSIDE:
        token = token_in(client.get("/sign-in").get_data(as_text=True))
        data = {"username": "haifeng", "password": PASSWORD, "csrf_token": token}
        answer = client.post("/sign-in", data=data, query_string={"next": target})
        assert (answer.status_code, answer.location) == (302, "/"), target
        turned = post(client, "/language", {"locale": "en", "next": target})
        assert turned.location == "/", target
        post(client, "/sign-out")


# -- refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["haifeng", "nobody", "lufeng"])
def test_known_unknown_and_stopped_accounts_get_the_same_answer(
    client: FlaskClient, world: World, username: str
) -> None:
    world.user("lufeng").active = False
    password = PASSWORD if username == "lufeng" else "guess"
    answer = attempt(client, username, password)
    assert (answer.status_code, said(answer)) == (401, [errors.SignInRefused.template])  # type: ignore[attr-defined]
    assert f'value="{username}"' in answer.get_data(as_text=True)  # type: ignore[attr-defined]


@pytest.mark.parametrize("username", ["haifeng", "nobody"])
def test_the_sixth_try_is_locked_whatever_the_password_and_the_lock_ends_by_itself(
    app: Flask, client: FlaskClient, world: World, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [attempt(client, username, "guess").status_code for _try in range(5)]  # type: ignore[attr-defined]
    locked = attempt(client, username, PASSWORD)
    assert answers == [401] * 5
    assert said(locked) == ["登录失败次数过多，请在 15 分钟后再试。"]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=16))
    assert attempt(client, username, PASSWORD).status_code == (302 if username == "haifeng" else 401)  # type: ignore[attr-defined]


def test_many_names_from_one_address_lock_strangers_there_and_nobody_who_is_known_there(
    app: Flask, world: World
) -> None:
    app.config["LOGIN_LIMIT_ADDRESS"] = 8
    near, far, colleague, own = (app.test_client() for _client in range(4))
    far.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    sign_in(colleague, "lufeng")
    for number in range(9):
        attempt(near, f"guess{number}", "guess")
    assert said(attempt(near, "haifeng", PASSWORD)) == ["登录失败次数过多，请在 15 分钟后再试。"]
    assert attempt(far, "haifeng", PASSWORD).status_code == 302  # type: ignore[attr-defined]
    assert attempt(own, "lufeng", PASSWORD).status_code == 302  # type: ignore[attr-defined]


def test_the_device_cookie_says_nothing_and_no_script_reads_it(client: FlaskClient, world: World) -> None:
    answer = attempt(client, "haifeng", PASSWORD)
    words = next(line for line in answer.headers.getlist("Set-Cookie") if "device" in line)  # type: ignore[attr-defined]
    assert ["HttpOnly" in words, "SameSite=Strict" in words, "haifeng" in words] == [True, True, False]


def test_a_device_that_signed_in_before_is_not_locked_by_anybody_else_until_the_password_changes(
    app: Flask, world: World
) -> None:
    person = app.test_client()
    sign_in(person, "haifeng")
    post(person, "/sign-out")
    for number in range(12):
        stranger = app.test_client()
        stranger.environ_base["REMOTE_ADDR"] = f"10.9.8.{number}"
        attempt(stranger, "haifeng", "guess")
    person.environ_base["REMOTE_ADDR"] = "10.1.1.1"
    copy = app.test_client()
    copy.environ_base["REMOTE_ADDR"] = "10.1.1.2"
    copy.set_cookie("registry-device", person.get_cookie("registry-device").value)  # type: ignore[union-attr]
    assert attempt(person, "haifeng", PASSWORD).status_code == 302  # type: ignore[attr-defined]
    post(person, "/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    post(person, "/sign-out")
    assert said(attempt(copy, "haifeng", NEW)) == ["登录失败次数过多，请在 15 分钟后再试。"]
    assert attempt(person, "haifeng", NEW).status_code == 302  # type: ignore[attr-defined]


def test_a_right_password_clears_the_count(client: FlaskClient, world: World) -> None:
    for _round in range(3):
        for _try in range(4):
            attempt(client, "haifeng", "guess")
        assert attempt(client, "haifeng", PASSWORD).status_code == 302  # type: ignore[attr-defined]
        post(client, "/sign-out")


def test_each_failed_try_is_on_the_trail_but_no_name_that_is_no_account(client: FlaskClient, world: World) -> None:
    attempt(client, " HAIFENG ", "guess")
    attempt(client, "My-Password-2021", "guess")
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "sign_in_refused")).all()
    assert [(act.actor_name, act.source) for act in acts] == [("haifeng", "127.0.0.1"), ("", "127.0.0.1")]


@pytest.mark.parametrize("size, status", [(2_000, 401), (900_000, 401), (1_048_576, 413), (3_000_000, 413)])
def test_a_huge_password_is_refused_without_being_hashed(
    client: FlaskClient, world: World, size: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.people.services import accounts

    class Unused:
        def verify(self, *_: object) -> None:
            raise AssertionError("hashed")

    token = token_in(client.get("/sign-in").get_data(as_text=True))
    monkeypatch.setattr(accounts, "HASHER", Unused())
    accounts._nobody.cache_clear()
    monkeypatch.setattr(accounts, "_nobody", lambda: "")
    answer = client.post("/sign-in", data={"username": "haifeng", "password": "x" * size, "csrf_token": token})
    assert answer.status_code == status


@pytest.mark.parametrize("username", ["\ud800", "x" * 5000, "\u202e", "'; drop table user_account; --"])
def test_a_strange_name_is_a_wrong_name(client: FlaskClient, world: World, username: str) -> None:
    token = token_in(client.get("/sign-in").get_data(as_text=True))
    data = {"username": username.encode("utf-8", "surrogatepass"), "password": "guess", "csrf_token": token}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code in (200, 401, 422)
    assert said(answer) != []


# -- sessions -------------------------------------------------------------------------------------
def test_signing_in_begins_under_a_new_token_and_drops_what_was_there(
    app: Flask, client: FlaskClient, world: World
) -> None:
    client.get("/sign-in")
    before = cookie(client)
    sign_in(client, "haifeng")
    assert cookie(client) != before
    assert not is_in(replay(app, before))


def test_each_sign_in_has_a_token_of_its_own(app: Flask, world: World) -> None:
    first, second = app.test_client(), app.test_client()
    sign_in(first, "haifeng")
    sign_in(second, "haifeng")
    tokens = db.session.scalars(select(WebSession.token_digest)).all()
    assert len(set(tokens)) == 2
    assert (is_in(first), is_in(second)) == (True, True)


def test_a_cookie_kept_from_before_signing_out_opens_nothing(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    stolen = cookie(client)
    assert is_in(replay(app, stolen))
    post(client, "/sign-out")
    assert not is_in(replay(app, stolen))


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(app: Flask, world: World) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, "haifeng")
    sign_in(there, "haifeng")
    answer = post(here, "/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)


@pytest.mark.parametrize(
    "minutes, seen_every, still_in",
    [(29, None, True), (31, None, False), (11 * 60, 20, True), (12 * 60 + 1, 20, False)],
)
def test_a_session_ends_when_idle_for_half_an_hour_or_after_twelve_hours(
    client: FlaskClient,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    minutes: int,
    seen_every: int | None,
    still_in: bool,
) -> None:
    sign_in(client, "haifeng")
    start = clock.now()
    for passed in range(seen_every or minutes, minutes, seen_every or minutes):
        monkeypatch.setattr(clock, "now", lambda passed=passed: start + timedelta(minutes=passed))
        is_in(client)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=minutes))
    assert is_in(client) is still_in


def test_a_role_taken_away_is_gone_with_the_next_request(client: FlaskClient, world: World) -> None:
    sign_in(client, "sysadmin")
    assert client.get("/users").status_code == 200
    db.session.execute(update(User).where(User.username == "sysadmin").values(roles=[]))
    assert client.get("/users").status_code == 403


def test_the_database_holds_no_token(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    with client.session_transaction() as kept:
        token = kept["_user_id"]
    assert db.session.scalars(select(WebSession.token_digest)).all() == [digest(token)]


def test_the_cookie_is_for_this_site_only_and_out_of_reach_of_scripts(
    app: Flask, client: FlaskClient, world: World
) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    set_cookie = client.get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    parts = {part.strip() for part in set_cookie.split(";")[1:]}
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


# -- the password ---------------------------------------------------------------------------------
def test_whoever_has_a_password_from_others_comes_no_further_before_changing_it(
    client: FlaskClient, world: World
) -> None:
    world.user("haifeng").must_change_password = True
    sign_in(client, "haifeng")
    assert [client.get(path).location for path in ("/", "/inbox", "/users", "/trail")] == ["/password"] * 4
    page = html.fromstring(client.get("/password").get_data(as_text=True))
    assert page.xpath("//nav[@id='menu']") == []
    post(client, "/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert client.get("/").location == "/inbox"


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"old": "guess"}, "当前密码：" + errors.PASSWORD_WRONG),
        ({"new": PASSWORD, "again": PASSWORD}, "新密码：" + errors.PASSWORD_SAME),
        (
            {"new": "Short-1", "again": "Short-1"},
            "新密码：密码不符合要求：至少 10 位，并含大写、小写、数字、符号中的三类。",
        ),
        (
            {"new": "onlylowercase", "again": "onlylowercase"},
            "新密码：密码不符合要求：至少 10 位，并含大写、小写、数字、符号中的三类。",
        ),
        ({"new": "Haifeng-2021", "again": "Haifeng-2021"}, "新密码：" + errors.PASSWORD_HAS_NAME),
        ({"new": "Aa1-" * 300, "again": "Aa1-" * 300}, "新密码：密码过长，请控制在 256 位以内。"),
        ({"again": "other"}, "再次输入新密码：两次输入的新密码不一致。"),
    ],
)
def test_a_password_that_cannot_stand_is_refused_with_the_reason(
    client: FlaskClient, world: World, given: dict[str, str], sentence: str
) -> None:
    sign_in(client, "haifeng")
    answer = post(client, "/password", {"old": PASSWORD, "new": NEW, "again": NEW, **given})
    assert said(answer) == [sentence]
    post(client, "/sign-out")
    sign_in(client, "haifeng")


def guess_present(client: FlaskClient) -> object:
    return post(client, "/password", {"old": "Guess-2021-guess", "new": NEW, "again": NEW})


def told(username: str) -> list[tuple[str, str, object]]:
    """What the trail says of wrong passwords of this account: verb, from where, how many."""
    verbs = ("password_refused", "sign_in_tries", "end_session", "change_password")
    rows = db.session.scalars(select(TrailEntry).where(TrailEntry.verb.in_(verbs)).order_by(TrailEntry.seq))
    return [(row.verb, row.source, (row.after or row.before or {}).get("tries")) for row in rows]


def test_the_fifth_wrong_present_password_ends_the_session_and_is_on_the_trail(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, "haifeng")
    sign_in(there, "haifeng")
    answers = [guess_present(here) for _try in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [302]  # type: ignore[attr-defined]
    assert (is_in(here), is_in(there)) == (False, True)
    assert "当前密码连续输错 5 次，本次登录已结束" in here.get("/sign-in").get_data(as_text=True)
    assert said(attempt(here, "haifeng", PASSWORD)) == ["登录失败次数过多，请在 15 分钟后再试。"]
    assert told("haifeng") == [("password_refused", "127.0.0.1", None), ("end_session", "", 5)]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=16))
    sign_in(here, "haifeng")
    assert told("haifeng")[2:] == [("sign_in_tries", "", 6)]


def test_a_session_that_moves_from_place_to_place_has_five_tries_in_all(app: Flask, world: World) -> None:
    owner, thief = app.test_client(), app.test_client()
    sign_in(owner, "haifeng")
    thief.set_cookie("registry", cookie(owner))
    answers = []
    for number in range(6):
        thief.environ_base["REMOTE_ADDR"] = f"10.0.{number}.1"
        answers.append(thief.get("/password").status_code == 200 and guess_present(thief).status_code)  # type: ignore[attr-defined]
    assert answers == [422, 422, 422, 422, 302, False]


def test_a_place_that_has_used_up_its_tries_at_the_sign_in_has_none_at_the_present_password(
    app: Flask, world: World
) -> None:
    person, thief = app.test_client(), app.test_client()
    sign_in(person, "haifeng")
    thief.set_cookie("registry", cookie(person))
    for _try in range(6):
        attempt(app.test_client(), "haifeng", "guess")
    answer = post(thief, "/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert said(answer) == ["登录失败次数过多，请在 15 分钟后再试。"]
    assert post(person, "/password", {"old": PASSWORD, "new": NEW, "again": NEW}).status_code == 302


def test_a_right_present_password_clears_the_count_and_a_weak_new_one_is_no_try(
    client: FlaskClient, world: World
) -> None:
    sign_in(client, "haifeng")
    for old, new in ((PASSWORD, NEW), (NEW, PASSWORD)):
        for _try in range(4):
            guess_present(client)
        for _try in range(6):
            assert post(client, "/password", {"old": old, "new": "weak", "again": "weak"}).status_code == 422
        assert post(client, "/password", {"old": old, "new": new, "again": new}).status_code == 302
    assert told("haifeng")[1::2] == [("change_password", "", 4)] * 2


def test_who_knew_the_former_password_does_not_undo_a_reset_that_came_meanwhile(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "haifeng")
    real = accounts._matches

    def slowly(stored: str, password: str) -> bool:
        fits = real(stored, password)
        with app.app_context():
            accounts.reset_password(SYSTEM_ACTOR, World().user("haifeng"), "Fresh-2021-fresh", at=clock.now())
            db.session.commit()
        return fits

    page = client.get("/password").get_data(as_text=True)
    monkeypatch.setattr(accounts, "_matches", slowly)
    given = {"old": PASSWORD, "new": NEW, "again": NEW, "csrf_token": token_in(page)}
    assert client.post("/password", data=given).status_code in (302, 422)
    stored = db.session.scalars(select(User.password_hash).where(User.username == "haifeng")).one()
    assert real(stored, "Fresh-2021-fresh")


# -- the language ---------------------------------------------------------------------------------
def test_the_language_is_kept_for_the_person_and_not_for_the_computer(
    app: Flask, client: FlaskClient, world: World
) -> None:
    sign_in(client, "haifeng")
    assert post(client, "/language", {"locale": "en", "next": "/password"}).location == "/password"
    elsewhere, colleague = app.test_client(), app.test_client()
    sign_in(elsewhere, "haifeng")
    sign_in(colleague, "haifeng2")
    assert [_lang(who) for who in (client, elsewhere, colleague)] == ["en", "en", "zh-CN"]


def test_the_language_may_be_chosen_before_signing_in(client: FlaskClient, world: World) -> None:
    token = token_in(client.get("/sign-in").get_data(as_text=True))
    client.post("/language", data={"locale": "en", "next": "/sign-in", "csrf_token": token})
    assert html.fromstring(client.get("/sign-in").get_data(as_text=True)).get("lang") == "en"


def test_a_language_that_is_none_of_ours_changes_nothing(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    post(client, "/language", {"locale": "../../etc", "next": "/password"})
    assert _lang(client) == "zh-CN"


def _lang(client: FlaskClient) -> str | None:
    return html.fromstring(client.get("/password").get_data(as_text=True)).get("lang")
