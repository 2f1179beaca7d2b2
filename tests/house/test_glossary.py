"""The glossary names what is there: a word that was renamed in the code is renamed in the docs, and the other way round."""

from __future__ import annotations

import re
from importlib import import_module

from registry.config import ROOT

NAMES = re.findall(r"`([\w.]+):(\w+)`", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
# Words of no field: what they meant has one, see docs/glossary.md.
DIALECT = {"Told", "Held", "Wanted", "Taken", "Said", "Kept", "Given", "Tale", "Bearing", "Asked", "Then"}


def test_every_name_of_the_glossary_is_there() -> None:
    assert len(NAMES) > 40
    missing = [f"{module}:{name}" for module, name in NAMES if not hasattr(import_module(f"registry.{module}"), name)]
    assert missing == []


def test_a_class_is_called_by_a_word_of_the_field_and_no_three_by_the_same() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "registry").rglob("*.py")):
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            found.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in found.items() if name in DIALECT} == {}
    assert {name: where for name, where in found.items() if len(where) > 2} == {}


def test_what_a_template_says_of_its_values_is_there() -> None:
    """`feature.room.Name`, or `feature/room.py Name`, in the comment at its head."""
    found = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for comment in re.findall(r"{#.*?#}", path.read_text(encoding="utf-8"), flags=re.DOTALL):
            found |= {(path.name, *pair) for pair in re.findall(r"\b([a-z_]+(?:\.[a-z_]+)+)\.([A-Z]\w+)", comment)}
            named = re.findall(r"\b([a-z_]+(?:/[a-z_]+)+)\.py:? ([A-Z]\w+)", comment)
            found |= {(path.name, module.replace("/", "."), name) for module, name in named}
    assert len(found) > 50
    missing = []
    for template, module, name in sorted(found):
        try:
            is_there = hasattr(import_module(f"registry.{module}"), name)
        except ModuleNotFoundError:
            is_there = False
        if not is_there:
            missing.append(f"{template}: {module}.{name}")
    assert missing == []
