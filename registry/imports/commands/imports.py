"""Workbooks and lists from the command line."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from registry.base import errors, turns
from registry.base.errors import BatchDoubtful, BatchFaulty, BatchMoved, BatchUnreasoned, NotAllowed, RegistryError
from registry.base.extensions import clock, db, queue
from registry.base.permissions import Actor, can
from registry.base.progress import Progress
from registry.base.trouble import Trouble, trouble_in
from registry.base.turns import Pace
from registry.base.vocabulary import BATCH_STATE_LABELS, BatchState, RowKind
from registry.imports import queries
from registry.imports.commands.importing import Report
from registry.imports.models import ImportBatch
from registry.imports.services import applying, batches, columns, staging, undoing
from registry.imports.services.batches import StoredUpload
from registry.imports.services.staging import SortedTable, looking
from registry.people.models import Office
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.sheets import account, uploaded
from registry.sheets.byhand import HeadingChoice, Remembered, compared
from registry.sheets.flat import read_rows, writing
from registry.sheets.headings import NoNameColumn
from registry.sheets.uploaded import digest_of


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--office", "code", required=True, metavar="CODE", help="The office the firms are for, e.g. 441521.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; this is the default.")
@click.option("--apply", "applies", is_flag=True, help="Apply new and changed rows, all of them or none.")
@click.option("--strict", is_flag=True, help="Refuse the whole file if any row is faulty.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--as", "username", metavar="USER", help="Act for this person; by default the system acts.")
@click.option("--errors", "errors_to", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.xlsx",
              help="Write the rows that go back, with the faulty cells marked.")  # fmt: skip
@click.option("--accept-doubts", "accepted", metavar="REASON",
              help="Store rows in doubt too; the reason is recorded, and --as says who answers for it.")  # fmt: skip
@click.option("--columns", "given_in", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE.csv", help="Read headings as FILE says; --apply remembers it.")  # fmt: skip
@click.option("--columns-form", "form_to", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.csv",
              help="Write the headings of the file as such a FILE, to be filled in.")  # fmt: skip
@click.option("--reason", metavar="REASON",
              help="Why firms on the list are corrected; --apply wants it where the file does so.")  # fmt: skip
@click.option("--year", type=int, help="The year that 'this year' in the file means; by default the present one.")
@with_appcontext
def import_(
    file: Path, *, code: str, dry_run: bool, applies: bool, strict: bool, as_json: bool, username: str | None,
    errors_to: Path | None, accepted: str | None, given_in: Path | None, form_to: Path | None, reason: str | None,
    year: int | None,
) -> None:  # fmt: skip
    """Import the firms of FILE (.xlsx, .csv, .csv.gz) as leads, or update firms the office already has.

    What was assumed in reading, or looks odd, is a doubt: --apply then stores nothing and ends with status 3, unless
    somebody answers for it by --accept-doubts and --as.
    """
    if dry_run and applies:
        raise click.UsageError("--dry-run and --apply exclude each other")
    if accepted is not None and not (accepted.strip() and username):
        raise click.UsageError("--accept-doubts wants a reason, and --as the person who answers for it")
    _check_target(errors_to)
    _check_form(form_to)
    with looking():
        office, actor = people.office(code), acting(code, username)
        db.session.expunge(office)
    year = _checked_year(year)
    given = _columns(given_in)
    with Report(errors_to, accepted, reason or "") as report, Progress() as progress:
        order = ImportOrder(file, office, actor, year, strict, given)
        try:
            (_apply if applies else _try)(order, report, progress)
        except NoNameColumn as refused:
            progress.stop()
            with looking():
                said = columns.of_office(office.id) | _for_this_file(actor, given)
            _settle_columns(order, account.of_heading(refused.heading, said), form_to)
            raise
        progress.stop()
        report.write_errors(office)
        _settle_columns(order, report.reading["columns"], form_to)
        report.show(uploaded.shown_name(file.name), as_json=as_json)
        if report.refusal is not None:
            raise report.refusal


def _settle_columns(order: ImportOrder, found: Sequence[Mapping[str, Any]], form_to: Path | None) -> None:
    """Write the form of the file's headings, where one was asked for; say which of those given are not in the file."""
    headings = {compared(column["heading"]) for column in found}
    for heading, _choice in (given for key, given in order.columns.items() if key not in headings):
        click.echo(f"no column of the file is headed {heading}, which --columns speaks of", err=True)
    if form_to is not None:
        with writing(form_to) as write:
            for row in columns.form(found):
                write(row)


