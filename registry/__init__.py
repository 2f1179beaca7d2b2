"""The registry of the enterprise cultivation directory (企业培育名录库)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The web application; `settings` override the environment (tests).

    Imported late: the child process that parses uploads imports this package and must stay small.
    """
    from registry.app import build

    return build(settings or {})
