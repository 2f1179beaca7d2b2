"""Reads: scoped to the actor, always ordered."""
