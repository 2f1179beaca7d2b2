"""Commands find the test's database where an installation's is found: in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def installed(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The instance folder of an installation on a migrated, seeded database with people in it."""
    monkeypatch.setenv("REGISTRY_DATABASE_URL", database)
    monkeypatch.setenv("REGISTRY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("REGISTRY_TODAY", "2021-10-15")
    return tmp_path
