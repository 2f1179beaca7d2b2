"""On its day: new names of offices and places, bureaus by the new routing, the work of an office that has ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select, update

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.claims.models import Claim
from registry.firms.models.firms import Firm
from registry.notices.services import notices
from registry.people.models import Office, User
from registry.proposals.models import Proposal
from registry.proposals.services import proposals
from registry.reference.models import Division
from registry.reference.queries import dated, reference
from registry.reference.rules.dated import ending, telling
from registry.successions import queries
from registry.successions.queries import MOVED, PLACES
from registry.trail.services import trail
from registry.trail.services.trail import Act

_NAMES = ("name", "short_name")
_CASES = ("nominations", "reviews")


def take_effect(*, on: date, at: datetime) -> None:
    """All that has come by `on` and was not done yet, in one transaction; doing it again changes nothing."""
    trail.wait_for_turn()  # two workers at once do it once
    db.session.expire_all()
    reference.forget_rules()
    _rename(Division, "divisions.csv", "rename_division", on, at)
    _rename(Office, "offices.csv", "rename_office", on, at)
    for place in db.session.scalars(select(Division).order_by(Division.code)).all():
        last = ending(dated.editions("divisions.csv")[place.code])
        if last is None or last >= on:
            continue
        if place.valid_to != last or any(queries.counts_of_place(place.code).values()):
            _end_place(place, last, on, at)
    for office in db.session.scalars(select(Office).order_by(Office.id)).all():
        last = ending(dated.editions("offices.csv")[office.code])
        if last is None or last >= on:
            continue
        if office.valid_to != last:
            _end(office, last, on, at)
        elif office.successor and any(queries.counts(office).values()):
            # what was under way when it ended, such as an import, came to it since
            _hand_over(office, reference.offices()[reference.successor(office.code, on)], at)
    reroute(on=on, at=at)
    reference.forget_rules()


def _rename(model: type[Any], file: str, verb: str, on: date, at: datetime) -> None:
    """The row says what it is called today; what it was called stays a version."""
    for row in db.session.scalars(select(model).order_by(model.code)).unique().all():
        told = telling(dated.editions(file)[row.code], on).contents
        before = {name: getattr(row, name) for name in _NAMES if getattr(row, name) != told[name]}
        if before:
            after = {name: told[name] for name in before}
            for name, text in after.items():
                setattr(row, name, text)
            db.session.flush()
            act = Act(verb, model.__tablename__, subject_label=row.code, before=before, after=after)
            trail.record_all(SYSTEM_ACTOR, [act], at=at)


# -- an office that has ended ---------------------------------------------------------------------
def _end(office: Office, last: date, on: date, at: datetime) -> None:
    code = reference.successor(office.code, on)
    office.valid_to, office.successor = last, code if code != office.code else None
    counts = queries.counts(office)
    if office.successor:
        to = reference.offices()[code]
        _hand_over(office, to, at)
        notices.tell(to.id, "office_ended", {"office": office.short_name, "day": last}, at=at)
    after = {
        "valid_to": last,
        "successor": office.successor,
        **{name: number for name, number in counts.items() if number},
    }
    db.session.flush()
    act = Act("end_office", "office", office.id, office.name, after=after)
    trail.record_all(SYSTEM_ACTOR, [act], at=at)


# -- a place that has ended -----------------------------------------------------------------------
def _end_place(place: Division, last: date, on: date, at: datetime) -> None:
    """What named it names its successor; each firm has its own line on the trail, and its past is told from it."""
    code = reference.place_successor(place.code, on)
    counts = queries.counts_of_place(place.code)
    if code != place.code:
        _count_elsewhere(place.code, code, at)
    if place.valid_to == last:  # what came to it since, such as from an import under way
        return
    place.valid_to, place.successor = last, code
    after = {"valid_to": last, "successor": code, **{name: number for name, number in counts.items() if number}}
    db.session.flush()
    act = Act("end_division", "division", subject_label=place.code, after=after)
    trail.record_all(SYSTEM_ACTOR, [act], at=at)


def _count_elsewhere(code: str, to: str, at: datetime) -> None:
    county = reference.territory().county_of(to)
    for name, moved in PLACES.items():
        column, model = moved.column, moved.column.class_
        values: dict[str, Any] = {column.key: to}
        if model is Firm:
            rows = db.session.execute(select(Firm.id, Firm.name).where(column == code, moved.in_hand).order_by(Firm.id))
            said: dict[str, Any] = {"before": {column.key: code}, "after": {column.key: to}}
            acts = [Act("hand_over", "firm", number, label, **said) for number, label in rows]
            trail.record_all(SYSTEM_ACTOR, acts, at=at)
            values |= {"statistical_county": county} if name == "in_place" else {}
        statement = update(model).where(column == code, moved.in_hand).values(values | _counted_on(model))
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()


def _counted_on(model: type[Any]) -> dict[str, Any]:
    """Whoever had the row open sees that it has changed."""
    counter = model.__mapper__.version_id_col
    return {} if counter is None else {counter.key: counter + 1}


def _hand_over(office: Office, to: Office, at: datetime) -> None:
    """Everything in hand; each firm and account has its own line on the trail."""
    said: dict[str, Any] = {"before": {"office": office.code}, "after": {"office": to.code}}
    firms = db.session.execute(select(Firm.id, Firm.name).where(*_of("firms", office)).order_by(Firm.id)).all()
    people = db.session.execute(select(User.id, User.username).where(*_of("accounts", office)).order_by(User.id)).all()
    trail.record_all(
        SYSTEM_ACTOR,
        [
            *(Act("hand_over", "firm", number, name, **said) for number, name in firms),
            *(Act("hand_over", "user_account", number, name, **said) for number, name in people),
        ],
        at=at,
    )
    cases = list(db.session.scalars(select(Proposal.id).where(Proposal.outcome.is_(None), _either(office))))
    stuck = queries.claims_between(office, to)
    for name, moved in MOVED.items():
        if name == "led":
            continue  # by the routing, with the bureaus that help
        model = moved.column.class_
        values = {moved.column.key: to.id} | _counted_on(model)
        free = (~Claim.id.in_(stuck),) if model is Claim and stuck else ()
        statement = update(model).where(*_of(name, office), *free).values(values)
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
    _route(cases, at)


def _of(name: str, office: Office) -> tuple[Any, Any]:
    return MOVED[name].column == office.id, MOVED[name].in_hand


def _either(office: Office) -> Any:
    return (Proposal.office_id == office.id) | (Proposal.reviewing_office_id == office.id)


def _route(cases: Iterable[int], at: datetime) -> None:
    """No office reviews what it nominated, also where the two became one."""
    for number in cases:
        proposal = db.session.get_one(Proposal, number)
        if proposal.reviewing_office_id == proposal.office_id:
            proposals.route_anew(SYSTEM_ACTOR, proposal, at=at)


# -- who leads ------------------------------------------------------------------------------------
def reroute(*, on: date, at: datetime) -> None:
    """The bureaus of every firm by the routing of `on`; cases that a bureau has in hand stay with it."""
    standing = and_(Firm.voided_at.is_(None), Firm.merged_into_id.is_(None), Firm.industry.is_not(None))
    groups = db.session.execute(
        select(Firm.industry, Firm.lead_bureau_id, Firm.co_bureaus).where(standing).distinct().order_by(Firm.industry)
    ).all()
    codes: dict[int | None, str] = {office.id: office.code for office in reference.offices().values()}
    for industry, lead_id, helping in groups:
        lead, others = reference.bureaus_of(industry, on)
        wanted = (lead.id if lead else None, f",{','.join(others)}," if others else "")
        if wanted == (lead_id, helping):
            continue
        of_group = and_(
            standing,
            Firm.industry == industry,
            Firm.co_bureaus == helping,
            Firm.lead_bureau_id.is_not_distinct_from(lead_id),
        )
        rows = db.session.execute(select(Firm.id, Firm.name).where(of_group).order_by(Firm.id)).all()
        said: dict[str, Any] = {
            "before": {"bureau": codes.get(lead_id), "co_bureaus": helping},
            "after": {"bureau": lead.code if lead else None, "co_bureaus": wanted[1]},
        }
        trail.record_all(SYSTEM_ACTOR, [Act("hand_over", "firm", number, name, **said) for number, name in rows], at=at)
        statement = update(Firm).where(Firm.id.in_([number for number, _name in rows]))
        values = {"lead_bureau_id": wanted[0], "co_bureaus": wanted[1], "version": Firm.version + 1}
        db.session.execute(statement.values(values).execution_options(synchronize_session=False))
    db.session.expire_all()
