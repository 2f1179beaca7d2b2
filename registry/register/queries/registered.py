"""The register of registered firms: looked up by code or by name in any form, and what its loads brought."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Row, Select, select, union
from sqlalchemy.orm import joinedload

from registry.base import credit_code
from registry.base.extensions import db
from registry.matching.decide import compare
from registry.matching.judgement import Band, Level
from registry.matching.keys import Keys, keys
from registry.matching.normalise import NameTooLong, key_of
from registry.matching.records import Record
from registry.names.queries import neighbours
from registry.register.models import RegisterChange, RegisteredFirm, RegisterLoad
from registry.register.rules import Status

BOUND = 40
"""Registered firms looked at by one way of asking; more that begin alike say that too little was typed."""
LEAST_CODE = 6
"""Characters of a code from which on its beginning is looked for."""
LEAST_NEAR = 4
"""Characters of a name from which on a slip of the pen is allowed for."""
NEAR = 10
COMPARED = 12
"""Names compared in full, out of those that are nearest at a glance."""
LAST = "\U0010ffff"
_BANDS = {Band.SAME: 0, Band.REVIEW: 1, Band.DIFFERENT: 2}
_LEVELS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True)
class Found:
    """A registered firm; `former` is the name it was found by where it bears another one now."""

    firm: RegisteredFirm
    former: str = ""


def one(registered_id: int) -> Select[RegisteredFirm]:
    return select(RegisteredFirm).where(RegisteredFirm.id == registered_id)


def with_code(code: str | None) -> RegisteredFirm | None:
    if not code:
        return None
    return db.session.scalars(select(RegisteredFirm).where(RegisteredFirm.credit_code == code)).one_or_none()


def find(text: str, *, limit: int = BOUND) -> list[Found]:
    """What a code or a name, written in any form or only begun, may mean: the nearest first."""
    text = text.strip()
    if not text:
        return []
    code = credit_code.normalise(text[:40])
    if len(code) >= LEAST_CODE and code.isascii() and code.isalnum():
        return [Found(firm) for firm in _begin_with(code, limit)]
    return by_name(text, limit=limit)


def by_name(name: str, *, limit: int = BOUND) -> list[Found]:
    """Equal in any script and order of parts, alike in sound, beginning so, or merely near; former names too."""
    try:
        own = keys(name)
    except NameTooLong:
        return []
    if len(own.name_key) < 2:
        return []
    former = _former(own.name_key)
    written = _ids([*_equal(own, "name_key", "parts_key", "sound_key"), *_beginning(own)]) | former.keys()
    alike = written | _ids(_equal(own, "core_key"))
    if not written and len(own.name_key) >= LEAST_NEAR:  # a slip of the pen, unless it is written so somewhere
        alike |= {near.id for near in neighbours.nearest("registered_firm", own.name_key, keep=NEAR)}
    nearest = heapq.nsmallest(max(COMPARED, limit), _glances(alike), key=lambda row: _nearness(own, former, row))
    asked = Record(name=name)
    ranked = sorted(nearest[:COMPARED], key=lambda row: _rank(asked, own, former, row)) + nearest[COMPARED:]
    return [Found(firm, former.get(firm.id, "")) for firm in _firms([row.id for row in ranked[:limit]])]


def offers(name: str, code: str | None, *, limit: int = 5) -> list[Found]:
    """The few a form offers while a name or a code is typed; a whole valid code leaves no choice."""
    exact = with_code(credit_code.check(code or "").code if code else None)
    if exact is not None:
        return [Found(exact)]
    if not name.strip():
        return find(code, limit=limit) if code else []
    return [found for found in by_name(name, limit=limit) if _may_be_meant(name, found)]


def _may_be_meant(name: str, found: Found) -> bool:
    """Whether the name may go on as this firm's, or be its: what merely lies near has another trade name."""
    own, firm = keys(name), found.firm
    begun = [(own.name_key, firm.name_key), (own.name_key, firm.core_key), (own.sound_key, firm.sound_key)]
    if found.former or any(typed and whole.startswith(typed) for typed, whole in begun):
        return True
    return _band(name, firm.name) is not Band.DIFFERENT


def _band(name: str, other: str) -> Band:
    return compare(Record(name), Record(other)).band


def replaces(typed: str, registered: str) -> bool:
    """Whether the registered name may take the place of a typed one: where that is the same, or a part of it."""
    own, whole = key_of(typed), key_of(registered)
    return not own or own in whole or _band(typed, registered) is Band.SAME


