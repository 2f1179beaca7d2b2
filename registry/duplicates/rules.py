"""When a word on a suspected pair still holds, when it must say why, and how good the bands were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, Protocol

from registry.base import contacts, credit_code, errors
from registry.base.errors import FieldError
from registry.base.vocabulary import PairingState, Ruling


class Named(Protocol):
    """A former name with its days."""

    @property
    def name(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


class Compared(Protocol):
    """What a comparison looks at in a firm."""

    name: str
    name_key: str
    credit_code: str | None
    registered_address: str
    operating_address: str
    contact_phone: str
    legal_form: str | None

    @property
    def former_names(self) -> Iterable[Named]: ...


COMPARED = frozenset({"registered_address", "operating_address", "contact_phone", "legal_form"})
"""Fields that may change a comparison of pairs that are known; name and code may bring up new ones."""


def address_of(firm: Compared) -> str:
    """The registered address, or where the firm works if that is all that is known."""
    return firm.registered_address or firm.operating_address


def digest(firm: Compared) -> str:
    """SHA-256 of what a verdict rests on: name, code, former names with their days, address, phone, legal form."""
    former = sorted((one.name, _day(one.valid_from), _day(one.valid_to)) for one in firm.former_names)
    seen = [
        firm.name,
        firm.credit_code or "",
        address_of(firm),
        contacts.read(firm, contacts.PHONE),
        firm.legal_form or "",
        former,
    ]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


TOLD = "told"
"""Where a verdict comes from that settles nothing: somebody who may not judge pairs said it while naming a firm."""


def last_judged(words: Sequence[Any]) -> Any:
    """The last word that is a verdict: what somebody told who may not judge the pair is none."""
    return next((word for word in reversed(words) if word.source != TOLD), None)


def state_of(ruling: str | None, judged: tuple[str, str] | None, now: tuple[str, str]) -> PairingState:
    """`judged` and `now` are the digests of both records, at the last verdict and as they stand."""
    if ruling is None or judged is None:
        return PairingState.OPEN
    return PairingState(ruling) if judged == now else PairingState.RETURNED


def demand_reason(ruling: str, reason: str, first: Compared, second: Compared) -> None:
    """Raise FieldError where a verdict that goes against plain facts does not say why.

    The facts are those of the records and not the engine's band, so that the question gives nothing away to whoever
    judges blind. *Different* needs a reason where name or organisation code is the same, *same* where two valid codes
    differ; else a verdict may stand by itself: merging asks for its own reason later.
    """
    if reason.strip():
        return
    codes = [one.code for one in map(_checked, (first, second)) if one.valid]
    organisations = {credit_code.organisation_code(code) for code in codes}
    one_organisation = len(codes) == 2 and len(organisations) == 1
    equal = first.name_key == second.name_key or one_organisation
    if ruling == Ruling.DIFFERENT and equal:
        raise FieldError("reason", errors.RULING_REASON_EQUAL)
    if ruling == Ruling.SAME and len(organisations) == 2:
        raise FieldError("reason", errors.RULING_REASON_CODES)


def _checked(firm: Compared) -> Any:
    return credit_code.check(firm.credit_code or "")


@dataclass(frozen=True)
class Share:
    """`right` of `total`, with the interval that holds the true share 95 times in 100 (Wilson); all as ratios."""

    right: int
    total: int

    @property
    def ratio(self) -> float | None:
        return self.right / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.total:
            return None
        n, p = self.total, self.right / self.total
        middle = (p + _Z2 / (2 * n)) / (1 + _Z2 / n)
        half = _Z / (1 + _Z2 / n) * sqrt(p * (1 - p) / n + _Z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


_Z = 1.959964
_Z2 = _Z * _Z
