"""A merge is taken back: both entries have again what they had, and what came later goes where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from registry.base.errors import MergeMoved, NotAllowed, ReasonNeeded
from registry.base.extensions import db
from registry.base.firm_fields import FIELDS
from registry.base.permissions import SYSTEM_ACTOR, Actor, can
from registry.base.vocabulary import Action, Stage, UndoGround
from registry.duplicates.services import judging, pairings
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge, MergeMove
from registry.firms.services import announcing
from registry.merges.queries import merges, undo_plans
from registry.merges.queries.tables import MOVABLE
from registry.merges.queries.undo_plans import Addition, Undoing
from registry.merges.rules import Pick
from registry.merges.services import moves
from registry.merges.services.moves import Book
from registry.pathway.services import pathway, standing
from registry.qualifications.models import Qualification


def unmerge(
    actor: Actor,
    merge: Merge,
    *,
    reason: str,
    ground: UndoGround,
    picks: Mapping[str, Pick] = MappingProxyType({}),
    at: datetime,
    on: date,
    seen: str = "",
) -> None:
    """Give both entries back what they had. `picks`: whose a later addition or edit is; without a word, the winner's.

    Where the `ground` is that they are two firms, the pair is judged *different* by whoever takes the merge back.
    Raises NotAllowed, UnmergeRefused with what comes first, MergeMoved where either changed since, ReasonNeeded.
    """
    if not can(actor, "merge.undo", merge):
        raise NotAllowed
    moves.hold(merge.winner, merge.folded)
    db.session.refresh(merge)
    found = undo_plans.undoing(merge)
    if found.refusal:
        raise found.refusal
    if seen and seen != found.digest:
        raise MergeMoved
    if not reason.strip():
        raise ReasonNeeded
    before = {"winner": moves.state(merge.winner), "folded": moves.state(merge.folded)}
    book = Book(merge, on, undoing=True)
    followers = undo_plans.followers(merge)
    _move_back(book, actor, at=at)
    _hand_over_certificates(book, followers)
    _hand_over(book, actor, [row for row in found.additions if picks.get(row.key) is Pick.FOLDED], at=at)
    _give_back_fields(merge, found, picks)
    merge.undone_at, merge.undone_by_id, merge.undone_by_name = at, actor.user_id, actor.name
    merge.undo_ground, merge.undo_reason = ground, reason.strip()
    merge.folded.merged_into_id = None
    pathway.restore(actor, merge.folded, at=at, on=on, note=reason)
    merge.folded.stage_on = undo_plans.state(merge, "before", "folded")["stage_on"]
    moves.record(actor, book, Action.UNMERGE, at=at, reason=reason, before=before)
    for firm in (merge.winner, merge.folded):
        standing.refresh(firm, on=on, at=at)
    _step_down(merge, on=on, at=at)
    for firm in (merge.winner, merge.folded):
        pairings.find(firm, at=at)
    announcing.parted(actor, merge, at=at)
    if ground is UndoGround.APART:
        judging.part(actor, (merge.winner, merge.folded), reason=reason, at=at)


def _move_back(book: Book, actor: Actor, *, at: datetime) -> None:
    """Each cell as it was, the last first; one that somebody has changed since stays as it is now."""
    made = merges.moves_of(book.merge, undoing=False)
    for (table, row_id), cells in _by_row(made).items():
        row = db.session.get(MOVABLE[table], row_id)
        if row is None or any(getattr(row, cell.column) != cell.after for cell in cells if cell.column):
            continue
        if not cells[0].column:
            book.unmake(row)
        elif table == "firm":
            moves.link(book, actor, row, cells[0].before, at=at)
        else:
            book.move(row, **{cell.column: cell.before for cell in cells})
        db.session.flush()
    db.session.expire(book.merge.winner, ["former_names"])


def _by_row(made: Iterable[MergeMove]) -> dict[tuple[str, int], list[MergeMove]]:
    found: dict[tuple[str, int], list[MergeMove]] = {}
    for move in made:
        found.setdefault((move.table_name, move.row_id), []).append(move)
    return dict(reversed(found.items()))


def _hand_over(book: Book, actor: Actor, additions: Iterable[Addition], *, at: datetime) -> None:
    """What came to the winner since the merge and is the other's; a figure takes its paper along."""
    folded = book.merge.folded_id
    for addition in additions:
        row = addition.row
        if addition.fixed:
            continue
        if addition.table == undo_plans.BRANCH:
            moves.link(book, actor, row, folded, at=at)
        elif addition.table == "figure":
            key = (row.kind, row.year, row.month)
            book.move(row, firm_id=folded, revision=moves.highest(folded).get(key, 0) + 1)
            _with_paper(book, row)
        elif addition.table == "qualification":
            _hand_over_certificates(book, [row])
        else:
            book.move(row, firm_id=folded)
        db.session.flush()
    for firm in (book.merge.winner, book.merge.folded):
        db.session.expire(firm, ["former_names"])


