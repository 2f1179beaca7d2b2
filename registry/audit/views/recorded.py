"""What the trail recorded, field by field in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.accounts.rules import KIND_LABELS
from registry.audit.queries import TrailLine
from registry.base import vocabulary
from registry.base.firm_fields import EXTRA_LABELS
from registry.base.vocabulary import Labels
from registry.claims.rules import EVIDENCE_LABELS
from registry.firms.views import values
from registry.notices.rules import MATTER_LABELS
from registry.reference.queries import reference
from registry.sheets.columns import COLUMNS
from registry.trail.models import TrailEntry
from registry.trail.texts import FIELD_LABELS, PERMISSION_LABELS

_LABELS: Mapping[str, Labels] = {
    "stage": vocabulary.STAGE_LABELS,
    "roles": vocabulary.ROLE_LABELS,
    "asked_for": KIND_LABELS,
    "kind": vocabulary.FIGURE_KIND_LABELS,
    "source": vocabulary.FIGURE_SOURCE_LABELS,
    "evidence": EVIDENCE_LABELS,
    "matter": MATTER_LABELS,
}
_ORDER = {column.key: number for number, column in enumerate(COLUMNS)}
_OFFICES = frozenset({"office", "bureau"})


@dataclass(frozen=True)
class Recorded:
    """One field of one act, as `components/diff_table.html` shows it; `values` are before and after."""

    label: str
    values: tuple[str | None, str | None]
    changed: bool


def fields(line: TrailLine) -> list[Recorded]:
    """Every recorded field of the act, in the order of the directory's columns, others by their key."""
    keys = sorted({*line.before, *line.after}, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))
    return [_field(line, key) for key in keys]


def brief(line: TrailLine, most: int = 2) -> str:
    """The first few fields in one line: what a list has room for."""
    recorded = [one for one in fields(line) if one.changed]
    shown = [_sentence(one) for one in recorded[:most]]
    if len(recorded) > most:
        shown.append(_("等 %(count)s 项", count=len(recorded)))
    return str(_("；")).join(shown)


def in_full(line: TrailLine) -> str:
    """All fields in one line, for a file."""
    return str(_("；")).join(_sentence(one) for one in fields(line) if one.changed)


def reason(line: TrailLine) -> str:
    """Why it was done, as the person said it; of a refused attempt, the permission that was lacking."""
    if line.verb != "refused" or not line.reason:
        return line.reason
    lacking = PERMISSION_LABELS.get(line.reason, line.reason)
    return str(_("没有“%(permission)s”的权限", permission=_(lacking)))


def _sentence(one: Recorded) -> str:
    before, after = one.values
    shown = after or "--"
    return one.label + str(_("：")) + (shown if before is None else f"{before} → {shown}")


def change(kind: str, key: str, before: Any, after: Any) -> Recorded:
    """One field of a subject of `kind` by itself: for the history of a firm, for two versions side by side."""
    return Recorded(_label(kind, key), (_words(key, before), _words(key, after)), before != after)


def written(entry: TrailEntry) -> str:
    """The changed fields of one act in one line."""
    before, after = entry.before or {}, entry.after or {}
    keys = dict.fromkeys([*before, *after])
    return str(_("；")).join(
        _sentence(change(entry.subject_kind, key, before.get(key), after.get(key))) for key in keys
    )


def _field(line: TrailLine, key: str) -> Recorded:
    return change(line.subject_kind, key, line.before.get(key), line.after.get(key))


def _label(kind: str, key: str) -> str:
    text = FIELD_LABELS.get((kind, key))
    if text is None and (key in _ORDER or key in EXTRA_LABELS):
        return values.label(key)
    text = text or FIELD_LABELS.get(("", key))
    return str(_(text)) if text else key


def _words(key: str, value: Any) -> str | None:
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if key == "columns" and isinstance(value, list):
        return str(_("、")).join(values.label(one) if one in _ORDER else str(one) for one in value)
    if isinstance(value, list):
        return str(_("、")).join(_words(key, one) or "" for one in value)
    if isinstance(value, dict):
        return str(_("，")).join(f"{name}={_words(name, one) or '--'}" for name, one in value.items())
    if key in _LABELS and value in _LABELS[key]:
        return str(_(_LABELS[key][value]))
    if key in _OFFICES and value in reference.offices():
        return str(reference.offices()[value].short_name)
    return values.shown("capital" if key == "amount" else key, value)  # both are yuan
