"""Rows with dates in files: later versions and ends are proposed, what a page published stands, an empty place takes all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from registry.base.extensions import db
from registry.config import ROOT
from registry.people.models import Office
from registry.reference.models import Holiday, ReferenceVersion, ReturnReason
from registry.reference.queries import dated, reference
from registry.rulesets.models import RuleDraft
from registry.rulesets.services import drafting
from registry.rulesets.services.rulechecks import DraftFaults
from registry.seeding.services import seeds
from tests.rulesets.test_dictionary import item, published
from tests.seeding.test_seeds import add, change, differing, drafts, everything, folder, refused
from tests.world import NOW, TODAY, World

__all__ = ["folder"]
R01 = "R01,营业收入未达标（截至申报期）,,,合肥、广州申报指南,yes"
LATER = "R01,收入不够,2021-12-01,,市统计局通知,no"


def publish(world: World, draft: RuleDraft) -> None:
    drafting.publish(
        world.actor("cityoffice"), draft, opinion="与文件一致", seen=draft.version, at=NOW, on=TODAY
    )  # fmt: skip
    db.session.commit()


def test_a_later_version_waits_for_its_day_in_a_draft_of_its_own(world: World, folder: Path) -> None:
    add(folder, "return_reasons.csv", LATER)
    assert {(one.key, one.column, one.outcome) for one in differing(seeds.load(folder))} == {
        ("R01 2021-12-01", "reason", "waits"), ("R01 2021-12-01", "source", "waits"),
        ("R01 2021-12-01", "verified", "waits"),
    }  # fmt: skip
    (draft,) = drafts()
    assert draft.valid_from == date(2021, 12, 1)
    publish(world, draft)
    assert [reference.return_reasons(day)["R01"].reason for day in (TODAY, date(2021, 12, 1))] == [
        "营业收入未达标（截至申报期）", "收入不够",
    ]  # fmt: skip
    assert differing(seeds.load(folder)) == []
    assert len(drafts()) == 1


def test_a_last_day_in_the_file_ends_the_row_when_a_person_published_it(world: World, folder: Path) -> None:
    change(folder, "return_reasons.csv", R01, R01.replace(",,,", ",,2021-12-31,"))
    assert {one.outcome for one in differing(seeds.load(folder))} == {"waits"}
    publish(world, drafts()[0])
    assert ["R01" in reference.return_reasons(day) for day in (date(2021, 12, 31), date(2022, 1, 1))] == [True, False]
    assert differing(seeds.load(folder)) == []


def test_an_office_may_end_by_a_file_too_and_only_with_a_successor_that_is_there(world: World, folder: Path) -> None:
    change(folder, "offices.csv", "bureau,441500,,,,", "bureau,441500,,2021-12-31,nobody,")
    assert any("“nobody”在 offices.csv 中没有" in said for said in refused(folder))
    change(folder, "offices.csv", "2021-12-31,nobody,", "2021-12-31,commerce,")
    assert {one.outcome for one in differing(seeds.load(folder))} == {"waits"}
    publish(world, drafts()[0])
    ends = [code for code, versions in dated.editions("offices.csv").items() if versions[-1].valid_to]
    assert [reference.successor(code, date(2022, 1, 1)) for code in ends] == ["commerce"]


def test_what_was_published_on_the_page_is_never_overwritten_and_said_to_be_kept(world: World) -> None:
    published(
        world,
        item("return_reasons.csv", code="R01", reason="收入不够"),
        item("return_reasons.csv", base="", code="R15", reason="材料过期", verified="no"),
        item("return_reasons.csv", code="R02", ended=True),
    )
    before = everything()
    loaded = {one.file: one for one in seeds.load(ROOT / "seeds")}
    assert everything() == before
    assert (loaded["return_reasons.csv"].same, loaded["return_reasons.csv"].kept) == (14, 3)
    assert differing(list(loaded.values())) == []


@pytest.mark.parametrize(
    "before,after,outcome",
    [
        (R01, R01.replace("营业收入未达标", "收入未达标"), "version_stands"),
        (R01, R01 + ",待核,2026-11-24\nR01,收入不够,2021-10-01,,市统计局通知,no", "past"),
    ],
)
def test_a_published_version_stands_and_a_past_day_begins_nothing(
    world: World, folder: Path, before: str, after: str, outcome: str
) -> None:
    change(folder, "return_reasons.csv", before, after)
    assert {one.outcome for one in differing(seeds.load(folder))} == {outcome}
    assert drafts() == []


def test_an_empty_place_takes_every_version_and_the_first_is_the_row_itself(world: World, folder: Path) -> None:
    db.session.execute(delete(ReturnReason))
    add(folder, "return_reasons.csv", LATER)
    loaded = {one.file: one for one in seeds.load(folder)}
    assert loaded["return_reasons.csv"].added == 15
    assert db.session.get_one(ReturnReason, "R01").reason == "营业收入未达标（截至申报期）"
    rows = db.session.scalars(select(ReferenceVersion).order_by(ReferenceVersion.valid_from))
    assert [(row.key, row.valid_from) for row in rows] == [("R01", dated.BEGINNING), ("R01", date(2021, 12, 1))]
    assert differing(seeds.load(folder)) == []


def test_a_database_of_before_takes_the_days_off_and_nothing_else_changes(world: World) -> None:
    """As after an upgrade: the new table is an empty place, every other says what the files say."""
    db.session.execute(delete(Holiday))
    db.session.commit()
    before = {name: rows for name, rows in everything().items() if name != "holiday"}
    loaded = seeds.load(ROOT / "seeds")
    assert [(one.file, one.added) for one in loaded if one.added] == [("holidays.csv", 218)]
    assert (differing(loaded), drafts()) == ([], [])
    assert {name: rows for name, rows in everything().items() if name != "holiday"} == before
    assert db.session.scalars(select(Office).where(Office.valid_to.is_not(None))).all() == []


def test_what_an_office_without_a_successor_led_is_nobodys_and_refused(world: World, folder: Path) -> None:
    change(folder, "offices.csv", "市市场监管局,bureau,441500,,,,", "市市场监管局,bureau,441500,,2021-12-31,,")
    said = [one for one in refused(folder) if one.startswith(("routing.csv", "office_aliases.csv"))]
    assert {one.partition(" ")[0] for one in said} == {"routing.csv", "office_aliases.csv"}
    assert all("机构“market”已终止而没有后继" in one for one in said)


def test_days_off_that_a_later_file_brings_wait_in_a_draft_but_for_those_that_have_passed(
    world: World, folder: Path
) -> None:
    """A notice that came late: what has run out by then runs out no other way."""
    source = "国务院办公厅关于2021年部分节假日安排的通知（补充）"
    add(folder, "holidays.csv", f"2021-10-14,补休,no,,,{source}")
    add(folder, "holidays.csv", f"2021-10-29,补休,no,,,{source}")
    found = differing(seeds.load(folder))
    assert {(one.key, one.outcome) for one in found} == {("2021-10-14", "day_past"), ("2021-10-29", "waits")}
    (draft,) = drafts()
    assert [row["day"] for row in draft.contents["rows"]] == ["2021-10-29"]
    late = date(2021, 11, 1)
    with pytest.raises(DraftFaults, match="不再改动"):
        drafting.publish(world.actor("statistics"), draft, opinion="一致", seen=draft.version, at=NOW, on=late)
    publish(world, draft)
    assert not reference.calendar().is_working(date(2021, 10, 29))
