"""What stands behind the copy: every field of the published list that a thing has now, by collection.

A thing that may not be public now (left the directory, merged, expired, withdrawn, over) is not among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.vocabulary import LISTED_STAGES, Action, Stage
from registry.cases.models import CaseNotice
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.portal.models import PortalProgress, PortalRelease, PortalSetting, PortalStory
from registry.portal.texts import IN_DIRECTORY, NAME_JOINT
from registry.qualifications.models import Qualification
from registry.qualifications.queries import held
from registry.qualifications.queries.kinds import kinds
from registry.reference.queries import reference
from registry.reference.queries.reference import division_names
from registry.resources.queries.released import public_fields, released
from registry.sheets.wording import LIST_JOINT

Fields = dict[str, str]
ON_THE_WAY = (Stage.LEAD, Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED)
_CHUNK = 500


def may_be_shown(firm: Firm, release: PortalRelease | None = None) -> bool:
    """In the directory; or on its way there and released early with a reason, which ends where the way ends."""
    if firm.voided_at is not None or firm.merged_into_id is not None:
        return False
    return firm.stage in LISTED_STAGES or (firm.stage in ON_THE_WAY and bool(release and release.early_reason))


def entries(firm_ids: Iterable[int] | None, on: date) -> Iterator[tuple[str, tuple[str, ...], Fields]]:
    """Released firms (all, or these): subject, the fields that were released, and every field with its value."""
    releases = select(PortalRelease).where(PortalRelease.ended_at.is_(None)).order_by(PortalRelease.firm_id)
    if firm_ids is not None:
        releases = releases.where(PortalRelease.firm_id.in_(set(firm_ids)))
    found = list(db.session.scalars(releases).unique())
    for start in range(0, len(found), _CHUNK):
        piece = [one for one in found[start : start + _CHUNK] if may_be_shown(one.firm, one)]
        ids = [one.firm_id for one in piece]
        admitted, certificates = _admitted(ids), _certificates(ids, on)
        for one in piece:
            fields = entry_fields(one.firm, admitted.get(one.firm_id), certificates.get(one.firm_id, ()))
            yield str(one.firm_id), tuple(one.fields), fields


def entry_fields(firm: Firm, admitted_on: date | None, certificates: Iterable[str]) -> Fields:
    industry = reference.classification().name_of(firm.industry) if firm.industry else ""
    return {
        "name": firm.name,
        "credit_code": firm.credit_code or "",
        "county": division_names().get(firm.division or "", ""),
        "industry": f"{firm.industry} {industry}".strip() if firm.industry else "",
        "activity": firm.activity,
        # Further stages would tell of figures: that a firm is over a line, or was filed.
        "stage": IN_DIRECTORY if firm.stage in LISTED_STAGES else "",
        "admitted_on": admitted_on.isoformat() if admitted_on else "",
        "founded_on": firm.founded_on.isoformat() if firm.founded_on else "",
        "registered_address": firm.registered_address,
        "qualifications": NAME_JOINT.join(certificates),
    }


def shown_now(firm: Firm, on: date) -> Fields:
    """Every field that a release of this firm could show today."""
    return entry_fields(firm, _admitted([firm.id]).get(firm.id), _certificates([firm.id], on).get(firm.id, ()))


def _admitted(firm_ids: Iterable[int]) -> Mapping[int, date]:
    rows = select(PathwayEvent.firm_id, func.min(PathwayEvent.on).label("day")).where(
        PathwayEvent.firm_id.in_(set(firm_ids)), PathwayEvent.action == Action.ADMIT
    )
    return {row.firm_id: row.day for row in db.session.execute(rows.group_by(PathwayEvent.firm_id))}


def _certificates(firm_ids: Iterable[int], on: date) -> Mapping[int, list[str]]:
    rows = select(Qualification.firm_id, Qualification.kind).where(
        Qualification.firm_id.in_(set(firm_ids)), held.true_on(on)
    )
    had: defaultdict[int, set[str]] = defaultdict(set)
    for firm, kind in db.session.execute(rows):
        if firm is not None:
            had[firm].add(kind)
    return {firm: [kind.short_name for code, kind in kinds().items() if code in codes] for firm, codes in had.items()}


def notices(setting: PortalSetting, on: date) -> Iterator[tuple[str, Fields]]:
    """From the first day of the notice until so many days after its last one."""
    kept = on - timedelta(days=setting.notice_days)
    rows = select(CaseNotice).where(
        CaseNotice.withdrawn_at.is_(None), CaseNotice.first_day <= on, CaseNotice.last_day >= kept
    )
    for row in db.session.scalars(rows.order_by(CaseNotice.id)).unique():
        yield (
            str(row.id),
            {
                "name": row.title,
                "number": row.number,
                "text": row.text,
                "items": "\n".join(LIST_JOINT.join(part for part in line[1:] if part) for line in row.lines),
                "first_day": row.first_day.isoformat(),
                "last_day": row.last_day.isoformat(),
            },
        )


def stories() -> Iterator[tuple[str, Fields]]:
    rows = select(PortalStory).where(PortalStory.state == "public").order_by(PortalStory.id)
    for row in db.session.scalars(rows).unique():
        if not may_be_shown(row.firm):
            continue  # the firm agreed as a firm of the directory
        yield (
            str(row.id),
            {
                "name": row.title,
                "firm": row.firm.name,
                "year": str(row.year),
                "summary": row.summary,
                "text": row.text,
            },
        )


def progress() -> Iterator[tuple[str, Fields]]:
    rows = select(PortalProgress).where(PortalProgress.ended_at.is_(None)).order_by(PortalProgress.id)
    for row in db.session.scalars(rows):
        for code, line in row.lines.items():
            yield f"{row.id}-{code}", {**line, "as_of": row.as_of.isoformat(), "plan": row.plan}


_PLAIN = ("name", "kind", "owner", "place", "maker", "model", "capability", "price")


def resources(on: date) -> Iterator[tuple[str, Fields]]:
    """Those that the bureau in charge released and whose days have not run out; never whom to call."""
    for row in db.session.scalars(released(on)).unique():
        one = public_fields(row)
        yield (
            str(row.id),
            {
                **{
                    key: getattr(one, key)
                    for key in ("name", "kind", "owner", "place", "maker", "model", "capability", "price")
                },
                "county": one.division,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else "",
            },
        )
