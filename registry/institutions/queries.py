"""Institutions within an actor's reach, what is alike when one is named, and what features above say of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from unicodedata import normalize

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from registry.base.extensions import db, provided
from registry.base.permissions import SEES_ALL, TERRITORIAL, Actor, sees_firm
from registry.base.vocabulary import OfficeKind, Role
from registry.duplicates.queries import duplicates
from registry.duplicates.queries.duplicates import Seen
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.institutions.models import Institution
from registry.institutions.rules.rights import is_in_charge, sees
from registry.matching.decide import compare
from registry.matching.judgement import Band, Judgement
from registry.matching.normalise import fold, key_of
from registry.matching.records import Record
from registry.reference.models import Division
from registry.trail.models import TrailEntry

LEAST = 2
"""Characters from which a search says anything."""
COMPARED = 12
"""Near names that are compared; whoever is meant is among the first of them."""


def visible_to(actor: Actor) -> Select[Institution]:
    """Every institution `actor` may see, voided ones too; unordered."""
    return select(Institution).where(within(actor))


def within(actor: Actor) -> ColumnElement[bool]:
    """The row scope as a condition; `rules.rights.sees` says the same of one institution."""
    if actor.holds(*SEES_ALL) or is_in_charge(actor):
        return true()
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return false()
    own = Institution.office_id == actor.office_id
    if actor.office_kind not in TERRITORIAL:
        return own
    within_reach = or_(own, Institution.division == actor.office_code)
    if actor.office_kind != OfficeKind.COUNTY:
        return within_reach
    counted = select(Division.code).where(Division.statistical_county == actor.office_code)
    return or_(within_reach, Institution.division.in_(counted))


def one(actor: Actor, institution_id: int) -> Select[Institution]:
    return visible_to(actor).where(Institution.id == institution_id)


class InstitutionFilter(NamedTuple):
    """What a list asks for; `recognised`: '', 'yes' or 'no'."""

    text: str = ""
    kind: str = ""
    division: str = ""
    owner: str = ""
    recognised: str = ""


def matching(actor: Actor, asked: InstitutionFilter, on: date) -> Select[Institution]:
    """Those in use that fit, by place, kind and name."""
    found = visible_to(actor).where(Institution.voided_at.is_(None))
    if len(asked.text) >= LEAST:
        found = found.where(named(asked.text))
    if asked.kind:
        found = found.where(Institution.kind == asked.kind)
    if asked.division:
        found = found.where(Institution.division == asked.division)
    if len(asked.owner) >= LEAST:
        found = found.where(_owned_by(actor, asked.owner))
    if asked.recognised:
        held = Institution.id.in_(recognised(on))
        found = found.where(held if asked.recognised == "yes" else ~held)
    return found.order_by(Institution.division, Institution.kind, Institution.name_key, Institution.id)


def lying_in(code: str) -> ColumnElement[bool]:
    """A county stands for what lies in its zones too, as it does of firms."""
    counted = select(Division.code).where(Division.statistical_county == code)
    return or_(Institution.division == code, Institution.division.in_(counted))


def named(text: str) -> ColumnElement[bool]:
    """Whose name or code holds a text."""
    folded, code = fold(text), "".join(normalize("NFKC", text).upper().split())
    wanted = [Institution.name.contains(text, autoescape=True)]
    if folded:
        wanted.append(Institution.name_key.contains(folded, autoescape=True))
    if code.isascii() and code.isalnum():
        wanted.append(Institution.credit_code.contains(code, autoescape=True))
    return or_(*wanted)


def _owned_by(actor: Actor, text: str) -> ColumnElement[bool]:
    """A firm out of reach is not found by its name: nobody learns of it that way."""
    own = firms.visible_to(actor).with_only_columns(Firm.id).where(containing(text))
    return or_(Institution.firm_id.in_(own), Institution.body_name.contains(text, autoescape=True))


def recognised(on: date) -> set[int]:
    """Numbers of the institutions that hold a certificate on that day, as features above say."""
    return {number for ids in provided("institutions_recognised") for number in ids(on)}


def owner_of(institution: Institution) -> Firm | None:
    """The firm that it belongs to, or the one which that was merged into."""
    return firms.survivor(institution.firm) if institution.firm else None


def is_owner_seen(actor: Actor, institution: Institution) -> bool:
    owner = owner_of(institution)
    return owner is None or sees_firm(actor, owner)


def of_firm(actor: Actor, firm: Firm) -> list[Institution]:
    """Those in use in reach that belong to the firm itself or to what was merged into it."""
    merged = select(Firm.id).where(Firm.merged_into_id == firm.id)
    own = or_(Institution.firm_id == firm.id, Institution.firm_id.in_(merged))
    found = visible_to(actor).where(Institution.voided_at.is_(None), own)
    return list(db.session.scalars(found.order_by(Institution.kind, Institution.id)).unique())


def history(institution: Institution) -> list[TrailEntry]:
    """What was done to it, the newest first; who merely looked is for the auditor's page."""
    found = select(TrailEntry).where(
        TrailEntry.subject_kind == "institution", TrailEntry.subject_id == institution.id,
        TrailEntry.verb.not_in(("reveal", "export")),
    )  # fmt: skip
    return list(db.session.scalars(found.order_by(TrailEntry.seq.desc())))


