"""An issued bulletin is printed to a PDF for the archive, where the machine has a converter."""

from __future__ import annotations

import logging

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.bulletins.models import Bulletin
from registry.bulletins.services import archive
from registry.papers import services as printing
from registry.trail.services import trail

log = logging.getLogger(__name__)


def print_bulletin(bulletin_id: int) -> None:
    """Once; a machine without a converter archives the paper alone, and the page says so."""
    bulletin = db.session.get(Bulletin, bulletin_id)
    if bulletin is None or archive.file_of(bulletin, archive.PDF) is not None:
        return
    paper = archive.file_of(bulletin, archive.DOCX)
    if paper is None:
        return
    content = paper.content
    db.session.rollback()  # no transaction is held while another program works
    try:
        printed = printing.to_pdf(content)
    except RegistryError as error:
        log.warning("bulletin %s is not printed: %s", bulletin_id, error)
        return
    bulletin = db.session.get_one(Bulletin, bulletin_id)
    file = archive.add_file(bulletin, archive.PDF, printed, at=clock.now())
    trail.record(
        SYSTEM_ACTOR, "archive_bulletin", bulletin, at=file.at, after={"kind": file.kind, "digest": file.digest}
    )
    db.session.commit()


def unprinted() -> list[tuple[str, tuple[int, ...]]]:
    """Those that a stopped worker, or a machine without a converter, left."""
    found: list[tuple[str, tuple[int, ...]]] = [("print_bulletin", (number,)) for number in archive.unprinted()]
    db.session.rollback()
    return found
