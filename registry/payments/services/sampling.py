"""Paid cases are drawn for verification, and what was found is put on record once."""

from __future__ import annotations

import re
from datetime import date, datetime

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import CaseCohort
from registry.payments.models import PaymentSample, SampleItem
from registry.payments.queries import samples
from registry.payments.rules import sampling
from registry.payments.services import holding
from registry.payments.texts import SAMPLE_ERRORS
from registry.reference.queries import parameters
from registry.trail.services import trail

SHARE = "payments.sample_share"
_SEED = re.compile(r"[0-9A-Za-z-]{1,40}")


def draw(actor: Actor, cohort: CaseCohort, *, seed: str, reason: str, at: datetime, on: date) -> PaymentSample:
    """A further draw of a cohort says why. Raises NotAllowed, RegistryError, FieldError."""
    if actor.user_id is None or not can(actor, "sample.draw"):
        raise NotAllowed
    if not _SEED.fullmatch(seed):
        raise FieldError("seed", SAMPLE_ERRORS["seed"])
    holding.hold_cohort(cohort)
    paid, before = samples.paid(cohort), samples.of_cohort(cohort)
    if not paid:
        raise RegistryError(SAMPLE_ERRORS["none"])
    digest, share = sampling.population(paid), parameters.decimal(SHARE, on)
    if any((one.seed, one.digest, one.share) == (seed, digest, share) for one in before):
        raise FieldError("seed", SAMPLE_ERRORS["same"], seed=seed)
    if before and not reason.strip():
        raise FieldError("reason", SAMPLE_ERRORS["reason"])
    row = PaymentSample(
        cohort=cohort, seed=seed, share=share, population=len(paid), digest=digest, reason=reason.strip(),
        by_id=actor.user_id, by_name=actor.name, at=at,
    )  # fmt: skip
    for rank, one in enumerate(sampling.draw(paid, seed, share), start=1):
        row.items.append(
            SampleItem(
                case_id=one.paid.case_id, payment_id=one.paid.payment_id, rank=rank, kind=one.paid.kind,
                county=one.paid.county, size=one.size,
            )
        )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"cohort": cohort.name, "count": len(row.items), "population": row.population}
    trail.record(actor, "draw_payment_sample", row, at=at, after=after, reason=row.reason)
    return row


def record(
    actor: Actor, item: SampleItem, outcome: str, *, day: date, verifier: str, said: str, at: datetime, on: date
) -> None:
    """`outcome`: in_order, or faults with what they are. Raises RegistryError, FieldError."""
    holding.hold(item)
    if not can(actor, "sample.record", item):
        raise RegistryError(SAMPLE_ERRORS["settled"])
    paid_on = item.payment.paid_on
    if day > on or (paid_on is not None and day < paid_on):
        raise FieldError("day", SAMPLE_ERRORS["day"])
    if outcome == "faults" and not said.strip():
        raise FieldError("said", SAMPLE_ERRORS["said"])
    item.outcome, item.verified_on, item.verified_by, item.said = outcome, day, verifier.strip(), said.strip()
    item.by_name, item.at = actor.name, at
    db.session.flush()
    trail.record(actor, "record_payment_sample", item, at=at, after={"outcome": outcome, "day": day}, reason=item.said)
