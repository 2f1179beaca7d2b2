"""Signing in and out, one's own password and language."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import StringField

from registry.accounts.forms import own_account
from registry.base.errors import FieldError, SessionSpent, SignInLocked, SignInRefused
from registry.base.extensions import clock, db
from registry.people.models import User
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.people.services import accounts, devices, founding, sessions
from registry.site.access import SignedIn, actor, requires
from registry.site.addresses import inside
from registry.site.locale import sentence
from registry.trail.services import trail

pages = Blueprint("accounts", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@requires("public")
def sign_in() -> ResponseReturnValue:
    form = own_account.SignIn()
    if current_user.is_authenticated:
        return redirect(url_for("home.start"))
    if form.validate_on_submit():
        try:
            entered = accounts.sign_in(
                _text(form.username),
                _text(form.password),
                address=request.remote_addr or "",
                device=request.cookies.get(_device_cookie(), ""),
                now=clock.now(),
            )
        except (SignInRefused, SignInLocked) as error:
            form.form_errors.append(sentence(error))
            return _sign_in_page(form), 401
        user = _begin(entered)
        return _remembered(redirect(inside(request.args.get("next")) or url_for("home.start")), user)
    return _sign_in_page(form), 422 if form.errors else 200


def _sign_in_page(form: own_account.SignIn) -> str:
    missing = founding.missing()
    nobody_yet = bool(missing) and people.is_nobody_yet()
    return render_template("accounts/sign_in.html", form=form, nobody_yet=nobody_yet, missing=missing)


def _begin(entered: accounts.Entered) -> User:
    """A new session under a new token; whatever the anonymous session held is dropped."""
    user = db.session.get_one(User, entered.user_id)
    token = sessions.begin(user, now=clock.now(), address=request.remote_addr or "", browser=request.user_agent.string)
    before = {"tries": entered.failures} if entered.failures else None
    trail.record(actor_of(user), "sign_in", user, at=clock.now(), source=request.remote_addr or "", after=before)
    db.session.commit()
    session.clear()
    session["locale"] = user.locale  # for a page that cannot ask the database
    login_user(SignedIn(user, token))
    return user


def _remembered(answer: Response, user: User) -> Response:
    """The answer with the cookie by which this device is no stranger to the account; it opens nothing by itself."""
    words = devices.remember(request.cookies.get(_device_cookie(), ""), user, now=clock.now())
    answer.set_cookie(
        _device_cookie(),
        words,
        max_age=devices.LASTS,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Strict",
    )
    return answer


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


@pages.post("/sign-out")
@requires("account")
def sign_out() -> ResponseReturnValue:
    sessions.end(session["_user_id"], now=clock.now())
    trail.record(actor(), "sign_out", current_user.user, at=clock.now())
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"))


@pages.route("/password", methods=["GET", "POST"])
@requires("account")
def password() -> ResponseReturnValue:
    form = own_account.ChangePassword()
    if form.validate_on_submit():
        try:
            accounts.change_password(
                actor(),
                current_user.user,
                _text(form.old),
                _text(form.new),
                at=clock.now(),
                token=session["_user_id"],
                address=request.remote_addr or "",
                device=request.cookies.get(_device_cookie(), ""),
            )
        except SessionSpent as error:
            db.session.commit()
            return _put_out(error)
        except SignInLocked as error:
            form.form_errors.append(sentence(error))
            return render_template("accounts/password.html", form=form), 422
        except FieldError as error:
            form[error.field].errors = [sentence(error)]
            return render_template("accounts/password.html", form=form), 422
        db.session.commit()
        flash(_("密码已修改。"), "success")
        return _remembered(redirect(url_for("home.start")), current_user.user)
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


def _put_out(error: SessionSpent) -> ResponseReturnValue:
    """To the sign-in page, with the reason; this session is over."""
    said = sentence(error)
    logout_user()
    session.clear()
    flash(said, "warning")
    return redirect(url_for("accounts.sign_in"))


@pages.post("/language")
@requires("public")
def language() -> ResponseReturnValue:
    chosen = request.form.get("locale", "")
    if chosen in current_app.config["LANGUAGES"]:
        if current_user.is_authenticated:
            current_user.user.locale = chosen
            db.session.commit()
        session["locale"] = chosen
    return redirect(inside(request.form.get("next")) or url_for("home.start"))


def _text(field: StringField) -> str:
    return field.data or ""
