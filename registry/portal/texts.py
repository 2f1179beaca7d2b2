"""Labels and sentences of the portal."""

from __future__ import annotations

from registry.base.labels import N_

PORTAL_TITLE = N_("企业培育名录库公开数据")
LICENCE = N_("可自由使用，须注明来源；方案未载明，由市培育办确定")
"""What stands in the form before anybody chose a licence."""
DOCUMENT_NEEDED = N_("请填写依据的文件或决定。")
LICENCE_NEEDED = N_("请填写使用许可。")
FIELD_UNKNOWN = N_("公开目录中没有栏目“%(text)s”。")
NOTHING_CHOSEN = N_("没有选中企业。")
TOO_MANY = N_("一次最多公开 %(limit)s 家，现有 %(count)s 家，请缩小条件。")
NOT_LISTED = N_("“%(name)s”不在库，不能公开；确有需要的，请单独公开并写明理由。")
EARLY_REASON = N_("“%(name)s”尚未在库，公开须写明理由。")
MOVED = N_("核对之后名单有变化，请再看一遍。")
NO_FIRM = N_("没有找到“%(text)s”，请填写统一社会信用代码或企业全称。")
CONSENT_LATER = N_("同意日期不能晚于今天。")
CONSENT_NEEDED = N_("请上传企业签字盖章的同意书。")
NOT_ENTERED = N_("这篇案例已公开或已撤回，不能再办理，请刷新页面。")
TWO_PERSONS = N_("公开须由登记人以外的人办理。")
NO_PLAN = N_("没有印发的工作方案，不能公布进展。")
NO_TARGETS = N_("请至少选择一项目标。")
NOT_STANDING = N_("已经撤回，请刷新页面。")
STATE_LABELS = {"entered": N_("待另一人公开"), "public": N_("已公开"), "withdrawn": N_("已撤回")}
STATE_TONES = {"entered": "warn", "public": "ok", "withdrawn": "plain"}
OTHER_FIELDS = N_("另选栏目")
PUBLISHED_ANEW = N_("公布新的进展")
IN_DIRECTORY = "在库"
NAME_JOINT = "、"
API_RESOURCES = {
    "open_lists": (N_("公开的内容"), N_("门户开放时，公开了哪些内容、哪些栏目。不需要令牌。")),
    "open_rows": (N_("一类公开内容的清单"), N_("新公开的在前；只在公开的栏目里查找。不需要令牌，按地址限次。")),
    "open_row": (N_("一项公开内容"), N_("按公开编号取一项。")),
}
"""By name of the resource: what it is, and what is to be known of it."""
