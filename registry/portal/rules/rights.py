"""Who reads and keeps the portal's pages inside, who releases what, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import SEES_ALL, Actor, sees_firm
from registry.base.vocabulary import Role
from registry.merges.rules import Fate, Treatment
from registry.trail.texts import Words


def _reads(actor: Actor, _: Any) -> bool:
    return actor.holds(Role.OFFICER, *SEES_ALL)


def releases(actor: Actor, firm: Any) -> bool:
    """The city office; an officer for the firms of its bureau."""
    if not sees_firm(actor, firm):
        return False
    return actor.holds(Role.CITY_OFFICE) or (actor.holds(Role.OFFICER) and actor.office_id == firm.lead_bureau_id)


def _approves(actor: Actor, story: Any) -> bool:
    """Another person than whoever entered it."""
    return actor.holds(Role.CITY_OFFICE) and story.state == "entered" and actor.user_id != story.by_id


def _writes(actor: Actor, story: Any) -> bool:
    return _keeps(actor, story) and story.state == "entered"


def _keeps(actor: Actor, story: Any) -> bool:
    return actor.holds(Role.CITY_OFFICE) or (actor.holds(Role.OFFICER) and actor.office_id == story.office_id)


def _withdraws(actor: Actor, story: Any) -> bool:
    return _keeps(actor, story) and story.state in ("entered", "public")


PERMISSIONS = {
    "portal.read": _reads,
    "portal.switch": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "portal.release": lambda actor, _: actor.holds(Role.CITY_OFFICE, Role.OFFICER),
    "portal.progress": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "story.enter": lambda actor, _: actor.holds(Role.CITY_OFFICE, Role.OFFICER),
    "story.list": _reads,
    "story.read": lambda actor, story: _reads(actor, story) and sees_firm(actor, story.firm),
    "story.edit": _writes,
    "story.approve": _approves,
    "story.withdraw": _withdraws,
}
WORDS = Words(
    verbs={
        "set_portal": N_("设置公开门户"),
        "release_entry": N_("公开名录企业"),
        "withdraw_entry": N_("撤回公开的名录企业"),
        "publish_progress": N_("公布工作方案进展"),
        "withdraw_progress": N_("撤回公布的进展"),
        "enter_story": N_("登记典型案例"),
        "edit_story": N_("修改典型案例"),
        "approve_story": N_("公开典型案例"),
        "withdraw_story": N_("撤回典型案例"),
    },
    subjects={
        "portal_setting": N_("公开门户"),
        "portal_release": N_("公开的名录企业"),
        "portal_story": N_("典型案例"),
        "portal_progress": N_("公布的进展"),
    },
    fields={
        ("portal_setting", "is_on"): N_("开放"),
        ("portal_setting", "fields"): N_("公开的栏目"),
        ("portal_setting", "licence"): N_("使用许可"),
        ("portal_setting", "notice_days"): N_("公示期满后保留的天数"),
        ("portal_release", "fields"): N_("公开的栏目"),
        ("portal_release", "filter"): N_("筛选条件"),
        ("portal_release", "firms"): N_("家数"),
        ("portal_story", "title"): N_("标题"),
        ("portal_story", "firm"): N_("企业"),
        ("portal_story", "consent"): N_("同意书"),
        ("portal_progress", "lines"): N_("目标及完成数"),
    },
    permissions={
        "portal.read": N_("查看公开门户的内容和设置"),
        "portal.switch": N_("开放、关闭和设置公开门户"),
        "portal.release": N_("公开名录企业"),
        "portal.progress": N_("公布工作方案进展"),
        "story.enter": N_("登记典型案例"),
        "story.list": N_("查看典型案例的清单"),
        "story.read": N_("查看典型案例"),
        "story.edit": N_("修改典型案例"),
        "story.approve": N_("公开典型案例"),
        "story.withdraw": N_("撤回典型案例"),
    },
)
COVERAGE = {
    ("portal_release", "firm_id"): Treatment(
        Fate.STAYS, N_("对公众的公开"), N_("公开是对原登记作出的，并入后门户不再显示；保留企业须另行公开。")
    ),
    ("portal_story", "firm_id"): Treatment(
        Fate.STAYS, N_("典型案例"), N_("企业同意的是原登记，并入后门户不再显示；须以保留企业重新登记。")
    ),
}
