"""The papers of a firm as lines of a list: what a filing asks for and is not there, beside everything that is."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.periods import Period
from registry.base.vocabulary import LISTED_STAGES
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.views import Paper
from registry.filings.queries import announced, readiness
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.readiness import Readiness
from registry.filings.rules.intake import PaperStatus
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.site.display import day


def of_firm(firm: Firm) -> list[Paper]:
    """For the next window the firm may use; before it is in the directory nothing but an offer is missing."""
    today = clock.today()
    ready = readiness.of(firm, announced.next_for(firm, today), on=today)
    return list(lines(ready, documents.documents_of(firm), is_listed=firm.stage in LISTED_STAGES))


def lines(ready: Readiness, held: list[Document], *, is_listed: bool) -> Iterator[Paper]:
    """`held`: all papers of the firm; void ones are passed over."""
    entries = {entry.row.code: entry for entry in ready.entries}
    for code, material in reference.materials().items():
        entry = entries.get(code)
        for document in held:
            if document.material == code and document.voided_at is None:
                yield _at_hand(_(material.name), document, entry)
        if entry is not None and entry.item.lacking and entry.item.status is not PaperStatus.UNSEALED:
            yield Paper(
                _named(_(material.name), ready.statement if entry.row.periodic else None), None, None, is_listed
            )


def _at_hand(name: str, document: Document, entry: ChecklistRow | None) -> Paper:
    unsealed = entry is not None and entry.document is document and entry.item.status is PaperStatus.UNSEALED
    note = _("%(day)s，待核对印章", day=day(document.at)) if unsealed else day(document.at)
    period = Period(document.year, document.month or 0) if document.year else None
    return Paper(_named(name, period), url_for("documents.look", document_id=document.id), note)


def _named(name: str, period: Period | None) -> str:
    return name + _("（%(note)s）", note=period.label) if period else name
