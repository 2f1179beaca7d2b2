"""What production refuses to show: a demo database, whose accounts are open to everybody."""

from __future__ import annotations

from flask import Flask

from registry.base import demo_database


def install(app: Flask) -> None:
    """To be called before whoever is asking is looked for: nobody signs in to such a database."""
    if app.config["PRODUCTION"]:
        app.before_request(demo_database.refuse_to_serve)
