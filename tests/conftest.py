"""A migrated, seeded database for each test, on SQLite or on PostgreSQL, with the people of a small city in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, make_url, text

from registry import create_app
from registry.config import ROOT
from registry.extensions import db
from registry.services import accounts, seeds
from tests.browser import Browser
from tests.world import PEOPLE, Build, World

TODAY = date(2021, 10, 15)
# A property does not fail because the machine is busy; speed belongs in bench/.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
SHARED = ROOT.parent / "shared"

# Every test has an application of its own; compiling the same templates for each would be most of the suite's work.
_COMPILED = Path(tempfile.gettempdir()) / f"registry-templates-{os.getuid()}"
_COMPILED.mkdir(mode=0o700, exist_ok=True)
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(_COMPILED))}

# Real strength would cost each test its people; the algorithm and the code path are the same.
accounts.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_configure(config: pytest.Config) -> None:
    os.environ.pop("REGISTRY_DATABASE_URL", None)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """On CI a test of the browser or the office programme that skips itself is a failure, and one of PostgreSQL there."""
    if os.environ.get("CI") != "true" or call.excinfo is None or not call.excinfo.errisinstance(pytest.skip.Exception):
        return
    wanted = ("browser", "office", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else []))
    if any(item.get_closest_marker(name) for name in wanted):
        failed = AssertionError(f"skipped on CI: {call.excinfo.value}")
        call.excinfo = pytest.ExceptionInfo.from_exception(failed.with_traceback(call.excinfo.tb))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The database that every test starts from a copy of; its URL."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        url = make_url(server).set(database=f"{make_url(server).database}_{worker_id}")
        _create(url.set(database="postgres"), f'"{url.database}"')
        address = url.render_as_string(hide_password=False)
    else:
        address = f"sqlite:///{tmp_path_factory.mktemp('template') / 'registry.db'}"
    app = _app(address, tmp_path_factory.mktemp("instance"))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        seeds.load(ROOT / "seeds")
        World().people()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return address


@pytest.fixture
def database(template: str, tmp_path: Path) -> Iterator[str]:
    """A fresh copy of the template; its URL."""
    url = make_url(template)
    if url.get_backend_name() == "sqlite":
        copy = tmp_path / "registry.db"
        shutil.copyfile(str(url.database), copy)
        yield f"sqlite:///{copy}"
        return
    name = f"{url.database}_copy"
    _create(url.set(database="postgres"), f'"{name}"', template=f'"{url.database}"')
    yield url.set(database=name).render_as_string(hide_password=False)


def _create(admin: Any, name: str, template: str = "template1") -> None:
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"drop database if exists {name} with (force)"))
        connection.execute(text(f"create database {name} template {template}"))
    engine.dispose()


def _app(address: str, folder: Path, **settings: Any) -> Flask:
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "test",
            "SQLALCHEMY_DATABASE_URI": address,
            "INSTANCE": folder,
            "FILES": folder / "files",
            "UPLOADS": folder / "uploads",
            "TODAY": TODAY,
            "JOBS_IMMEDIATE": True,
            "SERVER_NAME": None,
            **settings,
        }
    )


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    application = _app(database, tmp_path)
    application.test_client_class = Browser
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """An application context with builders of firms, figures and proposals in it."""
    with app.app_context():
        yield World()
        db.session.rollback()


@pytest.fixture
def build(app: Flask) -> Build:
    """Make something in the city and commit it; what comes back is plain values, read in no context of a request."""

    def run(make: Callable[[World], Any]) -> Any:
        with app.app_context():
            made = make(World())
            db.session.commit()
            return made

    return run


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip("the shared data are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


__all__ = ["PEOPLE"]
