"""Accounts: one administrator asks for them and for their roles, another confirms; neither sees business rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from registry.accounts.forms import users
from registry.accounts.forms.approvals import Ground
from registry.accounts.models import Approval
from registry.accounts.queries import requests
from registry.accounts.rules import KIND_LABELS
from registry.accounts.services import two_people
from registry.base.errors import FieldError
from registry.base.extensions import clock, db
from registry.base.permissions import ADMINISTRATORS, can
from registry.base.vocabulary import ApprovalKind
from registry.handovers import queries as open_work
from registry.handovers import services as handing
from registry.handovers.rules import LATER
from registry.handovers.views import packed, unpacked, work_of
from registry.people.models import User
from registry.people.queries import people, roster, signed_in
from registry.people.services import accounts
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of
from registry.site.locale import sentence

pages = Blueprint("users", __name__)


@pages.get("/users")
@requires("user.list")
def listing() -> ResponseReturnValue:
    form = users.UserFilter(request.args)
    form.offer(reference.offices().values())
    page = page_of(roster.search(actor(), form.wanted()))
    return render_template("accounts/users/list.html", form=form, page=page, seen=roster.last_seen(page.items))


@pages.route("/users/new", methods=["GET", "POST"])
@requires("user.manage")
def create() -> ResponseReturnValue:
    form = users.NewUser()
    form.offer(one for one in reference.offices().values() if not people.is_over(one, clock.today()))
    if form.validate_on_submit():
        try:
            user, asked = two_people.open_account(
                actor(),
                username=form.username.data or "",
                name=form.name.data or "",
                office=people.office(form.office.data),
                at=clock.now(),
            )
        except FieldError as error:
            return _refused("accounts/users/new.html", form, error)
        half = asked.half
        db.session.commit()
        return render_template("accounts/users/password.html", user=user, half=half, is_first=True)
    return render_template("accounts/users/new.html", form=form), 422 if form.errors else 200


@pages.get("/users/<int:user_id>")
@requires("user.list")
def show(user_id: int) -> ResponseReturnValue:
    user = _load(user_id, "user.list")
    # where and when a person works is for those who end sessions
    open_sessions = signed_in.open_sessions(user, now=clock.now()) if can(actor(), "session.end", user) else []
    waiting = requests.of_account(actor(), user.id, at=clock.now())
    return render_template(
        "accounts/users/show.html",
        user=user,
        sessions=open_sessions,
        seen=roster.last_seen([user]),
        waiting=waiting,
        kinds=KIND_LABELS,
        **work_of(user),
    )


@pages.route("/users/<int:user_id>/roles", methods=["GET", "POST"])
@requires("role.grant")
def roles(user_id: int) -> ResponseReturnValue:
    user = _load(user_id, "role.grant")
    form = users.Roles(roles=user.roles)
    form.offer(user)
    if form.validate_on_submit():
        try:
            _ask(user, ApprovalKind.ROLES, form.reason.data, form.roles.data or ())
        except FieldError as error:
            return _refused("accounts/users/roles.html", form, error, user=user)
        db.session.commit()
        return _asked(user)
    return render_template("accounts/users/roles.html", form=form, user=user), 422 if form.errors else 200


@pages.route("/users/<int:user_id>/standing", methods=["GET", "POST"])
@requires("user.manage")
def standing(user_id: int) -> ResponseReturnValue:
    """Stop an ordinary account at once, and say who takes over what is open; ask to stop an administrator's, or to
    restore a stopped one."""
    user = _load(user_id, "user.manage")
    form = users.AccountStandingForm(active="no" if user.active else "yes")
    alone = user.active and not set(user.roles) & ADMINISTRATORS
    lines = open_work.open_lines(user) if alone else []
    if lines:
        form.offer(open_work.successors(user, lines))
    if form.validate_on_submit():
        kind = ApprovalKind.RESTORE if form.active.data == "yes" else ApprovalKind.STOP
        if kind is ApprovalKind.STOP and not set(user.roles) & ADMINISTRATORS:
            if done(form, lambda: _stop(user, form, is_open=bool(lines))):
                flash(_("账号已停用，其会话已全部结束。"), "success")
                return redirect(url_for("users.show", user_id=user.id))
            lines = open_work.open_lines(user)
        else:
            _ask(user, kind, form.reason.data)
            db.session.commit()
            return _asked(user)
    form.seen.data = packed(lines)
    return render_template("accounts/users/standing.html", form=form, user=user, lines=lines), status_of(form)


def _stop(user: User, form: users.AccountStandingForm, *, is_open: bool) -> None:
    """What is open goes first, to whoever was chosen; both or nothing."""
    reason = form.reason.data or ""
    if is_open and form.taker.data != LATER:
        taker = db.session.get(User, int(form.taker.data))
        seen = unpacked(request.form.get("seen"))
        handing.hand_over(actor(), user, taker, seen=seen, reason=reason, at=clock.now())
    accounts.stop(actor(), user, at=clock.now(), reason=reason)


@pages.route("/users/<int:user_id>/password", methods=["GET", "POST"])
@requires("password.ask")
def password(user_id: int) -> ResponseReturnValue:
    """Ask for a new password; its first half is shown in the answer, its second to whoever confirms."""
    user = _load(user_id, "password.ask")
    form = Ground()
    if form.validate_on_submit():
        asked = _ask(user, ApprovalKind.PASSWORD, form.reason.data)
        half = asked.half
        db.session.commit()
        return render_template("accounts/users/password.html", user=user, half=half, is_first=True)
    return render_template("accounts/users/reset.html", form=form, user=user), 422 if form.errors else 200


@pages.post("/users/<int:user_id>/sessions/<mark>/end")
@concerns("session.end")
def end_session(user_id: int, mark: str) -> ResponseReturnValue:
    user = _load(user_id, "session.end")
    accounts.end_session(actor(), user, mark, at=clock.now())
    db.session.commit()
    flash(_("会话已结束。"), "success")
    return redirect(url_for("users.show", user_id=user.id))


def _load(user_id: int, permission: str) -> User:
    user: User = load_or_404(roster.one(actor(), user_id), permission)
    return user


def _ask(user: User, kind: ApprovalKind, reason: str | None, roles: Iterable[str] = ()) -> Approval:
    return two_people.ask(actor(), user, kind, reason=reason or "", roles=roles, at=clock.now())


def _asked(user: User) -> ResponseReturnValue:
    flash(_("申请已提出，由另一名管理员确认后生效。"), "success")
    return redirect(url_for("users.show", user_id=user.id))


def _refused(template: str, form: FlaskForm, error: FieldError, **context: Any) -> ResponseReturnValue:
    """The form again with the sentence at its field, and everything that was typed."""
    form[error.field].errors = [sentence(error)]
    return render_template(template, form=form, **context), 422
