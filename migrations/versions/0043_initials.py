"""The initials of a firm's name in pinyin, and the index of names with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.matching.keys import keys
from registry.matching.normalise import NameTooLong
from registry.names import models
from registry.names.models import Cut

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CHUNK = 5_000
BEFORE = (
    Cut("name", "{row}.name_key"),
    Cut("sound", "{row}.sound_key"),
    Cut("typed", "case when {row}.name <> {row}.name_key then {row}.name end"),
    Cut("code", "{row}.credit_code", 4),
)
SINCE = (*BEFORE, Cut("initials", "{row}.initials_key", 3))


def upgrade() -> None:
    connection = op.get_bind()
    models.drop(connection, "firm")
    op.add_column("firm", sa.Column("initials_key", sa.Text(), nullable=False, server_default=""))
    _fill()
    models.create(connection, "firm", SINCE)


def downgrade() -> None:
    connection = op.get_bind()
    models.drop(connection, "firm")
    op.drop_column("firm", "initials_key")
    models.create(connection, "firm", BEFORE)


def _fill() -> None:
    connection = op.get_bind()
    rows = sa.table("firm", sa.column("id"), sa.column("name"), sa.column("initials_key"))
    update = rows.update().where(rows.c.id == sa.bindparam("row")).values(initials_key=sa.bindparam("letters"))
    chunk_of = sa.select(rows.c.id, rows.c.name).where(rows.c.name != "").order_by(rows.c.id).limit(CHUNK)
    last = 0
    while chunk := connection.execute(chunk_of.where(rows.c.id > last)).all():
        last = chunk[-1].id
        made = [{"row": row.id, "letters": letters} for row in chunk if (letters := _letters(row.name))]
        if made:
            connection.execute(update, made)


def _letters(name: str) -> str:
    try:
        return keys(name).initials_key
    except NameTooLong:  # stored before there was a limit; it is found by nothing, and stays so
        return ""
