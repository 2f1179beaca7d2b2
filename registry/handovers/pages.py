"""One's own deputy; somebody else's, and a successor, by the administrator of accounts, who sees counts and no rows."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.extensions import clock, db
from registry.handovers import forms, queries, services, views
from registry.people.models import Deputy, User
from registry.people.queries import roster
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of

pages = Blueprint("handovers", __name__)


# -- a deputy -------------------------------------------------------------------------------------
@pages.route("/account/deputy", methods=["GET", "POST"])
@requires("deputy.own")
def mine() -> ResponseReturnValue:
    user: User = current_user.user
    form = _deputy_form(user)
    if form.validate_on_submit() and done(form, lambda: _name(user, form)):
        flash(_("已指定代办人，并已通知对方。"), "success")
        return redirect(url_for("handovers.mine"))
    own, others = queries.of(actor(), user), queries.by(actor(), user)
    return render_template(
        "handovers/mine.html",
        form=form,
        own=own,
        others=others,
        states=views.states([*own, *others]),
        lines=[line for line in queries.open_lines(user) if line.for_deputy],
    ), status_of(form)


@pages.route("/users/<int:user_id>/deputy", methods=["GET", "POST"])
@concerns("deputy.name")
def name(user_id: int) -> ResponseReturnValue:
    """For somebody who cannot say it any more."""
    user: User = load_or_404(roster.one(actor(), user_id), "deputy.name")
    form = _deputy_form(user)
    if form.validate_on_submit() and done(form, lambda: _name(user, form)):
        flash(_("已指定代办人，并已通知双方。"), "success")
        return redirect(url_for("users.show", user_id=user.id))
    return render_template("handovers/name.html", form=form, user=user), status_of(form)


@pages.post("/deputies/<int:deputy_id>/end")
@concerns("deputy.end")
def end(deputy_id: int) -> ResponseReturnValue:
    row: Deputy = load_or_404(queries.deputy(actor(), deputy_id), "deputy.end")
    services.end_deputy(actor(), row, at=clock.now())
    db.session.commit()
    flash(_("代办已提前结束，并已通知双方。"), "success")
    if row.absent_id == actor().user_id:
        return redirect(url_for("handovers.mine"))
    return redirect(url_for("users.show", user_id=row.absent_id))


def _deputy_form(user: User) -> forms.DeputyForm:
    form = forms.DeputyForm()
    form.deputy.choices = forms.offered(queries.deputies_for(user))
    return form


def _name(user: User, form: forms.DeputyForm) -> None:
    services.name_deputy(
        actor(), user, _chosen(form.deputy.data), form.first_on.data, form.last_on.data,
        reason=form.reason.data or "", at=clock.now(), on=clock.today(),
    )  # fmt: skip


# -- a successor ----------------------------------------------------------------------------------
@pages.route("/users/<int:user_id>/handover", methods=["GET", "POST"])
@requires("work.hand_over")
def successor(user_id: int) -> ResponseReturnValue:
    user: User = load_or_404(roster.one(actor(), user_id), "work.hand_over")
    form = forms.SuccessorForm()
    form.taker.choices = forms.offered(queries.colleagues(user))
    if form.validate_on_submit() and done(form, lambda: _hand_over(user, form)):
        flash(_("未办事项已全部交接，并已通知双方。"), "success")
        return redirect(url_for("users.show", user_id=user.id))
    lines = queries.open_lines(user)
    form.seen.data = views.packed(lines)
    able = {one.id for one in queries.successors(user, lines)}
    return render_template(
        "handovers/successor.html", form=form, user=user, lines=lines, colleagues=queries.colleagues(user), able=able
    ), status_of(form)


def _hand_over(user: User, form: forms.SuccessorForm) -> None:
    seen = views.unpacked(request.form.get("seen"))
    services.hand_over(
        actor(), user, _chosen(form.taker.data), seen=seen, reason=form.reason.data or "", at=clock.now()
    )  # fmt: skip


def _chosen(number: str | None) -> User | None:
    return db.session.get(User, int(number)) if number and number.isdecimal() else None
