"""Every number of a bulletin is the length of rows that were frozen with the quarter, and stays that for ever."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from flask import Flask

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.vocabulary import STAGE_LABELS, Action, Stage
from registry.bulletins.queries import kept, numbers
from registry.bulletins.queries.rows import RowBehind
from registry.bulletins.rules.numbers import QuarterNumbers
from registry.quarters.models import Snapshot
from registry.quarters.queries import snapshots
from registry.quarters.services import freezing
from registry.quarters.sheets import summaries
from registry.reference.queries import reference
from tests.lives import listed, moment
from tests.merges.test_merging import merge
from tests.quarters.certified import without_all
from tests.rulesets.test_dictionary import published
from tests.successions.test_offices import DAY
from tests.successions.test_places import ZONE, in_effect, the_zone
from tests.world import World

NOTE = "个别企业报表未报，不影响名录。"
RATES = ("占比", "净变动", "净增", "净减", "通过率", "办结", "未确认单位数")
"""Numbers that are worked out of rows, and not their count; `办结` counts two kinds together."""


def close(world: World, quarter: str, day: date) -> Snapshot:
    db.session.commit()
    asked = Quarter.parse(quarter)
    reasons = without_all(asked)
    snapshot = freezing.close(world.actor("cityoffice"), asked, note=NOTE, at=moment(day), on=day, without=reasons)
    db.session.commit()
    return snapshot


def played(world: World) -> tuple[Snapshot, Snapshot]:
    """Two quarters: five firms come in two counties; then one is confirmed, one returned, one leaves, one is renamed."""
    first = [listed(world, f"海丰县云谷{name}软件有限公司", number) for number, name in enumerate("甲乙丙丁", start=1)]
    listed(world, "陆丰市港口软件有限公司", 5, by="lufeng", registered_address="陆丰市东海镇1号",
           operating_address="陆丰市东海镇1号")  # fmt: skip
    before = close(world, "2021Q2", date(2021, 7, 20))
    august, september = date(2021, 8, 5), date(2021, 9, 1)
    for life in first[:2]:
        life.take_over(Action.FILE, Stage.FILED, on=august)
    first[0].take_over(Action.CONFIRM, Stage.ENROLLED, on=september)
    first[1].take_over(Action.RETURN_FILING, Stage.FILED, on=september)  # sent back, and filed again the same day
    first[2].remove(on=august)
    first[3].rename("海丰县云谷丁数据有限公司", on=august, effective=august)
    return before, close(world, "2021Q3", date(2021, 10, 15))


def values(found: QuarterNumbers, *names: str) -> dict[str, int | None]:
    return {name: found.numbers[name].value for name in names}


def test_the_numbers_are_those_of_the_frozen_quarter(world: World) -> None:
    before, after = played(world)
    # the first quarter has none to be compared with
    assert values(numbers.of(before), "在库", "新入库", "净增", "退出") == {
        "在库": 5,
        "新入库": 5,
        "净增": 0,
        "退出": 0,
    }
    found = numbers.of(after)
    names = (
        "上季在库",
        "在库",
        "在库培育",
        "达标应入",
        "在审",
        "四上",
        "新入库",
        "退出",
        "净减",
        "更名",
        "新达标",
        "新申报",
        "新确认",
    )
    assert list(values(found, *names).values()) == [5, 4, 2, 0, 1, 1, 0, 1, 1, 1, 0, 2, 1]
    assert (found.numbers["办结"].value, found.numbers["通过率"].shown) == (2, "50.0%")
    assert values(found, "本年新入库", "本年退出", "本年申报", "本年确认") == {
        "本年新入库": 5, "本年退出": 1, "本年申报": 2, "本年确认": 1,
    }  # fmt: skip


def test_each_number_is_the_length_of_its_rows(world: World) -> None:
    for snapshot in played(world):
        found = numbers.of(snapshot)
        counted = [one for key, one in found.numbers.items() if numbers.counts_rows(key)]
        assert len(counted) > 100
        wrong = []
        for one in counted:
            rows = numbers.behind(snapshot, one.key)
            assert rows is not None, one.key
            if not one.key.endswith(RATES) and len(rows) != one.value:
                wrong.append((one.key, one.shown, len(rows)))
        assert wrong == []


def test_what_counts_nothing_has_no_rows(world: World) -> None:
    snapshot, _ = played(world)
    plain = [key for key in numbers.of(snapshot).numbers if not numbers.counts_rows(key)]
    assert {key.rpartition(".")[2] for key in plain} >= {"名称", "目标数", "年", "截至日", "评价", "时限"} - {"时限"}
    assert [key for key in plain if numbers.behind(snapshot, key) and key != "上季在库"] == []


def test_places_add_up_to_the_city(world: World) -> None:
    for snapshot in played(world):
        found = numbers.of(snapshot)
        for name in ("在库", "新入库", "退出", "新申报", "新确认", "更名", "达标应入"):
            places = [found.numbers[f"地区:{code}.{name}"].value or 0 for code in found.items["place"]]
            assert sum(places) == found.numbers[name].value, name
        assert len(found.items["place"]) == 7


def test_a_target_counts_the_firms_confirmed_by_the_quarters_end(world: World) -> None:
    before, after = played(world)
    old, new = numbers.of(before), numbers.of(after)
    key = "目标:2021/T1.{}"
    assert [old.numbers[key.format(name)].value for name in ("已计数", "增加")] == [0, 0]
    assert [new.numbers[key.format(name)].value for name in ("已计数", "增加", "还差", "目标数")] == [1, 1, 1, 2]
    rows = numbers.behind(after, key.format("已计数"))
    assert [row.name for row in rows or []] == ["海丰县云谷甲软件有限公司"]
    assert new.numbers["目标:2021/T2.无记录"].shown == "尚无记录"


def test_what_it_grew_by_since_the_quarter_before_takes_in_what_was_put_right(world: World) -> None:
    listed(world, "海丰县云谷甲软件有限公司", 1)
    close(world, "2021Q2", date(2021, 7, 20))
    listed(world, "海丰县云谷补软件有限公司", 2, on=date(2021, 6, 20))  # recorded after the closing
    after = close(world, "2021Q3", date(2021, 10, 15))
    found = numbers.of(after)
    assert values(found, "上季在库", "在库", "净增", "净减", "净变动", "更正") == {
        "上季在库": 1, "在库": 2, "净增": 1, "净减": 0, "净变动": 0, "更正": 1,
    }  # fmt: skip
    assert [row.name for row in numbers.behind(after, "净增") or []] == ["海丰县云谷补软件有限公司"]


def test_the_picture_of_the_stages_is_the_one_of_the_quarters_page(world: World) -> None:
    """Also where a firm was merged into another."""
    winner, folded = (listed(world, f"海丰县云谷{name}软件有限公司", at) for at, name in enumerate("甲乙", start=1))
    before = close(world, "2021Q2", date(2021, 7, 20))
    merge(world, winner.firm, folded.firm, on=date(2021, 8, 5), code_ground="mistyped", code_checked=True)
    for snapshot in (before, close(world, "2021Q3", date(2021, 10, 15))):
        found = numbers.of(snapshot)
        shown = {label: found.numbers[numbers.picture_key("阶段", label)].value for label in found.items["stage"]}
        lines = summaries.by_stage(snapshots.book(snapshot))
        assert shown == {STAGE_LABELS[Stage(line.label)]: line.firms for line in lines}
    assert [row.name for row in numbers.behind(snapshot, "阶段:已合并.家数") or []] == ["海丰县云谷乙软件有限公司"]


def test_what_an_earlier_quarter_did_not_keep_is_not_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quarters of a city that had no bulletins yet."""
    before, after = played(world)
    known = kept.of
    monkeypatch.setattr(kept, "of", lambda snapshot: None if snapshot.id == before.id else known(snapshot))
    found = numbers.of(after)
    untold = [found.numbers[key] for key in ("目标:2021/T1.增加", "目标:2021/T1.减少")]
    assert {(one.shown, one.is_empty) for one in untold} == {("", True)}
    assert values(found, "本年新入库", "本年申报", "本年确认") == {"本年新入库": 5, "本年申报": 2, "本年确认": 1}


