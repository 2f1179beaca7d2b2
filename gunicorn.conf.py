"""How gunicorn serves; `gunicorn wsgi:app` in this folder and `registry serve` both read it."""

from __future__ import annotations

import os
import sys

from registry.base import following
from registry.config import BadSetting, serving
from registry.serving.settling import settle

following.follow()

try:
    chosen = serving(os.environ)
except BadSetting as refused:
    print(f"error: {refused}", file=sys.stderr)  # noqa: T201 - there is no log yet
    sys.exit(3)

chdir = chosen["chdir"]
bind = chosen["bind"]
workers = chosen["processes"]
threads = chosen["threads"]
worker_connections = chosen["connections"]
worker_class = "registry.serving.sockets.worker.GatheringWorker"
keepalive = 15
timeout = 120
graceful_timeout = 30
loglevel = "warning"
umask = 0o077


def post_worker_init(_worker: object) -> None:
    settle()
