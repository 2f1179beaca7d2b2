"""Workbooks of this feature."""
