"""The worked example of docs/README.md: a feature is added as it is said there, works, and leaves nothing behind."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.copied import copy_of_the_house, run_in

# What the house says of a new feature; the rest of the suite knows nothing of it.
ASKED = (
    "tests/visits", "tests/house/test_migrations.py", "tests/house/test_merges.py", "tests/house/test_words.py",
    "tests/house/test_features.py", "tests/house/test_templates.py",
)  # fmt: skip
LIST, LAYERS = "registry/features.py", "setup.cfg"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return copy_of_the_house(tmp_path / "house")


def contents(house: Path) -> dict[str, bytes]:
    files = (path for path in house.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(house)): path.read_bytes() for path in files if path.suffix != ".pyc"}


def add(house: Path) -> None:
    """One folder in each of three places, one migration, one line in the list of features and its layer."""
    for place in ("registry", "templates", "tests"):
        shutil.copytree(house / "docs" / "example" / place / "visits", house / place / "visits")
    migration = (house / "docs" / "example" / "migrations" / "visits.py").read_text(encoding="utf-8")
    last = max(path.stem[:4] for path in (house / "migrations" / "versions").glob("0*.py"))
    number = f"{int(last) + 1:04d}"
    numbered = migration.replace('revision = "visits"', f'revision = "{number}"')
    after = re.sub(r'(?m)^down_revision = "\d+"', f'down_revision = "{last}"', numbered)
    (house / "migrations" / "versions" / f"{number}_visits.py").write_text(after, encoding="utf-8")
    line(house / LIST, '    "merges",\n', '    "merges",\n    "visits",\n')
    line(house / LAYERS, "    merges\n", "    visits\n    merges\n")


def take_away(house: Path) -> None:
    for place in ("registry", "templates", "tests"):
        shutil.rmtree(house / place / "visits")
    for migration in (house / "migrations" / "versions").glob("*_visits.py"):
        migration.unlink()
    line(house / LIST, '    "merges",\n    "visits",\n', '    "merges",\n')
    line(house / LAYERS, "    visits\n    merges\n", "    merges\n")


def line(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def run(house: Path, *command: str) -> None:
    done = run_in(house, *command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_feature_is_added_as_the_docs_say_and_taken_away_again(house: Path) -> None:
    before = contents(house)
    add(house)
    run(house, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *ASKED)
    run(house, str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache", "--config", "setup.cfg")
    take_away(house)
    assert contents(house) == before
