"""The publication of rows of reference data: a new row in its table, or a version of one that is there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.tables import Base
from registry.reference.models import ReferenceVersion, SourceCheck
from registry.reference.queries import dated
from registry.reference.rules.dated import Edition
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import published
from registry.rulesets.queries.draftrows import DraftRow, rows_of
from registry.rulesets.rules.files import FILES

_DAY = timedelta(days=1)


def publish(draft: RuleDraft) -> list[str]:
    """Add the rows, in the order in which they refer to each other; what each is called."""
    order = [file.name for file in FILES]
    added = []
    for row in sorted(rows_of(draft), key=lambda row: order.index(row.file.name)):
        model, values = published.MODELS[row.file.name], dict(row.values)
        if not row.file.dated:
            db.session.add(model(**values))
        else:
            values["valid_from"] = values["valid_from"] or row.start
            if row.ended:
                values["valid_to"] = row.start - _DAY
            append(row.file.name, model, values, start=row.start, draft_id=draft.id)
            _note(row)
        db.session.flush()
        added.append(row.label)
    return added


def append(file: str, model: type[Base], values: dict[str, Any], *, start: date | None, draft_id: int | None) -> None:
    """Add a row, or a version of one that is there; its first version is kept as such before another follows it."""
    names = dated.DATED[file].key
    held = db.session.scalars(select(model).where(*(getattr(model, name) == values[name] for name in names))).first()
    if held is None:
        db.session.add(model(**values))
        return
    key = dated.key_of(values, names)
    known = select(ReferenceVersion).where(ReferenceVersion.file == file, ReferenceVersion.key == key).limit(1)
    if db.session.scalars(known).first() is None:
        _add(file, key, dated.opening(held, file))
    contents = {name: values[name] for name in dated.contents_of(held, file)}
    _add(file, key, Edition(start, values["valid_to"], contents, values["source"], draft_id))


def _add(file: str, key: str, one: Edition) -> None:
    db.session.add(
        ReferenceVersion(
            file=file, key=key, valid_from=one.valid_from or dated.BEGINNING, valid_to=one.valid_to,
            contents=dict(one.contents), source=one.source, draft_id=one.draft_id,
        )
    )  # fmt: skip


def _note(row: DraftRow) -> None:
    """Where a person read it, and when: of a version by its first day, of a new row by its key."""
    if row.proof:
        key = f"{row.key} {row.start}" if row.before else row.key
        day = date.fromisoformat(row.proof["checked_on"])
        db.session.merge(SourceCheck(file=row.file.name, key=key, checked_on=day, clause=row.proof["clause"]))
