"""Draws of paid cases for verification: drawn by a seed, with a form to print for each, and the results."""

from __future__ import annotations

import tempfile

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.labels import N_
from registry.cases.models import CaseCohort
from registry.payments import texts
from registry.payments.forms import DrawSample, SampleResult
from registry.payments.models import PaymentSample, SampleItem
from registry.payments.queries import budgets, samples
from registry.payments.services import sampling
from registry.reference.queries import parameters
from registry.sheets.csv_out import write_table
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of
from registry.trail.services import trail
from registry.trail.services.trail import Act

pages = Blueprint("samples", __name__)
HEADINGS = (
    N_("序号"), N_("卷号"), N_("事项"), N_("经办单位"), N_("申报单位"), N_("金额（元）"), N_("核查结果"),
    N_("核查日期"), N_("核查人"), N_("问题"),
)  # fmt: skip


@pages.get("/payments/samples")
@requires("payment.read")
def listing() -> ResponseReturnValue:
    page = page_of(samples.visible_to(actor()))
    return render_template("payments/samples.html", page=page)


@pages.route("/payments/cohorts/<int:cohort_id>/samples/new", methods=["GET", "POST"])
@requires("sample.draw")
def new(cohort_id: int) -> ResponseReturnValue:
    year: CaseCohort = load_or_404(budgets.one(actor(), cohort_id), "payment.read")
    form, made = DrawSample(), list[PaymentSample]()
    if form.validate_on_submit() and done(
        form,
        lambda: made.append(
            sampling.draw(
                actor(), year, seed=(form.seed.data or "").strip(), reason=form.reason.data or "", at=clock.now(),
                on=clock.today(),
            )
        ),
    ):  # fmt: skip
        flash(_("已抽取，请打印核查表。"), "success")
        return redirect(url_for("samples.show", sample_id=made[0].id))
    year = load_or_404(budgets.one(actor(), cohort_id), "payment.read")
    return render_template(
        "payments/sample_new.html", cohort=year, form=form, paid=len(samples.paid(year)),
        before=samples.of_cohort(year), share=parameters.decimal(sampling.SHARE, clock.today()),
    ), status_of(form)  # fmt: skip


@pages.get("/payments/samples/<int:sample_id>")
@requires("payment.read")
def show(sample_id: int) -> ResponseReturnValue:
    row = _sample(sample_id)
    return render_template("payments/sample.html", sample=row, items=samples.items(row), texts=texts)


@pages.post("/payments/samples/<int:sample_id>/export")
@requires("payment.export")
def export(sample_id: int) -> ResponseReturnValue:
    """The draw with its results, as CSV."""
    row = _sample(sample_id)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    lines = [
        [
            one.rank, one.case.number, one.kind, one.county, one.case.applicant, one.payment.amount,
            _result(one), one.verified_on or "", one.verified_by, one.said,
        ]
        for one in samples.items(row)
    ]  # fmt: skip
    count, digest = write_table(file, [_(one) for one in HEADINGS], lines)
    facts = {"rows": count, "filter": {"cohort": row.cohort.name}, "sha256": digest}
    trail.record_all(actor(), [Act("export", "payment_sample", subject_label="csv", after=facts)], at=clock.now())
    db.session.commit()
    file.seek(0)
    name = _("支付后抽查_%(year)s_%(seed)s.csv", year=row.cohort.year, seed=row.seed)
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


@pages.get("/payments/samples/items/<int:sample_item_id>/form")
@requires("payment.read")
def paper(sample_item_id: int) -> ResponseReturnValue:
    """The form that is filled in on the spot."""
    row: SampleItem = load_or_404(samples.item(actor(), sample_item_id), "payment.read")
    return render_template("payments/sample_form.html", item=row)


@pages.route("/payments/samples/items/<int:sample_item_id>", methods=["GET", "POST"])
@concerns("sample.record")
def record(sample_item_id: int) -> ResponseReturnValue:
    row: SampleItem = load_or_404(samples.item(actor(), sample_item_id), "sample.record")
    form, sample_id = SampleResult(), row.sample_id
    if form.validate_on_submit() and done(
        form,
        lambda: sampling.record(
            actor(), row, form.outcome.data or "", day=form.day.data, verifier=form.verifier.data or "",
            said=form.said.data or "", at=clock.now(), on=clock.today(),
        ),
    ):  # fmt: skip
        flash(_("已登记核查结果。"), "success")
        return redirect(url_for("samples.show", sample_id=sample_id))
    row = load_or_404(samples.item(actor(), sample_item_id), "sample.record")
    return render_template("payments/sample_result.html", item=row, form=form), status_of(form)


def _result(item: SampleItem) -> str:
    word = item.outcome or "waiting"
    return str(_(texts.SAMPLE_LABELS[word]))


def _sample(sample_id: int) -> PaymentSample:
    row: PaymentSample = load_or_404(samples.one(actor(), sample_id), "payment.read")
    return row
