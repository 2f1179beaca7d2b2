"""What each resource answers, to whom, and what it says of a request that it cannot answer."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import NOTICE
from registry.firms.models.firms import Firm
from tests.api.tokens import Program, issued
from tests.world import World


def test_the_ledger_is_the_offices_and_nobody_elses(app: Flask, world: World) -> None:
    own = world.admitted()
    world.admitted("陆丰市南塘检测有限公司", by="lufeng")
    program = Program(app, issued(world))
    answer = program.get("/ledger")
    assert answer.status_code == 200
    page = answer.get_json()
    assert page["notice"] == NOTICE
    assert [row["id"] for row in page["data"]] == [own.id]
    (row,) = page["data"]
    assert row["revenue_to_date"] == {"amount": "15000000.00", "unit": "元"}
    assert (row["stage"]["code"], row["stage"]["text"], row["to_month"]) == ("admitted", "在库培育", "2021-09")
    assert page["next"] is None
    assert "陈小明" not in answer.get_data(as_text=True)


def test_every_resource_answers(app: Flask, world: World) -> None:
    firm = world.admitted()
    program = Program(app, issued(world))
    for path in (
        "/me",
        "/ledger",
        f"/firms/{firm.id}",
        f"/firms/{firm.credit_code}",
        "/quarters",
        "/plan",
        "/cases",
        "/changes",
    ):
        answer = program.get(path)
        assert answer.status_code == 200, (path, answer.get_data(as_text=True))
        assert answer.get_json()["notice"] == NOTICE
    assert program.get("/openapi.json").status_code == 200
