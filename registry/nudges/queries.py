"""What waits at other offices and an actor may ask for: nominations under review or sent back, claims to be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import OPEN_STAGES, Role
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.firms.models.firms import Firm
from registry.notices.models import Nudge
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.pathway.rules.deadlines import Wait
from registry.people.models import Office
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations, waiting


@dataclass(frozen=True)
class Awaited:
    """A matter, the office whose turn it is, how long it has had it, and the last nudge by the actor's own office."""

    matter: Matter
    subject: Proposal | Claim
    office: Office
    wait: Wait | None
    nudged: int
    last: Nudge | None

    @property
    def number(self) -> int:
        """One number for both kinds, for the boxes of a list."""
        return 2 * self.subject.id + (self.matter is Matter.CLAIM)

    @property
    def firm(self) -> Firm:
        return self.subject.firm

    def name_for(self, actor: Actor) -> str:
        """Of a claim one of the two offices may see no more than the code."""
        return self.firm.name if can(actor, "firm.read", self.firm) else self.firm.credit_code or ""

    def may_be_nudged(self, on: date) -> bool:
        """An office nudges once a working day."""
        return nudged.may_ask_again(self.last, on)


def awaited(actor: Actor, on: date, numbers: Iterable[int] | None = None) -> list[Awaited]:
    """Whatever waits at another office, the most overdue first; of `numbers` (`Awaited.number`) alone where given."""
    rows: list[tuple[Matter, Proposal | Claim]] = [*_cases(actor, numbers), *_claims(actor, numbers)]
    subjects = [(matter, subject.id) for matter, subject in rows]
    counts, last = nudged.open_counts(subjects), nudged.latest_of_office(subjects, actor.office_id)
    city = nudged.city_office(on)
    found = [
        Awaited(
            matter, subject, city if isinstance(subject, Claim) else _asked(matter, subject), _wait(subject, on),
            counts.get((matter, subject.id), 0), last.get((matter, subject.id)),
        )
        for matter, subject in rows
    ]  # fmt: skip
    return sorted(found, key=_order)


def _cases(actor: Actor, numbers: Iterable[int] | None) -> list[tuple[Matter, Proposal | Claim]]:
    statement = nominations.visible_to(actor).where(Proposal.outcome.is_(None), Firm.stage.in_(OPEN_STAGES))
    if numbers is not None:
        statement = statement.where(Proposal.id.in_([number // 2 for number in numbers if number % 2 == 0]))
    rows = [row for row in db.session.scalars(statement).unique() if can(actor, "proposal.nudge", row)]
    told = [(waiting.matter_of(row), row) for row in rows]
    return [(matter, row) for matter, row in told if matter and _asked(matter, row).id != actor.office_id]


def _claims(actor: Actor, numbers: Iterable[int] | None) -> list[tuple[Matter, Proposal | Claim]]:
    """The city office decides them; who sits there asks nobody."""
    if actor.holds(Role.CITY_OFFICE):
        return []
    statement = claims.visible_to(actor).where(Claim.decided_at.is_(None))
    if numbers is not None:
        statement = statement.where(Claim.id.in_([number // 2 for number in numbers if number % 2]))
    rows = db.session.scalars(statement).unique()
    return [(Matter.CLAIM, row) for row in rows if can(actor, "claim.speak", row)]


def _asked(matter: Matter, proposal: Proposal) -> Office:
    if matter is Matter.MEND or proposal.reviewing_office is None:
        return proposal.office
    return proposal.reviewing_office


def _wait(subject: Proposal | Claim, on: date) -> Wait | None:
    return claims.wait_of_claim(subject, on) if isinstance(subject, Claim) else waiting.wait_of(subject, on)


def _order(one: Awaited) -> tuple[int, int, str, int]:
    wait = one.wait
    return (wait.left if wait else 0, -(wait.days if wait else 0), one.office.code, one.number)
