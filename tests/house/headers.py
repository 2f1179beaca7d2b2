"""The headers that protect an answer, as a walk through the pages finds them."""

from __future__ import annotations

from werkzeug.test import TestResponse

from registry.site.access import HEADERS

# A file that somebody uploaded: should a browser show it in spite of all, it may do nothing at all.
STRICTER = "sandbox; default-src 'none'"


def unprotected(answer: TestResponse) -> dict[str, str | None]:
    """The headers that differ from what they should be."""
    # What anybody may read may be kept by whoever hands it on; nothing else may.
    is_open = answer.request.path.startswith("/open") and answer.status_code == 200
    wanted = {**HEADERS, "Cache-Control": "public, max-age=300" if is_open else "no-store"}
    if answer.headers.get("Content-Disposition", "").startswith("attachment") or answer.mimetype.startswith("image/"):
        wanted["Content-Security-Policy"] = answer.headers.get("Content-Security-Policy", "")
        assert wanted["Content-Security-Policy"] in (HEADERS["Content-Security-Policy"], STRICTER)
    found = {name: answer.headers.get(name) for name in wanted if answer.headers.get(name) != wanted[name]}
    answer.close()
    return found
