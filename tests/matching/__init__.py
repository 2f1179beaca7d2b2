"""The engine of names, without framework or database."""

from __future__ import annotations

ENDLESS = 20
"""Seconds after which what is answered at once is taken to go on for ever: a million characters looked at in pairs take
days. It measures no speed."""
