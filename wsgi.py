"""The entry point of WSGI servers and of `flask --app wsgi`."""

from __future__ import annotations

import sys

from registry import create_app
from registry.base import demo_database
from registry.base.errors import RegistryError
from registry.config import BadSetting

DOES_NOT_BOOT = 3
"""With this exit code gunicorn gives up and says so, instead of starting the same process again for ever."""

try:
    app = create_app()
    with app.app_context():
        demo_database.refuse_to_start()
except (BadSetting, RegistryError) as refused:
    print(f"error: {refused}", file=sys.stderr)  # noqa: T201 - there may be no application to log with
    sys.exit(DOES_NOT_BOOT)
