"""Verbs: check, change, record."""
