"""Suspected pairs judged together: firms that hang together, and equal cases; always previewed, each pair recorded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.vocabulary import RULING_LABELS, Ruling
from registry.duplicates.forms import Together, ticked
from registry.duplicates.models import Pairing
from registry.duplicates.pages.pairings import blindness, is_blind
from registry.duplicates.queries import pairs
from registry.duplicates.queries.pairs import Group, Sought
from registry.duplicates.services import judging
from registry.duplicates.services.judging import MOST_AT_ONCE, RecordedVerdict
from registry.duplicates.views import pair_page
from registry.site.access import actor, refuse, requires
from registry.site.pagination import ListPages

pages = Blueprint("groups", __name__)
WHERE = {"group": "groups.clusters", "bulk": "groups.equal"}


@pages.get("/duplicates/clusters")
@requires("pairing.list")
def clusters() -> ResponseReturnValue:
    """Three firms or more that hang together by suspected pairs."""
    page = ListPages(pairs.groups(actor()))
    found = pairs.by_id(actor(), [number for group in page.items for number in group.pairing_ids])
    by_number = {pairing.id: pairing for pairing in found}
    shown = [_group(group, by_number) for group in page.items]
    form = Together(formdata=None, source="group")
    return render_template("duplicates/clusters.html", page=page, groups=shown, form=form, **blindness())


def _group(group: Group, by_number: dict[int, Pairing]) -> dict[str, Any]:
    members = [by_number[number] for number in group.pairing_ids if number in by_number]
    firms = {firm.id: firm for pairing in members for firm in (pairing.first, pairing.second)}
    return {"firms": [firms[number] for number in sorted(firms)], "lines": pair_page.lines(members)}


@pages.get("/duplicates/equal")
@requires("pairing.list")
def equal() -> ResponseReturnValue:
    """Kinds of pairs that agree in the very same things; one kind with its pairs to tick."""
    likeness = request.args.get("case", "")[:16]
    if not likeness:
        rows = [{"case": case, **pair_page.lines([case.example])[0]} for case in pairs.cases(actor())]
        return render_template("duplicates/cases.html", page=ListPages(rows), **blindness())
    statement = pairs.queue(actor(), Sought(likeness=likeness)).limit(MOST_AT_ONCE)
    lines = pair_page.lines(db.session.scalars(statement))
    form = Together(formdata=None, source="bulk")
    return render_template("duplicates/equal.html", lines=lines, form=form, most=MOST_AT_ONCE, **blindness())


@pages.post("/duplicates/together")
@requires("pairing.judge")
def judge() -> ResponseReturnValue:
    """First what is about to be judged and how many; then, confirmed, one verdict for each of them or for none."""
    form, seen = Together(), ticked(request.form.getlist("pair"))
    found = pairs.by_id(actor(), seen)
    if len(found) < len(seen):
        refuse("pairing.judge")
    sound = form.validate_on_submit()
    if not (sound and form.confirmed.data):
        return _preview(form, found, seen), 200 if sound else 422
    said = RecordedVerdict(Ruling(form.ruling.data), form.reason.data or "", is_blind(), _source(form))
    try:
        verdicts = judging.judge_all(actor(), found, said, rounds=seen, at=clock.now())
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _preview(form, pairs.by_id(actor(), seen), seen), 409
    db.session.commit()
    flash(_("已判定 %(count)s 对：%(ruling)s。", count=len(verdicts), ruling=_(RULING_LABELS[said.ruling])), "success")
    return redirect(url_for(WHERE[said.source]))


def _source(form: Together) -> str:
    return form.source.data if form.source.data in WHERE else "bulk"


def _preview(form: Together, found: list[Pairing], seen: dict[int, int]) -> str:
    """What is shown is what will be judged: the words each pair has now are those the judge has seen."""
    current = {pairing.id: pairing.rounds for pairing in found}
    moved = sum(seen[number] != rounds for number, rounds in current.items())
    return render_template(
        "duplicates/together.html",
        form=form,
        lines=pair_page.lines(found),
        moved=moved,
        back=url_for(WHERE[_source(form)]),
        ready=bool(found) and not form.errors,
        **blindness(),
    )
