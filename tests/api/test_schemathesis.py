"""Everything the description allows, and what it does not, is asked of a real server, by schemathesis; no failure."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.serving import make_server

from registry.base.extensions import db
from registry.portal.models import PublicRow
from tests.api.tokens import issued
from tests.house.scene import build
from tests.world import World

EXAMPLES = 15
"""Of each operation and phase; the same ones every time."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
def test_every_operation_keeps_what_is_described(app: Flask, world: World, tmp_path: Path) -> None:
    app.config.update(API_REQUESTS=10**6, API_OPEN_REQUESTS=10**6)
    app.testing = False  # what breaks is an answer with 500
    build(world)
    open_ = update(PublicRow).where(PublicRow.collection == "entries")  # the example of the description is there
    db.session.execute(open_.values(key="0123456789ab"))
    secret = issued(world, "441500")
    db.session.rollback()
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    with served(app) as address:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"), "run", f"{address}/api/v1/openapi.json",
                "--header", f"Authorization: Bearer {secret}", "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful",
                "--max-examples", str(EXAMPLES), "--generation-deterministic", "--mode", "all", "--no-color",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    for line in (f"Tested: {len(described)}", f"{len(described)} selected / {len(described)} total", "No issues found"):
        assert line in done.stdout, done.stdout[-3000:]
