"""What a page shows that nobody has held against its source yet: said once at its head, with a quiet sign in place."""

from __future__ import annotations

from flask import Flask, g
from markupsafe import Markup, escape

from registry.base.sentences import LIST_MARK
from registry.reference.texts import OPEN_PIECE, WITH_PIECES

SIGN = "※"


def install(app: Flask) -> None:
    app.jinja_env.globals.update(unverified=mark, sourced=sourced, unverified_here=here, open_clause=is_open)


def note(label: str, endpoint: str = "rules.listing") -> None:
    """`label` is named at the head of this page; `endpoint`: where it stands with its source, and is confirmed."""
    g.setdefault("unverified", {}).setdefault(str(label), endpoint)


def mark(label: str, endpoint: str = "rules.listing") -> Markup:
    """The sign for a value on the page, which is noted."""
    note(label, endpoint)
    return Markup('<span class="unverified-sign">{}</span>').format(SIGN)


def sourced(text: str | None, endpoint: str = "rules.listing") -> Markup:
    """A source without its open pieces (`行业代码范围待核`): they are noted, and the sign stands in their place."""
    if not text or not OPEN_PIECE.search(text):
        return escape(text or "")
    pieces = [piece for piece in OPEN_PIECE.findall(text) if piece]
    plain = OPEN_PIECE.sub("", text) or LIST_MARK.join(pieces)
    label = WITH_PIECES.format(plain=plain, pieces=LIST_MARK.join(pieces)) if pieces and plain not in pieces else plain
    return escape(plain) + mark(label, endpoint)


def is_open(clause: str) -> bool:
    """Whether the place in the source is not known yet."""
    return bool(OPEN_PIECE.fullmatch(clause))


def here() -> list[tuple[str, str]]:
    """(label, endpoint) of what was noted while the page was drawn, in the order of the page."""
    return list(g.get("unverified", {}).items())
