"""What came after a merge, and what stands in the way of taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from registry.base import errors
from registry.base.errors import RegistryError, UnmergeRefused
from registry.base.extensions import db
from registry.base.vocabulary import STAGE_LABELS
from registry.claims.models import Claim
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.firms.models.firms import Firm, FormerName
from registry.firms.models.merges import Merge
from registry.firms.queries import history, merged
from registry.merges.queries import merges, plans
from registry.merges.rules import ALONG, CHOSEN
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.qualifications.models import Qualification
from registry.taxfigures.models import TaxFigure

ASKED: tuple[Any, ...] = (Figure, Document, Qualification, TaxFigure, Proposal, Claim, FormerName)
"""Tables whose later rows are asked about, each by its `firm_id`; branches are asked about too."""
BRANCH = "branch"


@dataclass(frozen=True)
class Addition:
    """A row that came to the winner after the merge; one that is `fixed` stays with it."""

    table: str
    row: Any
    fixed: bool = False

    @property
    def key(self) -> str:
        return f"{self.table}-{self.row.id}"


@dataclass(frozen=True)
class LaterEdit:
    """A field, with those along, edited since the merge: the winner's own, what the merge left, what it is now."""

    key: str
    before: tuple[Any, ...]
    left: tuple[Any, ...]
    now: tuple[Any, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return self.key, *ALONG.get(self.key, ())


@dataclass(frozen=True)
class Undoing:
    """Everything a person has to see before a merge is taken back."""

    merge: Merge
    additions: tuple[Addition, ...]
    edits: tuple[LaterEdit, ...]
    refusal: RegistryError | None
    digest: str
    seq: int


def undoing(merge: Merge) -> Undoing:
    winner, folded = merge.winner, merge.folded
    told = f"{plans.digest(winner, folded)} {merge.undone_at}"
    return Undoing(
        merge,
        tuple(_additions(merge)),
        tuple(_edits(merge)),
        _refusal(merge),
        hashlib.sha256(told.encode()).hexdigest(),
        plans.last_act(winner, folded),
    )


def marks(winner: Firm) -> dict[str, Any]:
    """What there is now, so that what comes later is known."""
    highest = {model.__tablename__: db.session.scalar(select(func.max(model.id))) or 0 for model in ASKED}
    return {**highest, "branches": _branches(winner)}


def _branches(firm: Firm) -> list[int]:
    return list(db.session.scalars(select(Firm.id).where(Firm.parent_id == firm.id).order_by(Firm.id)))


def _additions(merge: Merge) -> Iterator[Addition]:
    made = {(move.table_name, move.row_id) for move in merges.moves_of(merge, undoing=False) if not move.column}
    added = {model: _later(model, merge) for model in ASKED}
    # a paper goes where its figure or certificate goes
    papers = {row.document_id for model in (Figure, Qualification) for row in added[model]}
    moved = moved_ids(merge, "qualification", "firm_id")
    for model, rows in added.items():
        for row in rows:
            follows = (model is Document and row.id in papers) or (model is Qualification and _follows(row, moved))
            if not follows and (model.__tablename__, row.id) not in made:
                yield Addition(model.__tablename__, row, fixed=_is_open(row))
    known = {*merge.marks["branches"], *moved_ids(merge, "firm", "parent_id")}
    for branch_id in _branches(merge.winner):
        if branch_id not in known:
            yield Addition(BRANCH, db.session.get_one(Firm, branch_id))


def _follows(row: Qualification, moved: set[int]) -> bool:
    """A renewal or correction of a certificate that came with the merge: it goes back with it, and nobody is asked."""
    found = bool({row.renews_id, row.corrects_id} & moved)
    if found:
        moved.add(row.id)
    return found


def followers(merge: Merge) -> list[Qualification]:
    """Certificates entered since that renew or correct one that came with the merge, in the order of their entry."""
    moved = moved_ids(merge, "qualification", "firm_id")
    return [row for row in _later(Qualification, merge) if _follows(row, moved)]


def _later(model: Any, merge: Merge) -> list[Any]:
    """Of a table that came after the merge, every row is later."""
    rows = select(model).where(model.firm_id == merge.winner_id, model.id > merge.marks.get(model.__tablename__, 0))
    return list(db.session.scalars(rows.order_by(model.id)).unique())


def _is_open(row: Any) -> bool:
    """A claim that waits for its decision concerns the firm that was claimed."""
    return isinstance(row, Claim) and row.decided_at is None


def moved_ids(merge: Merge, table: str, column: str) -> set[int]:
    moves = merges.moves_of(merge, undoing=False)
    return {move.row_id for move in moves if (move.table_name, move.column) == (table, column)}


def _edits(merge: Merge) -> Iterator[LaterEdit]:
    before, left = (_typed(state["winner"]) for state in (merge.before, merge.after))
    now = plans.values(merge.winner)
    for key in CHOSEN:
        keys = (key, *ALONG.get(key, ()))
        if any(now[one] != left[one] for one in keys):
            yield LaterEdit(key, *(tuple(values[one] for one in keys) for values in (before, left, now)))


def _typed(state: dict[str, Any]) -> dict[str, Any]:
    return {key: history.typed(key, value) for key, value in state.items()}


def state(merge: Merge, which: str, side: str) -> dict[str, Any]:
    """The fields of one side (`winner`, `folded`) as the merge found (`before`) or left (`after`) them."""
    return _typed(getattr(merge, which)[side])


def _refusal(merge: Merge) -> RegistryError | None:
    """Merges are taken back in the opposite order, and not while a bureau looks at the firm."""
    winner = merge.winner
    if merge.undone_at is not None:
        return UnmergeRefused(errors.UNMERGE_DONE, day=merge.undone_at.date().isoformat())
    if (onward := merged.standing_of(winner)) is not None:
        day, into = onward.on.isoformat(), onward.winner.name
        return UnmergeRefused(errors.UNMERGE_WINNER_MERGED, name=winner.name, into=into, day=day)
    later = next((row for row in merges.into(winner) if row.id > merge.id), None)
    if later is not None:
        day = later.on.isoformat()
        return UnmergeRefused(errors.UNMERGE_LATER, folded=later.folded.name, name=winner.name, day=day)
    if nominations.open_of(winner) is not None:
        return UnmergeRefused(errors.UNMERGE_OPEN, name=winner.name, stage=STAGE_LABELS[winner.stage])
    return code_held(merge, _codes(merge))


def _codes(merge: Merge) -> list[str | None]:
    """The codes that come back where nobody says otherwise; one the winner was given since stays with it."""
    found = [state(merge, "before", side)["credit_code"] for side in ("winner", "folded")]
    edited = merge.winner.credit_code != state(merge, "after", "winner")["credit_code"]
    return found[1:] if edited else found


def code_held(merge: Merge, codes: Iterable[str | None]) -> UnmergeRefused | None:
    """Why `codes` cannot be given back: another entry holds one of them."""
    wanted = [code for code in codes if code]
    either = (merge.winner_id, merge.folded_id)
    held = select(Firm.credit_code).where(
        Firm.credit_code.in_(wanted), Firm.id.not_in(either), Firm.voided_at.is_(None)
    )
    code = db.session.scalars(held.limit(1)).first() if wanted else None
    return UnmergeRefused(errors.UNMERGE_CODE, code=code) if code else None
