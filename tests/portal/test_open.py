"""The open pages: anybody reads them, without a cookie, from the copy alone; what is not released is nowhere."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from sqlalchemy import event, insert, select
from sqlalchemy.engine import Engine

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm
from registry.matching.keys import keys
from registry.people.queries import people
from registry.portal.models import PortalRelease, PublicRow
from registry.portal.services import drawing, releasing
from tests.portal.opened import ALL, opened, released
from tests.world import NOW, TODAY, Build, World, credit_code, signed_in, token_in

YUNGU, QINGMEI = "海丰县云谷软件有限公司", "海丰县青梅检测有限公司"


def city(world: World) -> None:
    opened(world)
    released(world, world.admitted(YUNGU), keys=["credit_code", "county", "industry"])
    released(world, world.admitted(QINGMEI), keys=[])


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def links(client: FlaskClient, path: str) -> list[str]:
    return [str(one) for one in html.fromstring(page(client, path)).xpath("//main//a/@href")]


def test_a_portal_that_was_never_opened_or_is_closed_answers_nothing(app: Flask, build: Build) -> None:
    client = app.test_client()
    paths = ("/open", "/open/fields", "/open/entries", "/open/entries/data.csv", "/open/datapackage.json")
    assert [client.get(path).status_code for path in paths] == [404] * 5
    build(city)
    assert [client.get(path).status_code for path in paths] == [200] * 5
    build(lambda world: opened(world, is_on=False))
    assert [client.get(path).status_code for path in paths] == [404] * 5


def test_lists_details_and_search_show_what_was_released(app: Flask, build: Build) -> None:
    build(city)
    client = app.test_client()
    assert YUNGU in page(client, "/open/entries")
    assert YUNGU in page(client, "/open/entries?q=云谷")
    assert YUNGU not in page(client, "/open/entries?q=青梅")
    assert "没有符合条件的内容" in page(client, "/open/entries?q=没有的")
    assert "请输入2到100个字" in page(client, "/open/entries?q=云")
    assert YUNGU in page(client, "/open/entries?place=海丰县")
    assert QINGMEI not in page(client, "/open/entries?place=海丰县")  # whose county is not released
    detail = next(
        href for href in links(client, "/open/entries?q=云谷") if re.fullmatch(r"/open/entries/[0-9a-f]{12}", href)
    )
    assert "91441521" in page(client, detail)
    page(client, "/open/entries/000000000000", 404)
    page(client, "/open/nothing", 404)
    assert "公开数据" in page(client, "/open")
    assert "Open data" in page(client, "/open?lang=en")


def test_a_code_that_is_not_released_is_not_found_by_it(app: Flask, build: Build) -> None:
    build(city)
    with app.app_context():
        codes = {row.name: row.credit_code for row in db.session.scalars(select(Firm)).unique()}
    client = app.test_client()
    assert YUNGU in page(client, f"/open/entries?q={codes[YUNGU]}")
    assert QINGMEI not in page(client, f"/open/entries?q={codes[QINGMEI]}")


def test_files_hold_the_rows_with_the_schema_that_describes_them(app: Flask, build: Build) -> None:
    build(city)
    client = app.test_client()
    package = json.loads(page(client, "/open/datapackage.json"))
    described = next(one for one in package["resources"] if one["name"] == "entries")
    keys = [field["name"] for field in described["schema"]["fields"]]
    assert (package["licenses"][0]["title"], described["schema"]["primaryKey"]) == ("可自由使用，须注明来源", ["id"])
    assert json.loads(page(client, "/open/entries/schema.json")) == described["schema"]
    lines = client.get(urljoin("/open/datapackage.json", described["path"])).data.decode("utf-8-sig").splitlines()
    assert (lines[0].split(","), len(lines)) == (keys, 3)
    told = json.loads(page(client, "/open/entries/data.json"))
    assert {row["name"] for row in told["rows"]} == {YUNGU, QINGMEI}
    assert told["notice"] == "培育参考，不作统计上报依据"
    assert [row["name"] for row in json.loads(page(client, "/open/entries/data.json?q=云谷"))["rows"]] == [YUNGU]
    for wrong in ("海", "云" * 101):  # a file that looks whole would lie
        page(client, f"/open/entries/data.csv?q={wrong}", 400)
    book = load_workbook(io.BytesIO(client.get("/open/entries/data.xlsx").data))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {YUNGU, "统一社会信用代码", "培育参考，不作统计上报依据"} <= cells


def test_no_cookie_is_read_or_set_and_caches_may_keep_the_answer(app: Flask, build: Build) -> None:
    build(city)
    client = signed_in(app, "haifeng")
    answer = client.get("/open/entries")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "海丰县 陈晓" not in answer.get_data(as_text=True)
    again = client.get("/open/entries", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    file = client.get("/open/entries/data.csv")
    assert client.get("/open/entries/data.csv", headers={"If-None-Match": file.headers["ETag"]}).status_code == 304
    assert client.get("/inbox").headers["Cache-Control"] == "no-store"


ASIDE = ("found", "api_counter", "set")
"""A name within a statement; how often an address asked for a file."""


def test_open_pages_read_the_copy_and_no_other_table(app: Flask, build: Build) -> None:
    build(city)
    client, seen = app.test_client(), set[str]()

    def listen(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.update(re.findall(r"(?:from|join|into|update)\s+\"?(\w+)", statement.lower()))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        for path in (
            "/open",
            "/open/fields",
            "/open/entries?q=云谷",
            "/open/entries/data.csv",
            "/open/entries/data.xlsx",
            "/open/entries/data.json",
            "/open/datapackage.json",
            *links(client, "/open/entries"),
        ):
            client.get(path)
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert seen - {"pg_catalog", *ASIDE} <= {"public_row", "public_row_grams", "portal_setting"}


def test_pages_go_on_by_a_place_that_new_rows_do_not_move(app: Flask, build: Build) -> None:
    def many(world: World) -> None:
        opened(world)
        released(world, *(world.admitted(f"海丰县示例{number:02d}号软件有限公司") for number in range(25)))

    build(many)
    client = app.test_client()
    first = names_on(client, "/open/entries")
    onward = next(href for href in links(client, "/open/entries") if "after=" in href)
    build(lambda world: released(world, world.admitted("海丰县后来软件有限公司")))
    second = names_on(client, onward)
    assert (len(first), len(second), len({*first, *second})) == (20, 5, 25)


def names_on(client: FlaskClient, path: str) -> list[str]:
    found = html.fromstring(page(client, path)).xpath("//main//tbody/tr/td[1]//a/text()")
    return [str(one) for one in found]


# -- nothing leaks ----------------------------------------------------------------------------------
COUNT = 3_000
MARKS = {
    "organisation_code": "9{n:08d}", "no_code_reason": "密a{n}", "watch_reason": "密b{n}", "operating_address": "密c{n}",
    "deemed_approval": "密d{n}", "issue": "密e{n}", "qualifications": "密f{n}", "operating_state_source": "密g{n}",
    "contact_name": "密h{n}", "contact_phone": "1390000{n:04d}", "activity": "密i{n}", "registered_address": "密j{n}",
}  # fmt: skip
AMOUNTS = ("revenue_last_year", "revenue_to_date", "revenue_same_period", "vat_sales", "capital")


def planted(world: World) -> None:
    """Firms with a mark in every field that is not released, of which two thirds are released with three fields."""
    opened(world)
    world.admitted(YUNGU)
    model = db.session.scalars(select(Firm)).unique().one()
    same = {
        column.key: getattr(model, column.key)
        for column in Firm.__table__.columns
        if column.key
        not in (
            "id",
            "credit_code",
            "name",
            "name_key",
            "parts_key",
            "core_key",
            "sound_key",
            "initials_key",
            *MARKS,
            *AMOUNTS,
        )
    }
    rows = []
    for n in range(1, COUNT + 1):
        name = f"海丰县示例{n}号软件有限公司"
        row = {**same, **keys(name)._asdict(), "name": name, "credit_code": credit_code(5_000 + n)}
        row |= {key: mark.format(n=n) for key, mark in MARKS.items()}
        row |= {key: Decimal(f"81234567{n:04d}{at}.00") for at, key in enumerate(AMOUNTS)}
        row |= {"employees": 987_654, "founded_on": date(1987, 6, 5), "opened_on": date(1986, 5, 4)}
        row["stage"] = Stage.ADMITTED if n % 3 else Stage.LEAD
        rows.append(row)
    for start in range(0, COUNT, 500):
        db.session.execute(insert(Firm), rows[start : start + 500])
    ids = db.session.execute(select(Firm.id, Firm.stage).where(Firm.name.like("海丰县示例%"))).all()
    user = people.user("cityoffice")
    given = {"fields": ["name", "county", "industry"], "office_id": user.office_id, "by_id": user.id, "by_name": user.name, "at": NOW}  # fmt: skip
    releases = [{**given, "firm_id": firm.id} for firm in ids if firm.stage == Stage.ADMITTED]
    db.session.execute(insert(PortalRelease), releases)
    drawing.redraw(at=NOW, on=TODAY)


@pytest.mark.slow
def test_a_crawl_finds_no_mark_of_what_was_not_released(app: Flask, build: Build) -> None:
    build(planted)
    app.config["API_OPEN_REQUESTS"] = 10**6
    client = app.test_client()
    with app.app_context():
        assert len(list(db.session.scalars(select(PublicRow.id)))) == COUNT * 2 // 3
    seen = dict(crawled(client))
    told = "\n".join(seen.values())
    assert len(seen) > COUNT * 2 // 3
    leaks = {
        mark
        for mark in (
            "密",
            "1390000",
            "81234567",
            "987654",
            "1987-06-05",
            "1986-05-04",
            "91441521MA",
            "未在库",
            "线索",
            "陈晓",
            "王培",
        )
        if mark in told
    }
    assert leaks == set()
    leads = {f"海丰县示例{n}号软件有限公司" for n in range(3, COUNT + 1, 3)}
    assert {name for name in leads if name in told} == set()


API = ("/api/v1/open", "/api/v1/open/entries?limit=200")


def crawled(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every open address that is reached from the first, those of the API among them, and what it says."""
    waiting, known = ["/open", "/open/datapackage.json", *API], set[str]()
    while waiting:
        path = waiting.pop()
        if path in known or not path.startswith(("/open", "/api/v1/open")) or "lang=en" in path:
            continue
        known.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            said = answer.get_data(as_text=True)
            waiting += [urljoin(path, str(one)) for one in html.fromstring(said).xpath("//a/@href")]
        elif path.partition("?")[0].endswith(".xlsx"):
            book = load_workbook(io.BytesIO(answer.data), read_only=True)
            said = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        else:
            said = answer.get_data(as_text=True)
            if path in API[1:] or "cursor=" in path:
                told = json.loads(said)
                waiting += [f"{path.partition('?')[0]}/{row['id']}" for row in told["data"][:5]]
                waiting += [f"{path.partition('?')[0]}?limit=200&cursor={told['next']}"] if told["next"] else []
        yield path, said


