"""Every route, for every kind of person: the permission table decides, nobody else's data shows, and reading changes nothing.

Routes are taken from the application itself: a new one is covered by being there.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from registry.base.extensions import db
from registry.base.permissions import PERMISSIONS, Actor, can, sees_firm
from registry.base.tables import Base
from registry.base.vocabulary import NOTICE
from registry.site.formkeys import needs_key
from registry.trail.models import TrailEntry
from tests.house.addresses import STATIC, Address, addresses
from tests.house.headers import unprotected
from tests.house.scene import OWNER, PHONE, Scene, announced, build, bulletin, case_rules, public
from tests.world import World, post, sign_in, token_in

PEOPLE = (
    "lufeng", "haifeng", "chengqu", "gaoxin", "industry", "market", "cityoffice", "statistics", "leader", "auditor",
    "sysadmin", "secadmin", "auditadmin", None,
)  # fmt: skip
"""One of each role and of each kind of office; None is nobody signed in."""

# What another office is told on purpose: the claimant reads about the firm it claims (docs/domain.md 1).
DISCLOSED = {
    ("chengqu", "claims.show"),
    ("chengqu", "claims.download"),
    ("chengqu", "notices.listing"),
    ("chengqu", "claims.listing"),
    ("chengqu", "nudges.listing"),  # by the code it claimed, no name
    ("chengqu", "home.inbox"),
    ("chengqu", "home.started"),
}
# Pages that answer only with a question in the address (which firm is meant), and else are not there.
ASKED = {"claims.new"}
# A second press of the button is answered with the case itself, and changes nothing.
SETTLED = {"proposals.check"}
# The owner's county reads these in a mask, or in 万元.
MASKED = {PHONE, "76543200"}
# Tables a reading may write to: refusals and last-seen times, in transactions of their own.
ASIDE = {"trail_entry", "trail_head", "web_session", "api_counter"}


@pytest.fixture(autouse=True)
def _as_in_life(app: Flask) -> None:
    """What breaks is a page with 500 on it, so that one broken page does not hide the others."""
    app.testing = False


def digest() -> dict[str, str]:
    """The content of every table."""
    contents = {}
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
        contents[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    db.session.rollback()
    return contents


def changed(before: dict[str, str]) -> set[str]:
    after = digest()
    return {name for name in after if after[name] != before[name]}


def refusals() -> int:
    return db.session.scalar(select(func.count()).where(TrailEntry.verb == "refused")) or 0


def enter(client: FlaskClient, world: World, username: str | None) -> Actor | None:
    if username is None:
        return None
    sign_in(client, username)
    return world.actor(username)


def body(answer: TestResponse) -> str:
    """What came back, a file too, and the headers, for a name may hide in them."""
    with answer:
        return answer.get_data(as_text=False).decode("utf-8", "replace") + str(answer.headers)


# -- the table ------------------------------------------------------------------------------------
@pytest.mark.once
def test_every_route_declares_a_permission_that_the_table_knows(app: Flask) -> None:
    undeclared = {
        endpoint: getattr(view, "permission", None)
        for endpoint, view in app.view_functions.items()
        if endpoint not in STATIC and getattr(view, "permission", None) not in PERMISSIONS
    }
    assert undeclared == {}


@pytest.mark.once
def test_every_permission_of_the_table_is_asked_somewhere(app: Flask) -> None:
    from registry.config import ROOT

    sources = [*(ROOT / "registry").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources if path.name != "permissions.py")
    unused = {name for name in PERMISSIONS if f'"{name}"' not in text}
    assert unused <= PLANNED
    assert unused >= PLANNED, "asked now: take it out of PLANNED"


# Permissions of pages that the next issues build.
PLANNED: frozenset[str] = frozenset()


@pytest.mark.once
def test_every_parameter_of_a_route_has_a_type_or_is_our_own_word(app: Flask) -> None:
    untyped = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in STATIC
        and re.search(r"<(?!int:)", rule.rule)
        and not re.search(
            r"<(label|mark|kind|dataset|target|part|verb|collection|public_key|key|material|period)>", rule.rule
        )
    }
    assert untyped == set()


# -- reading --------------------------------------------------------------------------------------
@dataclass
class Walk:
    """What was found wrong on a walk through every page, and how many of them were refused."""

    status: list[object] = field(default_factory=list)
    leaks: list[object] = field(default_factory=list)
    markup: list[object] = field(default_factory=list)
    bare: list[object] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    refused: int = 0


def walk(app: Flask, client: FlaskClient, scene: Scene, actor: Actor | None, username: str | None) -> Walk:
    found = Walk()
    for address in addresses(app, scene, "GET"):
        answer = client.get(address.path)
        allowed = address.allowed(actor)
        if answer.status_code not in expected_of(actor, address):
            found.status.append((address.path, address.permission, answer.status_code))
        found.refused += answer.status_code in (403, 404) and actor is not None and not allowed
        told = body(answer)
        found.shown |= {secret for secret in scene.secrets if secret in told}
        if faults := unprotected(answer):
            found.bare.append((address.path, faults))
        found.leaks += [
            (address.path, secret) for secret in hidden_from(actor, scene, address, username) if secret in told
        ]
        if answer.mimetype == "text/html" and answer.status_code != 302:
            found.markup += [(address.path, fault) for fault in faults_of(app, answer.get_data(as_text=True))]
    return found


@pytest.mark.slow
@pytest.mark.few(3)
@pytest.mark.parametrize("username", PEOPLE)
def test_reading_obeys_the_table_leaks_nothing_and_changes_nothing(
    app: Flask, client: FlaskClient, world: World, scene: Scene, username: str | None
) -> None:
    """Each page too has one heading, the notice, no inline style or script, a token in every form, no dead link.

    Every answer, a refusal too, carries the headers that protect it. And to its own county everything is shown that
    must not leak, or the walk of the others could not fail.
    """
    actor = enter(client, world, username)
    before, refused_before = digest(), refusals()
    found = walk(app, client, scene, actor, username)
    assert (found.status, found.leaks, found.markup, found.bare) == ([], [], [], [])
    assert username != OWNER or set(scene.secrets) - found.shown <= MASKED
    assert changed(before) <= ASIDE
    assert refusals() - refused_before == found.refused, "each refusal is one act on the trail"


def expected_of(actor: Actor | None, address: Address) -> set[int]:
    if address.by_token:
        return {401}
    if actor is None:
        return {200} if address.permission == "public" else {302}
    if address.allowed(actor):
        return {200, 302, 404} if address.endpoint in ASKED else {200, 302}
    settled = {302} if address.endpoint in SETTLED else set()
    return {404, *settled} if address.concerns else {403}


def hidden_from(actor: Actor | None, scene: Scene, address: Address, username: str | None) -> tuple[str, ...]:
    """What this person must not read at this address."""
    if actor is not None and any(sees_firm(actor, firm) for firm in scene.firms.values()):
        return ()
    if actor is not None and can(actor, "trail.read_business"):
        return ()
    return () if (username, address.endpoint) in DISCLOSED else scene.secrets


def test_a_county_reads_the_same_whether_or_not_there_is_another_one(
    app: Flask, client: FlaskClient, world: World
) -> None:
    """Non-interference: no count, page, hint or total of one county tells of another (docs/domain.md 8)."""
    own = world.admitted()
    public()
    announced(world)
    case_rules(world)
    bulletin(world)
    db.session.commit()
    sign_in(client, "haifeng")
    paths = [*sorted(_plain_paths(app)), f"/firms/{own.id}", f"/firms/{own.id}/history", f"/firms/{own.id}/figures"]
    client.get(f"/firms/{own.id}")  # from now on it is among the firms opened last
    alone = {path: _settled(client.get(path)) for path in paths}
    build(world)
    assert {path: _settled(client.get(path)) for path in paths} == alone


def _plain_paths(app: Flask) -> set[str]:
    rules = app.url_map.iter_rules()
    plain = {rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments}
    return {
        path for path in plain if not path.startswith(("/open", "/api/v1/open"))
    }  # what an office released is for everybody


def _settled(answer: TestResponse) -> tuple[int, str]:
    """Status and body, without what is drawn anew for every page; of a file its bytes."""
    body = answer.get_data().decode("utf-8", "backslashreplace")
    return answer.status_code, re.sub(r'(name="(?:csrf_token|form_key)"[^>]*value=|signed=|token=)"[^"]+"', "", body)


# -- writing --------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.few(3)
@pytest.mark.parametrize("username", [name for name in PEOPLE if name])
def test_whoever_may_not_write_changes_nothing_and_is_noted(
    app: Flask, client: FlaskClient, world: World, scene: Scene, username: str
) -> None:
    actor = enter(client, world, username)
    token = token_in(client.get("/password").get_data(as_text=True))
    before, refused_before = digest(), refusals()
    wrong, tried = [], 0
    for address in addresses(app, scene, "POST"):
        if address.allowed(actor):
            continue
        answer = client.post(address.path, data={"csrf_token": token})
        if address.endpoint in SETTLED and answer.status_code == 302:
            continue
        tried += 1
        if answer.status_code != (404 if address.concerns else 403):
            wrong.append((address.path, address.permission, answer.status_code))
    assert tried > 5
    assert wrong == []
    assert changed(before) <= ASIDE
    assert refusals() - refused_before == tried


def test_nobody_signed_in_writes_nothing(app: Flask, client: FlaskClient, scene: Scene) -> None:
    token = token_in(client.get("/sign-in").get_data(as_text=True))
    before = digest()
    answers = {
        address.path: client.post(address.path, data={"csrf_token": token}).location
        for address in addresses(app, scene, "POST")
        if address.permission != "public"
    }
    assert {path: where for path, where in answers.items() if where != "/sign-in"} == {}
    assert changed(before) == set()


@pytest.mark.slow
@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["lufeng", "industry", "cityoffice", "sysadmin", "secadmin", "auditor"])
def test_an_empty_form_is_answered_and_never_breaks(
    app: Flask, client: FlaskClient, world: World, scene: Scene, username: str
) -> None:
    actor = enter(client, world, username)
    # Who may is asked beforehand: some of them take away what a later address is about.
    allowed = [address for address in addresses(app, scene, "POST") if address.allowed(actor)]
    broken = []
    for address in allowed:
        if address.endpoint == "accounts.sign_out":
            continue
        with post(client, address.path) as answer:
            if answer.status_code not in (200, 302, 400, 403, 404, 409, 422):
                broken.append((address.path, answer.status_code))
    assert broken == []


@pytest.mark.once
def test_a_route_answers_no_method_but_its_own(app: Flask, client: FlaskClient, world: World, scene: Scene) -> None:
    sign_in(client, "cityoffice")
    token = token_in(client.get("/password").get_data(as_text=True))
    ours = {(address.path, method) for method in ("GET", "POST") for address in addresses(app, scene, method)}
    answered = [
        (path, method)
        for path in sorted({path for path, _method in ours})
        for method in ("PUT", "PATCH", "DELETE")
        if client.open(path, method=method, headers={"X-CSRFToken": token}).status_code not in (400, 405)
    ]
    assert answered == []


# -- what every page is made of -------------------------------------------------------------------
def faults_of(app: Flask, text: str) -> list[str]:
    if not text.strip():
        return []
    page = html.fromstring(text)
    faults = [
        f"{item.tag} has {name}"
        for item in page.iter()
        for name in item.attrib
        if name == "style" or re.match(r"on[a-z]", name)
    ]
    faults += ["inline script" for item in page.iter("script") if not item.get("src")]
    faults += ["inline style" for _item in page.iter("style")]
    posting = [form for form in page.iter("form") if (form.get("method") or "get").lower() == "post"]
    faults += [
        f"form without token: {form.get('action')}"
        for form in posting
        if not form.xpath(".//input[contains(@name, 'csrf_token')]/@value")
    ]
    faults += [
        f"form without key: {form.get('action')}"
        for form in posting
        if not form.xpath(".//input[@name='form_key' and @autocomplete='off']/@value") and _needs_key(app, form)
    ]
    if page.tag == "html":
        faults += [] if len(page.findall(".//h1")) == 1 else ["not one h1"]
        faults += [] if NOTICE in page.text_content() else ["no notice"]
        faults += [] if (page.findtext(".//title") or "").strip() else ["no title"]
        ids = [item.get("id") for item in page.iter() if item.get("id")]
        faults += [f"id twice: {name}" for name in sorted({name for name in ids if ids.count(name) > 1})]
    targets = [(item.get("href"), "GET") for item in page.iter("a", "link")]
    targets += [(form.get("action"), (form.get("method") or "get").upper()) for form in page.iter("form")]
    return faults + [
        f"{method} {target} leads nowhere" for target, method in targets if not _leads(app, target, method)
    ]


def _needs_key(app: Flask, form: Any) -> bool:
    """Whether one of the addresses that the form's buttons send it to does more than repeat harmlessly."""
    targets = {form.get("action") or "", *form.xpath(".//button/@formaction")}
    return any(not target or needs_key(_endpoint(app, target)) for target in targets)


def _endpoint(app: Flask, target: str) -> str | None:
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(target.partition("?")[0], method="POST")
    except HTTPException:
        return None
    return str(endpoint)


def _leads(app: Flask, target: Any, method: str) -> bool:
    path = str(target or "").partition("#")[0].partition("?")[0]
    if not path:
        return True
    if not path.startswith("/") or path.startswith("//"):
        return False
    try:
        app.url_map.bind("localhost").match(path, method=method)
    except (NotFound, RequestRedirect):
        return False
    except Exception:  # noqa: BLE001 - another method than the link's is as dead a link
        return False
    return True
