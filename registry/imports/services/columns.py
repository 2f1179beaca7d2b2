"""What an office says of headings that are not known: remembered for its files, and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from registry.base import errors, independence
from registry.base.characters import shown
from registry.base.errors import COLUMN_LEFT_OUT, FieldError, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.imports.models import ColumnChoice
from registry.people.models import Office
from registry.sheets.byhand import (
    Choices,
    ColumnUse,
    HeadingChoice,
    HeadingChoices,
    Remembered,
    compared,
    is_identity,
    is_our_own,
)
from registry.sheets.columns import IGNORED_HEADINGS, by_key, form_columns, has_key
from registry.sheets.meanings import plain
from registry.trail.services import trail

LONGEST = 200
_LABELS = {ColumnUse.CARRIED: errors.COLUMN_CARRIED, ColumnUse.LEFT_OUT: COLUMN_LEFT_OUT}
FORM_HEADINGS = (errors.COLUMN_FORM_HEADING, errors.COLUMN_FORM_COLUMN, errors.COLUMN_FORM_NOW)
"""The small table of the command: the heading in the file, our column, and how the heading is read today."""


@dataclass(frozen=True)
class HeadingScope:
    """Of which tables something is said: of lists of firms, or of one `form` of an upper level, called `title`.

    `labels`: what a heading may be given, key -> Chinese heading. `own`: whether a heading that is the very name of a
    column of ours may be given another one: our lists say it, the forms of others do not.
    """

    labels: Mapping[str, str]
    form: str = ""
    title: str = ""
    own: bool = False


def of_lists() -> HeadingScope:
    return HeadingScope({column.key: column.heading for column in form_columns()})


def of_office(office_id: int, form: str = "") -> dict[str, Remembered]:
    """What the office has said of lists or of a form, by the compared heading; no other office's."""
    rows = select(ColumnChoice).where(ColumnChoice.office_id == office_id, ColumnChoice.form == form)
    return {row.compared: _remembered(row) for row in db.session.scalars(rows.order_by(ColumnChoice.id))}


def _remembered(row: ColumnChoice) -> Remembered:
    return Remembered(HeadingChoice(ColumnUse(row.use), row.key), row.by_name, row.at.date().isoformat())


def for_reader(choices: Choices) -> HeadingChoices:
    return {heading: one.choice for heading, one in choices.items()}


def offered() -> list[tuple[str, str]]:
    """The columns a heading may be given, key and Chinese heading: those that a person may write."""
    return list(of_lists().labels.items())


def remember(
    actor: Actor,
    office: Office,
    heading: str,
    choice: HeadingChoice,
    *,
    at: datetime,
    scope: HeadingScope | None = None,
) -> ColumnChoice:
    """What the office says of a heading from now on, in place of what it said before.

    Raises FieldError on `heading` or `key`.
    """
    scope = scope or of_lists()
    key = _checked(heading, choice, scope)
    db.session.execute(select(Office.id).where(Office.id == office.id).with_for_update())  # one at a time
    row = db.session.scalars(_of(office, scope, key)).one_or_none()
    before = _told(row, scope.labels) if row is not None else None
    if row is None:
        row = ColumnChoice(office=office, compared=key, form=scope.form, form_title=scope.title)
        db.session.add(row)
    row.heading, row.use, row.key = shown(heading.strip(), LONGEST), choice.use.value, choice.key
    row.by_id, row.by_name, row.at = actor.user_id, actor.name, at
    db.session.flush()
    trail.record(actor, "give_column", row, at=at, before=before, after=_told(row, scope.labels))
    return row


def _of(office: Office, scope: HeadingScope, key: str) -> Select[ColumnChoice]:
    of_scope = select(ColumnChoice).where(ColumnChoice.office_id == office.id, ColumnChoice.form == scope.form)
    return of_scope.where(ColumnChoice.compared == key)


def say(
    actor: Actor,
    office: Office,
    heading: str,
    choice: HeadingChoice | None,
    *,
    at: datetime,
    scope: HeadingScope | None = None,
) -> None:
    """Remember it, or with None let the heading speak for itself again. Raises FieldError on `heading` or `key`."""
    if choice is None:
        forget(actor, office, heading, at=at, scope=scope)
    else:
        remember(actor, office, heading, choice, at=at, scope=scope)


