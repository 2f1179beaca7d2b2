"""Rules: values in, values out; no framework."""
