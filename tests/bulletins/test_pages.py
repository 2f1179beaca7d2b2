"""Bulletins on their pages: who sees what, numbers that lead to their rows, every step by its own role, files to take."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import is_zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.bulletins.models import Bulletin
from registry.bulletins.services import drafting
from registry.trail.models import TrailEntry
from tests.bulletins.test_numbers import played
from tests.bulletins.test_steps import approved, confirmed, sent
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, signed_in, token_in


def drafted(world: World) -> int:
    played(world)
    found = drafting.draft(world.actor("cityoffice"), Quarter(2021, 3), at=NOW, on=TODAY)
    db.session.commit()
    return found.id


def confirming(world: World) -> int:
    number = drafted(world)
    sent(world, db.session.get_one(Bulletin, number))
    db.session.commit()
    return number


def ready(world: World) -> int:
    number = confirming(world)
    approved(world, confirmed(world, db.session.get_one(Bulletin, number)))
    db.session.commit()
    return number


def read(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.get_data(as_text=True))


def send(client: FlaskClient, page: str, path: str, **values: str) -> Any:
    text = client.get(page).get_data(as_text=True)
    found = html.fromstring(text).xpath("//input[@name='version']/@value")
    return client.post(path, data={"csrf_token": token_in(text), "version": found[0] if found else "", **values})


def words(page: Any) -> str:
    return " ".join(page.text_content().split())


def test_the_city_office_drafts_from_the_list(app: Flask, build: Build) -> None:
    build(played)
    client = signed_in(app, "cityoffice")
    page = read(client, "/bulletins")
    assert "还没有通报" in words(page)
    answer = send(client, "/bulletins", "/quarters/2021Q3/bulletin")
    assert answer.status_code == 302
    shown = read(client, answer.location)
    assert "关于2021年第3季度企业培育工作进展情况的通报" in words(shown)
    assert "培育参考，不作统计上报依据" in words(shown)


def test_a_number_leads_to_as_many_rows(app: Flask, build: Build) -> None:
    number = build(drafted)
    client = signed_in(app, "cityoffice")
    page = read(client, f"/bulletins/{number}")
    links = page.xpath("//article//a[contains(@href, '/rows?')]")
    assert len(links) > 30
    for link in links[:12]:
        rows = read(client, link.get("href")).xpath("//tbody/tr")
        shown = link.text_content()
        assert "%" in shown or len(rows) == abs(int(shown)), link.get("href")


def test_offices_see_it_once_it_was_sent_to_them_and_their_own_rows_alone(app: Flask, build: Build) -> None:
    number = build(drafted)
    county = signed_in(app, "lufeng")
    assert county.get(f"/bulletins/{number}").status_code == 404
    assert "还没有通报" in words(read(county, "/bulletins"))
    with app.app_context():
        bulletin = db.session.get_one(Bulletin, number)
        bulletin.state = "confirming"
        db.session.commit()
    page = read(county, f"/bulletins/{number}")
    assert page.xpath("//*[@id='offices']//tbody/tr/td[1]/text()") == ["陆丰市"]
    rows = read(county, f"/bulletins/{number}/rows?key=在库")
    assert rows.xpath("//tbody/tr/td[1]/a/text()") == ["陆丰市港口软件有限公司"]
    assert "可能少于印出的数" in words(rows)


def test_an_office_is_not_told_what_is_not_printed(app: Flask, build: Build) -> None:
    """Numbers of other offices that the wording does not use, and words that they wrote of their tasks."""
    number = build(confirming)
    county, city = signed_in(app, "lufeng"), signed_in(app, "cityoffice")
    unprinted, own = "地区:441521.更名", "地区:441581.更名"
    pages = [words(read(county, f"/bulletins/{number}/rows?page={page}")) for page in range(1, 8)]
    assert (unprinted in " ".join(pages), own in " ".join(pages)) == (False, True)
    assert county.get(f"/bulletins/{number}/rows", query_string={"key": unprinted}).status_code == 404
    for client, key in ((county, own), (city, unprinted)):
        assert client.get(f"/bulletins/{number}/rows", query_string={"key": key}).status_code == 200


def test_a_county_confirms_and_the_inbox_lets_go_of_it(app: Flask, build: Build) -> None:
    number = build(confirming)
    client = signed_in(app, "haifeng")
    assert "通报待确认" in words(read(client, "/inbox"))
    page = f"/bulletins/{number}/confirm"
    assert "海丰县：在库" in words(read(client, page))
    seen = read(client, page).xpath("//input[@name='seen']/@value")[0]
    assert send(client, page, page, seen=seen).status_code == 302
    assert "通报待确认" not in words(read(client, "/inbox"))
    shown = read(client, f"/bulletins/{number}")
    assert "已确认" in words(shown.xpath("//*[@id='offices']")[0])


def test_an_objection_needs_words(app: Flask, build: Build) -> None:
    number = build(confirming)
    client, page = signed_in(app, "haifeng"), f"/bulletins/{number}/confirm"
    seen = read(client, page).xpath("//input[@name='seen']/@value")[0]
    answer = send(client, page, page, seen=seen, refuse="1")
    assert (answer.status_code, "请填写理由" in answer.get_data(as_text=True)) == (422, True)
    assert send(client, page, page, seen=seen, refuse="1", refused="少计一家").status_code == 302


def test_editing_shows_what_is_wrong_and_keeps_what_was_typed(app: Flask, build: Build) -> None:
    number = build(drafted)
    client = signed_in(app, "cityoffice")
    page = read(client, f"/bulletins/{number}")
    edit = page.xpath("//article//a[contains(@href, '/paragraphs/')]/@href")[8]
    answer = send(client, edit, edit, text="在库{4|没有}家")
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "出处“没有”不在本季的数据中" in text, "在库{4|没有}家" in text) == (422, True, True)
    assert send(client, edit, edit, text="在库{9|在库}家，共20家").status_code == 302
    shown = read(client, f"/bulletins/{number}")
    assert shown.xpath("//*[@class='number-wrong']")[0].text_content().strip() == "9"
    assert shown.xpath("//mark/text()") == ["20"]
    assert "手工修改" in words(shown)
    refused = send(client, f"/bulletins/{number}", f"/bulletins/{number}/submission")
    assert (refused.status_code, "与数据不符" in refused.get_data(as_text=True)) == (422, True)


def test_each_step_is_its_own_roles(app: Flask, build: Build) -> None:
    number = build(confirming)
    at = f"/bulletins/{number}"
    statistics, city = signed_in(app, "statistics"), signed_in(app, "cityoffice")
    assert send(city, at, f"{at}/approval").status_code == 404
    answer = send(statistics, at, f"{at}/approval")
    assert (answer.status_code, "还有单位没有确认" in answer.get_data(as_text=True)) == (422, True)
    assert send(statistics, at, f"{at}/approval", without="电话核对无误").status_code == 302
    assert send(statistics, at, f"{at}/issue", day="2021-10-15").status_code == 404
    assert send(city, at, f"{at}/issue", day="2021-10-16").status_code == 422
    assert send(city, at, f"{at}/issue", day="2021-10-15").status_code == 302
    page = read(signed_in(app, "leader"), at)
    assert "已印发" in words(page)
    assert "电话核对无误" in words(page)
    assert page.xpath("//article//a[contains(@href, '/paragraphs/')]") == []


def test_the_paper_is_taken_by_name_and_who_took_it_stands_on_the_trail(app: Flask, build: Build) -> None:
    number = build(ready)
    client, at = signed_in(app, "cityoffice"), f"/bulletins/{number}"
    draft = send(client, at, f"{at}/files/docx")
    assert is_zipfile(BytesIO(draft.data))
    assert "%E9%80%81%E5%AE%A1%E7%A8%BF" in draft.headers["Content-Disposition"]
    assert send(client, at, f"{at}/files/pdf").status_code == 404
    assert send(client, at, f"{at}/files/exe").status_code == 404
    with app.app_context():
        acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export"))
        assert [(act.subject_kind, (act.after or {})["kind"]) for act in acts] == [("bulletin", "docx")]
    county = signed_in(app, "haifeng")
    assert send(county, at, f"{at}/files/docx").status_code == 404


def test_a_wording_is_looked_at_before_it_is_saved(app: Flask, build: Build) -> None:
    build(played)
    client, page = signed_in(app, "cityoffice"), "/bulletins/wording"
    lines = {"level_0": "title", "each_0": "", "when_0": "", "text_0": "{年}年第{季}季度通报",
             "level_1": "body", "each_1": "地区", "when_1": "地区.在库", "text_1": "{地区.名称}{地区.在库}家"}  # fmt: skip
    shown = html.fromstring(send(client, page, page, preview="1", **lines).get_data(as_text=True))
    assert [line.text_content() for line in shown.xpath("//*[@id='preview']//p")] == [
        "2021年第3季度通报", "海丰县3家", "陆丰市1家",
    ]  # fmt: skip
    wrong = send(client, page, page, **{**lines, "text_1": "共12家"}, reason="精简")
    assert (wrong.status_code, "写死的数字" in wrong.get_data(as_text=True)) == (422, True)
    assert send(client, page, page, **lines, reason="精简").status_code == 302
    assert "第2版" in words(read(client, page))
    assert signed_in(app, "statistics").get(page).status_code == 403


def test_a_bulletin_asks_the_database_as_often_with_few_firms_as_with_many(app: Flask, build: Build) -> None:
    number = build(drafted)
    client = signed_in(app, "cityoffice")
    read(client, f"/bulletins/{number}")
    with queries_counted(app) as seen:
        read(client, f"/bulletins/{number}")
    assert len(seen) == 13


def test_lines_of_a_wording_stand_in_the_order_of_their_numbers(app: Flask, build: Build) -> None:
    build(played)
    client, page = signed_in(app, "cityoffice"), "/bulletins/wording"
    cells = (("title", "通报", "1"), ("body", "在后", "2"), ("body", "在前", "1.5"))
    lines = {f"each_{number}": "" for number in range(3)} | {f"when_{number}": "" for number in range(3)}
    for number, (level, words_, order) in enumerate(cells):
        lines |= {f"level_{number}": level, f"text_{number}": words_, f"order_{number}": order}
    assert send(client, page, page, **lines, reason="调整次序").status_code == 302
    shown = read(client, page)
    assert [box.text.strip() for box in shown.xpath("//textarea[starts-with(@name, 'text_')]")][:3] == [
        "通报",
        "在前",
        "在后",
    ]


@pytest.mark.parametrize("quarters", [("2021Q3",), ("2021Q2", "2021Q3")])
def test_the_list_takes_as_many_statements_for_two_bulletins_as_for_one(
    app: Flask, build: Build, quarters: tuple[str, ...]
) -> None:
    def some(world: World) -> None:
        played(world)
        for quarter in quarters:
            drafting.draft(world.actor("cityoffice"), Quarter.parse(quarter), at=NOW, on=TODAY)
        db.session.commit()

    build(some)
    client = signed_in(app, "leader")
    read(client, "/bulletins")
    with queries_counted(app) as seen:
        page = read(client, "/bulletins")
    assert len(page.xpath("//tbody/tr")) == len(quarters)
    assert len(seen) == 5
