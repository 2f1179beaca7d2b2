"""Import batches in an actor's reach, and the staged rows of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, false, func, not_, or_, select, true

from registry.base.belongings import Belonging
from registry.base.errors import DOUBTS
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import LISTED_STAGES, BatchState, Role, RowKind
from registry.firms.models.firms import Firm
from registry.imports.models import ColumnChoice, ImportBatch, ImportRow

RUNNING = (
    BatchState.WAITING,
    BatchState.CHECKING,
    BatchState.APPLYING,
    BatchState.TAKING_BACK,
    BatchState.UNDOING,
)
"""States in which a job is at work, or will be."""


def visible_to(actor: Actor) -> Select[ImportBatch]:
    """The batches of the actor's office (of all offices for the city office and auditors), the newest first."""
    return select(ImportBatch).where(_within(actor)).order_by(ImportBatch.id.desc())


def _within(actor: Actor) -> ColumnElement[bool]:
    """`base.permissions` says the same of one batch (`import.read`)."""
    if actor.holds(Role.AUDITOR, Role.CITY_OFFICE):
        return true()
    if actor.holds(Role.CLERK, Role.OFFICER):
        return ImportBatch.office_id == actor.office_id
    return false()


def one(actor: Actor, batch_id: int) -> Select[ImportBatch]:
    return visible_to(actor).where(ImportBatch.id == batch_id)


def matching(statement: Select[ImportBatch], *, state: str = "", text: str = "") -> Select[ImportBatch]:
    """`statement` narrowed to one state and to a part of the file's name."""
    if state in set(BatchState):
        statement = statement.where(ImportBatch.state == state)
    return statement.where(ImportBatch.filename.contains(text, autoescape=True)) if text else statement


def rows(batch: ImportBatch, *, kind: str = "", text: str = "") -> Select[ImportRow]:
    """The rows of a batch in the order of the file, of one kind, with a part of the name or code."""
    statement = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if kind in set(RowKind):
        statement = statement.where(ImportRow.kind == kind)
    if text:
        code = ImportRow.credit_code.contains(text.upper(), autoescape=True)
        statement = statement.where(or_(ImportRow.name.contains(text, autoescape=True), code))
    return statement.order_by(ImportRow.number)


def doubtful(batch: ImportBatch) -> int:
    """How many rows about to be written ask a question: a figure that looks odd, or what was assumed in reading."""
    written = (ImportRow.batch_id == batch.id, ImportRow.kind.in_((RowKind.NEW, RowKind.CHANGED)))
    # no other text of a notice stands in quotes after "code"; the code of an odd figure begins so (base/faults.py)
    notices = cast(ImportRow.notices, String)
    codes = ['"code": "figure_', *(f'"code": "{code}"' for code in sorted(DOUBTS))]
    doubted = or_(*(notices.contains(code, autoescape=True) for code in codes))
    return db.session.scalar(select(func.count(ImportRow.id)).where(*written, doubted)) or 0


class Questions(NamedTuple):
    """What is asked before a batch is written: `choosable` rows look like a firm on record, of which `undecided` have
    no answer that writes anything; `corrected` change what stands of a firm on the list, for which the form would ask a
    reason: a figure of a period that had none is no correction.
    """

    choosable: int
    undecided: int
    corrected: int


def questions(batch: ImportBatch) -> Questions:
    offers = cast(ImportRow.alternatives, String) != "{}"
    listed = and_(ImportRow.kind == RowKind.CHANGED, Firm.stage.in_(LISTED_STAGES), not_(_only_adds()))
    counted = (offers, and_(offers, ImportRow.kind == RowKind.DUPLICATE), listed)
    sums = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in counted)
    rows = select(*sums).select_from(ImportRow).outerjoin(Firm, Firm.id == ImportRow.firm_id)
    return Questions(*db.session.execute(rows.where(ImportRow.batch_id == batch.id)).one())


def _only_adds() -> ColumnElement[bool]:
    """A changed row that sets no field, adds no name, and whose figures replace none."""
    values, changes = cast(ImportRow.values, String), cast(ImportRow.changes, String)
    return and_(values.contains('"fields": {}'), values.contains('"former": []'), not_(changes.contains('"before": "')))


def corrected(batch: ImportBatch) -> int:
    """How many rows want a reason."""
    return questions(batch).corrected if batch.changed else 0


def returned(batch: ImportBatch) -> list[ImportRow]:
    """The rows that were not taken, as they were typed."""
    back = ImportRow.kind.in_((RowKind.DUPLICATE, RowKind.FAULTY))
    rows = select(ImportRow).where(ImportRow.batch_id == batch.id, back)
    return list(db.session.scalars(rows.order_by(ImportRow.number)))


def firms_of(batch: ImportBatch) -> Select[Any]:
    """The numbers of the firms that the batch made or changed."""
    rows = select(ImportRow.firm_id).where(ImportRow.batch_id == batch.id, ImportRow.outcome == "applied")
    return rows.where(ImportRow.firm_id.is_not(None))


def kept(batch: ImportBatch) -> Select[ImportRow]:
    """Rows that undoing left as they are, for their firms were worked on since."""
    return (
        select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.outcome == "kept").order_by(ImportRow.number)
    )


