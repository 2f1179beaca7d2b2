"""A bank's file: brought, shown line by line, and confirmed or dropped."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import FileRefused, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.imports.services import batches as uploads
from registry.payments import texts
from registry.payments.forms import BankUpload, ConfirmFile
from registry.payments.models import BankFile, PaymentBatch
from registry.payments.queries import batches as batched
from registry.payments.queries import budgets
from registry.payments.rules.matching import Finding
from registry.payments.services import reconciling
from registry.payments.views import statements
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of
from registry.site.locale import sentence

pages = Blueprint("reconciling", __name__)
_PIECE = 1 << 16


@pages.get("/payments/files")
@requires("payment.read")
def listing() -> ResponseReturnValue:
    return render_template("payments/files.html", page=page_of(batched.files(actor())), texts=texts)


@pages.route("/payments/batches/<int:payment_batch_id>/files/new", methods=["GET", "POST"])
@concerns("payment.act")
def bring(payment_batch_id: int) -> ResponseReturnValue:
    row: PaymentBatch = load_or_404(batched.one(actor(), payment_batch_id), "payment.act")
    form, made = BankUpload(), list[BankFile]()
    if form.validate_on_submit():
        given = form.file.data
        pieces = iter(lambda: given.stream.read(_PIECE), b"")
        try:
            made.append(reconciling.bring(actor(), row, given.filename or "", pieces, at=clock.now()))
            stored = made[0].stored_name
            _commit(stored)
        except RegistryError as error:
            db.session.rollback()
            form.say("file", sentence(error))
        else:
            return redirect(url_for("reconciling.show", bank_file_id=made[0].id))
    row = load_or_404(batched.one(actor(), payment_batch_id), "payment.act")
    return render_template("payments/file_new.html", batch=row, form=form), status_of(form)


def _commit(stored_name: str) -> None:
    try:
        db.session.commit()
    except BaseException:
        uploads.remove_file(stored_name)
        raise


@pages.get("/payments/files/<int:bank_file_id>")
@requires("payment.read")
def show(bank_file_id: int) -> ResponseReturnValue:
    return _page(_file(bank_file_id, "payment.read"), ConfirmFile())


@pages.post("/payments/files/<int:bank_file_id>/confirm")
@concerns("payment.reconcile")
def confirm(bank_file_id: int) -> ResponseReturnValue:
    row, form = _file(bank_file_id, "payment.reconcile"), ConfirmFile()
    if form.validate_on_submit() and done(
        form,
        lambda: reconciling.confirm(
            actor(), row, shown=form.shown.data or "", said=form.said.data or "", at=clock.now(), on=clock.today()
        ),
    ):
        flash(_("已对账。不符的各项列在下面，请逐笔核实。") if _has_faults(row) else _("已对账，全部相符。"), "success")
        return redirect(url_for("reconciling.show", bank_file_id=bank_file_id))
    return _page(_file(bank_file_id, "payment.read"), form), 422


@pages.post("/payments/files/<int:bank_file_id>/drop")
@concerns("payment.reconcile")
def drop(bank_file_id: int) -> ResponseReturnValue:
    row = _file(bank_file_id, "payment.reconcile")
    stored, batch_id = row.stored_name, row.batch_id
    reconciling.drop(actor(), row, at=clock.now())
    db.session.commit()
    uploads.remove_file(stored)
    flash(_("已放弃这份文件，没有登记任何结果。"), "success")
    return redirect(url_for("payment_batches.show", payment_batch_id=batch_id))


def _has_faults(row: BankFile) -> bool:
    counts: dict[str, int] = row.totals.get("counts", {})
    return any(count for finding, count in counts.items() if finding != Finding.MATCHED)


def _page(row: BankFile, form: ConfirmFile) -> str:
    """Of a file that waits the result is worked out anew; of a confirmed one what was kept."""
    only = request.args.get("finding", "")
    shown: dict[str, Any] = {"statement": None, "refused": ""}
    if row.state == "waiting":
        try:
            shown["statement"], result = reconciling.look(row)
        except FileRefused as error:
            shown["refused"] = sentence(error)
            lines, totals = [], {}
        else:
            lines, totals = statements.of_result(result), reconciling.totals(result)
            form.shown.data = reconciling.seen(result)
    else:
        lines, totals = statements.of_kept(row), row.totals
    return render_template(
        "payments/file.html", file=row, lines=[one for one in lines if only in ("", one.finding)], form=form, only=only,
        totals=statements.totals(totals), counts=statements.counts(totals, only), faults=statements.faults(totals),
        texts=texts, confirms=can(actor(), "payment.reconcile", row), standing=budgets.standing(row.batch.cohort),
        **shown,
    )  # fmt: skip


def _file(bank_file_id: int, permission: str) -> BankFile:
    row: BankFile = load_or_404(batched.file(actor(), bank_file_id), permission)
    return row
