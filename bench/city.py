"""An application on a database of its own, with the seeds and a leader signed in, for the benchmarks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from registry import create_app
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.config import ROOT
from registry.people.models import User
from registry.people.queries import people
from registry.people.services import accounts, sessions
from registry.seeding.services import seeds

TODAY = date(2021, 10, 15)


def application(folder: Path) -> Flask:
    """The product on a SQLite file in `folder`, or on the database that BENCH_CITY_URL names."""
    return create_app(
        {
            "SECRET_KEY": "bench",
            "INSTANCE": folder,
            "FILES": folder / "files",
            "UPLOADS": folder / "uploads",
            "SQLALCHEMY_DATABASE_URI": os.environ.get("BENCH_CITY_URL") or f"sqlite:///{folder / 'registry.db'}",
            "TODAY": TODAY,
            "JOBS_IMMEDIATE": True,
            "SESSION_IDLE_MINUTES": 24 * 60,
        }
    )


@contextmanager
def city(folder: Path) -> Iterator[Flask]:
    """A migrated, seeded application in its context, with the account `leader`; made on first use."""
    app = application(folder)
    with app.app_context():
        if not (folder / "seeded").exists():
            (folder / "seeded").touch()
            upgrade(directory=str(ROOT / "migrations"))
            seeds.load(ROOT / "seeds")
            accounts.create(
                SYSTEM_ACTOR, username="leader", name="leader", office=people.office("441500"), roles=["leader"],
                password="Bench-2021-plan", at=clock.now(), must_change=False,
            )  # fmt: skip
            db.session.commit()
        yield app


def signed_in(app: Flask, username: str = "leader") -> FlaskClient:
    """A client of that account; the leader sees every firm."""
    client = app.test_client()
    user: User = people.user(username)
    token = sessions.begin(user, now=clock.now(), address="127.0.0.1", browser="bench")
    db.session.commit()
    db.session.remove()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client
