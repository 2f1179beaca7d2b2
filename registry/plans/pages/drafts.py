"""A plan or its next version as a draft: prepared, edited row by row, checked by a second person, issued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import OfficeKind
from registry.plans import texts
from registry.plans.forms.plans import PART_LABELS, ROW_FORMS, PlanDecision, PlanHeadForm, PlanStep, given
from registry.plans.models import Plan, PlanVersion
from registry.plans.queries import plans
from registry.plans.services import drafting
from registry.plans.views import shown
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of

pages = Blueprint("plan_drafts", __name__)
_ANSWERING = (OfficeKind.BUREAU, OfficeKind.COUNTY, OfficeKind.ZONE, OfficeKind.STATISTICS, OfficeKind.TAX)


@pages.route("/plans/new", methods=["GET", "POST"])
@requires("plan.draft")
def new() -> ResponseReturnValue:
    form = PlanHeadForm()
    if form.validate_on_submit():
        try:
            version = drafting.prepare(actor(), form.code.data or "", form.head(), at=clock.now())
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            return redirect(url_for("plan_drafts.show", version_id=version.id))
    return render_template("plans/head.html", form=form, version=None), status_of(form)


@pages.post("/plans/<int:plan_id>/amendment")
@requires("plan.draft")
def amend(plan_id: int) -> ResponseReturnValue:
    plan: Plan = load_or_404(plans.one(actor(), plan_id), "plan.draft")
    version = drafting.amend(actor(), plan, at=clock.now(), on=clock.today())
    db.session.commit()
    flash(_("已按现行版本起草，请修改后提交复核。"), "success")
    return redirect(url_for("plan_drafts.show", version_id=version.id))


@pages.get("/plan-drafts/<int:version_id>")
@concerns("plan.read_draft")
def show(version_id: int) -> ResponseReturnValue:
    return _page(_version(version_id, "plan.read_draft"))


def _page(version: PlanVersion, form: PlanDecision | None = None, faults: tuple[str, ...] = ()) -> str:
    return render_template(
        "plans/draft.html",
        version=version,
        state=plans.version_state(version),
        form=form or PlanDecision(formdata=None, data={"version": version.revision}),
        faults=faults,
        edits=can(actor(), "plan.edit", version) and version.submitted_at is None,
        withdraws=can(actor(), "plan.edit", version),
        issues=can(actor(), "plan.issue", version),
        parts=PART_LABELS,
        printed=shown.printed,
        texts=texts,
    )


# -- editing --------------------------------------------------------------------------------------
@pages.route("/plan-drafts/<int:version_id>/edit", methods=["GET", "POST"])
@concerns("plan.edit")
def edit(version_id: int) -> ResponseReturnValue:
    version = _version(version_id, "plan.edit")
    names = drafting.PlanHead.__dataclass_fields__
    form = PlanHeadForm(data={name: getattr(version, name) for name in names} | {"version": version.revision})
    del form.code
    if form.validate_on_submit() and done(
        form, lambda: drafting.revise(actor(), version, form.head(), seen=form.seen, at=clock.now())
    ):
        flash(_("草案已保存。"), "success")
        return redirect(url_for("plan_drafts.show", version_id=version_id))
    return render_template("plans/head.html", form=form, version=_version(version_id, "plan.edit")), status_of(form)


@pages.route("/plan-drafts/<int:version_id>/rows/<part>", methods=["GET", "POST"])
@concerns("plan.edit")
def row(version_id: int, part: str) -> ResponseReturnValue:
    """The row named by `code` in the address, or a new one."""
    version, code = _version(version_id, "plan.edit"), request.args.get("code", "")
    form = _row_form(version, part, code)
    if form.validate_on_submit() and done(
        form,
        lambda: drafting.write_row(actor(), version, part, code or None, form.values(), seen=form.seen, at=clock.now()),
    ):
        flash(_("草案已保存。"), "success")
        return redirect(url_for("plan_drafts.show", version_id=version_id) + f"#{part}")
    version = _version(version_id, "plan.edit")
    return render_template("plans/row.html", version=version, form=form, part=PART_LABELS[part], code=code), status_of(
        form
    )


def _row_form(version: PlanVersion, part: str, code: str) -> Any:
    if part not in ROW_FORMS:
        abort(404)
    held = next((one for one in getattr(version, part) if one.code == code), None)
    if code and held is None:
        abort(404)
    text = next((one.text for one in version.paragraphs if one.code == code), "")
    values = given(part, held, text) if held is not None else {"source": version.source}
    form = ROW_FORMS[part](data={**values, "version": version.revision})
    if part == "measures":
        offices = sorted(
            reference.offices().values(), key=lambda one: _ANSWERING.index(one.kind) if one.kind in _ANSWERING else 9
        )
        form.offer((one.code, one.short_name) for one in offices if one.kind in _ANSWERING)
    return form


@pages.post("/plan-drafts/<int:version_id>/rows/<part>/removal")
@concerns("plan.edit")
def drop(version_id: int, part: str) -> ResponseReturnValue:
    version, form, code = _version(version_id, "plan.edit"), PlanStep(), request.form.get("code", "")
    if part not in ROW_FORMS or all(one.code != code for one in getattr(version, part)):
        abort(404)
    return _step(
        version_id, form, lambda: drafting.drop_row(actor(), version, part, code, seen=form.seen, at=clock.now()),
        _("草案已保存。"),
    )  # fmt: skip


# -- steps ----------------------------------------------------------------------------------------
@pages.post("/plan-drafts/<int:version_id>/submission")
@concerns("plan.edit")
def submit(version_id: int) -> ResponseReturnValue:
    version, form = _version(version_id, "plan.edit"), PlanStep()
    return _step(
        version_id, form, lambda: drafting.submit(actor(), version, seen=form.seen, at=clock.now()),
        _("已提交，由统计部门或市培育办的另一位同事复核。"),
    )  # fmt: skip


@pages.post("/plan-drafts/<int:version_id>/withdrawal")
@concerns("plan.edit")
def withdraw(version_id: int) -> ResponseReturnValue:
    version, form = _version(version_id, "plan.edit"), PlanStep()
    return _step(
        version_id, form, lambda: drafting.withdraw(actor(), version, seen=form.seen, at=clock.now()), _("草案已撤回。")
    )


@pages.post("/plan-drafts/<int:version_id>/decision")
@concerns("plan.issue")
def decide(version_id: int) -> ResponseReturnValue:
    if _version(version_id, "plan.read_draft").outcome is not None:  # pressed twice, or decided in another window
        flash(_("这份草案已经办结，结果见下。"), "warning")
        return redirect(url_for("plan_drafts.show", version_id=version_id))
    version, form = _version(version_id, "plan.issue"), PlanDecision()
    if not form.validate_on_submit():
        return _page(version, form), 422
    verb = drafting.issue if form.outcome.data == "issue" else drafting.give_back
    if not done(form, lambda: verb(actor(), version, opinion=form.opinion.data or "", seen=form.seen, at=clock.now())):
        return _page(_version(version_id, "plan.issue"), form), 422
    flash(_("已印发。") if form.outcome.data == "issue" else _("已退回起草人。"), "success")
    return redirect(url_for("plan_drafts.show", version_id=version_id))


def _step(version_id: int, form: PlanStep, act: Callable[[], None], said: str) -> ResponseReturnValue:
    if form.validate() and done(form, act):
        flash(said, "success")
        return redirect(url_for("plan_drafts.show", version_id=version_id))
    found = [*form.form_errors, *(text for field in form for text in field.errors)]
    return _page(_version(version_id, "plan.read_draft"), faults=tuple(found)), 422


def _version(version_id: int, permission: str) -> PlanVersion:
    version: PlanVersion = load_or_404(plans.draft(version_id), permission)
    return version