# -- from inside --------------------------------------------------------------------------------------
def test_entries_are_released_by_the_pages_after_a_look(app: Flask, build: Build) -> None:
    def firms(world: World) -> None:
        opened(world)
        world.admitted(YUNGU)
        world.admitted(QINGMEI)
        world.firm("海丰县线索软件有限公司")

    build(firms)
    client = signed_in(app, "industry")
    listing = page(client, "/portal/entries")
    assert "海丰县线索软件有限公司" not in listing
    sent = {"csrf_token": token_in(listing), "whole": "y", "q": "云谷", "state": "", "fields": ["county"]}
    look = client.post("/portal/entries/look", data=sent).get_data(as_text=True)
    assert (YUNGU in look, "海丰县" in look, QINGMEI in look) == (True, True, False)
    form = html.fromstring(look).xpath("//form[contains(@action, 'release')]")[0]
    values = [(str(one.get("name")), str(one.get("value"))) for one in form.xpath(".//input[@name]")]
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    assert client.post("/portal/entries/release", data=data).status_code == 302
    assert YUNGU in page(app.test_client(), "/open/entries")
    moved = {name: value for name, value in data.items() if name != "form_key"} | {"fields": ["name", "activity"]}
    assert client.post("/portal/entries/release", data=moved).status_code == 422
    gone = {"csrf_token": data["csrf_token"], "firms": data["firms"]}
    asked = client.post("/portal/entries/withdraw", data=gone)
    assert "撤回后公众立即看不到" in asked.get_data(as_text=True)
    assert client.post("/portal/entries/withdraw", data={**gone, "reason": "企业请求"}).status_code == 302
    assert YUNGU not in page(app.test_client(), "/open/entries")
    with app.app_context():
        firm = db.session.scalars(select(Firm).where(Firm.name == YUNGU)).unique().one().id
    assert "企业请求" in page(client, f"/firms/{firm}/publicity")
    assert signed_in(app, "lufeng").get(f"/firms/{firm}/publicity").status_code == 404
    assert signed_in(app, "haifeng").get("/portal/entries").status_code == 403


def test_the_switch_and_progress_by_the_pages(app: Flask, build: Build) -> None:
    build(lambda world: world.admitted(YUNGU).id)
    client = signed_in(app, "cityoffice")
    form = page(client, "/portal/settings")
    sent: dict[str, Any] = {"csrf_token": token_in(form), "is_on": "y", "licence_name": "署名使用", "notice_days": "30", "fields_progress": ALL["progress"], "fields_entries": ["name"]}  # fmt: skip
    assert client.post("/portal/settings", data=sent).status_code == 422  # without what it is founded on
    assert client.post("/portal/settings", data={**sent, "document": "会议纪要"}).status_code == 302
    assert "已开放" in page(client, "/portal")
    with app.app_context():
        found = releasing.progress_now(date(2021, 10, 15))
        assert found is not None
        code = found.targets[0].target.code
    token = token_in(page(client, "/portal/progress"))
    assert client.post("/portal/progress", data={"csrf_token": token, "targets": [code]}).status_code == 302
    assert "截至日期" in page(app.test_client(), "/open/progress")
    assert signed_in(app, "leader").get("/portal/settings").status_code == 403
    assert signed_in(app, "leader").get("/portal").status_code == 200
