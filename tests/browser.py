"""A client whose requests come from outside, as they do in life, though the test holds an application context."""

from __future__ import annotations

import secrets
from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.base.extensions import db


class Browser(FlaskClient):
    """Requests share neither `g` (and with it the person signed in) nor the database session with the test.

    What the test built so far is committed first, and read anew afterwards. A form is sent from a page that was just
    opened, with a key of its own, unless the test says which (`form_key`; None: none at all).
    """

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
        if options.get("method") == "POST" and isinstance(options.get("data") or {}, dict):
            given = {"form_key": secrets.token_urlsafe(24), **(options.get("data") or {})}
            options["data"] = {name: value for name, value in given.items() if (name, value) != ("form_key", None)}
        options.setdefault("buffered", True)  # read to its end and closed, a file too
        return Context().run(super().open, *arguments, **options)
