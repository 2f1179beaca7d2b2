"""Who may bring and read tax-authorised figures, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor, can
from registry.base.vocabulary import OfficeKind, Role
from registry.trail.texts import Words


def _brings(actor: Actor, _: Any) -> bool:
    """An officer of the tax office, or the city office; nobody who answers for a firm's own figures."""
    return actor.holds(Role.CITY_OFFICE) or (actor.holds(Role.OFFICER) and actor.office_kind == OfficeKind.TAX)


def _settles(actor: Actor, load: Any) -> bool:
    return _brings(actor, load) and load.by_id in actor.people


PERMISSIONS = {
    "taxfigure.list": lambda actor, _: can(actor, "firm.list"),
    "taxfigure.export": lambda actor, _: can(actor, "firm.export"),
    "taxfigure.load": _brings,
    "taxfigure.settle": _settles,
}
WORDS = Words(
    verbs={
        "bring_tax_figures": N_("上传税务授权数据"),
        "load_tax_figures": N_("导入税务授权数据"),
        "give_up_tax_figures": N_("放弃税务授权数据"),
        "record_tax_figure": N_("登记税务授权数据"),
    },
    subjects={"tax_load": N_("税务授权数据文件"), "tax_figure": N_("税务授权数据")},
    fields={
        ("tax_figure", "amount"): N_("金额"),
        ("tax_figure", "consent"): N_("企业授权"),
        ("tax_load", "new"): N_("新增"),
        ("tax_load", "corrected"): N_("更正"),
        ("tax_load", "same"): N_("相同"),
        ("tax_load", "unauthorised"): N_("未授权"),
        ("tax_load", "refused"): N_("不收"),
        ("tax_load", "doubtful"): N_("存疑"),
    },
    permissions={
        "taxfigure.list": N_("查看税务授权数据"),
        "taxfigure.export": N_("导出税务授权数据"),
        "taxfigure.load": N_("导入税务授权数据"),
        "taxfigure.settle": N_("确认或放弃税务授权数据文件"),
    },
)
