"""Who has certified a quarter: of each office its part, the certificate in force, until when, and what was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, Actor
from registry.people.models import Office
from registry.quarters.models import CertifyExtension, QuarterCertificate
from registry.quarters.rules.certificates import TERM, OfficePart, Standing
from registry.quarters.sheets.certified import CertifiedLine
from registry.reference.queries import parameters, reference


@dataclass(frozen=True, slots=True)
class PartStanding:
    """An office's part of a quarter and what has been said of it."""

    part: OfficePart
    office: Office
    name: str
    standing: Standing
    certificate: QuarterCertificate | None
    extension: CertifyExtension | None
    due_on: date

    @property
    def is_certified(self) -> bool:
        return self.standing is Standing.CERTIFIED

    def line(self, without: str = "") -> CertifiedLine:
        """For the quarter's book; `without`: why it is closed without this certificate."""
        said = self.certificate
        points = tuple((str(point["point"]), int(point["count"])) for point in said.points) if said else ()
        return CertifiedLine(
            self.office.id, self.name, self.part.rows, self.part.digest, self.standing,
            said.by_name if said else "", said.at.date() if said else None, said.note if said else "",
            said.refused if said else "", points, without,
        )  # fmt: skip


def standing(quarter: Quarter, parts: Mapping[int, OfficePart]) -> list[PartStanding]:
    """Of every office with rows in the quarter, in the order of the offices; `parts` as they are now."""
    said, longer = in_force(quarter), extensions(quarter)
    offices = sorted(reference.offices().values(), key=lambda office: office.id)
    term = due_on(quarter)
    return [
        PartStanding(
            parts[office.id], office, reference.office_name(office.code, quarter.last),
            _standing(parts[office.id], said.get(office.id)), said.get(office.id), longer.get(office.id),
            longer[office.id].until if office.id in longer else term,
        )
        for office in offices
        if office.id in parts
    ]  # fmt: skip


def _standing(part: OfficePart, said: QuarterCertificate | None) -> Standing:
    if said is None:
        return Standing.MISSING
    if said.refused:
        return Standing.REFUSED
    return Standing.CERTIFIED if said.digest == part.digest else Standing.CHANGED


def own(actor: Actor, found: Iterable[PartStanding]) -> list[PartStanding]:
    """Of the actor's office and of those in whose place it stands."""
    offices = own_offices(actor)
    return [one for one in found if one.office.id in offices]


def own_offices(actor: Actor) -> set[int]:
    return set(reference.stood_for(actor.office_code, clock.today()).values())


def seen_by(actor: Actor, found: list[PartStanding]) -> list[PartStanding]:
    """All of them for those who see the city, else one's own."""
    return found if actor.holds(*SEES_ALL) else own(actor, found)


def in_force(quarter: Quarter) -> dict[int, QuarterCertificate]:
    """What each office has said last of the quarter, by its number."""
    return {row.office_id: row for row in history(quarter) if row.ended_at is None}


def history(quarter: Quarter) -> list[QuarterCertificate]:
    """Everything that offices have said of the quarter, the newest first."""
    rows = select(QuarterCertificate).where(QuarterCertificate.quarter == quarter.label)
    return list(db.session.scalars(rows.order_by(QuarterCertificate.at.desc(), QuarterCertificate.id.desc())))


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """One thing that was said of an office's part, or for it, with the office's name on the quarter's last day."""

    name: str
    row: Any


def told_to(actor: Actor, quarter: Quarter) -> list[OfficeEntry]:
    """What offices have said of the quarter, the newest first, as far as it is the reader's."""
    return _named(actor, quarter, history(quarter))


def longer_for(actor: Actor, quarter: Quarter) -> list[OfficeEntry]:
    """Who was given longer, the newest first, as far as it is the reader's."""
    rows = select(CertifyExtension).where(CertifyExtension.quarter == quarter.label)
    return _named(actor, quarter, db.session.scalars(rows.order_by(CertifyExtension.id.desc())))


def _named(actor: Actor, quarter: Quarter, rows: Iterable[Any]) -> list[OfficeEntry]:
    offices = None if actor.holds(*SEES_ALL) else own_offices(actor)
    names = {office.id: reference.office_name(office.code, quarter.last) for office in reference.offices().values()}
    return [OfficeEntry(names[row.office_id], row) for row in rows if offices is None or row.office_id in offices]


def extensions(quarter: Quarter) -> dict[int, CertifyExtension]:
    """The last extension of each office, by its number."""
    rows = select(CertifyExtension).where(CertifyExtension.quarter == quarter.label).order_by(CertifyExtension.id)
    return {row.office_id: row for row in db.session.scalars(rows)}


def due_on(quarter: Quarter) -> date:
    """The last day on which an office may certify without being late."""
    return reference.calendar().due_day(quarter.last, parameters.integer(TERM, quarter.last))
