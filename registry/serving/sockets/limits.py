"""How long a client may take, and how much of it may be under way at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWER_SECONDS = 120


@dataclass(frozen=True)
class Limits:
    """The settings of `registry.config`, as the server uses them; seconds, bytes, numbers."""

    head_seconds: float
    body_seconds: float
    longest_seconds: float
    least_rate: float
    bodies_of_an_address: int
    body_most: int
    proxies: int

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Limits:
        return cls(
            head_seconds=settings["REQUEST_HEAD_SECONDS"],
            body_seconds=settings["REQUEST_SECONDS"],
            longest_seconds=settings["REQUEST_SECONDS_MOST"],
            least_rate=settings["REQUEST_RATE_LEAST"],
            bodies_of_an_address=settings["REQUESTS_OF_AN_ADDRESS"],
            body_most=settings["MAX_CONTENT_LENGTH"],
            proxies=settings["PROXIES"],
        )

    def body_until(self, began: float, received: int) -> float:
        """When a body must be whole: a while for everybody, longer for what keeps coming, and never beyond the most."""
        return began + min(self.body_seconds + received / self.least_rate, self.longest_seconds)

    def answer_until(self, began: float, taken: int) -> float:
        """When an answer must have been taken; a person may still be choosing where to keep the file."""
        return began + ANSWER_SECONDS + taken / self.least_rate
