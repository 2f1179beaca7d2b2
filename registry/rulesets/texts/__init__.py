"""Sentences about drafts of rules, and about files of reference data."""
