"""What is pressed twice is done once: every form carries a key, and the second press gets the answer of the first."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep
from typing import IO, Any

from flask import Flask, Response, abort, current_app, flash, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from registry.base import envelopes
from registry.base.errors import FORM_CHANGED, FORM_CHANGED_PAST, FORM_PAST, FORM_SENT
from registry.base.extensions import clock
from registry.site import services
from registry.site.access import SAFE
from registry.site.services import KEPT, KeyUsed, Use

FIELD = "form_key"
AGAIN = {
    "accounts.language": "sets what is set",
    "accounts.sign_in": "each press signs in, and the session nobody uses ends by itself",
    "accounts.sign_out": "ends what is ended",
    "case_books.fetch": "a file for each press, each of them on the trail",
    "filings.export": "a file for each press, each of them on the trail",
    "imports.errors": "a file for each press, each of them on the trail",
    "imports.template": "a file for each press, each of them on the trail",
    "ledger.export": "a file for each press, each of them on the trail",
    "level_loads.refused": "a file for each press, each of them on the trail",
    "notices.read": "marks what is marked",
    "notices.read_all": "marks what is marked",
    "packets.take": "a file for each press, each of them on the trail",
    "packets.take_of_filings": "a file for each press, each of them on the trail",
    "packets.take_of_firms": "a file for each press, each of them on the trail",
    "payment_batches.bank_list": "a file for each press, each of them on the trail",
    "payments.export": "a file for each press, each of them on the trail",
    "pairings.switch": "sets what is set",
    "quarters.export": "a file for each press, each of them on the trail",
    "register.export": "a file for each press, each of them on the trail",
    "resource_loads.refused": "a file for each press, each of them on the trail",
    "resource_loads.template": "a blank file for each press",
    "resources.export": "a file for each press, each of them on the trail",
    "samples.export": "a file for each press, each of them on the trail",
    "trail.export": "a file for each press, each of them on the trail",
    "verdicts.export": "a file for each press, each of them on the trail",
    "whatif.export": "a file for each press, each of them on the trail",
    "workbooks.fetch": "a file for each press, each of them on the trail",
}
"""Routes that repeat harmlessly, with the reason. Every other POST makes or changes something: without a key it is
refused, and with a used one it changes nothing.
"""
FILES = frozenset({"workbooks.issue", "workbooks.errors"})
"""Their answer is a file made anew: the page stays and may be used again, so a press is only the same for a moment."""
MOMENT = timedelta(seconds=30)
SHOWN = timedelta(minutes=5)
"""How long a page that answered is kept, for it may hold what is shown once."""
LARGEST = 8 * 1024 * 1024
PATIENCE = 25.0
"""Seconds that a press waits for the answer of the one before it, which has had its effect already."""
_PAUSE = 0.02
_PIECE = 256 * 1024
_LENGTHS = range(16, 129)
_TOP = b'<main class="page" id="content" tabindex="-1">'


@dataclass(frozen=True)
class Press:
    """One sending of a form: what its key is known by, what seals the answer, and a digest of what was typed."""

    digest: str
    secret: bytes
    typed: str
    flashes: int


def install(app: Flask) -> None:
    """After `access.install`: who may not come in at all uses no key."""
    app.before_request(_use)
    app.after_request(_keep)
    app.teardown_request(lambda _error: services.let_go())
    app.register_error_handler(KeyUsed, _answered)
    app.jinja_env.globals["form_key"] = fresh


def fresh() -> str:
    """A key for one form of one page."""
    return secrets.token_urlsafe(24)


def needs_key(endpoint: str | None) -> bool:
    return endpoint is not None and endpoint not in AGAIN


def _use() -> None:
    if request.method in SAFE or not needs_key(request.endpoint) or not current_user.is_authenticated:
        return
    key = request.form.get(FIELD, "")
    if len(key) not in _LENGTHS:
        abort(400)
    g.press = press = _press(key)
    if request.endpoint in FILES:
        services.free(press.digest, at=clock.now())
    g.key_use = services.use(press.digest, at=clock.now())


def _press(key: str) -> Press:
    token, typed = session["_user_id"], _typed()
    named = [token, request.path, key, typed if request.endpoint in FILES else ""]
    digest = hashlib.sha256(json.dumps(named).encode()).hexdigest()
    secret = hmac.digest(key.encode(), f"{token} {request.path}".encode(), "sha256")
    return Press(digest, secret, typed, len(session.get("_flashes", [])))


def _typed() -> str:
    """A digest of the fields and of the files: one that was put right has the same name, and often the same size."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if not _is_token(name)]
    files = [(name, file.filename, _content(file.stream)) for name, file in request.files.items(multi=True)]
    return hashlib.sha256(json.dumps([fields, files]).encode()).hexdigest()


