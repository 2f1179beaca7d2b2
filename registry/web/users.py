"""Accounts: one administrator asks for them and for their roles, another confirms; neither sees business rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from registry.domain.approvals import KIND_LABELS, Kind
from registry.domain.errors import FieldError
from registry.domain.permissions import ADMINISTRATORS, can
from registry.extensions import clock, db
from registry.models import Approval, User
from registry.queries import accounts as found
from registry.queries import approvals as asked_for
from registry.queries import people, reference, sessions
from registry.services import accounts, approvals
from registry.web.access import actor, concerns, load_or_404, requires
from registry.web.forms import approvals as asking
from registry.web.forms import users as forms
from registry.web.listing import page_of
from registry.web.locale import sentence

pages = Blueprint("users", __name__)


@pages.get("/users")
@requires("user.list")
def listing() -> ResponseReturnValue:
    form = forms.UserFilter(request.args)
    form.offer(reference.offices().values())
    page = page_of(found.search(actor(), form.wanted()))
    return render_template("users/list.html", form=form, page=page, seen=found.last_seen(page.items))


@pages.route("/users/new", methods=["GET", "POST"])
@requires("user.manage")
def create() -> ResponseReturnValue:
    form = forms.NewUser()
    form.offer(reference.offices().values())
    if form.validate_on_submit():
        try:
            user, asked = approvals.open_account(
                actor(),
                username=form.username.data or "",
                name=form.name.data or "",
                office=people.office(form.office.data),
                at=clock.now(),
            )
        except FieldError as error:
            return _refused("users/new.html", form, error)
        half = asked.half
        db.session.commit()
        return render_template("users/password.html", user=user, half=half, is_first=True)
    return render_template("users/new.html", form=form), 422 if form.errors else 200


@pages.get("/users/<int:user_id>")
@requires("user.list")
def show(user_id: int) -> ResponseReturnValue:
    user = _load(user_id, "user.list")
    # where and when a person works is for those who end sessions
    open_sessions = sessions.open_sessions(user, now=clock.now()) if can(actor(), "session.end", user) else []
    waiting = asked_for.of_account(actor(), user.id, at=clock.now())
    return render_template(
        "users/show.html",
        user=user,
        sessions=open_sessions,
        seen=found.last_seen([user]),
        waiting=waiting,
        kinds=KIND_LABELS,
    )


@pages.route("/users/<int:user_id>/roles", methods=["GET", "POST"])
@requires("role.grant")
def roles(user_id: int) -> ResponseReturnValue:
    user = _load(user_id, "role.grant")
    form = forms.Roles(roles=user.roles)
    form.offer(user)
    if form.validate_on_submit():
        try:
            _ask(user, Kind.ROLES, form.reason.data, form.roles.data or ())
        except FieldError as error:
            return _refused("users/roles.html", form, error, user=user)
        db.session.commit()
        return _asked(user)
    return render_template("users/roles.html", form=form, user=user), 422 if form.errors else 200


@pages.route("/users/<int:user_id>/standing", methods=["GET", "POST"])
@requires("user.manage")
def standing(user_id: int) -> ResponseReturnValue:
    """Stop an ordinary account at once; ask to stop an administrator's, or to restore a stopped one."""
    user = _load(user_id, "user.manage")
    form = forms.Standing(active="no" if user.active else "yes")
    if form.validate_on_submit():
        kind = Kind.RESTORE if form.active.data == "yes" else Kind.STOP
        if kind is Kind.STOP and not set(user.roles) & ADMINISTRATORS:
            accounts.stop(actor(), user, at=clock.now(), reason=form.reason.data or "")
            db.session.commit()
            flash(_("账号已停用，其会话已全部结束。"), "success")
            return redirect(url_for("users.show", user_id=user.id))
        _ask(user, kind, form.reason.data)
        db.session.commit()
        return _asked(user)
    return render_template("users/standing.html", form=form, user=user), 422 if form.errors else 200


@pages.route("/users/<int:user_id>/password", methods=["GET", "POST"])
@requires("password.ask")
def password(user_id: int) -> ResponseReturnValue:
    """Ask for a new password; its first half is shown in the answer, its second to whoever confirms."""
    user = _load(user_id, "password.ask")
    form = asking.Ground()
    if form.validate_on_submit():
        asked = _ask(user, Kind.PASSWORD, form.reason.data)
        half = asked.half
        db.session.commit()
        return render_template("users/password.html", user=user, half=half, is_first=True)
    return render_template("users/reset.html", form=form, user=user), 422 if form.errors else 200


@pages.post("/users/<int:user_id>/sessions/<mark>/end")
@concerns("session.end")
def end_session(user_id: int, mark: str) -> ResponseReturnValue:
    user = _load(user_id, "session.end")
    accounts.end_session(actor(), user, mark, at=clock.now())
    db.session.commit()
    flash(_("会话已结束。"), "success")
    return redirect(url_for("users.show", user_id=user.id))


def _load(user_id: int, permission: str) -> User:
    user: User = load_or_404(found.one(actor(), user_id), permission)
    return user


def _ask(user: User, kind: Kind, reason: str | None, roles: Iterable[str] = ()) -> Approval:
    return approvals.ask(actor(), user, kind, reason=reason or "", roles=roles, at=clock.now())


def _asked(user: User) -> ResponseReturnValue:
    flash(_("申请已提出，由另一名管理员确认后生效。"), "success")
    return redirect(url_for("users.show", user_id=user.id))


def _refused(template: str, form: FlaskForm, error: FieldError, **context: Any) -> ResponseReturnValue:
    """The form again with the sentence at its field, and everything that was typed."""
    form[error.field].errors = [sentence(error)]
    return render_template(template, form=form, **context), 422
