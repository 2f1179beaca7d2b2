"""Tokens for administrators: the list, one of them, asking, confirming, taking out, revoking."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.api.forms import AskToken, RevokeToken
from registry.api.models import ApiToken
from registry.api.queries import tokens as queries
from registry.api.rules.scopes import SCOPE_LABELS
from registry.api.rules.tokens import state_of
from registry.api.services import tokens
from registry.api.texts import STATE_LABELS
from registry.base.extensions import clock, setting
from registry.people.queries import people
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, pressed, status_of
from registry.site.listing import page_of

pages = Blueprint("api_tokens", __name__)
USUAL = timedelta(days=180)
TONES = {"active": "ok", "waiting": "warn", "confirmed": "warn", "revoked": "plain", "refused": "plain"}


@pages.get("/api-tokens")
@requires("token.list")
def listing() -> ResponseReturnValue:
    ended = request.args.get("state") == "ended"
    page = page_of(queries.in_use(actor(), ended=ended))
    return render_template("api/list.html", page=page, ended=ended, **_words())


@pages.route("/api-tokens/new", methods=["GET", "POST"])
@requires("token.ask")
def new() -> ResponseReturnValue:
    form, on = AskToken(), clock.today()
    form.offer()
    if not form.is_submitted():
        form.expires_on.data = min(on + USUAL, tokens.longest(on))
    made: list[ApiToken] = []

    def act() -> None:
        office = people.office(form.office.data)
        made.append(
            tokens.ask(
                actor(), office, name=form.name.data or "", scopes=form.scopes.data or (),
                expires_on=form.expires_on.data or on, reason=form.reason.data or "", at=clock.now(), on=on,
            )
        )  # fmt: skip

    if form.validate_on_submit() and done(form, act):
        flash(_("已提出，须由安全管理员确认，之后由您取出。"), "success")
        return redirect(url_for("api_tokens.show", token_id=made[0].id))
    latest = tokens.longest(on)
    return render_template("api/new.html", form=form, latest=latest, **_words()), status_of(form)


@pages.get("/api-tokens/<int:token_id>")
@requires("token.list")
def show(token_id: int) -> ResponseReturnValue:
    token: ApiToken = load_or_404(queries.one(actor(), token_id), "token.list")
    return render_template("api/show.html", token=token, **_words())


@pages.post("/api-tokens/<int:token_id>/confirmation")
@concerns("token.confirm")
def confirm(token_id: int) -> ResponseReturnValue:
    token = _load(token_id, "token.confirm")
    pressed(
        lambda: tokens.confirm(actor(), token, at=clock.now(), on=clock.today()),
        _("已确认，可由申请人取出。"),
    )
    return redirect(url_for("api_tokens.show", token_id=token_id))


@pages.route("/api-tokens/<int:token_id>/secret", methods=["GET", "POST"])
@concerns("token.issue")
def issue(token_id: int) -> ResponseReturnValue:
    """The token itself, in this answer and nowhere else."""
    token, form = _load(token_id, "token.issue"), RevokeToken()
    secret: list[str] = []
    del form.reason
    if form.validate_on_submit() and done(
        form, lambda: secret.append(tokens.issue(actor(), token, at=clock.now(), on=clock.today()))
    ):
        shown = load_or_404(queries.one(actor(), token_id), "token.list")
        return render_template("api/secret.html", token=shown, secret=secret[0], **_words())
    return render_template("api/issue.html", token=token, form=form, **_words()), status_of(form)


@pages.route("/api-tokens/<int:token_id>/revocation", methods=["GET", "POST"])
@concerns("token.revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    token, form = _load(token_id, "token.revoke"), RevokeToken()
    if form.validate_on_submit() and done(
        form, lambda: tokens.revoke(actor(), token, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已停用，从现在起不能再用。"), "success")
        return redirect(url_for("api_tokens.show", token_id=token_id))
    token = _load(token_id, "token.revoke")
    return render_template("api/revoke.html", token=token, form=form, **_words()), status_of(form)


def _load(token_id: int, permission: str) -> ApiToken:
    token: ApiToken = load_or_404(queries.one(actor(), token_id), permission)
    return token


def _words() -> dict[str, object]:
    on = clock.today()
    return {
        "state_of": lambda token: state_of(token, on).value,
        "states": STATE_LABELS,
        "scopes": SCOPE_LABELS,
        "tones": TONES,
        "is_on": setting("API"),
    }
