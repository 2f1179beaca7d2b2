"""`python -m registry.cli` is the `registry` command."""

from registry.cli import main

main()
