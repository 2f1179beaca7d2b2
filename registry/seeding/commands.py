"""Loading the files of reference data: what a terminal reads of it, and what a start does when they do not fit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from registry.base.extensions import db
from registry.config import ROOT
from registry.rulesets.rules.cells import FileFault
from registry.rulesets.rules.loaded import FileDifference, Loaded
from registry.seeding.services import seeds
from registry.seeding.services.seeds import Checked, SeedsRefused

FOLDER = ROOT / "seeds"


@click.command("seed")
@click.option("--from", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER,
              metavar="FOLDER", help="Where the files are; by default seeds/ of this checkout.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; a refusal makes the exit status 1.")
@with_appcontext
def seed(folder: Path, as_json: bool) -> None:
    """Load the reference data: fill what is empty, propose as drafts what differs from what was published.

    Nothing published is changed or deleted. One fault in any file, and nothing of any file is loaded.
    """
    try:
        loaded = seeds.load(folder)
    except SeedsRefused as refusal:
        db.session.rollback()
        if as_json:
            click.echo(json.dumps({"files": [], "faults": [_fault(one) for one in refusal.faults]}, ensure_ascii=False))
            raise SystemExit(1) from refusal
        _list(refusal.faults)
        raise
    db.session.commit()
    if as_json:
        click.echo(json.dumps({"files": [_plain(one) for one in loaded], "faults": []}, ensure_ascii=False))
        return
    for one in loaded:
        click.echo(_line(one))
        for difference in one.differs:
            click.echo(_difference(one, difference))


@click.command("check-data")
@click.option("--from", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER,
              metavar="FOLDER", help="Where the files are; by default seeds/ of this checkout.")  # fmt: skip
@click.option("--alone", is_flag=True, help="By themselves, as for an empty database: none is looked at.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; a fault makes the exit status 1.")
@with_appcontext
def check_data(folder: Path, alone: bool, as_json: bool) -> None:
    """Check the reference data and write nothing: every fault with its file, row and column; the exit status is 1.

    Whatever this lets pass, `seed` does not refuse; the files of the invented city are checked here only.
    """
    files, faults = seeds.check(folder, alone=alone)
    if as_json:
        told = {"files": [asdict(one) for one in files], "faults": [_fault(one) for one in faults]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in files:
            click.echo(_checked(one))
        _list(faults)
        click.echo(f"{len(files)} files, {sum(one.rows for one in files)} rows, {len(faults)} faults")
    if faults:
        raise SystemExit(1)


def prepare() -> None:
    """What a start does: a filled database is served as it is when the files do not fit, an empty one is not."""
    try:
        loaded = seeds.load(FOLDER)
    except SeedsRefused as refusal:
        db.session.rollback()
        _list(refusal.faults)
        if not seeds.is_filled():
            raise
        click.echo(f"warning: {refusal}", err=True)
        click.echo("warning: serving with what the database holds; mend the files and run `registry seed`", err=True)
        return
    db.session.commit()
    for one in loaded:
        if one.added or one.differs:
            click.echo(_line(one), err=True)
    if any(one.differs for one in loaded):
        click.echo("warning: files differ from what was published, which stands; `registry seed` lists where", err=True)


def _list(faults: Iterable[FileFault]) -> None:
    for fault in faults:
        click.echo(fault.sentence(), err=True)


def _checked(one: Checked) -> str:
    read = "" if one.encoding == "utf-8" else f" (read as {one.encoding})"
    return f"{one.file}: {one.rows} rows" + (f", {one.unplaced} with an open clause" if one.unplaced else "") + read


def _line(one: Loaded) -> str:
    rows = len({difference.row for difference in one.differs})
    kept = f", {one.kept} not in the file and kept" if one.kept else ""
    read = "" if one.encoding == "utf-8" else f" (read as {one.encoding})"
    return f"{one.file}: {one.added} added, {one.same} same, {rows} differ{kept}{read}"


def _difference(one: Loaded, difference: FileDifference) -> str:
    here = "(none)" if difference.here is None else difference.here or "(empty)"
    what = f"{difference.column}: here {here}, file {difference.there or '(empty)'}"
    return f"  {one.file}:{difference.row} {difference.key} {what}: {difference.sentence()}"


def _plain(one: Loaded) -> dict[str, Any]:
    return {
        "file": one.file,
        "encoding": one.encoding,
        "added": one.added,
        "same": one.same,
        "kept": one.kept,
        "differs": [
            {
                "row": each.row,
                "key": each.key,
                "field": each.column,
                "here": each.here,
                "file": each.there,
                "outcome": each.outcome,
                "draft": each.draft,
                "reason": each.sentence(),
            }
            for each in one.differs
        ],
    }


def _fault(fault: FileFault) -> dict[str, Any]:
    return {
        "file": fault.file,
        "row": fault.row or None,
        "column": fault.letter or None,
        "field": fault.heading or None,
        "reason": fault.template % fault.values,
    }


COMMANDS = (seed, check_data)