# -- what is alike ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class InstitutionMatch:
    """One that may be the institution that is being named."""

    institution: Institution
    judgement: Judgement


@dataclass(frozen=True)
class AlikeFound:
    """Institutions in reach, the offices of those that are not (`elsewhere`), and firms as an entry shows them."""

    matches: tuple[InstitutionMatch, ...]
    elsewhere: tuple[str, ...]
    firms: Seen

    def __bool__(self) -> bool:
        return bool(self.matches or self.elsewhere or self.firms)

    @property
    def needs_decision(self) -> bool:
        return bool(self.matches or self.elsewhere) or self.firms.needs_decision

    @property
    def mark(self) -> str:
        """Which ones these are; a tick is about these and no others."""
        own = [f"i{one.institution.id}" for one in self.matches]
        alike = [f"f{match.firm.id}" for match in self.firms.matches if match.needs_decision]
        beyond = [self.firms.elsewhere.office] if self.firms.elsewhere else []
        return ",".join([*own, *alike, *self.elsewhere, *beyond])


def alike(actor: Actor, name: str, code: str | None, *, exclude: int = 0, owner: Firm | None = None) -> AlikeFound:
    """Institutions and firms that `name` or `code` may mean; the firm that it belongs to is no likeness."""
    asked = Record(name, code)
    rows = [(row, compare(asked, Record(row.name, row.credit_code))) for row in _near(name, code, exclude)]
    told = [(row, said) for row, said in rows if said.band is not Band.DIFFERENT or said.warning]
    own = tuple(InstitutionMatch(row, said) for row, said in told if sees(actor, row))
    beyond = {row.office.short_name for row, said in told if not sees(actor, row) and _is_equal(name, code, row)}
    seen = duplicates.check(actor, name, code)
    others = tuple(match for match in seen.matches if owner is None or match.firm.id != owner.id)
    return AlikeFound(own, tuple(sorted(beyond)), replace(seen, matches=others))


def _is_equal(name: str, code: str | None, row: Institution) -> bool:
    """Of one out of reach nothing is told but that its very name or code is there."""
    return key_of(name) == row.name_key or (code is not None and code == row.credit_code)


def _near(name: str, code: str | None, exclude: int) -> list[Institution]:
    """The directory is small: every name is looked at, and the few that share the most pairs are read whole."""
    key, columns = key_of(name), (Institution.id, Institution.name_key, Institution.credit_code)
    rows = select(*columns).where(Institution.voided_at.is_(None), Institution.id != exclude)
    ranked = [(_shared(key, row.name_key), row.id) for row in db.session.execute(rows.order_by(Institution.id))]
    ids = [number for share, number in sorted(ranked, reverse=True)[:COMPARED] if share > 0]
    same_code = [Institution.credit_code == code] if code else []
    found = select(Institution).where(
        Institution.voided_at.is_(None), Institution.id != exclude, or_(Institution.id.in_(ids), *same_code)
    )
    return list(db.session.scalars(found.order_by(Institution.id)).unique())


def _shared(one_key: str, other: str) -> float:
    """How much of two keys is the same, by pairs of characters: 0 to 1."""
    a, b = (Counter(key[at : at + 2] for at in range(len(key) - 1)) for key in (one_key, other))
    whole = a.total() + b.total()
    return 2 * (a & b).total() / whole if whole else float(one_key == other)
