"""The words of plans: what keeps one from being loaded or issued, kinds of counting, why a row does not count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

COLLECTIVE = "各县（市、区）政府"
"""How a plan prints the counties' governments together."""
PLACES = r"[一二三四五六七八九十题引正文（）\d]+"
"""How places in the text are numbered: its title, what stands before part one, 三（一）1."""
DUTY = r"（(市[^（）]*)按职责分工负责"
"""At the end of a measure, the offices that answer for it; the closing bracket may be missing in print."""

PLAN_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "one_plan": N_("一个文件夹只放一个方案，请删去这一行。"),
        "other_folder": N_("方案代码“%(text)s”与文件夹名“%(folder)s”不同，请改成一样。"),
        "years_turned": N_("结束年度 %(text)s 早于起始年度 %(first)s，请核对。"),
        "no_paragraph": N_("正文（paragraphs.csv）里没有“%(text)s”这一段，请核对条目编号。"),
        "no_industries": N_("按确认入库计数的目标须写明行业（industries），请填写。"),
        "no_measure": N_("措施（measures.csv）里没有“%(text)s”，请核对。"),
        "no_alias": N_("单位称谓（office_aliases.csv）里没有“%(text)s”，请先补上称谓，或核对原文。"),
        "other_alias": N_("“%(printed)s”是单位“%(office)s”的称谓，这一行写的是“%(text)s”，请核对。"),
        "no_county": N_("“%(printed)s”指各县（市、区），“%(text)s”不是县（市、区）政府，请核对。"),
        "counties_lacking": N_("%(measure)s 的“%(printed)s”指各县（市、区），还缺：%(lacking)s，请补上。"),
        "not_printed": N_(
            "%(measure)s 的责任单位与正文所印不一致：正文有而这里没有：%(lacking)s；这里有而正文没有：%(more)s。请逐一核对，次序按正文。"
        ),
    }
)

COUNTING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "enrolment": N_("确认入库（四上）的企业"),
        "cultivated": N_("培育的高技术服务业企业"),
        "introduced": N_("引进的高技术服务业企业"),
        "institution": N_("认定的科学研究机构"),
    }
)
WAY_LABELS: Mapping[str, str] = MappingProxyType({"cultivated": N_("培育"), "introduced": N_("引进")})
LEFT_OUT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "earlier": N_("在方案年度之前"),
        "later": N_("在方案年度之后"),
        "not_first": N_("不是首次"),
        "other_industry": N_("不在方案所列行业"),
        "delisted": N_("已退库"),
        "voided": N_("认定已撤销"),
        "same_firm": N_("同一企业已计一次"),
        "withdrawn": N_("认定已撤销"),
    }
)
LIGHT_LABELS: Mapping[str, str] = MappingProxyType(
    {"done": N_("已完成"), "on_track": N_("按进度"), "behind": N_("落后"), "overdue": N_("逾期")}
)
LIGHT_TONES: Mapping[str, str] = MappingProxyType(
    {"done": "ok", "on_track": "info", "behind": "warn", "overdue": "bad"}
)
CHANCES: Mapping[str, str] = MappingProxyType(
    {
        "done": N_("目标已完成。"),
        "under_way": N_("申报中的企业都确认入库，即可完成。"),
        "likely": N_("按推算可以完成，推算偏低时也够。"),
        "possible": N_("按推算可能完成，但不稳：推算偏低时还不够。"),
        "unlikely": N_("按推算完不成：推算偏高时也不够。"),
    }
)
AGAINST_LINE: Mapping[str, str] = MappingProxyType(
    {"below": N_("低于四上标准"), "exactly": N_("正好等于四上标准，达标"), "above": N_("高于四上标准")}
)
AGAINST_TONES: Mapping[str, str] = MappingProxyType({"below": "warn", "exactly": "info", "above": "ok"})
STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "draft": N_("草案"),
        "waiting": N_("待复核"),
        "loaded": N_("已载入"),
        "issued": N_("已印发"),
        "amended": N_("已修订"),
        "ended": N_("已到期"),
        "withdrawn": N_("已撤回"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {
        "draft": "plain",
        "waiting": "warn",
        "loaded": "info",
        "issued": "ok",
        "amended": "ok",
        "ended": "plain",
        "withdrawn": "plain",
    }
)

