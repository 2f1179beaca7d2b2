"""What a token may read, and as whom: the scopes, and for each kind of office the role that reads there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_
from registry.base.vocabulary import OfficeKind, Role


class Scope(StrEnum):
    LEDGER = "ledger"
    DOSSIERS = "dossiers"
    QUARTERS = "quarters"
    PLAN = "plan"
    CASES = "cases"
    CHANGES = "changes"


SCOPE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Scope.LEDGER: N_("名录台账"),
        Scope.DOSSIERS: N_("企业档案（不含联系人和材料内容）"),
        Scope.QUARTERS: N_("季度名录（已冻结的逐户数据）"),
        Scope.PLAN: N_("工作方案目标进度"),
        Scope.CASES: N_("事项（不含自由填写的文字）"),
        Scope.CHANGES: N_("变更流"),
    }
)
READERS: Mapping[str, Role] = MappingProxyType(
    {
        OfficeKind.COUNTY: Role.CLERK,
        OfficeKind.ZONE: Role.CLERK,
        OfficeKind.BUREAU: Role.OFFICER,
        OfficeKind.STATISTICS: Role.LEADER,
        OfficeKind.LEADERSHIP: Role.LEADER,
    }
)
"""The role with whose reach a token reads: never more than any officer of the office sees. Where an office sees the
whole city it is the leader's, who only reads; an office without an entry has no business here and gets no token."""
