"""How often anybody asks, and what a token was given: counted in short transactions beside the answer.

Of a token and a resource the first answer in an hour is an act on the trail, as an export is; when the hour is over,
one act has the sum of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.api.models import ApiCounter, ApiToken, ApiUse
from registry.api.queries.tokens import actor_of
from registry.base.aside import aside, note
from registry.base.extensions import db
from registry.trail.services import trail
from registry.trail.services.trail import Act

WINDOW = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def wait(key: str, limit: int, *, at: datetime, token: ApiToken | None = None) -> int:
    """Count a request; the seconds to wait where it is one too many, else nought.

    One conditional statement counts, so that no number of requests at once slips through. That a token is in use is
    noted with it, once an hour. Where the database is busy the request is let through uncounted, and the log says so.
    """
    found: list[tuple[int, datetime]] = []
    token_id = token.id if token is not None and _is_stale(token, at) else None

    def write(session: Session) -> None:
        found.append(_raised(session, key, at))
        if token_id is not None:
            session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=_hour(at)))

    if not note("count of the API", write):
        return 0
    requests, since = found[0]
    return max(1, int((since + WINDOW - at).total_seconds())) if requests > limit else 0


def _is_stale(token: ApiToken, at: datetime) -> bool:
    return token.last_used_at is None or token.last_used_at < _hour(at)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _raised(session: Session, key: str, at: datetime) -> tuple[int, datetime]:
    fresh = and_(ApiCounter.window_start > at - WINDOW, ApiCounter.window_start <= at + WINDOW)
    statement = (
        _insert(session)(ApiCounter)
        .values(key=key, window_start=at, requests=1)
        .on_conflict_do_update(
            index_elements=[ApiCounter.key],
            set_={
                "requests": case((fresh, ApiCounter.requests + 1), else_=1),
                "window_start": case((fresh, ApiCounter.window_start), else_=at),
            },
        )
        .returning(ApiCounter.requests, ApiCounter.window_start)
    )
    requests, since = session.execute(statement).one()
    return requests, since


def record(token: ApiToken, resource: str, *, rows: int, filter_text: str, at: datetime) -> None:
    """Put on record what a token is given; what cannot be recorded is not given, so this raises where it fails."""
    actor, number, name = actor_of(token), token.id, token.name
    with aside() as session:
        statement = (
            _insert(session)(ApiUse)
            .values(token_id=number, hour=_hour(at), resource=resource, requests=1, rows=rows)
            .on_conflict_do_update(
                index_elements=[ApiUse.token_id, ApiUse.hour, ApiUse.resource],
                set_={"requests": ApiUse.requests + 1, "rows": ApiUse.rows + rows},
            )
            .returning(ApiUse.requests)
        )
        if session.execute(statement).scalar_one() == 1:
            after = {"resource": resource, "filter": filter_text, "rows": rows}
            trail.append(session, actor, [Act("export", "api_use", number, name, after=after)], at=at)


def sum_up(*, at: datetime) -> int:
    """Of each hour that is over: one act with what a token was given of a resource; how many. Old counts go."""
    db.session.execute(delete(ApiCounter).where(ApiCounter.window_start < at - _HOUR))
    over = select(ApiUse).where(ApiUse.hour < _hour(at)).order_by(ApiUse.hour, ApiUse.token_id, ApiUse.resource)
    rows = list(db.session.scalars(over.with_for_update(skip_locked=True)))
    for row in rows:
        token = db.session.get_one(ApiToken, row.token_id)
        trail.record_all(actor_of(token), [_sum(token, row)], at=at)
        db.session.delete(row)
    db.session.flush()
    return len(rows)


def _sum(token: ApiToken, row: ApiUse) -> Act:
    after = {"resource": row.resource, "requests": row.requests, "rows": row.rows, "since": row.hour}
    return Act("use_token", "api_use", token.id, token.name, after=after)


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
