"""Settings of files: only known keys, in their sense; a row that nobody reads, from an earlier version, does no harm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.quarters.queries import quarters
from registry.reference.models import Parameter
from registry.reference.queries import rules
from registry.reference.rules.settings import SETTINGS, nearest, required, starting
from registry.reference.rules.versions import RuleSetKind
from registry.rulesets.queries import drafts
from registry.rulesets.rules.loaded import Loaded
from registry.seeding.services import seeds
from tests.lives import listed
from tests.quarters.test_freezing import close
from tests.seeding.test_faults import refused
from tests.seeding.test_seeds import add, change, folder
from tests.world import TODAY, World

__all__ = ["folder"]

STRAY = "tier.e,0.10,2020-01-01,,E档下限（达标率）,某人,yes"


def strayed() -> None:
    """What an earlier version let in."""
    db.session.add(
        Parameter(
            key="tier.e", value="0.10", valid_from=date(2020, 1, 1), label="E档下限", source="某人", verified=True
        )
    )
    db.session.add(Parameter(key="other.word", value="某", valid_from=date(2020, 1, 1), label="某", source="某人"))
    db.session.commit()


def test_a_key_that_nobody_reads_is_refused_with_the_nearest_known_one(world: World, folder: Path) -> None:
    add(folder, "parameters.csv", STRAY)
    add(folder, "parameters.csv", "exit.bar_month,6,2021-01-01,,限制重新提名的月数,某人,yes")
    assert refused(folder) == [
        "parameters.csv 44:A key: 没有名为“tier.e”的参数，是否应为“tier.c”？",
        "parameters.csv 45:A key: 没有名为“exit.bar_month”的参数，是否应为“exit.bar_months”？",
    ]


def test_a_stray_row_of_an_earlier_version_breaks_no_quarter_and_no_draft(world: World) -> None:
    strayed()
    listed(world, "海丰县云谷软件有限公司", 1)
    quarter = Quarter.parse("2021Q3")
    assert quarters.rule_notes((), quarter.last)[-1].version == "2021-01-01"
    close(world, quarter.previous, date(2021, 7, 20))
    close(world, quarter, TODAY)
    assert sorted(drafts.newest_settings(RuleSetKind.TIERS)) == ["tier.a", "tier.b", "tier.c"]
    assert {row.key for row in rules.parameters()} == set(SETTINGS)


def test_a_stray_row_leaves_the_shipped_files_loadable(world: World, folder: Path) -> None:
    strayed()
    loaded = {one.file: one for one in seeds.load(folder)}
    assert loaded["parameters.csv"] == Loaded("parameters.csv", 0, 42, kept=2)


def test_the_list_is_what_the_database_holds_and_a_family_is_asked_for_by_its_keys(world: World) -> None:
    assert set(db.session.scalars(select(Parameter.key))) == set(SETTINGS)
    assert starting("tier.") == ("tier.a", "tier.b", "tier.c")
    assert nearest("target.T5").startswith("target.")
    assert set(SETTINGS) - set(required()) == {
        "target.T1", "target.T2", "target.T3", "target.T4", "delisting.month", "figures.due_day",
    }  # fmt: skip


NO_NUMBER = "”不是数字，请只写数字和小数点，至多四位小数。"


@pytest.mark.once
@pytest.mark.parametrize(
    "before, after, said",
    [
        ("revenue.jump,50,", "revenue.jump,5_0,", "7:B value: “5_0" + NO_NUMBER),
        ("revenue.jump,50,", "revenue.jump,5e1,", "7:B value: “5e1" + NO_NUMBER),
        ("revenue.jump,50,", "revenue.jump,５０,", "7:B value: “５０”是全角字符，请改成半角。"),
        ("revenue.jump,50,", "revenue.jump,-50,", "7:B value: “-50" + NO_NUMBER),
        ("revenue.jump,50,", "revenue.jump,50.0,", "7:B value: 请填写 1 至 1000 的整数。"),
        ("forecast.window_days,30,", "forecast.window_days,2.5,", "17:B value: 请填写 0 至 1000 的整数。"),
        ("forecast.weak_until,6,", "forecast.weak_until,13,", "16:B value: 请填写 1 至 12 的月份。"),
        ("crosscheck.tolerance,0.00,", "crosscheck.tolerance,5,", "15:B value: 请填写 0 至 1 的比例，例如 0.05 表示 5%。"),
        ("removal.share,0.50,", "removal.share,50,", "19:B value: 请填写大于 0、不超过 1 的比例，例如 0.80 表示 80%。"),
        ("target.T1,2,", "target.T1,两家,", "21:B value: “两家" + NO_NUMBER),
        ("tier.b,0.80,", "tier.b,0.40,", "3:B value: A 档下限不得低于 B 档，B 档不得低于 C 档。"),
    ],
)  # fmt: skip
def test_a_value_out_of_the_sense_of_its_setting_is_refused(
    world: World, folder: Path, before: str, after: str, said: str
) -> None:
    change(folder, "parameters.csv", before, after)
    assert refused(folder) == [f"parameters.csv {said}"]


def test_a_version_before_the_newest_is_judged_too(world: World, folder: Path) -> None:
    change(folder, "parameters.csv", "tier.b,0.80,2021-01-01", "tier.b,80,2020-01-01")
    add(folder, "parameters.csv", "tier.b,0.80,2021-01-01,,B档下限（达标率）,本系统默认值,no")
    assert refused(folder) == ["parameters.csv 3:B value: 请填写大于 0、不超过 1 的比例，例如 0.80 表示 80%。"]
