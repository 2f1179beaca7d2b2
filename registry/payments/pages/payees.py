"""Cases that are to be paid, and the account of each: named by one person, confirmed by another, shown masked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.permissions import can
from registry.cases.models import Case
from registry.payments import texts
from registry.payments.forms import PayeeCheck, PayeeForm
from registry.payments.models import PayeeAccount
from registry.payments.queries import payable, states
from registry.payments.rules.accounts import masked
from registry.payments.services import payees
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of

pages = Blueprint("payees", __name__)


@pages.get("/payments/cases")
@requires("payment.cases")
def listing() -> ResponseReturnValue:
    page = page_of(payable.visible_to(actor()))
    ids = [one.id for one in page.items]
    return render_template(
        "payments/cases.html", page=page, accounts=payable.standing(ids), waiting=payable.waiting(ids), masked=masked
    )


@pages.get("/payments/cases/<int:payable_id>")
@concerns("payee.read")
def show(payable_id: int) -> ResponseReturnValue:
    return _page(_case(payable_id, "payee.read"), PayeeCheck())


@pages.route("/payments/cases/<int:payable_id>/payee", methods=["GET", "POST"])
@concerns("payee.propose")
def propose(payable_id: int) -> ResponseReturnValue:
    """What is doubtful is said before anything is kept, and asks for a word."""
    row, form = _case(payable_id, "payee.propose"), PayeeForm()
    found: list[str] = []
    if form.validate_on_submit():
        found = payees.doubts(row, form.named())
        if done(
            form, lambda: payees.propose(actor(), row, form.named(), reason=form.reason.data or "", at=clock.now())
        ):
            flash(_("已登记，由另一人确认后用于支付。"), "success")
            return redirect(url_for("payees.show", payable_id=payable_id))
    row = _case(payable_id, "payee.propose")
    return render_template(
        "payments/payee.html", case=row, form=form, doubts=found, now=payable.standing([row.id]).get(row.id),
        masked=masked, texts=texts,
    ), status_of(form)  # fmt: skip


@pages.post("/payments/payees/<int:payee_id>/decision")
@concerns("payee.confirm")
def decide(payee_id: int) -> ResponseReturnValue:
    payee: PayeeAccount = load_or_404(payable.payee(actor(), payee_id), "payee.confirm")
    form, case_id = PayeeCheck(), payee.case_id
    if form.validate_on_submit() and done(
        form,
        lambda: payees.decide(
            actor(),
            payee,
            sound=form.sound,
            opinion=form.opinion.data or "",
            number=form.number.data or "",
            at=clock.now(),
        ),
    ):
        flash(_("已确认账户。") if form.sound else _("已退回，请重新登记。"), "success")
        return redirect(url_for("payees.show", payable_id=case_id))
    return _page(_case(case_id, "payee.read"), form), 422


def _page(row: Case, form: PayeeCheck) -> str:
    who, found = actor(), payable.payees(row)
    waiting = next((one for one in found if one.outcome is None), None)
    return render_template(
        "payments/case.html", case=row, payees=found, waiting=waiting, now=payable.standing([row.id]).get(row.id),
        payments=payable.payments(row), form=form, masked=masked, texts=texts,
        confirms=waiting is not None and can(who, "payee.confirm", waiting),
        proposes=can(who, "payee.propose", row) and states.is_payable(row) and waiting is None
        and payable.held(row) is None,
    )  # fmt: skip


def _case(case_id: int, permission: str) -> Case:
    row: Case = load_or_404(payable.one(actor(), case_id), permission)
    return row
