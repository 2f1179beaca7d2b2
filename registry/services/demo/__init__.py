"""The demo world: an invented city in October 2021, the same on every machine."""
