"""The register of registered firms: a file is staged in committed chunks, then applied in slices."""
