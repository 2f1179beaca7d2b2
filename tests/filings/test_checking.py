"""The papers of a filing: asked once, of the right period, sealed, waived with a reason; appended, never changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from registry.base.errors import FieldError, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import can
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.filings.models import PaperState
from registry.filings.queries import announced, checklists, readiness
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.rules.intake import PaperStatus
from registry.filings.services import checking
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from tests.filed import SEPTEMBER, attach, complete, enrolled, qualified, window
from tests.world import NOW, TODAY, World


def statuses(firm: Firm, on: date = TODAY) -> dict[str, str]:
    """What is needed or in hand, by code."""
    ready = readiness.of(firm, announced.next_for(firm, on), on=on)
    return {
        entry.item.material.code: entry.item.status.value
        for entry in ready.entries
        if entry.item.needed or entry.item.status is not PaperStatus.MISSING
    }


def test_what_was_uploaded_for_a_figure_is_not_asked_for_again_but_its_seal_is_looked_at(world: World) -> None:
    window(world)
    firm = qualified(world)
    assert statuses(firm) == {
        "M01": "missing", "M02": "missing", "M03": "missing", "M04": "unsealed", "M05": "unsealed", "M12": "missing",
    }  # fmt: skip
    complete(world, firm)
    assert set(statuses(firm).values()) == {"held"}


def test_a_paper_of_another_month_does_not_count_and_cannot_be_recorded(world: World) -> None:
    window(world)
    firm = qualified(world)
    august = attach(world, firm, "M01", period=Period(2021, 8))
    assert statuses(firm)["M01"] == "missing"
    with pytest.raises(FieldError) as refused:
        checking.hold(world.actor("haifeng"), firm, reference.materials()["M01"], SEPTEMBER, SEPTEMBER, august, at=NOW)
    assert str(refused.value) == "所选材料的期别是 2021-08，申报要求 2021-09，请换一份。"


def test_a_licence_once_seen_sealed_serves_the_next_window_too(world: World) -> None:
    window(world)
    window(
        world,
        door="annual_second",
        batch="第二批",
        opens_on=date(2021, 12, 1),
        closes_on=date(2021, 12, 16),
        statement_month=11,
    )
    firm = qualified(world)
    complete(world, firm)
    found = statuses(firm, on=date(2021, 12, 1))
    assert {code: found[code] for code in ("M01", "M02", "M03", "M04")} == {
        "M01": "missing", "M02": "held", "M03": "held", "M04": "missing",
    }  # fmt: skip


def entry_of(firm: Firm, code: str) -> ChecklistRow:
    return checklists.by_code(readiness.of(firm, announced.next_for(firm, TODAY), on=TODAY).entries)[code]


def test_a_paper_without_its_seal_is_not_complete_and_a_void_one_is_none(world: World) -> None:
    window(world)
    firm, clerk = qualified(world), world.actor("haifeng")
    paper = attach(world, firm, "M01")
    row = reference.materials()["M01"]
    checking.hold(clerk, firm, row, SEPTEMBER, SEPTEMBER, paper, at=NOW)
    assert statuses(firm)["M01"] == "unsealed"
    checking.confirm_seal(world.actor("industry"), firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW)
    assert statuses(firm)["M01"] == "held"
    attachments.void(clerk, firm, paper, at=NOW, on=TODAY, reason="缺页")
    assert statuses(firm)["M01"] == "missing"


def test_a_seal_is_seen_by_another_office_than_the_one_that_brought_the_paper(world: World) -> None:
    window(world)
    firm = qualified(world)
    attach(world, firm, "M01")
    with pytest.raises(RegistryError) as refused:
        checking.confirm_seal(world.actor("haifeng"), firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW)
    assert str(refused.value) == f"{entry_of(firm, 'M01').row.name} 由本单位上传，印章须由其他单位核对。"
    people = ("haifeng", "lufeng", "industry", "science", "cityoffice", "statistics", "leader", "auditor")
    may = {name for name in people if can(world.actor(name), "paper.seal", firm)}
    assert may == {"industry", "statistics"}


def test_an_earlier_word_of_the_own_office_about_a_seal_does_not_count(world: World) -> None:
    """As records before the rule: the office that brought the paper ticked the seal itself."""
    window(world)
    firm = qualified(world)
    paper = attach(world, firm, "M01")
    state = checking.hold(
        world.actor("haifeng"), firm, reference.materials()["M01"], SEPTEMBER, SEPTEMBER, paper, at=NOW
    )
    db.session.add(
        PaperState(
            **{key: getattr(state, key) for key in ("firm_id", "material", "year", "month", "document_id", "office_id")},
            state="held", sealed=True, by_name="陈晓", at=NOW,
        )
    )  # fmt: skip
    db.session.flush()
    assert statuses(firm)["M01"] == "unsealed"


def test_a_seal_that_was_not_there_sends_the_paper_back_until_another_one_comes(world: World) -> None:
    window(world)
    firm, who = qualified(world), world.actor("statistics")
    first = attach(world, firm, "M01")
    with pytest.raises(FieldError):
        checking.deny_seal(who, firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW, remark=" ")
    checking.deny_seal(who, firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW, remark="第二页没有盖章")
    assert statuses(firm)["M01"] == "missing"
    with pytest.raises(RegistryError):
        checking.confirm_seal(who, firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW)
    row, clerk = reference.materials()["M01"], world.actor("haifeng")
    checking.hold(clerk, firm, row, SEPTEMBER, SEPTEMBER, first, at=NOW, remark="已补")
    assert statuses(firm)["M01"] == "unsealed"
    checking.confirm_seal(who, firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW)
    assert statuses(firm)["M01"] == "held"


def test_statistics_waives_with_a_reason_and_asks_for_more(world: World) -> None:
    window(world)
    firm, who = qualified(world), world.actor("statistics")
    licence, visit = reference.materials()["M03"], reference.materials()["M09"]
    with pytest.raises(ReasonNeeded):
        checking.waive(who, firm, licence, SEPTEMBER, at=NOW, reason=" ")
    checking.waive(who, firm, licence, SEPTEMBER, at=NOW, reason="五证合一已核实")
    checking.ask(who, firm, visit, SEPTEMBER, at=NOW, reason="需现场核查")
    complete(world, firm)
    assert {code: statuses(firm)[code] for code in ("M03", "M09")} == {"M03": "waived", "M09": "held"}


def test_whose_office_it_is_records_and_only_statistics_waives(world: World) -> None:
    window(world)
    firm = qualified(world)
    people = ("haifeng", "lufeng", "industry", "cityoffice", "statistics", "leader", "auditor")
    assert {name: (can(world.actor(name), "paper.record", firm), can(world.actor(name), "paper.waive", firm)) for name in people} == {
        "haifeng": (True, False), "lufeng": (False, False), "industry": (False, False), "cityoffice": (False, False),
        "statistics": (False, True), "leader": (False, False), "auditor": (False, False),
    }  # fmt: skip


def test_a_firm_that_has_entered_collects_no_papers(world: World) -> None:
    firm = enrolled(world).firm
    assert not can(world.actor("haifeng"), "paper.record", firm)
    with pytest.raises(RegistryError):
        checking.waive(world.actor("statistics"), firm, reference.materials()["M03"], SEPTEMBER, at=NOW, reason="免")


def test_papers_follow_the_taxpayer_the_accounting_and_the_case(world: World) -> None:
    window(world)
    plain = qualified(world, taxpayer_kind="small_scale")
    general = qualified(world, "海丰县白鹭软件有限公司", taxpayer_kind="general")
    general.accounting = "non_profit"
    entries.rename(
        world.actor("haifeng"), general, "海丰县白鹭云软件有限公司", at=NOW, on=TODAY, effective=TODAY, reason="更名"
    )
    entries.edit(world.actor("haifeng"), general, {"industry": "7452"}, at=NOW, on=TODAY, reason="转专业")
    extra = statuses(general).keys() - statuses(plain).keys()
    assert extra == {"M06", "M08", "M13", "M14"}


def test_a_new_firm_by_the_monthly_door_shows_no_months_of_last_year(world: World) -> None:
    window(world, door="monthly", batch="10月")
    firm = qualified(world, opened_on=date(2021, 1, 5))
    assert "M12" not in statuses(firm)
    firm.first_time = False
    assert statuses(firm)["M12"] == "missing"


def test_what_was_recorded_of_a_paper_stands(world: World) -> None:
    window(world)
    firm = qualified(world)
    complete(world, firm)
    rows = db.session.scalars(select(PaperState).where(PaperState.firm_id == firm.id)).all()
    who = world.actor("statistics").name
    assert {(row.state, row.sealed, row.by_name) for row in rows} == {("held", False, "陈晓"), ("held", True, who)}
    with pytest.raises(DatabaseError):
        db.session.execute(text("update paper_state set state = 'waived'"))
    db.session.rollback()


def test_a_paper_brought_anew_overtakes_what_was_said_of_the_one_before(world: World) -> None:
    window(world)
    firm, who = qualified(world), world.actor("statistics")
    attach(world, firm, "M01")
    checking.deny_seal(who, firm, entry_of(firm, "M01"), SEPTEMBER, at=NOW, remark="没有盖章")
    checking.ask(who, firm, reference.materials()["M09"], SEPTEMBER, at=NOW, reason="需现场核查")
    assert (statuses(firm)["M01"], statuses(firm)["M09"]) == ("missing", "requested")
    for material in ("M01", "M09"):
        attachments.attach(
            world.actor("haifeng"), firm, filename=f"{material}补.pdf", content=f"%PDF-1.4 {material} anew".encode(),
            material=material, at=NOW + timedelta(hours=1), year=2021, month=9,
        )  # fmt: skip
    assert (statuses(firm)["M01"], statuses(firm)["M09"]) == ("unsealed", "held")
