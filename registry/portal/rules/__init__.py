"""What may be public at all, by whom, and how it is described to programs; no framework, no database."""
