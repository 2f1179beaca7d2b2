"""Merging in the browser: side by side, confirm, the record, where old addresses lead, and the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, World, credit_code, post, sign_in

NAMES = ("海丰县云谷软件有限公司", "海丰县雲谷軟件有限公司")


@pytest.fixture
def pair(world: World) -> tuple[Firm, Firm]:
    winner = world.firm(NAMES[0], employees=30)
    folded = world.firm(NAMES[1], credit_code=None, no_code_reason="未取得执照", employees=55)
    for firm, wan in ((winner, "700"), (folded, "800")):
        world.figure(firm, wan, period="2021-06")
    db.session.commit()
    return winner, folded


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    form = page[page.rindex("<form") :]
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form)
    found = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {name.group(1): value.group(1) if value else "" for name, value in found if name}


def done(world: World, winner: Firm, folded: Firm, **choice: Any) -> Merge:
    chosen = MergeChoice(**{"reason": "同一企业重复登记", **choice})
    row = merging.merge(world.actor("cityoffice"), winner, folded, chosen, at=NOW, on=TODAY)
    db.session.commit()
    return row


def test_the_city_office_merges_in_three_steps_and_takes_it_back(
    client: FlaskClient, world: World, pair: tuple[Firm, Firm]
) -> None:
    winner, folded = pair
    sign_in(client, "cityoffice")
    assert f"/firms/{folded.id}/merges/new" in client.get(f"/firms/{folded.id}").get_data(as_text=True)
    found = client.get(f"/firms/{folded.id}/merges/new?q=云谷").get_data(as_text=True)
    assert f"other={winner.id}" in found
    page = client.get(f"/firms/{folded.id}/merges/new?other={winner.id}").get_data(as_text=True)
    assert "须选定以哪边为准" in page
    sent = hidden(page) | {"keep-employees": "1", "reason": "已电话核实"}
    refused = client.post(f"/firms/{folded.id}/merges/new", data=sent)
    assert refused.status_code == 422
    assert "两边金额不同，请选定以哪边为准" in refused.get_data(as_text=True)
    plan = client.post(f"/firms/{folded.id}/merges/new", data=sent | {"keep-revenue 2021-06": "1"})
    assert plan.status_code == 200
    text = plan.get_data(as_text=True)
    assert "并入的数据：营业收入" in text
    answer = client.post(f"/firms/{folded.id}/merges", data=hidden(text))
    assert answer.status_code == 302, answer.get_data(as_text=True)
    db.session.expire_all()
    assert (folded.stage, folded.merged_into_id, winner.employees) == (Stage.MERGED, winner.id, 55)
    record = client.get(answer.location).get_data(as_text=True)
    assert "已电话核实" in record
    undo = client.get(f"{answer.location}/undoing").get_data(as_text=True)
    unsaid = client.post(f"{answer.location}/undoing", data=hidden(undo) | {"reason": "误并"})
    assert (unsaid.status_code, "请选择撤销的依据" in unsaid.get_data(as_text=True)) == (422, True)
    back = client.post(f"{answer.location}/undoing", data=hidden(undo) | {"reason": "误并", "ground": "apart"})
    assert back.status_code == 302
    db.session.expire_all()
    assert (folded.stage, folded.merged_into_id, winner.employees) == (Stage.LEAD, None, 30)
    record = client.get(answer.location).get_data(as_text=True)
    assert "已撤销" in record
    assert "经核实是两家企业" in record


def test_what_changed_meanwhile_refuses_the_merge_and_is_told(
    client: FlaskClient, world: World, pair: tuple[Firm, Firm]
) -> None:
    winner, folded = pair
    sign_in(client, "cityoffice")
    page = client.get(f"/firms/{winner.id}/merges/new?other={folded.id}").get_data(as_text=True)
    sent = hidden(page) | {"keep-revenue 2021-06": "0", "reason": "重复"}
    plan = client.post(f"/firms/{winner.id}/merges/new", data=sent).get_data(as_text=True)
    entries.edit(world.actor("haifeng"), folded, {"activity": "云计算"}, at=NOW, on=TODAY)
    db.session.commit()
    refused = client.post(f"/firms/{winner.id}/merges", data=hidden(plan))
    assert refused.status_code == 409
    text = refused.get_data(as_text=True)
    assert "资料有变动，没有执行" in text
    assert "陈晓" in text
    assert "云计算" in text
    assert db.session.scalar(select(Merge.id)) is None


def test_going_back_from_the_plan_keeps_every_choice(client: FlaskClient, pair: tuple[Firm, Firm]) -> None:
    winner, folded = pair
    sign_in(client, "cityoffice")
    page = client.get(f"/firms/{winner.id}/merges/new?other={folded.id}").get_data(as_text=True)
    sent = hidden(page) | {"reason": "名称、代码、地址核对一致", "keep-revenue 2021-06": "0", "keep-employees": "1"}
    plan = client.post(f"/firms/{winner.id}/merges/new", data=sent)
    assert plan.status_code == 200
    kept = hidden(plan.get_data(as_text=True))
    back = client.post(f"/firms/{winner.id}/merges/new", data=kept | {"back": "1"}).get_data(as_text=True)
    assert "名称、代码、地址核对一致" in back
    chosen = [tag for tag in re.findall(r"<input[^>]*checked[^>]*>", back) if 'name="keep-employees"' in tag]
    assert [re.findall(r'value="([^"]*)"', tag) for tag in chosen] == [["1"]]


def test_a_merge_without_a_plan_seen_is_refused(client: FlaskClient, pair: tuple[Firm, Firm]) -> None:
    winner, folded = pair
    sign_in(client, "cityoffice")
    data = {"other": folded.id, "winner": winner.id, "reason": "重复", "keep-revenue 2021-06": "0"}
    assert post(client, f"/firms/{winner.id}/merges", data).status_code == 409


def test_different_codes_ask_for_a_ground_and_a_second_word(client: FlaskClient, world: World) -> None:
    a, b = world.firm(NAMES[0]), world.firm(NAMES[1])
    db.session.commit()
    sign_in(client, "cityoffice")
    page = client.get(f"/firms/{a.id}/merges/new?other={b.id}").get_data(as_text=True)
    assert "依法是两家企业" in page
    refused = client.post(f"/firms/{a.id}/merges/new", data=hidden(page) | {"reason": "重复"})
    assert refused.status_code == 422
    agreed = {"code_ground": "mistyped", "code_checked": "y", "reason": "重复"}
    assert client.post(f"/firms/{a.id}/merges/new", data=hidden(page) | agreed).status_code == 200


def test_what_is_in_the_way_is_listed_and_nothing_can_be_confirmed(client: FlaskClient, world: World) -> None:
    a, b = world.submitted(NAMES[0]).firm, world.firm(NAMES[1], credit_code=None, no_code_reason="未取得")
    db.session.commit()
    sign_in(client, "cityoffice")
    page = client.get(f"/firms/{a.id}/merges/new?other={b.id}").get_data(as_text=True)
    assert "的提名还没有办结" in page
    assert "下一步：核对方案" not in page


# -- where it leads -------------------------------------------------------------------------------
SUBPAGES = ("", "/history", "/figures", "/documents", "/edit")


@pytest.mark.parametrize("page", SUBPAGES)
def test_every_address_of_a_merged_firm_leads_to_the_same_page_of_the_winner(
    client: FlaskClient, world: World, pair: tuple[Firm, Firm], page: str
) -> None:
    winner, folded = pair
    done(world, winner, folded, picks={"revenue 2021-06": "winner"})
    sign_in(client, "haifeng")
    answer = client.get(f"/firms/{folded.id}{page}?on=2021-10-15")
    assert answer.status_code == 302
    assert answer.location == f"/firms/{winner.id}{page}?on=2021-10-15"
    assert f"“{NAMES[1]}”已并入“{NAMES[0]}”" in client.get(answer.location).get_data(as_text=True)


def test_a_chain_of_merges_leads_to_its_end(client: FlaskClient, world: World) -> None:
    a, b, c = (world.firm(f"海丰县云谷{n}软件有限公司", credit_code=None, no_code_reason="未取得") for n in "甲乙丙")
    done(world, b, a)
    done(world, c, b)
    sign_in(client, "haifeng")
    assert client.get(f"/firms/{a.id}").location == f"/firms/{c.id}"


def test_the_ledger_finds_the_winner_by_the_old_name_and_code(client: FlaskClient, world: World) -> None:
    winner, folded = world.firm(NAMES[0]), world.firm("海丰县新港数据有限公司", credit_code=credit_code(77))
    done(world, winner, folded, code_ground="mistyped", code_checked=True)
    sign_in(client, "haifeng")
    for text in ("新港数据", credit_code(77)):
        page = client.get("/firms", query_string={"q": text}).get_data(as_text=True)
        assert f'href="/firms/{winner.id}"' in page
        assert f'href="/firms/{folded.id}"' not in page


def test_a_nomination_of_the_old_code_meets_the_winner(world: World) -> None:
    from registry.duplicates.queries import duplicates

    winner, folded = world.firm(NAMES[0]), world.firm("海丰县新港数据有限公司", credit_code=credit_code(77))
    done(world, winner, folded, code_ground="mistyped", code_checked=True)
    seen = duplicates.check(world.actor("haifeng"), "海丰县新港数据有限公司", credit_code(77))
    assert [match.firm.id for match in seen.matches] == [winner.id]
    assert seen.holder is not None
    assert [m.firm.id for m in duplicates.check(world.actor("haifeng"), "海丰县新港数据有限公司", None).matches] == [
        winner.id
    ]


def test_a_county_that_cannot_see_the_winner_learns_the_minimum(client: FlaskClient, world: World) -> None:
    winner = world.firm("陆丰市朱雀软件有限公司", by="lufeng")
    folded = world.firm(NAMES[1], credit_code=None, no_code_reason="未取得")
    row = done(world, winner, folded, reason="与陆丰市朱雀软件有限公司同一")
    sign_in(client, "haifeng")
    for path in (
        f"/firms/{folded.id}",
        f"/firms/{folded.id}/course",
        f"/firms/{folded.id}/history",
        f"/merges/{row.id}",
        "/merges",
    ):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert NAMES[1] in text
        assert "朱雀" not in text
        assert str(winner.credit_code) not in text
    assert "陆丰" in client.get(f"/firms/{folded.id}/course").get_data(as_text=True)


def test_a_county_with_neither_side_sees_no_merge(client: FlaskClient, world: World, pair: tuple[Firm, Firm]) -> None:
    row = done(world, *pair, picks={"revenue 2021-06": "winner"})
    sign_in(client, "lufeng")
    assert client.get(f"/merges/{row.id}").status_code == 404
    assert "云谷" not in client.get("/merges?q=云谷").get_data(as_text=True).replace('value="云谷"', "")


def test_only_the_city_office_has_the_pages(client: FlaskClient, world: World, pair: tuple[Firm, Firm]) -> None:
    winner, folded = pair
    sign_in(client, "haifeng")
    assert "合并</a>" not in client.get(f"/firms/{winner.id}").get_data(as_text=True)
    assert client.get(f"/firms/{winner.id}/merges/new?other={folded.id}").status_code == 404
    assert post(client, f"/firms/{winner.id}/merges", {"other": folded.id}).status_code == 404


# -- the list -------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_length(
    app: Flask, client: FlaskClient, world: World, rows: int
) -> None:
    for number in range(rows):
        a = world.firm(f"海丰县云谷{number}号软件有限公司")
        b = world.firm(f"海丰县雲谷{number}号軟件有限公司", credit_code=None, no_code_reason="未取得")
        done(world, a, b)
    sign_in(client, "leader")
    client.get("/merges")
    with queries_counted(app) as seen:
        page = client.get("/merges").get_data(as_text=True)
    assert page.count("同一企业重复登记") == rows
    assert len(seen) == LIST_QUERIES


LIST_QUERIES = 5


def test_the_list_is_searched_and_filtered(client: FlaskClient, world: World, pair: tuple[Firm, Firm]) -> None:
    done(world, *pair, picks={"revenue 2021-06": "winner"})
    sign_in(client, "auditor")
    for query, shown in (("q=雲谷", True), ("q=没有", False), ("state=undone", False), ("since=2021-10-16", False)):
        assert ("王培" in client.get(f"/merges?{query}").get_data(as_text=True).split("</h1>")[1]) is shown, query


# -- reach, and odd addresses ---------------------------------------------------------------------
def test_the_winners_county_learns_nothing_of_an_entry_out_of_its_reach(client: FlaskClient, world: World) -> None:
    winner, folded = world.firm(NAMES[0]), world.firm("陆丰市朱雀软件有限公司", by="lufeng")
    row = done(world, winner, folded, reason="密：与陆丰方面核实", code_ground="mistyped", code_checked=True)
    below = ("", "/history", "/history?field=name", "/facts", "/course", "/cases")
    pages = [f"/firms/{winner.id}{path}" for path in below]
    sign_in(client, "haifeng")
    for path in (*pages, f"/merges/{row.id}"):
        text = client.get(path).get_data(as_text=True)
        assert "密：" not in text, path
        assert str(folded.credit_code) not in text, path
    assert "本单位范围外的企业" in client.get(pages[1]).get_data(as_text=True)
    assert "朱雀" not in client.get(pages[1]).get_data(as_text=True)
    city = client.application.test_client()
    sign_in(city, "cityoffice")
    text = city.get(pages[1]).get_data(as_text=True)
    assert "密：与陆丰方面核实" in text
    assert str(folded.credit_code) in text


@pytest.mark.parametrize("query", ["endpoint=x", "_method=POST", "_external=1", "self=1", "firm_id=3"])
def test_no_query_makes_the_way_on_fail(client: FlaskClient, world: World, pair: tuple[Firm, Firm], query: str) -> None:
    winner, folded = pair
    done(world, winner, folded, picks={"revenue 2021-06": "winner"})
    sign_in(client, "haifeng")
    answer = client.get(f"/firms/{folded.id}?{query}")
    assert (answer.status_code, answer.location) == (302, f"/firms/{winner.id}?{query}")


def test_what_only_one_of_the_two_says_is_taken_and_not_asked(client: FlaskClient, world: World) -> None:
    winner = world.firm("海丰县云谷软件有限公司", employees=40, activity="软件开发")
    folded = world.firm(
        "海豐縣雲谷軟件有限公司",
        credit_code=None,
        no_code_reason="尚未领照",
        employees=50,
        taxpayer_kind="general",
        activity="",
    )
    db.session.commit()
    sign_in(client, "cityoffice")
    page = client.get(f"/firms/{folded.id}/merges/new?other={winner.id}&winner={winner.id}").get_data(as_text=True)
    asked = set(re.findall(r'name="keep-([a-z_]+)"', page))
    assert "employees" in asked
    assert asked.isdisjoint({"taxpayer_kind", "activity", "credit_code"})
    plan = client.post(f"/firms/{folded.id}/merges/new", data=hidden(page) | {"reason": "已电话核实"})
    assert client.post(f"/firms/{folded.id}/merges", data=hidden(plan.get_data(as_text=True))).status_code == 302
    db.session.refresh(winner)
    assert (winner.taxpayer_kind, winner.activity, winner.employees) == ("general", "软件开发", 40)
