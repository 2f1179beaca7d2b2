"""Making an archive, proving one, and restoring it."""
