"""Rows that name a firm for the first time: what is worked out of them while staging, and what is written of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, literal, select, text

from registry.base import contacts
from registry.base.extensions import db
from registry.base.faults import Notice
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, FigureSource, Stage
from registry.entries.services.entries import dated_state, with_derived
from registry.figures.models import Figure
from registry.figures.queries.on_record import Records
from registry.firms.models.firms import Firm, FormerName
from registry.imports.models import ImportBatch
from registry.imports.services.chunks import Reached
from registry.imports.services.plain import plain_all, typed
from registry.imports.services.rows import Reading
from registry.matching.keys import keys
from registry.pathway.models import PathwayEvent
from registry.pathway.queries import positions
from registry.pathway.services import standing

_BLANK: dict[str, Any] = {
    column.name: None if column.default is None else column.default.arg for column in Firm.__table__.columns
}
"""A firm of which nothing is known, so that every row of one statement names the same columns."""


class Written(NamedTuple):
    """Whose act it is, when, and for which batch: one turn of it."""

    actor: Actor
    batch: ImportBatch
    at: datetime
    on: date
    reached: Reached


def values_of(reading: Reading, on: date) -> dict[str, Any]:
    """What will be written of a new firm, as plain values, with what follows from it on the day `on`."""
    fields = {**reading.assumed, **reading.fields}
    figures = [[key, str(f.kind), f.period.year, f.period.month, str(f.amount)] for key, f in reading.figures.items()]
    odd = doubts_of(reading)
    return {
        "fields": plain_all(fields),
        "figures": figures,
        "doubts": odd,
        "former": list(dict.fromkeys(name for name in reading.former if name != reading.name)),
        "derived": plain_all(_derived(fields, figures, odd, on)),
    }


def doubts_of(reading: Reading) -> dict[str, list[dict[str, Any]]]:
    """By the key of a figure, what is odd about it, as it is kept beside it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for key, notice in reading.notices:
        if key in reading.figures and notice.is_doubt:
            found.setdefault(str(key), []).append(_noted(notice))
    return found


def _noted(notice: Notice) -> dict[str, Any]:
    """A doubt as it is kept beside the figure (`figures.rules.doubts.noted`)."""
    values = {key: value for key, value in notice.values.items() if key != "heading"}
    return {"cause": notice.code.removeprefix("figure_"), "values": values}


def rederived(values: dict[str, Any], on: date) -> dict[str, Any]:
    """`values` as `values_of` gives them, judged anew on a later day."""
    odd = values.get("doubts", {})
    return {**values, "derived": plain_all(_derived(typed(values["fields"]), values["figures"], odd, on))}


def _derived(
    fields: dict[str, Any], figures: Sequence[Sequence[Any]], odd: Mapping[str, list[Any]], on: date
) -> dict[str, Any]:
    """Match keys, county, bureaus and standing; no statement a row."""
    following = {key: value for key, value in with_derived(fields).items() if key not in fields}
    facts = {**_BLANK, "stage": Stage.LEAD, **fields, **following}
    records = Records([_figure(given, odd.get(given[0], [])) for given in figures])
    position = positions.told(facts, records, has_contact=contacts.are_known(facts), on=on)
    return following | standing.columns(fields.get("industry"), position, on)


def _figure(given: Sequence[Any], odd: list[Any]) -> Figure:
    """A figure that is in no table, for the rules to look at."""
    _, kind, year, month, amount = given
    exact = typed({"capital": amount})["capital"]
    return Figure(
        kind=kind,
        year=year,
        month=month,
        revision=1,
        amount=exact,
        source=FigureSource.WORKBOOK,
        document_id=None,
        doubts=odd,
    )


def reserve(connection: Connection, number: int) -> Iterator[int]:
    """Numbers for so many new firms, ascending; no one else will get them before this transaction ends."""
    if connection.dialect.name == "postgresql":
        statement = text("select nextval(pg_get_serial_sequence('firm', 'id')) from generate_series(1, :number)")
        return iter(sorted(connection.execute(statement, {"number": number}).scalars()))
    return count((connection.execute(select(func.max(Firm.id))).scalar() or 0) + 1)


