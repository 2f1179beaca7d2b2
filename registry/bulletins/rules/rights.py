"""Who may read, draft, confirm, approve and issue a bulletin, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import SEES_ALL, Actor, had_before, has_business
from registry.base.vocabulary import Role
from registry.trail.texts import Words

SENT_OUT = frozenset({"confirming", "approved", "issued"})
"""States in which offices see it."""
SPEAKERS = (Role.CLERK, Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN)
"""Who speaks for an office."""
_APPROVERS = (Role.CITY_OFFICE, Role.STATISTICIAN)


def _reads(actor: Actor, _: Any) -> bool:
    return has_business(actor)


def _reads_one(actor: Actor, bulletin: Any) -> bool:
    return _reads(actor, None) and (actor.holds(*SEES_ALL) or bulletin.state in SENT_OUT)


def _edits(actor: Actor, bulletin: Any) -> bool:
    return actor.holds(Role.CITY_OFFICE) and bulletin.state == "drafting"


def _approves(actor: Actor, bulletin: Any) -> bool:
    """A second person: nobody who drafted it or ever wrote in it, also where others wrote there since.

    A leader signs on paper, in the office's own system.
    """
    may = actor.holds(*_APPROVERS) and bulletin.state == "confirming" and not had_before(actor, bulletin)
    return may and actor.user_id not in {bulletin.drafted_by_id, *(act.actor_id for act in bulletin.edits)}


def _returns(actor: Actor, bulletin: Any) -> bool:
    return actor.holds(*_APPROVERS) and bulletin.state in ("confirming", "approved")


def _confirms(actor: Actor, bulletin: Any) -> bool:
    """Whoever works in an office, the city office and the statisticians too: tasks may be theirs.

    Whether the office has numbers in the bulletin, the service says.
    """
    return actor.holds(*SPEAKERS) and bulletin.state == "confirming"


PERMISSIONS = {
    "bulletin.read": _reads,
    "bulletin.read_one": _reads_one,
    "bulletin.draft": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "bulletin.edit": _edits,
    "bulletin.withdraw": lambda actor, one: actor.holds(Role.CITY_OFFICE) and one.state in ("drafting", "confirming"),
    "bulletin.confirm": _confirms,
    "bulletin.return": _returns,
    "bulletin.approve": _approves,
    "bulletin.issue": lambda actor, one: actor.holds(Role.CITY_OFFICE) and one.state == "approved",
    "bulletin.correct": lambda actor, one: actor.holds(Role.CITY_OFFICE) and one.state == "issued",
    "bulletin.export": lambda actor, one: actor.holds(*SEES_ALL) or one.state == "issued",
    "bulletin.wording": lambda actor, _: actor.holds(Role.CITY_OFFICE),
}
WORDS = Words(
    verbs={
        "draft_bulletin": N_("起草通报"),
        "edit_bulletin": N_("修改通报"),
        "submit_bulletin": N_("送各单位确认通报"),
        "confirm_bulletin": N_("确认通报中的数字"),
        "refuse_bulletin": N_("对通报中的数字有异议"),
        "return_bulletin": N_("退回通报"),
        "approve_bulletin": N_("批准通报"),
        "issue_bulletin": N_("印发通报"),
        "withdraw_bulletin": N_("撤回通报"),
        "archive_bulletin": N_("存档通报"),
        "word_bulletins": N_("修改通报的文字模板"),
    },
    subjects={"bulletin": N_("季度通报"), "bulletin_wording": N_("通报文字模板")},
    fields={
        ("bulletin", "quarter"): N_("季度"),
        ("bulletin", "text"): N_("内容"),
        ("bulletin", "office"): N_("单位"),
        ("bulletin", "digest"): N_("数据摘要"),
        ("bulletin", "issued_on"): N_("印发日期"),
        ("bulletin", "length"): N_("字数"),
        ("bulletin", "by_hand"): N_("手工填写的数"),
        ("bulletin", "kind"): N_("格式"),
        ("bulletin", "without"): N_("未经其确认的单位"),
        ("bulletin", "corrects"): N_("更正"),
        ("bulletin", "wording"): N_("文字模板"),
        ("bulletin_wording", "number"): N_("版次"),
        ("bulletin_wording", "lines"): N_("内容"),
    },
    permissions={
        "bulletin.read": N_("查看季度通报"),
        "bulletin.read_one": N_("查看一份通报"),
        "bulletin.draft": N_("起草通报"),
        "bulletin.edit": N_("修改通报草稿"),
        "bulletin.withdraw": N_("撤回通报"),
        "bulletin.confirm": N_("确认通报中本单位的数字"),
        "bulletin.return": N_("退回通报"),
        "bulletin.approve": N_("批准通报"),
        "bulletin.issue": N_("印发通报"),
        "bulletin.correct": N_("起草更正通知"),
        "bulletin.export": N_("下载通报"),
        "bulletin.wording": N_("修改通报的文字模板"),
    },
)
