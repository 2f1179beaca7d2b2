"""What an office certifies of a quarter: its part, the digest of its rows, and how a certificate stands later."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.trail.texts import Words

TERM = "certify.days"
"""The parameter that says how many working days after the quarter's end the offices have."""


class Standing(StrEnum):
    """How an office's part of a quarter stands."""

    CERTIFIED = "certified"
    REFUSED = "refused"
    CHANGED = "changed"
    """Certified, and its rows have changed since: that certificate is void."""
    MISSING = "missing"


STANDING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Standing.CERTIFIED: N_("已确认"),
        Standing.REFUSED: N_("不予确认"),
        Standing.CHANGED: N_("确认后有变动，已失效"),
        Standing.MISSING: N_("未确认"),
    }
)


class Ended(StrEnum):
    """Why a certificate no longer counts: its rows are others, or the office has spoken again."""

    CHANGED = "changed"
    REPLACED = "replaced"


ENDED_LABELS: Mapping[str, str] = MappingProxyType({Ended.CHANGED: N_("数据变动"), Ended.REPLACED: N_("重新确认")})


@dataclass(frozen=True, slots=True)
class OfficePart:
    """What an office has in a quarter: how many rows, and the digest over theirs."""

    office_id: int
    rows: int
    digest: str


class PartsTaken:
    """Collects the digests of rows by office: a row is its nominating office's, and the bureau's in charge."""

    def __init__(self) -> None:
        self._digests: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, row: Mapping[str, Any], digest: str) -> None:
        """`row` has its `office_id` and `lead_bureau_id`."""
        for office_id in {row["office_id"], row["lead_bureau_id"]} - {None}:
            self._digests[office_id].append(digest)

    def parts(self) -> dict[int, OfficePart]:
        return {
            office_id: OfficePart(office_id, len(digests), digest_of(digests))
            for office_id, digests in sorted(self._digests.items())
        }


def digest_of(digests: Iterable[str]) -> str:
    """SHA-256 over the digests of some rows, whatever order they come in."""
    return hashlib.sha256("\n".join(sorted(digests)).encode("ascii")).hexdigest()


def _certifies(actor: Actor, _: Any) -> bool:
    """A person of the office itself; whoever closes the quarter certifies nothing."""
    return actor.holds(Role.CLERK, Role.OFFICER)


PERMISSIONS = {
    "quarter.certify": _certifies,
    "quarter.extend": lambda actor, _: actor.holds(Role.CITY_OFFICE),
}
WORDS = Words(
    verbs={
        "certify_quarter": N_("确认季度数据"),
        "refuse_quarter": N_("不予确认季度数据"),
        "end_certificate": N_("季度数据确认失效"),
        "extend_quarter": N_("延长确认期限"),
    },
    fields={("quarter", "until"): N_("延至"), ("quarter", "points"): N_("未办结（项）")},
    permissions={"quarter.certify": N_("确认本单位季度数据"), "quarter.extend": N_("延长季度确认期限")},
)
