"""Which firms of the directory may be the one that is being named, and how much of them the asker may see.

Candidates are found by equality of stored keys (`matching.keys`) on current and former names, by the codes, and among
the names nearest to the one asked for; each is then judged by `matching.decide`. Removed, withdrawn and merged entries
are candidates like any other; a merged one stands for the firm it became.
"""

# ruff: noqa: S608 - a statement is put together of names of our own tables and columns

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, select, text
from sqlalchemy.orm import selectinload

from registry.base import credit_code
from registry.base.extensions import db
from registry.base.permissions import Actor, sees_firm
from registry.firms.models import arriving
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries.firms import survivor
from registry.matching.decide import compare
from registry.matching.judgement import Band, Judgement, Level, Link
from registry.matching.keys import keys
from registry.matching.normalise import NameTooLong, name_key
from registry.matching.parse import parse
from registry.matching.records import FormerRecord, Record
from registry.matching.sentences import SWAPPED_NAMES
from registry.names.queries import neighbours
from registry.reference.queries import reference

BOUND = 40
"""Candidates looked at by one key: what is shared by more firms than this says nothing about any of them."""
COMPARED = 10
"""Near names that are compared: whoever is meant is among the first of them."""
_ORDER = {level: rank for rank, level in enumerate(Level)}
_BANDS = {Band.SAME: 0, Band.REVIEW: 1, Band.DIFFERENT: 2}


@dataclass(frozen=True)
class Match:
    """A firm that may be the one asked for; the judgement reads from what was asked to the firm."""

    firm: Firm
    judgement: Judgement

    @property
    def is_same_code(self) -> bool:
        return self.judgement.level is Level.SAME_CODE

    @property
    def is_link(self) -> bool:
        """Branch and parent, or two branches: a link between two units, never a duplicate."""
        return self.judgement.link is not None

    @property
    def needs_decision(self) -> bool:
        """Whether a person has to look before the name may stand a second time."""
        return self.judgement.band is not Band.DIFFERENT

    @property
    def is_notable(self) -> bool:
        return self.needs_decision or self.judgement.warning


class Likeness(StrEnum):
    """In what a firm outside the asker's reach agrees with what was typed."""

    CODE = "code"
    ORGANISATION = "organisation"
    NAME = "name"
    PARENT = "parent"


@dataclass(frozen=True)
class Elsewhere:
    """All that is said of a firm outside the asker's reach: that there is one, where, and whom to ask."""

    likeness: Likeness
    county: str
    office: str


@dataclass(frozen=True)
class Seen:
    """The matches an actor may see in full, and the declared minimum of the nearest one of those they may not."""

    matches: tuple[Match, ...] = ()
    elsewhere: Elsewhere | None = None

    def __bool__(self) -> bool:
        return bool(self.matches or self.elsewhere)

    @property
    def holder(self) -> Match | None:
        """The firm in reach that already has this very code."""
        return next((match for match in self.matches if match.is_same_code), None)

    @property
    def code_is_held(self) -> bool:
        held_elsewhere = self.elsewhere is not None and self.elsewhere.likeness is Likeness.CODE
        return held_elsewhere or self.holder is not None

    @property
    def needs_decision(self) -> bool:
        return self.elsewhere is not None or any(match.needs_decision for match in self.matches)


def candidates(
    name: str, code: str | None, *, exclude: int | None = None, former: tuple[FormerRecord, ...] = ()
) -> list[Match]:
    """Every firm that `name` or `code` may mean, the strongest reason first; whoever may see it.

    `exclude` is the firm that asks for itself, `former` its former names. A code that fails its check counts as none.
    """
    asked = Record(name=name, credit_code=code, former_names=former)
    alike = _equal(name, _valid(code))
    judged = {firm_id: compare(asked, record) for firm_id, record in _records(alike | near(name), exclude).items()}
    telling = {firm_id: found for firm_id, found in judged.items() if _tells(found, firm_id in alike)}
    matches = [Match(firm, telling[firm.id]) for firm in _firms(telling)]
    return sorted(_led_on(matches, exclude), key=_strength)


def former_of(firm: Firm) -> tuple[FormerRecord, ...]:
    """Its former names as the engine compares them."""
    return tuple(FormerRecord(name.name, name.valid_from, name.valid_to) for name in firm.former_names)


def of_firm(firm: Firm) -> list[Match]:
    """What a firm of the directory may be a duplicate or a branch of; a link already made is not offered again."""
    linked = {firm.parent_id, *db.session.scalars(select(Firm.id).where(Firm.parent_id == firm.id))}
    found = candidates(firm.name, firm.credit_code, exclude=firm.id, former=former_of(firm))
    return [match for match in found if not (match.is_link and match.firm.id in linked)]


def visible(actor: Actor, matches: Sequence[Match]) -> Seen:
    """What `actor` is shown of `matches`: their own reach in full, and of all the rest that there is one.

    How many there are elsewhere is not told, and nothing of a firm elsewhere that merely resembles what was typed.
    """
    own = tuple(match for match in matches if sees_firm(actor, match.firm))
    foreign = ((match, _likeness(match)) for match in matches if not sees_firm(actor, match.firm))
    elsewhere = next((_elsewhere(match, likeness) for match, likeness in foreign if likeness), None)
    return Seen(own, elsewhere)


def check(actor: Actor, name: str, code: str | None, *, exclude: int | None = None) -> Seen:
    """`candidates` as `actor` may see them."""
    return visible(actor, candidates(name, code, exclude=exclude))


