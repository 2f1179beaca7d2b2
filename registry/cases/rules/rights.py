"""Who may read a case, enter one, take its steps, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import ADMINISTRATORS, SEES_ALL, Actor
from registry.base.vocabulary import OfficeKind, Role
from registry.cases.rules.kinds import CaseStep, Doer, Guard, Kind, Outcome, StateKind
from registry.merges.rules import Fate, Treatment
from registry.trail.texts import Words

FINANCE = "finance"
"""The role that pays."""
CHECKERS = (Role.CITY_OFFICE, Role.STATISTICIAN)


def takes(actor: Actor, case: Any, step: CaseStep) -> bool:
    """Whether the step is for the actor, whatever the case still lacks."""
    if step.who is Doer.CLERK:
        return actor.holds(Role.CLERK, Role.OFFICER) and actor.office_id == case.office_id
    if step.who is Doer.BUREAU:
        brought = {
            case.by_id,
            *(event.by_id for event in case.events if event.start in case.kind.codes(StateKind.DRAFT)),
        }
        return actor.holds(Role.OFFICER) and actor.office_id == case.bureau_id and actor.user_id not in brought
    return actor.holds(Role.CITY_OFFICE if step.who is Doer.CITY else FINANCE)


def begins(actor: Actor, kind: Kind) -> bool:
    """Whether a case of the kind is entered by the actor's office."""
    for step in kind.steps_from(kind.first):
        if step.who is Doer.CLERK and (actor.holds(Role.CLERK) or _is_bureau(actor, kind)):
            return True
        if step.who is Doer.BUREAU and _is_bureau(actor, kind):
            return True
        if step.who is Doer.CITY and actor.holds(Role.CITY_OFFICE):
            return True
    return False


def _is_bureau(actor: Actor, kind: Kind) -> bool:
    """An officer of the bureau in charge."""
    return actor.holds(Role.OFFICER) and actor.office_kind == OfficeKind.BUREAU and actor.office_code == kind.bureau


def _reads(actor: Actor, _: Any) -> bool:
    return actor.user_id is not None and bool(actor.roles) and not actor.holds(*ADMINISTRATORS)


def _reads_one(actor: Actor, case: Any) -> bool:
    """Its two offices, and whoever sees all; who pays sees what has been decided."""
    if actor.holds(*SEES_ALL):
        return True
    if actor.holds(FINANCE) and case.state in case.kind.money_states:
        return True
    return actor.holds(Role.CLERK, Role.OFFICER) and actor.office_id in (case.office_id, case.bureau_id)


def _enters(actor: Actor, edition: Any) -> bool:
    return edition.state == "published" and begins(actor, edition.kind)


def _reads_notice(actor: Actor, notice: Any) -> bool:
    """Offices with a case in it, and whoever sees all."""
    if actor.holds(*SEES_ALL):
        return True
    offices = {office for case in notice.cases for office in (case.office_id, case.bureau_id)}
    return actor.holds(Role.CLERK, Role.OFFICER) and actor.office_id in offices


def _edits(actor: Actor, case: Any) -> bool:
    """The office that entered it, while it is a draft or was sent back."""
    return case.is_draft and actor.office_id == case.office_id and actor.holds(
        Role.CLERK, Role.OFFICER, Role.CITY_OFFICE
    )  # fmt: skip


def _steps(actor: Actor, case: Any) -> bool:
    return any(takes(actor, case, step) for step in case.kind.steps_from(case.state))


def _publishes(actor: Actor, edition: Any) -> bool:
    """A second person; what a folder brought had none before."""
    return actor.holds(*CHECKERS) and edition.state == "draft" and actor.user_id != edition.prepared_by_id


def _nudges(actor: Actor, case: Any) -> bool:
    """The other office of the case, and the city office, while somebody is waited for and it is not they themselves."""
    if not case.turn or not actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE):
        return False
    if actor.holds(Role.CITY_OFFICE):
        return f",{Doer.CITY}," not in case.turn
    waits_for_us = (f",{Doer.CLERK}," in case.turn and actor.office_id == case.office_id) or (
        f",{Doer.BUREAU}," in case.turn and actor.office_id == case.bureau_id
    )
    return actor.office_id in (case.office_id, case.bureau_id) and not waits_for_us


def _agrees_next(actor: Actor, case: Any) -> bool:
    leads = case.kind.outcome is Outcome.REGISTRATION
    return bool(leads and case.is_open and actor.office_id == case.office_id and actor.holds(Role.CLERK, Role.OFFICER))


def _judges(actor: Actor, case: Any) -> bool:
    """Whoever takes the step that asks for opinions: an officer of the bureau in charge, who did not enter the case."""
    return any(takes(actor, case, step) for step in case.kind.steps if Guard.OPINIONS in step.guards)


def _reads_opinions(actor: Actor, case: Any) -> bool:
    """The bureau in charge and those who see all; never the office that applied: it is not to know its experts."""
    return actor.holds(*SEES_ALL) or (actor.holds(Role.OFFICER) and actor.office_id == case.bureau_id)


