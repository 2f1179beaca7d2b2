"""A file is brought, looked at row by row, and recorded or given up."""
