"""The keys of every name are made again: numerals, former names in brackets and notes are read otherwise than they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.matching.keys import keys

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHUNK = 5_000
KEYS = {
    "firm": ("name_key", "parts_key", "core_key", "sound_key"),
    "former_name": ("name_key", "parts_key", "sound_key"),
    "registered_firm": ("name_key", "parts_key", "core_key", "sound_key"),
    "register_change": ("name_key",),
}


def upgrade() -> None:
    for table, kept in KEYS.items():
        _rekey(table, kept)


def downgrade() -> None:
    """Nothing to go back to: keys are made of names, and an older program makes its own when a name is written."""


def _rekey(table: str, kept: tuple[str, ...]) -> None:
    """Only rows whose keys differ are written, a chunk at a time."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id"), sa.column("name"), *map(sa.column, kept))
    new = {key: sa.bindparam(f"new_{key}") for key in kept}
    update = rows.update().where(rows.c.id == sa.bindparam("row")).values(new)
    chunk_of = sa.select(rows).where(rows.c.name != "").order_by(rows.c.id).limit(CHUNK)
    last = 0
    while chunk := connection.execute(chunk_of.where(rows.c.id > last)).all():
        last = chunk[-1].id
        changed = []
        for row in chunk:
            own = keys(row.name)._asdict()
            made = {key: own[key] for key in kept}
            if made != {key: getattr(row, key) for key in kept}:
                changed.append({"row": row.id} | {f"new_{key}": text for key, text in made.items()})
        if changed:
            connection.execute(update, changed)
