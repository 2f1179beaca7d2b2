"""A migrated, seeded database for each test, on SQLite or on PostgreSQL, with the people of a small city in it."""

from __future__ import annotations

import gc
import os
import tempfile
from collections import defaultdict
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

from registry import create_app, features
from registry.base import sqlite, waiting
from registry.base.extensions import db
from registry.config import ROOT
from registry.people.services import accounts
from registry.seeding.services import seeds
from registry.trail.services import recounting, refusals
from tests.browser import Browser
from tests.copies import Copies, File, Server
from tests.installation import installed
from tests.invented import convert, firms, payloads, read_back, reread
from tests.reference_rules import classification, rules, territory, tiers
from tests.world import PEOPLE, Build, World

TODAY = date(2021, 10, 15)
# What an application puts together at its start; tests of tables and words need no application.
features.load_tables()
features.add()
# A property does not fail because the machine is busy; speed belongs in bench/.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
SHARED = ROOT.parent / "shared"

# Compiled once for all workers and runs.
_COMPILED = Path(tempfile.gettempdir()) / f"registry-templates-{os.getuid()}"
_COMPILED.mkdir(mode=0o700, exist_ok=True)
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(_COMPILED))}

# Thousands of short lives in one process: looking for cycles as often as in life is a tenth of the suite's work.
gc.set_threshold(100_000, 50, 100)

# Real strength would cost each test its people; the algorithm and the code path are the same.
accounts.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_configure(config: pytest.Config) -> None:
    os.environ.pop("REGISTRY_DATABASE_URL", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow tests come first, in their random order, so that no worker is left alone with one at the end.

    On PostgreSQL only what asks for a database is said again, but for what is about no database (`once`), and a `few`
    cases of what is one rule for all of them.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    more = _more_than_a_few(items)
    knows = {
        item: "database_copies" in getattr(item, "fixturenames", ())
        and not item.get_closest_marker("once")
        and item not in more
        for item in items
    }
    config.hook.pytest_deselected(items=[item for item, known in knows.items() if not known])
    items[:] = [item for item, known in knows.items() if known]


def _more_than_a_few(items: list[pytest.Item]) -> set[pytest.Item]:
    """The cases of tests marked `few` that a server is not asked about; always the same ones, whatever the order."""
    cases: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("few"):
            cases[str(item.path), item.originalname].append(item)
    more: set[pytest.Item] = set()
    for each in cases.values():
        each.sort(key=lambda item: tuple(item.callspec.indices.values()))
        (number,) = each[0].get_closest_marker("few").args
        more |= {*each} - {*each[:: max(1, len(each) // number)]}
    return more


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """On CI a test of the browser or the office programme that skips itself is a failure, and one of PostgreSQL there."""
    if os.environ.get("CI") != "true" or call.excinfo is None or not call.excinfo.errisinstance(pytest.skip.Exception):
        return
    wanted = ("browser", "office", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else []))
    if any(item.get_closest_marker(name) for name in wanted):
        failed = AssertionError(f"skipped on CI: {call.excinfo.value}")
        call.excinfo = pytest.ExceptionInfo.from_exception(failed.with_traceback(call.excinfo.tb))


@pytest.fixture(scope="session")
def database_copies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Copies]:
    """Fresh copies of a migrated, seeded database with the people in it."""
    server = os.environ.get("TEST_DATABASE_URL")
    made: Copies = Server(server, worker_id) if server else File(tmp_path_factory.mktemp("template"))
    app = _app(made.template, tmp_path_factory.mktemp("instance"))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        seeds.load(ROOT / "seeds")
        World().people()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    yield made
    made.close()


@pytest.fixture
def database(database_copies: Copies) -> str:
    """A fresh copy of the template; its URL."""
    return database_copies.fresh()


def _app(address: str, folder: Path) -> Flask:
    application = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "test",
            "SQLALCHEMY_DATABASE_URI": address,
            "TODAY": TODAY,
            "JOBS_IMMEDIATE": True,
            "SERVER_NAME": None,
            **_places(folder),
        }
    )
    application.test_client_class = Browser
    return application


def _places(folder: Path) -> dict[str, Path]:
    return {"INSTANCE": folder, "FILES": folder / "files", "UPLOADS": folder / "uploads"}


@pytest.fixture(scope="session")
def one_app(database_copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application that the tests share: to build one and warm it up is most of a test's time."""
    application = _app(database_copies.fresh(), tmp_path_factory.mktemp("shared"))
    with application.app_context():
        database_copies.follow(db.engine)
        # The statements of every feature go through this one engine: compiled once, and not again for each module.
        db.engine._compiled_cache.capacity = 5_000
    return application


@pytest.fixture
def app(database: str, tmp_path: Path, one_app: Flask) -> Iterator[Flask]:
    """The application on a fresh database with folders of its own; what a test sets is set back."""
    before = dict(one_app.config), dict(one_app.extensions)
    one_app.config.update(_places(tmp_path), SQLALCHEMY_DATABASE_URI=database)
    _forget(one_app)
    yield one_app
    if "PROVE_SEALS" in os.environ:
        _prove_seals(one_app)
    _let_go(one_app)
    for kept, now in zip(before, (one_app.config, one_app.extensions), strict=True):
        now.clear()
        now.update(kept)


def _prove_seals(application: Flask) -> None:
    """Whatever a test did through the program is sealed (asked for by PROVE_SEALS: a third of the suite's time)."""
    with application.app_context():
        db.session.remove()
        with sqlite.reading():
            found = recounting.recount(db.session())
    assert found.is_whole, found


@pytest.fixture
def own_app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application of the test's own, for tests that add pages to it."""
    application = _app(database, tmp_path)
    yield application
    _let_go(application)


def _forget(application: Flask) -> None:
    """What a process remembers beside its database, as if it had just begun."""
    refusals._kept.clear()
    application.extensions["proxies_doubted"].clear()
    for patience in (waiting.SAVES, waiting.NOTES):
        patience._ends = None


def _let_go(application: Flask) -> None:
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


__all__ = [
    "PEOPLE", "classification", "convert", "firms", "installed", "payloads", "read_back", "reread", "rules", "territory", "tiers",
]  # fmt: skip
