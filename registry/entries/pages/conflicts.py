"""Two people at one firm: whoever saves second sees original, theirs and mine, field by field, and loses nothing.

The page of correction carries a signed picture of the firm as it was opened. If the firm has moved on when the form
comes back, the page of conflict shows the three values with a choice and carries the picture anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, Signer, URLSafeSerializer
from werkzeug.exceptions import BadRequest

from registry.base import contacts
from registry.base.contacts import RESTRICTED
from registry.entries.forms.firms import COLUMNS, FirmForm, texts_given, texts_of
from registry.firms.models.firms import Firm
from registry.firms.views import values

ORIGINAL, THEIRS, MINE = 0, 1, 2
KEEP = "keep-"
# Said with another field: they follow it and are never chosen by themselves.
_FOLLOWING = frozenset({"industry_year"})


@dataclass(frozen=True)
class ConflictChoice:
    """One field as components/diff_table.html shows it; `values` are original, theirs, mine."""

    name: str
    label: str
    values: tuple[str, str, str]
    changed: bool
    chosen: int


def picture(firm: Firm) -> str:
    """The firm as the form shows it, signed; of a contact only a seal, for the page must not hold it."""
    return _serializer().dumps({"firm": firm.id, "version": firm.version, "texts": _texts(firm)})


def choose(form: FirmForm, original: str, sent: Mapping[str, str]) -> None:
    """Put their value into every field for which it was chosen on the page of conflict."""
    for key in [
        name.removeprefix(KEEP) for name, value in sent.items() if name.startswith(KEEP) and value == str(THEIRS)
    ]:
        if key in form and key not in form.locked:
            form[key].data = "" if key in RESTRICTED else _opened(form, original)["texts"].get(key, "")
            if key == "industry":
                form["industry_year"].data = _opened(form, original)["texts"].get("industry_year", "")


def found(form: FirmForm, original: str, firm: Firm) -> list[ConflictChoice]:
    """The fields to choose about, for a validated form; empty where nobody else changed what the form shows.

    Raises BadRequest where the picture is not ours.
    """
    opened = _opened(form, original)
    before, now = opened["texts"], _texts(firm)
    if opened["version"] == firm.version or all(now[key] == before.get(key) for key in now):
        return []
    mine = texts_given(form)
    choices = [_choice(firm, key, before.get(key, ""), now[key], mine.get(key)) for key in now if key not in _FOLLOWING]
    return [choice for choice in choices if choice is not None]


def _choice(firm: Firm, key: str, before: str, theirs: str, given: str | None) -> ConflictChoice | None:
    """None where neither side changed the field. A field that was not open to me is theirs."""
    if key in RESTRICTED:
        mine = _seal(given) if given else before
        shown = (
            "" if before == _seal("") else "****",
            contacts.masked(key, contacts.read(firm, key)),
            given or "",
        )
    else:
        mine = before if given is None else given
        shown = (_shown(key, before), _shown(key, theirs), _shown(key, mine))
    if before == theirs == mine:
        return None
    return ConflictChoice(key, values.label(key), shown, mine != theirs, MINE if mine != before else THEIRS)


def _shown(key: str, text: str) -> str:
    """A form's text in the reader's words; amounts stay in 万元 as they were typed."""
    return text if COLUMNS[key].unit else values.shown(key, text)


def _texts(firm: Firm) -> dict[str, str]:
    return texts_of(firm) | {key: _seal(contacts.read(firm, key)) for key in RESTRICTED}


def _seal(contact: str) -> str:
    return Signer(current_app.secret_key or "", salt="contact").get_signature(contact.encode()).decode()


def _opened(form: FirmForm, original: str) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = _serializer().loads(original)
    except BadSignature as error:
        raise BadRequest from error
    if form.firm is None or opened["firm"] != form.firm.id:
        raise BadRequest
    return opened


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="firm as opened")
