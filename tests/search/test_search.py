"""What the field in the top bar finds, for whom, and what it never shows."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.cases.models import CaseCertificate
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.search import queries
from tests.cases.test_certificates import recognised
from tests.cases.worlds import CaseWorld
from tests.queries_counted import queries_counted
from tests.resources.offered import institution, resource
from tests.world import NOW, TODAY, World, credit_code, signed_in

YUNGU, LUFENG = "海丰县云谷软件有限公司", "陆丰市云谷软件有限公司"


def groups(client: Any, text: str) -> dict[str, tuple[str, list[str]]]:
    """Of the page of a search: heading -> what is said beside it, and the names listed."""
    answer = client.get("/search", query_string={"q": text})
    assert answer.status_code == 200, (text, answer.location)
    page = html.fromstring(answer.get_data(as_text=True))
    return {
        section.xpath("string(.//h2)"): (
            section.xpath("string(.//span[@class='small'])").partition("　")[0],
            section.xpath(".//ul[@class='found']/li/a/text()"),
        )
        for section in page.xpath("//main//section")
    }


@pytest.fixture
def town(world: World) -> World:
    world.firm(YUNGU, credit_code=credit_code(1))
    world.firm("海丰县星河数据有限公司", credit_code=credit_code(2))
    lufeng = "陆丰市东海镇人民路1号"
    world.firm(
        LUFENG, by="lufeng", credit_code=credit_code(3, "441581"), registered_address=lufeng, operating_address=""
    )
    db.session.commit()
    return world


@pytest.mark.parametrize("typed", ["云谷", "雲谷", "hfyg", "HFXYG", "hfyg rj", "海丰县云谷"])
def test_a_firm_is_found_by_two_characters_any_script_and_its_initials(app: Flask, town: World, typed: str) -> None:
    assert groups(signed_in(app, "haifeng"), typed) == {"企业": ("1 项", [YUNGU])}


def test_a_part_of_a_code_finds_all_that_have_it(app: Flask, town: World) -> None:
    found = groups(signed_in(app, "haifeng"), credit_code(1)[:9])
    assert found == {"企业": ("2 项", [YUNGU, "海丰县星河数据有限公司"])}


def test_a_firm_of_another_county_is_neither_listed_nor_counted(app: Flask, town: World) -> None:
    assert groups(signed_in(app, "haifeng"), "云谷软件") == {"企业": ("1 项", [YUNGU])}
    assert groups(signed_in(app, "lufeng"), "云谷软件") == {"企业": ("1 项", [LUFENG])}
    assert groups(signed_in(app, "cityoffice"), "云谷软件") == {"企业": ("2 项", [YUNGU, LUFENG])}
    answer = signed_in(app, "lufeng").get("/search", query_string={"q": credit_code(1)})
    assert "没有找到" in answer.get_data(as_text=True)
    assert YUNGU not in answer.get_data(as_text=True)


def test_a_former_name_finds_its_firm_and_exactly_this_name_stands_first(app: Flask, town: World) -> None:
    firm = db.session.scalars(select(Firm).where(Firm.name == YUNGU)).unique().one()
    entries.keep_name(firm, "海丰县老渔村餐饮店", at=NOW)
    world = town
    world.firm("阿星河数据有限公司", credit_code=credit_code(8))
    db.session.commit()
    client = signed_in(app, "haifeng")
    assert groups(client, "老渔村") == {"企业": ("1 项", [YUNGU])}
    names = ["海丰县星河数据有限公司", "阿星河数据有限公司"]
    assert groups(client, "海丰县星河数据有限公司") == {"企业": ("1 项", names[:1])}
    assert groups(client, "星河数据") == {"企业": ("2 项", names)}


def test_a_whole_code_or_number_leads_to_its_page(app: Flask, city: CaseWorld) -> None:
    case = recognised(city)
    certificate = db.session.scalars(select(CaseCertificate)).one()
    firm = city.world.firm(YUNGU, credit_code=credit_code(1))
    db.session.commit()
    client = signed_in(app, "cityoffice")
    for typed, leads_to in (
        (firm.credit_code, f"/firms/{firm.id}"),
        (f" {str(firm.credit_code).lower()} ", f"/firms/{firm.id}"),
        (case.number, f"/cases/{case.id}"),
        (certificate.number, f"/certificates/{certificate.id}"),
    ):
        answer = client.get("/search", query_string={"q": typed})
        assert (answer.status_code, answer.location) == (302, leads_to)


def test_cases_certificates_and_institutions_are_found_by_those_in_reach_alone(app: Flask, city: CaseWorld) -> None:
    recognised(city, "汕尾海上风电研究院")
    db.session.commit()
    named = "汕尾海上风电研究院"
    every = {"事项": ("1 项", [named]), "认定证书": ("1 项", [named]), "研发平台机构": ("1 项", [named])}
    assert groups(signed_in(app, "cityoffice"), "海上风电") == every
    assert groups(signed_in(app, "haifeng"), "海上风电") == every
    assert groups(signed_in(app, "lufeng"), "海上风电") == {}


def test_a_resource_is_found_by_its_owners_office_and_by_all_once_it_is_released(app: Flask, world: World) -> None:
    owner = institution(world)
    resource(world, owner, "气相色谱质谱联用仪")
    db.session.commit()
    shown = {"科技资源": ("1 项", ["气相色谱质谱联用仪"])}
    assert groups(signed_in(app, "haifeng"), "色谱质谱") == shown
    assert groups(signed_in(app, "lufeng"), "色谱质谱") == {}
    resource(world, owner, "红外光谱仪", released=True, serial="O-7")
    db.session.commit()
    assert groups(signed_in(app, "lufeng"), "光谱仪") == {"科技资源": ("1 项", ["红外光谱仪"])}


def test_accounts_are_found_by_those_who_administer_them_and_nothing_else_is(app: Flask, town: World) -> None:
    assert groups(signed_in(app, "sysadmin"), "haifeng") == {"用户": ("2 项", ["陈晓", "陈岚"])}
    assert groups(signed_in(app, "sysadmin"), "云谷") == {}
    assert groups(signed_in(app, "auditadmin"), "haifeng") == {}
    assert groups(signed_in(app, "cityoffice"), "haifeng") == {}
    assert groups(signed_in(app, "finance"), "云谷") == {}


def test_a_contact_finds_nobody(app: Flask, town: World) -> None:
    """Neither for whoever may reveal it: a search is no act, and nobody would know that it was looked up."""
    client = signed_in(app, "haifeng")
    assert groups(client, "13800135678") == groups(client, "陈小明") == {}


def test_ten_are_shown_and_the_rest_stands_in_the_list_with_the_same_number(app: Flask, world: World) -> None:
    for number in range(12):
        world.firm(f"海丰县云谷第{'一二三四五六七八九十东西'[number]}软件有限公司", credit_code=credit_code(number + 1))
    db.session.commit()
    client = signed_in(app, "haifeng")
    (label, (number, names)), *others = groups(client, "云谷").items()
    assert (label, number, len(names), others) == ("企业", "12 项", 10, [])
    page = html.fromstring(client.get("/search?q=云谷").get_data(as_text=True))
    (leads_to,) = page.xpath("//main//section//span[@class='small']/a/@href")
    assert "共 12 家" in client.get(leads_to).get_data(as_text=True)


@pytest.mark.parametrize(
    "typed, said",
    [
        ("", "可以输入企业名称"),
        ("云", "请再多输入一些"),
        ("没有这样的", "没有找到“没有这样的”"),
        ("云\u202e谷", "第2个字符（U+202E）"),
        ("云" * 101, "100"),
    ],
)
def test_what_cannot_be_looked_for_is_said(app: Flask, town: World, typed: str, said: str) -> None:
    answer = signed_in(app, "haifeng").get("/search", query_string={"q": typed})
    assert answer.status_code == 200
    page = html.fromstring(answer.get_data(as_text=True))
    assert said in page.xpath("string(//main)")


def test_a_search_costs_one_statement_a_kind(app: Flask, town: World) -> None:
    with app.app_context():
        actor = town.actor("cityoffice")
        queries.found(actor, "云谷")
        counts = []
        for text in ("云谷", "有限公司"):
            with queries_counted(app) as seen:
                queries.found(actor, text)
            counts.append(len(seen))
    assert counts == [5, 5]


# -- opened last ------------------------------------------------------------------------------------
def opened(client: Any) -> list[str]:
    page = client.get("/search/recent").get_data(as_text=True)
    return [str(name) for name in html.fromstring(f"<div>{page}</div>").xpath("//li/a/text()")]


def test_the_last_eight_that_were_opened_stand_newest_first(app: Flask, world: World) -> None:
    ids = [world.firm(f"海丰县第{n}软件有限公司", credit_code=credit_code(n)).id for n in range(1, 11)]
    db.session.commit()
    client = signed_in(app, "haifeng")
    assert opened(client) == []
    for number in [*ids, ids[3]]:
        assert client.get(f"/firms/{number}").status_code == 200
    order = [4, 10, 9, 8, 7, 6, 5, 3]
    assert opened(client) == [f"海丰县第{n}软件有限公司" for n in order]
    assert opened(signed_in(app, "haifeng")) == []
    assert f"海丰县第{4}软件有限公司" in client.get("/search").get_data(as_text=True)


def test_what_is_out_of_reach_is_neither_kept_nor_shown_any_more(app: Flask, town: World) -> None:
    mine, other = (db.session.scalars(select(Firm.id).where(Firm.name == name)).one() for name in (YUNGU, LUFENG))
    client = signed_in(app, "haifeng")
    assert client.get(f"/firms/{other}").status_code == 404
    assert client.get(f"/firms/{mine}").status_code == 200
    assert opened(client) == [YUNGU]
    firm = db.session.get_one(Firm, mine)
    firm.office, firm.statistical_county = town.user("lufeng").office, "441581"
    db.session.commit()
    assert opened(client) == []
    assert signed_in(app, "sysadmin").get("/search/recent").status_code == 403


def test_what_is_imported_is_found_by_its_initials(world: World) -> None:
    """The keys of a name are made where the name is written, whichever way it comes."""
    firm = world.firm(YUNGU, credit_code=credit_code(1))
    entries.edit(world.actor("haifeng"), firm, {"name": "海丰县潮汐网络有限公司"}, at=NOW, on=TODAY)
    db.session.commit()
    actor = world.actor("haifeng")
    assert [row.name for row in queries.found(actor, "hfcx")["firms"].rows] == ["海丰县潮汐网络有限公司"]
    assert [row.name for row in queries.found(actor, "hfyg").get("firms", queries.Hits()).rows] == []
