"""The ledger and a dossier at the end of any past day: what stood then, for whom it was and is to see, and no button."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.claims.services import claiming
from registry.firms.models.firms import Firm
from registry.ledger.queries import asof
from registry.people.queries import people
from registry.trail.models import TrailEntry
from tests.lives import Life, listed, moment
from tests.world import World, post, sign_in

YUNGU, NEW_NAME, LEAD = "海丰县云谷软件有限公司", "海丰县云谷数字科技有限公司", "海丰县可塘设计有限公司"
MAY, JUNE, OCTOBER = date(2021, 5, 10), date(2021, 6, 30), date(2021, 10, 8)


@pytest.fixture
def city(world: World) -> World:
    """A listed firm, renamed, corrected and with more figures since June; a lead; one that came in October."""
    life = listed(world, YUNGU, 1).figure("300", "2021-03", on=date(2021, 5, 12))
    life.figure("1500", "2021-09", on=OCTOBER).edit(on=OCTOBER, employees=99)
    life.rename(NEW_NAME, on=OCTOBER, effective=OCTOBER)
    Life(world, LEAD, 2, on=MAY)
    Life(world, "海丰县新来软件有限公司", 3, on=OCTOBER)
    db.session.commit()
    return world


def page(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.get_data(as_text=True))


def ledger(client: FlaskClient, query: str) -> list[str]:
    document = page(client, f"/firms?{query}")
    return [a.text_content() for a in document.xpath("//table//th[@class='firm-name']/a")]


def test_the_ledger_shows_leads_and_listed_firms_as_they_were(client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    document = page(client, "/firms?as_of=2021-06-30&sort=name")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in document.xpath("//table[contains(@class, 'wall-table')]/tbody/tr")
    ]
    text = document.text_content()
    assert "以下为 2021年6月30日 终了时的情况" in text
    assert {row[1].split()[0] for row in rows} == {YUNGU, LEAD}
    assert ("300.00" in str(rows), "1,500.00" in str(rows), "12,000.00" in str(rows)) == (True, False, False)
    assert ledger(client, "as_of=2021-10-08") == ["海丰县新来软件有限公司", LEAD, NEW_NAME]
    assert ledger(client, "as_of=2021-05-09") == []


@pytest.mark.parametrize(
    "query, names",
    [
        ("q=云谷软件", [YUNGU]),
        ("q=云谷数字", []),
        ("stage=lead", [LEAD]),
        ("division=441502", []),
        ("industry=I", [LEAD, YUNGU]),
        ("missing=revenue", [LEAD]),
        ("sort=-revenue_to_date", [YUNGU, LEAD]),
    ],
)
def test_the_filter_is_of_then(client: FlaskClient, city: World, query: str, names: list[str]) -> None:
    sign_in(client, "leader")
    assert ledger(client, f"as_of=2021-06-30&{query}") == names


def test_a_past_ledger_offers_nothing_to_change(client: FlaskClient, city: World) -> None:
    sign_in(client, "haifeng")
    document = page(client, "/firms?as_of=2021-06-30")
    assert {a.text_content() for a in document.xpath("//main//a[contains(@class, 'btn')]")} & {
        "提名企业",
        "导入",
    } == set()
    assert [a.get("href") for a in document.xpath("//th[@class='firm-name']/a")] == [
        "/firms/2?as_of=2021-06-30",
        "/firms/1?as_of=2021-06-30",
    ]


def test_the_export_says_the_day_in_name_and_file(client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    answer = post(client, "/firms/export?as_of=2021-06-30", {"kind": "xlsx"})
    assert "2021-06-30" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    words = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value]
    assert any("2021-06-30 终了时的情况" in word for word in words)
    names = {str(row[1].value) for row in sheet.iter_rows(min_row=4)} | {str(row[0].value) for row in sheet.iter_rows()}
    assert (YUNGU in names, NEW_NAME in names) == (True, False)
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one()
    assert (act.after or {})["as_of"] == "2021-06-30"


def test_contacts_of_a_past_day_are_in_no_export(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    post(client, "/firms/export?as_of=2021-06-30", {"kind": "csv", "contacts": "y", "reason": "联系企业"})
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one()
    assert (act.after or {})["contacts"] is False


def test_paper_says_the_day(client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    assert "以下为 2021年6月30日 终了时的情况。" in page(client, "/firms/print?as_of=2021-06-30").text_content()


def test_a_dossier_shows_the_firm_as_it_was(client: FlaskClient, city: World) -> None:
    sign_in(client, "haifeng")
    document = page(client, "/firms/1?as_of=2021-06-30")
    text = document.text_content()
    assert (YUNGU in text, NEW_NAME in text) == (True, False)
    assert ("30 人" in text, "99 人" in text, "300.00" in text, "1,500.00" in text) == (True, False, True, False)
    assert document.xpath("//main//form[@method='post']") == []
    assert [a for a in document.xpath("//main//a/@href") if "edit" in a or "/figures/new" in a] == []
    assert "13800135678" not in text


def test_a_day_before_the_firm_was_named_is_no_page(client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    assert [client.get(path).status_code for path in ("/firms/3?as_of=2021-06-30", "/firms/3?as_of=2021-10-08")] == [
        404,
        200,
    ]


def test_both_clocks_are_named_and_lead_to_each_other(client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    for path in ("/firms", "/firms/1"):
        then, now = (page(client, f"{path}?as_of=2021-06-30{more}") for more in ("", "&known=now"))
        words = [("按当时所知：" in one.text_content(), "按现在所知：" in one.text_content()) for one in (then, now)]
        assert words == [(True, False), (False, True)]
        others = [one.xpath("//div[@role='status']//a[starts-with(text(), '改为')]/@href") for one in (then, now)]
        assert others == [[f"{path}?as_of=2021-06-30&known=now"], [f"{path}?as_of=2021-06-30&known=then"]]


def test_a_late_figure_counts_as_known_now_alone(client: FlaskClient, city: World) -> None:
    city.figure(db.session.get_one(Firm, 1), "280", period="2021-05")
    db.session.commit()
    sign_in(client, "leader")
    found = [page(client, f"/firms?as_of=2021-06-30&known={known}").text_content() for known in ("then", "now")]
    assert [("300.00" in text, "280.00" in text) for text in found] == [(True, False), (False, True)]
    dossier = page(client, "/firms/1?as_of=2021-06-30&known=now").text_content()
    assert ("280.00" in dossier, "1,500.00" in dossier) == (True, False)
    answer = post(client, "/firms/export?as_of=2021-06-30&known=now", {"kind": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    words = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value)
    assert "2021-06-30 终了时，按现在所知" in words
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one()
    assert (act.after or {})["known"] == "now"
    assert "按现在所知" in page(client, "/firms/print?as_of=2021-06-30&known=now").text_content()


def test_a_firm_that_came_later_is_judged_as_known_now_and_stands_at_no_stage(client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    text = page(client, "/firms/3?as_of=2021-06-30&known=now").text_content()
    assert ("当日还没有登记" in text, "海丰县新来软件有限公司" in text) == (True, True)
    assert "海丰县新来软件有限公司" not in str(ledger(client, "as_of=2021-06-30&known=now"))
    today = page(client, "/firms/3?on=2021-06-30")
    assert today.xpath("//a[text()='按现在所知看当日']/@href") == ["/firms/3?as_of=2021-06-30&known=now"]


@pytest.mark.parametrize("text", ["2021-06-31", "gestern", "2021-10-16", "0001-01-01"])
def test_a_day_that_is_none_or_not_yet_is_said(client: FlaskClient, city: World, text: str) -> None:
    sign_in(client, "leader")
    document = page(client, f"/firms?as_of={text}")
    assert ("不是日期" in document.text_content() or "不能晚于今天" in document.text_content()) is True
    assert NEW_NAME in document.text_content()
    assert post(client, f"/firms/export?as_of={text}", {"kind": "csv"}).status_code == 422
    assert client.get(f"/firms/print?as_of={text}").status_code == 422
    dossier = page(client, f"/firms/1?as_of={text}").text_content()
    assert ("不是日期" in dossier or "不能晚于今天" in dossier) is True


def test_an_office_sees_only_what_was_its_own_then_and_is_now(client: FlaskClient, world: World) -> None:
    """高新区 got the firm by a claim in October: what it was before is not its to see, nor is it 陆丰's at any time."""
    place: dict[str, Any] = {
        "registered_address": "汕尾市城区香洲街道1号",
        "operating_address": "汕尾市城区香洲街道1号",
    }
    life = listed(world, "汕尾市云帆软件有限公司", 1, by="chengqu", **place)
    claim = claiming.claim(
        world.actor("gaoxin"), life.firm, people.office("441502-Z2"), ground="在红草", at=moment(OCTOBER)
    )
    claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="属实", at=moment(OCTOBER))
    db.session.commit()
    seen = {}
    for username in ("gaoxin", "chengqu", "lufeng"):
        sign_in(client, username)
        seen[username] = (
            ledger(client, "as_of=2021-06-30"),
            client.get("/firms/1?as_of=2021-06-30").status_code,
        )
        post(client, "/sign-out")
    assert seen == {
        "gaoxin": ([], 404),
        "chengqu": (["汕尾市云帆软件有限公司"], 200),
        "lufeng": ([], 404),
    }


def test_too_many_firms_are_refused_with_a_sentence(
    client: FlaskClient, city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asof, "LIMIT", 1)
    sign_in(client, "leader")
    assert "超过 1 家" in page(client, "/firms?as_of=2021-06-30").text_content()
    assert post(client, "/firms/export?as_of=2021-06-30", {"kind": "csv"}).status_code == 422