PERMISSIONS = {
    "opinion.read": _reads_opinions,
    "opinion.enter": _judges,
    "certificate.list": _reads,
    "certificate.check": _reads,
    "certificate.read": lambda actor, certificate: _reads_one(actor, certificate.case),
    "certificate.export": lambda actor, certificate: _reads_one(actor, certificate.case),
    "case.read": _reads,
    "case.read_one": _reads_one,
    "case.enter": _enters,
    "case.edit": _edits,
    "case.step": _steps,
    "case.next": _agrees_next,
    "case.nudge": _nudges,
    "case.notice": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "posting.read": _reads_notice,
    "case.export": _reads,
    "kind.read": _reads,
    "kind.edit": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "kind.publish": _publishes,
    "kind.drop": lambda actor, edition: actor.holds(Role.CITY_OFFICE) and edition.state == "draft",
    "cohort.open": lambda actor, _: actor.holds(Role.CITY_OFFICE),
}
WORDS = Words(
    verbs={
        "prepare_kind": N_("准备事项规则"),
        "publish_kind": N_("发布事项规则"),
        "drop_kind": N_("放弃事项规则"),
        "open_cohort": N_("设立补助年度"),
        "enter_case": N_("登记事项"),
        "edit_case": N_("修改事项"),
        "step_case": N_("办理事项"),
        "agree_next": N_("约定下一步"),
        "link_firm": N_("关联企业"),
        "attach_case_paper": N_("上传事项材料"),
        "void_case_paper": N_("作废事项材料"),
        "post_notice": N_("发布公示"),
        "withdraw_notice": N_("撤下公示"),
        "enter_opinion": N_("登记专家意见（密封）"),
        "replace_opinion": N_("重新登记专家意见（密封）"),
        "open_opinions": N_("开封专家意见"),
        "issue_certificate": N_("发证"),
        "withdraw_certificate": N_("撤销证书"),
        "bring_case_book": N_("批量填报事项"),
    },
    subjects={
        "case_kind": N_("事项规则"),
        "case_cohort": N_("补助年度"),
        "case_file": N_("事项"),
        "case_notice": N_("公示"),
        "case_certificate": N_("认定证书"),
    },
    fields={
        ("case_kind", "edition"): N_("版次"),
        ("case_kind", "digest"): N_("内容摘要"),
        ("case_kind", "settings"): N_("设置"),
        ("case_kind", "valid_from"): N_("施行日期"),
        ("case_kind", "entered"): N_("新登记件数"),
        ("case_kind", "changed"): N_("修改件数"),
        ("case_kind", "sha256"): N_("文件摘要"),
        ("case_cohort", "year"): N_("年度"),
        ("case_cohort", "group"): N_("类别"),
        ("case_cohort", "document"): N_("依据文件"),
        ("case_cohort", "opens_on"): N_("起始日期"),
        ("case_cohort", "closes_on"): N_("截止日期"),
        ("case_file", "kind"): N_("事项种类"),
        ("case_file", "applicant"): N_("申请单位"),
        ("case_file", "cohort"): N_("补助年度"),
        ("case_file", "state"): N_("状态"),
        ("case_file", "step"): N_("步骤"),
        ("case_file", "cells"): N_("退回内容"),
        ("case_file", "amount"): N_("金额"),
        ("case_file", "values"): N_("填报内容"),
        ("case_file", "rows"): N_("明细"),
        ("case_file", "firm"): N_("企业"),
        ("case_file", "paper"): N_("材料"),
        ("case_file", "filename"): N_("文件"),
        ("case_file", "sha256"): N_("文件摘要"),
        ("case_file", "next_step"): N_("下一步"),
        ("case_file", "next_on"): N_("约定日期"),
        ("case_file", "office"): N_("单位"),
        ("case_file", "expert"): N_("专家"),
        ("case_file", "experts"): N_("专家"),
        ("case_file", "opinion_digest"): N_("意见摘要"),
        ("case_file", "recusal"): N_("回避理由"),
        ("case_file", "score"): N_("平均总分"),
        ("case_certificate", "number"): N_("证书编号"),
        ("case_certificate", "holder"): N_("持证单位"),
        ("case_certificate", "issued_on"): N_("发证日期"),
        ("case_certificate", "valid_to"): N_("有效期至"),
        ("case_certificate", "withdrawn_on"): N_("撤销日期"),
        ("case_certificate", "kind"): N_("格式"),
        ("case_certificate", "digest"): N_("文件摘要"),
        ("case_notice", "cases"): N_("事项"),
        ("case_notice", "first_day"): N_("起始日期"),
        ("case_notice", "last_day"): N_("截止日期"),
    },
    permissions={
        "case.read": N_("查看事项"),
        "case.read_one": N_("查看一件事项"),
        "case.enter": N_("登记事项"),
        "case.edit": N_("修改事项"),
        "case.step": N_("办理事项的步骤"),
        "case.next": N_("约定事项的下一步"),
        "case.nudge": N_("催办事项"),
        "case.notice": N_("发布公示"),
        "posting.read": N_("查看公示"),
        "case.export": N_("导出事项"),
        "kind.read": N_("查看事项规则"),
        "kind.edit": N_("准备事项规则"),
        "kind.publish": N_("发布事项规则"),
        "kind.drop": N_("放弃事项规则"),
        "cohort.open": N_("设立补助年度"),
        "opinion.read": N_("查看专家意见"),
        "opinion.enter": N_("登记和开封专家意见"),
        "certificate.list": N_("查看认定证书"),
        "certificate.check": N_("核验认定证书"),
        "certificate.read": N_("查看一张认定证书"),
        "certificate.export": N_("下载认定证书"),
    },
)
COVERAGE = {
    ("case_file", "firm_id"): Treatment(
        Fate.STAYS, N_("事项"), N_("事项留在原登记；用过的发票和设备不论登记是否合并都只能用一次。")
    )
}
