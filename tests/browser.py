"""A client whose requests come from outside, as they do in life, though the test holds an application context."""

from __future__ import annotations

from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.extensions import db


class Browser(FlaskClient):
    """Requests share neither `g` (and with it the person signed in) nor the database session with the test.

    What the test built so far is committed first, and read anew afterwards.
    """

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
        return Context().run(super().open, *arguments, **options)
