"""The list of features and the layers that the import contract checks are the same list; each feature says what it is."""

from __future__ import annotations

from configparser import ConfigParser

from registry.config import ROOT
from registry.features import FEATURES
from tests.house.rooms import PACKAGE

ROOMS = {
    "rules", "models", "queries", "services", "forms", "pages", "views", "sheets", "jobs", "commands", "texts",
}  # fmt: skip
# What every page, file, name and process stands on has modules of its own in place of rooms.
GROUND = {"base", "sheets", "matching", "site", "queue", "serving", "demo"}


def test_the_import_contract_lists_the_features_from_the_ground_up() -> None:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    layers = settings["importlinter:contract:features"]["layers"].split()
    assert [layer for layer in reversed(layers) if layer in FEATURES] == list(FEATURES)


def test_every_folder_is_a_feature_and_every_room_has_one_of_the_names() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(FEATURES)
    strange = {
        f"{feature}/{path.name}"
        for feature in set(FEATURES) - GROUND
        for path in (PACKAGE / feature).iterdir()
        if path.name not in ("__init__.py", "__pycache__") and path.stem not in ROOMS
    }
    assert strange == set()
