"""A form of an upper level filled from the command line."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import click
from flask.cli import with_appcontext

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.sqlite import reading
from registry.base.steady import steady_view
from registry.imports.services import columns
from registry.people.models import Office
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.sheets.byhand import ColumnUse, HeadingChoice, Remembered
from registry.sheets.meanings import plain
from registry.upperforms import texts
from registry.upperforms.services import filling
from registry.upperforms.services.filling import FilledForm, FillOrder, PlannedForm
from registry.upperforms.sheets import fields, notes, planning, understanding
from registry.upperforms.sheets.bookfile import FormBook


@click.command("fill")
@click.argument("form", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FORM.xlsx")
@click.option(
    "--quarter",
    "text",
    default="",
    metavar="QUARTER",
    help="A closed quarter, e.g. 2021Q3; without it the ledger as it stands.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The filled form; by default FORM_filled.xlsx beside it.",
)
@click.option(
    "--unit",
    default="",
    metavar="UNIT",
    help="Of amounts whose unit the form does not say, as a heading would write it.",
)
@click.option(
    "--column",
    "said",
    multiple=True,
    metavar="HEADING=FIELD",
    help="A field, or left_out; remembered for the office of USER and this form.",
)
@click.option(
    "--as", "username", metavar="USER", help="Act for this person; by default the system acts, for a closed quarter."
)
@with_appcontext
def fill(form: Path, text: str, out: Path | None, unit: str, said: tuple[str, ...], username: str | None) -> None:
    """Fill FORM.xlsx, which an upper level sent, from our rows, with a list of what could not be filled.

    No cell that holds something is changed. A form of the statistical reporting system is refused.
    """
    target = out or form.with_name(f"{form.stem}_filled.xlsx")
    if target.suffix.lower() != ".xlsx" or target.resolve() == form.resolve():
        raise click.BadParameter("the filled form must be another .xlsx file", param_hint="--out")
    if unit and unit not in texts.UNITS:
        raise click.BadParameter(f"{unit!r} is none of {', '.join(texts.UNITS)}", param_hint="--unit")
    if not text and username is None:
        raise click.BadParameter("the ledger as it stands is filled for a person: name one", param_hint="--as")
    actor, office = _actor(username)
    filling.allow(actor, at=clock.now())
    order = FillOrder(Quarter.parse(text) if text else None, unit)
    found, filled = _filled(form, actor, office, order, dict(_said(one) for one in said))
    _write(target, filled.content)
    filling.record_taken(actor, form.name, order, filled, at=clock.now())
    db.session.commit()
    _tell(target, found)


def _filled(
    form: Path, actor: Actor, office: Office | None, order: FillOrder, said: dict[str, HeadingChoice]
) -> tuple[PlannedForm, FilledForm]:
    on = clock.today()
    book = filling.looked_at(form, form.name)
    if said:
        _remember(book, actor, office, order, said)
    who = filling.signed(actor, office, on)
    with steady_view():
        known = _known(book, office, order, said)
        found = filling.planned(None if actor is SYSTEM_ACTOR else actor, book, known, order, on)
    if not found.plan.firms:
        raise RegistryError(texts.NO_FIRMS)
    return found, filling.written(form, found, filename=form.name, by=who)


def _known(
    book: FormBook, office: Office | None, order: FillOrder, said: dict[str, HeadingChoice]
) -> dict[str, Remembered]:
    """What the office has said of this form; the system has no office, and what it says holds this once."""
    form = understanding.understood(book, order.year(clock.today()), {}, order.scale)
    if office is not None:
        return columns.of_office(office.id, form.fingerprint)
    day = clock.today().isoformat()
    given = filling.given(book, form, said.items())
    return {heading: Remembered(choice, texts.NOTE_SYSTEM, day) for heading, choice in given.items()}


def _remember(
    book: FormBook, actor: Actor, office: Office | None, order: FillOrder, said: dict[str, HeadingChoice]
) -> None:
    if office is None:
        return
    form = understanding.understood(book, order.year(clock.today()), {}, order.scale)
    filling.given(book, form, said.items())
    scope = columns.HeadingScope(dict(fields.offered()), form.fingerprint, form.title, own=True)
    for heading, choice in said.items():
        columns.remember(actor, people.office(office.code), heading, choice, at=clock.now(), scope=scope)
    db.session.commit()


def _said(text: str) -> tuple[str, HeadingChoice]:
    heading, mark, word = text.rpartition("=")
    known = {plain(label): key for key, label in fields.offered()} | {key: key for key, _ in fields.offered()}
    left_out = columns.words(HeadingChoice(ColumnUse.LEFT_OUT))
    if mark and heading.strip() and plain(word) in (plain(left_out), ColumnUse.LEFT_OUT.value):
        return heading.strip(), HeadingChoice(ColumnUse.LEFT_OUT)
    if not mark or not heading.strip() or plain(word) not in known:
        raise click.BadParameter(f"{text!r} is not HEADING=FIELD", param_hint="--column")
    return heading.strip(), HeadingChoice(ColumnUse.READ, known[plain(word)])


def _actor(username: str | None) -> tuple[Actor, Office | None]:
    if username is None:
        return SYSTEM_ACTOR, None
    with reading():
        user = people.user(username)
        found = actor_of(user), user.office
        db.session.rollback()
    return found


def _write(target: Path, content: bytes) -> None:
    """The whole file, or none of it."""
    draft = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise click.FileError(str(target), error.strerror or str(error)) from error


def _tell(target: Path, found: PlannedForm) -> None:
    """What was filled, and of everything else why not."""
    plan = found.plan
    click.echo(f"{target}: {plan.firms} firms, {len(plan.cells)} cells filled, {len(plan.left)} places left")
    for one in planning.places(plan):
        place = one.place or "--"
        click.echo("  ".join(filter(None, (place, one.heading, one.firm, notes.why(one)))))
    for one in plan.doubted:
        click.echo("  ".join((one.place, one.heading, one.firm, notes.why(one))))


COMMANDS = (fill,)
