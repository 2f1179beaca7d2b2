"""The kinds of institutions that the directory holds (docs/domain.md 9)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_


class InstitutionKind(StrEnum):
    LAB_BRANCH = "lab_branch"
    ACADEMICIAN = "academician"
    EXPERT = "expert"
    OVERSEAS = "overseas"
    POSTDOC = "postdoc"
    INSTITUTE = "institute"
    NEW_TYPE = "new_rd"
    PLATFORM = "platform"


KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        InstitutionKind.LAB_BRANCH: N_("省实验室分中心"),
        InstitutionKind.ACADEMICIAN: N_("院士工作站"),
        InstitutionKind.EXPERT: N_("院士专家工作站（省科技专家工作站）"),
        InstitutionKind.OVERSEAS: N_("海智计划工作站"),
        InstitutionKind.POSTDOC: N_("博士后科研工作站"),
        InstitutionKind.INSTITUTE: N_("科研院所"),
        InstitutionKind.NEW_TYPE: N_("新型研发机构"),
        InstitutionKind.PLATFORM: N_("产业发展公共平台"),
    }
)
