"""The words of the register of registered firms: loads, what a load finds out, sectors, and what may differ."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_
from registry.trail.texts import Words


class LoadState(StrEnum):
    """A load is staged in committed chunks, then applied in slices; a killed one goes on from where it was."""

    STAGING = "staging"
    STAGED = "staged"
    APPLYING = "applying"
    APPLIED = "applied"
    DROPPED = "dropped"


class RowKind(StrEnum):
    """What a row of the file is; disjoint, and they sum to the data rows."""

    NEW = "new"
    RENAMED = "renamed"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


class ChangeKind(StrEnum):
    """What a load found out about a firm of the register that was known before."""

    RENAMED = "renamed"
    CHANGED = "changed"
    GONE = "gone"


class Status(StrEnum):
    CURRENT = "current"
    GONE = "gone"


class Sector(StrEnum):
    """The industries that the plan wants firms of."""

    INFORMATION = "information"
    SOFTWARE = "software"
    RESEARCH = "research"
    TESTING = "testing"
    PROPERTY = "property"
    CONSULTING = "consulting"


OPEN_STATES = (LoadState.STAGING, LoadState.STAGED, LoadState.APPLYING)

LOAD_STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        LoadState.STAGING: N_("读取中"),
        LoadState.STAGED: N_("待装入"),
        LoadState.APPLYING: N_("装入中"),
        LoadState.APPLIED: N_("已装入"),
        LoadState.DROPPED: N_("已放弃"),
    }
)
CHANGE_LABELS: Mapping[str, str] = MappingProxyType(
    {ChangeKind.RENAMED: N_("更名"), ChangeKind.CHANGED: N_("变更"), ChangeKind.GONE: N_("不在册")}
)
STATUS_LABELS: Mapping[str, str] = MappingProxyType({Status.CURRENT: N_("在册"), Status.GONE: N_("已不在册")})
SECTOR_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Sector.INFORMATION: N_("信息传输和互联网"),
        Sector.SOFTWARE: N_("软件和信息技术服务"),
        Sector.RESEARCH: N_("研究和试验发展"),
        Sector.TESTING: N_("检验检测和计量认证"),
        Sector.PROPERTY: N_("知识产权服务"),
        Sector.CONSULTING: N_("科技中介和咨询"),
    }
)
SECTOR_CODES: Mapping[str, str] = MappingProxyType(
    {
        Sector.INFORMATION: "63 64",
        Sector.SOFTWARE: "65",
        Sector.RESEARCH: "73",
        Sector.TESTING: "745 746",
        Sector.PROPERTY: "752",
        Sector.CONSULTING: "724 753",
    }
)
"""Divisions and groups of GB/T 4754-2017 that a sector stands for; a hint for whoever proposes, never stored."""

FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("企业名称"),
        "founded_on": N_("成立日期"),
        "legal_form": N_("组织形式"),
        "form_text": N_("企业类型"),
        "capital": N_("注册资本"),
        "capital_currency": N_("币种"),
        "scope": N_("经营范围"),
        "address": N_("注册地址"),
        "region": N_("地区"),
        "registration": N_("登记状态"),
        "status": N_("状态"),
    }
)
"""Fields of a registered firm as changes name them."""

FILLED: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "credit_code": "credit_code",
        "founded_on": "founded_on",
        "registered_address": "address",
        "activity": "scope",
        "legal_form": "legal_form",
        "capital": "capital",
        "division": "division",
    }
)
"""Field of a firm -> field of the register it may be filled from. Figures are not among them and never will be."""

COMPARED: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "registered_address": "address",
        "legal_form": "legal_form",
        "founded_on": "founded_on",
        "capital": "capital",
    }
)
"""Field of a firm -> field of the register that it is held against."""

MOST_GONE = 0.2
"""A whole load that would strike out a larger share of the firms in force has to be confirmed."""


COUNT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        RowKind.NEW: N_("新增"),
        RowKind.RENAMED: N_("更名"),
        RowKind.CHANGED: N_("变更"),
        RowKind.UNCHANGED: N_("无变化"),
        RowKind.FAULTY: N_("有错"),
        ChangeKind.GONE: N_("不在册"),
    }
)
"""What a load counts."""

WORDS = Words(fields={("register_load", kind): label for kind, label in COUNT_LABELS.items()})

COMPARED_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("企业名称"),
        "registered_address": N_("注册地址"),
        "legal_form": N_("组织形式"),
        "founded_on": N_("成立日期"),
        "capital": N_("注册资本"),
        "gone": N_("已不在册"),
    }
)
"""In what an entry may differ from the register."""

FROM_REGISTER = N_("取自市场主体库（截至 %(day)s），可以更改。")
"""Beside a field that was filled from the register."""
SOURCE = N_("市场主体库（截至 %(day)s）")
"""Where a new entry's facts came from, in the trail."""
