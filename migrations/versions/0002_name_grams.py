"""The index of names: their grams, kept by triggers, and how they sound."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.matching.keys import keys
from registry.names import models
from registry.names.models import NAMES, Cut

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHUNK = 5_000
SEARCHED = (
    *NAMES,
    Cut("typed", "case when {row}.name <> {row}.name_key then {row}.name end"),
    Cut("code", "{row}.credit_code", 4),
)
KEYS = {
    "firm": ("name_key", "parts_key", "core_key", "sound_key"),
    "former_name": ("name_key", "parts_key", "sound_key"),
}


def upgrade() -> None:
    for table, kept in KEYS.items():
        # Not in a batch: SQLite adds a column with a default without copying the table, and its triggers stay.
        op.add_column(table, sa.Column("sound_key", sa.String(length=200), nullable=False, server_default=""))
        _rekey(table, kept)
    connection = op.get_bind()
    models.prepare(connection)
    models.create(connection, "firm", SEARCHED)
    models.create(connection, "former_name")


def downgrade() -> None:
    connection = op.get_bind()
    for table in reversed(KEYS):
        models.drop(connection, table)
        op.drop_column(table, "sound_key")
    models.dismantle(connection)


def _rekey(table: str, kept: tuple[str, ...]) -> None:
    """Make the keys of every name again: names are folded otherwise than they were, and have a sound."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id"), sa.column("name"), *map(sa.column, kept))
    update = (
        rows.update().where(rows.c.id == sa.bindparam("row")).values({key: sa.bindparam(f"new_{key}") for key in kept})
    )
    last = 0
    while chunk := connection.execute(
        sa.select(rows.c.id, rows.c.name).where(rows.c.id > last).order_by(rows.c.id).limit(CHUNK)
    ).all():
        made = [(row.id, keys(row.name)._asdict()) for row in chunk]
        connection.execute(update, [{"row": number} | {f"new_{key}": of[key] for key in kept} for number, of in made])
        last = chunk[-1].id
