"""The files of papers."""
