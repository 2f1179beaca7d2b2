"""What may be open when a quarter is closed: shown with its number, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.base.labels import N_


class Point(StrEnum):
    """One point of the checklist, in its order."""

    PROPOSED = "proposed"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    CLAIMS = "claims"
    IMPORTS = "imports"
    FIGURES = "figures"
    DISPUTES = "disputes"
    DOUBTS = "doubts"
    STANDING = "standing"
    FILINGS = "filings"


POINT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Point.PROPOSED: N_("已提名、尚未受理的企业"),
        Point.UNDER_REVIEW: N_("部门核查中的企业"),
        Point.RETURNED: N_("退回补正中的企业"),
        Point.CLAIMS: N_("尚未裁定的认领争议"),
        Point.IMPORTS: N_("已校验、尚未确认导入的批次"),
        Point.FIGURES: N_("在库但没有季末月份营业收入的企业"),
        Point.DISPUTES: N_("有异议、尚未更正的数据"),
        Point.DOUBTS: N_("所用的数存疑、其他单位尚未核实的企业"),
        Point.STANDING: N_("达标情况未按今年重算的企业"),
        Point.FILINGS: N_("已申报纳统、尚在逐级审核的企业"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How many of one point are open."""

    point: Point
    count: int

    @property
    def label(self) -> str:
        return POINT_LABELS[self.point]


def kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """As they are kept with what was closed or certified."""
    return [{"point": str(finding.point), "count": finding.count} for finding in findings]
