"""How a file that somebody uploaded is answered, and how a paper stands in a list."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response


@dataclass(frozen=True)
class Paper:
    """One line of components/file_list.html: a paper at hand, or a material that is not."""

    label: str
    href: str | None
    note: str | None
    required: bool = False


def sealed_off(answer: Response) -> Response:
    """Should a browser show it in spite of all, it may do nothing at all."""
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
