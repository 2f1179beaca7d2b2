"""What a bulletin holds from top to bottom, as plain values: what is shown, archived and made a paper of."""

from __future__ import annotations

from typing import Any

from registry.base.periods import Quarter
from registry.bulletins import texts
from registry.bulletins.models import Bulletin
from registry.bulletins.queries import bulletins
from registry.bulletins.queries.numbers import picture_key
from registry.bulletins.rules import tables
from registry.bulletins.rules.checking import hand_numbers
from registry.bulletins.rules.composing import printed_headings
from registry.bulletins.rules.numbers import QuarterNumbers
from registry.bulletins.rules.wording import Level
from registry.papers.rules import day_of
from registry.sheets.wording import MOVEMENT_CLOSING, MOVEMENT_OPENING


def of(bulletin: Bulletin) -> dict[str, Any]:
    """Paragraphs, tables, pictures, signature, day and sources; of an issued one as it was issued."""
    if bulletin.content is not None:
        return bulletin.content
    heads = printed_headings((Level(row.level), row.text) for row in bulletin.paragraphs)
    return {
        "paragraphs": [
            {"level": row.level, "head": head, "text": row.text, "edited": row.is_edited}
            for row, head in zip(bulletin.paragraphs, heads, strict=True)
        ],
        "tables": [tables.kept(table) for table in bulletins.tables_of(bulletin)],
        "pictures": None if bulletin.corrects_id else _pictures(bulletins.numbers_of(bulletin)),
        "signature": bulletin.signature,
        "day": bulletin.issued_on.isoformat() if bulletin.issued_on else None,
        "sources": list(sources(bulletin)),
    }


def _pictures(numbers: QuarterNumbers) -> dict[str, Any]:
    def count(kind: str, label: str) -> int:
        return numbers.numbers[picture_key(kind, label)].value or 0

    totals = (MOVEMENT_OPENING, MOVEMENT_CLOSING)
    return {
        "stages": [[label, count(texts.STAGE_KIND, label)] for label in numbers.items["stage"]],
        "steps": [[label, count(texts.STEP_KIND, label), label in totals] for label in numbers.items["step"]],
    }


def sources(bulletin: Bulletin) -> list[str]:
    """Where the numbers come from, the digest and the head of the trail that they are held by."""
    snapshot, quarter = bulletin.snapshot, Quarter.parse(bulletin.quarter)
    typed = [one.shown for one in hand_numbers(row.text for row in bulletin.paragraphs)]
    values = {
        "quarter": texts.QUARTER_FORM.format(year=quarter.year, quarter=quarter.number),
        "as_of": day_of(snapshot.as_of),
        "closed": day_of(snapshot.closed_at.date()),
        "by": snapshot.closed_by_name,
        "but": texts.SOURCE_BUT_BY_HAND if typed else "",
        "digest": snapshot.digest,
        "chain": f"{snapshot.chain_seq}:{snapshot.chain_hash}",
    }
    found = [line % values for line in texts.SOURCE_LINES]
    if typed:
        found.append(texts.SOURCE_BY_HAND % {"numbers": texts.NAMES_JOINT.join(typed)})
    edited, removed = sum(row.is_edited for row in bulletin.paragraphs), len(bulletins.removed(bulletin))
    found.append(texts.SOURCE_WORDING % {"number": bulletin.wording.number, "edited": edited, "removed": removed})
    if bulletin.without_reason:
        missing = [one.office.short_name for one in bulletins.unconfirmed(bulletin)]
        names = texts.NAMES_JOINT.join(missing)
        found.append(texts.SOURCE_WITHOUT % {"names": names, "reason": bulletin.without_reason})
    if (old := bulletin.corrects) is not None and old.issued_on is not None:
        told = {"title": texts.OLD_TITLE_FORM.format(title=bulletins.title_of(old)), "day": day_of(old.issued_on)}
        found.append(texts.SOURCE_ERRATUM % {**told, "digest": old.digest[:16]})
    return found