def _hand_over_certificates(book: Book, rows: Iterable[Qualification]) -> None:
    for row in rows:
        book.move(row, firm_id=book.merge.folded_id)
        _with_paper(book, row)
    db.session.flush()


def _with_paper(book: Book, row: Figure | Qualification) -> None:
    """The paper of what is handed over, if it came since the merge too."""
    paper, folded = row.document, book.merge.folded_id
    if paper is not None and paper.id > book.merge.marks["document"] and paper.firm_id != folded:
        book.move(paper, firm_id=folded)


def _give_back_fields(merge: Merge, found: Undoing, picks: Mapping[str, Pick]) -> None:
    """The fields of before; one edited since stays with the winner, or goes to the other where it is said to be its."""
    winner, folded = merge.winner, merge.folded
    of_winner, of_folded = (undo_plans.state(merge, "before", side) for side in ("winner", "folded"))
    left = undo_plans.state(merge, "after", "winner")
    for edit in found.edits:
        now = dict(zip(edit.keys, edit.now, strict=True))
        if picks.get(edit.key) is Pick.FOLDED:
            of_folded |= now
        else:
            of_winner |= now
            if edit.key == "industry":
                of_winner["industry_confirmed"] = winner.industry_confirmed
    if winner.first_time != left["first_time"]:
        of_winner["first_time"] = winner.first_time
    if winner.industry == of_winner["industry"] and winner.industry_confirmed != left["industry_confirmed"]:
        of_winner["industry_confirmed"] = winner.industry_confirmed
    if refusal := undo_plans.code_held(merge, (of_winner["credit_code"], of_folded["credit_code"])):
        raise refusal
    _restore_fields(winner, of_winner, folded, of_folded)


def _restore_fields(winner: Firm, of_winner: dict[str, Any], folded: Firm, of_folded: dict[str, Any]) -> None:
    if (winner.credit_code, folded.credit_code) != (of_winner["credit_code"], of_folded["credit_code"]):
        for firm in (winner, folded):
            moves.set_fields(firm, {"credit_code": None})
        db.session.flush()
    for firm, values in ((winner, of_winner), (folded, of_folded)):
        given = {key: values[key] for key in FIELDS if getattr(firm, key) != values[key]}
        moves.set_fields(firm, given)
        firm.industry_confirmed, firm.first_time = values["industry_confirmed"], values["first_time"]
        db.session.flush()


def _step_down(merge: Merge, *, on: date, at: datetime) -> None:
    """达标应入 by the other's figures alone ends with them, though no figure of the winner's own fell."""
    winner, was = merge.winner, undo_plans.state(merge, "before", "winner")
    if (was["stage"], winner.stage) == (Stage.ADMITTED, Stage.QUALIFIED) and winner.revenue_to_date is None:
        pathway.advance(SYSTEM_ACTOR, winner, Action.DISQUALIFY, at=at, on=on, note=merge.undo_reason)
    if winner.stage == was["stage"]:
        winner.stage_on = was["stage_on"]
    db.session.flush()
