"""Naming, correcting, renaming, removing a firm; each leaves its row on the trail."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from registry.base.errors import CodeTaken, ExcludedTown, FieldError, NotAllowed, OutOfTerritory, ReasonNeeded
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.entries.services import entries
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World

HAICHENG, EBU = "441521115", "441521103"


def acts(firm: Firm) -> list[tuple[str, object, object, str]]:
    rows = db.session.scalars(
        select(TrailEntry)
        .where(TrailEntry.subject_kind == "firm", TrailEntry.subject_id == firm.id)
        .order_by(TrailEntry.seq)
    )
    return [(row.verb, row.before, row.after, row.reason) for row in rows]


def test_a_correction_is_recorded_with_before_after_and_reason(world: World) -> None:
    firm = world.admitted()
    before = len(acts(firm))
    entries.edit(
        world.actor("haifeng"), firm, {"employees": 12, "name": firm.name}, at=NOW, on=TODAY, reason="年报核对"
    )
    assert acts(firm)[before:] == [("edit", {"employees": None}, {"employees": 12}, "年报核对")]


def test_saving_what_stands_already_changes_nothing_and_records_nothing(world: World) -> None:
    firm = world.admitted()
    before, version = len(acts(firm)), firm.version
    assert entries.edit(world.actor("haifeng"), firm, {"unit_kind": "legal_person"}, at=NOW, on=TODAY) == {}
    assert (len(acts(firm)), firm.version) == (before, version)


def test_a_listed_firm_is_not_corrected_without_a_reason(world: World) -> None:
    firm = world.admitted()
    with pytest.raises(ReasonNeeded):
        entries.edit(world.actor("haifeng"), firm, {"employees": 12}, at=NOW, on=TODAY, reason="  ")
    assert firm.employees is None


def test_a_lead_is_corrected_without_a_reason(world: World) -> None:
    firm = world.firm()
    entries.edit(world.actor("haifeng"), firm, {"employees": 12}, at=NOW, on=TODAY)
    assert firm.employees == 12


def test_a_contact_is_on_the_trail_in_masked_form_only(world: World) -> None:
    firm = world.firm()
    entries.edit(world.actor("haifeng"), firm, {"contact_phone": "13900002222"}, at=NOW, on=TODAY)
    assert acts(firm)[-1][1:3] == ({"contact_phone": "138****5678"}, {"contact_phone": "139****2222"})


def test_a_code_that_is_held_already_is_refused_by_the_database(world: World) -> None:
    held = world.firm("海丰县云谷软件有限公司").credit_code
    db.session.commit()
    with pytest.raises(CodeTaken):
        world.firm("海丰县鹿境软件有限公司", credit_code=held)


def test_another_countys_division_and_a_town_of_another_city_are_refused(world: World) -> None:
    firm = world.firm()
    with pytest.raises(OutOfTerritory):
        entries.edit(world.actor("haifeng"), firm, {"division": "441581"}, at=NOW, on=TODAY)
    with pytest.raises(ExcludedTown):
        entries.edit(world.actor("haifeng"), firm, {"town": EBU}, at=NOW, on=TODAY)
    assert (firm.division, firm.town) == ("441521", None)


def test_a_firm_that_came_from_another_county_by_a_claim_can_still_be_corrected(world: World) -> None:
    firm = world.firm()
    firm.office = world.user("lufeng").office
    entries.edit(world.actor("lufeng"), firm, {"employees": 8}, at=NOW, on=TODAY)
    assert firm.employees == 8


def test_a_changed_industry_changes_the_bureau_and_has_to_be_confirmed_anew(world: World) -> None:
    firm = world.admitted()
    assert (firm.lead_bureau.code, firm.industry_confirmed) == ("industry", True)
    entries.edit(world.actor("haifeng"), firm, {"industry": "7520"}, at=NOW, on=TODAY, reason="主营业务已变")
    db.session.refresh(firm)
    assert (firm.lead_bureau.code, firm.industry_confirmed) == ("market", False)


def test_a_renamed_firm_keeps_its_old_name_with_dates_and_is_found_by_it(world: World) -> None:
    firm = world.admitted("海丰县云谷软件有限公司")
    clerk = world.actor("haifeng")
    entries.rename(
        clerk, firm, "海丰县云谷数字科技有限公司", at=NOW, on=TODAY, effective=date(2021, 6, 1), reason="核准变更"
    )
    entries.rename(
        clerk, firm, "汕尾市云谷数字科技有限公司", at=NOW, on=TODAY, effective=date(2021, 9, 1), reason="核准变更"
    )
    assert [(n.name, n.valid_from, n.valid_to) for n in firm.former_names] == [
        ("海丰县云谷软件有限公司", date(2018, 5, 20), date(2021, 5, 31)),
        ("海丰县云谷数字科技有限公司", date(2021, 6, 1), date(2021, 8, 31)),
    ]


@pytest.mark.parametrize(
    "name, effective, reason, field",
    [
        ("海丰县云谷软件有限公司", date(2021, 6, 1), "核准变更", "name"),
        ("", date(2021, 6, 1), "核准变更", "name"),
        ("海丰县云谷数字有限公司", date(2021, 10, 16), "核准变更", "effective"),
        ("海丰县云谷数字有限公司", date(2018, 5, 20), "核准变更", "effective"),
        ("海丰县云谷数字有限公司", date(2021, 6, 1), " ", "reason"),
    ],
)
def test_a_rename_that_cannot_be_is_refused_at_its_field(
    world: World, name: str, effective: date, reason: str, field: str
) -> None:
    firm = world.admitted()
    with pytest.raises(FieldError) as refused:
        entries.rename(world.actor("haifeng"), firm, name, at=NOW, on=TODAY, effective=effective, reason=reason)
    assert (refused.value.field, firm.name) == (field, "海丰县云谷软件有限公司")


def test_a_listed_firms_name_is_kept_even_where_it_is_corrected_and_not_renamed(world: World) -> None:
    firm = world.admitted()
    values = {"name": "海丰县云谷软件科技有限公司"}
    entries.edit(world.actor("haifeng"), firm, values, at=NOW, on=TODAY, reason="漏字")
    assert [(n.name, n.valid_to) for n in firm.former_names] == [("海丰县云谷软件有限公司", None)]


def test_former_names_are_added_once_and_never_taken_away(world: World) -> None:
    firm, clerk = world.firm(), world.actor("haifeng")
    entries.note_former_names(clerk, firm, ["海丰县云谷网络有限公司", "海丰县云谷软件有限公司"], at=NOW)
    db.session.expire(firm)
    assert entries.note_former_names(clerk, firm, ["海丰县云谷网络有限公司"], at=NOW) == []
    assert [name.name for name in firm.former_names] == ["海丰县云谷网络有限公司"]


def test_only_the_city_office_takes_a_firm_off_the_directory_and_never_without_a_reason(world: World) -> None:
    firm = world.admitted()
    with pytest.raises(NotAllowed):
        entries.remove(world.actor("haifeng"), firm, at=NOW, on=TODAY, exit_reason="X02", reason="已迁出本市")
    with pytest.raises(ReasonNeeded):
        entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X02", reason="")
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X02", reason="已迁出本市")
    assert (firm.stage, acts(firm)[-1][3]) == (Stage.REMOVED, "X02 已迁出本市")


def test_a_removed_firm_can_be_a_lead_again_and_keeps_what_it_had(world: World) -> None:
    firm = world.admitted()
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X02", reason="已迁出本市")
    entries.reopen(world.actor("haifeng"), firm, at=NOW, on=TODAY, reason="迁回")
    assert (firm.stage, firm.first_time, len(figures.current_figures(firm))) == (Stage.LEAD, True, 1)


def test_looking_at_a_contact_is_recorded_with_its_purpose(world: World) -> None:
    firm = world.admitted()
    with pytest.raises(ReasonNeeded):
        entries.reveal(world.actor("industry"), firm, at=NOW, purpose=" ")
    seen = entries.reveal(world.actor("industry"), firm, at=NOW, purpose="实地走访")
    assert (seen["contact_phone"], acts(firm)[-1]) == ("13800135678", ("reveal", None, None, "实地走访"))


def test_a_branch_is_linked_to_its_legal_person(world: World) -> None:
    parent, clerk = world.firm("海丰县云谷软件有限公司"), world.actor("haifeng")
    branch = world.firm("海丰县云谷软件有限公司梅陇分公司", unit_kind="branch")
    entries.link_parent(clerk, branch, parent, at=NOW)
    assert firms.branches_of(clerk, parent) == [branch]
    entries.link_parent(clerk, branch, None, at=NOW)
    assert firms.branches_of(clerk, parent) == []


def test_a_branch_is_nobodys_legal_person_and_nobody_is_their_own(world: World) -> None:
    clerk = world.actor("haifeng")
    parent, branch, other = (
        world.firm("甲有限公司"),
        world.firm("甲有限公司分公司", unit_kind="branch"),
        world.firm("乙有限公司"),
    )
    entries.link_parent(clerk, branch, parent, at=NOW)
    for child, head in ((other, branch), (other, other), (parent, branch)):
        with pytest.raises(FieldError) as refused:
            entries.link_parent(clerk, child, head, at=NOW)
        assert refused.value.field == "parent"


def test_the_chain_of_the_trail_holds_through_all_of_it(world: World) -> None:
    from registry.trail.services import trail

    firm = world.admitted()
    entries.rename(
        world.actor("haifeng"),
        firm,
        "海丰县云谷数字有限公司",
        at=NOW,
        on=TODAY,
        effective=date(2021, 6, 1),
        reason="核准变更",
    )
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X02", reason="已迁出本市")
    db.session.commit()
    assert trail.verify().broken is None
