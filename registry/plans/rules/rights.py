"""Who may read, draft, issue and split a plan and mark firms; what that is called; what a merge does with marks."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import SEES_ALL, Actor, had_before, has_business, sees_firm
from registry.base.vocabulary import Role, Stage
from registry.merges.rules import Fate, Treatment
from registry.trail.texts import Words

_DRAFTERS = (Role.CITY_OFFICE, Role.STATISTICIAN)


def _reads(actor: Actor, _: Any) -> bool:
    return has_business(actor)


def _edits(actor: Actor, version: Any) -> bool:
    """Only whoever prepared a draft edits it, so that whoever checks it has had no hand in it."""
    return actor.holds(*_DRAFTERS) and version.outcome is None and actor.user_id == version.prepared_by_id


def _issues(actor: Actor, version: Any) -> bool:
    waits = version.outcome is None and version.submitted_at is not None
    second = actor.user_id != version.prepared_by_id and not had_before(actor, version)
    return actor.holds(*_DRAFTERS) and waits and second


def _marks(actor: Actor, firm: Any) -> bool:
    """An officer of the bureau in charge; the city office stands in."""
    if firm.stage == Stage.MERGED or not sees_firm(actor, firm):
        return False
    return actor.holds(Role.CITY_OFFICE) or (actor.holds(Role.OFFICER) and actor.office_id == firm.lead_bureau_id)


def _reads_task(actor: Actor, task: Any) -> bool:
    return actor.holds(*SEES_ALL) or _answers(actor, task)


def _answers(actor: Actor, task: Any) -> bool:
    """Whoever works in the office of the task, or in one that followed it, in however many steps."""
    if not actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE):
        return False
    office, seen = task.office, set[int]()
    while office.id != actor.office_id and office.successor and office.followed_by and office.id not in seen:
        seen.add(office.id)
        office = office.followed_by
    return bool(office.id == actor.office_id)


PERMISSIONS = {
    "plan.read": _reads,
    "plan.draft": lambda actor, _: actor.holds(*_DRAFTERS),
    "plan.read_draft": lambda actor, _: actor.holds(*SEES_ALL),
    "plan.edit": _edits,
    "plan.issue": _issues,
    "plan.split": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "plan.assign": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "plan.watch": lambda actor, _: actor.holds(Role.CITY_OFFICE, Role.LEADER),
    "task.read": _reads_task,
    "task.report": _answers,
    "plan.lead": lambda actor, _: actor.holds(Role.LEADER),
    "mark.record": _marks,
    "mark.void": lambda actor, mark: _marks(actor, mark.firm),
}
WORDS = Words(
    verbs={
        "draft_plan": N_("起草方案"),
        "edit_plan": N_("修改方案草案"),
        "submit_plan": N_("提交方案复核"),
        "return_plan": N_("退回方案草案"),
        "withdraw_plan": N_("撤回方案草案"),
        "issue_plan": N_("印发方案"),
        "split_target": N_("登记目标分解文件"),
        "mark_firm": N_("登记高技术服务业企业"),
        "set_task": N_("列入责任清单"),
        "name_lead": N_("明确牵头单位"),
        "move_task": N_("调整完成时限"),
        "set_milestone": N_("列入阶段节点"),
        "move_milestone": N_("调整节点日期"),
        "report_task": N_("报告责任清单进展"),
        "void_task": N_("撤下责任清单事项"),
        "void_mark": N_("撤销高技术服务业企业认定"),
    },
    subjects={
        "plan_version": N_("方案"),
        "target_split": N_("目标分解"),
        "plan_task": N_("责任清单事项"),
        "task_milestone": N_("阶段节点"),
        "measure_lead": N_("牵头单位"),
        "firm_mark": N_("高技术服务业企业认定"),
    },
    fields={
        ("plan_version", "name"): N_("名称"),
        ("plan_version", "number"): N_("版次"),
        ("plan_version", "document_no"): N_("文号"),
        ("plan_version", "edition"): N_("文稿"),
        ("plan_version", "first_year"): N_("起始年度"),
        ("plan_version", "last_year"): N_("结束年度"),
        ("plan_version", "valid_from"): N_("施行日期"),
        ("plan_version", "source"): N_("依据"),
        ("plan_version", "content"): N_("内容"),
        ("target_split", "target"): N_("目标"),
        ("target_split", "document_name"): N_("文件名称"),
        ("target_split", "valid_from"): N_("起始日期"),
        ("target_split", "content"): N_("内容"),
        ("measure_lead", "office"): N_("单位"),
        ("plan_task", "office"): N_("单位"),
        ("plan_task", "measure"): N_("措施"),
        ("plan_task", "title"): N_("工作任务"),
        ("plan_task", "person"): N_("责任人"),
        ("plan_task", "deliverable"): N_("完成标志"),
        ("plan_task", "starts_on"): N_("起始日期"),
        ("plan_task", "due_on"): N_("完成时限"),
        ("plan_task", "kind"): N_("计数"),
        ("plan_task", "aim"): N_("目标数"),
        ("plan_task", "quarter"): N_("季度"),
        ("plan_task", "said"): N_("进展"),
        ("plan_task", "done_on"): N_("完成日期"),
        ("plan_task", "milestone"): N_("阶段节点"),
        ("task_milestone", "task"): N_("工作任务"),
        ("task_milestone", "due_on"): N_("节点日期"),
        ("task_milestone", "shown"): N_("应展示的成果"),
        ("task_milestone", "number"): N_("应完成的数"),
        ("firm_mark", "way"): N_("方式"),
        ("firm_mark", "day"): N_("认定日期"),
    },
    permissions={
        "plan.read": N_("查看方案"),
        "plan.draft": N_("起草方案"),
        "plan.read_draft": N_("查看方案草案"),
        "plan.edit": N_("修改方案草案"),
        "plan.issue": N_("复核并印发方案"),
        "plan.split": N_("登记目标分解文件"),
        "plan.assign": N_("编列责任清单"),
        "plan.watch": N_("查看督办"),
        "task.read": N_("查看责任清单事项"),
        "task.report": N_("报告责任清单进展"),
        "plan.lead": N_("以目标一览为首页"),
        "mark.record": N_("登记高技术服务业企业"),
        "mark.void": N_("撤销高技术服务业企业认定"),
    },
)
COVERAGE = {
    ("firm_mark", "firm_id"): Treatment(
        Fate.STAYS, N_("高技术服务业企业认定"), N_("认定留在原登记；统计目标时按保留企业计，只计一次。")
    )
}
