"""Income statement against VAT return of one period: the same, within the tolerance, explained, or to be explained."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_


class Agreement(StrEnum):
    MATCHES = "matches"
    WITHIN = "within"
    EXPLAINED = "explained"
    DIFFERS = "differs"
    ONE_SIDED = "one_sided"  # only one of the two is known
    NOTHING = "nothing"


LABELS: Mapping[str, str] = MappingProxyType(
    {
        Agreement.MATCHES: N_("两表一致"),
        Agreement.WITHIN: N_("差异在容许范围内"),
        Agreement.EXPLAINED: N_("有差异，已附差异说明"),
        Agreement.DIFFERS: N_("有差异，须附差异说明（M07）"),
        Agreement.ONE_SIDED: N_("只有一表，未能核对"),
        Agreement.NOTHING: N_("未登记"),
    }
)


def compare(revenue: Decimal | None, sales: Decimal | None, tolerance: Decimal, *, explained: bool) -> Agreement:
    """Both cumulative yuan of one period; `tolerance` is a share of the revenue, 0 asks for the very same amount."""
    if revenue is None or sales is None:
        return Agreement.NOTHING if revenue is None and sales is None else Agreement.ONE_SIDED
    if revenue == sales:
        return Agreement.MATCHES
    if abs(revenue - sales) <= revenue * tolerance:
        return Agreement.WITHIN
    return Agreement.EXPLAINED if explained else Agreement.DIFFERS


def sentence_values(revenue: Decimal, sales: Decimal, tolerance: Decimal) -> dict[str, str]:
    """The difference in 万元 and the tolerance in per cent, as text."""
    difference = (abs(revenue - sales) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"difference": f"{difference:,}", "tolerance": f"{(tolerance * 100).normalize():f}%"}
