"""The mark that puts a text into the translation catalogue without translating it here."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - the customary name of the no-op mark
    """Return `text` unchanged; web and templates translate it when they show it."""
    return text