class ImportOrder(NamedTuple):
    """What was asked for: whose file, read for which year and by which columns, and whether all of it or nothing."""

    file: Path
    office: Office
    actor: Actor
    year: int
    strict: bool
    columns: Mapping[str, tuple[str, HeadingChoice]]

    def table(self) -> SortedTable:
        return SortedTable(
            self.file, actor=self.actor, office=self.office, year=self.year, on=clock.today(), name=self.file.name,
            columns=_for_this_file(self.actor, self.columns),
        )  # fmt: skip

    def remember(self) -> None:
        """What was said of headings holds for the office's next files, too, where this one was taken."""
        office = people.office(self.office.code)
        for heading, choice in self.columns.values():
            columns.remember(self.actor, office, heading, choice, at=clock.now())


def _columns(path: Path | None) -> dict[str, tuple[str, HeadingChoice]]:
    """The filled form of columns: compared heading -> heading and what it is to be."""
    if path is None:
        return {}
    return columns.read_form(cells for _number, cells in read_rows(path))


def _for_this_file(actor: Actor, given: Mapping[str, tuple[str, HeadingChoice]]) -> dict[str, Remembered]:
    on = clock.today().isoformat()
    return {key: Remembered(choice, actor.name, on) for key, (_heading, choice) in given.items()}


def _try(order: ImportOrder, report: Report, progress: Progress) -> None:
    """Everything but writing: no batch is left behind."""
    with order.table() as table:
        report.open(table)
        for chunk in table.chunks():
            report.add(chunk)
            progress.show("checked", table.tally.rows, table.expected)
    report.refuse(_refusal(report, order.strict))


def _apply(order: ImportOrder, report: Report, progress: Progress) -> None:
    actor, file = order.actor, order.file
    office, kept = people.office(order.office.code), StoredUpload("", digest_of(file))
    batch = batches.receive(actor, office, kept, filename=file.name, year=order.year, at=clock.now())
    batch_id = batch.id
    run = batches.start_checking(batch, at=clock.now()) or ""
    with _ended_by_signals(), taken_back_on_error(actor, batch_id):
        db.session.commit()
        with order.table() as table:
            report.open(table)
            for chunk in staging.stage(batch_id, table, run):
                report.add(chunk)
                db.session.commit()
                progress.show("checked", table.tally.rows, table.expected)
        refusal = _refusal(report, order.strict)
        if refusal is None and report.doubtful and not report.accepted:
            refusal = BatchDoubtful(count=report.doubtful)
        batch = db.session.get_one(ImportBatch, batch_id)
        if refusal is None and not report.reason.strip() and (corrected := queries.corrected(batch)):
            refusal = BatchUnreasoned(count=corrected)
        if refusal is not None:
            _refuse(actor, batch_id, refusal)
        elif report.counts[RowKind.NEW] + report.counts[RowKind.CHANGED] or report.carrying:
            _make_real(order, batch_id, report, progress)
        else:
            order.remember()
            batches.order(actor, db.session.get_one(ImportBatch, batch_id), "discard", at=clock.now())
            db.session.commit()
    report.refuse(refusal)


def _make_real(order: ImportOrder, batch_id: int, report: Report, progress: Progress) -> None:
    actor = order.actor
    order.remember()
    batch = db.session.get_one(ImportBatch, batch_id)
    if report.doubtful:
        batches.accept_doubts(actor, batch, report.accepted or "", count=report.doubtful, at=clock.now())
    batches.give_reason(batch, report.reason)
    batches.order(actor, batch, "apply", at=clock.now())
    db.session.commit()
    total = batch.new + batch.changed
    progress.restart()
    take(applying.turns, batch, actor, lambda done: progress.show("applied", done, total))
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != BatchState.APPLIED:  # somebody ordered it to be taken back
        raise BatchMoved(state=BATCH_STATE_LABELS[batch.state], action=errors.BATCH_ACTIONS["apply"])
    report.left = queries.left(batch)
    db.session.rollback()
    queue.enqueue("find_pairs", batch_id)
    report.batch = batch_id


