"""Cases and changes as they are answered; what is typed freely in a case may name a person, and stays out."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask_babel import gettext as _

from registry.api.queries.changes import FeedLine
from registry.api.rules.changes import SORT_LABELS
from registry.api.rules.shapes import (
    CaseEntry,
    CaseField,
    CaseList,
    CasePaperEntry,
    CaseShape,
    CaseStepEntry,
    ChangeEntry,
    CodedValue,
)
from registry.api.views.values import day, day_of, moment, money
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.cases.models import Case, CasePaper
from registry.cases.queries import opinions
from registry.cases.rules.kinds import FieldType
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.trail.texts import VERB_LABELS

_FREE = frozenset({FieldType.TEXT, FieldType.LONG})


def case_entries(actor: Actor, rows: Iterable[Case]) -> list[CaseEntry]:
    found = list(rows)
    seen = _seen(actor, {row.firm_id for row in found if row.firm_id is not None})
    return [_entry(row, seen) for row in found]


def _seen(actor: Actor, numbers: Collection[int]) -> frozenset[int]:
    """Those of the firms that are in reach."""
    if not numbers:
        return frozenset()
    rows = firms.visible_to(actor).where(Firm.id.in_(numbers)).with_only_columns(Firm.id)
    return frozenset(db.session.scalars(rows))


def _entry(row: Case, seen: Collection[int]) -> CaseEntry:
    return CaseEntry(
        id=row.id,
        number=row.number,
        kind=CodedValue(code=row.code, text=row.kind.name),
        state=_state(row, row.state),
        is_open=row.is_open,
        cohort=row.cohort.year if row.cohort else None,
        applicant=row.applicant,
        firm=row.firm_id if row.firm_id in seen else None,
        office=row.office.short_name,
        bureau=row.bureau.short_name,
        entered_on=day_of(row.at),
        since=row.since.isoformat(),
        due_on=day(row.due_on),
        amount=money(row.amount),
    )


def _state(row: Case, code: str) -> CodedValue:
    return CodedValue(code=code, text=row.kind.state(code).name)


def case_shape(actor: Actor, row: Case) -> CaseShape:
    (entry,) = case_entries(actor, [row])
    withheld = opinions.withheld(actor, row)
    return CaseShape(
        case=entry,
        fields=[
            CaseField(code=one.code, name=one.name, value=row.values.get(one.code) or None, unit=one.unit)
            for one in row.kind.of_case
            if one.type not in _FREE
        ],
        lists=[CaseList(code=one.code, name=one.name, rows=len(row.rows.get(one.code, []))) for one in row.kind.lists],
        steps=[
            CaseStepEntry(step=one.step, on=one.on.isoformat(), state=_state(row, one.end)) for one in row.events
        ],
        papers=[_paper(row, one) for one in row.papers if one.id not in withheld],
    )  # fmt: skip


def _paper(row: Case, paper: CasePaper) -> CasePaperEntry:
    known = row.kind.paper(paper.paper)
    return CasePaperEntry(
        paper=CodedValue(code=paper.paper, text=known.name if known else paper.paper),
        year=paper.year,
        attached_on=day_of(paper.at),
        voided=paper.voided_at is not None,
    )


def change_entry(line: FeedLine) -> ChangeEntry:
    return ChangeEntry(
        sort=CodedValue(code=line.sort, text=_(SORT_LABELS[line.sort])),
        firm=line.firm_id,
        at=moment(line.at) or "",
        act=CodedValue(code=line.verb, text=_(VERB_LABELS[line.verb]) if line.verb in VERB_LABELS else line.verb),
        into=line.into,
    )
