"""Batches: collected, checked by another person, listed for the bank, sent, paid, undone; single payments, demands."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import NOTICE
from registry.cases.models import CaseCohort
from registry.payments import texts
from registry.payments.forms import (
    BatchCheck,
    BatchForm,
    ClawBackCheck,
    ClawBackForm,
    PayBatch,
    ReasonOnly,
    ReceiptForm,
    SendBatch,
    SettlePayment,
)
from registry.payments.models import ClawBack, Payment, PaymentBatch
from registry.payments.queries import asked, budgets, payable
from registry.payments.queries import batches as batched
from registry.payments.rules.accounts import masked
from registry.payments.rules.amounts import in_capitals
from registry.payments.services import batches, settling
from registry.payments.sheets.bank_list import ListedPayment, ListWords, write_bank_list
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.forms.refusable import Refusable
from registry.site.listing import page_of

pages = Blueprint("payment_batches", __name__)


@pages.get("/payments/batches")
@requires("payment.read")
def listing() -> ResponseReturnValue:
    page = page_of(batched.visible_to(actor()))
    sums = batched.sums([one.id for one in page.items])
    return render_template("payments/batches.html", page=page, sums=sums, texts=texts)


@pages.route("/payments/cohorts/<int:cohort_id>/batches/new", methods=["GET", "POST"])
@requires("payment.make")
def new(cohort_id: int) -> ResponseReturnValue:
    """Only cases of this year are offered, and only those with a confirmed account."""
    year, form = _cohort(cohort_id), BatchForm()
    ready = payable.ready(year)
    form.offer((case.id, case.number) for case, _account in ready)
    made: list[PaymentBatch] = []
    if request.method == "GET":
        form.cases.data = [case.id for case, _account in ready]
    if form.validate_on_submit() and done(
        form,
        lambda: made.append(batches.collect(actor(), year, form.cases.data or [], at=clock.now(), on=clock.today())),
    ):
        flash(_("批次已编制，由另一人复核。"), "success")
        return redirect(url_for("payment_batches.show", payment_batch_id=made[0].id))
    year = _cohort(cohort_id)
    unready = payable.unready(year)
    return render_template(
        "payments/batch_new.html", cohort=year, form=form, ready=payable.ready(year), unready=unready,
        changing=payable.waiting(one.id for one in unready), standing=budgets.standing(year),
        used=budgets.used(year), masked=masked,
    ), status_of(form)  # fmt: skip


@pages.get("/payments/batches/<int:payment_batch_id>")
@requires("payment.read")
def show(payment_batch_id: int) -> ResponseReturnValue:
    return _page(_batch(payment_batch_id, "payment.read"))


@pages.get("/payments/batches/<int:payment_batch_id>/sheet")
@requires("payment.read")
def sheet(payment_batch_id: int) -> ResponseReturnValue:
    """The batch to print and sign; accounts show four digits."""
    row = _batch(payment_batch_id, "payment.read")
    return render_template(
        "payments/batch_sheet.html", batch=row, payments=_live(row), total=batches.total(row), capitals=in_capitals,
        masked=masked,
    )  # fmt: skip


@pages.post("/payments/batches/<int:payment_batch_id>/check")
@concerns("payment.check")
def check(payment_batch_id: int) -> ResponseReturnValue:
    row, form = _batch(payment_batch_id, "payment.check"), BatchCheck()
    if form.validate_on_submit() and done(
        form, lambda: batches.check(actor(), row, opinion=form.opinion.data or "", at=clock.now())
    ):
        flash(_("已复核，可以导出付款清单并送银行。"), "success")
        return redirect(url_for("payment_batches.show", payment_batch_id=payment_batch_id))
    return _page(_batch(payment_batch_id, "payment.read"), check=form), 422


@pages.post("/payments/batches/<int:payment_batch_id>/send")
@concerns("payment.act")
def send(payment_batch_id: int) -> ResponseReturnValue:
    row, form = _batch(payment_batch_id, "payment.act"), SendBatch()
    if form.validate_on_submit() and done(
        form, lambda: batches.send(actor(), row, day=form.day.data, at=clock.now(), on=clock.today())
    ):
        flash(_("已登记送银行，等回单对账。"), "success")
        return redirect(url_for("payment_batches.show", payment_batch_id=payment_batch_id))
    return _page(_batch(payment_batch_id, "payment.read"), send=form), 422


@pages.route("/payments/batches/<int:payment_batch_id>/pay", methods=["GET", "POST"])
@concerns("payment.act")
def pay(payment_batch_id: int) -> ResponseReturnValue:
    """All that waits was paid by one voucher; pressed again it changes nothing."""
    row, form = _batch(payment_batch_id, "payment.act"), PayBatch()
    said: list[bool] = []
    if form.validate_on_submit() and done(
        form,
        lambda: said.append(
            batches.pay(
                actor(), row, day=form.day.data, voucher=form.voucher.data or "", at=clock.now(), on=clock.today()
            )
        ),
    ):
        flash(
            _("已登记支付。") if said[0] else _("这个批次已登记支付，没有重复办理。"), "success" if said[0] else "info"
        )
        return redirect(url_for("payment_batches.show", payment_batch_id=payment_batch_id))
    row = _batch(payment_batch_id, "payment.act")
    return render_template(
        "payments/batch_pay.html", batch=row, form=form, waiting=[one for one in row.payments if one.state == "waiting"]
    ), status_of(form)


@pages.route("/payments/batches/<int:payment_batch_id>/cancel", methods=["GET", "POST"])
@concerns("payment.act")
def cancel(payment_batch_id: int) -> ResponseReturnValue:
    """One that is at the bank is cancelled by two: who asks, and who confirms."""
    row, form = _batch(payment_batch_id, "payment.act"), ReasonOnly()
    said: list[bool] = []
    if form.validate_on_submit() and done(
        form,
        lambda: said.append(
            batches.cancel(actor(), row, reason=form.reason.data or "", at=clock.now(), on=clock.today())
        ),
    ):
        flash(
            _("批次已撤销，事项可以重新列入。") if said[0] else _("已登记撤销申请，由另一人确认后撤销。"),
            "success" if said[0] else "info",
        )
        return redirect(url_for("payment_batches.show", payment_batch_id=payment_batch_id))
    row = _batch(payment_batch_id, "payment.act")
    return render_template(
        "payments/batch_cancel.html", batch=row, form=form, total=batches.total(row), asked=asked.to_cancel(row)
    ), status_of(form)


@pages.post("/payments/batches/<int:payment_batch_id>/list")
@concerns("payment.reveal")
def bank_list(payment_batch_id: int) -> ResponseReturnValue:
    """The list for the bank, with whole account numbers; who took it is on the trail."""
    row = _batch(payment_batch_id, "payment.reveal")
    listed = [
        ListedPayment(
            one.number, one.case.number, one.payee.holder, one.payee.bank, one.payee.number, one.amount,
            _("科技创新券 %(number)s", number=one.number),
        )
        for one in _live(row)
    ]  # fmt: skip
    words = ListWords(
        _(texts.BANK_LIST_SHEET), _(texts.BANK_LIST_TITLE, cohort=row.cohort.year, number=row.number),
        [_(one) for one in texts.BANK_LIST_HEADINGS], _(texts.BANK_LIST_TOTAL, count=len(listed)),
        _(texts.BANK_LIST_WORDS, words="%(words)s"),
        _(texts.BANK_LIST_SIGNS, maker=row.by_name, checker=row.checked_by_name), _(NOTICE),
    )  # fmt: skip
    content = write_bank_list(listed, words)
    batches.reveal(actor(), row, sha256=sha256(content).hexdigest(), at=clock.now())
    name = _("付款清单_%(number)s.xlsx", number=row.number)
    db.session.commit()
    return send_file(BytesIO(content), mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


# -- single payments ------------------------------------------------------------------------------
@pages.route("/payments/items/<int:payment_id>/result", methods=["GET", "POST"])
@concerns("payment.settle")
def settle(payment_id: int) -> ResponseReturnValue:
    """What no file says is entered by hand, with why."""
    row, form = _payment(payment_id, "payment.settle"), SettlePayment()
    said: list[bool] = []
    if form.validate_on_submit() and done(
        form,
        lambda: said.append(settling.settle(
            actor(), row, form.outcome.data or "", day=form.day.data, voucher=form.voucher.data or "",
            reason=form.reason.data or "", at=clock.now(), on=clock.today(),
        )),
    ):  # fmt: skip
        flash(
            _("已登记。") if said[0] else _("已登记申请，由另一人确认后作银行退回。"), "success" if said[0] else "info"
        )
        return redirect(url_for("payment_batches.show", payment_batch_id=row.batch_id))
    row = _payment(payment_id, "payment.settle")
    return render_template(
        "payments/settle.html", payment=row, form=form, masked=masked, asked=asked.to_return(row)
    ), status_of(form)


@pages.route("/payments/items/<int:payment_id>/claw-back", methods=["GET", "POST"])
@concerns("payment.claw_back")
def claw_back(payment_id: int) -> ResponseReturnValue:
    """One person enters the decision; whoever opens the page next and is another checks it."""
    row = _payment(payment_id, "payment.claw_back")
    entered = asked.to_claw_back(row)
    if "shown" in request.form or (request.method == "GET" and entered and entered.actor_id != actor().user_id):
        return _check_claw_back(payment_id)
    form = ClawBackForm()
    if form.validate_on_submit() and done(
        form, lambda: settling.ask_claw_back(actor(), row, form.demanded(), at=clock.now(), on=clock.today())
    ):
        flash(_("已登记，由另一人复核后才算数，复核后打印缴还通知。"), "info")
        return redirect(url_for("payment_batches.show", payment_batch_id=row.batch_id))
    return _claw_back_page("payments/claw_back.html", payment_id, form)


def _check_claw_back(payment_id: int) -> ResponseReturnValue:
    row, form = _payment(payment_id, "payment.claw_back"), ClawBackCheck()
    made: list[ClawBack] = []
    if form.validate_on_submit() and done(
        form,
        lambda: made.append(
            settling.claw_back(
                actor(), row, shown=form.seen, opinion=form.opinion.data or "", at=clock.now(), on=clock.today()
            )
        ),
    ):
        flash(_("已复核，请打印缴还通知。"), "success")
        return redirect(url_for("payment_batches.demand", clawback_id=made[0].id))
    return _claw_back_page("payments/claw_back_check.html", payment_id, form)


def _claw_back_page(template: str, payment_id: int, form: Refusable) -> ResponseReturnValue:
    row = _payment(payment_id, "payment.claw_back")
    entered = asked.to_claw_back(row)
    if isinstance(form, ClawBackCheck) and entered:
        form.shown.data = str(entered.seq)
    return render_template(
        template, payment=row, form=form, rate=settling.rate_of(row), setting=row.case.kind.setting(settling.RATE),
        asked=entered, demanded=settling.demanded_by(entered) if entered else None,
    ), status_of(form)  # fmt: skip


@pages.route("/payments/items/<int:payment_id>/claw-back/receipts", methods=["GET", "POST"])
@concerns("payment.claw_back")
def receive(payment_id: int) -> ResponseReturnValue:
    """Money of a demand came in."""
    demanded, form = _payment(payment_id, "payment.claw_back").clawback, ReceiptForm()
    if demanded is None:
        abort(404)
    if form.validate_on_submit() and done(
        form,
        lambda: settling.receive(
            actor(), demanded, form.amount.data, day=form.day.data, voucher=form.voucher.data or "", at=clock.now(),
            on=clock.today(),
        ),
    ):  # fmt: skip
        flash(_("已登记到账。"), "success")
        return redirect(url_for("payment_batches.demand", clawback_id=demanded.id))
    row = _payment(payment_id, "payment.claw_back")
    return render_template(
        "payments/receipt.html", row=row.clawback, payment=row, form=form, owed=asked.owed(demanded),
        receipts=asked.receipts(demanded),
    ), status_of(form)  # fmt: skip


@pages.get("/payments/claw-backs/<int:clawback_id>")
@requires("payment.read")
def demand(clawback_id: int) -> ResponseReturnValue:
    """The demand to print: amount, interest, how it was worked out, until when."""
    row: ClawBack = load_or_404(batched.clawback(actor(), clawback_id), "payment.read")
    return render_template(
        "payments/demand.html", row=row, capitals=in_capitals, setting=row.payment.case.kind.setting(settling.RATE),
        owed=asked.owed(row), receipts=asked.receipts(row),
    )  # fmt: skip


def _page(row: PaymentBatch, **forms: Refusable) -> str:
    who, payments = actor(), batched.payments(row)
    found = db.session.scalars(batched.files(who).filter_by(batch_id=row.id)).unique()
    return render_template(
        "payments/batch.html", batch=row, payments=payments, total=batches.total(row), capitals=in_capitals,
        masked=masked, texts=texts, files=list(found), check=forms.get("check") or BatchCheck(formdata=None),
        send=forms.get("send") or SendBatch(formdata=None, day=clock.today()),
        checks=can(who, "payment.check", row), acts=can(who, "payment.act", row),
        reveals=can(who, "payment.reveal", row),
        cancels=can(who, "payment.act", row) and row.state in ("open", "checked", "sent")
        and all(one.state == "waiting" for one in payments),
        form=forms.get("check") or forms.get("send"), asked=asked.to_cancel(row),
        owed={one.id: asked.owed(one.clawback) for one in payments if one.clawback},
        demanding=asked.demanding(payments),
    )  # fmt: skip


def _live(row: PaymentBatch) -> list[Payment]:
    return [one for one in batched.payments(row) if one.state != "cancelled"]


def _batch(payment_batch_id: int, permission: str) -> PaymentBatch:
    row: PaymentBatch = load_or_404(batched.one(actor(), payment_batch_id), permission)
    return row


def _payment(payment_id: int, permission: str) -> Payment:
    row: Payment = load_or_404(batched.payment(actor(), payment_id), permission)
    return row


def _cohort(cohort_id: int) -> CaseCohort:
    row: CaseCohort = load_or_404(budgets.one(actor(), cohort_id), "payment.read")
    return row
