"""Who may see, enter, release and link resources; what that is called; what a merge of firms does with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor, can, has_business, sees_firm
from registry.base.vocabulary import Role, Stage
from registry.institutions.rules.rights import is_in_charge
from registry.institutions.rules.rights import sees as sees_institution
from registry.merges.rules import Fate, Treatment
from registry.resources.rules.states import is_offered
from registry.trail.texts import Words


@dataclass(frozen=True)
class ResourceOwner:
    """Whoever offers: a firm or an institution, never both."""

    firm: Any = None
    institution: Any = None

    @property
    def name(self) -> str:
        return str((self.firm or self.institution).name)


def sees_owner(actor: Actor, row: Any) -> bool:
    """Whether the owner is in reach: then its resources are, released or not."""
    if row.firm is not None:
        return sees_firm(actor, row.firm)
    return sees_institution(actor, row.institution)


def sees_whole(actor: Actor, row: Any) -> bool:
    """Released or not, with its serial number and history: whose owner is in reach, and the bureau in charge."""
    return is_in_charge(actor) or sees_owner(actor, row)


def sees(actor: Actor, row: Any) -> bool:
    """The row scope of one resource; `queries.resources.within` says the same in SQL."""
    return sees_whole(actor, row) or (has_business(actor) and is_offered(row))


def _records(actor: Actor, owned: Any) -> bool:
    """Whoever keeps the certificates of the firm, or the entry of the institution."""
    if owned.firm is not None:
        return owned.firm.stage != Stage.MERGED and can(actor, "qualification.record", owned.firm)
    return can(actor, "institution.edit", owned.institution)


def _changes(actor: Actor, row: Any) -> bool:
    return row.voided_at is None and _records(actor, row)


def _releases(actor: Actor, row: Any) -> bool:
    """The bureau in charge, or the city office, whoever entered it."""
    return row.voided_at is None and is_in_charge(actor)


def _withdraws(actor: Actor, row: Any) -> bool:
    """Whoever may release, and whoever answers for the row: what should not be public goes at once."""
    return row.released_at is not None and (_releases(actor, row) or _changes(actor, row))


def _enters(actor: Actor, _: Any = None) -> bool:
    return actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE)


def _settles(actor: Actor, load: Any) -> bool:
    """Whoever brought the workbook, or stands in for them; nobody else answers for what stands in it."""
    return _enters(actor) and load.by_id in actor.people


def _reveals(actor: Actor, row: Any) -> bool:
    """Of a resource of others that is released, only where its owner agreed that the contact be public."""
    if not actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN):
        return False
    return sees_whole(actor, row) or (row.contact_public and sees(actor, row))


def _links(actor: Actor, row: Any) -> bool:
    """Whoever sees the resource: the case must be in reach too, and says more than the resource does."""
    return row.voided_at is None and _enters(actor) and sees(actor, row)


def _unlinks(actor: Actor, use: Any) -> bool:
    return use.removed_at is None and _enters(actor) and (use.office_id == actor.office_id or is_in_charge(actor))


PERMISSIONS = {
    "resource.list": has_business,
    "resource.read": sees,
    "resource.export": has_business,
    "resource.enter": _enters,
    "resource.record": _records,
    "resource.change": _changes,
    "resource.release": _releases,
    "resource.withdraw": _withdraws,
    "resource.reveal": _reveals,
    "resource.link": _links,
    "resource.unlink": _unlinks,
    "resource.load": _enters,
    "resource.settle": _settles,
}
WORDS = Words(
    verbs={
        "enter_resource": N_("登记科技资源"),
        "edit_resource": N_("更正科技资源"),
        "void_resource": N_("作废科技资源"),
        "release_resource": N_("发布科技资源"),
        "withdraw_resource": N_("撤回发布科技资源"),
        "link_resource": N_("关联创新券事项"),
        "unlink_resource": N_("取消关联创新券事项"),
        "bring_resources": N_("上传科技资源工作簿"),
        "load_resources": N_("导入科技资源"),
        "give_up_resources": N_("放弃科技资源工作簿"),
    },
    subjects={"resource": N_("科技资源"), "resource_load": N_("科技资源工作簿")},
    fields={
        ("", "resource_rows"): N_("移动的科技资源（项）"),
        ("resource", "owner"): N_("所属单位"),
        ("resource", "kind"): N_("资源种类"),
        ("resource", "name"): N_("资源名称"),
        ("resource", "division"): N_("所在地"),
        ("resource", "place"): N_("详细地点"),
        ("resource", "maker"): N_("制造厂商"),
        ("resource", "model"): N_("规格型号"),
        ("resource", "serial"): N_("出厂编号"),
        ("resource", "capability"): N_("功能和服务内容"),
        ("resource", "price"): N_("收费标准"),
        ("resource", "contact_public"): N_("联系人可公开"),
        ("resource", "valid_from"): N_("有效期自"),
        ("resource", "valid_to"): N_("有效期至"),
        ("resource", "wishes_release"): N_("同意发布"),
        ("resource", "doubt_reason"): N_("存疑说明"),
        ("resource", "released"): N_("发布"),
        ("resource", "voided"): N_("作废"),
        ("resource", "case"): N_("创新券事项"),
        ("resource_load", "new"): N_("新增"),
        ("resource_load", "corrected"): N_("更正"),
        ("resource_load", "same"): N_("相同"),
        ("resource_load", "doubtful"): N_("存疑"),
        ("resource_load", "refused"): N_("不收"),
    },
    permissions={
        "resource.list": N_("查看科技资源"),
        "resource.read": N_("查看一项科技资源"),
        "resource.export": N_("导出科技资源"),
        "resource.enter": N_("登记科技资源"),
        "resource.record": N_("登记某单位的科技资源"),
        "resource.change": N_("更正或作废科技资源"),
        "resource.release": N_("发布科技资源"),
        "resource.withdraw": N_("撤回发布科技资源"),
        "resource.reveal": N_("查看科技资源的预约联系人"),
        "resource.link": N_("关联创新券事项"),
        "resource.unlink": N_("取消关联创新券事项"),
        "resource.load": N_("用工作簿导入科技资源"),
        "resource.settle": N_("确认或放弃科技资源工作簿"),
    },
)
COVERAGE = {
    ("resource", "firm_id"): Treatment(
        Fate.MOVES, N_("科技资源"), N_("连同发布情况和关联的创新券事项一并并入；出厂编号相同的，在资源页面中提示。")
    )
}