def write(rows: Iterable[tuple[int, dict[str, Any]]], written: Written) -> None:
    """Insert firms under their reserved ids, each with its first event, figures and former names, in bulk."""
    created = list(rows)
    if not created:
        return
    _insert(Firm, [_firm(firm_id, values, written) for firm_id, values in created])
    _write_events(created[0][0], created[-1][0], written)
    figures = (
        ((firm_id, given, 1, values.get("doubts", {}).get(given[0], [])))
        for firm_id, values in created
        for given in values["figures"]
    )
    write_figures(figures, written)
    former = ((firm_id, name, "") for firm_id, values in created for name in values["former"])
    write_former_names(former, written)


def _write_events(first: int, last: int, written: Written) -> None:
    """Each of these firms was named for the first time: one statement for all of them."""
    actor, event = written.actor, PathwayEvent
    values: dict[Any, Any] = {
        event.firm_id: Firm.id,
        event.action: literal(Action.IMPORT.value),
        event.target: Firm.stage,
        event.on: Firm.stage_on,
        event.at: Firm.created_at,
        event.actor_id: Firm.created_by_id,
        event.actor_name: literal(actor.name),
        event.office_id: Firm.office_id,
        event.note: literal(""),
    }
    firms = select(*values.values()).where(Firm.id.between(first, last), Firm.batch_id == written.batch.id)
    table: Any = event.__table__
    db.session.execute(insert(table).from_select([column.key for column in values], firms))


def write_figures(given: Iterable[tuple[int, Sequence[Any], int, list[Any]]], written: Written) -> None:
    """Append figures: firm id, [key, kind, year, month, amount], revision, what was odd about it."""
    _insert(
        Figure,
        [
            {
                "firm_id": firm_id,
                "kind": kind,
                "year": year,
                "month": month,
                "revision": revision,
                "amount": amount,
                "source": FigureSource.WORKBOOK.value,
                "document_id": None,
                "reason": correction_of(written.batch) if revision > 1 else "",
                "batch_id": written.batch.id,
                "office_id": written.batch.office_id,
                "by_id": written.actor.user_id,
                "by_name": written.actor.name,
                "at": written.at,
                "voided_at": None,
                "doubts": odd,
                "assurance": reason_of(written.batch) if odd else "",
                "settled_by_name": "",
                "settled_note": "",
            }
            for firm_id, (_, kind, year, month, amount), revision, odd in given
        ],
    )


def write_former_names(given: Iterable[tuple[int, str, str]], written: Written) -> None:
    """Names the firms once bore, without dates: firm id, name, reason."""
    _insert(
        FormerName,
        [
            {
                "firm_id": firm_id,
                "name": name,
                "name_key": keys(name).name_key,
                "parts_key": keys(name).parts_key,
                "sound_key": keys(name).sound_key,
                "valid_from": None,
                "valid_to": None,
                "reason": reason,
                "recorded_at": written.at,
            }
            for firm_id, name, reason in given
        ],
    )


def reason_of(batch: ImportBatch) -> str:
    """By which batch a record changed, where nobody had to say why."""
    return f"#{batch.id} {batch.filename}"


def correction_of(batch: ImportBatch) -> str:
    """Why a record was corrected: the words of whoever confirmed the batch, else the batch."""
    return batch.reason or reason_of(batch)


def _firm(firm_id: int, values: dict[str, Any], written: Written) -> dict[str, Any]:
    return {
        **_BLANK,
        **dated_state(typed(values["fields"]), on=written.on, source=written.batch.filename),
        **typed(values["derived"]),
        "id": firm_id,
        "stage": Stage.LEAD.value,
        "stage_on": written.on,
        "office_id": written.batch.office_id,
        "batch_id": written.batch.id,
        "created_at": written.at,
        "created_by_id": written.actor.user_id,
        "version": 1,
    }


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model.__table__), rows)
