"""Error pages, and refusals of the rules that reach a view's edge."""

from __future__ import annotations

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from registry.domain.errors import (
    BatchMoved,
    ClaimDecided,
    DemoInProduction,
    IllegalTransition,
    NotAllowed,
    RegistryError,
    StaleRecord,
)
from registry.extensions import db

STATUS = {
    NotAllowed: 403,
    IllegalTransition: 409,
    ClaimDecided: 409,
    StaleRecord: 409,
    BatchMoved: 409,
    DemoInProduction: 503,
}
PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RegistryError, _rule)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, error: RegistryError | None = None) -> ResponseReturnValue:
    """The page for `status`; a rule's sentence is shown in place of the general one."""
    db.session.rollback()
    shown = status if status in PAGES else 500
    return render_template("errors/error.html", status=shown, error=error), status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return page(error.code)


def _csrf(_: CSRFError) -> ResponseReturnValue:
    return page(400)


def _rule(error: RegistryError) -> ResponseReturnValue:
    return page(STATUS.get(type(error), 422), error)


def _stale(_: StaleDataError) -> ResponseReturnValue:
    return page(409)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    current_app.logger.error("unexpected error", exc_info=error)
    return page(500)
