"""Cases that ended well, as targets of plans count them: since when, on what proof, and when that was taken back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import select, true

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.cases.models import Case, CaseCertificate, CaseEvent
from registry.cases.queries import cases
from registry.cases.rules.kinds import StateKind


class CountedCase(NamedTuple):
    """`word`: what its kind says it counts as; `proof`: the number of its certificate, or its own."""

    word: str
    case_id: int
    firm_id: int | None
    institution_id: int | None
    applicant: str
    division: str
    day: date
    proof: str
    ended_on: date | None


def counted(actor: Actor | None) -> list[CountedCase]:
    """Of every kind that counts, in the reach of `actor` or of the whole city; in the order of their numbers."""
    editions = {row.id: row.kind for row in cases.editions_in_use() if row.kind.counts}
    if not editions:
        return []
    reach = true() if actor is None else cases.within(actor)
    rows = select(Case).where(Case.kind_id.in_(editions), reach).order_by(Case.id)
    held = {case.id: case for case in db.session.scalars(rows)}
    events: defaultdict[int, list[CaseEvent]] = defaultdict(list)
    for event in db.session.scalars(select(CaseEvent).where(CaseEvent.case_id.in_(held)).order_by(CaseEvent.id)):
        events[event.case_id].append(event)
    papers = select(CaseCertificate.case_id, CaseCertificate.number).where(CaseCertificate.case_id.in_(held))
    numbers = {row.case_id: row.number for row in db.session.execute(papers.order_by(CaseCertificate.id))}
    found = []
    for case in held.values():
        kind = editions[case.kind_id]
        good, bad = kind.codes(StateKind.GOOD), kind.codes(StateKind.BAD)
        since = next((event.on for event in events[case.id] if event.end in good), None)
        if since is not None:
            ended = next((event.on for event in events[case.id] if event.end in bad and event.on >= since), None)
            found.append(
                CountedCase(
                    kind.counts, case.id, case.firm_id, case.institution_id, case.applicant,
                    case.office.division or "", since, numbers.get(case.id, case.number), ended,
                )
            )  # fmt: skip
    return found
