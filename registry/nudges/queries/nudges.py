"""Nudges of a matter: those on record, those still open, and what waits too long."""

from __future__ import annotations
