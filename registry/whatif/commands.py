"""`registry whatif`: what a draft of rules would do to today's directory; nothing is changed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import click
from flask.cli import with_appcontext

from registry.base.extensions import clock, db
from registry.base.permissions import Actor, can
from registry.base.steady import steady_view
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.rulesets.models import RuleDraft
from registry.rulesets.texts.drafts import RULESET_ERRORS
from registry.whatif import queries
from registry.whatif.queries import Touched, WhatIf
from registry.whatif.rules import Judged


@click.command("whatif")
@click.argument("draft_id", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--as", "username", metavar="USER", help="Act for this person; by default the system acts.")
@with_appcontext
def what_if(draft_id: int, as_json: bool, username: str | None) -> None:
    """Run the draft with number DRAFT_ID over today's directory: who would enter, leave, change line or tier.

    Every firm is judged by the rules in force and by the draft, as if it had always been so. Nothing is changed.
    """
    with steady_view():
        who = _actor(username)
        draft = db.session.get(RuleDraft, draft_id)
        if draft is None:
            raise click.ClickException(RULESET_ERRORS["unknown_draft"] % {"number": draft_id})
        found = queries.over(who, draft, clock.today())
        if as_json:
            click.echo(json.dumps({"draft": draft.id, "kind": draft.kind, **plain(found)}, ensure_ascii=False))
            return
        click.echo(f"{found.looked_at} firms judged, {len(found.rows)} would be judged otherwise")
        for effect, number in found.totals.items():
            click.echo(f"  {effect}: {number}")
        for target in found.targets:
            if target.before is not None:
                click.echo(f"  target {target.key}: {target.before} -> {target.after} of {target.aim_after}")


def plain(found: WhatIf) -> dict[str, Any]:
    """The answer as JSON wants it: amounts in yuan as text."""
    return {
        "on": found.on.isoformat(),
        "looked_at": found.looked_at,
        "counts": dict(sorted(found.totals.items())),
        "counties": [
            {"county": county, "counts": dict(sorted(counts.items()))}
            for county, counts in sorted(found.counties.items(), key=lambda pair: pair[0] or "~")
        ],
        "targets": [
            {"target": t.key, "aim": t.aim, "aim_after": t.aim_after, "before": t.before, "after": t.after}
            for t in found.targets
        ],
        "firms": [_firm(row) for row in found.rows],
    }


def _firm(row: Touched) -> dict[str, Any]:
    return {
        "id": row.firm_id,
        "credit_code": row.credit_code or None,
        "name": row.name,
        "county": row.county or None,
        "stage": row.stage,
        "stage_after": row.stage_after,
        "effects": list(row.effects),
        "before": _judged(row.before),
        "after": _judged(row.after),
    }


def _judged(judged: Judged) -> dict[str, str | None]:
    return {
        "line": _text(judged.line),
        "rate": _text(judged.rate),
        "tier": judged.tier,
        "admission_line": _text(judged.admission_line),
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _actor(username: str | None) -> Actor | None:
    """None is the system, which sees everything; of people, those who see the whole city."""
    if username is None:
        return None
    who = actor_of(people.user(username))
    if not can(who, "ruleset.read_draft"):
        raise click.ClickException(RULESET_ERRORS["not_sees_all"])
    return who


COMMANDS = (what_if,)