def _content(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := stream.read(_PIECE):
        found.update(piece)
    stream.seek(0)
    return found.hexdigest()


def _is_token(name: str) -> bool:
    return name == FIELD or name.endswith("csrf_token")


# -- the first press --------------------------------------------------------------------------------
def _keep(response: Response) -> Response:
    """Keep the answer of what was done; where nothing was done the key is as fresh as before."""
    used: Use | None = g.pop("key_use", None)
    if used is None or not used.kept:
        return response
    sealed = _sealed(g.press, response) if response.status_code < 500 else None
    try:
        services.answer(used, sealed, at=clock.now(), lasts=_lasts(response))
    except OperationalError:  # what was done stands, and whoever did it is told; a second press hears of it no more
        current_app.logger.warning("the answer to a form could not be kept: the database is busy or away")
    return response


def _lasts(response: Response) -> timedelta:
    if request.endpoint in FILES:
        return MOMENT
    return KEPT if response.location else SHOWN


def _sealed(press: Press, response: Response) -> bytes | None:
    body = b""
    if not response.location:
        response.direct_passthrough = False
        body = response.get_data()
    if len(body) > LARGEST:
        return None
    head = {
        "typed": press.typed,
        "status": response.status_code,
        "headers": [item for item in response.headers.items() if item[0].startswith(("Content-", "Location"))],
        "flashes": session.get("_flashes", [])[press.flashes :],
    }
    return envelopes.seal(press.secret, json.dumps(head).encode() + b"\n" + body)


# -- every further press ----------------------------------------------------------------------------
def _answered(_: KeyUsed) -> ResponseReturnValue:
    """The other press was there first: before this one came, or while it had let go of its transaction."""
    g.pop("key_use", None)
    press: Press = g.press
    answer, waited = _await(press.digest)
    content = envelopes.unseal(press.secret, answer.sealed) if answer.sealed else None
    if content is None:
        return _told(FORM_PAST)
    head, _newline, body = content.partition(b"\n")
    first = json.loads(head)
    changed = first["typed"] != press.typed
    if not body:
        return _led_on(first, changed, waited)
    return _told(FORM_CHANGED_PAST) if changed else _shown(first, body, waited)


def _await(digest: str) -> tuple[services.Answer, bool]:
    """The answer, and whether it had to be waited for: then both presses were one."""
    pause, until = _PAUSE, monotonic() + PATIENCE
    while not (answer := services.found(digest, at=clock.now())).known and monotonic() < until:
        sleep(pause)
        pause = min(2 * pause, 0.5)
    return answer, pause > _PAUSE


def _led_on(first: dict[str, Any], changed: bool, waited: bool) -> ResponseReturnValue:
    if changed:
        flash(_(FORM_CHANGED), "warning")
    elif not waited:
        flash(_(FORM_SENT), "info")
    for category, message in first["flashes"]:
        flash(message, category)
    return make_response("", first["status"], first["headers"])


def _shown(first: dict[str, Any], body: bytes, waited: bool) -> ResponseReturnValue:
    if not waited:
        told = render_template("site/errors/_sent.html", sentence=_(FORM_SENT)).encode()
        body = body.replace(_TOP, _TOP + told, 1)
    headers = [(name, value) for name, value in first["headers"] if name != "Content-Length"]
    return make_response(body, first["status"], headers)


def _told(sentence: str) -> ResponseReturnValue:
    return make_response(render_template("site/errors/sent.html", sentence=_(sentence)), 409)
