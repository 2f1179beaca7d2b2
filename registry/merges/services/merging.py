"""Two entries of one firm become one: every cell that moves is on record, and nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base import errors
from registry.base.errors import (
    ExcludedTown,
    FieldError,
    MergeBlocked,
    MergeMoved,
    NotAllowed,
    OutOfTerritory,
    ReasonNeeded,
    RegistryError,
)
from registry.base.extensions import db, provided
from registry.base.permissions import Actor, can
from registry.base.vocabulary import FIGURE_KIND_LABELS, Action
from registry.duplicates.services import pairings
from registry.entries.services import entries
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.firms.services import announcing
from registry.merges import rules
from registry.merges.queries import plans, undo_plans
from registry.merges.queries.plans import Plan
from registry.merges.queries.tables import WHOLE
from registry.merges.rules import Codes, Pick
from registry.merges.services import moves
from registry.merges.services.moves import Book
from registry.pathway.services import pathway, standing
from registry.reference.queries import reference


@dataclass(frozen=True)
class MergeChoice:
    """What a person decided: whose value by field (`name`) or figure (`revenue 2021-09`), and why.

    `code_ground` is one of `merging.CODE_GROUNDS`, `code_checked` the second word on it: both only where codes differ.
    """

    reason: str
    picks: Mapping[str, Pick] = field(default_factory=dict)
    code_ground: str = ""
    code_checked: bool = False


def merge(
    actor: Actor, winner: Firm, folded: Firm, choice: MergeChoice, *, at: datetime, on: date, seen: str = ""
) -> Merge:
    """Fold `folded` into `winner`. `seen` is the digest of the plan that was shown.

    Raises NotAllowed, MergeMoved where either changed since, MergeBlocked with every obstacle, FieldError.
    """
    if not can(actor, "firm.merge", winner):
        raise NotAllowed
    moves.hold(winner, folded)
    plan = plans.plan(winner, folded)
    if seen and seen != plan.digest:
        raise MergeMoved
    check(plan, choice)
    merge = _begin(actor, plan, choice, at=at, on=on)
    book = Book(merge, on)
    figures = plans.moving(winner, folded, choice.picks)
    _take_fields(book, plan, choice, at=at, on=on)
    _copy_names(book, winner, folded, at=at, on=on)
    _move_figures(book, figures)
    for leaves in provided("entry_folded"):
        leaves(actor, folded, at=at)
    for model in WHOLE:
        _move_all(book, model)
    _move_branches(book, actor, at=at)
    folded.merged_into_id = winner.id
    pathway.advance(actor, folded, Action.MERGE, at=at, on=on, note=choice.reason)
    merge.after = {"winner": moves.state(winner), "folded": moves.state(folded)}
    moves.record(actor, book, Action.MERGE, at=at, reason=choice.reason, before=merge.before)
    for firm in (winner, folded):
        standing.refresh(firm, on=on, at=at)
    pairings.find(winner, at=at)
    announcing.merged(actor, merge, at=at)
    return merge


def check(plan: Plan, choice: MergeChoice) -> None:
    """Raise MergeBlocked with all that is in the way, or the first fault of the choice."""
    if plan.obstacles:
        raise MergeBlocked(plan.obstacles)
    for fault in faults(plan, choice):
        raise fault


def faults(plan: Plan, choice: MergeChoice) -> Iterator[FieldError]:
    """Everything that is missing or wrong in a choice; a figure's field is called by its kind and period."""
    for clash in plan.clashes:
        if choice.picks.get(clash.key, clash.default) is None:
            kind = FIGURE_KIND_LABELS[clash.kind]
            yield FieldError(clash.key, errors.MERGE_FIGURE, period=clash.period.label, kind=kind)
    yield from _places(plan, rules.taken_over(plan.differences, choice.picks))
    if plan.codes is Codes.DIFFERENT:
        if choice.code_ground not in rules.CODE_GROUNDS:
            yield FieldError("code_ground", errors.MERGE_CODE_GROUND)
        if not choice.code_checked:
            yield FieldError("code_checked", errors.MERGE_CODE_CHECKED)
    if not choice.reason.strip():
        yield ReasonNeeded()


def _places(plan: Plan, taken: Mapping[str, Any]) -> Iterator[FieldError]:
    """The winner stays with its office, so it must lie in that office's territory."""
    try:
        entries.refuse_foreign(plan.winner.office, taken)
    except (OutOfTerritory, ExcludedTown):
        place = reference.division_names().get(taken.get("division") or "", "")
        yield FieldError("division", errors.MERGE_AREA, place=place)


