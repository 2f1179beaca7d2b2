"""A closed quarter stands for ever: its rows, its file, its digests; what is put right later comes in the next one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from registry.base import turns
from registry.base.errors import (
    EarlierQuarterOpen,
    NotAllowed,
    QuarterClosed,
    QuarterEmpty,
    QuarterOpen,
    ReasonNeeded,
    RegistryError,
)
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from registry.quarters.models import Snapshot, SnapshotRow
from registry.quarters.queries import corrections, quarters, snapshots
from registry.quarters.services import exporting, freezing, sealed, sealing
from registry.quarters.sheets.summaries import ChangeKind, movement
from registry.reference.models import Parameter
from registry.reference.queries import reference
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.lives import Life, listed, moment
from tests.quarters.certified import without_all
from tests.world import World, credit_code

Q1, Q2, Q3, Q4 = (Quarter.parse(text) for text in ("2021Q1", "2021Q2", "2021Q3", "2021Q4"))
JULY, OCTOBER, JANUARY = date(2021, 7, 20), date(2021, 10, 15), date(2022, 1, 20)
YUNGU, MEILONG, KETANG = "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司", "海丰县可塘设计有限公司"
NOTE = "个别企业报表未报，不影响名录。"


def close(world: World, quarter: Quarter, day: date, note: str = NOTE) -> Snapshot:
    db.session.commit()
    reasons = without_all(quarter)
    snapshot = freezing.close(world.actor("cityoffice"), quarter, note=note, at=moment(day), on=day, without=reasons)
    db.session.commit()
    return snapshot


@pytest.fixture
def lives(world: World) -> dict[str, Life]:
    """Three firms admitted in May, with their figures of June."""
    lives = {
        YUNGU: listed(world, YUNGU, 1),
        MEILONG: listed(world, MEILONG, 2, industry="7452", wan="1001"),
        KETANG: listed(world, KETANG, 3, wan="1800"),
    }
    for life in lives.values():
        life.figure("700", "2021-06", on=date(2021, 7, 12))
    return lives


def told(quarter: Quarter) -> list[tuple[ChangeKind, str, str, str, str, str]]:
    snapshot = snapshots.of(quarter)
    assert snapshot is not None
    book = snapshots.book(snapshot)
    return [(c.kind, c.name, c.what, c.before, c.after, c.reason) for c in book.changes]


def test_a_closed_quarter_says_what_the_open_one_said(world: World, lives: dict[str, Life]) -> None:
    open_book = quarters.book(Q2)
    snapshot = close(world, Q2, JULY)
    frozen = quarters.told(Q2)
    assert (frozen.rows() and [row["name"] for row in frozen.rows()]) == [row["name"] for row in open_book.rows()]
    assert [{key: row[key] for key in old} for row, old in zip(frozen.rows(), open_book.rows(), strict=True)] == (
        open_book.rows()
    )
    assert (frozen.changes, frozen.rules, frozen.divisions, frozen.scope) == (
        open_book.changes,
        open_book.rules,
        open_book.divisions,
        open_book.scope,
    )
    assert (open_book.draft, frozen.draft, snapshot.rows, snapshot.changes) == (True, False, 3, 3)


def test_every_row_holds_its_figures_and_every_verdict_with_rule_and_version(
    world: World, lives: dict[str, Life]
) -> None:
    row = next(snapshots.rows(close(world, Q2, JULY)))
    verdicts = {v["code"]: (v["verdict"], v["rule"], v["version"], v["value"], v["line"]) for v in row["verdicts"]}
    assert (verdicts["admission_line"], verdicts["statutory_line"]) == (
        ("met", "ADM-1000", 1, "12000000.00", "10000000.00"),
        ("unmet", "SVC-2000-I", 1, "7000000.00", "20000000.00"),
    )
    assert [(f["period"], f["amount"], f["documented"]) for f in row["figures"]] == [
        ("2020", "12000000.00", True),
        ("2021-06", "7000000.00", True),
    ]


def test_the_closing_is_on_the_trail_with_digest_and_chain_head(world: World, lives: dict[str, Life]) -> None:
    db.session.commit()
    before = trail.head()
    snapshot = close(world, Q2, JULY)
    act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (act.verb, act.subject_label, act.actor_name, act.reason) == ("close_quarter", "2021Q2", "王培", NOTE)
    assert (act.after or {})["digest"] == snapshot.digest
    assert ((act.after or {})["chain"], f"{snapshot.chain_seq}:{snapshot.chain_hash}") == (before, before)
    assert sealed.verify(snapshot).fault == ""


def happens_later(world: World, lives: dict[str, Life]) -> None:
    """Everything that may change what is known: a figure, names, a code, a merge, an import taken back, rules."""
    lives[YUNGU].figure("650", "2021-06", on=OCTOBER, reason="利润表更正").edit(on=OCTOBER, employees=99)
    lives[YUNGU].rename("海丰县云谷数字科技有限公司", on=OCTOBER, effective=date(2021, 6, 20))
    lives[MEILONG].edit(on=OCTOBER, credit_code=credit_code(88), reason="代码抄录有误")
    twin = listed(world, "海丰县可塘设计院有限公司", 4, wan="1500", on=OCTOBER)
    plan = plans.plan(lives[KETANG].firm, twin.firm)
    picks = {clash.key: Pick.WINNER for clash in plan.clashes}
    merging.merge(
        world.actor("cityoffice"), lives[KETANG].firm, twin.firm,
        MergeChoice("重复登记", picks, code_ground="mistyped", code_checked=True), at=moment(OCTOBER), on=OCTOBER,
    )  # fmt: skip
    db.session.add(Parameter(key="tier.b", valid_from=date(2021, 1, 2), value="0.30", source="市培育办"))
    db.session.commit()


def test_the_file_of_a_closed_quarter_is_the_same_whatever_happens(
    app: Flask, world: World, lives: dict[str, Life]
) -> None:
    close(world, Q2, JULY)
    first = exporting.workbook(Q2)
    happens_later(world, lives)
    lives[KETANG].firm.voided_at = moment(OCTOBER)
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    app.config["TODAY"] = date(2031, 3, 8)
    again = exporting.workbook(Q2)
    assert (again.content == first.content, again.digest, again.draft) == (True, first.digest, False)


def test_an_open_quarter_says_that_it_is_a_draft_and_a_closed_one_does_not(
    world: World, lives: dict[str, Life]
) -> None:
    db.session.commit()
    assert exporting.workbook(Q2).draft
    close(world, Q2, JULY)
    assert not exporting.workbook(Q2).draft


def test_a_figure_corrected_later_comes_in_the_next_quarter_with_day_and_reason(
    world: World, lives: dict[str, Life]
) -> None:
    close(world, Q2, JULY)
    lives[YUNGU].figure("650", "2021-06", on=date(2021, 8, 3), reason="利润表更正")
    close(world, Q3, OCTOBER)
    assert told(Q3) == [
        (ChangeKind.CORRECTED, YUNGU, "本年累计营业收入(万元)（2021Q2）", "700.00", "650.00", "利润表更正"),
    ]
    snapshot = snapshots.of(Q2)
    assert snapshot is not None
    assert [row["revenue_to_date"] for row in snapshots.rows(snapshot)] == [7000000] * 3


def test_what_was_put_right_once_is_not_told_again(world: World, lives: dict[str, Life]) -> None:
    close(world, Q2, JULY)
    lives[YUNGU].figure("650", "2021-06", on=date(2021, 8, 3), reason="利润表更正")
    close(world, Q3, OCTOBER)
    lives[YUNGU].edit(on=date(2021, 11, 2), employees=50)
    close(world, Q4, JANUARY)
    assert [line[:3] for line in told(Q4)] == [(ChangeKind.ALTERED, YUNGU, "从业人员")]
    lives[YUNGU].figure("640", "2021-06", on=date(2022, 2, 3), reason="再次更正")
    db.session.commit()
    late = [line for line in quarters.book(Quarter.parse("2022Q1")).changes if line.kind is ChangeKind.CORRECTED]
    assert [(line.what, line.before, line.after) for line in late] == [
        ("本年累计营业收入(万元)（2021Q2）", "650.00", "640.00"),
        ("本年累计营业收入(万元)（2021Q3）", "650.00", "640.00"),
        ("本年累计营业收入(万元)（2021Q4）", "650.00", "640.00"),
    ]


def test_a_mistyped_name_or_code_put_right_is_a_correction_and_a_new_name_is_not(
    world: World, lives: dict[str, Life]
) -> None:
    close(world, Q2, JULY)
    lives[YUNGU].edit(on=date(2021, 8, 3), credit_code=credit_code(88), reason="代码抄录有误")
    lives[MEILONG].rename("海丰县梅陇检验检测有限公司", on=date(2021, 8, 4), effective=date(2021, 8, 1))
    close(world, Q3, OCTOBER)
    assert [(kind, what, reason) for kind, _, what, _, _, reason in told(Q3)] == [
        (ChangeKind.ALTERED, "企业名称", "登记机关核准变更"),
        (ChangeKind.CORRECTED, "统一社会信用代码", "代码抄录有误"),
    ]


def test_a_firm_of_an_import_taken_back_leaves_as_a_correction_and_the_sum_is_right(
    world: World, lives: dict[str, Life]
) -> None:
    close(world, Q2, JULY)
    lives[KETANG].firm.voided_at = moment(date(2021, 8, 3))
    listed(world, "海丰县新来软件有限公司", 9, on=date(2021, 8, 20))
    close(world, Q3, OCTOBER)
    assert [(line[0], line[1], line[3], line[4]) for line in told(Q3)] == [
        (ChangeKind.ENTERED, "海丰县新来软件有限公司", "部门核查", "在库培育"),
        (ChangeKind.CORRECTED, KETANG, "在库培育", "不在库"),
    ]
    steps = [(step.label, step.firms) for step in movement(quarters.told(Q3))]
    assert steps == [
        ("上季末在库", 3),
        ("更正上季", -1),
        ("新增（入库培育）", 1),
        ("出库", 0),
        ("退库", 0),
        ("已合并", 0),
        ("本季末在库", 3),
    ]


def test_a_rule_changed_for_the_past_is_told_firm_by_firm(world: World, lives: dict[str, Life]) -> None:
    close(world, Q2, JULY)
    db.session.add(Parameter(key="tier.b", valid_from=date(2021, 1, 2), value="0.55", source="市培育办"))
    reference.forget_rules()  # as publishing does
    close(world, Q3, OCTOBER)
    assert [line[1:] for line in told(Q3)] == [(YUNGU, "档（2021Q2）", "C", "B", "规则更正")]


def test_a_rule_for_next_year_changes_nothing_of_a_closed_quarter(world: World, lives: dict[str, Life]) -> None:
    close(world, Q2, JULY)
    db.session.add(Parameter(key="tier.b", valid_from=date(2022, 1, 1), value="0.55", source="市培育办"))
    reference.forget_rules()  # as publishing does
    close(world, Q3, OCTOBER)
    assert told(Q3) == []


def test_a_firm_merged_has_left_into_the_other(world: World, lives: dict[str, Life]) -> None:
    twin = listed(world, "海丰县可塘设计院有限公司", 4, wan="1500")
    close(world, Q2, JULY)
    plan = plans.plan(lives[KETANG].firm, twin.firm)
    picks = {clash.key: Pick.WINNER for clash in plan.clashes}
    day = date(2021, 8, 3)
    merging.merge(
        world.actor("cityoffice"), lives[KETANG].firm, twin.firm,
        MergeChoice("重复登记", picks, code_ground="mistyped", code_checked=True), at=moment(day), on=day,
    )  # fmt: skip
    snapshot = close(world, Q3, OCTOBER)
    gone = [change for change in snapshots.book(snapshot).changes if change.kind is ChangeKind.LEFT]
    assert [(c.name, c.after, c.into, c.into_id) for c in gone] == [
        ("海丰县可塘设计院有限公司", "已合并", KETANG, lives[KETANG].firm.id)
    ]


# -- what is refused ------------------------------------------------------------------------------
def test_quarters_are_closed_once_in_order_and_when_they_are_over(world: World, lives: dict[str, Life]) -> None:
    db.session.commit()
    cityoffice = world.actor("cityoffice")

    def refused(quarter: Quarter, on: date) -> type[Exception]:
        with pytest.raises(RegistryError) as found:
            freezing.close(cityoffice, quarter, note=NOTE, at=moment(on), on=on)
        db.session.rollback()
        return found.type

    assert refused(Q4, OCTOBER) is QuarterOpen
    assert refused(Q3, OCTOBER) is EarlierQuarterOpen
    assert refused(Q1, OCTOBER) is QuarterEmpty
    close(world, Q2, JULY)
    assert refused(Q2, OCTOBER) is QuarterClosed
    assert db.session.scalars(select(Snapshot.quarter)).all() == ["2021Q2"]


def test_only_the_city_office_closes(world: World, lives: dict[str, Life]) -> None:
    db.session.commit()
    for username in ("statistics", "leader", "auditor", "haifeng", "industry", "sysadmin"):
        with pytest.raises(NotAllowed):
            freezing.close(world.actor(username), Q2, note=NOTE, at=moment(JULY), on=JULY)


def test_closing_with_points_open_needs_a_note_and_they_are_kept(world: World, lives: dict[str, Life]) -> None:
    world.submitted("海丰县在审软件有限公司", credit_code=credit_code(7))
    db.session.commit()
    with pytest.raises(ReasonNeeded):
        freezing.close(world.actor("cityoffice"), Q2, note=" ", at=moment(OCTOBER), on=OCTOBER)
    db.session.rollback()
    snapshot = close(world, Q2, OCTOBER)
    assert {row["point"]: row["count"] for row in snapshot.checklist if row["count"]} == {"proposed": 1}
    assert (len(snapshot.checklist), snapshot.note) == (10, NOTE)


def test_of_two_who_close_at_once_the_second_is_told(world: World, lives: dict[str, Life]) -> None:
    db.session.commit()
    cityoffice = world.actor("cityoffice")
    both = [
        freezing.take(cityoffice, Q2, note=NOTE, at=moment(JULY), on=JULY, without=without_all(Q2)) for _ in range(2)
    ]
    db.session.rollback()
    freezing.keep(cityoffice, both[0])
    db.session.commit()
    with pytest.raises(QuarterClosed):
        freezing.keep(cityoffice, both[1])
    db.session.rollback()
    for taken in both:
        with taken:
            pass
    assert db.session.query(SnapshotRow).count() == 3


def test_a_quarter_is_written_in_turns_and_seen_by_nobody_before_it_is_sealed(
    world: World, lives: dict[str, Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.commit()
    monkeypatch.setattr(turns, "LEAST", 1)
    monkeypatch.setattr(turns, "MOST", 1)
    monkeypatch.setattr(sealing, "FIRST", 1)
    seen: list[tuple[int, int]] = []

    def commit() -> None:
        db.session.commit()
        written = db.session.scalar(text("select count(*) from snapshot_row")) or 0
        seen.append((written, len(snapshots.closed())))

    with freezing.take(
        world.actor("cityoffice"), Q2, note=NOTE, at=moment(JULY), on=JULY, without=without_all(Q2)
    ) as taken:
        db.session.rollback()
        snapshot = freezing.keep(world.actor("cityoffice"), taken, commit=commit)
    assert [rows for rows, _ in seen[:4]] == [0, 1, 2, 3]
    assert {number for _, number in seen} == {0}
    db.session.commit()
    assert (sealed.verify(snapshot).fault, [each.quarter for each in snapshots.closed()]) == ("", ["2021Q2"])


def test_a_closing_that_died_is_seen_by_nobody_and_cleared_away_by_the_next(
    world: World, lives: dict[str, Life]
) -> None:
    db.session.commit()
    with freezing.take(
        world.actor("cityoffice"), Q2, note=NOTE, at=moment(JULY), on=JULY, without=without_all(Q2)
    ) as taken:
        db.session.rollback()
        sealing.write(taken.values, taken.rows, taken.changes, db.session.commit)  # and here it died
    assert (snapshots.closed(), snapshots.of(Q2), quarters.told(Q2).frozen) == ([], None, ())
    snapshot = close(world, Q2, JULY)
    assert sealed.verify(snapshot).fault == ""
    close(world, Q3, OCTOBER)
    left = db.session.execute(text("select quarter from snapshot order by id")).scalars().all()
    assert left == ["2021Q2", "2021Q3"]
    assert db.session.scalar(text("select count(*) from snapshot_row where snapshot_id = 1")) == 0


def test_of_two_at_once_the_later_goes_on_and_the_earlier_is_told_at_its_next_turn(
    world: World, lives: dict[str, Life]
) -> None:
    db.session.commit()
    cityoffice = world.actor("cityoffice")
    with (
        freezing.take(cityoffice, Q2, note=NOTE, at=moment(JULY), on=JULY, without=without_all(Q2)) as earlier,
        freezing.take(cityoffice, Q2, note="后一次", at=moment(JULY), on=JULY, without=without_all(Q2)) as later,
    ):
        db.session.rollback()
        number = sealing.write(earlier.values, earlier.rows, earlier.changes, db.session.commit)
        snapshot = freezing.keep(cityoffice, later)
        db.session.commit()
        with pytest.raises(QuarterClosed):
            sealing.seal(number, "2021Q2")
        db.session.rollback()
    assert [(each.quarter, each.note) for each in snapshots.closed()] == [("2021Q2", "后一次")]
    assert sealed.verify(snapshot).fault == ""


def test_what_is_done_between_reading_and_writing_is_a_correction_of_the_next(
    world: World, lives: dict[str, Life]
) -> None:
    db.session.commit()
    taken = freezing.take(world.actor("cityoffice"), Q2, note=NOTE, at=moment(JULY), on=JULY, without=without_all(Q2))
    db.session.rollback()
    lives[YUNGU].figure("650", "2021-06", on=JULY, reason="利润表更正")
    db.session.commit()
    with taken:
        snapshot = freezing.keep(world.actor("cityoffice"), taken)
    db.session.commit()
    assert sealed.verify(snapshot).fault == ""
    late = [change for change in quarters.book(Q3).changes if change.kind is ChangeKind.CORRECTED]
    assert [(change.before, change.after) for change in late] == [("700.00", "650.00")]


@pytest.mark.parametrize(
    "statement",
    [
        "update snapshot set note = 'x'",
        "delete from snapshot",
        "update snapshot_row set payload = 'x'",
        "delete from snapshot_row",
        "update snapshot_change set kind = 'x'",
        "delete from snapshot_change",
        (
            "insert into snapshot_change (snapshot_id, firm_id, number, kind, payload, co_bureaus) "
            "values (1, null, 99, 'entered', '{}', '')"
        ),
    ],
)
def test_the_database_refuses_to_change_a_closed_quarter(world: World, lives: dict[str, Life], statement: str) -> None:
    close(world, Q2, JULY)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def without_guards(statement: str, **values: Any) -> None:
    """As someone would who holds the database file itself."""
    table = statement.split()[1]
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text(f"drop trigger {table}_no_update"))
    else:
        db.session.execute(text(f"alter table {table} disable trigger user"))
    db.session.execute(text(statement), values)
    db.session.commit()


@pytest.mark.parametrize(
    "statement, fault",
    [
        ("update snapshot_row set payload = replace(payload, '云谷', '雲谷')", "row"),
        ("update snapshot_row set county = '441502'", "columns"),
        ("update snapshot_change set payload = replace(payload, '云谷', '雲谷')", "digest"),
        ("update snapshot set note = '别的'", "digest"),
        ("update snapshot set beside = replace(beside, '2021', '2020')", "beside"),
    ],
)
def test_a_quarter_changed_behind_the_registrys_back_is_found(
    world: World, lives: dict[str, Life], statement: str, fault: str
) -> None:
    close(world, Q2, JULY)
    without_guards(statement)
    snapshot = snapshots.of(Q2)
    assert snapshot is not None
    assert sealed.verify(snapshot).fault == fault


# -- who sees what --------------------------------------------------------------------------------
def test_each_reader_sees_the_part_that_was_theirs_then(world: World, lives: dict[str, Life]) -> None:
    snapshot = close(world, Q2, JULY)
    seen = {
        name: sorted(row["name"] for row in snapshots.book(snapshot, world.actor(name)).rows())
        for name in ("haifeng", "lufeng", "industry", "market", "leader", "sysadmin")
    }
    assert seen == {
        "haifeng": sorted(lives), "lufeng": [], "industry": sorted([YUNGU, KETANG]), "market": [MEILONG],
        "leader": sorted(lives), "sysadmin": [],
    }  # fmt: skip
    assert [
        len(snapshots.book(snapshot, world.actor(name)).changes) for name in ("haifeng", "lufeng", "market", "sysadmin")
    ] == [3, 0, 1, 0]


def test_the_list_of_quarters_has_the_numbers_that_were_frozen(world: World, lives: dict[str, Life]) -> None:
    close(world, Q2, JULY)
    lives[KETANG].firm.voided_at = moment(date(2021, 8, 3))
    db.session.commit()
    for name in ("leader", "haifeng"):
        lines = quarters.finished(world.actor(name), clock.today())
        assert [(str(line.quarter), line.listed, line.entered, line.snapshot is not None) for line in lines] == [
            ("2021Q3", 2, 0, False),
            ("2021Q2", 3, 3, True),
        ]


def test_a_quarter_that_knew_fewer_columns_has_no_correction_in_the_others(
    world: World, lives: dict[str, Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was closed before the column was there."""
    close(world, Q2, JULY)
    real = corrections.thawed
    monkeypatch.setattr(
        corrections,
        "thawed",
        lambda text: {key: value for key, value in real(text).items() if key != "operating_state"},
    )
    lives[YUNGU].edit(on=date(2021, 8, 3), operating_state="active")
    close(world, Q3, OCTOBER)
    assert [line for line in told(Q3) if line[0] is ChangeKind.CORRECTED] == []
