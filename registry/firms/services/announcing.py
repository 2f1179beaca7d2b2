"""Offices are told what somebody of another office did to an entry of theirs.

Told are the office that proposed it, the county where it counts, and of steps the bureau that leads it; each learns of
another entry only what it may see of it, else the declared minimum: where it is and whose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from registry.base.permissions import Actor, sees_firm
from registry.base.vocabulary import LISTED_STAGES, OfficeKind, Role
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.notices.services import notices
from registry.people.models import Office
from registry.reference.queries import reference

Reader = tuple[Office, str | None]
"""An office, or those of its people who hold a role."""


def changed(actor: Actor, firm: Firm, fields: int, *, at: datetime) -> None:
    _tell(actor, firm, "entry_changed", _owner(firm, actor), at=at, count=fields)


def renamed(actor: Actor, firm: Firm, before: str, *, at: datetime) -> None:
    _tell(actor, firm, "entry_renamed", _concerned(firm, actor, led=True), at=at, before=before)


def removed(actor: Actor, firm: Firm, *, at: datetime) -> None:
    _tell(actor, firm, "entry_removed", _concerned(firm, actor, led=True), at=at)


def delisted(actor: Actor, firm: Firm, *, at: datetime) -> None:
    _tell(actor, firm, "entry_delisted", _concerned(firm, actor, led=True), at=at)


def reopened(actor: Actor, firm: Firm, *, at: datetime) -> None:
    _tell(actor, firm, "entry_reopened", _concerned(firm, actor, led=True), at=at)


def merged(actor: Actor, merge: Merge, *, at: datetime) -> None:
    """Whose entry was folded away, and who has the other; an office that has both is told once."""
    told = set()
    for reader in _concerned(merge.folded, actor, led=_was_listed(merge)):
        told.add(reader)
        _tell_of_two(actor, "entry_merged", reader, merge.folded, merge.winner, at=at)
    for reader in _concerned(merge.winner, actor, led=merge.winner.stage in LISTED_STAGES):
        if reader not in told:
            _tell_of_two(actor, "entry_took", reader, merge.winner, merge.folded, at=at)


def parted(actor: Actor, merge: Merge, *, at: datetime) -> None:
    told = set()
    for reader in _concerned(merge.folded, actor, led=_was_listed(merge)):
        told.add(reader)
        _tell(actor, merge.folded, "entry_parted", [reader], at=at)
    rest = [one for one in _concerned(merge.winner, actor, led=merge.winner.stage in LISTED_STAGES) if one not in told]
    _tell(actor, merge.winner, "entry_gave", rest, at=at)


def _was_listed(merge: Merge) -> bool:
    return merge.before["folded"]["stage"] in LISTED_STAGES


# -- who is told ----------------------------------------------------------------------------------
def _owner(firm: Firm, actor: Actor) -> Iterator[Reader]:
    if firm.office_id != actor.office_id:
        yield firm.office, None


def _concerned(firm: Firm, actor: Actor, *, led: bool) -> Iterator[Reader]:
    """`led`: the lead bureau has had to do with it, and its officers are told too."""
    yield from _owner(firm, actor)
    offices = reference.offices()
    county = offices.get(firm.statistical_county or "")
    if county is not None and county.kind == OfficeKind.COUNTY and county.id not in (firm.office_id, actor.office_id):
        yield county, None
    lead = next((office for office in offices.values() if office.id == firm.lead_bureau_id), None)
    if led and lead is not None and lead.id != firm.office_id and not _is_of(actor, lead):
        yield lead, Role.OFFICER


def _is_of(actor: Actor, lead: Office) -> bool:
    """The city office sits in a bureau, whose officers learn nothing by that."""
    return actor.office_id == lead.id and actor.holds(Role.OFFICER)


# -- what is told ---------------------------------------------------------------------------------
def _tell(
    actor: Actor, firm: Firm, kind: str, readers: Iterator[Reader] | list[Reader], *, at: datetime, **more: object
) -> None:
    for office, role in readers:
        values = {"office": _doer(actor), "firm": firm.name, **more}
        notices.tell(office.id, kind, values, at=at, firm=firm, subject_kind="firm", subject_id=firm.id, role=role)


def _tell_of_two(actor: Actor, kind: str, reader: Reader, firm: Firm, other: Firm, *, at: datetime) -> None:
    """`firm` is the reader's own; the other one by name where the reader may see it."""
    if _sees(reader, other):
        _tell(actor, firm, kind, [reader], at=at, other=other.name)
    else:
        place = reference.division_names().get(other.division or "", "--")
        _tell(actor, firm, f"{kind}_elsewhere", [reader], at=at, place=place, holder=other.office.short_name)


def _sees(reader: Reader, firm: Firm) -> bool:
    office, role = reader
    return sees_firm(Actor(None, "", office.id, office.code, office.kind, frozenset({role or Role.CLERK})), firm)


def _doer(actor: Actor) -> str:
    return next((one.short_name for one in reference.offices().values() if one.code == actor.office_code), actor.name)
