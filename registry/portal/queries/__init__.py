"""Reads: what is public, and what stands behind it."""
