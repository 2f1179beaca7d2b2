"""Plans to read: the list, one plan, one target with its rows, and the documents that split targets."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import SEES_ALL
from registry.forecasts.texts import CAUTION, METHOD_LABELS
from registry.forecasts.views import forecasted
from registry.plans import texts
from registry.plans.forms.plans import split_form
from registry.plans.models import Plan
from registry.plans.queries import chances, plans
from registry.plans.queries.standing import standing
from registry.plans.rules.counting import Counting
from registry.plans.services import recording
from registry.plans.views import shown
from registry.reference.queries import reference
from registry.site.access import actor, load_or_404, requires
from registry.site.listing import page_of
from registry.site.pagination import ListPages

pages = Blueprint("plans", __name__)


@pages.get("/plans")
@requires("plan.read")
def listing() -> ResponseReturnValue:
    return render_template(
        "plans/list.html", page=page_of(plans.visible_to(actor())), line_of=shown.line, states=texts.STATE_LABELS,
        tones=texts.STATE_TONES,
    )  # fmt: skip


@pages.get("/plans/<int:plan_id>")
@requires("plan.read")
def show(plan_id: int) -> ResponseReturnValue:
    plan = _plan(plan_id)
    found = standing(plan, clock.today(), actor())
    if found is None:
        return redirect(url_for("plan_drafts.show", version_id=plan.versions[-1].id))
    return render_template(
        "plans/show.html",
        plan=plan,
        found=found,
        version=found.version,
        state=plans.state_of(plan, clock.today()),
        draft=plans.open_draft(plan) if actor().holds(*SEES_ALL) else None,
        splits=plans.splits(plan),
        places=reference.division_names(),
        printed=shown.printed,
        paragraphs={row.code: row.text for row in found.version.paragraphs},
        whole=actor().holds(*SEES_ALL),
        texts=texts,
    )


@pages.get("/plans/<int:plan_id>/targets/<target>")
@requires("plan.read")
def target(plan_id: int, target: str) -> ResponseReturnValue:
    plan = _plan(plan_id)
    found = standing(plan, clock.today(), actor())
    one = found.target(target) if found else None
    if found is None or one is None:
        abort(404)
    return render_template(
        "plans/target.html",
        plan=plan,
        version=found.version,
        one=one,
        places=reference.division_names(),
        divisions=shown.by_place(one, every=actor().holds(*SEES_ALL)),
        split=plans.split_of(plan, target, clock.today()),
        whole=actor().holds(*SEES_ALL),
        texts=texts,
    )


@pages.get("/plans/<int:plan_id>/targets/<target>/outlook")
@requires("plan.read")
def outlook(plan_id: int, target: str) -> ResponseReturnValue:
    """Will it be reached: to look at, in no export and kept nowhere."""
    plan = _plan(plan_id)
    found = standing(plan, clock.today(), actor())
    one = found.target(target) if found else None
    if found is None or one is None or one.target.kind != Counting.ENROLMENT:
        abort(404)
    chance = chances.of_target(actor(), one, clock.today())
    return render_template(
        "plans/outlook.html",
        plan=plan,
        version=found.version,
        one=one,
        chance=chance,
        page=ListPages((*chance.to_file, *chance.crossing)),
        methods=METHOD_LABELS,
        caution=CAUTION,
        window_name=forecasted.window_name,
        whole=actor().holds(*SEES_ALL),
        texts=texts,
    )


@pages.route("/plans/<int:plan_id>/targets/<target>/split", methods=["GET", "POST"])
@requires("plan.split")
def split(plan_id: int, target: str) -> ResponseReturnValue:
    """Enter how a document splits the target; nothing is suggested."""
    plan = _plan(plan_id)
    version = plans.in_force(plan, clock.today())
    one = next((row for row in version.targets if row.code == target), None) if version else None
    if one is None:
        abort(404)
    places = [(row.code, row.short_name) for row in reference.counties_and_zones()]
    form = split_form(places, one.unit)
    if form.validate_on_submit() and form.valid_from.data is not None:
        try:
            recording.split(
                actor(), plan, target, form.shares, document_no=form.document_no.data or "",
                document_name=form.document_name.data or "", valid_from=form.valid_from.data, at=clock.now(),
            )  # fmt: skip
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            flash(_("已登记分解文件。"), "success")
            return redirect(url_for("plans.target", plan_id=plan_id, target=target))
    status = 422 if form.errors or form.form_errors else 200
    names = [f"share_{code}" for code, _name in places]
    return render_template("plans/split.html", plan=_plan(plan_id), one=one, form=form, names=names), status


def _plan(plan_id: int) -> Plan:
    plan: Plan = load_or_404(plans.one(actor(), plan_id), "plan.read")
    return plan