def latest_load() -> RegisterLoad | None:
    """The last load that is through; None while the register is empty."""
    rows = select(RegisterLoad).where(RegisterLoad.state == "applied").order_by(RegisterLoad.id.desc()).limit(1)
    return db.session.scalars(rows).one_or_none()


def loads() -> Select[RegisterLoad]:
    return select(RegisterLoad).order_by(RegisterLoad.id.desc())


def changes_of(registered: RegisteredFirm) -> list[RegisterChange]:
    """Everything a load ever changed of it, the latest first."""
    rows = select(RegisterChange).where(RegisterChange.registered_id == registered.id)
    return list(db.session.scalars(rows.order_by(RegisterChange.id.desc())))


def changes_by(load: RegisterLoad, kind: str) -> Select[RegisterChange]:
    """What one load changed, of one kind where it is named, with the firms."""
    rows = select(RegisterChange).where(RegisterChange.load_id == load.id)
    rows = rows.where(RegisterChange.kind == kind) if kind else rows
    return rows.options(joinedload(RegisterChange.registered)).order_by(RegisterChange.kind, RegisterChange.id)


def _begin_with(code: str, limit: int) -> Sequence[RegisteredFirm]:
    column = RegisteredFirm.credit_code
    rows = select(RegisteredFirm).where(column >= code, column < code + LAST).order_by(column).limit(limit)
    return db.session.scalars(rows).all()


def _equal(own: Keys, *names: str) -> Iterable[Select[Any]]:
    for name in names:
        if value := getattr(own, name):
            yield select(RegisteredFirm.id).where(getattr(RegisteredFirm, name) == value)


def _beginning(own: Keys) -> Iterable[Select[Any]]:
    """A name half typed: from its place on, from its trade name on, or so as it sounds."""
    for name, value in (("name_key", own.name_key), ("core_key", own.name_key), ("sound_key", own.sound_key)):
        column = getattr(RegisteredFirm, name)
        yield select(RegisteredFirm.id).where(column >= value, column < value + LAST).order_by(column)


def _ids(lookups: Iterable[Select[Any]]) -> set[int]:
    """Each way by its own index and with its own bound; one OR over all of them would scan the table."""
    bounded = [lookup.limit(BOUND).subquery() for lookup in lookups]
    return set(db.session.scalars(union(*(select(each.c.id) for each in bounded)))) if bounded else set()


def _glances(ids: set[int]) -> Sequence[Row[Any]]:
    """As much of each firm as its rank needs."""
    return db.session.execute(select(*_GLANCE).where(RegisteredFirm.id.in_(ids))).all() if ids else ()


def _firms(ids: Sequence[int]) -> list[RegisteredFirm]:
    """The firms themselves, in this order."""
    if not ids:
        return []
    firms = {firm.id: firm for firm in db.session.scalars(select(RegisteredFirm).where(RegisteredFirm.id.in_(ids)))}
    return [firms[number] for number in ids]


def _former(name_key: str) -> dict[int, str]:
    """Registered firms that once bore this name, with the name as it was written."""
    rows = (
        select(RegisterChange.registered_id, RegisterChange.name)
        .where(RegisterChange.name_key == name_key)
        .order_by(RegisterChange.id)
        .limit(BOUND)
    )
    return {row.registered_id: row.name for row in db.session.execute(rows)}


_GLANCE = tuple(
    getattr(RegisteredFirm, name)
    for name in ("id", "name", "name_key", "parts_key", "core_key", "sound_key", "division", "status")
)


def _nearness(own: Keys, former: Mapping[int, str], firm: Row[Any]) -> tuple[Any, ...]:
    """What can be told without comparing: equal, beginning so, as many characters in common as can be."""
    return (
        firm.name_key != own.name_key and firm.id not in former,
        firm.parts_key != own.parts_key and firm.sound_key != own.sound_key,
        not firm.name_key.startswith(own.name_key) and not firm.core_key.startswith(own.name_key),
        -fuzz.ratio(own.name_key, firm.name_key),
        firm.division is None,
        len(firm.name),
        firm.id,
    )


def _rank(asked: Record, own: Keys, former: Mapping[int, str], firm: Row[Any]) -> tuple[Any, ...]:
    judged = compare(asked, Record(name=former.get(firm.id, firm.name)))
    level = _LEVELS[judged.level]
    return (_BANDS[judged.band], level, firm.status != Status.CURRENT, *_nearness(own, former, firm))