def test_a_step_put_down_after_its_quarter_was_closed_counts_in_the_year(world: World) -> None:
    """In July a filing of June comes to light: the second quarter stays what it was, the year has it."""
    firm = listed(world, "海丰县云谷软件有限公司", 1)
    before = close(world, "2021Q2", date(2021, 7, 20))
    firm.take_over(Action.FILE, Stage.FILED, on=date(2021, 6, 25))
    after = close(world, "2021Q3", date(2021, 10, 15))
    assert values(numbers.of(before), "新申报", "本年申报") == {"新申报": 0, "本年申报": 0}
    assert values(numbers.of(after), "新申报", "本年申报") == {"新申报": 0, "本年申报": 1}
    assert [row.name for row in numbers.behind(after, "本年申报") or []] == ["海丰县云谷软件有限公司"]


def test_a_zone_that_ended_since_is_told_as_it_was(world: World, app: Flask) -> None:
    today = app.config["TODAY"]
    try:
        published(world, *the_zone(), start=DAY)
        in_effect()
        places = {row["code"]: row for row in kept.beside(Quarter(2021, 3))[kept.KEY]["places"]}
        assert (places[ZONE]["name"], places[ZONE]["office"]) == ("华侨管理区", reference.offices()[ZONE].id)
        assert ZONE not in {row["code"] for row in kept.beside(Quarter(2021, 4))[kept.KEY]["places"]}
    finally:
        app.config["TODAY"] = today


def test_what_happens_after_the_closing_moves_no_number(world: World) -> None:
    _, after = played(world)
    then = numbers.of(after)
    listed(world, "海丰县后来软件有限公司", 9, on=date(2021, 10, 18))
    db.session.commit()
    assert numbers.of(after) == then


def test_an_office_is_shown_the_rows_of_its_own_firms_alone(world: World) -> None:
    _, after = played(world)

    def names(rows: list[RowBehind] | None) -> Counter[str]:
        return Counter(row.name[:3] for row in rows or [])

    assert names(numbers.behind(after, "在库")) == {"海丰县": 3, "陆丰市": 1}
    assert names(numbers.behind(after, "在库", world.actor("lufeng"))) == {"陆丰市": 1}
    assert names(numbers.behind(after, "新申报", world.actor("lufeng"))) == {}
    assert names(numbers.behind(after, "目标:2021/T1.已计数", world.actor("lufeng"))) == {}
    assert names(numbers.behind(after, "目标:2021/T1.已计数", world.actor("haifeng"))) == {"海丰县": 1}


def test_a_quarter_that_kept_nothing_has_no_bulletin(world: World) -> None:
    before, _ = played(world)
    bare = Snapshot(quarter="2020Q4", header={key: value for key, value in before.header.items() if key != "beside"})
    with pytest.raises(RegistryError, match="没有留存目标和责任清单的进展"):
        numbers.of(bare)
