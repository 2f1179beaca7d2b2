"""The scene is built once, and each test has a copy of its database and its files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.copies import Copies
from tests.house.scene import Places, Scene, build
from tests.world import World


@pytest.fixture(scope="session")
def places(database_copies: Copies, one_app: Flask) -> Places:
    """A scene that is kept as a database to be copied; its files stay in the folder of the shared application."""
    database_copies.fresh()
    with one_app.app_context():
        made = Places.of(build(World()))
        db.session.remove()
        db.engine.dispose()
    database_copies.keep("scene")
    return made


@pytest.fixture(scope="session")
def papers(places: Places, one_app: Flask) -> Path:
    return Path(one_app.config["FILES"])


@pytest.fixture
def scene(places: Places, papers: Path, app: Flask, world: World, database_copies: Copies) -> Scene:
    db.engine.dispose()
    app.config["SQLALCHEMY_DATABASE_URI"] = database_copies.fresh("scene")
    shutil.copytree(papers, app.config["FILES"], dirs_exist_ok=True)
    return places.scene()
