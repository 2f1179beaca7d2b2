"""Who may read, enter, renew, correct and void qualifications, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor, can, sees_firm
from registry.base.vocabulary import OfficeKind, Role, Stage
from registry.institutions.rules import rights as institutions
from registry.trail.texts import Words


def _reads(actor: Actor, row: Any) -> bool:
    return sees_firm(actor, row.firm) if row.firm is not None else institutions.sees(actor, row.institution)


def records(actor: Actor, holder: Any) -> bool:
    """Whether `actor` enters certificates of a firm or of an institution."""
    return can(
        actor, "institution.qualify" if holder.__tablename__ == "institution" else "qualification.record", holder
    )


def _qualifies(actor: Actor, institution: Any) -> bool:
    """Whoever may correct the institution's row."""
    return can(actor, "institution.edit", institution)


def _records(actor: Actor, firm: Any) -> bool:
    """A clerk of the firm's office or an officer of the bureau in charge; the city office where the city holds it."""
    if firm.stage == Stage.MERGED or not sees_firm(actor, firm):
        return False
    if actor.holds(Role.CLERK) and actor.office_id == firm.office_id:
        return True
    if actor.holds(Role.OFFICER) and actor.office_id == firm.lead_bureau_id:
        return True
    return actor.holds(Role.CITY_OFFICE) and firm.office.kind in (OfficeKind.LEADERSHIP, OfficeKind.BUREAU)


def _changes(actor: Actor, row: Any) -> bool:
    return row.ended is None and records(actor, row.holder)


def _settles(actor: Actor, load: Any) -> bool:
    """Whoever brought the workbook, or stands in for them; nobody else answers for what stands in it."""
    return actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE) and load.by_id in actor.people


PERMISSIONS = {
    "qualification.list": lambda actor, _: can(actor, "firm.list"),
    "qualification.read": _reads,
    "qualification.export": lambda actor, _: can(actor, "firm.export"),
    "qualification.record": _records,
    "institution.qualify": _qualifies,
    "qualification.change": _changes,
    "qualification.load": lambda actor, _: actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE),
    "qualification.settle": _settles,
}
WORDS = Words(
    verbs={
        "record_qualification": N_("登记资质"),
        "renew_qualification": N_("资质换证"),
        "correct_qualification": N_("更正资质"),
        "void_qualification": N_("作废资质"),
        "bring_qualifications": N_("上传资质工作簿"),
        "load_qualifications": N_("导入资质"),
        "give_up_qualifications": N_("放弃资质工作簿"),
    },
    subjects={
        "qualification": N_("资质"),
        "qualification_load": N_("资质工作簿"),
    },
    fields={
        ("qualification", "kind"): N_("资质种类"),
        ("qualification", "number"): N_("证书编号"),
        ("qualification", "issuer"): N_("发证机关"),
        ("qualification", "scope"): N_("范围"),
        ("qualification", "valid_from"): N_("有效期自"),
        ("qualification", "valid_to"): N_("有效期至"),
        ("qualification", "items"): N_("检测项目"),
        ("qualification", "document"): N_("材料"),
        ("qualification", "doubt_reason"): N_("存疑说明"),
        ("qualification", "before"): N_("原记录"),
        ("qualification_load", "new"): N_("新增"),
        ("qualification_load", "renewed"): N_("换证"),
        ("qualification_load", "corrected"): N_("更正"),
        ("qualification_load", "same"): N_("相同"),
        ("qualification_load", "doubtful"): N_("存疑"),
        ("qualification_load", "refused"): N_("不收"),
    },
    permissions={
        "qualification.list": N_("查看资质"),
        "qualification.read": N_("查看一份资质"),
        "qualification.export": N_("导出资质"),
        "qualification.record": N_("登记资质"),
        "institution.qualify": N_("登记平台机构的资质"),
        "qualification.change": N_("换证、更正或作废资质"),
        "qualification.load": N_("用工作簿导入资质"),
        "qualification.settle": N_("确认或放弃资质工作簿"),
    },
)
