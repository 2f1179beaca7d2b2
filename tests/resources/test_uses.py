"""Voucher cases that paid for a use: linked by their number, shown on both pages, removed with a reason."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import can
from registry.cases.models import Case
from registry.cases.services import steps
from registry.resources import texts
from registry.resources.models import Resource, ResourceUse
from registry.resources.queries import resources, uses
from registry.resources.services import using
from tests.cases.worlds import CaseWorld
from tests.resources.offered import institution, resource
from tests.resources.test_pages import send, text
from tests.world import NOW, TODAY, Build, World, signed_in


def submitted(city: CaseWorld, **more: str) -> Case:
    case = city.service("1000000", **more)
    steps.take(city.world.actor(more.get("by", "haifeng")), case, "submit", at=NOW, on=TODAY)
    return case


def offered(city: CaseWorld) -> Resource:
    return resource(city.world, institution(city.world), released=True)


def test_a_case_in_reach_is_linked_by_its_number_once(world: World) -> None:
    city = CaseWorld(world)
    row, case = offered(city), submitted(city)
    use = using.link(world.actor("haifeng"), row, f" {case.number} ", at=NOW)
    assert (use.case_id, use.by_name, resources.history(row)[0].verb) == (case.id, "陈晓", "link_resource")
    with pytest.raises(FieldError) as refused:
        using.link(world.actor("haifeng"), row, case.number, at=NOW)
    assert refused.value.template == texts.CASE_LINKED
    with pytest.raises(NotAllowed):
        using.link(world.actor("leader"), row, case.number, at=NOW)


def test_what_is_no_voucher_for_services_in_reach_is_not_linked(world: World) -> None:
    city = CaseWorld(world)
    row, draft, station = offered(city), city.service("1000000"), city.workstation("1500000")
    elsewhere = submitted(city, by="lufeng", firm="陆丰市碣石检测有限公司")
    for number, template in (
        ("", texts.CASE_NEEDED), ("CX-0", texts.CASE_UNKNOWN), (elsewhere.number, texts.CASE_UNKNOWN),
        (station.number, texts.CASE_OTHER_KIND), (draft.number, texts.CASE_DRAFT),
    ):  # fmt: skip
        with pytest.raises(FieldError) as refused:
            using.link(world.actor("haifeng"), row, number, at=NOW)
        assert (refused.value.field, refused.value.template) == ("number", template)


def test_a_link_is_removed_with_a_reason_and_stays_on_record(world: World) -> None:
    city = CaseWorld(world)
    row, case = offered(city), submitted(city)
    use = using.link(world.actor("haifeng"), row, case.number, at=NOW)
    assert not can(world.actor("lufeng"), "resource.unlink", use)
    with pytest.raises(ReasonNeeded):
        using.unlink(world.actor("haifeng"), use, reason="", at=NOW)
    using.unlink(world.actor("haifeng"), use, reason="编号填错", at=NOW)
    with pytest.raises(RegistryError) as refused:
        using.unlink(world.actor("haifeng"), use, reason="再来", at=NOW)
    assert refused.value.template == texts.LINK_GONE
    assert uses.of_case(case) == []
    assert [one.remove_reason for one in uses.of_resource(world.actor("haifeng"), row).rows] == ["编号填错"]
    using.link(world.actor("haifeng"), row, case.number, at=NOW)
    assert len(db.session.scalars(select(ResourceUse)).unique().all()) == 2


def test_of_cases_out_of_reach_only_their_number_is_told(world: World) -> None:
    city = CaseWorld(world)
    row, case = offered(city), submitted(city)
    using.link(world.actor("haifeng"), row, case.number, at=NOW)
    found = uses.of_resource(world.actor("lufeng"), row)
    assert (found.rows, found.beyond) == ((), 1)
    assert len(uses.of_resource(world.actor("science"), row).rows) == 1


def test_both_pages_show_the_link(app: Flask, build: Build) -> None:
    def begun(world: World) -> tuple[int, int, str]:
        city = CaseWorld(world)
        row, case = offered(city), submitted(city)
        return row.id, case.id, case.number

    number, case, named = build(begun)
    client = signed_in(app, "haifeng")
    answer = send(client, f"/resources/{number}/cases", number="CX-0")
    assert (answer.status_code, "没有编号“CX-0”" in answer.get_data(as_text=True)) == (422, True)
    assert send(client, f"/resources/{number}/cases", number=named).status_code == 302
    assert [
        part
        for part in (named, "海丰县云谷软件有限公司", "取消关联")
        if part not in text(client, f"/resources/{number}")
    ] == []
    assert [
        part for part in ("使用的科技资源", "气相色谱质谱联用仪") if part not in text(client, f"/cases/{case}")
    ] == []
    other = signed_in(app, "lufeng")
    page = text(other, f"/resources/{number}")
    assert [part for part in (named, "云谷") if part in page] == []
    assert "另有 1 件在本单位范围外" in page
    with app.app_context():
        use = db.session.scalars(select(ResourceUse)).unique().one().id
    assert other.get(f"/resource-uses/{use}/remove").status_code == 404
    assert send(client, f"/resource-uses/{use}/remove", reason="").status_code == 422
    assert send(client, f"/resource-uses/{use}/remove", reason="编号填错").status_code == 302
    assert "编号填错" in text(client, f"/resources/{number}")
    assert "使用的科技资源" not in text(client, f"/cases/{case}")
