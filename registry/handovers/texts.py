"""Words of the trail about deputies and successors."""

from __future__ import annotations

from registry.base.labels import N_
from registry.trail.texts import Words

WORDS = Words(
    verbs={
        "name_deputy": N_("指定代办人"),
        "end_deputy": N_("提前结束代办"),
        "hand_over_work": N_("交接未办事项"),
    },
    subjects={"notice": N_("消息")},
    fields={
        ("", "person"): N_("经办人"),
        ("user_account", "deputy"): N_("代办人"),
        ("user_account", "first_on"): N_("开始日期"),
        ("user_account", "last_on"): N_("结束日期"),
        ("user_account", "taker"): N_("接任人"),
        ("user_account", "total"): N_("交接的事项（件）"),
        ("user_account", "imports"): N_("待确认的导入文件"),
        ("user_account", "workbooks"): N_("待写入的离线填报回件"),
        ("user_account", "tax_files"): N_("待确认的税务授权数据文件"),
        ("user_account", "qualification_files"): N_("待确认的资质工作簿"),
        ("user_account", "resource_files"): N_("待确认的科技资源工作簿"),
        ("user_account", "level_files"): N_("待登记的上级审核结果文件"),
        ("user_account", "rule_drafts"): N_("本人起草、尚未办结的规则或基础数据草稿"),
        ("user_account", "tasks"): N_("责任人写明为本人、尚未完成的责任清单事项"),
        ("user_account", "plan_drafts"): N_("本人起草、尚未印发的方案"),
        ("user_account", "bulletins"): N_("本人起草、尚未印发的通报"),
        ("user_account", "nominations"): N_("本人提交、尚未办结的提名"),
        ("user_account", "reviews"): N_("本人已受理、尚未作出决定的核查"),
        ("user_account", "notices"): N_("发给本人、尚未阅读的消息"),
        ("user_account", "views"): N_("本人保存的台账视图"),
    },
    permissions={
        "deputy.own": N_("指定自己的代办人"),
        "deputy.name": N_("指定代办人"),
        "deputy.end": N_("提前结束代办"),
        "work.hand_over": N_("交接未办事项"),
    },
)
