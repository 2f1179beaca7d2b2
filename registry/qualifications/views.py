"""Certificates as pages show them: state in words, days that are left, what looks odd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock
from registry.base.permissions import Actor
from registry.institutions.models import Institution
from registry.qualifications import texts
from registry.qualifications.models import Qualification, QualificationKind
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds, warning_days
from registry.qualifications.rules.numbers import odd_points
from registry.qualifications.rules.states import (
    TONES,
    QualificationState,
    WarningDays,
    days_left,
    renew_by,
    state_of,
)
from registry.qualifications.services.judging import JudgedRow, RowOutcome
from registry.site import reading
from registry.site.display import day
from registry.site.locale import sentence
from registry.site.sections import PanelTable

OUTCOME_TONES: Mapping[str, str] = {
    RowOutcome.NEW: "ok",
    RowOutcome.RENEWED: "info",
    RowOutcome.CORRECTED: "info",
    RowOutcome.SAME: "plain",
    RowOutcome.REFUSED: "bad",
}


@dataclass(frozen=True)
class QualificationLine:
    """One certificate; `odd` are sentences, `renew_by` the day by which a renewal is to be applied for."""

    row: Qualification
    kind: QualificationKind
    state: QualificationState
    label: str
    tone: str
    left: int | None
    renew_by: date | None = None
    odd: tuple[str, ...] = ()
    items: int = 0


def lines(rows: Iterable[Qualification]) -> list[QualificationLine]:
    found = list(rows)
    counts = qualifications.item_counts([row.id for row in found]) if found else {}
    return [line(row, counts.get(row.id, 0)) for row in found]


def line(row: Qualification, items: int = 0) -> QualificationLine:
    on = clock.today()
    days, kind = warning_days(on), kinds()[row.kind]
    state = state_of(row, on, days)
    points = odd_points(kind, row.number, row.valid_from, row.valid_to, row.at.date())
    odd = tuple(sentence(RegistryError(one.template, **one.values)) for one in points)
    due = renew_by(row.valid_to, kind.renew_months) if row.ended is None else None
    left = days_left(row.valid_to, on) if row.ended is None else None
    return QualificationLine(row, kind, state, label(state, days), TONES.get(state, "plain"), left, due, odd, items)


def label(state: str, days: WarningDays) -> str:
    """A state in words; of one that is about to end, within how many days."""
    within = {"first": days.first, "last": days.last}.get(state)
    return str(_(texts.STATE_LABELS[state]) if within is None else _(texts.WITHIN, days=within))


def state_choices(on: date) -> list[tuple[str, str]]:
    """What one may ask a list for: replaced ones together."""
    days = warning_days(on)
    standing = [(state, label(state, days)) for state in (*TONES, QualificationState.VOIDED.value)]
    return [*standing, (qualifications.REPLACED, str(_(texts.REPLACED)))]


def section_of(_actor: Actor, institution: Institution) -> list[PanelTable]:
    """What an institution holds, on its page; ended ones are on the page of all."""
    rows = [line for line in lines(qualifications.of_holder(institution)) if line.row.ended is None]
    shown = [
        (
            one.kind.short_name,
            (one.row.number, url_for("qualifications.show", qualification_id=one.row.id)),
            one.row.issuer,
            _("%(start)s 至 %(end)s", start=day(one.row.valid_from), end=until(one.row.valid_to)),
            one.label,
        )
        for one in rows
    ]
    at = url_for("qualifications.of_institution", institution_id=institution.id)
    columns = [_("资质种类"), _("证书编号"), _("发证机关"), _("有效期"), _("状态")]
    return [PanelTable(_("资质"), columns, shown, (_("登记、换证及全部经过"), at))]


# -- a workbook that was brought ------------------------------------------------------------------
@dataclass(frozen=True)
class LoadLine:
    """A row as it was brought: what it would do, what is said of it and where, and what changes."""

    judged: JudgedRow
    label: str
    tone: str
    said: list[tuple[str, str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def load_lines(judged: Iterable[JudgedRow]) -> list[LoadLine]:
    return [_load_line(one) for one in judged]


def _load_line(one: JudgedRow) -> LoadLine:
    said = reading.findings(one.row.place, one.findings)
    return LoadLine(one, _(texts.OUTCOME_LABELS[one.outcome]), OUTCOME_TONES[one.outcome], said, _changes(one))


def _changes(one: JudgedRow) -> list[tuple[str, str, str]]:
    """Field, what stands, what would stand: of a certificate that is on record."""
    if one.target is None or one.facts is None or one.outcome not in (RowOutcome.RENEWED, RowOutcome.CORRECTED):
        return []
    shown: list[tuple[str, Any, Any]] = [
        (_("证书编号"), one.target.number, one.facts.number),
        (_("发证机关"), one.target.issuer, one.facts.issuer),
        (_("范围"), one.target.scope, one.facts.scope),
        (_("有效期自"), day(one.target.valid_from), day(one.facts.valid_from)),
        (_("有效期至"), until(one.target.valid_to), until(one.facts.valid_to)),
    ]
    found = [(name, str(before or "--"), str(after or "--")) for name, before, after in shown if before != after]
    before = qualifications.item_counts([one.target.id]).get(one.target.id, 0)
    if not found or before != len(one.facts.items):
        count = _("%(count)s 项")
        found.append((_("检测项目"), count % {"count": before}, count % {"count": len(one.facts.items)}))
    return found


def until(value: date | None) -> str:
    return day(value) if value else str(_("长期"))
