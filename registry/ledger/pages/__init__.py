"""Pages: parse, ask, do, commit, answer."""
