"""How a file that somebody uploaded is answered."""

from __future__ import annotations

from flask import Response


def sealed_off(answer: Response) -> Response:
    """Should a browser show it in spite of all, it may do nothing at all."""
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
