"""What the program is made of stays as long as it runs: collecting garbage need not look through it again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Once, when everything is loaded and before the first request."""
    gc.collect()
    gc.freeze()
