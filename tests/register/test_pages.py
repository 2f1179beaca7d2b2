"""The register by its pages: look-up, a firm, loads, entries that differ, candidates, and what a form is offered."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import NOTICE
from registry.firms.models.firms import Firm
from registry.register.models import RegisteredFirm, RegisterLoad
from registry.trail.models import TrailEntry
from tests.queries_counted import queries_counted
from tests.registered import load, row
from tests.world import Build, World, credit_code, post, signed_in

EARLIER = date(2021, 7, 1)
CODE = credit_code(501)


def main_of(answer: Any) -> Any:
    assert answer.status_code == 200, answer.get_data(as_text=True)[-2000:]
    return html.fromstring(answer.get_data(as_text=True)).find(".//main")


def words(answer: Any) -> str:
    return " ".join(main_of(answer).text_content().split())


def names(answer: Any) -> list[str]:
    return main_of(answer).xpath(".//td[@class='firm-name']/a/text()")


def number(app: Flask, code: str = CODE) -> int:
    with app.app_context():
        return db.session.query(RegisteredFirm).filter_by(credit_code=code).one().id


# -- look-up --------------------------------------------------------------------------------------
def test_an_empty_register_says_how_it_is_filled(app: Flask) -> None:
    client = signed_in(app, "haifeng")
    for page in ("/register", "/register/candidates", "/register/differences", "/register/loads"):
        assert "还没有装入市场主体库" in words(client.get(page))
        assert "registry register load" in words(client.get(page))


@pytest.mark.parametrize(
    "asked",
    [CODE, CODE.lower(), CODE[:8], "海丰县青云检测有限公司", "海豐縣青雲檢測有限公司", "海丰县青云检", "青云检测", "海丰县轻云检测有限公司",
     "海丰县青芸检侧有限公司", "　海丰县 青云检测（有限公司）"],
)  # fmt: skip
def test_a_firm_is_found_by_its_code_and_by_its_name_in_any_form(app: Flask, build: Build, asked: str) -> None:
    build(lambda world: load([row(CODE), row(credit_code(502), "陆河县苍松咨询有限公司")]))
    assert names(signed_in(app, "haifeng").get("/register", query_string={"q": asked}))[:1] == [
        "海丰县青云检测有限公司"
    ]


def test_a_firm_is_found_by_a_former_name(app: Flask, build: Build) -> None:
    build(lambda world: (load([row(CODE)], as_of=EARLIER), load([row(CODE, "广东北斗实业有限公司")])))
    answer = signed_in(app, "haifeng").get("/register?q=海丰县青云检测有限公司")
    assert names(answer) == ["广东北斗实业有限公司"]
    assert "曾用名：海丰县青云检测有限公司" in words(answer)


def test_a_page_of_a_firm_shows_what_the_register_says_and_what_loads_changed(app: Flask, build: Build) -> None:
    build(lambda world: (load([row(CODE)], as_of=EARLIER), load([row(CODE, "广东北斗实业有限公司")])))
    told = words(signed_in(app, "haifeng").get(f"/register/{number(app)}"))
    assert "100.00 万元" in told
    assert "2021-10-15：更名" in told
    assert "海丰县青云检测有限公司 广东北斗实业有限公司" in told


def test_nobody_finds_a_firm_that_is_not_there(app: Flask) -> None:
    client = signed_in(app, "haifeng")
    assert {client.get(page).status_code for page in ("/register/99", "/register/loads/99")} == {404}


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["haifeng", "gaoxin", "industry", "cityoffice", "statistics", "leader", "auditor"])
def test_whoever_has_business_reads_the_register(app: Flask, build: Build, username: str) -> None:
    build(lambda world: load([row(CODE)]))
    assert names(signed_in(app, username).get(f"/register?q={CODE}")) == ["海丰县青云检测有限公司"]


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditadmin"])
def test_administrators_see_no_registered_firm_and_only_who_loads_sees_the_loads(
    app: Flask, build: Build, username: str
) -> None:
    build(lambda world: load([row(CODE)]))
    client = signed_in(app, username)
    pages = (
        "/register",
        f"/register/{number(app)}",
        "/register/loads/1",
        "/register/candidates",
        "/register/differences",
    )
    assert {client.get(page).status_code for page in pages} == {403}
    assert client.get("/register/loads").status_code == (200 if username == "sysadmin" else 403)


# -- loads ----------------------------------------------------------------------------------------
def test_a_load_shows_its_counts_its_changes_and_the_rows_that_go_back(app: Flask, build: Build) -> None:
    build(lambda world: (load([row(CODE)], as_of=EARLIER),
                         load([row(CODE, "广东北斗实业有限公司"), row("", "无码有限公司")])))  # fmt: skip
    client = signed_in(app, "haifeng")
    assert "新增 0，更名 1，变更 0，无变化 0，有错 1" in words(client.get("/register/loads/2"))
    assert "3统一社会信用代码没有填写，请补填无码有限公司 /" in words(client.get("/register/loads/2"))
    assert names(client.get("/register/loads/2?kind=renamed")) == ["广东北斗实业有限公司"]
    assert names(client.get("/register/loads/2?kind=gone")) == []


# -- entries that differ --------------------------------------------------------------------------
def _differing(world: World) -> None:
    same = {"registered_address": "海丰县海城镇红城大道9号", "founded_on": date(2015, 6, 1)}
    world.firm("海丰县青云检测有限公司", **same, credit_code=CODE)
    world.firm("海丰县白鹭软件有限公司", **same, credit_code=credit_code(502))
    load([row(CODE, 注册地址="广东省汕尾市海丰县海城镇红城大道9号"),
          row(credit_code(502), "海丰县白鹭软件有限公司", 注册日期="2016-01-01", 注册地址="海丰县附城镇3号")])  # fmt: skip


def test_the_list_holds_the_entries_that_differ_and_says_in_what(app: Flask, build: Build) -> None:
    build(_differing)
    client = signed_in(app, "haifeng")
    answer = client.get("/register/differences")
    assert names(answer) == ["海丰县白鹭软件有限公司"]
    assert "注册地址、成立日期" in words(answer)
    assert names(client.get("/register/differences?field=founded_on")) == ["海丰县白鹭软件有限公司"]
    assert names(client.get("/register/differences?field=name")) == []


def test_a_county_reads_only_its_own_entries_among_those_that_differ(app: Flask, build: Build) -> None:
    build(_differing)
    assert names(signed_in(app, "lufeng").get("/register/differences")) == []


def test_the_dossier_shows_both_sides_as_of_the_load(app: Flask, build: Build) -> None:
    build(_differing)
    panel = main_of(signed_in(app, "haifeng").get("/firms/2/facts")).get_element_by_id("register")
    told = " ".join(panel.text_content().split())
    assert "截至 2021-10-15 的名单" in told
    assert "2 项与登记不一致" in told
    assert "2015-06-01 2016-01-01" in told


def test_a_renamed_registration_hints_at_a_renaming_with_the_new_name(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.admitted("海丰县青云检测有限公司", credit_code=CODE)
        load([row(CODE)], as_of=EARLIER)
        load([row(CODE, "海丰县北斗检测有限公司")])

    build(make)
    client = signed_in(app, "haifeng")
    page = main_of(client.get("/firms/1/facts"))
    assert "登记名称已更名为“海丰县北斗检测有限公司”" in page.text_content()
    link = page.xpath("//section[@id='register']//a[contains(@href, 'name=')]/@href")[0]
    form = main_of(client.get(link))
    assert form.xpath("//input[@name='name']/@value") == ["海丰县北斗检测有限公司"]


def test_an_entry_struck_off_is_said_to_be_so(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.firm("海丰县青云检测有限公司", credit_code=CODE)
        load([row(CODE), row(credit_code(502), "海丰县白鹭软件有限公司")], as_of=EARLIER)
        load([row(credit_code(502), "海丰县白鹭软件有限公司")], whole=True, confirmed=True)

    build(make)
    client = signed_in(app, "haifeng")
    assert "已不在册（2021-10-15）" in words(client.get("/firms/1/facts"))
    assert names(client.get("/register/differences?field=gone")) == ["海丰县青云检测有限公司"]


def test_an_entry_without_a_code_is_told_of_its_namesake(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.firm("海丰县青云检测有限公司", credit_code=None, no_code_reason="正在办理")
        load([row(CODE)])

    build(make)
    assert f"登记库中有同名企业 海丰县青云检测有限公司 {CODE}" in words(signed_in(app, "haifeng").get("/firms/1/facts"))


# -- candidates -----------------------------------------------------------------------------------
def _candidates(world: World) -> None:
    world.firm("海丰县已有软件有限公司", credit_code=credit_code(603))
    world.firm("海丰县无码软件有限公司", credit_code=None, no_code_reason="正在办理")
    load([
        row(credit_code(601), "海丰县青云检测有限公司"),
        row(credit_code(602), "陆丰市白鹭软件有限公司", 注册地址="陆丰市东海镇1号"),
        row(credit_code(603), "海丰县已有软件有限公司"),
        row(credit_code(604), "海丰县无码软件有限公司"),
        row(credit_code(605), "海丰县百果农资有限公司", 经营范围="销售农药"),
        row(credit_code(606), "深圳市苍松软件有限公司", 地区="深圳", 注册地址="深圳市南山区1号"),
        row(credit_code(607), "汕尾市难寻软件有限公司", 注册地址="建设路1号"),
    ])  # fmt: skip


def test_candidates_are_registered_here_of_a_sector_and_not_in_the_directory(app: Flask, build: Build) -> None:
    build(_candidates)
    found = names(signed_in(app, "cityoffice").get("/register/candidates"))
    assert found == ["汕尾市难寻软件有限公司", "海丰县青云检测有限公司", "陆丰市白鹭软件有限公司"]


def test_a_county_sees_its_own_candidates_and_those_nobody_can_place(app: Flask, build: Build) -> None:
    build(_candidates)
    assert names(signed_in(app, "haifeng").get("/register/candidates")) == [
        "汕尾市难寻软件有限公司",
        "海丰县青云检测有限公司",
    ]
    assert names(signed_in(app, "haifeng").get("/register/candidates?county=441581")) == []


def test_candidates_are_filtered_by_place_sector_and_name(app: Flask, build: Build) -> None:
    build(_candidates)
    client = signed_in(app, "cityoffice")
    assert names(client.get("/register/candidates?county=441581")) == ["陆丰市白鹭软件有限公司"]
    assert names(client.get("/register/candidates?sector=testing")) == ["海丰县青云检测有限公司"]
    assert names(client.get("/register/candidates?q=白鷺")) == ["陆丰市白鹭软件有限公司"]


def test_the_export_holds_the_filter_of_the_screen_and_is_on_the_trail(app: Flask, build: Build) -> None:
    build(_candidates)
    client = signed_in(app, "haifeng")
    page = "/register/candidates/export?sector=testing"
    with post(client, page, {"kind": "csv"}, page=page) as answer:
        rows = list(csv.DictReader(StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [(one["企业名称"], one["所属县区"], one["行业线索"]) for one in rows] == [
        ("海丰县青云检测有限公司", "海丰县", "检验检测和计量认证"),
        (NOTICE, "", ""),
    ]
    with post(client, page, {"kind": "xlsx"}, page=page) as workbook:
        assert workbook.get_data().startswith(b"PK")
    with app.app_context():
        acts = db.session.query(TrailEntry).filter_by(verb="export", subject_kind="register").all()
        assert [(act.actor_name, act.after["rows"]) for act in acts] == [("陈晓", 1), ("陈晓", 1)]


def test_the_export_says_how_many_the_filter_finds(app: Flask, build: Build) -> None:
    build(_candidates)
    client = signed_in(app, "cityoffice")
    everyone = words(client.get("/register/candidates/export"))
    one_sector = words(client.get("/register/candidates/export?sector=testing"))
    assert "企业数 1 家" in one_sector
    assert "企业数 3 家" in everyone


# -- what a form is offered -----------------------------------------------------------------------
def test_typing_a_name_offers_the_registered_firm_with_all_that_it_fills(app: Flask, build: Build) -> None:
    build(lambda world: load([row(CODE)]))
    answer = signed_in(app, "haifeng").get("/proposals/hints", query_string={"name": "海豐縣青雲檢測"})
    link = html.fragments_fromstring(answer.get_data(as_text=True))
    fill = json.loads(
        next(one.xpath(".//@data-fill")[0] for one in link if hasattr(one, "xpath") and one.xpath(".//@data-fill"))
    )
    assert fill == {
        "name": "海丰县青云检测有限公司",
        "credit_code": CODE,
        "founded_on": "2015-06-01",
        "registered_address": "海丰县海城镇红城大道9号",
        "activity": "环境检测；水质检测",
        "legal_form": "limited",
        "capital": "100",
        "division": "441521",
    }


@pytest.mark.parametrize("asked", ["99999999999999999999", "2147483648", "-1", "0"])
def test_a_number_that_no_registered_firm_can_have_fills_nothing(app: Flask, build: Build, asked: str) -> None:
    build(lambda world: load([row(CODE)]))
    page = main_of(signed_in(app, "haifeng").get(f"/proposals/new/details?registered={asked}"))
    assert page.xpath("string(//form//input[@name='name']/@value)") == ""


def test_choosing_a_firm_without_script_opens_the_form_filled_in_and_marked(app: Flask, build: Build) -> None:
    build(lambda world: load([row(CODE)]))
    page = main_of(signed_in(app, "haifeng").get(f"/proposals/new/details?registered={number(app)}"))
    values = {one.get("name"): one.get("value") for one in page.xpath("//form//input[@name]")}
    assert (values["name"], values["credit_code"], values["founded_on"]) == (
        "海丰县青云检测有限公司",
        CODE,
        "2015-06-01",
    )
    assert {key: values.get(key) for key in ("revenue_last_year", "revenue_to_date", "employees")} == {
        "revenue_last_year": None,
        "revenue_to_date": None,
        "employees": "",
    }
    assert len(page.xpath("//*[contains(text(), '取自市场主体库（截至 2021-10-15）')]")) == 8


def test_what_came_from_the_register_is_on_the_trail_and_may_be_changed(app: Flask, build: Build) -> None:
    build(lambda world: load([row(CODE)]))
    client, at = signed_in(app, "haifeng"), "/proposals/new/details"
    page = main_of(client.get(f"{at}?registered={number(app)}"))
    given = {one.name: one.value for one in page.xpath("//form[@method='post']")[-1].inputs if one.name and one.value}
    answer = client.post(at, data={**given, "activity": "水质检测", "draft": "1"})
    assert answer.status_code == 302
    with app.app_context():
        firm = db.session.query(Firm).one()
        assert (firm.credit_code, firm.activity) == (CODE, "水质检测")
        act = db.session.query(TrailEntry).filter_by(verb="create", subject_kind="firm").one()
        assert act.source == "市场主体库（截至 2021-10-15）"


def offered(app: Flask, typed: str) -> list[str]:
    body = signed_in(app, "haifeng").get("/proposals/hints", query_string={"name": typed}).get_data(as_text=True)
    return html.fromstring(f"<main>{body}</main>").xpath(
        "//ul[contains(@class, 'offers')]//a[starts-with(@href, '/register/')]/text()"
    )


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("海丰县青云", True), ("青云检", True), ("海丰县轻云检测有限公司", True), ("海豐縣青雲檢測有限公司", True),
        ("海丰县白鹭检测有限公司", False), ("海丰县青山检测有限公司", False),
    ],
)  # fmt: skip
def test_no_registered_firm_of_another_trade_name_is_offered(app: Flask, build: Build, typed: str, meant: bool) -> None:
    build(lambda world: load([row(CODE)]))
    assert offered(app, typed) == (["海丰县青云检测有限公司"] if meant else [])


@pytest.mark.parametrize(
    "typed, name",
    [
        ("", "海丰县青云检测有限公司"),
        ("海丰县青云", "海丰县青云检测有限公司"),
        ("海丰县轻云检测有限公司", "海丰县轻云检测有限公司"),
    ],
)
def test_a_typed_name_is_not_replaced_by_a_different_one(app: Flask, build: Build, typed: str, name: str) -> None:
    build(lambda world: load([row(CODE)]))
    at = {"registered": number(app), "name": typed}
    page = main_of(signed_in(app, "haifeng").get("/proposals/new/details", query_string=at))
    values = {one.get("name"): one.get("value") for one in page.xpath("//form//input[@name]")}
    assert (values["name"], values["credit_code"]) == (name, CODE)
    assert ("没有替换" in words_of(page)) is (name == typed)


def words_of(page: Any) -> str:
    return " ".join(page.text_content().split())


def test_an_empty_register_offers_nothing(app: Flask) -> None:
    answer = signed_in(app, "haifeng").get("/proposals/hints", query_string={"name": "海丰县青云检测有限公司"})
    assert "市场主体库" not in answer.get_data(as_text=True)


# -- the cost -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path, expected", [("/register/candidates", 10), ("/register/differences", 9), ("/register/loads", 7)]
)
def test_a_list_costs_the_same_whether_it_has_one_row_or_three(
    app: Flask, build: Build, path: str, expected: int
) -> None:
    counted = []
    for first, last in ((1, 2), (2, 4)):

        def make(world: World, first: int = first, last: int = last) -> None:
            for one in range(first, last):
                world.firm(f"海丰县苍松{one}号软件有限公司", credit_code=credit_code(700 + one))
                load([row(credit_code(700 + one), f"海丰县苍松{one}号数码有限公司"),
                      row(credit_code(800 + one), f"海丰县白鹭{one}号软件有限公司")])  # fmt: skip

        build(make)
        client = signed_in(app, "cityoffice")
        client.get(path)
        with queries_counted(app) as seen:
            main_of(client.get(path))
        counted.append(len(seen))
    assert counted == [expected, expected]
    with app.app_context():
        assert db.session.query(RegisterLoad).count() == 3
