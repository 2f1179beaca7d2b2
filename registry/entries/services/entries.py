"""A firm is named, corrected, renamed, removed; each change is a row of the trail with before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base import contacts, errors
from registry.base.errors import CodeArriving, CodeTaken, ExcludedTown, FieldError, OutOfTerritory, ReasonNeeded
from registry.base.extensions import db
from registry.base.firm_fields import FIELDS
from registry.base.permissions import Actor
from registry.base.vocabulary import LISTED_STAGES, Action, Stage, UnitKind
from registry.duplicates.rules import COMPARED
from registry.duplicates.services import pairings
from registry.entries.services import naming, revealing
from registry.firms.models import arriving
from registry.firms.models.firms import Firm, FormerName
from registry.firms.services import announcing, holding
from registry.matching.keys import keys
from registry.pathway.services import pathway, standing
from registry.people.models import Office
from registry.reference.queries import reference
from registry.trail.services import trail


def create(
    actor: Actor,
    office: Office,
    values: Mapping[str, Any],
    *,
    at: datetime,
    on: date,
    source: str = "",
    reason: str = "",
    apart: bool = False,
) -> Firm:
    """A new lead of `office`. `values` holds plain values by the keys of `base.firm_fields.FIELDS`; a name is needed.

    `apart`: a person says that it is none of the firms of its name. Raises FieldError, CodeTaken, OutOfTerritory,
    ExcludedTown.
    """
    if not values.get("name"):
        raise FieldError("name", errors.NAME_NEEDED)
    given = dated_state({**values, "division": values.get("division") or _home(office)}, on=on, source=source)
    refuse_foreign(office, given)
    naming.hold(given["name"])
    firm = Firm(office=office, created_at=at, created_by_id=actor.user_id, stage_on=on, **with_derived(given))
    naming.refuse_namesake(firm, apart=apart)
    db.session.add(firm)
    _flush(firm)
    pathway.begin(actor, firm, action=Action.CREATE, at=at, on=on)
    standing.refresh(firm, on=on, at=at)
    trail.record(actor, Action.CREATE, firm, at=at, after=recorded(given), source=source, reason=reason)
    pairings.find(firm, at=at)
    return firm


def edit(
    actor: Actor, firm: Firm, values: Mapping[str, Any], *, at: datetime, on: date, reason: str = "", source: str = ""
) -> dict[str, tuple[Any, Any]]:
    """Set the given fields; returns {field: (before, after)} of those that changed.

    A listed entry needs a reason, and its old name is kept though nobody says since when the new one holds (`rename`
    is the way that knows). Raises FieldError, CodeTaken, OutOfTerritory, ExcludedTown.
    """
    changes = {key: (getattr(firm, key), value) for key, value in values.items() if getattr(firm, key) != value}
    if not {"operating_state", "operating_state_on", "operating_state_source"}.isdisjoint(changes):
        values = dated_state(values, on=on, source=source, before=firm)
        changes = {key: (getattr(firm, key), value) for key, value in values.items() if getattr(firm, key) != value}
    if not changes:
        return {}
    if firm.stage in LISTED_STAGES and not reason.strip():
        raise ReasonNeeded
    if not values.get("name", firm.name):
        raise FieldError("name", errors.NAME_NEEDED)
    refuse_foreign(firm.office, {key: after for key, (_, after) in changes.items()})
    if "name" in changes and firm.stage in LISTED_STAGES:
        keep_name(firm, firm.name, at=at, reason=reason)
    for key, value in with_derived({key: after for key, (_, after) in changes.items()}).items():
        setattr(firm, key, value)
    if "industry" in changes:
        firm.industry_confirmed = False
    _flush(firm)
    trail.record(
        actor,
        "edit",
        firm,
        at=at,
        before=recorded({key: before for key, (before, _) in changes.items()}),
        after=recorded({key: after for key, (_, after) in changes.items()}),
        reason=reason,
        source=source,
    )
    announcing.changed(actor, firm, len(changes), at=at)
    standing.refresh(firm, on=on, at=at)
    _compare_again(firm, changes.keys(), at=at)
    return changes


def note_former_names(
    actor: Actor, firm: Firm, names: Iterable[str], *, at: datetime, reason: str = ""
) -> list[FormerName]:
    """Names the firm once bore, without dates; those already known are passed over. A listed entry needs a reason."""
    known = {firm.name, *(former.name for former in firm.former_names)}
    found = [name for name in dict.fromkeys(names) if name not in known]
    if not found:
        return []
    if firm.stage in LISTED_STAGES and not reason.strip():
        raise ReasonNeeded
    rows = [keep_name(firm, name, at=at, reason=reason) for name in found]
    db.session.flush()
    trail.record(actor, "edit", firm, at=at, after={"former_names": found}, reason=reason)
    announcing.changed(actor, firm, len(found), at=at)
    db.session.expire(firm, ["former_names"])
    pairings.find(firm, at=at)
    return rows


def rename(actor: Actor, firm: Firm, name: str, *, at: datetime, on: date, effective: date, reason: str) -> FormerName:
    """Give the firm a new name from `effective` on; the old one is kept with its dates and still found."""
    if not name:
        raise FieldError("name", errors.NAME_NEEDED)
    if name == firm.name:
        raise FieldError("name", errors.SAME_NAME)
    if not reason.strip():
        raise ReasonNeeded
    if effective > on:
        raise FieldError("effective", errors.DATE_IN_FUTURE)
    since = borne_since(firm)
    if since and effective <= since:
        raise FieldError("effective", errors.RENAME_BEFORE, since=since.isoformat())
    before = firm.name
    old = keep_name(firm, before, at=at, reason=reason, since=since, until=effective - timedelta(days=1))
    for key, value in with_derived({"name": name}).items():
        setattr(firm, key, value)
    _flush(firm)
    trail.record(
        actor,
        "rename",
        firm,
        at=at,
        before={"name": before},
        after={"name": name, "effective": effective},
        reason=reason,
    )
    announcing.renamed(actor, firm, before, at=at)
    db.session.expire(firm, ["former_names"])
    pairings.find(firm, at=at)
    return old


def borne_since(firm: Firm) -> date | None:
    """From when the firm has its name, as far as that is known; names that a merge brought say nothing of it."""
    own = (former.valid_to for former in firm.former_names if former.valid_to and former.merge_id is None)
    last = max(own, default=None)
    return last + timedelta(days=1) if last else firm.founded_on


def remove(actor: Actor, firm: Firm, *, at: datetime, on: date, exit_reason: str, reason: str) -> None:
    """出库: the city office takes the entry off the directory, for a coded reason; nothing is deleted."""
    pathway.advance(actor, firm, Action.REMOVE, at=at, on=on, exit_reason=exit_reason, note=reason)
    announcing.removed(actor, firm, at=at)


def delist(actor: Actor, firm: Firm, *, at: datetime, on: date, exit_reason: str, reason: str) -> None:
    """退库: the statistics side records that the firm has left four-above, for a coded reason."""
    pathway.advance(actor, firm, Action.DELIST, at=at, on=on, exit_reason=exit_reason, note=reason)
    announcing.delisted(actor, firm, at=at)


def reopen(actor: Actor, firm: Firm, *, at: datetime, on: date, reason: str) -> None:
    """A withdrawn, rejected, removed or delisted firm becomes a lead again."""
    holding.hold(firm)
    firm.first_time = firm.first_time and firm.stage != Stage.DELISTED
    pathway.advance(actor, firm, Action.REOPEN, at=at, on=on, note=reason)
    announcing.reopened(actor, firm, at=at)


def reveal(actor: Actor, firm: Firm, *, at: datetime, purpose: str) -> dict[str, str]:
    """The contact in full; looking is itself an act on the trail."""
    return revealing.reveal(actor, "firm.reveal", firm, at=at, purpose=purpose)


def link_parent(actor: Actor, branch: Firm, parent: Firm | None, *, at: datetime) -> None:
    """A branch belongs to its legal person: a link, never a duplicate. Raises FieldError where it cannot be one."""
    if parent is not None and parent.id in (branch.id, branch.parent_id):
        raise FieldError("parent", errors.PARENT_SAME)
    if parent is not None and (parent.parent_id is not None or parent.unit_kind == UnitKind.BRANCH):
        raise FieldError("parent", errors.PARENT_IS_BRANCH)
    before, branch.parent_id = branch.parent_id, parent.id if parent else None
    trail.record(
        actor, "link_parent", branch, at=at, before={"parent_id": before}, after={"parent_id": branch.parent_id}
    )
    announcing.changed(actor, branch, 1, at=at)


def with_derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the columns that follow from them: match keys, organisation code, county, bureaus."""
    result = dict(values)
    if "name" in values:
        of_name = keys(values["name"])
        result |= of_name._asdict()
    if "credit_code" in values:
        result["organisation_code"] = values["credit_code"][8:17] if values["credit_code"] else None
    if "division" in values:
        result["statistical_county"] = reference.territory().county_of(values["division"])
    if "industry" in values:
        lead, others = reference.bureaus_of(values["industry"])
        result["lead_bureau_id"] = lead.id if lead else None
        result["co_bureaus"] = f",{','.join(others)}," if others else ""
    return result


