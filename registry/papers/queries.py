"""The fonts that papers ask for."""

from __future__ import annotations

from datetime import date

from registry.papers.sheets.paper import Fonts
from registry.reference.queries import parameters


def fonts(on: date) -> Fonts:
    """The families that are set, with those that may stand for them."""
    names = ("title", "text", "heading1", "heading2", "number")
    return Fonts(**{name: parameters.value(f"bulletin.font.{name}", on) for name in names})
