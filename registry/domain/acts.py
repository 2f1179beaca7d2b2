"""The words of the trail: what an act, its subject and each recorded field are called, and which are business."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.domain.labels import N_
from registry.domain.register import COUNT_LABELS as REGISTER_COUNT_LABELS
from registry.domain.vocabulary import ACTION_LABELS, ROW_KIND_LABELS

VERB_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "sign_in": N_("登录"),
        "sign_in_refused": N_("登录失败"),
        "sign_in_locked": N_("登录被锁"),
        "sign_out": N_("退出登录"),
        "change_password": N_("修改密码"),
        "reset_password": N_("重置密码"),
        "create_account": N_("新建账号"),
        "stop_account": N_("停用账号"),
        "restore_account": N_("恢复账号"),
        "grant_roles": N_("授予角色"),
        "end_session": N_("结束会话"),
        "refused": N_("越权被拒"),
        "verify": N_("核验留痕"),
        "seed": N_("载入基础数据"),
        "demo": N_("生成演示数据"),
        "export": N_("导出"),
        "reveal": N_("查看联系人"),
        **ACTION_LABELS,
        "edit": N_("更正"),
        "rename": N_("更名"),
        "watch": N_("关注"),
        "take_over": N_("沿用原台账"),
        "link_parent": N_("关联法人单位"),
        "record_figure": N_("登记营业收入"),
        "dispute_figure": N_("对数据提出异议"),
        "void_figure": N_("作废数据"),
        "attach": N_("上传材料"),
        "void_document": N_("作废材料"),
        "download": N_("下载材料"),
        "claim": N_("提出认领"),
        "decide_claim": N_("裁定认领"),
        "route": N_("分派牵头部门"),
        "confirm_industry": N_("核对行业代码"),
        "upload": N_("上传名单"),
        "apply_import": N_("确认导入"),
        "undo_import": N_("撤销导入"),
        "discard_import": N_("放弃导入"),
        "refuse_import": N_("拒收文件"),
        "load_register": N_("装入市场主体库"),
        "recheck_import": N_("重新校验"),
        "judge_pair": N_("判定疑似重复"),
        "scan_pairs": N_("全库查重"),
    }
)

SUBJECT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "user_account": N_("账号"),
        "session": N_("会话"),
        "page": N_("页面"),
        "reference": N_("基础数据"),
        "city": N_("演示数据"),
        "trail": N_("操作留痕"),
        "firm": N_("企业"),
        "proposal": N_("提名"),
        "document": N_("材料"),
        "figure": N_("数据"),
        "claim": N_("认领"),
        "import_batch": N_("导入批次"),
        "pairing": N_("疑似重复"),
        "ledger": N_("名录库"),
        "quarter": N_("季度名录"),
        "register_load": N_("市场主体库装入"),
        "register": N_("市场主体库"),
    }
)

# Acts on anything else concern the directory's content, which administrators do not see: unknown kinds are business.
ADMINISTRATIVE = frozenset({"user_account", "session", "page", "reference", "trail"})

# Recorded fields that no column of the directory names, by the kind of subject, or "" for any kind.
FIELD_LABELS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("user_account", "username"): N_("用户名"),
        ("user_account", "name"): N_("姓名"),
        ("user_account", "roles"): N_("角色"),
        ("user_account", "active"): N_("启用"),
        ("", "office"): N_("单位"),
        ("", "bureau"): N_("牵头部门"),
        ("", "kind"): N_("指标"),
        ("", "period"): N_("期别"),
        ("", "amount"): N_("金额（万元）"),
        ("", "source"): N_("来源"),
        ("", "revision"): N_("第几次登记"),
        ("", "document_id"): N_("材料编号"),
        ("", "material"): N_("材料"),
        ("", "filename"): N_("文件名"),
        ("", "sha256"): N_("文件摘要"),
        ("", "parent_id"): N_("法人单位编号"),
        ("", "effective"): N_("启用日期"),
        ("", "granted"): N_("支持认领"),
        ("", "rows"): N_("行数"),
        ("", "columns"): N_("栏目"),
        ("", "filter"): N_("筛选条件"),
        ("", "contacts"): N_("含联系人"),
        ("", "batch"): N_("批次"),
        ("", "quarter"): N_("季度"),
        ("", "broken"): N_("首个不符"),
        **{("import_batch", kind): label for kind, label in ROW_KIND_LABELS.items()},
        ("", "digest"): N_("数据摘要"),
        **{("register_load", kind): label for kind, label in REGISTER_COUNT_LABELS.items()},
        ("register_load", "as_of"): N_("截止日"),
        ("register_load", "whole"): N_("全量名单"),
        ("", "head"): N_("链尾"),
        ("", "fault"): N_("核验结果"),
        ("", "cells"): N_("退回栏目"),
        ("", "note"): N_("说明"),
        ("", "merge"): N_("合并记录编号"),
        ("", "folded"): N_("并入的登记"),
        ("", "figure_rows"): N_("移动的数据（条）"),
        ("", "document_rows"): N_("移动的材料（份）"),
        ("", "former_name_rows"): N_("增减的曾用名（个）"),
        ("", "firm_rows"): N_("改挂的分支机构（家）"),
        ("pairing", "ruling"): N_("判定"),
        ("pairing", "blind"): N_("盲评"),
        ("pairing", "round"): N_("第几次判定"),
        ("pairing", "score"): N_("当时的分数"),
        ("pairing", "band"): N_("当时的系统判断"),
        ("pairing", "firms"): N_("企业编号"),
        ("pairing", "found"): N_("新发现"),
    }
)

# What `services.trail.verify` found wrong about the first row that does not fit.
FAULT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "missing": N_("此处缺少记录"),
        "link": N_("与上一条的衔接不符"),
        "content": N_("本条内容被改动"),
        "tail": N_("链尾与登记的链尾不符，末尾可能被截去"),
        "anchor": N_("库外抄存的记录缺失或不同"),
    }
)
