"""Who may see, enter and void institutions, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import SEES_ALL, TERRITORIAL, Actor
from registry.base.vocabulary import OfficeKind, Role
from registry.trail.texts import Words

IN_CHARGE = "science"
"""The bureau that keeps the directory of institutions."""


def is_in_charge(actor: Actor) -> bool:
    """An officer of the bureau in charge; the city office, which sits in it, stands in."""
    return actor.holds(Role.CITY_OFFICE) or (actor.holds(Role.OFFICER) and actor.office_code == IN_CHARGE)


def sees(actor: Actor, institution: Any) -> bool:
    """The row scope of one institution; `queries.within` says the same in SQL."""
    if actor.holds(*SEES_ALL) or is_in_charge(actor):
        return True
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return False
    return bool(institution.office_id == actor.office_id or _lies_in(actor, institution))


def _lies_in(actor: Actor, institution: Any) -> bool:
    """In the territory of the office; a county sees what lies in its zones, as it does of firms."""
    if actor.office_kind not in TERRITORIAL or institution.division is None:
        return False
    is_counted = actor.office_kind == OfficeKind.COUNTY and institution.place.statistical_county == actor.office_code
    return bool(institution.division == actor.office_code or is_counted)


def _lists(actor: Actor, _: Any) -> bool:
    return actor.holds(Role.CLERK, Role.OFFICER, *SEES_ALL)


def _enters(actor: Actor, _: Any) -> bool:
    """A county or zone enters its own; the bureau in charge those of anywhere."""
    return is_in_charge(actor) or (actor.holds(Role.CLERK) and actor.office_kind in TERRITORIAL)


def _edits(actor: Actor, institution: Any) -> bool:
    if institution.voided_at is not None or not _enters(actor, institution):
        return False
    return is_in_charge(actor) or bool(institution.office_id == actor.office_id)


def _reveals(actor: Actor, institution: Any) -> bool:
    writes = actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN)
    return writes and sees(actor, institution)


PERMISSIONS = {
    "institution.list": _lists,
    "institution.read": sees,
    "institution.enter": _enters,
    "institution.edit": _edits,
    "institution.void": _edits,
    "institution.reveal": _reveals,
    "institution.export": _lists,
}
WORDS = Words(
    verbs={
        "enter_institution": N_("登记平台机构"),
        "edit_institution": N_("更正平台机构"),
        "void_institution": N_("作废平台机构"),
    },
    subjects={"institution": N_("平台机构")},
    fields={
        ("institution", "kind"): N_("类别"),
        ("institution", "name"): N_("机构名称"),
        ("institution", "owner"): N_("依托单位"),
        ("institution", "division"): N_("所在地"),
        ("institution", "founded_on"): N_("设立日期"),
        ("institution", "address"): N_("地址"),
        ("institution", "field"): N_("研究方向"),
        ("institution", "head"): N_("负责人"),
        ("institution", "source"): N_("依据"),
        ("institution", "voided"): N_("作废"),
    },
    permissions={
        "institution.list": N_("查看平台机构名录"),
        "institution.read": N_("查看平台机构"),
        "institution.enter": N_("登记平台机构"),
        "institution.edit": N_("更正平台机构"),
        "institution.void": N_("作废平台机构"),
        "institution.reveal": N_("查看平台机构联系人"),
        "institution.export": N_("导出平台机构名录"),
    },
)
