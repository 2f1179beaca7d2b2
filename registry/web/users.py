"""Accounts: one administrator makes and stops them, another grants their roles; neither sees business rows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from registry.domain.errors import FieldError
from registry.domain.permissions import can
from registry.extensions import clock, db
from registry.models import User
from registry.queries import accounts as found
from registry.queries import people, reference, sessions
from registry.services import accounts
from registry.web.access import actor, load_or_404, requires
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
        password = accounts.fresh_password()
        try:
            user = accounts.create(
                actor(),
                username=form.username.data or "",
                name=form.name.data or "",
                office=people.office(form.office.data),
                roles=(),
                password=password,
                at=clock.now(),
            )
        except FieldError as error:
            return _refused("users/new.html", form, error)
        db.session.commit()
        return render_template("users/password.html", user=user, password=password, is_new=True)
    return render_template("users/new.html", form=form), 422 if form.errors else 200


@pages.get("/users/<int:user_id>")
@requires("user.list")
def show(user_id: int) -> ResponseReturnValue:
    user = _load(user_id, "user.list")
    # where and when a person works is for those who end sessions
    open_sessions = sessions.open_sessions(user, now=clock.now()) if can(actor(), "user.manage") else []
    return render_template("users/show.html", user=user, sessions=open_sessions, seen=found.last_seen([user]))


@pages.route("/users/<int:user_id>/roles", methods=["GET", "POST"])
@requires("role.grant")
def roles(user_id: int) -> ResponseReturnValue:
    user = _load(user_id, "role.grant")
    form = forms.Roles(roles=user.roles)
    form.offer(user)
    if form.validate_on_submit():
        try:
            accounts.grant(actor(), user, form.roles.data or (), at=clock.now(), reason=form.reason.data or "")
        except FieldError as error:
            return _refused("users/roles.html", form, error, user=user)
        db.session.commit()
        flash(_("角色已更新；%(name)s 须重新登录。", name=user.name), "success")
        return redirect(url_for("users.show", user_id=user.id))
    return render_template("users/roles.html", form=form, user=user), 422 if form.errors else 200


@pages.route("/users/<int:user_id>/standing", methods=["GET", "POST"])
@requires("user.manage")
def standing(user_id: int) -> ResponseReturnValue:
    """Stop an active account, or restore a stopped one, with the reason."""
    user = _load(user_id, "user.manage")
    form = forms.Standing(active="no" if user.active else "yes")
    if form.validate_on_submit():
        active = form.active.data == "yes"
        accounts.set_active(actor(), user, active, at=clock.now(), reason=form.reason.data or "")
        db.session.commit()
        flash(_("账号已恢复。") if active else _("账号已停用，其会话已全部结束。"), "success")
        return redirect(url_for("users.show", user_id=user.id))
    return render_template("users/standing.html", form=form, user=user), 422 if form.errors else 200


@pages.route("/users/<int:user_id>/password", methods=["GET", "POST"])
@requires("user.manage")
def password(user_id: int) -> ResponseReturnValue:
    """Ask, then make a new password; it is shown in the answer and nowhere else."""
    user = _load(user_id, "user.manage")
    form = forms.Nothing()
    if form.validate_on_submit():
        fresh = accounts.fresh_password()
        accounts.reset_password(actor(), user, fresh, at=clock.now())
        db.session.commit()
        return render_template("users/password.html", user=user, password=fresh, is_new=False)
    return render_template("users/reset.html", form=form, user=user)


@pages.post("/users/<int:user_id>/sessions/<mark>/end")
@requires("user.manage")
def end_session(user_id: int, mark: str) -> ResponseReturnValue:
    user = _load(user_id, "user.manage")
    accounts.end_session(actor(), user, mark, at=clock.now())
    db.session.commit()
    flash(_("会话已结束。"), "success")
    return redirect(url_for("users.show", user_id=user.id))


def _load(user_id: int, permission: str) -> User:
    user: User = load_or_404(found.one(actor(), user_id), permission)
    return user


def _refused(template: str, form: FlaskForm, error: FieldError, **context: Any) -> ResponseReturnValue:
    """The form again with the sentence at its field, and everything that was typed."""
    form[error.field].errors = [sentence(error)]
    return render_template(template, form=form, **context), 422
