"""Where things lie in the house: features, and in each the rooms of the floors."""

from __future__ import annotations

from pathlib import Path

from registry.config import ROOT
from registry.features import FEATURES

PACKAGE = ROOT / "registry"


def room(path: Path) -> str:
    """The room of a module of a feature (`rules`, `pages`, ...); of one that lies in none, its own name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[1] if len(parts) > 1 and parts[0] in FEATURES else parts[0]


def modules_of(*rooms: str, features: tuple[str, ...] = FEATURES) -> list[Path]:
    """The modules of some rooms of some features, in order."""
    found = (path for feature in features for path in (PACKAGE / feature).rglob("*.py"))
    return sorted(path for path in found if room(path) in rooms)
