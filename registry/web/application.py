"""The application: settings, extensions, blueprints, errors, commands, and what every request gets."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from registry import config, extensions
from registry.domain.clocks import SHANGHAI
from registry.models import arriving, postgresql, sqlite, storable
from registry.services import private
from registry.web import traces

BLUEPRINTS = (
    "accounts",
    "home",
    "ledger",
    "firms",
    "upkeep",
    "figures",
    "months",
    "unproven",
    "forecasts",
    "documents",
    "checklists",
    "windows",
    "filings",
    "rechecks",
    "exits",
    "proposals",
    "reviews",
    "pairings",
    "groups",
    "verdicts",
    "merges",
    "claims",
    "nudges",
    "notices",
    "mailing",
    "imports",
    "workbooks",
    "register",
    "quarters",
    "closing",
    "progress",
    "rules",
    "rulesets",
    "whatif",
    "trail",
    "users",
    "approvals",
    "jobs",
)


def build(settings: dict[str, Any]) -> Flask:
    app = Flask(
        "registry",
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "registry" / "static"),
        instance_path=str(config.ROOT / "instance"),
    )
    app.config.from_mapping(config.from_environment())
    app.config.from_mapping(MIGRATIONS=config.ROOT / "migrations", BABEL_DEFAULT_TIMEZONE=SHANGHAI.key)
    app.config.from_mapping(settings)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    private.keep(app.config)
    traces.install()
    _engine(app)
    extensions.bind(app)
    _floors(app)
    app.logger.setLevel(logging.INFO)
    return app


def _engine(app: Flask) -> None:
    sqlite.install()
    arriving.install()
    storable.install()
    postgresql.install()
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options: dict[str, Any] = {"module": sqlite.DRIVER, "connect_args": {"check_same_thread": False}}
    else:
        options = postgresql.OPTIONS
    # What people wrote stays out of the messages of errors, and so out of the logs.
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {**options, "hide_parameters": True})


def _floors(app: Flask) -> None:
    from registry import cli, jobs
    from registry.web import (
        access,
        addresses,
        display,
        errors,
        formkeys,
        locale,
        production,
        proxies,
        shell,
        uploads,
    )

    addresses.install(app)
    uploads.install(app)
    locale.install(app)
    production.install(app)
    proxies.install(app)
    access.install(app)
    formkeys.install(app)
    shell.install(app)
    display.install(app)
    errors.install(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"registry.web.{name}").pages)
    jobs.install(app)
    cli.install(app)
