"""Buyer and seller that may be one: the same legal person, address, telephone or parent, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.cases.rules.identities import folded, maker_of
from registry.cases.texts import REGION

_REGION = re.compile(REGION)
_DIGITS = re.compile(r"\D")
_SUBSCRIBER = 7
"""Digits of a telephone number without its area code."""


@dataclass(frozen=True, slots=True)
class Party:
    """What is known of a buyer or a seller; `parents`: names or codes of those it belongs to."""

    name: str
    credit_code: str = ""
    legal_person: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """`what` of `RELATIONS`, and the value both share."""

    seller: str
    what: str
    evidence: str


def relations(buyer: Party, seller: Party) -> Iterator[Relation]:
    if _names(buyer) & _names(seller):
        yield Relation(seller.name, "self", seller.name)
        return
    if buyer.legal_person and folded(buyer.legal_person) == folded(seller.legal_person):
        yield Relation(seller.name, "legal_person", seller.legal_person)
    if (place := _place(buyer.address)) and place == _place(seller.address):
        yield Relation(seller.name, "address", seller.address)
    known = {_number(phone) for phone in buyer.phones} - {""}
    for phone in seller.phones:
        if _number(phone) in known:
            yield Relation(seller.name, "phone", phone)
    ours, theirs = _folded(*buyer.parents), _folded(*seller.parents)
    if ours & theirs or _names(buyer) & theirs or _names(seller) & ours:
        yield Relation(seller.name, "parent", "、".join(seller.parents or buyer.parents))


def _names(party: Party) -> frozenset[str]:
    return frozenset(filter(None, (maker_of(party.name), party.credit_code)))


def _folded(*names: str) -> frozenset[str]:
    return frozenset(maker_of(name) for name in names if name)


def _place(address: str) -> str:
    """An address without the province and the city, which all have."""
    return _REGION.sub("", folded(address))


def _number(phone: str) -> str:
    """The number without its area code; "" where it is too short to be one."""
    digits = _DIGITS.sub("", folded(phone))
    if len(digits) < _SUBSCRIBER:
        return ""
    return (
        digits[-11:] if len(digits) >= 11 and digits[-11] == "1" else digits[-8 if len(digits) > 8 else -_SUBSCRIBER :]
    )
