"""Suspected pairs are found and kept in step with both records: a word on them holds until a record changes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from registry.base import contacts
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.duplicates.models import Pairing
from registry.duplicates.queries import duplicates
from registry.duplicates.rules import address_of, digest, last_judged, state_of
from registry.firms.models.firms import Firm
from registry.matching.decide import compare
from registry.matching.judgement import Band, Judgement
from registry.matching.records import Record

FAINTEST = 20
"""A score from which a pair is kept though it is no suspect: what another threshold would do is asked of these."""


# -- finding ----------------------------------------------------------------------------------------
def find(firm: Firm, *, at: datetime) -> list[Pairing]:
    """Store what `firm` may be a duplicate of, and bring the pairs it already has up to date.

    For whoever creates, renames, mends or admits a firm, in the same transaction. Returns the suspected pairs. A link
    between branch and parent is no pair; a merged firm gets none.
    """
    known, new = _found(firm, at)
    return [pairing for pairing in (*known, *new) if pairing.suspected]


def _found(firm: Firm, at: datetime) -> tuple[list[Pairing], list[Pairing]]:
    """The pairs that were known, brought up to date, and new ones."""
    db.session.flush()
    known = {other_than(pairing, firm): pairing for pairing in pairs_of(firm)}
    for pairing in known.values():
        look_again(pairing, at=at)
    new = [
        store(firm, match.firm, at=at)
        for match in duplicates.of_firm(firm)
        if not match.is_link and match.firm.id not in known and Stage.MERGED not in (firm.stage, match.firm.stage)
    ]
    db.session.flush()
    return list(known.values()), [pairing for pairing in new if pairing is not None]


def keep_up(firm: Firm, *, at: datetime) -> None:
    """Compare the pairs of a firm again: a verdict on what its record was before no longer holds."""
    for pairing in pairs_of(firm):
        look_again(pairing, at=at)
    db.session.flush()


def pairs_of(firm: Firm) -> list[Pairing]:
    """Every stored pair of the firm, whoever may see it, with its verdicts."""
    statement = select(Pairing).where(or_(Pairing.first_id == firm.id, Pairing.second_id == firm.id))
    loaded = statement.options(
        selectinload(Pairing.verdicts), selectinload(Pairing.first), selectinload(Pairing.second)
    )
    return list(db.session.scalars(loaded.order_by(Pairing.id)))


def other_than(pairing: Pairing, firm: Firm) -> int:
    """The id of the firm that is not `firm`."""
    return pairing.second_id if pairing.first_id == firm.id else pairing.first_id


def store(firm: Firm, other: Firm, *, at: datetime) -> Pairing | None:
    """A new pair where there is something to ask; None where the records are merely near each other."""
    first, second = sorted((firm, other), key=lambda one: one.id)
    judgement = compare(record(first), record(second))
    return _stored(first, second, judgement, at) if is_worth_keeping(judgement) else None


def keep(first: Firm, second: Firm, *, at: datetime) -> Pairing:
    """A new pair, the lower id first, whatever the engine makes of it: people are asked about it all the same."""
    return _stored(first, second, compare(record(first), record(second)), at)


def _stored(first: Firm, second: Firm, judgement: Judgement, at: datetime) -> Pairing:
    columns = _columns(first, second, judgement)
    pairing = Pairing(first=first, second=second, rounds=0, found_at=at, compared_at=at, **columns)
    try:
        with db.session.begin_nested():
            db.session.add(pairing)
    except IntegrityError:  # another process found the same pair a moment ago
        both = Pairing.first_id == first.id, Pairing.second_id == second.id
        return db.session.scalars(select(Pairing).where(*both)).one()
    return pairing


def look_again(pairing: Pairing, *, at: datetime) -> None:
    """Compare both records as they stand."""
    judgement = compare(record(pairing.first), record(pairing.second))
    columns = _columns(pairing.first, pairing.second, judgement)
    if any(getattr(pairing, key) != value for key, value in columns.items()):
        pairing.compared_at = at
    for key, value in columns.items():
        setattr(pairing, key, value)
    last = last_judged(pairing.verdicts)
    judged = (last.first_digest, last.second_digest) if last else None
    now = (pairing.first_digest, pairing.second_digest)
    pairing.state = state_of(last.ruling if last else None, judged, now)


def record(firm: Firm) -> Record:
    """All that may speak for or against: name, code, former names, phone, address."""
    return Record(
        firm.name,
        firm.credit_code,
        duplicates.former_of(firm),
        phone=contacts.read(firm, contacts.PHONE),
        address=address_of(firm),
    )


def _columns(first: Firm, second: Firm, judgement: Judgement) -> dict[str, Any]:
    score = Decimal(str(round(judgement.score, 2)))
    return {
        "score": score,
        "band": str(judgement.band),
        "level": str(judgement.level),
        "warning": judgement.warning,
        "suspected": _is_suspected(judgement),
        "template": judgement.template,
        "sentence": dict(judgement.values),
        "evidence": [[one.kind, one.a, one.b, round(one.weight, 2)] for one in judgement.evidence],
        "likeness": _likeness(judgement),
        "first_digest": digest(first),
        "second_digest": digest(second),
        "value": _value(first, second, score),
    }


def is_worth_keeping(judgement: Judgement) -> bool:
    """A suspect, or near enough to be one under another threshold."""
    return _is_suspected(judgement) or (judgement.link is None and judgement.score >= FAINTEST)


def _is_suspected(judgement: Judgement) -> bool:
    return judgement.link is None and (judgement.band is not Band.DIFFERENT or judgement.warning)


def _likeness(judgement: Judgement) -> str:
    """Equal for pairs that agree in the very same things, whatever the names: what may be judged together."""
    kinds = sorted({f"{one.kind}{'+' if one.weight > 0 else '-'}" for one in judgement.evidence})
    text = "|".join((judgement.level, judgement.band, judgement.template, *kinds))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _value(first: Firm, second: Firm, score: Decimal) -> Decimal:
    """Yuan that may be counted twice, times the probability that it is one firm.

    A yuan and a hundredth more, so that firms without figures still stand in the order of their score and the other
    way round.
    """
    stakes = (firm.revenue_to_date or firm.revenue_last_year or Decimal(0) for firm in (first, second))
    return ((max(stakes) + 1) * (score + 1) / 101).quantize(Decimal("0.01"))