def _begin(actor: Actor, plan: Plan, choice: MergeChoice, *, at: datetime, on: date) -> Merge:
    fields = {row.key: row.default for row in plan.differences if row.is_open}
    defaults = {**fields, **{clash.key: clash.default for clash in plan.clashes}}
    row = Merge(
        winner=plan.winner,
        folded=plan.folded,
        at=at,
        on=on,
        by_id=actor.user_id,
        by_name=actor.name,
        reason=choice.reason.strip(),
        code_ground=choice.code_ground if plan.codes is Codes.DIFFERENT else "",
        picks={key: choice.picks.get(key, default) for key, default in defaults.items()},
        before={**_both(plan), "figures": {one.key: [str(one.winner), str(one.folded)] for one in plan.clashes}},
        after={},
        marks=undo_plans.marks(plan.winner),
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise RegistryError(errors.MERGE_SAME_TIME) from error
    return row


def _both(plan: Plan) -> dict[str, Any]:
    return {"winner": moves.state(plan.winner), "folded": moves.state(plan.folded)}


# -- doing it -------------------------------------------------------------------------------------
def _take_fields(book: Book, plan: Plan, choice: MergeChoice, *, at: datetime, on: date) -> None:
    """Set what was chosen from the folded entry; a name that gives way is kept, a code that does goes to the other."""
    winner, folded = plan.winner, plan.folded
    taken = rules.taken_over(plan.differences, choice.picks)
    if "name" in taken:
        _keep_own_name(book, winner, at=at, on=on, reason=choice.reason)
    if "credit_code" in taken:
        _swap_codes(winner, folded)
    moves.set_fields(winner, taken)
    if "industry" in taken:
        winner.industry_confirmed = folded.industry_confirmed
    winner.first_time = winner.first_time and folded.first_time
    db.session.flush()


def _swap_codes(winner: Firm, folded: Firm) -> None:
    """A code is held by one entry at a time; the one that gives way stays with the folded entry and leads on."""
    given = {"credit_code": winner.credit_code, "no_code_reason": winner.no_code_reason}
    winner.credit_code = folded.credit_code = None
    db.session.flush()
    moves.set_fields(folded, given)
    db.session.flush()


def _keep_own_name(book: Book, winner: Firm, *, at: datetime, on: date, reason: str) -> None:
    """The winner's own name until now, like one it gave up on the day of the merge."""
    since = entries.borne_since(winner)
    until = on - timedelta(days=1)
    since, until = (since, until) if since is None or since <= until else (None, until)
    book.make(entries.keep_name(winner, winner.name, at=at, reason=reason, since=since, until=until))


def _copy_names(book: Book, winner: Firm, folded: Firm, *, at: datetime, on: date) -> None:
    """Every name of the folded entry leads to the winner from now on; the entry itself keeps its own."""
    db.session.expire(winner, ["former_names"])
    known = {winner.name, *(former.name for former in winner.former_names)}
    spans = {former.name: (former.valid_from, former.valid_to) for former in folded.former_names}
    last = max((former.valid_to for former in folded.former_names if former.valid_to), default=None)
    spans[folded.name] = (last + timedelta(days=1) if last else None, on)
    for name, (since, until) in spans.items():
        if name not in known:
            former = entries.keep_name(winner, name, at=at, reason=book.merge.reason, since=since, until=until)
            former.merge_id = book.merge.id
            book.make(former)
    db.session.expire(winner, ["former_names"])


def _move_figures(book: Book, periods: list[plans.Key]) -> None:
    """All revisions of a period together, numbered after the winner's own: what was chosen counts."""
    highest = moves.highest(book.merge.winner_id)
    for figure in _rows_of(Figure, book.merge.folded_id):
        key = (figure.kind, figure.year, figure.month)
        if key in periods:
            book.move(figure, firm_id=book.merge.winner_id, revision=figure.revision + highest.get(key, 0))
    db.session.flush()


def _rows_of(model: Any, firm_id: int) -> list[Any]:
    rows = select(model).where(model.firm_id == firm_id).order_by(model.id)
    return list(db.session.scalars(rows).unique())


def _move_all(book: Book, model: Any) -> None:
    for row in _rows_of(model, book.merge.folded_id):
        book.move(row, firm_id=book.merge.winner_id)
    db.session.flush()


def _move_branches(book: Book, actor: Actor, *, at: datetime) -> None:
    branches = select(Firm).where(Firm.parent_id == book.merge.folded_id).order_by(Firm.id)
    for branch in db.session.scalars(branches).unique().all():
        moves.link(book, actor, branch, book.merge.winner_id, at=at)
    db.session.flush()
