"""Entries of the directory that say otherwise than the register: one firm's, field by field, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import PLACE_LEADS, LegalForm, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries.firms import within
from registry.reference.queries import reference
from registry.register.models import RegisterChange, RegisteredFirm
from registry.register.rules import COMPARED, Status

UNFOLDED = (("（", "("), ("）", ")"), ("　", ""), (" ", ""))


@dataclass(frozen=True)
class RegisterDifference:
    """A field of a firm with what the directory and what the register say, as stored."""

    field: str
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class DifferentEntry:
    """A firm against its registration. `renamed`: the entry bears a name that the register knows as a former one."""

    registered: RegisteredFirm
    differences: tuple[RegisterDifference, ...]
    renamed: RegisterChange | None = None

    @property
    def gone(self) -> bool:
        return self.registered.status == Status.GONE

    def __bool__(self) -> bool:
        return bool(self.differences or self.gone)


def of(firm: Firm) -> DifferentEntry | None:
    """The firm held against its registration, by its code; None where the register does not have it."""
    if not firm.credit_code:
        return None
    rows = select(RegisteredFirm).where(RegisteredFirm.credit_code == firm.credit_code)
    registered = db.session.scalars(rows).one_or_none()
    if registered is None:
        return None
    found = between(firm, registered)
    renamed = _renamed(firm, registered) if any(one.field == "name" for one in found) else None
    return DifferentEntry(registered, found, renamed)


def between(firm: Firm, registered: RegisteredFirm) -> tuple[RegisterDifference, ...]:
    """What differs; a field that one side leaves empty differs in nothing."""
    leads = _leads()
    found = []
    for field, theirs in COMPARED.items():
        ours, other = getattr(firm, field), getattr(registered, theirs)
        if _DIFFER[field](firm, registered, leads):
            found.append(RegisterDifference(field, ours, other))
    return tuple(found)


def visible_to(actor: Actor, field: str = "") -> Select[Firm]:
    """Every entry in reach that differs, in `field` where one is named (a key of `COMPARED`, or `gone`)."""
    conditions = _conditions()
    wanted = conditions[field] if field in conditions else or_(*conditions.values())
    return (
        select(Firm)
        .join(RegisteredFirm, RegisteredFirm.credit_code == Firm.credit_code)
        .where(Firm.voided_at.is_(None), within(actor), Firm.stage != Stage.MERGED, wanted)
        .order_by(Firm.id)
    )


def registrations(firms: Iterable[Firm]) -> dict[str, RegisteredFirm]:
    """Registered firms by code, for the entries of a page."""
    codes = [firm.credit_code for firm in firms if firm.credit_code]
    rows = select(RegisteredFirm).where(RegisteredFirm.credit_code.in_(codes))
    return {row.credit_code: row for row in db.session.scalars(rows)}


def _conditions() -> dict[str, ColumnElement[bool]]:
    """The same in SQL as `between` says of one firm."""
    theirs, leads = RegisteredFirm, _leads()
    return {
        "gone": theirs.status == Status.GONE,
        "name": Firm.name_key != theirs.name_key,
        "registered_address": and_(
            Firm.registered_address != "",
            theirs.address != "",
            _plain_sql(Firm.registered_address, leads) != _plain_sql(theirs.address, leads),
        ),
        "legal_form": and_(theirs.legal_form != LegalForm.OTHER, Firm.legal_form != theirs.legal_form),
        "founded_on": Firm.founded_on != theirs.founded_on,
        "capital": or_(
            Firm.capital != theirs.capital,
            and_(Firm.capital == theirs.capital, Firm.capital_currency != theirs.capital_currency),
        ),
    }


_DIFFER: Mapping[str, Callable[[Firm, RegisteredFirm, tuple[str, ...]], bool]] = {
    "name": lambda firm, other, leads: firm.name_key != other.name_key,
    "registered_address": lambda firm, other, leads: bool(
        firm.registered_address
        and other.address
        and _plain(firm.registered_address, leads) != _plain(other.address, leads)
    ),
    "legal_form": lambda firm, other, leads: bool(
        firm.legal_form and other.legal_form not in (None, LegalForm.OTHER, firm.legal_form)
    ),
    "founded_on": lambda firm, other, leads: (
        None not in (firm.founded_on, other.founded_on) and firm.founded_on != other.founded_on
    ),
    "capital": lambda firm, other, leads: (
        None not in (firm.capital, other.capital)
        and (firm.capital, firm.capital_currency) != (other.capital, other.capital_currency)
    ),
}


def _leads() -> tuple[str, ...]:
    """Words of province and city that one address has and the other leaves out."""
    return (*PLACE_LEADS[2:3], reference.city().name)


def _plain(address: str, leads: tuple[str, ...]) -> str:
    for old, new in (*UNFOLDED, *((lead, "") for lead in leads)):
        address = address.replace(old, new)
    return address


def _plain_sql(address: Any, leads: tuple[str, ...]) -> Any:
    for old, new in (*UNFOLDED, *((lead, "") for lead in leads)):
        address = func.replace(address, old, new)
    return address


def _renamed(firm: Firm, registered: RegisteredFirm) -> RegisterChange | None:
    rows = (
        select(RegisterChange)
        .where(RegisterChange.registered_id == registered.id, RegisterChange.name_key == firm.name_key)
        .order_by(RegisterChange.id.desc())
        .limit(1)
    )
    return db.session.scalars(rows).one_or_none()