def dated_state(values: Mapping[str, Any], *, on: date, source: str, before: Firm | None = None) -> dict[str, Any]:
    """`values` with the day and the source of an operating state that says neither itself.

    `before`: the firm as it stands; its day and source are those of the state it has, and of no other.
    """
    result = dict(values)
    if "operating_state" not in result and before is None:
        return result
    state = result.get("operating_state", before.operating_state if before else None)
    day, said = result.get("operating_state_on"), result.get("operating_state_source")
    if before is not None and state == before.operating_state:
        day = result.get("operating_state_on", before.operating_state_on)
        said = result.get("operating_state_source", before.operating_state_source)
    elif before is not None:
        day = None if day == before.operating_state_on else day
        said = "" if said == before.operating_state_source else said
    if not state:
        return result | {"operating_state_on": None, "operating_state_source": ""}
    return result | {"operating_state_on": day or on, "operating_state_source": said or source}


def recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as the trail may hold them: contacts masked, for the trail is never erased."""
    return {
        key: contacts.masked(key, value) if key in contacts.RESTRICTED and value else value
        for key, value in values.items()
        if key in FIELDS
    }


def _compare_again(firm: Firm, changed: Iterable[str], *, at: datetime) -> None:
    """A new name or code may mean another firm of the directory; the rest may change what is known to be alike."""
    fields = set(changed)
    if fields & {"name", "credit_code"}:
        db.session.expire(firm, ["former_names"])
        pairings.find(firm, at=at)
    elif fields & COMPARED:
        pairings.keep_up(firm, at=at)


def keep_name(
    firm: Firm, name: str, *, at: datetime, reason: str = "", since: date | None = None, until: date | None = None
) -> FormerName:
    """Append a name the firm no longer bears."""
    of_name = keys(name)
    old = FormerName(
        firm=firm,
        name=name,
        name_key=of_name.name_key,
        parts_key=of_name.parts_key,
        sound_key=of_name.sound_key,
        valid_from=since,
        valid_to=until,
        reason=reason.strip(),
        recorded_at=at,
    )
    db.session.add(old)
    return old


def _home(office: Office) -> str | None:
    """A county or zone proposes its own; the city's offices must say where a firm lies."""
    division = reference.territory().get(office.division or "")
    return division.code if division and division.level != "city" else None


def refuse_foreign(office: Office, values: Mapping[str, Any]) -> None:
    """Raise OutOfTerritory or ExcludedTown where `office` cannot hold a firm in this division or town."""
    territory = reference.territory()
    town = values.get("town")
    if reason := territory.excluded_reason(town):
        raise ExcludedTown(town=reference.division_names()[str(town)], reason=reason)
    division = values.get("division")
    if division and office.division and territory.covers(office.division, division) is False:
        raise OutOfTerritory(division=reference.division_names().get(division, division))


def _flush(firm: Firm) -> None:
    """Send to the database, which is the last judge of a code that is already held."""
    code = firm.credit_code
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        if "credit_code" in str(error.orig):
            raise (CodeArriving if _is_arriving(code) else CodeTaken)(code=code) from error
        raise


def _is_arriving(code: str | None) -> bool:
    with arriving.shown():
        found = select(Firm.id).where(Firm.credit_code == code, Firm.voided_at.is_(None))
        return db.session.scalar(found.where(arriving.is_arriving(Firm.batch_id))) is not None