def withdraw(actor: Actor, row: ColumnChoice, *, at: datetime, scope: HeadingScope | None = None) -> None:
    """The heading is read by itself again; files that were read keep how they were."""
    trail.record(actor, "withdraw_column", row, at=at, before=_told(row, (scope or of_lists()).labels))
    db.session.delete(row)
    db.session.flush()


def forget(actor: Actor, office: Office, heading: str, *, at: datetime, scope: HeadingScope | None = None) -> None:
    """Withdraw what the office said of a heading, if it did."""
    scope = scope or of_lists()
    row = db.session.scalars(_of(office, scope, compared(heading))).one_or_none()
    if row is not None:
        withdraw(actor, row, at=at, scope=scope)


def _told(row: ColumnChoice, labels: Mapping[str, str]) -> dict[str, Any]:
    told = {"heading": row.heading, "column": words(HeadingChoice(ColumnUse(row.use), row.key), labels)}
    return told | ({"form": row.form_title} if row.form else {})


def words(choice: HeadingChoice, labels: Mapping[str, str] | None = None) -> str:
    """What becomes of a heading, in a Chinese word: the column it is read as, or that it is carried or left out."""
    if choice.key is None:
        return _LABELS[choice.use]
    return (labels or {}).get(choice.key) or by_key(choice.key).heading


def _checked(heading: str, choice: HeadingChoice, scope: HeadingScope) -> str:
    key = compared(heading)
    if (
        not key
        or len(heading.strip()) > LONGEST
        or (not scope.own and plain(heading) in {plain(one) for one in IGNORED_HEADINGS})
    ):
        raise FieldError("heading", errors.COLUMN_NO_HEADING)
    if is_our_own(heading) and not scope.own:
        raise FieldError("heading", errors.COLUMN_OWN, heading=heading.strip())
    if word := independence.named_in(heading):
        raise FieldError("heading", independence.REFUSED, word=word)
    if choice.use is ColumnUse.READ and choice.key not in scope.labels:
        raise FieldError("key", errors.COLUMN_UNKNOWN, text=choice.key or "")
    if choice.use is ColumnUse.CARRIED and is_identity(heading):
        raise FieldError("key", errors.COLUMN_IDENTITY)
    return key


# -- the small table of the command ----------------------------------------------------------------
def form(columns: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    """The table to fill in: every heading of a file, with how it is read now; what a person gave stands filled in."""
    yield FORM_HEADINGS
    for heading, column in {column["heading"]: column for column in columns}.items():
        if column.get("why") == "ignored" or is_our_own(heading):
            continue
        now = by_key(column["as"]).heading if column["taken"] in ("read", "mapped") and has_key(column["as"]) else ""
        given = words(_given(column)) if "by" in column else ""
        yield heading, given, now or (COLUMN_LEFT_OUT if column["taken"] == "left_out" else given)


def _given(column: Mapping[str, Any]) -> HeadingChoice:
    if column["taken"] == "carried" or column["as"] is None:
        return HeadingChoice(ColumnUse.CARRIED if column["taken"] == "carried" else ColumnUse.LEFT_OUT)
    return HeadingChoice(ColumnUse.READ, column["as"])


def read_form(rows: Iterable[Sequence[str]]) -> dict[str, tuple[str, HeadingChoice]]:
    """The filled table: compared heading -> heading and choice; a heading without a column is left as it is.

    Raises RegistryError naming the line.
    """
    known = {plain(text): HeadingChoice(ColumnUse.READ, key) for key, heading in offered() for text in (heading, key)}
    known |= {plain(text): HeadingChoice(use) for use, label in _LABELS.items() for text in (label, use.value)}
    found: dict[str, tuple[str, HeadingChoice]] = {}
    for number, row in enumerate(rows, start=1):
        heading, column = [*(cell.strip() for cell in row), "", ""][:2]
        if not heading or not column or (number == 1 and plain(heading) == plain(FORM_HEADINGS[0])):
            continue
        choice = known.get(plain(column))
        if choice is None:
            raise RegistryError(errors.COLUMN_LINE, line=number, text=column)
        try:
            found[_checked(heading, choice, of_lists())] = (heading, choice)
        except FieldError as error:
            raise RegistryError(errors.COLUMN_LINE_REFUSED, line=number, why=str(error)) from error
    return found
