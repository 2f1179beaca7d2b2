"""A certificate is entered, renewed, corrected and voided; nothing is overwritten, and no number stands twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import can
from registry.qualifications import texts
from registry.qualifications.models import Qualification
from registry.qualifications.queries import qualifications
from registry.qualifications.services import recording
from registry.qualifications.services.recording import CertificateEntry, DoubtsUnanswered
from registry.trail.models import TrailEntry
from tests.qualifications.entered import ITEMS, certificate, facts
from tests.world import NOW, TODAY, World


def states(world: World) -> list[tuple[str, str | None]]:
    rows = db.session.scalars(select(Qualification).order_by(Qualification.id)).unique()
    return [(row.number, row.ended) for row in rows]


def test_a_certificate_is_entered_with_its_items_and_is_on_the_trail(world: World) -> None:
    row = certificate(world, world.admitted(), items=ITEMS)
    assert (row.number_key, row.office.code, row.by_name, row.at) == ("202119110001", "441521", "陈晓", NOW)
    assert qualifications.items_of([row.id]) == {row.id: ITEMS}
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "qualification")).one()
    assert (entry.verb, (entry.after or {})["items"].count("\n")) == ("record_qualification", 1)


def test_the_clerk_of_its_office_and_the_bureau_in_charge_enter_and_nobody_else(world: World) -> None:
    firm = world.admitted()
    held = {name for name in ("haifeng", "haifeng2", "industry", "lufeng", "market", "cityoffice", "statistics", "leader", "auditor") if can(world.actor(name), "qualification.record", firm)}  # fmt: skip
    assert held == {"haifeng", "haifeng2", "industry"}
    with pytest.raises(NotAllowed):
        certificate(world, firm, by="lufeng")
    assert certificate(world, firm, by="industry").office.code == "industry"


def test_the_city_office_enters_for_a_firm_that_the_city_holds(world: World) -> None:
    firm = world.firm("汕尾市信利咨询有限公司", by="cityoffice", industry="7244")
    assert can(world.actor("cityoffice"), "qualification.record", firm)


def test_a_number_unlike_its_kind_is_stored_only_with_a_reason(world: World) -> None:
    firm = world.admitted()
    with pytest.raises(DoubtsUnanswered) as doubted:
        certificate(world, firm, "CMA-2021-1")
    assert [one.template for one in doubted.value.points] == [texts.DOUBT_NUMBER]
    row = certificate(world, firm, "CMA-2021-1", doubt="已核对证书原件")
    assert (row.number, row.number_key, row.doubt_reason) == ("CMA-2021-1", "CMA20211", "已核对证书原件")


def test_a_reason_without_a_doubt_is_not_kept(world: World) -> None:
    assert certificate(world, world.admitted(), doubt="已核对").doubt_reason == ""


@pytest.mark.parametrize(
    "changes, field, why",
    [
        ({"kind": "iso"}, "kind", texts.KIND_UNKNOWN),
        ({"issuer": ""}, "issuer", texts.ISSUER_NEEDED),
        ({"valid_to": date(2021, 2, 1)}, "valid_to", texts.TO_BEFORE_FROM),
        ({"kind": "software", "items": ITEMS}, "items", texts.ITEMS_OF_NONE),
    ],
)
def test_what_cannot_be_is_refused_whatever_is_said_for_it(
    world: World, changes: dict[str, object], field: str, why: str
) -> None:
    with pytest.raises(FieldError) as refused:
        certificate(world, world.admitted(), doubt="已核对", **changes)
    assert (refused.value.field, refused.value.template) == (field, why)


def test_a_renewal_follows_and_the_old_one_stays_true_for_its_days(world: World) -> None:
    old = certificate(world, world.admitted(), valid_from=date(2015, 3, 1), valid_to=date(2021, 11, 1), doubt="旧证")
    later = CertificateEntry(facts("202119110002", valid_from=date(2021, 10, 1), valid_to=date(2027, 9, 30)))
    new = recording.renew(world.actor("haifeng"), old, later, at=NOW, on=TODAY)
    assert (old.ended, old.ended_by_name, new.renews_id, new.ended) == ("renewed", "陈晓", old.id, None)
    assert [row.id for row in qualifications.chain_of(new)] == [new.id, old.id]
    with pytest.raises(RegistryError) as refused:
        recording.void(world.actor("haifeng"), old, reason="作废", at=NOW)
    assert refused.value.template == texts.NOT_STANDING


def test_a_renewal_begins_later_than_what_it_renews(world: World) -> None:
    old = certificate(world, world.admitted())
    with pytest.raises(FieldError) as refused:
        recording.renew(world.actor("haifeng"), old, CertificateEntry(facts("202119110009")), at=NOW, on=TODAY)
    assert refused.value.field == "valid_from"


def test_a_correction_appends_and_keeps_the_number_to_itself(world: World) -> None:
    row = certificate(world, world.admitted())
    who, entry = world.actor("haifeng"), CertificateEntry(facts(issuer="汕尾市市场监督管理局"))
    with pytest.raises(ReasonNeeded):
        recording.correct(who, row, entry, reason=" ", at=NOW, on=TODAY)
    new = recording.correct(who, row, entry, reason="抄错机关", at=NOW, on=TODAY)
    assert (row.ended, row.issuer, row.end_reason) == ("corrected", "广东省市场监督管理局", "抄错机关")
    assert (new.corrects_id, new.issuer, new.number) == (row.id, "汕尾市市场监督管理局", row.number)
    with pytest.raises(RegistryError) as refused:
        recording.correct(who, new, entry, reason="再来", at=NOW, on=TODAY)
    assert refused.value.template == texts.NOTHING_CHANGED


def test_a_renewal_that_is_voided_lets_the_old_one_stand_again(world: World) -> None:
    old, who = certificate(world, world.admitted()), world.actor("haifeng")
    later = CertificateEntry(facts("202119110002", valid_from=date(2021, 10, 1), valid_to=date(2027, 9, 30)))
    new = recording.renew(who, old, later, at=NOW, on=TODAY)
    fixed = CertificateEntry(replace(later.facts, scope="食品检测"))
    corrected = recording.correct(who, new, fixed, reason="抄错范围", at=NOW, on=TODAY)
    recording.void(who, corrected, reason="换证没有办成", at=NOW)
    assert states(world) == [("202119110001", None), ("202119110002", "corrected"), ("202119110002", "voided")]


def test_one_number_stands_at_one_firm_and_whose_it_is_is_said_only_to_whoever_sees_it(world: World) -> None:
    first, second = world.admitted(), world.admitted("海丰县青梅检测有限公司")
    other = world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    certificate(world, first)
    told = []
    for firm, by in ((first, "haifeng"), (second, "haifeng"), (other, "lufeng"), (other, "industry")):
        with pytest.raises(FieldError) as refused:
            certificate(world, firm, "2021 1911 0001", by=by)
        told.append((refused.value.template, refused.value.values.get("name")))
    assert told == [
        (texts.ALREADY, None),
        (texts.HELD_HERE, first.name),
        (texts.HELD_ELSEWHERE, None),
        (texts.HELD_HERE, first.name),
    ]


def test_a_number_that_was_renewed_is_still_its_firms_and_a_voided_one_is_free(world: World) -> None:
    first, second, who = world.admitted(), world.admitted("海丰县青梅检测有限公司"), world.actor("haifeng")
    old = certificate(world, first)
    later = CertificateEntry(facts("202119110002", valid_from=date(2021, 10, 1), valid_to=date(2027, 9, 30)))
    new = recording.renew(who, old, later, at=NOW, on=TODAY)
    with pytest.raises(FieldError):
        certificate(world, second, "202119110001")
    recording.void(who, new, reason="登记错了", at=NOW)
    recording.void(who, old, reason="登记错了", at=NOW)
    assert certificate(world, second, "202119110001").firm_id == second.id


def test_the_database_itself_refuses_a_second_row_that_stands(world: World) -> None:
    row = certificate(world, world.admitted())
    twin = Qualification(
        firm_id=row.firm_id, kind="cma", number="x", number_key=row.number_key, issuer="x", valid_from=TODAY,
        office_id=row.office_id, by_id=row.by_id, by_name="x", at=NOW,
    )  # fmt: skip
    db.session.add(twin)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_paper_is_the_firms_own_and_stands(world: World) -> None:
    firm, other = world.admitted(), world.admitted("海丰县青梅检测有限公司")
    foreign = world.document(other, year=2020)
    with pytest.raises(FieldError) as refused:
        recording.add(world.actor("haifeng"), firm, CertificateEntry(facts(), foreign), at=NOW, on=TODAY)
    assert refused.value.field == "document"
    own = world.document(firm, year=2020)
    row = recording.add(world.actor("haifeng"), firm, CertificateEntry(facts(), own), at=NOW, on=TODAY)
    assert row.document is own
