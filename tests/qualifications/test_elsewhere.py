"""What others read of qualifications: the ledger's column and filter, a past day; what a merge does with them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from registry.base.clocks import AsOf, Known
from registry.base.extensions import db
from registry.base.vocabulary import UndoGround
from registry.ledger.queries import asof, ledger
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.merges.queries import undo_plans
from registry.merges.rules import Pick
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.qualifications.models import Qualification
from registry.qualifications.queries import held
from registry.qualifications.services import recording
from registry.qualifications.services.recording import CertificateEntry
from tests.qualifications.entered import certificate, facts
from tests.world import NOW, TODAY, World

YUNGU, QINGMEI, SHAN = "海丰县云谷软件有限公司", "海丰县青梅检测有限公司", "海丰县山海咨询有限公司"


def town(world: World) -> None:
    first, second = world.admitted(YUNGU), world.admitted(QINGMEI)
    world.admitted(SHAN)
    certificate(world, first, "GR202144000001", kind="high_tech", valid_to=TODAY + timedelta(days=700), issuer="厅局")
    certificate(world, first)
    certificate(world, second, "L1234", kind="cnas", valid_to=TODAY + timedelta(days=90), issuer="认可委")
    certificate(world, second, "202119110009", valid_to=TODAY - timedelta(days=1), doubt="旧证")


def found(world: World, **asked: object) -> list[str]:
    wanted = LedgerQuery(**asked)  # type: ignore[arg-type]
    lines = ledger.page(world.actor("haifeng"), wanted, Order("name", descending=False), number=1, size=20)
    return [line["name"] for line in lines]


def test_the_ledger_shows_which_kinds_a_firm_holds(world: World) -> None:
    town(world)
    lines = ledger.page(world.actor("haifeng"), LedgerQuery(), Order("name", descending=False), number=1, size=20)
    assert {line["name"]: line["held_qualifications"] for line in lines} == {
        YUNGU: ("CMA", "高企"), QINGMEI: ("CNAS",), SHAN: (),
    }  # fmt: skip


def test_the_ledger_finds_firms_by_what_they_hold_and_by_what_expires(world: World) -> None:
    town(world)
    assert {
        "cma": found(world, qualification="cma"), "cnas": found(world, qualification="cnas"),
        "any": sorted(found(world, qualification=held.ANY)), "expiring": found(world, expiring=True),
        "both": found(world, qualification="cma", expiring=True),
    } == {"cma": [YUNGU], "cnas": [QINGMEI], "any": sorted([YUNGU, QINGMEI]), "expiring": [QINGMEI], "both": []}  # fmt: skip
    assert ledger.tally(world.actor("haifeng"), LedgerQuery(qualification="cma")).total.firms == 1


def test_a_renewed_certificate_counts_for_its_own_days_and_does_not_expire(world: World) -> None:
    town(world)
    row = db.session.scalars(select(Qualification).where(Qualification.kind == "cnas")).unique().one()
    later = facts("L1235", kind="cnas", issuer="认可委", valid_from=TODAY + timedelta(days=80), valid_to=TODAY + timedelta(days=900))  # fmt: skip
    recording.renew(world.actor("haifeng"), row, CertificateEntry(later), at=NOW, on=TODAY)
    assert (found(world, qualification="cnas"), found(world, expiring=True)) == ([QINGMEI], [])


def test_on_a_past_day_the_ledger_says_what_was_held_then(world: World) -> None:
    town(world)
    row = db.session.scalars(select(Qualification).where(Qualification.kind == "high_tech")).unique().one()
    recording.void(world.actor("haifeng"), row, reason="撤销", at=NOW + timedelta(days=2))
    told = {}
    for known in Known:
        past = asof.found(world.actor("haifeng"), LedgerQuery(), Order(), AsOf(TODAY, known))
        told[known] = {line["name"]: line["held_qualifications"] for line in past.lines}[YUNGU]
    assert told == {Known.THEN: ("CMA", "高企"), Known.NOW: ("CMA",)}
    wanted = LedgerQuery(qualification="cnas", expiring=True)
    past = asof.found(world.actor("haifeng"), wanted, Order(), AsOf(TODAY, Known.THEN))
    assert [line["name"] for line in past.lines] == [QINGMEI]


def of(world: World, number: str) -> str:
    db.session.flush()
    db.session.expire_all()
    rows = select(Qualification).where(Qualification.number == number).order_by(Qualification.id.desc())
    row = db.session.scalars(rows).unique().first()
    assert row is not None
    return row.firm.name


def test_a_merge_takes_certificates_along_and_gives_them_back_with_their_renewals(world: World) -> None:
    stays, goes, who = world.admitted(YUNGU), world.admitted(QINGMEI), world.actor("haifeng")
    city, later = world.actor("cityoffice"), NOW + timedelta(hours=1)
    old = certificate(world, goes)
    choice = MergeChoice(reason="同一企业", code_ground="mistyped", code_checked=True, picks={"name": Pick.WINNER, "credit_code": Pick.WINNER, "revenue 2021-09": Pick.WINNER})  # fmt: skip
    merge = merging.merge(city, stays, goes, choice, at=NOW, on=TODAY)
    assert of(world, "202119110001") == YUNGU
    renewal = CertificateEntry(facts("202119110002", valid_from=TODAY, valid_to=TODAY + timedelta(days=2000)))
    recording.renew(who, old, renewal, at=later, on=TODAY)
    asked = certificate(world, stays, "L1234", kind="cnas", issuer="认可委")
    kept = certificate(world, stays, "GR202144000001", kind="high_tech", valid_to=TODAY + timedelta(days=700))
    additions = {one.key for one in undo_plans.undoing(merge).additions}
    assert additions >= {f"qualification-{asked.id}", f"qualification-{kept.id}"}
    assert len([key for key in additions if key.startswith("qualification")]) == 2
    picks = {f"qualification-{asked.id}": Pick.FOLDED}
    unmerging.unmerge(city, merge, reason="两家企业", ground=UndoGround.APART, picks=picks, at=later, on=TODAY)
    db.session.expire_all()
    assert {number: of(world, number) for number in ("202119110001", "202119110002", "L1234", "GR202144000001")} == {
        "202119110001": QINGMEI, "202119110002": QINGMEI, "L1234": QINGMEI, "GR202144000001": YUNGU,
    }  # fmt: skip
