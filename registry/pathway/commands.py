"""`registry replay`: the verdicts of a past day once more, with the rules and figures known then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import click
from flask.cli import with_appcontext

from registry.base.clocks import AsOf, Known
from registry.base.extensions import clock, db
from registry.base.money import in_wan
from registry.base.permissions import Actor
from registry.base.progress import Steps
from registry.base.steady import steady_view
from registry.pathway.queries import past_verdicts
from registry.pathway.queries.past_verdicts import CHUNK, PastVerdict
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of


@click.command("replay")
@click.option("--as-of", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day, e.g. 2021-09-30.")
@click.option("--firm", metavar="CODE_OR_ID", help="Only this firm, by credit code or number, listed then or not.")
@click.option(
    "--known",
    type=click.Choice([one.value for one in Known]),
    default=Known.THEN.value,
    show_default=True,
    help="then: what had been recorded by the end of the day; now: what is on record of that day today.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; progress goes to standard error.")
@click.option("--as", "username", metavar="USER", help="See what this person may see; by default everything.")
@with_appcontext
def replay(day: date, known: str, firm: str | None, as_json: bool, username: str | None) -> None:
    """Print the verdicts of every firm in the directory on a day, by the rules of that day.

    As known then, later figures, corrections, merges and rules are not looked at: the answer is the same whenever it is
    asked. As known now, late figures, papers and steps count, and what was voided since does not.
    """
    on = date(day.year, day.month, day.day)
    as_of = AsOf(on, Known(known))
    if on > clock.today():
        raise click.BadParameter("the day has not come yet", param_hint="--as-of")
    with steady_view():
        who = _actor(username)
        if firm is not None:
            found = past_verdicts.one(who, firm.strip().upper(), as_of)
            if found is None:
                raise _unknown(who, firm.strip().upper(), on, as_json=as_json)
            _print([found], as_of, as_json=as_json)
            return
        since = past_verdicts.first_day(who)
        if since is None or (on < since and as_of.known is Known.THEN):
            raise _nothing(f"nothing was known on {on}: {_since('the first firm', since)}", since, on, as_json=as_json)
        total = past_verdicts.count(who, on)
        with Steps() as steps:
            _print(_watched(past_verdicts.listed(who, as_of), steps, total), as_of, as_json=as_json)


def _unknown(who: Actor | None, firm: str, on: date, *, as_json: bool) -> click.ClickException:
    """Nothing was known of the firm on that day; which is not the same as today's verdict, and not as no such firm."""
    since = past_verdicts.registered_on(who, firm)
    if since is None:
        return click.ClickException(f"no firm {firm}")
    return _nothing(f"nothing was known of {firm} on {on}: {_since('it', since)}", since, on, as_json=as_json)


def _nothing(sentence: str, since: date | None, on: date, *, as_json: bool) -> click.ClickException:
    if as_json:
        known_since = since.isoformat() if since else None
        answer: dict[str, Any] = {
            "as_of": on.isoformat(),
            "known": Known.THEN,
            "firms": [],
            "nothing_known": sentence,
            "known_since": known_since,
        }
        click.echo(json.dumps({**answer, "known_since": known_since}, ensure_ascii=False))
    return click.ClickException(sentence)


def _since(what: str, day: date | None) -> str:
    return f"{what} was registered on {day}" if day else "no firm was ever registered"


def _watched(firms: Iterable[PastVerdict], steps: Steps, total: int) -> Iterator[PastVerdict]:
    for number, told in enumerate(firms, start=1):
        yield told
        steps.show("replayed", number, max(total, number))
        if number % CHUNK == 0:
            db.session.expunge_all()


def _actor(username: str | None) -> Actor | None:
    """Whose directory: None is everybody's, for the system itself."""
    return actor_of(people.user(username)) if username else None


def _print(firms: Iterable[PastVerdict], as_of: AsOf, *, as_json: bool) -> None:
    if not as_json:
        for told in firms:
            click.echo(_line(told))
            for condition in past_verdicts.plain(told)["conditions"]:
                click.echo(_told(condition))
        return
    click.echo(f'{{"as_of": "{as_of.day}", "known": "{as_of.known}", "firms": [', nl=False)
    for number, told in enumerate(firms):
        click.echo((",\n" if number else "\n") + json.dumps(past_verdicts.plain(told), ensure_ascii=False), nl=False)
    click.echo("\n]}")


def _line(told: PastVerdict) -> str:
    rate = "--" if told.position.rate is None else f"{told.position.rate:.2%}"
    tier = told.position.tier or "--"
    return f"{told.firm_id} {told.credit_code or '--'} {told.name} {told.stage or '--'} rate {rate} tier {tier}"


def _told(condition: dict[str, str | int | None]) -> str:
    parts = [f"  {condition['code']}: {condition['verdict']}"]
    if condition["amount"] is not None:
        parts.append(f"{in_wan(Decimal(str(condition['amount'])))}")
    if condition["line"] is not None:
        parts.append(f"of {in_wan(Decimal(str(condition['line'])))} (10,000 yuan)")
    if condition["rule"]:
        parts.append(f"by {condition['rule']} v{condition['version']}")
    return " ".join(parts)


COMMANDS = (replay,)
