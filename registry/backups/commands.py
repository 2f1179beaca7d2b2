"""Taking a backup, proving one, and restoring it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.backups.rules import Manifest
from registry.backups.services import archives, folder, restoring
from registry.base.errors import RegistryError
from registry.base.extensions import Value, clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.trail.services import trail
from registry.trail.services.trail import Act

Place = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("archive", required=False, type=Place)
@click.option(
    "--prove", "only_prove", is_flag=True, help="Write nothing: read ARCHIVE whole and say whether it is sound."
)
@with_appcontext
def backup(archive: Path | None, only_prove: bool) -> None:
    """Copy all rows and papers into ARCHIVE (else into the folder of backups) while people work, and prove the copy."""
    if only_prove:
        if archive is None:
            raise click.UsageError("--prove needs the ARCHIVE to read")
        manifest = _or_say(lambda: archives.prove(archive))
        click.echo(f"sound: {archive}: {_words(manifest)}")
        return
    if archive is not None and archive.exists():
        raise click.ClickException(f"{archive} is there already; choose another name")
    made, manifest = _or_say(lambda: folder.add(archive, at=clock.now(), now=datetime.now(UTC)))
    db.session.commit()
    click.echo(f"{made}: {_words(manifest)}")


@click.command("restore")
@click.argument("archive", type=Place)
@with_appcontext
def restore(archive: Path) -> None:
    """Restore ARCHIVE into an empty place: no database (or an empty one) and no papers; nothing is written over."""
    restored = _or_say(lambda: restoring.restore(archive))
    trail.record_all(SYSTEM_ACTOR, [Act("restore_backup", "backup", subject_label=archive.name)], at=clock.now())
    db.session.commit()
    click.echo(
        f"restored {restored.tables} tables, {restored.rows} rows, {restored.files} papers; all as in the archive"
    )
    click.echo(f"the trail verifies up to {restored.trail}")
    if restored.unsealed:
        click.echo(
            f"{restored.unsealed} fields or rows do not fit their seals, as in the archive: registry trail verify"
        )
    else:
        click.echo("every row fits its seal")


def _words(manifest: Manifest) -> str:
    return f"{len(manifest.tables)} tables, {manifest.rows} rows, {len(manifest.files)} papers, trail {manifest.trail}"


def _or_say(act: Callable[[], Value]) -> Value:
    try:
        return act()
    except (RegistryError, OSError) as error:
        db.session.rollback()
        raise click.ClickException(str(error)) from error


COMMANDS = (backup, restore)
