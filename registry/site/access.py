"""Who is asking: sessions that can be revoked, the permission each route declares, and the headers of each answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import UserMixin, current_user, logout_user
from sqlalchemy import Select
from sqlalchemy.exc import SQLAlchemyError

from registry.base import errors, sqlite, waiting
from registry.base.errors import NotAllowed
from registry.base.extensions import clock, db, login, provided
from registry.base.permissions import Actor, can
from registry.people.models import User, WebSession
from registry.people.queries import people, signed_in
from registry.people.services import sessions
from registry.site import stateless
from registry.trail.services import refusals

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# A signed-in person who must change the password first may reach only these.
BEFORE_PASSWORD = frozenset(
    {"accounts.password", "accounts.sign_out", "accounts.language", "static", "bootstrap.static"}
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission a route needs; a subject-free one is checked before the view runs.

    Where the permission concerns one record, the view loads it with `load_or_404`, which checks it.
    """

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def concerns(permission: str) -> Callable[[View], View]:
    """Declare a permission that is checked on the record by `load_or_404` inside the view."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.checks_record = True  # type: ignore[attr-defined]
        return view

    return mark


def by_token(permission: str) -> Callable[[View], View]:
    """Declare a permission that a program has by the token it shows, which the view itself looks at (`api`).

    Who is signed in does not count there, and no session is looked at.
    """

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.by_token = True  # type: ignore[attr-defined]
        return view

    return mark


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person together with the session they are in, as flask-login wants it."""

    def __init__(
        self, user: User, token: str, kept: WebSession | None = None, stands_in_for: signed_in.StandsInFor = ()
    ) -> None:
        self.user = user
        self.token = token
        self.stands_in_for = stands_in_for
        self.kept = kept  # the database session would forget it, and ask for it again

    def get_id(self) -> str:
        return self.token

    def __getattr__(self, name: str) -> Any:
        return getattr(self.user, name)


def actor() -> Actor:
    """The signed-in person as the rules see them."""
    return signed_in.actor_of(current_user.user, current_user.stands_in_for)


def load_or_404(statement: Select[Any], permission: str, *, subject: Callable[[Any], Any] = lambda row: row) -> Any:
    """The one row of `statement` (already scoped to the actor), if `permission` holds on it.

    'Not yours' and 'not there' are the same 404, and the attempt is recorded either way. The address of a firm that was
    merged is answered with where it leads.
    """
    row = db.session.scalars(statement).unique().one_or_none()
    if getattr(row, "merged_into_id", None) is not None and request.method in SAFE:
        (onward,) = provided("onward")
        abort(make_response(onward(actor(), row)))
    if row is None or not can(actor(), permission, subject(row)):
        refuse(permission)
    return row


def refuse(permission: str) -> NoReturn:
    """Record the refused attempt in a transaction of its own and answer 404."""
    db.session.rollback()
    refusals.record_refusal(actor(), permission, request.path, at=clock.now())
    abort(404)


def install(app: Flask) -> None:
    # before the token is looked for, which may already end in an error page
    app.before_request_funcs.setdefault(None, [])[:0] = [_choose_transaction, _limit_form]
    app.before_request(_authorise)
    app.after_request(_headers)
    app.teardown_request(_end_transaction)
    login.user_loader(_load_user)
    login.unauthorized_handler(_to_sign_in)


def _limit_form() -> None:
    """Werkzeug limits the fields of a multipart form; one long line of key=value it would read up to a file's size."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _choose_transaction() -> None:
    """Whoever reads queues for no lock; whoever saves waits for it a few seconds, and does not hold up the others."""
    waiting.begin_request()
    if request.method in SAFE:
        sqlite.start_reading()
    else:
        sqlite.stop_reading()


def _end_transaction(_: BaseException | None) -> None:
    """Before the extension does it, which a connection that broke meanwhile would make a second error."""
    let_go()
    sqlite.stop_reading()
    waiting.end_request()


def let_go() -> None:
    """Give up the transaction of this request, also where its connection is dead."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()


def _load_user(token: str) -> SignedIn | None:
    opened = signed_in.opened_by(token, now=clock.now(), on=clock.today())
    return SignedIn(opened[0].user, token, *opened) if opened else None


def _to_sign_in() -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in", next=request.full_path if request.method in SAFE else None))


def _authorise() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in ("static", "bootstrap.static"):
        return None
    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "permission", None)
    if permission is None:
        abort(500, description=f"{request.endpoint} declares no permission")
    if permission == "public" or getattr(view, "by_token", False):
        return None
    if not current_user.is_authenticated:
        if "_user_id" in session:
            logout_user()
            flash(_("登录已失效，请重新登录。"), "warning")
        return _to_sign_in()
    sessions.touch(session["_user_id"], now=clock.now())
    refusals.write_kept()
    if current_user.must_change_password and request.endpoint not in BEFORE_PASSWORD:
        return redirect(url_for("accounts.password"))
    if people.is_over(current_user.office, clock.today()) and request.endpoint not in BEFORE_PASSWORD:
        office = current_user.office
        raise NotAllowed(errors.OFFICE_OVER, office=office.short_name, day=office.valid_to.isoformat())
    if not getattr(view, "checks_record", False) and not can(actor(), permission):
        refusals.record_refusal(actor(), permission, request.path, at=clock.now())
        abort(403)
    return None


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint not in ("static", "bootstrap.static"):
        response.headers["Cache-Control"] = stateless.cache_control()
    return response