def take(
    work: Callable[..., Iterator[int]],
    batch: ImportBatch,
    actor: Actor,
    tell: Callable[[int], None] = lambda done: None,
) -> None:
    """Take every turn of it, each committed."""
    pace = Pace()
    turns.take(work(batch, actor, pace, now=clock.now, on=clock.today()), db.session.commit, pace, tell=tell)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Being told to end, or losing the terminal, is the same as Ctrl-C: what was begun is cleared up first."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def taken_back_on_error(actor: Actor, batch_id: int) -> Iterator[None]:
    """Whatever goes wrong, nothing of the file stays behind; but for a machine that dies: see `registry batch`.

    Nor is anything taken back because the database was away for a moment: what is written goes on when it is there.
    """
    try:
        yield
    except staging.GivenUp:
        db.session.rollback()
        raise click.ClickException(f"batch {batch_id} was given up while it was being checked") from None
    except BaseException as error:
        if trouble := trouble_in(error):
            raise _left(actor, batch_id, trouble) from error
        db.session.rollback()
        _refuse(actor, batch_id, error if isinstance(error, RegistryError) else RegistryError())
        raise


def _left(actor: Actor, batch_id: int, trouble: Trouble) -> click.ClickException:
    """What to say of a batch that the database let down; one that was only being checked is ended, if that can be."""
    said = f"the database is {trouble}; "
    try:
        db.session.rollback()
        batch = db.session.get(ImportBatch, batch_id)
        if batch is not None and batch.state not in (BatchState.WAITING, BatchState.CHECKING, BatchState.CHECKED):
            ways = {BatchState.APPLYING: "--go-on" if batch.applied_at else "--go-on or --take-back"}
            ways |= dict.fromkeys((BatchState.TAKING_BACK, BatchState.UNDOING), "--go-on")
            way = ways.get(BatchState(batch.state), "")
            return click.ClickException(f"{said}batch {batch_id} is {batch.state}: registry batch {batch_id} {way}")
        _refuse(actor, batch_id, RegistryError())
    except SQLAlchemyError:  # what is left of it, the worker clears up
        db.session.remove()
        return click.ClickException(f"{said}registry batch {batch_id} says how far the import came")
    return click.ClickException(f"{said}nothing was imported: run the command again")


def _refuse(actor: Actor, batch_id: int, error: RegistryError) -> None:
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:  # it was not committed yet
        return
    if batch.applied_at is not None:  # its new firms are there to stay; what is missing follows
        click.echo(f"batch {batch_id} is half applied; registry batch {batch_id} --go-on writes the rest", err=True)
        return
    if batch.arriving:
        click.echo(f"taking back what was written of batch {batch_id}, which nobody has seen", err=True)
        batches.send_back(batch, BatchState.TAKING_BACK, error, at=clock.now())
        db.session.commit()
        take(undoing.withdrawing, batch, actor)
    if batch.stored_name and batch.state == BatchState.WAITING:
        queue.enqueue("check_batch", batch_id)
        return
    batches.refuse(actor, db.session.get_one(ImportBatch, batch_id), error, at=clock.now())
    db.session.commit()


def _refusal(report: Report, strict: bool) -> RegistryError | None:
    faulty = report.counts[RowKind.FAULTY]
    return BatchFaulty(count=faulty) if strict and faulty else None


def acting(code: str, username: str | None) -> Actor:
    """The person, who must be of the office or stand in for the city's; else the system as the office's clerk."""
    office = people.office(code)
    if username is None:
        return batches.acting_for(office)
    actor = actor_of(people.user(username))
    batch = ImportBatch(office_id=office.id)
    batch.office = office
    if not (can(actor, "import.create") and can(actor, "import.change", batch)):
        raise NotAllowed
    return actor


def _checked_year(year: int | None) -> int:
    today = clock.today()
    if year is not None and not batches.FIRST_YEAR <= year <= today.year:
        raise click.BadParameter(f"must be from {batches.FIRST_YEAR} to {today.year}", param_hint="--year")
    return year or today.year


def _check_form(path: Path | None) -> None:
    if path is None:
        return
    if path.suffix.lower() != ".csv":
        raise click.BadParameter("the file must be a .csv", param_hint="--columns-form")
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}", param_hint="--columns-form")


def _check_target(path: Path | None) -> None:
    if path is None:
        return
    if path.suffix.lower() != ".xlsx":
        raise click.BadParameter("the file must be an .xlsx workbook", param_hint="--errors")
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}", param_hint="--errors")


COMMANDS = (import_,)
