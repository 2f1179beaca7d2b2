"""The ledger's lines and a firm's dossier as they are answered; contacts are in neither."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from registry.api.rules.shapes import (
    PERSONS,
    YUAN,
    CodedValue,
    DisputeEntry,
    FactValue,
    FigureEntry,
    FirmShape,
    FormerNameEntry,
    LedgerEntry,
    PaperEntry,
    QualificationEntry,
)
from registry.api.views.values import coded, day, day_of, money, period, ratio
from registry.base.contacts import RESTRICTED
from registry.base.extensions import db
from registry.base.firm_fields import FIELDS
from registry.base.permissions import Actor
from registry.base.vocabulary import (
    FIGURE_KIND_LABELS,
    FIGURE_SOURCE_LABELS,
    OPERATING_STATE_LABELS,
    STAGE_LABELS,
    FigureKind,
)
from registry.documents.models import Document
from registry.documents.queries.documents import documents_of
from registry.figures.queries import figures
from registry.figures.views import FigureRow, figure_rows
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.views import values
from registry.ledger.queries.lines import LedgerLine
from registry.qualifications import views as held
from registry.qualifications.queries import qualifications
from registry.qualifications.views import QualificationLine
from registry.reference.queries import reference
from registry.site.locale import sentence

FREE_TEXT = frozenset({"issue", "watch_reason", "no_code_reason"})
"""What offices write to each other, which may name a person: as with cases, it is not handed on."""


def ledger_entry(line: LedgerLine) -> LedgerEntry:
    found = line.values
    industry = CodedValue(code=line.industry_code, text=line.industry_name) if line.industry_code else None
    return LedgerEntry(
        id=line.id,
        name=found["name"],
        credit_code=found["credit_code"],
        division=found["division"],
        industry=industry,
        stage=_stage(found["stage"]),
        tier=found["tier"],
        revenue_last_year=money(found["revenue_last_year"]),
        revenue_to_date=money(found["revenue_to_date"]),
        to_month=period(*found["to_month"]) if found["to_month"] else None,
        statutory_line=money(found["statutory_line"]),
        rate=ratio(found["rate"]),
        unproven=list(line.unproven),
        doubted=list(line.doubted),
        qualifications=list(found["held_qualifications"]),
        lead_bureau=found["lead_bureau"],
        proposer=found["proposer"],
        operating_state=coded(found["operating_state"], OPERATING_STATE_LABELS),
        missing=found["missing"],
        watched=bool(line.watch_reason),
    )


def _stage(code: str) -> CodedValue:
    return CodedValue(code=code, text=_(STAGE_LABELS[code]))


def firm_shape(actor: Actor, firm: Firm) -> FirmShape:
    papers = documents_of(firm)
    rows = figure_rows(firm, figures.figures_of(firm), figures.disputes_of(firm), papers)
    return FirmShape(
        id=firm.id,
        name=firm.name,
        credit_code=firm.credit_code,
        stage=_stage(firm.stage),
        stage_on=firm.stage_on.isoformat(),
        merged_into=_merged_into(actor, firm),
        former_names=[FormerNameEntry(name=one.name, until=day(one.valid_to)) for one in firm.former_names],
        facts=[_fact(firm, key) for key in FIELDS if key not in RESTRICTED | FREE_TEXT],
        figures=[_figure(row) for row in rows],
        qualifications=[_qualification(line) for line in held.lines(qualifications.of_holder(firm))],
        papers=[_paper(one) for one in papers],
    )


def _merged_into(actor: Actor, firm: Firm) -> int | None:
    if firm.merged_into_id is None:
        return None
    survivor = firms.survivor(firm).id
    return db.session.scalar(firms.one(actor, survivor).with_only_columns(Firm.id))


def _fact(firm: Firm, key: str) -> FactValue:
    value: Any = getattr(firm, key)
    plain = f"{value:.2f}" if isinstance(value, Decimal) else day(value) if isinstance(value, date) else value or None
    return FactValue(field=key, label=values.label(key), value=plain, text=values.shown(key, value))


def _figure(row: FigureRow) -> FigureEntry:
    figure, persons = row.figure, row.kind == FigureKind.EMPLOYEES
    return FigureEntry(
        kind=CodedValue(code=row.kind, text=_(FIGURE_KIND_LABELS[row.kind])),
        period=period(figure.year, figure.month) or "",
        amount=f"{figure.amount:.0f}" if persons else f"{figure.amount:.2f}",
        unit=PERSONS if persons else YUAN,
        source=CodedValue(code=figure.source, text=_(FIGURE_SOURCE_LABELS[figure.source])),
        proven=row.proven,
        doubted=figure.is_doubted,
        doubts=[sentence(one) for one in figure.told] if figure.is_doubted else [],
        disputes=[
            DisputeEntry(office=one.office.short_name, on=day_of(one.at), reason=one.reason) for one in row.disputes
        ],
        line=money(row.line),
        rate=None if row.rate is None else format(row.rate.quantize(Decimal("0.0001")), "f"),
        revision=figure.revision,
        recorded_on=day_of(figure.at),
        office=figure.office.short_name,
    )


def _qualification(line: QualificationLine) -> QualificationEntry:
    row = line.row
    return QualificationEntry(
        id=row.id,
        kind=CodedValue(code=row.kind, text=line.kind.name),
        number=row.number,
        issuer=row.issuer,
        scope=row.scope,
        valid_from=row.valid_from.isoformat(),
        valid_to=day(row.valid_to),
        state=CodedValue(code=line.state, text=line.label),
        items=line.items,
        odd=list(line.odd),
        doubt_reason=row.doubt_reason,
    )


def _paper(row: Document) -> PaperEntry:
    return PaperEntry(
        material=CodedValue(code=row.material, text=reference.materials()[row.material].name),
        period=period(row.year, row.month),
        attached_on=day_of(row.at),
        office=row.office.short_name,
        voided=row.voided_at is not None,
    )
