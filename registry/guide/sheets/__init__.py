"""The handbook as a paper."""
