"""The years with their budgets, what is committed, paid and left; a budget is entered, carried over and checked."""

from __future__ import annotations

import tempfile

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.cases.models import CaseCohort
from registry.payments import texts
from registry.payments.forms import BudgetEntry, CarryOver, SecondPerson, cohort_choices
from registry.payments.models import BudgetMove
from registry.payments.queries import batches, budgets, payable, samples, totals
from registry.payments.services import budgeting
from registry.payments.views import listed
from registry.sheets.csv_out import write_table
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.trail.services import trail
from registry.trail.services.trail import Act

pages = Blueprint("payments", __name__)


@pages.get("/payments")
@requires("payment.read")
def overview() -> ResponseReturnValue:
    """Every year by itself: years are never added up."""
    years = [budgets.standing(one) for one in db.session.scalars(budgets.cohorts())]
    return render_template("payments/overview.html", years=years)


@pages.get("/payments/cohorts/<int:cohort_id>")
@requires("payment.read")
def cohort(cohort_id: int) -> ResponseReturnValue:
    year = _cohort(cohort_id)
    own = batches.of_cohort(actor(), year)
    return render_template(
        "payments/cohort.html", year=budgets.standing(year),
        moves=[(one, budgets.partner(one)) for one in budgets.moves(year)],
        states=budgets.by_state(year), batches=own, sums=batches.sums([one.id for one in own]),
        paid=totals.of(year, clock.today()), ready=payable.ready(year), unready=payable.unready(year),
        samples=samples.of_cohort(year), clawbacks=batches.clawbacks(year), texts=texts,
    )  # fmt: skip


@pages.route("/payments/cohorts/<int:cohort_id>/budget", methods=["GET", "POST"])
@requires("budget.move")
def enter(cohort_id: int) -> ResponseReturnValue:
    year, form = _cohort(cohort_id), BudgetEntry()
    if form.validate_on_submit() and done(
        form,
        lambda: budgeting.enter(actor(), year, form.amount.data, document=form.document.data or "", at=clock.now()),
    ):
        flash(_("已登记，由另一人复核后计入预算。"), "success")
        return redirect(url_for("payments.cohort", cohort_id=cohort_id))
    year = _cohort(cohort_id)
    return render_template("payments/budget.html", cohort=year, form=form), status_of(form)


@pages.route("/payments/cohorts/<int:cohort_id>/carry", methods=["GET", "POST"])
@requires("budget.move")
def carry(cohort_id: int) -> ResponseReturnValue:
    """What is left of an ended year goes on by a decision; both years change in one act."""
    year, form = _cohort(cohort_id), CarryOver()
    later = [one for one in db.session.scalars(budgets.cohorts()) if one.group == year.group and one.year > year.year]
    form.into.choices = cohort_choices((one.id, str(one.year)) for one in later)
    into = next((one for one in later if str(one.id) == form.into.data), None)
    if form.validate_on_submit() and into is None:
        form.say("into", _("请选择转入年度。"))
    elif form.validate_on_submit() and into is not None:
        target, amount = into, form.amount.data
        if done(
            form,
            lambda: budgeting.carry(actor(), year, target, amount, document=form.document.data or "", at=clock.now()),
        ):
            flash(_("已登记结转，由另一人复核后两个年度同时计入。"), "success")
            return redirect(url_for("payments.cohort", cohort_id=cohort_id))
    year = _cohort(cohort_id)
    return render_template(
        "payments/carry.html", cohort=year, left=budgets.left(year), later=later, form=form
    ), status_of(form)


@pages.get("/payments/moves/<int:move_id>")
@requires("payment.read")
def move(move_id: int) -> ResponseReturnValue:
    return _move_page(_move(move_id, "payment.read"), SecondPerson())


@pages.post("/payments/moves/<int:move_id>/decision")
@concerns("budget.check")
def decide(move_id: int) -> ResponseReturnValue:
    row, form = _move(move_id, "budget.check"), SecondPerson()
    if form.validate_on_submit() and done(
        form,
        lambda: budgeting.decide(actor(), row, sound=form.sound, opinion=form.opinion.data or "", at=clock.now()),
    ):
        flash(_("已复核。") if form.sound else _("已退回，不计入预算。"), "success")
        return redirect(url_for("payments.cohort", cohort_id=row.cohort_id))
    return _move_page(_move(move_id, "payment.read"), form), 422


@pages.post("/payments/cohorts/<int:cohort_id>/export")
@requires("payment.export")
def export(cohort_id: int) -> ResponseReturnValue:
    """Cases of one year with their payments as CSV; accounts show four digits."""
    year = _cohort(cohort_id)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    rows, digest = write_table(file, [_(one) for one in listed.HEADINGS], listed.of(actor(), year))
    facts = {"rows": rows, "filter": {"cohort": year.name}, "sha256": digest}
    trail.record_all(actor(), [Act("export", "case_payment", subject_label="csv", after=facts)], at=clock.now())
    db.session.commit()
    file.seek(0)
    name = _("科技创新券资金_%(year)s_%(day)s.csv", year=year.year, day=clock.today().isoformat())
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


def _move_page(row: BudgetMove, form: SecondPerson) -> str:
    return render_template(
        "payments/move.html", move=row, partner=budgets.partner(row), form=form,
        checks=can(actor(), "budget.check", row), texts=texts,
    )  # fmt: skip


def _cohort(cohort_id: int) -> CaseCohort:
    row: CaseCohort = load_or_404(budgets.one(actor(), cohort_id), "payment.read")
    return row


def _move(move_id: int, permission: str) -> BudgetMove:
    row: BudgetMove = load_or_404(budgets.move(actor(), move_id), permission)
    return row
