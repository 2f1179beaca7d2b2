"""`python -m registry` is the `registry` command."""

from __future__ import annotations

from registry.commands import main

main()
