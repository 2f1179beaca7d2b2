"""Error pages, and refusals of the rules that reach a view's edge."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, SQLAlchemyError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from registry.base import sqlite
from registry.base.errors import (
    ApprovalDecided,
    ApprovalMoved,
    BatchMoved,
    ClaimDecided,
    DemoInProduction,
    IllegalTransition,
    NotAllowed,
    RegistryError,
    StaleRecord,
    Unstorable,
)
from registry.base.extensions import provided
from registry.base.trouble import trouble_in
from registry.site import unavailable
from registry.site.access import let_go

STATUS = {
    ApprovalDecided: 409,
    ApprovalMoved: 409,
    NotAllowed: 403,
    IllegalTransition: 409,
    ClaimDecided: 409,
    StaleRecord: 409,
    BatchMoved: 409,
    DemoInProduction: 503,
}
PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def install(app: Flask) -> None:
    unavailable.install(app)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RegistryError, _rule)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(StatementError, _statement)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, error: RegistryError | None = None, *, cause: BaseException | None = None) -> ResponseReturnValue:
    """The page for `status`; a rule's sentence is shown in place of the general one.

    It is only read, so it waits for no lock; where menu and name cannot be had, it is drawn without them. At addresses
    that answer programs a feature above says it in its own form (`error_answers`).
    """
    let_go()
    sqlite.start_reading()
    for answers in provided("error_answers"):
        if (found := answers(status, error or cause)) is not None:
            return cast(Response, found)
    values = {"status": status if status in PAGES else 500, "error": error}
    try:
        return render_template("site/errors/error.html", **values), status
    except (SQLAlchemyError, OSError) as failed:
        current_app.logger.warning("the page of an error is drawn bare: %s", type(failed).__name__)
        let_go()
        unavailable.forget_person()
        return render_template("site/errors/error.html", **values), status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return page(error.code, cause=error)


def _csrf(_: CSRFError) -> ResponseReturnValue:
    return page(400)


def _rule(error: RegistryError) -> ResponseReturnValue:
    return page(STATUS.get(type(error), 422), error)


def _stale(_: StaleDataError) -> ResponseReturnValue:
    return page(409)


def _statement(error: StatementError) -> ResponseReturnValue:
    """A value that the database cannot hold is a refusal with its reason, not a fault of the page."""
    if isinstance(error.orig, RegistryError):
        return _rule(error.orig)
    return _rule(Unstorable()) if isinstance(error, DataError) else _unexpected(error)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if trouble := trouble_in(error):
        return unavailable.answer(trouble, error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    current_app.logger.error("unexpected error", exc_info=error)
    return page(500)
