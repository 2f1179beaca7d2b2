"""No page asks an official for a terminal of the developers: what stands on pages and in reference data can be done there."""

from __future__ import annotations

import re

from registry.config import ROOT

COMMAND = re.compile(r"python3? -m|\bpytest\b|\bpip install\b|\bbench [a-z]+\b")
SHOWN = ("templates/**/*.html", "seeds/**/*.csv", "registry/translations/**/*.po")


def test_no_page_and_no_source_of_a_value_names_a_developers_command() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {match.group()}"
        for pattern in SHOWN
        for path in ROOT.glob(pattern)
        for match in COMMAND.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()
