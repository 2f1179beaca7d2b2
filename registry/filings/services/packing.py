"""Papers leave as a packet: of one firm, or of many in folders; who took whose is on the trail, firm by firm."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO

from registry.base.errors import NotAllowed
from registry.base.permissions import Actor, can
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.filings import sheets
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.readiness import Readiness
from registry.filings.rules.chain import PAPER_STATUS_LABELS
from registry.filings.rules.intake import PaperStatus
from registry.filings.sheets import ALTERED, GONE, PackedPaper, Packet
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.sheets.uploaded import digest_of
from registry.trail.services import trail
from registry.trail.services.trail import Act

MOST_BYTES = 300 * 1024 * 1024
"""Of the papers of one packet: it is put together while somebody waits for it."""
_OF_NO_USE = frozenset({PaperStatus.MISSING})


@dataclass(frozen=True)
class WantedPapers:
    """A firm beside the window its papers are for, in words too."""

    firm: Firm
    ready: Readiness
    window: str

    @property
    def papers(self) -> list[ChecklistRow]:
        """What the filing needs, in the order of the checklist, and what is at hand or was spoken of beside."""
        return [e for e in self.ready.entries if e.item.needed or e.item.status not in _OF_NO_USE]

    @property
    def size(self) -> int:
        return sum(entry.document.size for entry in self.papers if entry.document)

    @property
    def files(self) -> int:
        return sum(entry.document is not None for entry in self.papers)


def one(actor: Actor, wanted: WantedPapers, *, at: datetime, on: date) -> IO[bytes]:
    """The packet of one firm as a file at its beginning, to be closed by whoever sends it. Raises NotAllowed."""
    packet = _packet(actor, wanted)
    file = _begun()
    sheets.write_packet(file, packet, on=on)
    return _recorded(actor, file, [(wanted.firm, packet)], at=at)


def many(
    actor: Actor, wanted: Sequence[WantedPapers], left: Sequence[tuple[str, str]], *, at: datetime, on: date
) -> IO[bytes]:  # fmt: skip
    """The same of many, each in its folder, with a list of them all. Raises NotAllowed."""
    packets = [(each.firm, _packet(actor, each)) for each in wanted]
    file = _begun()
    sheets.write_packets(file, [packet for _firm, packet in packets], left, on=on)
    return _recorded(actor, file, packets, at=at)


def _begun() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="registry-")


def _packet(actor: Actor, wanted: WantedPapers) -> Packet:
    firm = wanted.firm
    if not can(actor, "paper.take", firm):
        raise NotAllowed
    return Packet(
        firm.name,
        firm.credit_code or "",
        reference.division_names().get(firm.statistical_county or "", ""),
        wanted.window,
        wanted.ready.statement.label,
        tuple(_paper(entry) for entry in wanted.papers),
    )


def _paper(entry: ChecklistRow) -> PackedPaper:
    row, document = entry.row, entry.document
    standing = PAPER_STATUS_LABELS[entry.item.status]
    if document is None:
        return PackedPaper(row.code, row.name, standing=standing)
    period = f"{document.year}-{document.month:02d}" if document.month else str(document.year or "")
    source, why = _source(document)
    return PackedPaper(
        row.code, row.name, period, document.pages, why or standing, source,
        document.sha256 if source else "", Path(document.filename).suffix.lower(),
    )  # fmt: skip


def _source(document: Document) -> tuple[Path | None, str]:
    """The file as it was brought; one that is not what it was is not handed on."""
    path = attachments.path_of(document)
    if not path.is_file():
        return None, GONE
    return (path, "") if digest_of(path) == document.sha256 else (None, ALTERED)


def _recorded(actor: Actor, file: IO[bytes], packets: Sequence[tuple[Firm, Packet]], *, at: datetime) -> IO[bytes]:
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a temporary file is one
    file.seek(0)
    acts = [
        Act(
            "take_papers", "firm", firm.id, firm.name,
            after={
                "window": packet.window, "period": packet.statement, "files": packet.files,
                "missing": list(packet.missing), "sha256": digest,
            },
        )
        for firm, packet in packets
    ]  # fmt: skip
    trail.record_all(actor, acts, at=at)
    return file
