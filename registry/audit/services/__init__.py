"""Checking what the trail proves."""