def _elsewhere(match: Match, likeness: Likeness) -> Elsewhere:
    office = match.firm.office.short_name
    county = reference.territory().get(match.firm.statistical_county or "")
    return Elsewhere(likeness, county.name if county else office, office)


def _likeness(match: Match) -> Likeness | None:
    """None where a firm elsewhere has no more than trade name, sound or a branch's brother in common."""
    if match.is_link:
        return Likeness.PARENT if match.judgement.link == "branch_of" else None
    return _LIKENESS.get(match.judgement.level)


_LIKENESS = {
    Level.SAME_CODE: Likeness.CODE,
    Level.SAME_ORGANISATION: Likeness.ORGANISATION,
    Level.SAME_NAME: Likeness.NAME,
    Level.SAME_PARTS: Likeness.NAME,
}


def _strength(match: Match) -> tuple[int, int, int]:
    """What needs a decision comes first, then by level."""
    return _BANDS[match.judgement.band], _ORDER[match.judgement.level], match.firm.id


def _valid(code: str | None) -> str | None:
    checked = credit_code.check(code or "")
    return checked.code if checked.valid else None


def _led_on(matches: Iterable[Match], exclude: int | None) -> Iterator[Match]:
    """A merged entry is met by its code alone, and is then the firm it became, which bears its names itself."""
    by_code = [match for match in matches if match.judgement.level in (Level.SAME_CODE, Level.SAME_ORGANISATION)]
    merged = (Match(survivor(match.firm), match.judgement) for match in by_code if match.firm.merged_into_id)
    led = {match.firm.id: match for match in merged if match.is_same_code or match.firm.id != exclude}
    yield from led.values()
    yield from (match for match in matches if match.firm.merged_into_id is None and match.firm.id not in led)


def _tells(judgement: Judgement, equal: bool) -> bool:
    """A name that is merely near says nothing unless somebody has to look: neighbours are many."""
    if equal:
        return judgement.level is not Level.NONE or judgement.template == SWAPPED_NAMES
    return judgement.band is not Band.DIFFERENT or judgement.warning or judgement.link == Link.BRANCH_OF


def near(name: str, *, keep: int = COMPARED, thrift: int = 1) -> set[int]:
    """Ids of firms one of whose names is near to `name`, no more than are worth comparing (`neighbours.nearest`)."""
    try:
        key = name_key(name)
    except NameTooLong:
        return set()
    firm = Firm.__table__.c
    there = and_(firm.voided_at.is_(None), arriving.arrived(firm.batch_id))
    current = neighbours.nearest("firm", key, keep=keep, only=there, thrift=thrift)
    former = neighbours.nearest("former_name", key, keep=keep, thrift=thrift)
    owners = select(FormerName.firm_id).where(FormerName.id.in_([one.id for one in former]))
    return {one.id for one in current} | (set(db.session.scalars(owners)) if former else set())


def _records(ids: set[int], exclude: int | None) -> dict[int, Record]:
    """What of these firms is compared; many are read and few are kept, so whole firms are not loaded for it."""
    if not ids:
        return {}
    former: defaultdict[int, list[FormerRecord]] = defaultdict(list)
    names = select(FormerName.firm_id, FormerName.name, FormerName.valid_from, FormerName.valid_to)
    for row in db.session.execute(names.where(FormerName.firm_id.in_(ids)).order_by(FormerName.id)):
        former[row.firm_id].append(FormerRecord(row.name, row.valid_from, row.valid_to))
    firms = select(Firm.id, Firm.name, Firm.credit_code).where(Firm.id.in_(ids), Firm.voided_at.is_(None))
    rows = db.session.execute(firms.where(Firm.id != (exclude or 0)).order_by(Firm.id))
    return {row.id: Record(row.name, row.credit_code, tuple(former[row.id])) for row in rows}


def _firms(ids: Collection[int]) -> list[Firm]:
    if not ids:
        return []
    statement = select(Firm).where(Firm.id.in_(ids)).options(selectinload(Firm.former_names)).order_by(Firm.id)
    return list(db.session.scalars(statement).unique())


def _equal(name: str, code: str | None) -> set[int]:
    """Firms that have the code, the organisation code or one of the keys; an empty key is never asked for."""
    asked = {"code": code, "organisation": credit_code.organisation_code(code) if code else None}
    try:
        asked |= {**keys(name)._asdict(), "parent_key": parse(name).parent_key}
    except NameTooLong:
        asked |= dict.fromkeys(("name_key", "parts_key", "core_key", "parent_key"))
    values = {key: asked[key] or None for _, _, key in _ASKED}
    return set(db.session.scalars(_LOOK_UPS, values)) if any(values.values()) else set()


_ASKED = (
    ("firm", "credit_code", "code"),
    ("firm", "organisation_code", "organisation"),
    ("firm", "name_key", "name_key"),
    ("firm", "name_key", "parent_key"),
    ("firm", "parts_key", "parts_key"),
    ("firm", "core_key", "core_key"),
    ("former_name", "name_key", "name_key"),
    ("former_name", "parts_key", "parts_key"),
)
"""Table, column, what it is to equal: each by its own index and with its own bound; one OR over all would scan."""
_FOUND = {"firm": "id", "former_name": "firm_id"}
_KEPT = {"firm": " and voided_at is null", "former_name": ""}
# One text for good: built of SQLAlchemy's parts, the statement would cost more than its answer.
_LOOK_UPS = text(
    " union ".join(
        f"select id from (select {_FOUND[of]} as id from {of} where {column} = :{key}{_KEPT[of]} limit {BOUND}) as f"
        for of, column, key in _ASKED
    )
)
