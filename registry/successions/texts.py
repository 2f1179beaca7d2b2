"""What an office has in hand, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_
from registry.trail.texts import Words

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "accounts": N_("启用的账号（改属接替的机构，角色不变）"),
        "firms": N_("填报的企业"),
        "led": N_("牵头的企业"),
        "nominations": N_("未办结的提名"),
        "reviews": N_("待核查或核查中的案件"),
        "claims": N_("未裁定的认领"),
        "claimed": N_("被认领、未裁定的企业"),
        "nudges": N_("收到、未办的催办"),
        "nudging": N_("发出、未办的催办"),
        "notices": N_("未读的通知"),
        "batches": N_("未完成的导入"),
        "imported": N_("已完成的导入（连同随带保存的内容）"),
        "columns": N_("指定的表头"),
        "returns": N_("未采用的离线填报回件"),
        "bundles": N_("未归档的批量材料"),
        "books": N_("已发出的离线填报表"),
        "institutions": N_("登记的机构"),
        "cases": N_("登记的事项"),
        "charge": N_("主管的事项"),
        "helped": N_("会同的企业"),
        "in_place": N_("所属县区是这里的企业"),
        "in_town": N_("所属镇街是这里的企业"),
        "institutions_in": N_("在这里的机构"),
        "resources_in": N_("在这里的科技资源"),
        "registered_in": N_("市场主体名单里在这里的单位"),
    }
)
WORDS = Words(
    verbs={
        "rename_office": N_("机构改名"),
        "rename_division": N_("区划改名"),
        "end_office": N_("机构终止并移交"),
        "end_division": N_("区划终止并改计"),
        "hand_over": N_("移交"),
    },
    subjects={"office": N_("机构"), "division": N_("区划")},
    fields={
        ("", "co_bureaus"): N_("会同部门"),
        ("office", "name"): N_("名称"),
        ("office", "short_name"): N_("简称"),
        ("office", "valid_to"): N_("终止日期"),
        ("office", "successor"): N_("接替的机构"),
        ("division", "name"): N_("名称"),
        ("division", "short_name"): N_("简称"),
        ("division", "valid_to"): N_("终止日期"),
        ("division", "successor"): N_("接替的区划"),
        **{(subject, name): label for subject in ("office", "division") for name, label in LABELS.items()},
    },
)
