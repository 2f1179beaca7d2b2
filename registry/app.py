"""The application: settings, extensions, blueprints, errors, commands, and what every request gets."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from registry import config, features
from registry.base import extensions, postgresql, private, sqlite, storable
from registry.base.clocks import SHANGHAI
from registry.firms.models import arriving
from registry.site import traces
from registry.trail.services import anchoring, seals


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
    app.extensions |= {"provided": features.provided(), "menu": features.menu(), "sections": features.sections()}
    _parts(app)
    app.logger.setLevel(logging.INFO)
    return app


def _engine(app: Flask) -> None:
    sqlite.install()
    arriving.install()
    storable.install()
    postgresql.install()
    seals.install()
    anchoring.install()
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options: dict[str, Any] = {"module": sqlite.DRIVER, "connect_args": {"check_same_thread": False}}
    else:
        options = postgresql.OPTIONS
    # What people wrote stays out of the messages of errors, and so out of the logs.
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {**options, "hide_parameters": True})


def _parts(app: Flask) -> None:
    """What every request gets, then what the features declare."""
    from registry import commands
    from registry.queue import jobs
    from registry.site import (
        access,
        addresses,
        components,
        display,
        errors,
        formkeys,
        locale,
        production,
        proxies,
        shell,
        unverified,
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
    unverified.install(app)
    components.install(app)
    errors.install(app)
    features.load_tables()
    features.add()
    for pages in features.blueprints():
        app.register_blueprint(pages)
    jobs.install(app, features.jobs(), features.unfinished())
    commands.install(app)
