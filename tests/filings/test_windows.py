"""The pages of intake windows: the calendar, announcing and correcting by statistics, the countdown in the inbox."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.filings.models import IntakeWindow
from tests.filed import window
from tests.world import Build, post, sign_in, signed_in

GIVEN = {
    "year": "2021", "door": "annual_first", "batch": "第一批", "opens_on": "2021-10-08", "closes_on": "2021-11-06",
    "statement_year": "2021", "statement_month": "9", "source": "示例通知〔2021〕1号", "verified": "y",
}  # fmt: skip


def test_a_window_is_announced_corrected_and_voided_by_statistics(client: FlaskClient, app: Flask) -> None:
    sign_in(client, "statistics")
    assert "还没有公布申报窗口" in client.get("/windows").get_data(as_text=True)
    assert post(client, "/windows/new", GIVEN).status_code == 302
    with app.app_context():
        number = db.session.scalars(select(IntakeWindow.id)).one()
    changed = GIVEN | {"closes_on": "2021-11-15"}
    asked = post(client, f"/windows/{number}", changed)
    assert (asked.status_code, "请填写理由" in asked.get_data(as_text=True)) == (422, True)
    assert post(client, f"/windows/{number}", changed | {"reason": "通知延期"}).status_code == 302
    page = client.get("/windows").get_data(as_text=True)
    assert ("2021-11-15" in page, "15日截" in page, "2021-11-06" in page) == (True, True, False)
    assert "2021-11-06 → 2021-11-15" in client.get(f"/windows/{number}").get_data(as_text=True)
    assert post(client, f"/windows/{number}/void", {"reason": "两批合并"}).status_code == 302
    assert "作废理由：两批合并" in client.get("/windows").get_data(as_text=True)


def test_without_a_source_nothing_is_announced(client: FlaskClient) -> None:
    sign_in(client, "statistics")
    answer = post(client, "/windows/new", GIVEN | {"source": ""})
    assert (answer.status_code, "请填写依据的通知或文号。" in answer.get_data(as_text=True)) == (422, True)


def test_a_copied_year_is_marked_unverified_everywhere(client: FlaskClient, build: Build) -> None:
    build(lambda world: window(world).id)
    sign_in(client, "statistics")
    assert post(client, "/windows/copies", {"year": "2022"}).status_code == 302
    page = client.get("/windows?year=2022").get_data(as_text=True)
    assert ("待核" in page, "照抄 2021 年" in page) == (True, True)


@pytest.mark.parametrize("username", ["haifeng", "industry", "cityoffice", "leader", "auditor"])
def test_everybody_else_reads_the_calendar_and_changes_nothing(app: Flask, build: Build, username: str) -> None:
    number = build(lambda world: window(world).id)
    client = signed_in(app, username)
    page = client.get("/windows").get_data(as_text=True)
    assert ("示例通知〔2021〕1号" in page, "公布窗口" in page) == (True, False)
    tried = ("/windows/new", f"/windows/{number}", f"/windows/{number}/void", "/windows/copies")
    assert [post(client, path, GIVEN).status_code for path in tried] == [403] * 4


def test_the_calendar_says_in_words_in_which_month_a_window_opens_and_closes(client: FlaskClient, build: Build) -> None:
    build(lambda world: window(world, opens_on=date(2021, 9, 8)).id)
    sign_in(client, "leader")
    page: Any = html.fromstring(client.get("/windows").get_data(as_text=True))
    (row,) = page.xpath("//table[contains(@class, 'data-compact')]//tbody/tr")
    cells = [" ".join(cell.text_content().split()) for cell in row.iter("td")]
    assert cells == ["年度第一批", *[""] * 8, "8日开", "开放中", "6日截第一批", "", ""]


def test_the_inbox_counts_the_days_to_the_next_closing(client: FlaskClient, build: Build) -> None:
    sign_in(client, "haifeng")
    assert "天后截止" not in client.get("/inbox").get_data(as_text=True)
    build(lambda world: window(world).id)
    assert "<strong>22</strong> <span>天后截止" in client.get("/inbox").get_data(as_text=True)
