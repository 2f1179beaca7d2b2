"""`python -m registry.cli` is the `registry` command."""

from __future__ import annotations

from registry.cli import main

main()
