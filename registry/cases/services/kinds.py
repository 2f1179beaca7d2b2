"""Kinds from `seeds/cases/*/kind.toml`, and with settings changed on a page: drafts until another person publishes."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR, Actor, can
from registry.cases.models import CaseCohort, CaseKind
from registry.cases.queries import kinds
from registry.cases.rules.kindfile import faults, is_number
from registry.cases.rules.kinds import TABLES
from registry.cases.texts import CASE_ERRORS, KIND_FAULTS
from registry.people.models import Office
from registry.rulesets.rules.cells import FileFault, FileTable
from registry.rulesets.rules.loaded import Loaded
from registry.trail.services import trail

FOLDER = "cases"
FILE = "kind.toml"
SHARED = "shared"
"""Beside the folders of kinds: what several of them use (`uses`)."""


# -- the folder -----------------------------------------------------------------------------------
def file_sets(folder: Path) -> list[KindFile]:
    """The definition in each folder of `seeds/cases/`."""
    return [_read(path) for path in sorted((folder / FOLDER).glob(f"*/{FILE}"))]


def _read(path: Path) -> KindFile:
    name = f"{FOLDER}/{path.parent.name}/{FILE}"
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        shared = path.parent.parent / SHARED / f"{own.pop('uses')}.toml" if "uses" in own else None
        common = tomllib.loads(shared.read_text(encoding="utf-8-sig")) if shared else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return KindFile(name, path.parent.name, {}, str(error))
    return KindFile(name, path.parent.name, put_together(common, own))


def put_together(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What kinds of a group share, and what is a kind's own: its rows come after, its words stand before."""
    found = dict(common)
    for key, value in own.items():
        held = found.get(key)
        if isinstance(held, list) and isinstance(value, list) and key in TABLES:
            found[key] = [*held, *value]
        elif isinstance(held, dict) and isinstance(value, dict):
            found[key] = held | value
        else:
            found[key] = value
    return found


@dataclass(frozen=True)
class KindFile:
    """One definition as it was read; `unread`: why it could not be."""

    name: str
    folder: str
    definition: Mapping[str, Any]
    unread: str = ""

    @property
    def tables(self) -> Mapping[str, FileTable]:
        return {}

    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterator[FileFault]:
        """What keeps the kind from being used; `beside`: the offices that come with it."""
        if self.unread:
            yield FileFault(self.name, KIND_FAULTS["toml"], {"text": self.unread})
            return
        found = list(faults(self.definition, self.folder))
        yield from (FileFault(self.name, KIND_FAULTS[one.why], {"text": one.text}, heading=one.place) for one in found)
        if found:
            return
        offices = {row.values.get("code") for row in beside["offices.csv"].rows}
        if not alone:
            offices |= set(db.session.scalars(select(Office.code)))
        if self.definition["bureau"] not in offices:
            yield FileFault(self.name, KIND_FAULTS["office"], {"text": self.definition["bureau"]}, heading="bureau")
        if _day(self.definition["valid_from"]) is None:
            values = {"text": self.definition["valid_from"]}
            yield FileFault(self.name, KIND_FAULTS["day"], values, heading="valid_from")

    def load(self, at: datetime) -> list[Loaded]:
        """A draft of what is new; what was loaded before, published or dropped stays what it is."""
        digest = digest_of(self.definition)
        rows = db.session.scalars(select(CaseKind).where(CaseKind.code == self.definition["code"]))
        if digest in {row.definition.get("of_file", row.digest) for row in rows}:
            return [Loaded(self.name, 0, 1)]
        if (draft := kinds.draft_of(self.definition["code"])) is not None:
            if draft.prepared_by_id is not None:
                return [Loaded(self.name, 0, 1)]  # a person is at it; the file comes after
            draft.state = "dropped"
            db.session.flush()
        _draft(SYSTEM_ACTOR, dict(self.definition) | {"of_file": digest}, at=at, reason="")
        return [Loaded(self.name, 1, 0)]


