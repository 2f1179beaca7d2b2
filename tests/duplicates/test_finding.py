"""Suspected pairs: found with the name, judged by people, remembered until a record changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from registry.base.errors import FieldError, PairJudged, PairTold, RegistryError
from registry.base.extensions import db
from registry.base.vocabulary import Ruling
from registry.duplicates.models import Pairing, PairVerdict
from registry.duplicates.queries import verdicts
from registry.duplicates.services import judging, pairings
from registry.duplicates.services.judging import RecordedVerdict
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World, credit_code

LATER = NOW + timedelta(days=1)
SIMPLIFIED, TRADITIONAL = "陆丰市海创知识产权代理有限公司", "陸豐市海創知識產權代理有限公司"


@pytest.fixture
def pair(world: World) -> Pairing:
    """The same name in two scripts, the second without a code."""
    world.firm(SIMPLIFIED, by="lufeng", operating_address="陆丰市东海镇人民路18号", town=None)
    world.firm(TRADITIONAL, by="lufeng", credit_code=None, no_code_reason="尚未领照")
    return the_pair()


def the_pair() -> Pairing:
    return db.session.scalars(select(Pairing)).one()


def judged(world: World, pairing: Pairing, ruling: Ruling, who: str = "cityoffice", **more: object) -> PairVerdict:
    said = RecordedVerdict(ruling, str(more.get("reason", "核对过营业执照")))
    return judging.judge(world.actor(who), pairing, said, rounds=pairing.rounds, at=NOW)


# -- finding ----------------------------------------------------------------------------------------
def test_naming_a_firm_stores_what_it_may_be_a_duplicate_of(pair: Pairing) -> None:
    assert (pair.first.name, pair.second.name, pair.state, pair.band) == (SIMPLIFIED, TRADITIONAL, "open", "same")
    assert pair.suspected
    assert pair.first_id < pair.second_id


def test_a_branch_and_its_parent_are_no_pair(world: World) -> None:
    world.firm("海丰县云谷软件有限公司")
    world.firm("海丰县云谷软件有限公司陆丰分公司", unit_kind="branch")
    assert db.session.scalars(select(Pairing)).all() == []


def test_two_codes_under_one_name_are_asked_about_though_they_are_two_firms(world: World) -> None:
    world.firm(SIMPLIFIED, by="lufeng")
    world.firm(TRADITIONAL, by="lufeng")
    assert (the_pair().band, the_pair().warning, the_pair().suspected) == ("different", True, True)


def test_looking_again_changes_nothing_where_nothing_changed(pair: Pairing) -> None:
    before = (pair.compared_at, pair.found_at, pair.score, pair.evidence)
    assert pairings.find(pair.first, at=LATER) == [pair]
    assert pairings.find(pair.second, at=LATER) == [pair]
    assert (pair.compared_at, pair.found_at, pair.score, pair.evidence) == before
    assert the_pair() is pair


def test_a_firm_that_is_renamed_to_something_else_is_no_suspect_any_more(world: World, pair: Pairing) -> None:
    rename(world, pair.second, "陆丰市金穗粮油贸易有限公司")
    assert pair.suspected, "by its former name it may still be the same firm"
    entries.edit(world.actor("lufeng"), pair.first, {"name": "陆丰市南塘水产养殖有限公司"}, at=LATER, on=TODAY)
    assert not pair.suspected


def rename(world: World, firm: Firm, name: str) -> None:
    day = TODAY
    entries.rename(world.actor("lufeng"), firm, name, at=LATER, on=day, effective=day, reason="登记机关核准变更名称")


# -- judging ----------------------------------------------------------------------------------------
def test_a_verdict_says_who_when_why_and_what_the_engine_said_then(world: World, pair: Pairing) -> None:
    verdict = judged(world, pair, Ruling.SAME)
    assert (verdict.round, verdict.ruling, verdict.by_name, verdict.at, verdict.band) == (
        1, "same", "王培", NOW, "same",
    )  # fmt: skip
    assert pair.state == "same"
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "judge_pair")).one()
    assert (act.subject_kind, act.subject_id, act.reason) == ("pairing", pair.id, "核对过营业执照")
    assert act.after is not None
    assert act.after["ruling"] == "same"
    assert act.subject_label == f"{SIMPLIFIED} / {TRADITIONAL}"


def test_the_database_itself_keeps_a_verdict_as_it_was_said(world: World, pair: Pairing) -> None:
    judged(world, pair, Ruling.SAME)
    db.session.commit()
    for statement in (update(PairVerdict).values(reason="改"), delete(PairVerdict)):
        with pytest.raises(DatabaseError, match="verdicts are append-only"):
            db.session.execute(statement)
        db.session.rollback()
    assert db.session.scalars(select(PairVerdict.reason)).all() == ["核对过营业执照"]


def test_a_verdict_holds_until_a_record_changes(world: World, pair: Pairing) -> None:
    verdict = judged(world, pair, Ruling.DIFFERENT)
    pairings.find(pair.first, at=LATER)
    assert pair.state == "different"
    assert verdicts.standing([(pair.second_id, pair.first_id)]) == {(pair.first_id, pair.second_id): verdict}
    assert verdicts.apart_from(pair.second) == {pair.first_id: verdict}


@pytest.mark.parametrize(
    "change",
    [
        {"contact_phone": "13700001111"},
        {"registered_address": "陆丰市东海镇解放路2号"},
        {"legal_form": "private_limited"},
        {"credit_code": credit_code(77)},
        {"name": "陆丰市海创知识产权服务有限公司"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_pair_comes_back_when_what_was_compared_changes(world: World, pair: Pairing, change: dict[str, str]) -> None:
    judged(world, pair, Ruling.DIFFERENT)
    entries.edit(world.actor("lufeng"), pair.second, change, at=LATER, on=TODAY)
    assert pair.state == "returned"
    assert [verdict.ruling for verdict in pair.verdicts] == ["different"]
    assert verdicts.standing([(pair.first_id, pair.second_id)]) == {}
    assert verdicts.apart_from(pair.second) == {}


def test_a_pair_comes_back_after_a_rename_and_a_former_name(world: World, pair: Pairing) -> None:
    judged(world, pair, Ruling.DIFFERENT)
    rename(world, pair.second, "陆丰市海创知识产权服务有限公司")
    assert pair.state == "returned"
    judged(world, pair, Ruling.UNSURE)
    assert pair.state == "unsure"
    entries.note_former_names(world.actor("lufeng"), pair.first, ["陆丰市海创商标事务所"], at=LATER)
    assert (pair.state, [verdict.ruling for verdict in pair.verdicts]) == ("returned", ["different", "unsure"])


def test_a_change_that_no_comparison_looks_at_leaves_the_verdict_alone(world: World, pair: Pairing) -> None:
    judged(world, pair, Ruling.DIFFERENT)
    entries.edit(world.actor("lufeng"), pair.second, {"activity": "商标代理", "employees": 3}, at=LATER, on=TODAY)
    assert pair.state == "different"


def test_a_record_put_back_as_it_was_brings_the_verdict_back(world: World, pair: Pairing) -> None:
    judged(world, pair, Ruling.DIFFERENT)
    for phone in ("13700001111", "13800135678"):
        entries.edit(world.actor("lufeng"), pair.second, {"contact_phone": phone}, at=LATER, on=TODAY)
    assert pair.state == "different"


def test_of_two_who_judge_at_once_the_second_is_told_of_the_first(world: World, pair: Pairing) -> None:
    judged(world, pair, Ruling.SAME)
    with pytest.raises(PairJudged) as refused:
        judging.judge(world.actor("industry"), pair, RecordedVerdict(Ruling.DIFFERENT, "两家"), rounds=0, at=NOW)
    assert str(refused.value) == "王培已于 2021-10-15 判定“是同一企业”。请看过后再判定。"
    assert len(pair.verdicts) == 1


def test_different_under_one_name_needs_a_reason_and_same_does_not(world: World, pair: Pairing) -> None:
    with pytest.raises(FieldError, match="须写明理由"):
        judged(world, pair, Ruling.DIFFERENT, reason=" ")
    assert judged(world, pair, Ruling.SAME, reason="").ruling == "same"


def test_same_under_two_codes_needs_a_reason(world: World) -> None:
    world.firm(SIMPLIFIED, by="lufeng")
    world.firm(TRADITIONAL, by="lufeng")
    with pytest.raises(FieldError, match="统一社会信用代码不同"):
        judged(world, the_pair(), Ruling.SAME, reason="")


# -- many at once -----------------------------------------------------------------------------------
def three_alike(world: World) -> list[Pairing]:
    for name in (SIMPLIFIED, TRADITIONAL, "（陆丰市）海创知识产权代理有限公司"):
        world.firm(name, by="lufeng", credit_code=None, no_code_reason="尚未领照")
    return list(db.session.scalars(select(Pairing).order_by(Pairing.id)))


def test_many_pairs_are_judged_with_one_word_each_recorded(world: World) -> None:
    pairs = three_alike(world)
    said = RecordedVerdict(Ruling.DIFFERENT, "逐户核实", source="bulk")
    judging.judge_all(world.actor("cityoffice"), pairs, said, rounds={one.id: 0 for one in pairs}, at=NOW)
    assert len(pairs) == 3
    assert [one.state for one in pairs] == ["different"] * 3
    assert len(db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "judge_pair")).all()) == 3


def test_many_are_judged_all_or_none(world: World) -> None:
    pairs = three_alike(world)
    judged(world, pairs[1], Ruling.UNSURE)
    said = RecordedVerdict(Ruling.DIFFERENT, "逐户核实", source="bulk")
    with pytest.raises(RegistryError, match="有 1 对已由他人判定"):
        judging.judge_all(world.actor("cityoffice"), pairs, said, rounds={one.id: 0 for one in pairs}, at=NOW)
    assert [one.state for one in pairs] == ["open", "unsure", "open"]


def test_many_together_need_a_reason(world: World) -> None:
    pairs = three_alike(world)
    with pytest.raises(FieldError, match="批量判定须写明理由"):
        judging.judge_all(world.actor("cityoffice"), pairs, RecordedVerdict(Ruling.SAME), rounds={}, at=NOW)


# -- said at the form -------------------------------------------------------------------------------
def test_what_a_clerk_said_while_naming_is_on_record_and_settles_nothing(world: World, pair: Pairing) -> None:
    (verdict,) = judging.set_apart(
        world.actor("lufeng"), pair.second, [pair.first], at=NOW, reason="已核对，不是同一家"
    )
    assert (verdict.ruling, verdict.source, verdict.by_name, pair.state) == ("different", "told", "林海", "open")
    judging.judge(world.actor("cityoffice"), pair, RecordedVerdict(Ruling.SAME), rounds=1, at=NOW)
    assert pair.state == "same"


def test_what_a_clerk_said_is_no_verdict_on_the_trail_nor_to_who_judges_meanwhile(world: World, pair: Pairing) -> None:
    judging.set_apart(world.actor("lufeng"), pair.second, [pair.first], at=NOW, reason="已核对，不是同一家")
    (act,) = db.session.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "pairing")).all()
    assert act.verb == "tell_pair"
    with pytest.raises(PairTold, match="填报时说明不是同一企业（不是判定）"):
        judging.judge(world.actor("cityoffice"), pair, RecordedVerdict(Ruling.SAME), rounds=0, at=NOW)


def test_what_a_clerk_said_later_does_not_hide_the_verdict_before_it(world: World, pair: Pairing) -> None:
    judging.judge(world.actor("cityoffice"), pair, RecordedVerdict(Ruling.UNSURE), rounds=0, at=NOW)
    judging.set_apart(world.actor("lufeng"), pair.second, [pair.first], at=NOW, reason="已核对，不是同一家")
    found = verdicts.standing([(pair.first_id, pair.second_id)])
    assert [(word.ruling, word.source) for word in found.values()] == [("unsure", "queue")]


def test_what_who_may_judge_said_while_naming_stands_as_their_verdict(world: World, pair: Pairing) -> None:
    (verdict,) = judging.set_apart(world.actor("cityoffice"), pair.second, [pair.first], at=NOW)
    assert (verdict.source, pair.state) == ("form", "different")
