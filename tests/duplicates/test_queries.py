"""Which firms a name or code may mean, and how little of another county's firm is told."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest
from flask import current_app

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.duplicates.queries import duplicates
from registry.duplicates.queries.duplicates import Elsewhere, Likeness, Seen
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.matching.judgement import Band, Level, Link
from registry.proposals.services import reviews
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, World, credit_code

NAME = "海丰县云谷软件有限公司"


def found(name: str, code: str | None = None, **options: Any) -> list[tuple[str, Level]]:
    return [(match.firm.name, match.judgement.level) for match in duplicates.candidates(name, code, **options)]


def test_nothing_is_found_where_nothing_is_alike(world: World) -> None:
    world.firm(NAME)
    assert found("陆丰市甲子海产品有限公司", credit_code(900)) == []


@pytest.mark.parametrize(
    "typed,level",
    [
        (NAME, Level.SAME_NAME),
        ("海豐縣雲谷軟件有限公司", Level.SAME_NAME),  # traditional
        (" 海丰县　云谷软件\u200b有限公司（新增）", Level.SAME_NAME),  # spaces, invisible, remark
        ("云谷（海丰）软件有限公司", Level.SAME_PARTS),  # another order
        ("云谷软件有限公司", Level.SAME_CORE),  # without its place
    ],
)
def test_one_name_is_found_in_every_writing(world: World, typed: str, level: Level) -> None:
    world.firm(NAME)
    world.firm("海丰县星河网络科技有限公司")
    assert found(typed) == [(NAME, level)]


def test_the_same_code_is_found_under_any_name(world: World) -> None:
    firm = world.firm(NAME)
    assert found("海丰县完全不同检测有限公司", firm.credit_code) == [(NAME, Level.SAME_CODE)]


def test_a_code_that_fails_its_check_finds_nothing(world: World) -> None:
    firm = world.firm(NAME)
    wrong = f"{firm.credit_code[:17]}{'0' if firm.credit_code[17] != '0' else '1'}"
    assert found("海丰县完全不同检测有限公司", wrong) == []


def test_an_organisation_code_issued_under_another_prefix_is_a_question(world: World) -> None:
    firm = world.firm(NAME)
    moved = next(
        code
        for code in (credit_code(number, "441581") for number in range(1, 9))
        if code[8:17] == firm.credit_code[8:17]
    )
    match = duplicates.candidates("陆丰市另一家有限公司", moved)[0]
    assert (match.firm, match.judgement.level, match.judgement.band) == (firm, Level.SAME_ORGANISATION, Band.REVIEW)


def test_a_former_name_still_finds_the_firm(world: World) -> None:
    firm = world.firm(NAME)
    entries.rename(
        world.actor("haifeng"),
        firm,
        "海丰县云谷数字科技有限公司",
        at=NOW,
        on=TODAY,
        effective=date(2021, 3, 1),
        reason="更名",
    )
    assert found("海豐縣雲谷軟件有限公司") == [("海丰县云谷数字科技有限公司", Level.SAME_NAME)]


def test_a_removed_firm_is_still_a_candidate(world: World) -> None:
    firm = world.admitted(NAME)
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X04", reason="注销")
    match = duplicates.candidates(NAME, None)[0]
    assert (match.firm.stage, match.judgement.level) == (Stage.REMOVED, Level.SAME_NAME)


def test_a_firm_voided_with_its_import_is_none(world: World) -> None:
    firm = world.firm(NAME)
    firm.voided_at = NOW
    db.session.flush()
    assert found(NAME, firm.credit_code) == []


def test_a_branch_is_linked_to_its_parent_and_never_a_duplicate(world: World) -> None:
    parent = world.firm(NAME)
    branch = world.firm(NAME + "汕尾分公司", unit_kind="branch")
    match = duplicates.of_firm(branch)[0]
    assert (match.firm, match.judgement.link, match.needs_decision) == (parent, Link.BRANCH_OF, False)
    entries.link_parent(world.actor("haifeng"), branch, parent, at=NOW)
    db.session.flush()
    assert duplicates.of_firm(branch) == []


def test_the_firm_that_asks_is_not_its_own_duplicate(world: World) -> None:
    firm = world.firm(NAME)
    assert found(NAME, firm.credit_code, exclude=firm.id) == []


def test_two_firms_of_one_name_and_two_codes_are_a_warning(world: World) -> None:
    world.firm(NAME)
    match = duplicates.candidates(NAME, credit_code(500))[0]
    assert (match.judgement.band, match.judgement.warning, match.needs_decision) == (Band.DIFFERENT, True, False)


def test_what_needs_a_decision_comes_first(world: World) -> None:
    world.firm("汕尾市云谷软件有限公司", credit_code=None, no_code_reason="正在办理")
    world.firm(NAME, credit_code=None, no_code_reason="正在办理")
    levels = [level for _, level in found(NAME)]
    assert levels == [Level.SAME_NAME, Level.SAME_CORE]


def test_a_name_that_is_too_long_or_empty_finds_nothing(world: World) -> None:
    world.firm(NAME)
    assert (found("云" * 300), found(""), found("（）")) == ([], [], [])


def test_another_county_is_told_that_where_and_whom_and_nothing_else(world: World) -> None:
    firm = world.firm(NAME)
    seen = duplicates.check(world.actor("lufeng"), NAME, None)
    assert seen == Seen((), Elsewhere(Likeness.NAME, "海丰县", "海丰县"))
    assert [field.name for field in dataclasses.fields(Elsewhere)] == ["likeness", "county", "office"]
    assert duplicates.check(world.actor("haifeng"), NAME, None).matches[0].firm == firm


def test_how_many_there_are_elsewhere_is_not_told(world: World) -> None:
    world.firm(NAME, credit_code=None, no_code_reason="正在办理")
    world.firm(NAME, by="luhe", credit_code=None, no_code_reason="正在办理")
    seen = duplicates.check(world.actor("lufeng"), NAME, None)
    assert seen == Seen((), Elsewhere(Likeness.NAME, "海丰县", "海丰县"))


@pytest.mark.parametrize("typed", ["云谷软件有限公司", "陆丰市云谷软件有限公司", "海丰县云古软件有限公司"])
def test_a_mere_likeness_elsewhere_is_not_told_at_all(world: World, typed: str) -> None:
    world.firm(NAME)
    assert duplicates.check(world.actor("lufeng"), typed, None) == Seen()


@pytest.mark.parametrize(
    "typed,code,likeness",
    [
        ("陆丰市别的公司", "own", Likeness.CODE),
        (NAME + "陆丰分公司", None, Likeness.PARENT),
        ("云谷（海丰）软件有限公司", None, Likeness.NAME),
        (NAME, "other", Likeness.NAME),
    ],
)
def test_what_a_firm_elsewhere_agrees_in_is_what_was_typed(
    world: World, typed: str, code: str | None, likeness: Likeness
) -> None:
    firm = world.firm(NAME)
    codes = {"own": firm.credit_code, "other": credit_code(700, "441581"), None: None}
    seen = duplicates.check(world.actor("lufeng"), typed, codes[code])
    assert (seen.matches, seen.elsewhere) == ((), Elsewhere(likeness, "海丰县", "海丰县"))


def test_a_zone_s_firm_is_seen_by_the_county_that_counts_it(world: World) -> None:
    firm = world.firm("汕尾高新区星河软件有限公司", by="gaoxin")
    assert duplicates.check(world.actor("chengqu"), firm.name, None).matches[0].firm == firm
    assert duplicates.check(world.actor("haifeng"), firm.name, None).elsewhere == Elsewhere(
        Likeness.NAME, "汕尾市城区", "高新区"
    )


def test_the_city_office_sees_every_match(world: World) -> None:
    world.firm(NAME, credit_code=None, no_code_reason="正在办理")
    world.firm(NAME, by="luhe", credit_code=None, no_code_reason="正在办理")
    seen = duplicates.check(world.actor("cityoffice"), NAME, None)
    assert (len(seen.matches), seen.elsewhere) == (2, None)


def test_a_held_code_is_held_whoever_holds_it(world: World) -> None:
    firm = world.firm(NAME)
    held = [duplicates.check(world.actor(who), "别的名称", firm.credit_code) for who in ("haifeng", "lufeng")]
    assert [(seen.code_is_held, seen.holder is not None) for seen in held] == [(True, True), (True, False)]


def test_a_look_takes_two_statements_however_many_it_finds(world: World) -> None:
    def statements(count: int) -> int:
        for number in range(count):
            world.firm(NAME if not number else f"云谷（海丰）软件有限公司{'(新增)' * (number - 1)}")
        db.session.expire_all()
        list(db.session.scalars(db.select(Firm)))  # the firms themselves are not what is counted
        with queries_counted(current_app._get_current_object()) as seen:  # type: ignore[attr-defined]
            duplicates.candidates(NAME, None)
        return len(seen)

    assert (statements(1), statements(3)) == (9, 9)


def test_rejected_and_withdrawn_firms_are_found_with_their_stage(world: World) -> None:
    proposal = world.under_review(NAME)
    reviews.reject(world.actor("industry"), proposal, reason_code="R04", note="非法人单位", at=NOW, on=TODAY)
    assert duplicates.candidates(NAME, None)[0].firm.stage == Stage.REJECTED


def test_two_firms_that_swapped_names_are_told_so_with_the_day(world: World) -> None:
    names = ("海丰县善美科技有限公司", "海丰县宏图科技有限公司")
    one, other = (world.admitted(name) for name in names)
    for firm, name, day in (
        (one, "海丰县过渡科技有限公司", date(2021, 3, 1)), (other, names[0], date(2021, 3, 2)), (one, names[1], date(2021, 3, 3)),
    ):  # fmt: skip
        entries.rename(world.actor("haifeng"), firm, name, at=NOW, on=TODAY, effective=day, reason="变更登记")
    (told,) = [match for match in duplicates.of_firm(one) if match.firm.id == other.id]
    assert told.judgement.band is Band.DIFFERENT
    assert str(told.judgement) == (
        "两家企业在 2021-03-02 互换过名称（现名 海丰县宏图科技有限公司、海丰县善美科技有限公司），不是同一家企业。"
    )
