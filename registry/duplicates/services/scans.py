"""The whole directory, or all an import brought, compared with itself: resumable, and harmless to repeat."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.base import contacts
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.sqlite import reading
from registry.base.turns import Pace
from registry.base.vocabulary import Stage
from registry.duplicates.models import Pairing, PairingScan
from registry.duplicates.queries.pairs import unfinished_scan
from registry.duplicates.services import pairings
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries.firms import CONTACTS
from registry.matching.decide import compare
from registry.matching.index import Index
from registry.matching.records import FormerRecord, Record
from registry.trail.services import trail
from registry.trail.services.trail import Act

NEAREST, LEAST = 6, 0.6
"""Names that are compared with each name, and how near they have to be at least (0..1.25)."""
BOUND = 40
"""Firms that share a key: what is shared by more says nothing about any of them."""
Pair = tuple[int, int]


def scan(pace: Pace, *, at: datetime, afresh: bool = False) -> Iterator[PairingScan]:
    """Look at every firm, a turn at a time; commit after each. One that was broken off goes on where it was.

    Running it again changes nothing where no firm changed. `afresh` begins anew. Of two at once the one that finds the
    other ahead ends: each firm is counted once.
    """
    directory = Directory()
    scanned = _unfinished(at, afresh)
    last = scanned.last_id
    yield scanned
    while ids := directory.after(last, pace.size):
        found, before, last = _look(ids, directory, at, pace), last, ids[-1]
        if not _is_at(scanned, before):
            db.session.rollback()
            return
        scanned.found += found
        scanned.firms, scanned.last_id, scanned.touched_at = scanned.firms + len(ids), last, at
        db.session.flush()
        yield scanned
    if not _is_at(scanned, last):
        db.session.rollback()
        return
    scanned.finished_at = scanned.touched_at = at
    after = {"rows": scanned.firms, "found": scanned.found}
    trail.record_all(SYSTEM_ACTOR, [Act("scan_pairs", "pairing", subject_label=f"#{scanned.id}", after=after)], at=at)
    yield scanned


FEW = 50
"""So many firms are looked up one by one; for more it pays to read all names first."""


def of_firms(ids: list[int], pace: Pace, *, at: datetime) -> Iterator[int]:
    """Look at some firms; commit after each turn. Yields how many were looked at."""
    directory = Directory() if len(ids) > FEW else None
    done = 0
    while done < len(ids):
        some = ids[done : done + pace.size]
        if directory is None:
            _find_each(some, at)
        else:
            _look(some, directory, at, pace)
        done += len(some)
        yield done


def _find_each(ids: Iterable[int], at: datetime) -> None:
    for firm_id in ids:
        firm = db.session.get(Firm, firm_id)
        if firm is not None and firm.voided_at is None:
            pairings.find(firm, at=at)


def _unfinished(at: datetime, afresh: bool) -> PairingScan:
    scanned = None if afresh else unfinished_scan()
    if scanned is None:
        scanned = PairingScan(started_at=at, touched_at=at, last_id=0, firms=0, found=0)
        db.session.add(scanned)
        db.session.flush()
    return scanned


def _is_at(scanned: PairingScan, last: int) -> bool:
    """Whether the scan, held until the commit, is where we left it: no other process went on with it."""
    db.session.refresh(scanned, with_for_update={"of": PairingScan})
    return scanned.last_id == last and scanned.finished_at is None


class Directory:
    """The names and keys of all firms in memory for the length of a scan: about 1 kB a firm."""

    def __init__(self) -> None:
        with reading():  # building takes seconds, during which others go on writing
            self._firms_of: dict[str, list[int]] = defaultdict(list)
            self._sharing: dict[str, list[int]] = defaultdict(list)
            self._shared_of: dict[int, list[str]] = {}
            self._keys_of: dict[int, list[str]] = defaultdict(list)
            self.former: dict[int, list[FormerRecord]] = defaultdict(list)
            self._read()
            db.session.rollback()
        self._index = Index(self._firms_of, budget=6_000)
        self.ids = sorted(self._keys_of)

    def _read(self) -> None:
        firms = select(Firm.id, Firm.name_key, Firm.parts_key, Firm.core_key, Firm.organisation_code)
        for firm_id, name_key, *others in db.session.execute(firms.where(*LIVING).execution_options(yield_per=5000)):
            self._name(firm_id, name_key)
            self._shared_of[firm_id] = [f"{kind}{key}" for kind, key in zip("pco", others, strict=True) if key]
            for key in self._shared_of[firm_id]:
                self._sharing[key].append(firm_id)
        columns = (FormerName.firm_id, FormerName.name, FormerName.name_key, FormerName.valid_from, FormerName.valid_to)
        for firm_id, name, key, since, until in db.session.execute(select(*columns).join(Firm).where(*LIVING)):
            self._name(firm_id, key)
            self.former[firm_id].append(FormerRecord(name, since, until))

    def _name(self, firm_id: int, key: str) -> None:
        keys = self._keys_of[firm_id]
        if key and key not in keys:
            keys.append(key)
            self._firms_of[key].append(firm_id)

    def after(self, firm_id: int, count: int) -> list[int]:
        start = bisect_right(self.ids, firm_id)
        return self.ids[start : start + count]

    def partners(self, ids: Iterable[int]) -> set[Pair]:
        """Pairs of one of `ids` with a firm that has a key in common or a name that is near, the lower id first."""
        asked = [(firm_id, key) for firm_id in ids for key in self._keys_of.get(firm_id, ())]
        found: set[Pair] = set()
        near = self._index.near([key for _, key in asked], keep=25, best=NEAREST)
        close = near.likeness + 0.25 * near.shared >= LEAST
        for row, place in zip(near.row[close].tolist(), near.place[close].tolist(), strict=True):
            found |= _crossed(asked[row][0], self._firms_of[self._index.keys[place]])
        for firm_id in ids:
            for key in self._shared_of.get(firm_id, ()):
                if 1 < len(self._sharing[key]) <= BOUND:
                    found |= _crossed(firm_id, self._sharing[key])
        return found


LIVING = (Firm.voided_at.is_(None), Firm.stage != Stage.MERGED)


def _crossed(firm_id: int, others: list[int]) -> set[Pair]:
    return {(min(firm_id, other), max(firm_id, other)) for other in others[:BOUND] if other != firm_id}


def _look(ids: list[int], directory: Directory, at: datetime, pace: Pace) -> int:
    """Bring the pairs of these firms up to date and store new ones; how many of those are suspected."""
    partners = directory.partners(ids)  # before the first statement: nothing is locked while this is worked out
    pace.begin()
    known = _known(ids)
    for pairing in known.values():
        pairings.look_again(pairing, at=at)
    records = _records({firm_id for pair in partners for firm_id in pair}, directory)
    near = sorted(pair for pair in partners if pair not in known and pair[0] in records and pair[1] in records)
    worth = [pair for pair in near if pairings.is_worth_keeping(compare(records[pair[0]], records[pair[1]]))]
    firms = _firms({firm_id for pair in worth for firm_id in pair})
    new = [pairings.store(firms[first], firms[second], at=at) for first, second in worth]
    db.session.flush()
    return sum(pairing is not None and pairing.suspected for pairing in new)


def _known(ids: list[int]) -> dict[Pair, Pairing]:
    """Stored pairs of these firms; each is met from both its firms, and the second time costs no more than a look."""
    loaded = (selectinload(Pairing.verdicts), selectinload(Pairing.first), selectinload(Pairing.second))
    sides = (Pairing.first_id, Pairing.second_id)
    rows = [row for side in sides for row in db.session.scalars(select(Pairing).where(side.in_(ids)).options(*loaded))]
    return {(pairing.first_id, pairing.second_id): pairing for pairing in rows}


def _records(ids: set[int], directory: Directory) -> dict[int, Record]:
    """What is compared, without the weight of whole firms: few of the near ones are stored."""
    columns = (Firm.id, Firm.name, Firm.credit_code, *CONTACTS)
    addresses = (Firm.registered_address, Firm.operating_address)
    statement = select(*columns, *addresses).where(Firm.id.in_(ids), *LIVING)
    return {
        row.id: Record(
            row.name,
            row.credit_code,
            tuple(directory.former.get(row.id, ())),
            phone=contacts.read(row, contacts.PHONE),
            address=row.registered_address or row.operating_address,
        )
        for row in db.session.execute(statement)
    }


def _firms(ids: set[int]) -> dict[int, Firm]:
    statement = select(Firm).where(Firm.id.in_(ids)).options(selectinload(Firm.former_names))
    return {firm.id: firm for firm in db.session.scalars(statement).unique()}
