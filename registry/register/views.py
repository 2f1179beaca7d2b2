"""A registered firm as pages show it: its facts, what loads changed, and an entry held against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from registry.base.vocabulary import CHOICES
from registry.firms.models.firms import Firm
from registry.register.models import RegisterChange, RegisteredFirm, RegisterRow
from registry.register.queries import differences, registered
from registry.register.queries.differences import DifferentEntry
from registry.register.rules import COMPARED, COMPARED_LABELS, FIELD_LABELS, STATUS_LABELS, Status
from registry.register.services import faulty_rows
from registry.site.display import wan


@dataclass(frozen=True)
class RegisterFact:
    """One field with its values side by side, as `components/diff_table.html` shows it."""

    label: str
    values: tuple[str, str]
    changed: bool


@dataclass(frozen=True)
class Checked:
    """An entry held against the register: `rows` side by side, the day of the load, or where it was not found."""

    day: date
    held: DifferentEntry | None
    rows: tuple[RegisterFact, ...] = ()
    namesakes: tuple[RegisteredFirm, ...] = ()


def check(firm: Firm) -> Checked | None:
    """What the dossier says of the register; None while it is empty."""
    load = registered.latest_load()
    if load is None:
        return None
    held = differences.of(firm)
    if held is None:
        return Checked(load.as_of, None, namesakes=_namesakes(firm))
    differing = {one.field for one in held.differences}
    rows = tuple(
        RegisterFact(
            _(COMPARED_LABELS[field]), (_ours(firm, field), _theirs(held.registered, other)), field in differing
        )
        for field, other in COMPARED.items()
    )
    return Checked(load.as_of, held, rows)


def _namesakes(firm: Firm) -> tuple[RegisteredFirm, ...]:
    """Of an entry without a code: registered firms of the very name."""
    if firm.credit_code:
        return ()
    return tuple(one.firm for one in registered.by_name(firm.name, limit=3) if one.firm.name_key == firm.name_key)


def facts(firm: RegisteredFirm) -> list[tuple[str, str]]:
    """Label and text of everything the register says."""
    told = ("founded_on", "form_text", "capital", "registration", "region", "address", "scope")
    return [(_(FIELD_LABELS[field]), _theirs(firm, field)) for field in told]


def changed(change: RegisterChange) -> list[RegisterFact]:
    """The fields of a change, before and after; a currency is said with its amount."""
    before, after = change.before or {}, change.after or {}
    rows = []
    for field in before:
        label = FIELD_LABELS.get(field)
        if label is not None and field != "capital_currency":
            rows.append(
                RegisterFact(_(label), (_text(field, before[field]), _text(field, after.get(field))), changed=True)
            )
    return rows


def differing(firm: Firm, other: RegisteredFirm) -> list[str]:
    """In what an entry of the list differs, in words."""
    words = [_(COMPARED_LABELS[one.field]) for one in differences.between(firm, other)]
    return [*words, _(COMPARED_LABELS[other.status])] if other.status == Status.GONE else words


def sentences(row: RegisterRow) -> list[str]:
    """What is wrong with a faulty row, in the reader's language."""
    told = []
    for fault in faulty_rows.faults_of(row):
        values = {**fault.values, "heading": _(str(fault.values["heading"])) if fault.values["heading"] else ""}
        told.append(_(fault.template) % values)
    return told


def _ours(firm: Firm, field: str) -> str:
    value = getattr(firm, field)
    if field == "capital" and value is not None:
        return _capital(value, firm.capital_currency)
    return _text(field, value)


def _theirs(firm: RegisteredFirm, field: str) -> str:
    value = getattr(firm, field)
    if field == "capital" and value is not None:
        return _capital(value, firm.capital_currency)
    if field == "legal_form":
        return firm.form_text or _text(field, value)
    return _text(field, value)


def _capital(amount: Decimal, currency: str) -> str:
    if currency == "CNY":
        return str(_("%(amount)s 万元", amount=wan(amount)))
    return str(_("%(amount)s 万（%(currency)s）", amount=wan(amount), currency=currency))


def _text(field: str, value: Any) -> str:
    """A stored or recorded value in words."""
    if value is None or value == "":
        return ""
    if field == "status":
        return str(_(STATUS_LABELS[value]))
    if field == "legal_form":
        return str(_(CHOICES[field].get(value, value)))
    if field == "capital":
        try:
            return str(_("%(amount)s 万元", amount=wan(Decimal(str(value)))))
        except InvalidOperation:
            return str(value)
    return value.isoformat() if isinstance(value, date) else str(value)