def digest_of(definition: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(definition, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _draft(
    actor: Actor, definition: dict[str, Any], *, at: datetime, reason: str, valid_from: date | None = None
) -> CaseKind:
    last = kinds.last_of(definition["code"])
    row = CaseKind(
        code=definition["code"], edition=last.edition + 1 if last else 1, name=definition["name"],
        group=definition["group"], definition=definition, digest=digest_of(definition),
        valid_from=valid_from or date.fromisoformat(definition["valid_from"]), reason=reason,
        prepared_by_id=actor.user_id, prepared_by_name="" if actor.user_id is None else actor.name, prepared_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"edition": row.edition, "digest": row.digest, "valid_from": row.valid_from}
    trail.record(actor, "prepare_kind", row, at=at, after=after, reason=reason)
    return row


# -- settings, and the second person --------------------------------------------------------------
def change_settings(
    actor: Actor, edition: CaseKind, values: Mapping[str, str], *, valid_from: date, reason: str, at: datetime
) -> CaseKind:
    """A new draft of the kind with other settings; raises FieldError, RegistryError, NotAllowed."""
    if not can(actor, "kind.edit"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    if kinds.draft_of(edition.code) is not None:
        raise RegistryError(CASE_ERRORS["kind_decided"])
    definition = deepcopy(edition.definition)
    before = {}
    for row in definition.get("setting", []):
        typed = values.get(row["code"], str(row["value"])).strip()
        if typed == str(row["value"]):
            continue
        if is_number(str(row["value"])) and not is_number(typed):
            raise FieldError(f"setting_{row['code']}", CASE_ERRORS["setting"], name=row["name"])
        before[row["code"]], row["value"] = str(row["value"]), typed
    if not before:
        raise RegistryError(CASE_ERRORS["kind_same"])
    found = next(faults({key: value for key, value in definition.items() if key != "of_file"}, edition.code), None)
    if found is not None:
        raise FieldError(found.place.replace("setting.", "setting_"), KIND_FAULTS[found.why], text=found.text)
    return _draft(actor, definition, at=at, reason=reason.strip(), valid_from=valid_from)


def publish(actor: Actor, edition: CaseKind, *, at: datetime) -> None:
    """By a second person; from here on the edition never changes."""
    db.session.refresh(edition, with_for_update={"of": CaseKind})
    if edition.state != "draft":
        raise RegistryError(CASE_ERRORS["kind_decided"])
    if edition.prepared_by_id is not None and edition.prepared_by_id == actor.user_id:
        raise RegistryError(CASE_ERRORS["kind_own"])
    if not can(actor, "kind.publish", edition):
        raise NotAllowed
    edition.state = "published"
    edition.published_by_id, edition.published_by_name, edition.published_at = actor.user_id, actor.name, at
    db.session.flush()
    trail.record(actor, "publish_kind", edition, at=at, after={"edition": edition.edition, "digest": edition.digest})


def drop(actor: Actor, edition: CaseKind, *, reason: str, at: datetime) -> None:
    db.session.refresh(edition, with_for_update={"of": CaseKind})
    if not can(actor, "kind.drop", edition):
        raise RegistryError(CASE_ERRORS["kind_decided"])
    if not reason.strip():
        raise ReasonNeeded
    edition.state = "dropped"
    db.session.flush()
    trail.record(actor, "drop_kind", edition, at=at, after={"edition": edition.edition}, reason=reason.strip())


# -- cohorts --------------------------------------------------------------------------------------
def open_cohort(
    actor: Actor, *, group: str, year: int, document: str, opens_on: date, closes_on: date | None, at: datetime
) -> CaseCohort:
    """A year of a group; raises FieldError, NotAllowed."""
    if not can(actor, "cohort.open"):
        raise NotAllowed
    if closes_on is not None and closes_on < opens_on:
        raise FieldError("closes_on", CASE_ERRORS["cohort_days"])
    trail.wait_for_turn()
    if any(one.year == year for one in kinds.cohorts([group])):
        raise FieldError("year", CASE_ERRORS["cohort_there"], year=year)
    row = CaseCohort(
        group=group, year=year, document=document, opens_on=opens_on, closes_on=closes_on, by_id=actor.user_id,
        by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"group": group, "year": year, "document": document, "opens_on": opens_on, "closes_on": closes_on}
    trail.record(actor, "open_cohort", row, at=at, after=after)
    return row
