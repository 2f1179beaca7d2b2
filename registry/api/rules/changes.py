"""What an act on the trail is in the change feed: created, changed, corrected, merged, parted, voided."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.base.labels import N_
from registry.base.vocabulary import Action, Stage


class ChangeSort(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    CORRECTED = "corrected"
    MERGED = "merged"
    UNMERGED = "unmerged"
    VOIDED = "voided"
    RULES = "rules"


SORT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        ChangeSort.CREATED: N_("新登记"),
        ChangeSort.CHANGED: N_("有变化"),
        ChangeSort.CORRECTED: N_("更正"),
        ChangeSort.MERGED: N_("已并入另一登记"),
        ChangeSort.UNMERGED: N_("撤销合并"),
        ChangeSort.VOIDED: N_("随撤销导入作废"),
        ChangeSort.RULES: N_("规则施行，各企业的达标情况可能改变"),
    }
)
LOOKS = frozenset({"reveal", "export", "download", "nudge", "refused"})
"""Acts that change nothing."""
FEED_SUBJECTS = ("firm", "qualification", "firm_mark")
RULES_APPLIED = "apply_rules"
_CREATE = frozenset({Action.CREATE, Action.IMPORT})
_CORRECT = frozenset(
    {"edit", "rename", "settle_figure", "void_figure", "void_document", "correct_qualification", "void_qualification",
     "void_mark"}
)  # fmt: skip


def sort_of(
    verb: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, voided: bool
) -> ChangeSort:
    """What an act with these recorded fields is; `voided`: the firm is void today."""
    if verb == RULES_APPLIED:
        return ChangeSort.RULES
    if verb == Action.UNDO_IMPORT and voided:
        return ChangeSort.VOIDED
    if verb == Action.MERGE and (after or {}).get("stage") == Stage.MERGED:
        return ChangeSort.MERGED
    if verb == Action.UNMERGE and (before or {}).get("stage") == Stage.MERGED:
        return ChangeSort.UNMERGED
    if verb in _CREATE:
        return ChangeSort.CREATED
    if verb in _CORRECT or (verb == "record_figure" and before):
        return ChangeSort.CORRECTED
    return ChangeSort.CHANGED
