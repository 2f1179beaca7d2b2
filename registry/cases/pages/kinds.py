"""Kinds of cases: what each says, its settings with what the plan states and what it does not, editions, cohorts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.cases import forms, texts
from registry.cases.models import CaseKind
from registry.cases.queries import kinds
from registry.cases.services import kinds as publishing
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of

pages = Blueprint("case_kinds", __name__)


@pages.get("/case-kinds")
@requires("kind.read")
def listing() -> ResponseReturnValue:
    return render_template(
        "cases/kinds.html", editions=list(db.session.scalars(kinds.editions())), cohorts=kinds.cohorts(), texts=texts
    )


@pages.get("/case-kinds/<int:kind_id>")
@requires("kind.read")
def show(kind_id: int) -> ResponseReturnValue:
    return _shown(_loaded(kind_id, "kind.read"))


def _shown(edition: CaseKind) -> str:
    return render_template("cases/kind.html", edition=edition, kind=edition.kind, texts=texts)


@pages.route("/case-kinds/<int:kind_id>/settings", methods=["GET", "POST"])
@concerns("kind.edit")
def settings(kind_id: int) -> ResponseReturnValue:
    """A new edition with other settings, for another person to publish."""
    edition = _loaded(kind_id, "kind.edit")
    form = forms.settings_form(edition, clock.today())
    made: list[CaseKind] = []

    def act() -> None:
        values, reason = form.values(), form.reason.data or ""
        made.append(
            publishing.change_settings(
                actor(),
                edition,
                values,
                valid_from=form.valid_from.data or clock.today(),
                reason=reason,
                at=clock.now(),
            )
        )

    if form.validate_on_submit() and done(form, act):
        flash(_("已准备新的一版，由另一人复核后发布。"), "success")
        return redirect(url_for("case_kinds.show", kind_id=made[0].id))
    edition = _loaded(kind_id, "kind.edit")
    return render_template(
        "cases/settings.html", edition=edition, kind=edition.kind, form=form, texts=texts
    ), status_of(form)


@pages.route("/case-kinds/<int:kind_id>/publish", methods=["GET", "POST"])
@concerns("kind.publish")
def publish(kind_id: int) -> ResponseReturnValue:
    edition, form = _loaded(kind_id, "kind.publish"), forms.GiveGround()
    if form.validate_on_submit() and done(form, lambda: publishing.publish(actor(), edition, at=clock.now())):
        flash(_("已发布。"), "success")
        return redirect(url_for("case_kinds.show", kind_id=kind_id))
    return render_template("cases/publish.html", edition=edition, form=form), status_of(form)


@pages.route("/case-kinds/<int:kind_id>/drop", methods=["GET", "POST"])
@concerns("kind.drop")
def drop(kind_id: int) -> ResponseReturnValue:
    edition, form = _loaded(kind_id, "kind.drop"), forms.GiveGround()
    if form.validate_on_submit() and done(
        form, lambda: publishing.drop(actor(), edition, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已放弃这一版。"), "success")
        return redirect(url_for("case_kinds.listing"))
    return render_template("cases/drop.html", edition=edition, form=form), status_of(form)


@pages.route("/case-cohorts/new", methods=["GET", "POST"])
@requires("cohort.open")
def open_cohort() -> ResponseReturnValue:
    form = forms.OpenCohort()
    groups = {row.group for row in kinds.newest() if row.kind.cohorts}
    form.group.choices = [(group, _(texts.GROUP_LABELS.get(group, group))) for group in sorted(groups)]

    def act() -> None:
        publishing.open_cohort(
            actor(), group=form.group.data, year=form.year.data or 0, document=form.document.data or "",
            opens_on=form.opens_on.data or clock.today(), closes_on=form.closes_on.data, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and done(form, act):
        flash(_("已设立 %(year)s 年度。", year=form.year.data), "success")
        return redirect(url_for("case_kinds.listing"))
    return render_template("cases/cohort.html", form=form), status_of(form)


def _loaded(kind_id: int, permission: str) -> CaseKind:
    edition: CaseKind = load_or_404(kinds.edition(kind_id), permission)
    return edition
