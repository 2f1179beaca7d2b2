"""Every address of the API with the token of every office: nothing of another county, and nobody's contact, comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, Text, select
from werkzeug.test import TestResponse

from registry.api.views.description import ROOT
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.people.models import User
from tests.api.tokens import Program, issued
from tests.house.scene import PHONE, Scene, build
from tests.world import World

SEEING = {"441581", "441500", "statistics", "industry", "science"}
"""Offices within whose reach something of the county's is: itself, who sees all, its bureaus."""
OFFICES = (
    "441502",
    "441521",
    "441523",
    "441581",
    "441502-Z2",
    "industry",
    "science",
    "market",
    "commerce",
    "finance",
    "statistics",
    "441500",
)
PERSON = "慕容青岚"


@pytest.fixture
def county(world: World) -> Scene:
    """A county whose firms have a canary in every column of text, beside those of the scene; contacts are one for all."""
    scene = build(world)
    for firm in db.session.scalars(select(Firm)):
        for column in Firm.__table__.columns:
            if type(column.type) in (String, Text) and column.name in CANARY:
                setattr(firm, column.name, f"朱雀{column.name}")
        firm.contact_name, firm.contact_phone = PERSON, PHONE
    db.session.commit()
    return scene


CANARY = (
    "no_code_reason", "registered_address", "operating_address", "activity", "deemed_approval", "operating_state_source",
    "qualifications", "issue", "watch_reason",
)  # fmt: skip
"""Free text; the rest are codes and keys, which the scene's own names and codes stand for."""


def crawl(app: Flask, program: Program, scene: Scene) -> Iterator[tuple[str, TestResponse]]:
    """Every route with every number and code that there is, page after page of one row, and every filter's canary."""
    firms = db.session.execute(select(Firm.id, Firm.credit_code)).all()
    numbers = range(1, 15)
    fill: dict[str, list[Any]] = {
        "key": [str(one) for row in firms for one in row if one is not None],
        "label": ["2021Q1", "2021Q2", "2021Q3", "2021Q4"],
        "case_id": list(numbers),
    }
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(ROOT) or "GET" not in (rule.methods or ()):
            continue
        if rule.rule.startswith(f"{ROOT}/open"):  # for everybody: tests/portal walks it
            continue
        (name,) = rule.arguments or {""}
        for value in fill.get(name, [""]):
            path = app.url_map.bind("localhost").build(rule.endpoint, {name: value} if name else {}).removeprefix(ROOT)
            yield from _pages(program, path)
    for query in (
        "/ledger?q=朱雀",
        "/ledger?gone=y&limit=1",
        "/ledger?division=441581",
        "/cases?q=朱雀",
        "/changes?limit=3",
    ):
        yield from _pages(program, query)


def _pages(program: Program, path: str) -> Iterator[tuple[str, TestResponse]]:
    cursor = ""
    while True:
        where = f"{path}{'&' if '?' in path else '?'}cursor={cursor}" if cursor else path
        answer = program.get(where)
        yield where, answer
        told = answer.get_json() if answer.status_code == 200 else {}
        following = told.get("next") or (told.get("cursor") if told.get("more") else None)
        if not following:
            return
        cursor = following


@pytest.mark.slow
def test_no_office_reads_anothers_firms_and_nobody_a_contact(app: Flask, world: World, county: Scene) -> None:
    app.config.update(API_REQUESTS=10**6, API_OPEN_REQUESTS=10**6)
    world.admitted()  # so that every list of another county has something in it
    world.admitted("汕尾市城区海陆检测有限公司", by="chengqu", industry="7452", reviewer="market")
    persons = {PERSON, PHONE, "陈小明", "13800135678", *db.session.scalars(select(User.name))}
    leaks, asked, seen = [], 0, set()
    for office in OFFICES:
        program = Program(app, issued(world, office))
        for path, answer in crawl(app, program, county):
            text, asked = answer.get_data(as_text=True) + str(answer.headers), asked + 1
            assert answer.status_code in (200, 404), (office, path, text)
            found = {person for person in persons if person in text}
            if office not in SEEING:
                found |= {secret for secret in county.secrets if secret in text}
            elif "朱雀" in text:
                seen.add(office)
            leaks += [(office, path, one) for one in found]
    assert leaks == []
    assert seen == SEEING, "the county's own programs read it, or the crawl of the others could not fail"
    assert asked > 500


def test_a_countys_program_reads_the_same_whether_or_not_there_is_another(app: Flask, world: World) -> None:
    """Non-interference: to the byte, entity tags and cursors too."""
    own = world.admitted()
    program = Program(app, issued(world))
    paths = ("/ledger", f"/firms/{own.id}", "/quarters", "/cases", "/changes", "/changes?from=now", "/firms/999")
    alone = {path: _plain(program.get(path)) for path in paths}
    build(world)
    assert {path: _plain(program.get(path)) for path in paths} == alone


def _plain(answer: TestResponse) -> tuple[int, bytes, str | None]:
    return answer.status_code, answer.get_data(), answer.headers.get("ETag")
