"""People say whether a suspected pair is one firm; each word is appended with what both records were then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from registry.base import errors
from registry.base.errors import FieldError, PairJudged, PairTold, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import RULING_LABELS, PairingState, Ruling, Stage
from registry.duplicates.models import Pairing, PairVerdict
from registry.duplicates.rules import TOLD, demand_reason
from registry.duplicates.services.pairings import look_again, other_than, pairs_of
from registry.firms.models.firms import Firm
from registry.trail.services import trail
from registry.trail.services.trail import Act

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class RecordedVerdict:
    """A verdict as it is given; `source` as in `PairVerdict`."""

    ruling: Ruling
    reason: str = ""
    blind: bool = False
    source: str = "queue"


def judge(actor: Actor, pairing: Pairing, said: RecordedVerdict, *, rounds: int, at: datetime) -> PairVerdict:
    """Append what a person says of a pair. `rounds` is how many verdicts they had seen.

    Raises PairJudged where somebody was faster, FieldError where a verdict against plain facts gives no reason.
    """
    _hold(pairing)
    if pairing.rounds != rounds:
        last = pairing.verdicts[-1]
        moved = PairTold if last.source == TOLD else PairJudged
        raise moved(person=last.by_name, day=last.at.date().isoformat(), ruling=RULING_LABELS[last.ruling])
    if _is_merged(pairing):
        raise RegistryError(errors.PAIR_MERGED)
    demand_reason(said.ruling, said.reason, pairing.first, pairing.second)
    verdict = _append(actor, pairing, said, at=at)
    trail.record_all(actor, [_act(pairing, verdict)], at=at)
    return verdict


def judge_all(
    actor: Actor, pairings: Sequence[Pairing], said: RecordedVerdict, *, rounds: dict[int, int], at: datetime
) -> list[PairVerdict]:
    """One verdict and reason for many pairs, recorded for each; all of them or none.

    `rounds`: pairing id -> how many verdicts the judge had seen. Raises RegistryError where any has moved on since.
    """
    if not pairings:
        raise RegistryError(errors.PAIRS_NEEDED)
    if len(pairings) > MOST_AT_ONCE:
        raise RegistryError(errors.PAIRS_MANY, limit=MOST_AT_ONCE)
    if not said.reason.strip():
        raise FieldError("reason", errors.BULK_REASON)
    for pairing in sorted(pairings, key=lambda one: one.id):
        _hold(pairing)
    moved = [one for one in pairings if one.rounds != rounds.get(one.id) or _is_merged(one)]
    if moved:
        raise RegistryError(errors.PAIRS_MOVED, count=len(moved))
    verdicts = [_append(actor, pairing, said, at=at) for pairing in pairings]
    trail.record_all(actor, map(_act, pairings, verdicts), at=at)
    return verdicts


def set_apart(actor: Actor, firm: Firm, others: Iterable[Firm], *, at: datetime, reason: str = "") -> list[PairVerdict]:
    """Somebody at a form said that none of `others` is `firm`: on record, so that nobody asks them again.

    It settles the pair only if they may judge it: who proposes a firm does not clear the queue of its likeness. A
    *same* or *different* that stands is left alone: a tick on a form does not overrule who looked at the pair.
    """
    named = {other.id for other in others}
    found = [one for one in pairs_of(firm) if one.suspected and other_than(one, firm) in named and _is_asked(one)]
    verdicts = []
    for pairing in found:
        _hold(pairing)
        source = "form" if can(actor, "pairing.judge", pairing) else TOLD
        verdicts.append(_append(actor, pairing, RecordedVerdict(Ruling.DIFFERENT, reason, source=source), at=at))
    trail.record_all(actor, map(_act, found, verdicts), at=at)
    return verdicts


def part(actor: Actor, firms: tuple[Firm, Firm], *, reason: str, at: datetime) -> PairVerdict | None:
    """Who took a merge back found two firms: their word, over any *same* that stood. None where all is said.

    That is so where the engine never saw the two as a pair, or *different* stands already.
    """
    first, second = sorted(firm.id for firm in firms)
    both = Pairing.first_id == first, Pairing.second_id == second
    pairing = db.session.scalars(select(Pairing).where(*both)).one_or_none()
    if pairing is None:
        return None
    _hold(pairing)
    if pairing.state == PairingState.DIFFERENT:
        return None
    verdict = _append(actor, pairing, RecordedVerdict(Ruling.DIFFERENT, reason, source="unmerge"), at=at)
    trail.record_all(actor, [_act(pairing, verdict)], at=at)
    return verdict


def _hold(pairing: Pairing) -> None:
    """Lock the pair until the commit, and see it as it is: of two who judge at once the second sees the first."""
    locked = select(Pairing).where(Pairing.id == pairing.id).with_for_update(of=Pairing)
    db.session.scalars(locked.execution_options(populate_existing=True)).one()
    db.session.expire(pairing, ["verdicts"])


def _is_asked(pairing: Pairing) -> bool:
    return pairing.state not in (PairingState.SAME, PairingState.DIFFERENT)


def _is_merged(pairing: Pairing) -> bool:
    return Stage.MERGED in (pairing.first.stage, pairing.second.stage)


def _append(actor: Actor, pairing: Pairing, said: RecordedVerdict, *, at: datetime) -> PairVerdict:
    """The records as they stand now are what the verdict is about, whenever they were last compared."""
    look_again(pairing, at=at)
    verdict = PairVerdict(
        pairing=pairing,
        round=pairing.rounds + 1,
        ruling=said.ruling,
        reason=said.reason.strip(),
        blind=said.blind,
        source=said.source,
        at=at,
        by_id=actor.user_id,
        by_name=actor.name,
        office_id=actor.office_id,
        score=pairing.score,
        band=pairing.band,
        first_digest=pairing.first_digest,
        second_digest=pairing.second_digest,
    )
    pairing.rounds = verdict.round
    if said.source != TOLD:
        pairing.state = said.ruling
    db.session.add(verdict)
    db.session.flush()
    return verdict


def _act(pairing: Pairing, verdict: PairVerdict) -> Act:
    after = {
        "ruling": verdict.ruling,
        "round": verdict.round,
        "blind": verdict.blind,
        "band": verdict.band,
        "score": str(verdict.score),
        "firms": [pairing.first_id, pairing.second_id],
    }
    verb = "tell_pair" if verdict.source == TOLD else "judge_pair"
    return Act(verb, "pairing", pairing.id, pairing.name, after=after, reason=verdict.reason)
