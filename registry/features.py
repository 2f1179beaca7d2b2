"""The features of the registry from the ground up, and what they declare (`base/parts.py`).

A feature imports from those before it only; what one before it has to know of it, it declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from registry.base.parts import Job, MenuEntry, Parts, resolve

FEATURES = (
    "base",
    "sheets",
    "matching",
    "names",
    "trail",
    "people",
    "reference",
    "papers",
    "site",
    "queue",
    "notices",
    "handovers",
    "firms",
    "documents",
    "figures",
    "pathway",
    "accounts",
    "register",
    "rulesets",
    "duplicates",
    "entries",
    "proposals",
    "claims",
    "audit",
    "filings",
    "nudges",
    "forecasts",
    "institutions",
    "qualifications",
    "taxfigures",
    "levelfiles",
    "merges",
    "seeding",
    "whatif",
    "imports",
    "workbooks",
    "bundles",
    "cases",
    "resources",
    "payments",
    "successions",
    "quarters",
    "plans",
    "appraisals",
    "bulletins",
    "ledger",
    "upperforms",
    "dossier",
    "api",
    "portal",
    "backups",
    "search",
    "home",
    "guide",
    "demo",
    "serving",
)


def parts() -> Iterator[tuple[str, Parts]]:
    """Every feature that declares parts, from the ground up."""
    for feature in FEATURES:
        declared: Parts | None = getattr(import_module(f"registry.{feature}"), "PARTS", None)
        if declared is not None:
            yield feature, declared


def load_tables() -> None:
    """Register every table on `Base.metadata`."""
    for feature, declared in parts():
        for module in declared.tables:
            import_module(f"registry.{feature}.{module}")


def add() -> None:
    """Take what features add to the tables of those below them."""
    from registry.base import permissions
    from registry.merges import rules
    from registry.merges.queries import tables as moved
    from registry.trail import texts

    tables: dict[str, Callable[[Any], None]] = {
        "permissions": permissions.add,
        "words": texts.add,
        "coverage": rules.add,
        "moved": moved.add,
    }
    for feature, declared in parts():
        for table, place in declared.adds.items():
            tables[table](resolve(feature, place))


def menu() -> list[MenuEntry]:
    """Every page of the menu, each room in its order."""
    return sorted((entry for _feature, declared in parts() for entry in declared.menu), key=lambda entry: entry.rank)


def sections() -> dict[str, str]:
    return {page: section for _feature, declared in parts() for page, section in declared.sections.items()}


def blueprints() -> list[Any]:
    """Every blueprint once; its routes may stand in several modules, and all of them are imported by then."""
    found = [resolve(feature, f"{module}:pages") for feature, declared in parts() for module in declared.pages]
    return list(dict.fromkeys(found))


def command_modules(*, bare: bool) -> Iterator[ModuleType]:
    """Modules with `COMMANDS`: those of the application, or those that need none."""
    for feature, declared in parts():
        for module in declared.bare_commands if bare else declared.commands:
            yield import_module(f"registry.{feature}.{module}")


def jobs() -> dict[str, tuple[str, Job]]:
    """Name of a job -> the feature it is of, and the job. Raises ValueError for a name that two features use."""
    found: dict[str, tuple[str, Job]] = {}
    for feature, declared in parts():
        if clash := found.keys() & declared.jobs.keys():
            raise ValueError(f"{feature}: jobs of a name that is taken: {', '.join(sorted(clash))}")
        found |= {name: (feature, job) for name, job in declared.jobs.items()}
    return found


def provided() -> dict[str, list[tuple[str, str]]]:
    """What features provide to those below: name -> (feature, place)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for feature, declared in parts():
        for name, place in declared.provides.items():
            found.setdefault(name, []).append((feature, place))
    return found


def unfinished() -> list[tuple[str, str]]:
    """(feature, function) of those that say what stopped workers left behind."""
    return [(feature, place) for feature, declared in parts() for place in declared.unfinished]