PLAN_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": N_("已提交复核，不能再改；要改的，请复核人退回。"),
        "not_waiting": N_("草案还没有提交复核。"),
        "own": N_("草案由您起草，须由另一人复核。"),
        "opinion": N_("请填写复核意见，写明对照了什么文件。"),
        "not_open": N_("这份草案已经办结。"),
        "open": N_("这个方案已有一份未办结的草案，请在其中修改。"),
        "code_taken": N_("已有代码为“%(code)s”的方案，请换一个代码。"),
        "years": N_("结束年度不能早于起始年度。"),
        "valid_from": N_("施行日期须晚于现行版本的施行日期（%(day)s）。"),
        "no_targets": N_("方案还没有目标，请至少列一项。"),
        "no_measures": N_("方案还没有措施，请至少列一项。"),
        "no_source": N_("请填写依据。"),
        "no_offices": N_("措施“%(code)s”还没有责任单位。"),
        "row_taken": N_("已有编号为“%(code)s”的一条，请换一个编号。"),
        "industries": N_("没有代码为“%(code)s”的行业，请按 2017 版填写门类字母或 2 至 4 位代码。"),
        "industries_needed": N_("按确认入库计数的目标须写明行业。"),
        "amount_or_share": N_("请填写比例或定额，二者至少一项。"),
    }
)
TASK_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "turned": N_("完成时限不能早于起始日期。"),
        "same_day": N_("完成时限没有改动。"),
        "aim": N_("由系统计数的，须填写目标数；不由系统计数的，不填目标数。"),
        "cells": N_("本单位 %(quarter)s 已填报 %(most)s 项，每季度最多 %(most)s 项；能由系统计数的不必填报。"),
        "counted": N_("这件事由系统计数，达到目标数即为完成，不必另报完成。"),
        "voided": N_("这件事已从责任清单中撤下。"),
        "milestone_after": N_("有阶段节点不早于新的完成时限，请先调整节点日期。"),
    }
)
MILESTONE_LABELS: Mapping[str, str] = MappingProxyType(
    {"reached": N_("已完成"), "missed": N_("逾期未完成"), "ahead": N_("未到期")}
)
MILESTONE_TONES: Mapping[str, str] = MappingProxyType({"reached": "ok", "missed": "bad", "ahead": "plain"})
MILESTONE_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "outside": N_("节点日期须不早于起始日期，并早于完成时限。"),
        "number": N_("由系统计数的任务，节点可写明应完成的数，不超过目标数；其他任务不填。"),
        "taken": N_("同一天已有写明应完成数的节点。"),
        "falling": N_("后面的节点应完成的数不能小于前面的节点。"),
        "same_day": N_("节点日期没有改动。"),
        "counted": N_("这个节点由系统计数，不必另报完成。"),
        "reached": N_("这个节点已报完成。"),
        "no_day": N_("写了节点的内容或应完成数，请填写日期。"),
        "no_words": N_("填了节点日期，请写明到时应展示什么。"),
    }
)
COUNTED_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "proposals": N_("提交提名的企业"),
        "admissions": N_("入库培育的企业"),
        "filings": N_("申报纳统的企业"),
        "confirmations": N_("确认入库（四上）的企业"),
        "marks": N_("认定的高技术服务业企业"),
        "documents": N_("新交材料的企业"),
    }
)
SPLIT_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "no_shares": N_("请至少填写一个县（市、区）或功能区的数目。"),
        "past": N_("起始日期须晚于上一份分解文件的起始日期（%(day)s）。"),
        "draft": N_("方案还没有印发，不能分解目标。"),
    }
)
MARK_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "twice": N_("这家企业已按“%(way)s”认定（%(day)s），不必重复登记。"),
        "ahead": N_("认定日期不能晚于今天。"),
        "voided": N_("这条认定已经撤销。"),
    }
)
