"""A file is brought, looked at, and applied or given up; what it added leaves as a workbook."""
