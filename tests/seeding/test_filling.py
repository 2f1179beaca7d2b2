"""An empty database takes only what the program can run with, and what holds on the day: it stays for good."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from registry.base.extensions import db
from registry.config import ROOT
from registry.reference.models import Parameter
from registry.rulesets.rules.checks import Published, faults
from registry.rulesets.rules.files import FILES
from registry.rulesets.sheets import read
from registry.seeding.services import seeds
from tests.seeding.test_faults import refused
from tests.seeding.test_seeds import PROOF, change, folder
from tests.world import TODAY, World

__all__ = ["folder"]

LINE = "I,revenue,20000000.00,,2019,,2020-01-01,,"
ENDED = "periodic_to: SVC-2000-I 没有一版在载入当日（2021-10-15）有效，行业“I”也没有别的有效标准，请核对起止日期。"


def without(folder: Path, name: str, start: str) -> None:
    file = folder / name
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    file.write_text("".join(kept), encoding="utf-8")


def told(folder: Path, on: date = TODAY) -> list[str]:
    """What an empty database says of the folder."""
    tables = {file.name: read(file, folder) for file in FILES}
    return [fault.sentence() for fault in faults(tables, Published(), on, on)]


@pytest.mark.parametrize("day", [date(2021, 1, 1), TODAY, date(2026, 11, 29), date(2060, 1, 1)])
def test_the_shipped_files_fill_an_empty_database(day: date) -> None:
    assert told(ROOT / "seeds", day) == []


@pytest.mark.parametrize("key", ["tier.a", "tier.b", "tier.c", "exit.bar_months", "exit.bar_reasons", "nudge.days"])
def test_a_setting_that_the_program_cannot_be_without_is_missed(folder: Path, key: str) -> None:
    without(folder, "parameters.csv", key)
    assert told(folder) == [f"parameters.csv key: 缺少参数“{key}”，本库也没有，没有它系统不能运行，请补上。"]


def test_an_aim_of_the_plan_may_be_left_out_and_may_be_over(folder: Path) -> None:
    without(folder, "parameters.csv", "target.T4")
    change(folder, "parameters.csv", "target.T3,5,2021-01-01,,", "target.T3,5,2020-01-01,2020-12-31,")
    assert told(folder) == []


def test_the_office_of_the_administrators_and_the_lead_of_every_other_industry_are_missed(folder: Path) -> None:
    without(folder, "offices.csv", "system,")
    without(folder, "routing.csv", ",science")
    assert told(folder) == [
        "offices.csv code: 缺少代码为“system”、kind 为 system 的机构，系统管理员属于它，请补上。",
        "routing.csv industry_prefix: 缺少 industry_prefix 为空的一行：其余行业没有牵头部门，请补上。",
    ]


def test_settings_that_all_begin_in_another_century_are_refused(folder: Path) -> None:
    file = folder / "parameters.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",2021-01-01,", ",2031-01-01,"), encoding="utf-8")
    found = told(folder)
    assert len(found) == 42
    assert found[0] == (
        "parameters.csv 2:C valid_from: tier.a 要到 2031-01-01 才开始，载入当日（2021-10-15）没有可用的值，请核对日期。"
    )


def test_a_setting_that_is_over_is_refused_and_a_later_version_beside_one_in_force_is_not(folder: Path) -> None:
    change(folder, "parameters.csv", "review.days,3,2021-01-01,,", "review.days,3,2021-01-01,2021-09-30,")
    assert told(folder) == [
        "parameters.csv 5:D valid_to: review.days 没有一版在载入当日（2021-10-15）有效，请核对起止日期。"
    ]
    change(folder, "parameters.csv", "review.days,3,2021-01-01,2021-09-30,", "review.days,3,2021-01-01,2022-09-30,")
    change(folder, "parameters.csv", "tier.a,", f"review.days,4,2022-10-01,,待办,某文,yes{PROOF}\ntier.a,")
    assert told(folder) == []


@pytest.mark.parametrize(
    "after, said",
    [
        (LINE.replace("2020-01-01", "2032-01-01"),
         "9:K periodic_from: SVC-2000-I 要到 2032-01-01 才开始，最晚须从明年开始，请核对日期。"),
        (LINE.replace("2019", "2029"), "9:I annual_from: SVC-2000-I 要到 2029 才开始，最晚须从明年开始，请核对日期。"),
        (LINE.replace("2020-01-01,,", "2022-01-01,,"), "9:K " + ENDED.replace("_to", "_from", 1)),
        (LINE.replace("2020-01-01,,", "2020-01-01,2020-12-31,"), "9:L " + ENDED),
    ],
)  # fmt: skip
def test_a_line_that_does_not_hold_on_the_day_and_leaves_an_industry_without_one_is_refused(
    folder: Path, after: str, said: str
) -> None:
    change(folder, "thresholds.csv", LINE, after)
    *apart, last = told(folder)
    assert last == f"thresholds.csv {said}"
    late = "2020-12-31" not in after  # then nothing follows the line of 2019: the end of one and the start of the other
    assert [sentence[:18] for sentence in apart] == ["thresholds.csv 19:", "thresholds.csv 9:" + said[2]] * late
    assert all("之间没有标准" in sentence for sentence in apart)


def test_a_directory_without_an_admission_line_in_force_is_refused(folder: Path) -> None:
    change(folder, "thresholds.csv", "2021,,2021-01-01,,", "2021,,2021-01-01,2021-06-30,")
    assert told(folder) == [
        "thresholds.csv 21:L periodic_to: ADM-1000 没有一版在载入当日（2021-10-15）有效，也没有别的同类标准，请核对起止日期。"
    ]


def test_a_line_under_a_new_number_may_follow_one_that_ends_with_this_year(folder: Path) -> None:
    change(folder, "thresholds.csv", LINE, LINE[:-1] + "2021-12-31,")
    change(folder, "thresholds.csv", "I,revenue,20000000.00,,2019,,", "I,revenue,20000000.00,,2019,2020,")
    coming = f"SVC-NEW-I,1,statutory,新标准,I,revenue,30000000.00,,2021,,2022-01-01,,某文,yes{PROOF}\nOLD-1000,"
    change(folder, "thresholds.csv", "OLD-1000,", coming)
    assert told(folder) == []


def test_an_empty_database_takes_nothing_of_it_and_then_the_shipped_files(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.rollback()
    db.engine.dispose()
    monkeypatch.setenv("REGISTRY_MAY_LOSE", "seals")
    downgrade(directory=str(ROOT / "migrations"), revision="base")
    upgrade(directory=str(ROOT / "migrations"))
    without(folder, "parameters.csv", "tier.c")
    assert len(refused(folder)) == 1
    seeds.load(ROOT / "seeds")
    assert set(db.session.scalars(select(Parameter.key))) >= {"tier.a", "tier.b", "tier.c"}


def test_a_filled_database_that_holds_a_setting_can_do_without_it_in_the_file(world: World, folder: Path) -> None:
    without(folder, "parameters.csv", "tier.c")
    without(folder, "routing.csv", ",science")
    loaded = {one.file: one for one in seeds.load(folder)}
    assert (loaded["parameters.csv"].kept, loaded["routing.csv"].kept) == (1, 1)