def left(batch: ImportBatch) -> list[dict[str, Any]]:
    """Changed rows that were not written, for somebody changed the firm while the batch was being applied."""
    rows = select(ImportRow.number, ImportRow.name, ImportRow.firm_id)
    rows = rows.where(ImportRow.batch_id == batch.id, ImportRow.outcome == "left").order_by(ImportRow.number)
    return [{"row": number, "name": name, "firm": firm_id} for number, name, firm_id in db.session.execute(rows)]


def columns_of(actor: Actor) -> Select[ColumnChoice]:
    """What the actor's own office has said of headings of lists, in their order; nobody sees another's."""
    return _columns_of(actor).where(ColumnChoice.form == "").order_by(ColumnChoice.heading)


def form_columns_of(actor: Actor) -> Select[ColumnChoice]:
    """The same of headings of forms that an upper level sent, form by form."""
    rows = _columns_of(actor).where(ColumnChoice.form != "")
    return rows.order_by(ColumnChoice.form_title, ColumnChoice.form, ColumnChoice.heading)


def _columns_of(actor: Actor) -> Select[ColumnChoice]:
    return select(ColumnChoice).where(ColumnChoice.office_id == actor.office_id)


def column_of(actor: Actor, choice_id: int) -> Select[ColumnChoice]:
    return columns_of(actor).where(ColumnChoice.id == choice_id)


def carrying(batch: ImportBatch) -> int:
    """How many rows that change nothing else bring something that is kept beside the firm."""
    if not (batch.unchanged and _headings_carried(batch.reading)):
        return 0
    rows = select(func.count(ImportRow.id)).where(
        ImportRow.batch_id == batch.id, ImportRow.kind == RowKind.UNCHANGED, _is_carrying()
    )
    return db.session.scalar(rows) or 0


def _is_carrying() -> ColumnElement[bool]:
    return cast(ImportRow.carried, String) != "{}"


def carried_headings(actor: Actor) -> list[str]:
    """The headings of columns that the actor's own office carries along, in the order they came."""
    return list(dict.fromkeys(heading for headings in _carriers(actor).values() for heading in headings))


def _carriers(actor: Actor) -> dict[int, list[str]]:
    """The imports of the actor's own office that stand and carry something along, with the headings of it."""
    rows = select(ImportBatch.id, ImportBatch.reading).order_by(ImportBatch.id)
    rows = rows.where(ImportBatch.office_id == actor.office_id, ImportBatch.state == BatchState.APPLIED)
    found = {batch_id: _headings_carried(reading) for batch_id, reading in db.session.execute(rows)}
    return {batch_id: headings for batch_id, headings in found.items() if headings}


def _headings_carried(reading: Mapping[str, Any]) -> list[str]:
    return [
        column.get("kept", column["heading"]) for column in reading.get("columns", ()) if column["taken"] == "carried"
    ]


def carried_of(actor: Actor, firm_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Of these firms what the actor's own office keeps beside them, by heading; what came last holds.

    What came with an entry that was merged into one of them is the firm's too.
    """
    onto = {firm_id: firm_id for firm_id in firm_ids}
    level = list(onto)
    while level:
        merged = db.session.execute(select(Firm.id, Firm.merged_into_id).where(Firm.merged_into_id.in_(level))).all()
        level = [folded for folded, _winner in merged if folded not in onto]
        onto |= {folded: onto[winner] for folded, winner in merged if winner is not None and folded in level}
    rows = select(ImportRow.firm_id, ImportRow.carried).where(
        ImportRow.batch_id.in_(_carriers(actor)), ImportRow.firm_id.in_(onto), ImportRow.outcome.in_(("", "applied"))
    )
    found: dict[int, dict[str, Any]] = {}
    for firm_id, carried in db.session.execute(rows.order_by(ImportRow.batch_id, ImportRow.number)):
        found.setdefault(onto[firm_id], {}).update(carried)
    return found


_UNSETTLED = (BatchState.WAITING, BatchState.CHECKING, BatchState.CHECKED)
BELONGINGS = (
    Belonging(
        "imports",
        N_("待确认的导入文件"),
        ImportBatch.by_id,
        lambda _user: ImportBatch.state.in_(_UNSETTLED),
        roles=frozenset({Role.CLERK, Role.CITY_OFFICE}),
        for_deputy=True,
    ),
)


# -- what waits -----------------------------------------------------------------------------------
def to_confirm(actor: Actor) -> Select[ImportBatch] | None:
    """Checked workbooks that nobody has confirmed or given up yet: for whoever brought them."""
    if not actor.holds(Role.CLERK, Role.CITY_OFFICE):
        return None
    return (
        select(ImportBatch)
        .where(ImportBatch.state == BatchState.CHECKED, ImportBatch.by_id.in_(actor.people))
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


def _to_confirm(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "batch", row.filename, row.id, row.office.short_name, row.created_at, row.new + row.changed,
            label=N_("导入待确认"), endpoint="imports.show", values={"batch_id": row.id},
        )
        for row in first_of(to_confirm(actor), limit)
    ]  # fmt: skip


WAITING = (Pending("batch", N_("导入待确认"), "imports.listing", to_confirm, tasks=_to_confirm),)
