"""How many duplicates are still unfound: the interval, the sample that people judge blind, its pages, the quarter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.base.errors import NotAllowed
from registry.base.extensions import db
from registry.base.vocabulary import Ruling
from registry.duplicates.models import Pairing, PairVerdict, RecallPair, RecallSample
from registry.duplicates.queries import certificates
from registry.duplicates.services import judging, sampling
from registry.duplicates.services.judging import RecordedVerdict
from registry.matching.recall import FoundBy, JudgedPairs, unfound
from registry.trail.models import TrailEntry
from tests.duplicates.test_pages import page_of, words
from tests.terminal import registry
from tests.world import NOW, Build, World, post, signed_in

OTHER = "13900002222"
NOWHERE: dict[str, Any] = {"registered_address": "", "operating_address": ""}
NO_CODE: dict[str, Any] = {"credit_code": None, "no_code_reason": "尚未领照"}


def city(world: World) -> None:
    """Firms written twice: by name and phone, by name alone, by phone alone."""
    rows = (
        ("海丰县云谷软件有限公司", "13700001111"), ("海豐縣雲谷軟件有限公司", "13700001111"),
        ("海丰县星河数据有限公司", "13700002221"), ("海豐縣星河數據有限公司", "13700002222"),
        ("海丰县南湖网络有限公司", "13700003333"), ("汕尾市启明信息技术服务中心", "13700003333"),
    )  # fmt: skip
    for number, (name, phone) in enumerate(rows):
        coded = {} if number % 2 == 0 else NO_CODE
        world.firm(name, contact_phone=phone, registered_address=f"汕尾市海丰县红城大道{number}号", **coded)


def drawn(world: World, seed: str = "a") -> RecallSample:
    db.session.commit()
    sample = sampling.draw(world.actor("cityoffice"), at=NOW, seed=seed)
    db.session.commit()
    return sample


def kinds_of(sample: RecallSample) -> dict[str, tuple[str, str]]:
    rows = db.session.scalars(select(RecallPair).where(RecallPair.sample_id == sample.id))
    return {row.kind: (row.pairing.first.name, row.pairing.second.name) for row in rows}


def judge_all(world: World, sample: RecallSample, *, blind: bool = True) -> None:
    for row in db.session.scalars(select(RecallPair).where(RecallPair.sample_id == sample.id)).all():
        said = RecordedVerdict(Ruling.SAME, "核对过营业执照", blind)
        judging.judge(world.actor("cityoffice"), row.pairing, said, rounds=row.pairing.rounds, at=NOW)
    db.session.commit()


# -- the interval -----------------------------------------------------------------------------------
def test_nothing_is_said_while_a_kind_of_pair_is_judged_by_nobody() -> None:
    assert unfound({FoundBy.BOTH: JudgedPairs(certain=5), FoundBy.EVIDENCE: JudgedPairs(open=1)}) is None


def test_what_evidence_showed_and_people_called_one_firm_is_found() -> None:
    judged = {
        FoundBy.BOTH: JudgedPairs(certain=60),
        FoundBy.NAMES: JudgedPairs(certain=40),
        FoundBy.EVIDENCE: JudgedPairs(open=3, judged=3, same=3),
    }
    said = unfound(judged)
    assert said is not None
    # names missed 3 of those that evidence showed, and evidence shows 60 of 100: about 2 more are shown by neither
    assert (said.likely, said.low) == (2, 0)
    assert 5 <= said.high <= 12
    assert said.duplicates[0] >= 103


def test_the_less_is_judged_the_wider_the_interval() -> None:
    def width(judged: int) -> int:
        said = unfound(
            {
                FoundBy.BOTH: JudgedPairs(certain=50),
                FoundBy.EVIDENCE: JudgedPairs(open=400, judged=judged, same=judged // 10),
            }
        )
        assert said is not None
        return said.high - said.low

    assert width(20) > width(80) > width(400)


def test_where_evidence_says_little_the_interval_is_wide() -> None:
    little, much = (
        unfound(
            {
                FoundBy.BOTH: JudgedPairs(certain=both),
                FoundBy.NAMES: JudgedPairs(certain=100 - both),
                FoundBy.EVIDENCE: JudgedPairs(certain=2),
            }
        )
        for both in (5, 80)
    )
    assert little is not None
    assert much is not None
    assert little.high > 5 * much.high


# -- the sample -------------------------------------------------------------------------------------
def test_every_kind_of_pair_is_drawn_and_the_same_seed_draws_the_same(world: World) -> None:
    city(world)
    sample = drawn(world)
    assert kinds_of(sample) == {
        "both": ("海丰县云谷软件有限公司", "海豐縣雲谷軟件有限公司"),
        "names": ("海丰县星河数据有限公司", "海豐縣星河數據有限公司"),
        "evidence": ("海丰县南湖网络有限公司", "汕尾市启明信息技术服务中心"),
    }
    order = [row.pairing_id for row in db.session.scalars(select(RecallPair).order_by(RecallPair.number))]
    again = drawn(world)
    rows = select(RecallPair.pairing_id).where(RecallPair.sample_id == again.id).order_by(RecallPair.number)
    assert list(db.session.scalars(rows)) == order
    acts = db.session.scalars(select(TrailEntry.after).where(TrailEntry.verb == "draw_sample")).all()
    assert acts == [{"seed": "a", "firms": 6, "pairs": 3}] * 2


def test_a_pair_the_engine_made_nothing_of_is_no_suspect_for_being_drawn(world: World) -> None:
    city(world)
    before = db.session.scalar(select(func.count(Pairing.id)).where(Pairing.suspected))
    drawn(world)
    assert db.session.scalar(select(func.count(Pairing.id)).where(Pairing.suspected)) == before
    assert db.session.scalar(select(func.count(Pairing.id))) == (before or 0) + 1


def test_what_is_certain_by_code_or_by_an_earlier_verdict_is_not_asked_again(world: World) -> None:
    city(world)
    first = db.session.scalars(select(Pairing).where(Pairing.first_id == 1)).one()
    judging.judge(world.actor("cityoffice"), first, RecordedVerdict(Ruling.SAME, "一家"), rounds=0, at=NOW)
    world.firm("海丰县甲乙软件有限公司", contact_phone=OTHER, **NOWHERE)
    world.firm("汕尾市丙丁科技有限公司", contact_phone=OTHER, **NOWHERE)  # another valid code: another firm
    sample = drawn(world)
    assert set(kinds_of(sample)) == {"names", "evidence"}
    assert sample.sizes["both"] == {"pairs": 1, "certain": 1, "open": 0}
    assert sample.sizes["evidence"] == {"pairs": 2, "certain": 0, "open": 1}


def test_a_phone_of_many_firms_says_nothing(world: World) -> None:
    for number in "甲乙丙丁戊己庚辛壬癸子":
        world.firm(f"海丰县{number}{number}软件有限公司", contact_phone=OTHER, **NOWHERE, **NO_CODE)
    sample = drawn(world)
    assert (sample.crowded, sample.sizes["evidence"]["pairs"]) == (1, 0)


def test_only_the_city_office_draws(world: World) -> None:
    with pytest.raises(NotAllowed):
        sampling.draw(world.actor("industry"), at=NOW)


def test_the_interval_comes_with_the_verdicts_and_unsure_tells_nothing(world: World) -> None:
    city(world)
    sample = drawn(world)
    found = certificates.current()
    assert found is not None
    assert (found.unfound, found.drawn, found.answered) == (None, 3, 0)
    row = db.session.scalars(select(RecallPair).where(RecallPair.kind == "evidence")).one()
    said = RecordedVerdict(Ruling.UNSURE, "", blind=True)
    judging.judge(world.actor("cityoffice"), row.pairing, said, rounds=0, at=NOW)
    found = certificates.current()
    assert found is not None
    assert (found.unfound, found.answered) == (None, 1)
    judge_all(world, sample)
    found = certificates.current()
    assert found is not None
    assert found.unfound is not None
    facts = found.facts()
    assert facts is not None
    assert (facts["firms"], facts["suspected"], facts["judged"], facts["seed"]) == (6, 2, 3, "a")


# -- its pages --------------------------------------------------------------------------------------
@pytest.fixture
def sampled(app: Flask, build: Build) -> Flask:
    def make(world: World) -> None:
        city(world)
        drawn(world)

    build(make)
    return app


def test_a_city_without_a_sample_says_so_and_who_may_draws_one(app: Flask, build: Build) -> None:
    build(city)
    for user, button in (("cityoffice", True), ("industry", False), ("leader", False)):
        answer = signed_in(app, user).get("/duplicates/certificate")
        assert "还没有抽样" in words(answer)
        assert bool(page_of(answer).xpath("//form[@action='/duplicates/certificate']")) is button
    assert post(signed_in(app, "industry"), "/duplicates/certificate").status_code == 403
    assert post(signed_in(app, "cityoffice"), "/duplicates/certificate").status_code == 302
    text = words(signed_in(app, "cityoffice").get("/duplicates/certificate"))
    assert "样本 3 对，已评 0 对" in text
    assert "现在不能下结论" in text


def test_the_sample_is_judged_blind_whatever_the_judge_has_set(sampled: Flask) -> None:
    client = signed_in(sampled, "cityoffice")
    page = page_of(client.get("/duplicates/certificate"))
    (start,) = page.xpath("//a[contains(., '开始独立判定')]/@href")
    seen = []
    while "sample=1" in start:
        answer = client.get(start)
        text = words(answer)
        assert "分" not in re.findall(r"系统判断[^。]*", text)[:1]
        assert "不再认为这两家疑似重复" not in text
        assert re.search(r"样本第 [123] / 3 对", text)
        (action,) = page_of(answer).xpath("//form[@id='verdict']/@action")
        (blind,) = page_of(answer).xpath("//form[@id='verdict']//input[@name='blind']/@value")
        seen.append(action)
        data = {"ruling": "same", "rounds": "0", "reason": "核对过营业执照", "blind": blind}
        start = post(client, action, data).headers["Location"]
    assert len(seen) == len(set(seen)) == 3
    with sampled.app_context():
        assert list(db.session.scalars(select(PairVerdict.blind))) == [True] * 3
    text = words(client.get("/duplicates/certificate"))
    assert "仍未找出的重复估计" in text
    assert "已评 3 对" in text


def test_the_place_beside_a_pair_of_the_sample_does_not_tell_whether_the_engine_suspects_it(sampled: Flask) -> None:
    """Two of the three are in the queue: a place there that only they have would say so before the verdict."""
    with sampled.app_context():
        numbers = list(db.session.scalars(select(RecallPair.pairing_id)))
        assert {db.session.get_one(Pairing, one).suspected for one in numbers} == {True, False}
    client = signed_in(sampled, "cityoffice")
    for address, has_place in (("/duplicates/{}?sample=1", True), ("/duplicates/{}", False)):
        pages = [words(client.get(address.format(number))) for number in numbers]
        assert [bool(re.search(r"第 \d / \d 件", text)) for text in pages] == [has_place] * 3


def test_what_the_engine_says_of_the_sample_is_in_no_list_and_no_file(sampled: Flask) -> None:
    client = signed_in(sampled, "cityoffice")
    assert words(client.get("/duplicates")).count("样本，待独立判定") == 2
    with post(client, "/duplicates/export") as answer:
        lines = answer.get_data(as_text=True).splitlines()[1:]
    assert all(",,," in line for line in lines)


def test_a_bureau_sees_the_numbers_and_of_the_sample_only_its_own_firms(sampled: Flask) -> None:
    text = words(signed_in(sampled, "market").get("/duplicates/certificate"))
    assert "样本 3 对" in text
    assert "云谷" not in text
    assert signed_in(sampled, "haifeng").get("/duplicates/certificate").status_code == 403


def test_what_people_call_one_firm_is_in_the_list_though_the_engine_does_not_see_it(world: World) -> None:
    city(world)
    sample = drawn(world)
    judge_all(world, sample)
    from registry.duplicates.queries import pairs
    from registry.duplicates.queries.pairs import Sought

    found = db.session.scalars(pairs.queue(world.actor("cityoffice"), Sought("same")))
    assert len(list(found.unique())) == 3


def test_the_command_says_the_same(app: Flask, build: Build, installed: Any) -> None:
    def make(world: World) -> None:
        city(world)

    build(make)
    assert "no sample was drawn yet" in registry("duplicates", "certificate").err
    with app.app_context():
        world = World()
        judge_all(world, drawn(world))
    told = registry("duplicates", "certificate")
    assert told.status == 0
    assert "6 firms, 2 suspected pairs; still unfound" in told.out
    assert '"seed": "a"' in registry("duplicates", "certificate", "--json").out
