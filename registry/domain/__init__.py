"""Rules of the directory: values in, values out; no framework."""
