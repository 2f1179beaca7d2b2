"""The entry point of WSGI servers and of `flask --app wsgi`."""

from __future__ import annotations

from registry import create_app

app = create_app()
