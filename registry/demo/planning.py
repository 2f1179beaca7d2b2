"""The invented city's plans: firms marked by bureaus, a target split twice, a draft of the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm
from registry.people.models import Office
from registry.people.queries import people
from registry.plans.models import Plan, PlanTask
from registry.plans.queries import plans
from registry.plans.services import drafting, recording, tasks
from registry.plans.services.drafting import PlanHead
from registry.plans.services.milestones import MilestoneSet
from registry.plans.services.tasks import TaskSet

if TYPE_CHECKING:
    from registry.demo.story import Teller

_MARKS = (
    (date(2021, 5, 18), "industry", "cultivated", 3, "市工信局认定文件"),
    (date(2021, 8, 26), "science", "cultivated", 1, "市科技局认定文件"),
    (date(2021, 9, 9), "market", "introduced", 2, "落地协议"),
)
"""Day, bureau, way, how many firms, by what."""
_SPLITS = (
    (date(2021, 3, 12), "演示〔2021〕3号", {"441502": 1, "441521": 1, "441523": 1, "441581": 1, "441502-Z2": 1}),
    (date(2021, 8, 2), "演示〔2021〕11号", {"441502": 2, "441521": 1, "441581": 1, "441502-Z2": 1}),
)
_TASKS = (
    ("三（一）3", "science", "开展市级新型研发机构认定", "李科", "认定文件", date(2021, 12, 20), "", None),
    ("三（二）2", "science", "核查各地提名，及时入库", "李科", "入库培育的企业", date(2021, 12, 31), "admissions", 90),
    ("三（二）2", "industry", "认定高技术服务业企业", "吴工", "认定文件", date(2021, 12, 31), "marks", 5),
    ("三（二）2", "441502", "摸排并提名重点服务业企业", "黄敏", "提名的企业", date(2021, 12, 31), "proposals", 60),
    ("三（二）2", "441521", "摸排并提名重点服务业企业", "陈晓", "提名的企业", date(2021, 12, 31), "proposals", 60),
    ("三（二）2", "441523", "建立县级联络机制", "彭山", "工作方案", date(2021, 9, 15), "", None),
    ("三（二）2", "441502-Z2", "达标企业及时申报纳统", "郑新", "申报的企业", date(2021, 12, 31), "filings", 3),
    ("三（三）1", "market", "引进知识产权代理机构", "周监", "落地协议", date(2021, 11, 30), "marks", 3),
)
"""Measure, office, what, who, what shows it, until when, what is counted, how many."""
_STAGES = {
    "开展市级新型研发机构认定": {
        "stage1_": MilestoneSet(date(2021, 6, 30), "认定办法征求意见稿"),
        "stage2_": MilestoneSet(date(2021, 9, 30), "认定办法印发"),
        "stage3_": MilestoneSet(date(2021, 11, 15), "专家评审"),
    },
    "摸排并提名重点服务业企业": {
        "stage1_": MilestoneSet(date(2021, 6, 30), "半年摸排", 15),
        "stage2_": MilestoneSet(date(2021, 9, 30), "三季度摸排", 40),
    },
}
"""By the title of a task, the days on its way."""
_SET = date(2021, 3, 1)
_ANSWERED = date(2021, 7, 8)
_ASKED = date(2021, 10, 13)
_HEAD = PlanHead(
    "2022—2024年科技服务业培育工作方案", "", "起草稿", 2022, 2024, date(2022, 1, 1), "演示数据：起草中的下一份方案"
)
_DRAFTED = date(2021, 10, 12)


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    for day, bureau, way, count, source in _MARKS:
        yield day, _marking(bureau, way, count, source)
    for day, number, shares in _SPLITS:
        yield day, _splitting(number, shares)
    yield _SET, _assign
    yield _ANSWERED, _say
    yield _ASKED, _nudge
    yield _DRAFTED, _draft


def _marking(bureau: str, way: str, count: int, source: str) -> Callable[[Teller], None]:
    def mark(teller: Teller) -> None:
        led = select(Firm).join(Office, Office.id == Firm.lead_bureau_id).where(Office.code == bureau)
        listed = led.where(Firm.stage.in_((Stage.ADMITTED, Stage.QUALIFIED))).order_by(Firm.id.desc()).limit(count)
        for firm in db.session.scalars(listed).unique():
            said = f"{source}（演示）"
            recording.mark(teller.person(bureau), firm, way, since=teller.day, source=said, at=teller.at, on=teller.day)

    return mark


def _splitting(number: str, shares: dict[str, int]) -> Callable[[Teller], None]:
    def split(teller: Teller) -> None:
        recording.split(
            teller.person("cityoffice"), _plan(), "T3", shares, document_no=number,
            document_name="高技术服务业企业培育任务分解表（演示）", valid_from=teller.day, at=teller.at,
        )  # fmt: skip

    return split


def _draft(teller: Teller) -> None:
    """All that the plan of the year says, with other numbers, as it waits for the word of a second person."""
    who, at = teller.person("cityoffice"), teller.at
    version, before = drafting.prepare(who, "2022-2024", _HEAD, at=at), plans.issued(_plan())[0]
    for target, amount in zip(before.targets, (9, 4, 20, 12), strict=True):
        names = ("code", "name", "unit", "kind", "industries", "counts", "clause")
        values: dict[str, Any] = {name: getattr(target, name) for name in names}
        values |= {"amount": amount, "source": _HEAD.source}
        drafting.write_row(who, version, "targets", None, values, seen=version.revision, at=at)
    text = {row.code: row.text for row in before.paragraphs}
    for measure in before.measures:
        values = {"code": measure.code, "heading": measure.heading, "title": measure.title, "clause": measure.clause}
        values |= {"text": text[measure.code], "source": _HEAD.source}
        values["offices"] = [one.office.code for one in measure.offices]
        drafting.write_row(who, version, "measures", None, values, seen=version.revision, at=at)
    drafting.submit(who, version, seen=version.revision, at=at)


def _assign(teller: Teller) -> None:
    """The annual list, and who leads the directory."""
    who, plan = teller.person("cityoffice"), _plan()
    tasks.lead(
        who, plan, "三（二）2", people.office("science"), source="市科技服务业工作专题会议纪要（演示）", at=teller.at
    )
    for measure, office, title, person, deliverable, due_on, kind, aim in _TASKS:
        given = TaskSet(measure, title, person, deliverable, teller.day, due_on, kind, aim)
        tasks.assign(who, plan, people.office(office), given, stages=_STAGES.get(title, {}), at=teller.at)


def _say(teller: Teller) -> None:
    science = select(PlanTask).join(Office, Office.id == PlanTask.office_id).where(Office.code == "science")
    task = db.session.scalars(science.where(PlanTask.kind == "")).unique().one()
    who, first = teller.person("science"), task.milestones[0]
    said, evidence = "认定办法已征求意见", "征求意见函（演示）"
    tasks.say(who, task, said, evidence=evidence, done=False, milestone=first, at=teller.at, on=teller.day)


def _nudge(teller: Teller) -> None:
    tasks.nudge_late(teller.person("cityoffice"), people.office("441523"), at=teller.at, on=teller.day)


def _plan() -> Plan:
    return db.session.scalars(select(Plan).where(Plan.code == "2021")).one()
