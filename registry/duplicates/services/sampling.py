"""A blind sample of the directory's pairs is drawn, by which people judge how many duplicates are still unfound."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select, union_all

from registry.base import contacts
from registry.base.errors import NotAllowed
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.sqlite import reading
from registry.base.vocabulary import PairingState
from registry.duplicates.models import Pairing, RecallPair, RecallSample
from registry.duplicates.services import pairings
from registry.duplicates.services.scans import LIVING
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries.firms import CONTACTS
from registry.matching import recall
from registry.matching.decide import compare
from registry.matching.judgement import Band
from registry.matching.recall import FoundBy, Pair, PairGround
from registry.matching.records import FormerRecord, Record
from registry.register.models import RegisterChange, RegisteredFirm
from registry.trail.services import trail
from registry.trail.services.trail import Act

PERMISSION = "pairing.certify"


def draw(actor: Actor, *, at: datetime, seed: str = "") -> RecallSample:
    """Draw the sample; of one seed and one directory it is the same again. The caller commits.

    Raises NotAllowed.
    """
    if not can(actor, PERMISSION):
        raise NotAllowed
    with reading():  # a large directory takes seconds, during which others go on writing
        ground, firms, crowded = _ground()
        db.session.rollback()
    seed = seed or secrets.token_hex(8)
    sample = RecallSample(
        drawn_at=at, by_id=actor.user_id, by_name=actor.name, seed=seed, firms=firms, crowded=crowded,
        sizes={kind: _sizes(ground, kind) for kind in FoundBy},
    )  # fmt: skip
    db.session.add(sample)
    db.session.flush()
    chosen = ground.sample(seed)
    for number, (pairing, kind) in enumerate(zip(_stored(chosen, at), chosen.values(), strict=True), start=1):
        drawn = RecallPair(sample_id=sample.id, number=number, pairing_id=pairing.id, kind=kind, rounds=pairing.rounds)
        db.session.add(drawn)
    after = {"seed": seed, "firms": firms, "pairs": len(chosen)}
    trail.record_all(actor, [Act("draw_sample", "pairing", subject_label=f"#{sample.id}", after=after)], at=at)
    return sample


def _stored(pairs: Iterable[Pair], at: datetime) -> Iterator[Pairing]:
    """The rows of these pairs; one the engine made nothing of gets its row now."""
    for first, second in pairs:
        both = select(Pairing).where(Pairing.first_id == first, Pairing.second_id == second)
        known = db.session.scalars(both).one_or_none()
        yield known or pairings.keep(db.session.get_one(Firm, first), db.session.get_one(Firm, second), at=at)


# -- what came up, and by what ----------------------------------------------------------------------
def _sizes(ground: PairGround, kind: FoundBy) -> dict[str, int]:
    return {"pairs": len(ground.kinds[kind]), "certain": ground.certain(kind), "open": len(ground.open(kind))}


def _ground() -> tuple[PairGround, int, int]:
    """What came up, of how many firms, and how much is shared by too many to be evidence."""
    records = _records()
    pairs = select(Pairing.first_id, Pairing.second_id, Pairing.suspected, Pairing.state)
    stored = [row for row in db.session.execute(pairs) if row.first_id in records and row.second_id in records]
    suspected = {(row.first_id, row.second_id) for row in stored if row.suspected}
    named = {pair for pair in suspected if _names_suffice(records[pair[0]], records[pair[1]])}
    shared = recall.shared(_evidence(records))
    kinds = recall.sorted_out(named, shared.pairs, suspected)
    every = [pair for pairs in kinds.values() for pair in pairs]
    settled = {(row.first_id, row.second_id): row.state for row in stored}
    codes = {pair: recall.one_organisation(records[pair[0]], records[pair[1]]) for pair in every}
    same = {pair for pair in every if settled.get(pair) == PairingState.SAME or codes[pair] is True}
    different = {pair for pair in every if settled.get(pair) == PairingState.DIFFERENT or codes[pair] is False}
    return PairGround(kinds, frozenset(same), frozenset(different - same)), len(records), shared.crowded


def _names_suffice(first: Record, second: Record) -> bool:
    """Whether the two would be suspects by their names alone."""
    judgement = compare(*(Record(one.name, former_names=one.former_names) for one in (first, second)))
    return judgement.link is None and judgement.band is not Band.DIFFERENT


def _records() -> dict[int, Record]:
    former: defaultdict[int, list[FormerRecord]] = defaultdict(list)
    names = select(FormerName.firm_id, FormerName.name, FormerName.valid_from, FormerName.valid_to)
    for row in db.session.execute(names.order_by(FormerName.id)):
        former[row.firm_id].append(FormerRecord(row.name, row.valid_from, row.valid_to))
    columns = (Firm.id, Firm.name, Firm.credit_code, *CONTACTS, Firm.registered_address, Firm.operating_address)
    rows = db.session.execute(select(*columns).where(*LIVING).order_by(Firm.id).execution_options(yield_per=5000))
    return {
        row.id: Record(
            row.name, row.credit_code, tuple(former.get(row.id, ())), phone=contacts.read(row, contacts.PHONE),
            address=row.registered_address or row.operating_address,
        )
        for row in rows
    }  # fmt: skip


def _evidence(records: Mapping[int, Record]) -> Iterator[tuple[int, dict[str, Iterable[str]]]]:
    registered = _registered()
    for firm_id, record in records.items():
        yield firm_id, {**recall.evidence(record), "register": [str(one) for one in registered.get(firm_id, ())]}


def _registered() -> dict[int, set[int]]:
    """Firm -> the registered firms it is by its code, or by a name that one of them bears or bore."""
    ways = (
        (RegisteredFirm.id, Firm.credit_code == RegisteredFirm.credit_code),
        (RegisteredFirm.id, Firm.name_key == RegisteredFirm.name_key),
        (RegisterChange.registered_id, Firm.name_key == RegisterChange.name_key),
    )
    selects = [select(Firm.id, one).join_from(Firm, one.class_, on).where(*LIVING) for one, on in ways]
    found: defaultdict[int, set[int]] = defaultdict(set)
    for firm_id, registered_id in db.session.execute(union_all(*selects)):
        found[firm_id].add(registered_id)
    return found
