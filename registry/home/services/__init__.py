"""Verbs: check, change, record; they flush and never commit."""
