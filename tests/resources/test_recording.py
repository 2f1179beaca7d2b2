"""What may stand of a resource, what is doubted, and what of it is released: by the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import can
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries import released, resources
from registry.resources.queries.resources import ResourceQuery
from registry.resources.rules.keys import serial_key
from registry.resources.rules.rights import ResourceOwner, sees
from registry.resources.rules.states import ResourceState, state_of
from registry.resources.services import recording, releasing
from registry.resources.services.checking import ResourceDoubts, facts_of
from registry.trail.models import TrailEntry
from tests.resources.offered import facts, institution, resource
from tests.world import NOW, PEOPLE, TODAY, World


def acts(row: Resource) -> list[str]:
    return [entry.verb for entry in resources.history(row)]


def correct(world: World, row: Resource, by: str = "haifeng", *, reason: str = "核对铭牌", keep: bool = False, **changes: object) -> None:  # fmt: skip
    new = replace(facts_of(row), **changes)  # type: ignore[arg-type]
    recording.correct(
        world.actor(by), row, new, seen=row.revision, reason=reason, at=NOW, on=TODAY, keep_released=keep
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes, field, template",
    [
        ({"kind": "telescope"}, "kind", texts.KIND_UNKNOWN),
        ({"name": ""}, "name", texts.NAME_NEEDED),
        ({"capability": ""}, "capability", texts.CAPABILITY_NEEDED),
        ({"division": "441521101"}, "division", texts.PLACE_NEEDED),
        ({"kind": "testing"}, "maker", texts.NUMBERED_ONLY),
        ({"serial": "--"}, "", ""),
        ({"valid_to": date(2021, 2, 28)}, "valid_to", texts.TO_BEFORE_FROM),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(world: World, changes: dict[str, object], field: str, template: str) -> None:  # fmt: skip
    owner, given = ResourceOwner(firm=world.admitted()), replace(facts(), **changes)  # type: ignore[arg-type]
    with pytest.raises(FieldError) as refused:
        recording.enter(world.actor("haifeng"), owner, given, at=NOW, on=TODAY)
    expected = (field, template) if field else ("serial", texts.SERIAL_EMPTY)
    assert (refused.value.field, refused.value.template) == expected
    assert db.session.scalars(select(Resource)).all() == []


def test_whoever_keeps_the_firm_or_the_institution_enters_what_it_offers_and_nobody_else(world: World) -> None:
    firm, body = world.admitted(), institution(world)
    for owner in (ResourceOwner(firm=firm), ResourceOwner(institution=body)):
        allowed = {name for name in PEOPLE if can(world.actor(name), "resource.record", owner)}
        assert "haifeng" in allowed
        assert allowed.isdisjoint({"lufeng", "chengqu", "statistics", "leader", "auditor", "finance", "sysadmin"})
    with pytest.raises(NotAllowed):
        resource(world, firm, by="lufeng")


def test_the_same_serial_number_is_said_whoever_has_it_and_stored_only_with_a_reason(world: World) -> None:
    first = resource(world, world.admitted())
    other = world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    with pytest.raises(ResourceDoubts) as doubted:
        resource(world, other, by="lufeng", serial="o－20201234", division="441581")
    (point,) = doubted.value.points
    assert (point.template, point.values["office"]) == (texts.SAME_SERIAL_BEYOND, first.office.short_name)
    assert first.owner_name not in str(point.values), "of one out of reach only the office is told"
    row = resource(world, other, by="lufeng", serial="O-20201234", division="441581", doubt="两台，已核对铭牌")
    assert row.doubt_reason == "两台，已核对铭牌"
    releasing.release(world.actor("science"), first, seen=first.revision, at=NOW, on=TODAY)
    with pytest.raises(ResourceDoubts) as doubted:
        resource(world, other, "质谱仪", by="lufeng", serial="O20201234", division="441581")
    assert {one.template for one in doubted.value.points} == {texts.SAME_SERIAL}
    assert first.owner_name in {one.values["owner"] for one in doubted.value.points}


def test_a_service_of_one_name_offered_twice_is_said(world: World) -> None:
    firm = world.admitted()
    resource(world, firm, "建材检测", kind="testing")
    with pytest.raises(ResourceDoubts) as doubted:
        resource(world, firm, "建材 检测", kind="testing")
    assert [one.template for one in doubted.value.points] == [texts.SAME_NAME]
    resource(world, firm, "建材检测", kind="calibration")


def test_a_correction_keeps_what_was_before_on_the_trail_with_contacts_masked(world: World) -> None:
    row = resource(world, world.admitted())
    with pytest.raises(ReasonNeeded):
        correct(world, row, price="300元/样", reason=" ")
    with pytest.raises(RegistryError) as refused:
        correct(world, row)
    assert refused.value.template == texts.NOTHING_CHANGED
    correct(world, row, price="300元/样", contact_phone="13900000000")
    entry = resources.history(row)[0]
    assert (entry.verb, entry.reason) == ("edit_resource", "核对铭牌")
    assert entry.before == {"price": "200元/样", "contact_phone": "138****5678"}
    assert entry.after == {"price": "300元/样", "contact_phone": "139****0000"}
    with pytest.raises(StaleRecord):
        recording.correct(
            world.actor("haifeng"), row, facts(price="x"), seen=1, reason="y", at=NOW, on=TODAY
        )  # fmt: skip


def test_only_the_bureau_in_charge_releases_what_its_owner_agreed_to(world: World) -> None:
    row = resource(world, world.admitted(), wishes_release=False)
    assert {name for name in PEOPLE if can(world.actor(name), "resource.release", row)} == {"science", "cityoffice"}
    with pytest.raises(NotAllowed):
        releasing.release(world.actor("haifeng"), row, seen=row.revision, at=NOW, on=TODAY)

    def refusal() -> str:
        found = releasing.obstacle(row, TODAY)
        return found.template if found else ""

    assert refusal() == texts.NOT_WISHED
    correct(world, row, wishes_release=True)
    assert refusal() == ""
    correct(world, row, contact_phone="")
    assert refusal() == texts.NO_CONTACT
    correct(world, row, contact_phone="13812345678")
    releasing.release(world.actor("science"), row, seen=row.revision, at=NOW, on=TODAY)
    assert (row.released_by_name, row.released_office.short_name if row.released_office else "") == (
        "李科", world.user("science").office.short_name,
    )  # fmt: skip
    assert refusal() == texts.ALREADY_RELEASED
    assert acts(row)[0] == "release_resource"


def test_a_release_of_what_was_not_shown_is_refused(world: World) -> None:
    row = resource(world, world.admitted())
    seen = row.revision
    correct(world, row, price="面议")
    with pytest.raises(StaleRecord):
        releasing.release(world.actor("science"), row, seen=seen, at=NOW, on=TODAY)


def test_a_firm_that_is_not_in_the_directory_is_not_released(world: World) -> None:
    row = resource(world, world.firm())
    found = releasing.obstacle(row, TODAY)
    assert found is not None
    assert found.template == texts.OWNER_GONE


def test_a_correction_of_what_is_public_ends_the_release_unless_who_releases_says_otherwise(world: World) -> None:
    row = resource(world, world.admitted(), released=True)
    correct(world, row, serial="O-20209999")
    assert row.released_at is not None, "the serial number is nobody's to read"
    correct(world, row, contact_phone="13900000000")
    assert row.released_at is not None, "nor is a contact that is not public"
    correct(world, row, price="300元/样", keep=True)
    assert (row.released_at, row.withdraw_reason) == (None, texts.ENDED_BY_EDIT)
    assert acts(row)[:2] == ["withdraw_resource", "edit_resource"]
    releasing.release(world.actor("science"), row, seen=row.revision, at=NOW, on=TODAY)


def test_who_may_correct_and_release_says_at_once_that_a_corrected_one_stays_released(world: World) -> None:
    row = resource(world, institution(world), released=True)
    correct(world, row, by="science", price="300元/样", keep=True)
    assert (row.released_by_name, acts(row)[0]) == ("李科", "edit_resource")
    correct(world, row, by="science", price="400元/样")
    assert row.released_at is None


def test_a_release_is_withdrawn_with_a_reason_by_who_releases_or_who_answers_for_it(world: World) -> None:
    row = resource(world, world.admitted(), released=True)
    assert {name for name in PEOPLE if can(world.actor(name), "resource.withdraw", row)} >= {"science", "haifeng"}
    assert not can(world.actor("lufeng"), "resource.withdraw", row)
    with pytest.raises(ReasonNeeded):
        releasing.withdraw(world.actor("haifeng"), row, reason="", at=NOW)
    releasing.withdraw(world.actor("haifeng"), row, reason="停止对外服务", at=NOW)
    assert (row.released_at, row.withdrawn_by_name, row.withdraw_reason) == (None, "陈晓", "停止对外服务")
    with pytest.raises(RegistryError):
        releasing.withdraw(world.actor("haifeng"), row, reason="再撤", at=NOW)


def town(world: World) -> dict[str, Resource]:
    first, second = world.admitted(), world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    lead, body = world.firm("海丰县青梅软件有限公司"), institution(world)
    found = {
        "released": resource(world, first, "甲", serial="A1", released=True),
        "waiting": resource(world, first, "乙", serial="A2"),
        "private": resource(world, first, "丙", serial="A3", wishes_release=False),
        "expired": resource(world, second, "丁", serial="A4", by="lufeng", division="441581", released=True),
        "future": resource(world, body, "戊", serial="A5", valid_from=TODAY + timedelta(days=1), released=True),
        "voided": resource(world, second, "己", serial="A6", by="lufeng", division="441581"),
        "suspended": resource(world, second, "庚", serial="A7", by="lufeng", division="441581", released=True),
        "of a lead": resource(world, lead, "辛", serial="A8"),
        "of a body": resource(world, body, "壬", kind="novelty_search", released=True),
    }
    found["expired"].valid_to = TODAY - timedelta(days=1)
    recording.void(world.actor("lufeng"), found["voided"], reason="报废", at=NOW)
    found["suspended"].firm, found["suspended"].released_at = lead, NOW
    db.session.flush()
    return found


def test_the_state_is_the_same_in_python_and_in_sql(world: World) -> None:
    rows = town(world)
    who = world.actor("statistics")
    for state in ResourceState:
        found = db.session.scalars(resources.matching(who, ResourceQuery(state=state), TODAY)).unique()
        told = {name for name, row in rows.items() if state_of(row, TODAY) is state}
        assert {row.name for row in found} == {rows[name].name for name in told}, state
        assert told, state


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_the_row_scope_is_the_same_in_python_and_in_sql(world: World, username: str) -> None:
    rows = town(world)
    who = world.actor(username)
    seen = db.session.scalars(resources.visible_to(who)).unique()
    assert {row.name for row in seen} == {row.name for row in rows.values() if sees(who, row)}


def test_a_county_sees_its_own_and_what_others_released_and_nothing_else(world: World) -> None:
    rows = town(world)
    assert {name for name, row in rows.items() if sees(world.actor("chengqu"), row)} == {
        "released", "expired", "future", "of a body",
    }  # fmt: skip
    assert {name for name, row in rows.items() if sees(world.actor("sysadmin"), row)} == set()
    assert {name for name, row in rows.items() if sees(world.actor("science"), row)} == set(rows), (
        "it looks at what waits"
    )


def test_what_is_released_is_what_is_public_on_the_day_and_its_public_fields_alone(world: World) -> None:
    rows = town(world)
    found = db.session.scalars(released.released(TODAY)).unique()
    assert {row.name for row in found} == {"甲", "壬"}
    public = released.public_fields(rows["released"])
    assert (public.booking_name, public.booking_phone, public.owner) == ("", "", "海丰县云谷软件有限公司")
    told = str(public)
    assert [secret for secret in ("林晓燕", "13812345678", "A1", "陈晓", "李科") if secret in told] == []
    rows["released"].contact_public = True
    assert released.public_fields(rows["released"]).booking_phone == "13812345678"


def test_a_search_of_what_is_released_finds_by_public_fields_alone(world: World) -> None:
    firm = world.admitted()
    resource(world, firm, "拉曼光谱仪", serial="XS-77", released=True, contact_name="林晓燕")
    hits = {
        text: len(db.session.scalars(released.released(TODAY, text=text)).unique().all())
        for text in (
            "拉曼",
            "光谱",
            "云谷",
            "岛津",
            "18204.2",
            firm.credit_code or "",
            "XS-77",
            "林晓燕",
            "13812345678",
        )
    }
    assert {text for text, count in hits.items() if count} == {"拉曼", "光谱", "云谷", "岛津", "18204.2"}


def test_looking_at_the_contact_is_an_act_for_a_purpose(world: World) -> None:
    row = resource(world, world.admitted(), contact_public=True)
    with pytest.raises(NotAllowed):
        recording.reveal(world.actor("lufeng"), row, at=NOW, purpose="预约")
    with pytest.raises(ReasonNeeded):
        recording.reveal(world.actor("haifeng"), row, at=NOW, purpose="")
    releasing.release(world.actor("science"), row, seen=row.revision, at=NOW, on=TODAY)
    told = recording.reveal(world.actor("lufeng"), row, at=NOW, purpose="预约检测")
    assert told == {"contact_name": "林晓燕", "contact_phone": "13812345678"}
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "reveal")).one()
    assert (entry.subject_kind, entry.subject_id, entry.reason) == ("resource", row.id, "预约检测")
    assert "reveal" not in acts(row)


def test_a_voided_resource_is_released_no_more(world: World) -> None:
    row = resource(world, world.admitted(), released=True)
    recording.void(world.actor("haifeng"), row, reason="报废", at=NOW)
    assert (row.released_at, state_of(row, TODAY)) == (None, ResourceState.VOIDED)
    assert acts(row)[:2] == ["void_resource", "withdraw_resource"]
    with pytest.raises(RegistryError):
        correct(world, row, price="x")


@pytest.mark.once
@pytest.mark.parametrize(
    "typed, key",
    [
        ("O-2020 1234", "O20201234"),
        ("ｏ－２０２０／1234", "O20201234"),
        ("S/N: O20201234", "O20201234"),
        ("出厂编号：O2020-1234", "O20201234"),
        ("SN-001", "001"),
        ("SNX1", "SNX1"),
        ("--", ""),
    ],
)
def test_serial_numbers_are_compared_without_what_says_nothing(typed: str, key: str) -> None:
    assert serial_key(typed) == key
