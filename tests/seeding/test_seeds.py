"""Files of reference data fill what is empty; what was published they never touch: they propose, or are refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from registry.base.clocks import AsOf
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.config import ROOT
from registry.home.queries import inbox
from registry.pathway.queries import past_verdicts
from registry.people.models import Office
from registry.reference.models import SourceCheck
from registry.reference.queries import parameters, reference
from registry.reference.queries import rules as rule_queries
from registry.reference.rules import settings
from registry.reference.rules.versions import DraftState, RuleSetKind
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts as rulesets
from registry.rulesets.queries.published import MODELS
from registry.rulesets.rules import faults as rules
from registry.rulesets.rules import filling
from registry.rulesets.rules import settings as file_settings
from registry.rulesets.rules.loaded import FileDifference, Loaded
from registry.rulesets.services import drafting
from registry.seeding.services import seeds
from registry.seeding.services.seeds import SeedsRefused
from registry.trail.models import TrailEntry
from tests.lives import listed
from tests.quarters.test_freezing import close
from tests.quarters.test_freezing import told as changes_told
from tests.rulesets.test_drafting import lowered
from tests.world import NOW, TODAY, World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "seeds", tmp_path / "seeds"))


def change(folder: Path, name: str, before: str, after: str) -> None:
    file = folder / name
    content = file.read_text(encoding="utf-8")
    assert before in content
    file.write_text(content.replace(before, after, 1), encoding="utf-8")


PROOF = ",第二条,2021-10-01"
"""Clause and day of a row that a test adds."""


def add(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + PROOF + "\n")


def differing(loaded: list[Loaded]) -> list[FileDifference]:
    return [difference for one in loaded for difference in one.differs]


def refused(folder: Path) -> list[str]:
    before = everything()
    with pytest.raises(SeedsRefused) as refusal:
        seeds.load(folder)
    assert everything() == before
    return [fault.sentence() for fault in refusal.value.faults]


def everything() -> dict[str, list[Any]]:
    """Every row of every reference table and every draft."""
    tables = [model.__table__ for model in (*MODELS.values(), RuleDraft)]
    return {str(table.name): sorted(map(str, db.session.execute(select(table)))) for table in tables}


def published_rows() -> dict[str, list[Any]]:
    return {name: rows for name, rows in everything().items() if name != "rule_draft"}


def drafts() -> list[RuleDraft]:
    return list(db.session.scalars(select(RuleDraft).order_by(RuleDraft.id)))


LOWER = ("thresholds.csv", "（信息传输、软件和信息技术服务业）,I,revenue,20000000.00",
         "（信息传输、软件和信息技术服务业）,I,revenue,10000000.00")  # fmt: skip


# -- what was published stands --------------------------------------------------------------------
def test_an_edited_line_waits_as_a_draft_and_the_published_one_stands(world: World, folder: Path) -> None:
    before = published_rows()
    change(folder, *LOWER)
    found = differing(seeds.load(folder))
    assert published_rows() == before
    (draft,) = drafts()
    assert [(d.row, d.key, d.column, d.here, d.there, d.outcome, d.draft) for d in found] == [
        (9, "SVC-2000-I 1", "amount_yuan", "20000000.00", "10000000.00", "waits", draft.id)
    ]
    assert (draft.kind, rulesets.state_of(draft), draft.prepared_by_id, draft.valid_from, draft.annual_from) == (
        RuleSetKind.STATUTORY, DraftState.WAITING, None, date(2022, 1, 1), 2022,
    )  # fmt: skip
    assert [(line.rule_id, line.base, str(line.amount_yuan)) for line in rulesets.changed_lines(draft)] == [
        ("SVC-2000-I", 1, "10000000.00")
    ]
    assert "国统字〔2019〕101号" in draft.source
    assert "thresholds.csv 9" in draft.note


def test_past_verdicts_are_told_as_before_and_the_next_close_lists_no_correction(world: World, folder: Path) -> None:
    listed(world, "海丰县云谷软件有限公司", 1).figure("700", "2021-06", on=date(2021, 7, 12))
    listed(world, "海丰县可塘设计有限公司", 2, wan="1900").figure("1100", "2021-06", on=date(2021, 7, 12))
    close(world, Quarter.parse("2021Q2"), date(2021, 7, 20))
    days = (date(2021, 6, 30), date(2021, 7, 31), TODAY)
    past = [past_verdicts.plain(told) for day in days for told in past_verdicts.listed(None, AsOf(day))]
    change(folder, *LOWER)
    change(folder, "thresholds.csv", "名录库入库线,,revenue,10000000.00", "名录库入库线,,revenue,15000000.00")
    change(folder, "parameters.csv", "tier.b,0.80,2021-01-01", "tier.b,0.55,2021-01-01")
    seeds.load(folder)
    db.session.commit()
    reference.forget_rules()
    assert [past_verdicts.plain(told) for day in days for told in past_verdicts.listed(None, AsOf(day))] == past
    close(world, Quarter.parse("2021Q3"), TODAY)
    assert (len(drafts()), changes_told(Quarter.parse("2021Q3"))) == (3, [])


def test_a_second_start_makes_no_second_draft_and_no_act(world: World, folder: Path) -> None:
    change(folder, *LOWER)
    first = seeds.load(folder)
    acts = db.session.scalar(select(func.count(TrailEntry.seq)))
    assert seeds.load(folder) == first
    assert (len(drafts()), db.session.scalar(select(func.count(TrailEntry.seq)))) == (1, acts)


def test_one_person_checks_what_a_file_proposed_and_publishes_it_for_days_to_come(world: World, folder: Path) -> None:
    change(folder, *LOWER)
    seeds.load(folder)
    (draft,) = drafts()
    statistics = world.actor("statistics")
    assert inbox.counts(statistics)["rules"] == 1
    with pytest.raises(RegistryError):
        drafting.give_back(statistics, draft, opinion="改一下", seen=draft.version, at=NOW)
    drafting.publish(statistics, draft, opinion="与文件一致", seen=draft.version, at=NOW, on=TODAY)
    book = reference.rules()
    assert [(r.version, str(r.amount_yuan), r.periodic_from) for r in book.all() if r.rule_id == "SVC-2000-I"] == [
        (1, "20000000.00", date(2020, 1, 1)), (2, "10000000.00", date(2022, 1, 1)),
    ]  # fmt: skip
    assert differing(seeds.load(folder)) == []
    assert len(drafts()) == 1


def test_what_a_person_declined_is_not_proposed_again(world: World, folder: Path) -> None:
    change(folder, *LOWER)
    seeds.load(folder)
    (draft,) = drafts()
    drafting.refuse(world.actor("cityoffice"), draft, opinion="文件未印发", seen=draft.version, at=NOW)
    assert [(d.outcome, d.draft) for d in differing(seeds.load(folder))] == [("declined", draft.id)]
    assert len(drafts()) == 1


def test_a_file_put_right_takes_its_draft_back(world: World, folder: Path) -> None:
    change(folder, *LOWER)
    seeds.load(folder)
    seeds.load(ROOT / "seeds")
    assert [draft.outcome for draft in drafts()] == [DraftState.WITHDRAWN]
    seeds.load(folder)
    assert [draft.outcome for draft in drafts()] == [DraftState.WITHDRAWN, None]


def test_an_edited_setting_and_a_later_one_wait_each_for_its_day(world: World, folder: Path) -> None:
    change(folder, "parameters.csv", "tier.b,0.80,2021-01-01", "tier.b,0.70,2021-01-01")
    add(folder, "parameters.csv", "review.days,5,2021-11-01,,待办办理期限（工作日）,市培育办通知,yes")
    seeds.load(folder)
    assert [(d.kind, d.valid_from, rulesets.changed_settings(d)) for d in drafts()] == [
        ("tiers", date(2022, 1, 1), {"tier.b": "0.70"}), ("other", date(2021, 11, 1), {"review.days": "5"}),
    ]  # fmt: skip
    assert (parameters.value("tier.b", TODAY), parameters.value("review.days", date(2022, 5, 1))) == ("0.80", "3")
    other = drafts()[1]
    drafting.publish(world.actor("statistics"), other, opinion="一致", seen=other.version, at=NOW, on=TODAY)
    assert parameters.value("review.days", date(2021, 11, 1)) == "5"


def test_a_setting_that_a_release_brings_is_filled_for_nothing_rests_on_it(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = {**settings.SETTINGS, "nudge.limit": settings.SETTINGS["return.limit"]}
    for module in (settings, file_settings, filling, rules):
        monkeypatch.setattr(module, "SETTINGS", brought)
    add(folder, "parameters.csv", "nudge.limit,4,2021-01-01,,催办次数上限,本系统默认值,no")
    loaded = {one.file: one for one in seeds.load(folder)}
    assert loaded["parameters.csv"] == Loaded("parameters.csv", 1, 42)
    assert parameters.value("nudge.limit", TODAY) == "4"


def test_dates_sources_and_lines_published_since_are_said_and_not_taken(world: World, folder: Path) -> None:
    lowered(world)
    db.session.commit()
    before = everything()
    change(folder, *LOWER)
    change(
        folder,
        "thresholds.csv",
        "名录库入库线,,revenue,10000000.00,,2021,,2021-01-01",
        "名录库入库线,,revenue,10000000.00,,2020,,2020-06-01",
    )
    found = differing(seeds.load(folder))
    assert [(d.key, d.column, d.outcome) for d in found] == [
        ("SVC-2000-I 1", "amount_yuan", "later"), ("ADM-1000 1", "annual_from", "dates"),
        ("ADM-1000 1", "periodic_from", "dates"),
    ]  # fmt: skip
    assert everything() == before


def test_a_new_line_is_a_draft_too(world: World, folder: Path) -> None:
    add(
        folder,
        "thresholds.csv",
        "SVC-800-6450,1,statutory,互联网数据服务,6450,revenue,8000000.00,,2021,,2021-01-01,,通知,yes",
    )
    seeds.load(folder)
    (draft,) = drafts()
    assert [(line.rule_id, line.base) for line in rulesets.changed_lines(draft)] == [("SVC-800-6450", 0)]
    assert reference.rules().version("SVC-800-6450", 1) is None


# -- rows with dates ----------------------------------------------------------------------
def test_a_published_row_of_another_table_stands_whatever_the_file_says(world: World, folder: Path) -> None:
    before = everything()
    change(folder, "offices.csv", "海丰县人民政府", "海丰县人民政府（改）")
    (difference,) = differing(seeds.load(folder))
    assert (difference.key, difference.column, difference.outcome) == ("441521", "name", "version_stands")
    assert everything() == before


def test_new_rows_of_several_files_wait_in_one_draft_and_come_in_when_it_is_published(
    world: World, folder: Path
) -> None:
    add(folder, "divisions.csv", "441502-Z3,新港物流园,新港物流园,zone,441502,441502,,,,,市政府批复")
    add(folder, "offices.csv", "441502-Z3,新港物流园管委会,新港物流园,zone,441502-Z3,,,,市政府批复")
    add(folder, "office_aliases.csv", "441502-Z3,新港园区,,,惯用称谓")
    before = published_rows()
    outcomes = {difference.outcome for difference in differing(seeds.load(folder))}
    assert (outcomes, published_rows()) == ({"waits"}, before)
    (draft,) = drafts()
    drafting.publish(world.actor("cityoffice"), draft, opinion="有批复", seen=draft.version, at=NOW, on=TODAY)
    office = db.session.scalars(select(Office).where(Office.code == "441502-Z3")).one()
    assert (office.name, office.division) == ("新港物流园管委会", "441502-Z3")
    assert differing(seeds.load(folder)) == []


def test_a_row_that_is_gone_from_the_file_is_kept_and_counted(world: World, folder: Path) -> None:
    file = folder / "return_reasons.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    loaded = {one.file: one for one in seeds.load(folder)}
    assert loaded["return_reasons.csv"] == Loaded("return_reasons.csv", 0, len(lines) - 2, kept=1)


# -- the database itself --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "update threshold set amount_yuan = 1 where rule_id = 'SVC-2000-I'",
        "delete from threshold where rule_id = 'SVC-2000-I'",
        "update parameter set value = '0.10' where key = 'tier.b'",
        "delete from parameter",
    ],
)
def test_the_database_refuses_to_change_or_delete_what_was_published(world: World, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_nor_can_it_be_replaced_or_emptied(world: World) -> None:
    statement = (
        "insert or replace into parameter select key, valid_from, valid_to, '9', label, source, verified, draft_id "
        "from parameter where key = 'tier.b'"
        if db.engine.dialect.name == "sqlite"
        else "truncate parameter"
    )
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


# -- where it comes from --------------------------------------------------------------------------
def test_a_row_looked_up_again_is_told_by_its_newest_day_and_nothing_published_changes(
    world: World, folder: Path
) -> None:
    before = everything()
    assert rule_queries.checks("materials.csv")["M01"].checked_on == date(2026, 11, 24)
    change(folder, "materials.csv", "辽宁省要求,待核,2026-11-24", "辽宁省要求,第一条,2026-11-25")
    assert differing(seeds.load(folder)) == []
    seeds.load(folder)
    found = rule_queries.checks("materials.csv")
    assert (found["M01"].clause, found["M01"].checked_on) == ("第一条", date(2026, 11, 25))
    assert (len(found), everything()) == (16, before)
    assert db.session.scalar(select(func.count()).where(SourceCheck.file == "materials.csv")) == 17


def test_a_row_that_differs_from_what_is_published_leaves_no_check(world: World, folder: Path) -> None:
    change(folder, "materials.csv", "利润表,申报前最近一个月", "利润表（改）,申报前最近一个月")
    change(
        folder,
        "materials.csv",
        "武汉经开区通知、广州申报指南,待核,2026-11-24",
        "武汉经开区通知、广州申报指南,第四条,2026-11-25",
    )
    seeds.load(folder)
    assert rule_queries.checks("materials.csv")["M04"].clause == "待核"
