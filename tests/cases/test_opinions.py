"""Opinions of experts: recusal on its grounds, sealed until all are in, opened once, and what they come to."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.errors import Blocked, FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.cases.models import Case, CaseOpinion
from registry.cases.queries import opinions as queries
from registry.cases.rules.kinds import Criterion
from registry.cases.rules.opinions import Concerned, GroundKind, PartyRole, grounds, is_nothing, is_one, points
from registry.cases.services import opinions as sealing
from registry.cases.services.opinions import GivenOpinion
from registry.entries.services import entries
from registry.trail.models import TrailEntry
from tests.cases.worlds import PDF, CaseWorld
from tests.cases.worlds import recognition as at_experts
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

EXPERTS = ("张专", "李专", "王专")
SECRET = "机密之见"
SCORES = {"technology": ("36", f"{SECRET}技术"), "team": ("25.5", f"{SECRET}团队"), "effect": ("20", f"{SECRET}作用")}


def given(expert: str = "张专", **more: Any) -> GivenOpinion:
    plain: dict[str, Any] = {
        "expert": expert, "employer": "华南理工大学", "interests": "无", "scores": SCORES, "opinion": f"{SECRET}总评",
        "favours": True, "filename": "意见.pdf", "content": PDF + expert.encode(),
    }  # fmt: skip
    return GivenOpinion(**{**plain, **more})


def entered(city: CaseWorld, case: Case, *experts: str, **more: Any) -> None:
    for expert in experts or EXPERTS:
        sealing.enter(city.world.actor("science"), case, given(expert, **more), at=NOW)


# -- grounds ----------------------------------------------------------------------------------------
ONE = [
    ("海丰县云谷软件有限公司", "海豐縣雲谷軟件有限公司"), ("海丰县云谷软件有限公司", "海丰县云谷软件有限责任公司"),
    ("海丰县云谷软件（有限）公司", "海丰县云谷软件公司"), ("云谷软件有限公司", "海丰县云谷软件有限公司"),
    ("海丰县云谷软件有限公司", "海丰县云谷软件有限公司深圳分公司"), ("ＡＢＣ 研究院", "abc研究院"),
]  # fmt: skip
OTHER = [
    ("海丰县云谷软件有限公司", "陆丰市云谷软件有限公司"), ("海丰县云谷软件有限公司", "海丰县青禾软件有限公司"),
    ("华南理工大学", "华南农业大学"), ("", "海丰县云谷软件有限公司"), ("有限公司", "有限公司分公司"),
]  # fmt: skip


@pytest.mark.parametrize("one, other", ONE)
def test_names_of_one_legal_person_are_one(one: str, other: str) -> None:
    assert is_one(one, other)
    assert is_one(other, one)


@pytest.mark.parametrize("one, other", OTHER)
def test_names_of_two_are_two(one: str, other: str) -> None:
    assert not is_one(one, other)


@pytest.mark.parametrize("said", ["无", " 没有 ", "無", "无利害关系", "无。"])
def test_no_interest_is_said_in_several_ways(said: str) -> None:
    assert is_nothing(said)


def test_each_ground_says_what_was_declared_and_whom_it_meets() -> None:
    party = Concerned(PartyRole.OWNER, "海丰县云谷软件有限公司")
    found = grounds("云谷软件公司", "中山大学\n海丰县云谷软件有限责任公司、其他公司", "持有 2% 股份", [party])
    assert [(one.kind, one.said) for one in found] == [
        (GroundKind.EMPLOYER, "云谷软件公司"), (GroundKind.FORMER, "海丰县云谷软件有限责任公司"),
        (GroundKind.INTEREST, "持有 2% 股份"),
    ]  # fmt: skip
    assert [one.party for one in found] == [party, party, None]
    assert grounds("中山大学", "", "无", [party]) == []


@pytest.mark.parametrize(
    "text, read",
    [("0", "0"), ("40", "40"), ("25.5", "25.5"), ("40.1", None), ("-1", None), ("3.25", None), ("好", None)],
)
def test_a_score_is_within_its_range_with_one_place(text: str, read: str | None) -> None:
    assert points(Criterion("x", "技术", 40), text) == (Decimal(read) if read else None)


# -- entering ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("field", ["employer", "former_employers"])
def test_whoever_works_or_worked_there_cannot_score_and_is_told_why(city: CaseWorld, field: str) -> None:
    case = at_experts(city)
    with pytest.raises(FieldError) as refused:
        entered(city, case, "张专", **{field: "汕尾海上風電研究院"})
    assert refused.value.field == "recusal"
    assert "汕尾海上风电研究院" in str(refused.value)
    recused = {"scores": {}, "opinion": "", "favours": None, "content": b"", "recusal": "曾在该单位工作"}
    entered(city, case, "张专", **{field: "汕尾海上風電研究院", **recused})
    assert [one.recusal for one in case.opinions] == ["曾在该单位工作"]


def test_the_owner_its_former_names_and_its_legal_person_count_too(city: CaseWorld, world: World) -> None:
    owner, parent = world.firm("海丰县云谷软件有限公司"), world.firm("海丰县云谷控股有限公司")
    clerk = world.actor("haifeng")
    entries.note_former_names(clerk, owner, ["海丰县旧谷软件有限公司"], at=NOW)
    entries.link_parent(clerk, owner, parent, at=NOW)
    case = at_experts(city, firm=owner)
    for name in ("云谷软件有限公司", "海丰县旧谷软件公司", "海丰县云谷控股有限公司"):
        with pytest.raises(FieldError, match="应当回避"):
            entered(city, case, "张专", former_employers=name)
    roles = {(one.role, one.name) for one in queries.concerned(case)}
    assert (PartyRole.PARENT, "海丰县云谷控股有限公司") in roles


def test_a_declared_interest_keeps_an_expert_from_scoring(city: CaseWorld) -> None:
    case = at_experts(city)
    with pytest.raises(FieldError, match="声明了利害关系：持股"):
        entered(city, case, "张专", interests="持股")


WRONG = [
    ({"employer": ""}, "employer"), ({"interests": ""}, "interests"),
    ({"scores": {**SCORES, "team": ("31", "好")}}, "score_team"), ({"scores": {**SCORES, "team": ("", "好")}}, "score_team"),
    ({"scores": {**SCORES, "effect": ("20", " ")}}, "why_effect"), ({"opinion": ""}, "opinion"),
    ({"favours": None}, "favours"), ({"content": b""}, "paper"), ({"content": b"GIF89a"}, "paper"),
    ({"recusal": "回避"}, "recusal"),
]  # fmt: skip


@pytest.mark.parametrize("more, field", WRONG)
def test_what_is_missing_is_said_at_its_field(city: CaseWorld, more: dict[str, Any], field: str) -> None:
    case = at_experts(city)
    with pytest.raises(FieldError) as refused:
        entered(city, case, "张专", **more)
    assert refused.value.field == field
    assert case.opinions == []


@pytest.mark.parametrize("by", ["haifeng", "market", "leader", "cityoffice", "statistics"])
def test_only_the_bureau_in_charge_enters_and_opens(city: CaseWorld, by: str) -> None:
    case = at_experts(city)
    with pytest.raises(NotAllowed):
        sealing.enter(city.world.actor(by), case, given(), at=NOW)
    with pytest.raises(NotAllowed):
        sealing.open_all(city.world.actor(by), case, at=NOW)


def test_an_expert_speaks_once_and_a_correction_says_why(city: CaseWorld) -> None:
    case = at_experts(city)
    entered(city, case, "张专")
    with pytest.raises(FieldError) as refused:
        entered(city, case, "张专")
    assert refused.value.field == "again"
    sealing.enter(city.world.actor("science"), case, given(opinion="改正"), at=NOW, again="登记时抄错")
    assert [one.opinion for one in case.opinions] == ["改正"]
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "replace_opinion")).one()
    assert act.before is not None
    assert act.after is not None
    assert act.reason == "登记时抄错"
    assert act.before["opinion_digest"] != act.after["opinion_digest"]


def test_more_experts_than_asked_for_are_refused_but_not_their_recusals(city: CaseWorld) -> None:
    case = at_experts(city)
    entered(city, case)
    with pytest.raises(FieldError) as refused:
        entered(city, case, "赵专")
    assert refused.value.field == "expert"
    entered(city, case, "赵专", scores={}, opinion="", favours=None, content=b"", recusal="时间冲突")
    assert len(case.opinions) == 4


# -- sealed -----------------------------------------------------------------------------------------
def test_sealed_scores_are_nowhere_before_all_are_in_and_opened(app: Flask, build: Build, city_build: Any) -> None:
    number = build(lambda world: sealed(city_build(world)))
    for name in ("science", "cityoffice", "leader", "auditor", "statistics"):
        client = signed_in(app, name)
        for path in ("", "/opinions", "/form"):
            answer = client.get(f"/cases/{number}{path}")
            assert answer.status_code == 200, (name, path)
            page = answer.get_data(as_text=True)
            assert (SECRET in page, re.search(r"\b25\.5\b", page)) == (False, None), (name, path)
    with app.app_context():
        told = [(act.before, act.after, act.reason) for act in db.session.scalars(select(TrailEntry))]
        assert SECRET not in str(told)
        assert "25.5" not in str(told)
        case = db.session.get_one(Case, number)
        assert (queries.result(case), queries.enough(case), len(queries.sealed_papers(case))) == (None, False, 2)
        paper = case.opinions[0].paper_id
    assert signed_in(app, "science").get(f"/cases/{number}/papers/{paper}").status_code == 404
    assert signed_in(app, "haifeng").get(f"/cases/{number}/opinions").status_code == 404


def sealed(city: CaseWorld) -> int:
    case = at_experts(city)
    entered(city, case, "张专", "李专")
    return case.id


def test_they_are_not_opened_before_all_are_in(city: CaseWorld) -> None:
    case, who = at_experts(city), city.world.actor("science")
    entered(city, case, "张专", "李专")
    entered(city, case, "赵专", scores={}, opinion="", favours=None, content=b"", recusal="时间冲突")
    with pytest.raises(RegistryError, match="不能开封"):
        sealing.open_all(who, case, at=NOW)
    with pytest.raises(Blocked):
        city.take(case, "pass", "science")
    entered(city, case, "王专")
    with pytest.raises(Blocked):
        city.take(case, "pass", "science")
    sealing.open_all(who, case, at=NOW)
    assert queries.enough(case)
    assert city.take(case, "pass", "science").state == "notice"


def test_once_opened_nothing_is_added_or_changed(city: CaseWorld) -> None:
    case, who = at_experts(city), city.world.actor("science")
    entered(city, case)
    sealing.open_all(who, case, at=NOW)
    for act in (
        lambda: sealing.enter(who, case, given("赵专"), at=NOW),
        lambda: sealing.enter(who, case, given("张专"), at=NOW, again="抄错"),
        lambda: sealing.open_all(who, case, at=NOW),
    ):
        with pytest.raises(RegistryError, match="已经开封"):
            act()
    act_of = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "open_opinions")).one()
    assert act_of.after == {"experts": list(EXPERTS), "score": "81.50"}


def test_opinions_are_entered_only_while_they_are_asked_for(city: CaseWorld) -> None:
    case = at_experts(city, to="check")
    with pytest.raises(RegistryError, match="不是专家评审的阶段"):
        entered(city, case, "张专")


# -- what they come to --------------------------------------------------------------------------------
def test_each_criterion_has_its_average_spread_and_reasons(city: CaseWorld) -> None:
    case = at_experts(city)
    for expert, number, favours in (("张专", "40", True), ("李专", "30", True), ("王专", "31", False)):
        scores = {**SCORES, "technology": (number, f"{expert}的理由")}
        sealing.enter(city.world.actor("science"), case, given(expert, scores=scores, favours=favours), at=NOW)
    sealing.open_all(city.world.actor("science"), case, at=NOW)
    found = queries.result(case)
    assert found is not None
    first = found.criteria[0]
    assert (first.average, first.spread) == (Decimal("33.67"), Decimal(10))
    assert [score.reason for score in first.scores] == ["张专的理由", "李专的理由", "王专的理由"]
    assert (found.total, found.spread, found.most, found.favours, found.experts) == (
        Decimal("79.17"), Decimal(10), 100, 2, 3,
    )  # fmt: skip


# -- pages --------------------------------------------------------------------------------------------
def send(client: FlaskClient, path: str, page: str, **values: Any) -> Any:
    token = token_in(client.get(page).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **values}, content_type="multipart/form-data")


def typed(expert: str, **more: Any) -> dict[str, Any]:
    scores = {f"score_{code}": number for code, (number, _why) in SCORES.items()}
    scores |= {f"why_{code}": why for code, (_number, why) in SCORES.items()}
    file = (io.BytesIO(PDF + expert.encode()), "意见.pdf")
    plain = {
        "expert": expert,
        "employer": "华南理工大学",
        "interests": "无",
        "opinion": f"{SECRET}总评",
        "favours": "yes",
    }
    return {**plain, **scores, "paper": file, **more}


def test_the_bureau_enters_seals_and_opens_on_its_pages(app: Flask, build: Build, city_build: Any) -> None:
    number = build(lambda world: at_experts(city_build(world)).id)
    client, path = signed_in(app, "science"), f"/cases/{number}/opinions"
    form = f"{path}/new"
    wrong = send(client, form, form, **typed("张专", employer="汕尾海上风电研究院"))
    assert (wrong.status_code, "应当回避" in wrong.get_data(as_text=True)) == (422, True)
    for expert in EXPERTS:
        assert send(client, form, form, **typed(expert)).status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert ("/opinions/open" in page, "已密封" in page, SECRET in page) == (True, True, False)
    assert send(client, f"{path}/open", path).status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert (f"{SECRET}团队" in page, "25.5" in page, "81.50" in page, "/opinions/open" in page) == (
        True,
        True,
        True,
        False,
    )
    with app.app_context():
        paper = db.session.scalars(select(CaseOpinion.paper_id)).first()
    assert client.get(f"/cases/{number}/papers/{paper}").status_code == 200
    applicant = signed_in(app, "haifeng")
    assert applicant.get(f"/cases/{number}/papers/{paper}").status_code == 404
    page = applicant.get(f"/cases/{number}").get_data(as_text=True)
    assert ("张专" in page, "意见.pdf" in page, "密封，不公开" in page) == (False, False, True)


def test_a_digest_tells_of_everything_that_was_entered() -> None:
    row = SimpleNamespace(expert="张专", scores={}, opinion="甲", favours=True, recusal="")
    other = SimpleNamespace(expert="张专", scores={}, opinion="乙", favours=True, recusal="")
    assert len({sealing.digest_of(one, None) for one in (row, other)}) == 2  # type: ignore[arg-type]
    assert NOW.date() == TODAY
