"""The months of a year in one grid: one paper and one press, nothing asked twice, nothing filled in."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.documents.queries import documents
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from tests.world import World, post, sign_in, signed_in

PAPER = b"%PDF-1.4 invented statement by month"


@pytest.fixture
def firm(world: World) -> int:
    """Listed on its September figure; the months before are open."""
    found = world.admitted(wan="1500")
    db.session.commit()
    return found.id


def asked(client: FlaskClient, at: str) -> list[tuple[str, str]]:
    page = html.fromstring(client.get(at).get_data(as_text=True))
    return [(one.get("name"), one.get("value") or "") for one in page.xpath("//div[@class='month-grid']//input")]


def given(**more: Any) -> dict[str, Any]:
    months = {f"month_{month}": str(150 * month) for month in (6, 7, 8)}
    return {**months, "source": "income_statement", "file": (BytesIO(PAPER), "分月利润表.pdf"), **more}


def test_one_paper_proves_the_months_it_lists(app: Flask, client: FlaskClient, firm: int) -> None:
    sign_in(client, "haifeng")
    at = f"/firms/{firm}/months/year?year=2021"
    assert asked(client, at) == [(f"month_{month}", "") for month in range(1, 9)]
    answer = post(client, at, given())
    assert (answer.status_code, answer.location) == (302, f"/firms/{firm}/months?year=2021")
    db.session.rollback()
    rows = figures.counted_figures(db.session.get_one(Firm, firm))
    assert sorted((row.line.month, str(row.line.amount), row.proven) for row in rows) == [
        (6, "9000000.00", True), (7, "10500000.00", True), (8, "12000000.00", True), (9, "15000000.00", True),
    ]  # fmt: skip
    papers = documents.documents_of(db.session.get_one(Firm, firm))
    assert [(one.material, one.first_month, one.month) for one in papers if one.first_month] == [("M04", 6, 8)]
    assert asked(client, at) == [(f"month_{month}", "") for month in range(1, 6)]


@pytest.mark.parametrize(
    "more, field",
    [
        ({"file": (BytesIO(b""), "")}, "#file"),
        ({"month_6": "约九百"}, "#month_6"),
        ({"month_6": "1600"}, "#assurance"),
    ],
)
def test_what_is_wrong_or_odd_is_said_and_nothing_is_recorded(
    client: FlaskClient, firm: int, more: dict[str, Any], field: str
) -> None:
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{firm}/months/year?year=2021", given(**more))
    page = html.fromstring(answer.get_data(as_text=True))
    assert (answer.status_code, page.xpath("//div[@class='error-summary']//a/@href")) == (422, [field])
    db.session.rollback()
    assert len(figures.counted_figures(db.session.get_one(Firm, firm))) == 1


def test_only_the_office_that_gives_the_figures_has_the_grid(app: Flask, firm: int) -> None:
    at = f"/firms/{firm}/months/year"
    assert [signed_in(app, name).get(at).status_code for name in ("industry", "lufeng", "leader")] == [404, 404, 404]
