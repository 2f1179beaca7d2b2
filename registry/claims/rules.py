"""What speaks for where a firm belongs, and the words of a case between two offices."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_


class EvidenceKind(StrEnum):
    """In the order of a case's page: where it works decides (在地原则), the others point there."""

    OPERATING_ADDRESS = "operating_address"
    REGISTERED_ADDRESS = "registered_address"
    TAX_COUNTY = "tax_county"
    OTHER = "other"


EVIDENCE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        EvidenceKind.OPERATING_ADDRESS: N_("实际经营地"),
        EvidenceKind.REGISTERED_ADDRESS: N_("注册地址"),
        EvidenceKind.TAX_COUNTY: N_("纳税地"),
        EvidenceKind.OTHER: N_("其他"),
    }
)
BASIS = N_("国统字〔2011〕96号（在地原则）：注册地与实际经营地不在同一县区的，由实际经营地统计")
EVIDENCE_TEXT = N_("请写明事实和依据。")
EVIDENCE_KIND = N_("请选择举证种类。")
EVIDENCE_DIVISION = N_("请选择本市的县区或功能区。")
DIVISION_NEEDED = N_("请指明实际经营地所在的县区或功能区。")
PARTY_DECIDES = N_("为一方举证的人不能裁定该争议。")
