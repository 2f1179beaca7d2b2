"""The commands of the year find its database as an installation's are found."""

from __future__ import annotations

from tests.cli.conftest import installed

__all__ = ["installed"]
