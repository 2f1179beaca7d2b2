"""Forms that were brought, and what was said of their headings."""
