"""The plan's targets move with recognitions and introductions, and each number opens its rows."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.errors import Blocked
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.cases.models import Case, CaseOpinion
from registry.cases.queries import cases
from registry.cases.services import entering
from registry.cases.services.entering import ForWhom
from registry.plans.models import Plan
from registry.plans.queries.standing import standing
from tests.cases.worlds import CaseWorld
from tests.world import NOW, TODAY, sign_in

INSTITUTE = {
    "legal": "是", "started_on": "2019-03-01", "equipment": "2600000", "space": "800", "researchers": "24", "staff": "50",
    "research_cost": "2400000", "income": "9000000", "direction": "海上风电运维",
}  # fmt: skip
LEAD = {"trade": "知识产权代理", "from_place": "深圳市", "shape": "独立法人"}


def rows(kind: str, on: date) -> list[tuple[str, str]]:
    """(applicant, case) of what counts toward the target of that kind."""
    plan = db.session.scalars(select(Plan)).one()
    found = standing(plan, on)
    assert found is not None
    one = next(target for target in found.targets if target.target.kind == kind)
    return [(row.name, row.proof) for row in one.counted]


def opinions(case: Case) -> None:
    """Three experts, opened."""
    for expert in ("甲", "乙", "丙"):
        db.session.add(
            CaseOpinion(
                case_id=case.id, expert=f"专家{expert}", employer="某大学", scores={}, favours=True, by_name="李科", at=NOW,
                opened_at=NOW,
            )
        )  # fmt: skip
    db.session.flush()
    db.session.expire(case, ["opinions"])


def recognised(city: CaseWorld) -> tuple[Case, date]:
    case = city.begun("recognition-new-rd", ForWhom(institution=city.institution()))
    city.filled(case, INSTITUTE)
    city.take(case, "submit", "haifeng")
    city.take(case, "review", "science")
    opinions(case)
    city.take(case, "pass", "science")
    day = city.noticed(case)
    city.take(case, "approve", "cityoffice", on=day)
    return case, day


def test_a_recognised_institution_counts_until_it_is_withdrawn(city: CaseWorld, client: FlaskClient) -> None:
    assert rows("institution", TODAY) == []
    case, day = recognised(city)
    ((name, _proof),) = rows("institution", day)
    assert name == "汕尾海上风电研究院"
    assert rows("institution", TODAY) == []  # on the day before it was none
    db.session.commit()
    sign_in(client, "leader")
    page = client.get("/plans/1/targets/T2").get_data(as_text=True)
    assert f"/cases/{case.id}" not in page  # the page speaks of today, and it is recognised later
    later = date(2021, 11, 30)
    city.take(case, "withdraw", "cityoffice", on=later, reason="年度评价不合格")
    assert (rows("institution", day), rows("institution", later)) == ([(name, _proof)], [])


def test_conditions_that_are_not_met_are_said_with_value_line_and_source(city: CaseWorld) -> None:

    case = city.begun("recognition-new-rd", ForWhom(institution=city.institution()))
    city.filled(case, INSTITUTE | {"space": "580", "researchers": "19", "staff": "50"})
    said = {one.condition.code: (str(one.met), one.value, one.line) for one in cases.verdicts_of(case, TODAY)}
    assert said["space"] == ("no", "580平方米", "≥ 600平方米")
    assert said["researchers_part"] == ("no", "38%", "≥ 40%")
    assert said["research_part"] == ("yes", "26.67%", "≥ 20%")
    city.take(case, "submit", "haifeng")
    with pytest.raises(Blocked) as refused:
        city.take(case, "review", "science")
    assert len(refused.value.blockers) == 3


def test_a_firm_that_was_brought_in_counts_once_it_is_in_the_directory(city: CaseWorld) -> None:
    case = city.begun("introduction", ForWhom(body={"name": "深圳市知桥知识产权代理有限公司"}))
    city.filled(case, LEAD)
    for verb in ("visit", "intend", "sign"):
        city.take(case, verb, "haifeng")
    with pytest.raises(Blocked):
        city.take(case, "register", "haifeng")
    firm = city.world.firm("汕尾市知桥知识产权代理有限公司", industry="7520")
    entering.link_firm(city.world.actor("haifeng"), case, firm, at=NOW)
    city.take(case, "register", "haifeng")
    with pytest.raises(Blocked):
        city.take(case, "list", "haifeng")
    firm.stage = Stage.ADMITTED
    city.take(case, "list", "haifeng")
    assert rows("introduced", TODAY) == [("汕尾市知桥知识产权代理有限公司", case.number)]


def test_a_branch_is_told_what_it_would_take(city: CaseWorld, client: FlaskClient) -> None:
    case = city.begun("introduction", ForWhom(body={"name": "广州衡信会计师事务所"}))
    city.filled(case, LEAD | {"shape": "分支机构"})
    branch = city.world.firm("广州衡信会计师事务所汕尾分所", unit_kind="branch")
    entering.link_firm(city.world.actor("haifeng"), case, branch, at=NOW)
    db.session.commit()
    sign_in(client, "haifeng")
    page = client.get(f"/cases/{case.id}").get_data(as_text=True)
    assert "须在本市设立独立核算的法人单位" in page


def test_a_lead_that_comes_to_nothing_says_why_and_counts_nothing(city: CaseWorld) -> None:
    case = city.begun("introduction", ForWhom(body={"name": "东莞市科评信息咨询有限公司"}))
    city.filled(case, LEAD)
    city.take(case, "visit", "haifeng")
    city.take(case, "lose", "haifeng", reason="对方暂不设点")
    assert (case.is_open, rows("introduced", TODAY)) == (False, [])
