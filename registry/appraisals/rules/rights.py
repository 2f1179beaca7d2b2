"""Who may read, prepare, check and end an appraisal, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import SEES_ALL, Actor, has_business
from registry.base.vocabulary import Role
from registry.trail.texts import Words


def _reads(actor: Actor, _: Any) -> bool:
    return has_business(actor)


def _reads_scheme(actor: Actor, scheme: Any) -> bool:
    """What was published is everybody's; a draft is for those who see the city."""
    return _reads(actor, scheme) and (scheme.outcome == "issued" or actor.holds(*SEES_ALL))


def _checks(actor: Actor, scheme: Any) -> bool:
    """A second person: of the city office, or the statistician, who sees that nothing of theirs is scored."""
    second = actor.holds(Role.CITY_OFFICE, Role.STATISTICIAN) and actor.user_id != scheme.prepared_by_id
    return second and scheme.outcome is None


def _stops(actor: Actor, scheme: Any) -> bool:
    return actor.holds(Role.CITY_OFFICE) and scheme.outcome == "issued" and scheme.stopped_at is None


PERMISSIONS = {
    "appraisal.read": _reads,
    "appraisal.read_all": lambda actor, _: actor.holds(Role.CITY_OFFICE, Role.LEADER, Role.AUDITOR),
    "appraisal.read_scheme": _reads_scheme,
    "appraisal.draft": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "appraisal.check": _checks,
    "appraisal.stop": _stops,
}
WORDS = Words(
    verbs={
        "draft_appraisal": N_("登记考核方案"),
        "issue_appraisal": N_("复核并开启考核"),
        "return_appraisal": N_("退回考核方案"),
        "stop_appraisal": N_("停止考核"),
    },
    subjects={"appraisal_scheme": N_("考核方案")},
    fields={
        ("appraisal_scheme", "document_no"): N_("文号"),
        ("appraisal_scheme", "document_name"): N_("文件名称"),
        ("appraisal_scheme", "document_on"): N_("文件日期"),
        ("appraisal_scheme", "valid_from"): N_("起始日期"),
        ("appraisal_scheme", "valid_to"): N_("截止日期"),
        ("appraisal_scheme", "weights"): N_("项目和权重"),
    },
    permissions={
        "appraisal.read": N_("查看考核"),
        "appraisal.read_all": N_("查看各单位的考核"),
        "appraisal.read_scheme": N_("查看考核方案"),
        "appraisal.draft": N_("登记考核方案"),
        "appraisal.check": N_("复核考核方案"),
        "appraisal.stop": N_("停止考核"),
    },
)
