"""Quarters, the frozen lines of one, and where the plan stands, as they are answered."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from registry.api.rules.shapes import PlacePart, PlanShape, QuarterEntry, QuarterLineEntry, TargetEntry
from registry.api.views.values import coded, day, moment, money, period, ratio
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import STAGE_LABELS
from registry.plans.queries.standing import PlanStanding, TargetStanding
from registry.quarters.queries.quarters import QuarterLine
from registry.reference.queries import reference


def quarter_entry(line: QuarterLine) -> QuarterEntry:
    closed_at = moment(line.snapshot.closed_at) if line.snapshot else None
    return QuarterEntry(
        label=line.quarter.label, listed=line.listed, entered=line.entered, left=line.left,
        closed=line.snapshot is not None, closed_at=closed_at,
    )  # fmt: skip


def line_entry(row: dict[str, Any]) -> QuarterLineEntry:
    """A frozen row; an older one may lack what later quarters have."""
    to_month = row.get("to_month")
    return QuarterLineEntry(
        id=row["firm_id"],
        name=row["name"],
        credit_code=row.get("credit_code"),
        county=row.get("county"),
        division=row.get("division"),
        industry=row.get("industry"),
        stage=coded(row.get("stage"), STAGE_LABELS),
        stage_on=day(row.get("stage_on")),
        listed=bool(row.get("listed")),
        held=bool(row.get("held")),
        tier=row.get("tier"),
        revenue_last_year=money(row.get("revenue_last_year")),
        revenue_to_date=money(row.get("revenue_to_date")),
        to_month=period(*to_month) if to_month else None,
        statutory_line=money(row.get("statutory_line")),
        rate=ratio(row.get("rate")),
        pending=list(row.get("pending") or ()),
        missing=[_(one) for one in row.get("missing") or ()],
        lead_bureau=row.get("lead_bureau"),
        proposer=row.get("proposer"),
    )


def plan_shape(actor: Actor, found: PlanStanding) -> PlanShape:
    version, whole = found.version, actor.holds(*SEES_ALL)
    return PlanShape(
        code=found.plan.code,
        name=version.name,
        version=version.number,
        document_no=version.document_no,
        first_year=version.first_year,
        last_year=version.last_year,
        as_of=found.as_of.isoformat(),
        whole_city=whole,
        targets=[_target(one, whole=whole) for one in found.targets],
    )


def _target(one: TargetStanding, *, whole: bool) -> TargetEntry:
    """What is still needed is the city's to say: of an office's own rows it would be another number."""
    target, names = one.target, reference.division_names()
    parts = one.by_division()
    places = {code: parts.get(code, (0, 0)) for code in sorted({*parts, *(one.shares if whole else ())})}
    return TargetEntry(
        code=target.code,
        name=target.name,
        unit=target.unit,
        amount=target.amount,
        counts=target.counts,
        clause=target.clause,
        counted=len(one.counted) if one.has_rows else None,
        under_way=len(one.under_way),
        left_out=len(one.left_out),
        needed=one.needed if whole and one.has_rows else None,
        expected=one.pace.expected if whole else None,
        places=[
            _place(one, code, names.get(code, code), *numbers)
            for code, numbers in places.items()
        ],
    )  # fmt: skip


def _place(one: TargetStanding, code: str, name: str, counted: int, under_way: int) -> PlacePart:
    return PlacePart(code=code, name=name, counted=counted, under_way=under_way, share=one.shares.get(code))
