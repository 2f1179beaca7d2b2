"""Papers and workbooks of cases."""
