"""Merges: two entries side by side, the plan to confirm, the record for ever, and the way back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.audit.views import recorded
from registry.base import vocabulary
from registry.base.errors import MergeMoved, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import Actor, can, sees_firm
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.firms.queries import firms, merged, search
from registry.merges import rules
from registry.merges.forms import Listing, Merging, Other, Undoing
from registry.merges.queries import merges, plans, undo_plans
from registry.merges.queries.plans import Plan
from registry.merges.services import merging, unmerging
from registry.merges.views import merge_page
from registry.pathway.views import evidence
from registry.proposals.queries import nominations
from registry.proposals.views import cases
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.trail.texts import VERB_LABELS

pages = Blueprint("merges", __name__)
OFFERED = 20
"""Firms offered for a name; whoever finds too many types more of it."""


@pages.get("/merges")
@requires("merge.list")
def listing() -> ResponseReturnValue:
    query = Listing(request.args)
    query.offer()
    query.validate()
    text, state = (query.q.data or "").strip(), query.state.data or ""
    days = {name: None if query[name].errors else query[name].data for name in ("since", "until")}
    page = page_of(merges.filtered(merges.visible_to(actor()), actor(), text=text, state=state, **days))
    seen = {row.id: (sees_firm(actor(), row.winner), sees_firm(actor(), row.folded)) for row in page.items}
    return render_template("merges/list.html", query=query, page=page, seen=seen, name_of=merge_page.name_of)


@pages.get("/merges/<int:merge_id>")
@concerns("merge.read")
def show(merge_id: int) -> ResponseReturnValue:
    """The record of a merge; of an entry outside the reader's reach no more than that there is one."""
    merge: Merge = load_or_404(merges.one(actor(), merge_id), "merge.read")
    sees = sees_firm(actor(), merge.winner), sees_firm(actor(), merge.folded)
    return render_template("merges/show.html", merge=merge, sees=sees, **(_record(merge) if all(sees) else {}))


def _record(merge: Merge) -> dict[str, Any]:
    counts: dict[tuple[str, bool], set[int]] = {}
    for move in merges.moves_of(merge):
        counts.setdefault((move.table_name, move.undoing), set()).add(move.row_id)
    return {
        "picked": merge_page.picked(merge),
        "moved": merge_page.moved(merge, {key: len(rows) for key, rows in counts.items()}),
        "events": cases.timeline(merge.folded),
        "proposals": nominations.of_firm(merge.folded),
        "left": evidence.given_figures(merge.folded) if merge.undone_at is None else [],
        "ground": rules.CODE_GROUNDS.get(merge.code_ground, ""),
        "undo_ground": vocabulary.UNDO_GROUNDS.get(merge.undo_ground, ""),
        "refusal": undo_plans.undoing(merge).refusal if can(actor(), "merge.undo", merge) else None,
    }


# -- merging --------------------------------------------------------------------------------------
@pages.route("/firms/<int:firm_id>/merges/new", methods=["GET", "POST"])
@concerns("firm.merge")
def new(firm_id: int) -> ResponseReturnValue:
    """Which other firm; then both side by side; then, on a POST, the plan to confirm."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.merge")
    other = _other(request.values.get("other", ""))
    if other is None:
        return _choose(firm)
    plan, form = _plan(firm, other), Merging()
    if not form.is_submitted() or "back" in request.form:
        return _weigh(firm, plan, form)
    form.validate()
    for fault in merging.faults(plan, form.choice()):
        if fault.field not in form.errors:
            form.refuse(fault)
    if plan.obstacles or form.errors:
        return _weigh(firm, plan, form), 422
    picks = form.picks()
    form.digest.data, form.seq.data = plan.digest, str(plan.seq)
    return render_template(
        "merges/confirm.html",
        firm=firm,
        plan=plan,
        form=form,
        carried=form.carried(),
        outcome=merge_page.outcome(plan, picks),
        effects=merge_page.effects(plans.effects(plan, picks, on=clock.today())),
        figures=[merge_page.figure_label(kind, period) for kind, period in plans.taken_figures(plan, picks)],
        ground=rules.CODE_GROUNDS.get(form.code_ground.data or "", ""),
    )


@pages.post("/firms/<int:firm_id>/merges")
@concerns("firm.merge")
def create(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.merge")
    other, form = _other(request.form.get("other", "")), Merging()
    if other is None:
        return _choose(firm)
    plan = _plan(firm, other)
    if not form.validate():
        return _weigh(firm, plan, form), 422
    try:
        seen = form.digest.data or "-"
        row = merging.merge(
            actor(), plan.winner, plan.folded, form.choice(), at=clock.now(), on=clock.today(), seen=seen
        )  # fmt: skip
    except MergeMoved as error:
        return _moved(firm_id, other.id, form, error), 409
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _again(firm_id, other.id, form), 422
    db.session.commit()
    flash(_("“%(folded)s”已并入“%(winner)s”。", folded=row.folded.name, winner=row.winner.name), "success")
    return redirect(url_for("merges.show", merge_id=row.id))


def _other(text: str) -> Firm | None:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return db.session.scalars(firms.one(actor(), int(text))).unique().one_or_none()


def _choose(firm: Firm) -> ResponseReturnValue:
    query = Other(request.args)
    text = (query.q.data or "").strip()
    found = firms.visible_to(actor()).where(search.containing(text), Firm.id != firm.id) if text else None
    offered = [] if found is None else db.session.scalars(found.order_by(Firm.id).limit(OFFERED)).unique().all()
    return render_template("merges/choose.html", firm=firm, query=query, text=text, offered=offered)


def _plan(firm: Firm, other: Firm) -> Plan:
    """The plan with the entry that was said to stay; without a word the one that might."""
    wanted = request.values.get("winner", "")
    if wanted in (str(firm.id), str(other.id)):
        winner, folded = (firm, other) if wanted == str(firm.id) else (other, firm)
    else:
        first, _second = rules.suggested(plans.side(firm), plans.side(other))
        winner, folded = (firm, other) if first.id == firm.id else (other, firm)
    return plans.plan(winner, folded)


def _weigh(firm: Firm, plan: Plan, form: Merging, happened: tuple[Any, ...] = ()) -> str:
    form.other.data = str(plan.folded.id if plan.winner.id == firm.id else plan.winner.id)
    form.winner.data = str(plan.winner.id)
    picks = form.picks()
    return render_template(
        "merges/new.html",
        firm=firm,
        plan=plan,
        form=form,
        other=form.other.data,
        fields=merge_page.fields(plan, picks),
        figures=merge_page.figures(plan, picks),
        fates=rules.FATE_LABELS,
        effects=merge_page.effects(plans.effects(plan, picks, on=clock.today())) if not plan.obstacles else [],
        different=plan.codes is rules.Codes.DIFFERENT,
        happened=happened,
        verbs=VERB_LABELS,
    )


def _again(firm_id: int, other_id: int, form: Merging) -> str:
    """The page of the choice, read anew after a refusal, with what was chosen."""
    firm, other = (db.session.get_one(Firm, one) for one in (firm_id, other_id))
    return _weigh(firm, _plan(firm, other), form)


def _moved(firm_id: int, other_id: int, form: Merging, error: MergeMoved) -> str:
    """Somebody changed one of the two meanwhile: what, and the choice to be made again."""
    db.session.rollback()
    form.refuse(error)
    firm, other = (db.session.get_one(Firm, one) for one in (firm_id, other_id))
    happened = tuple((act, recorded.written(act)) for act in plans.acts_since(form.seen(), firm, other))
    return _weigh(firm, _plan(firm, other), form, happened)


# -- taking it back -------------------------------------------------------------------------------
@pages.route("/merges/<int:merge_id>/undoing", methods=["GET", "POST"])
@concerns("merge.undo")
def undo(merge_id: int) -> ResponseReturnValue:
    """Ask whose every later addition is, then give both entries back what they had."""
    merge: Merge = load_or_404(merges.one(actor(), merge_id), "merge.undo")
    form = Undoing()
    if not form.is_submitted():
        return _undoing(merge, form)
    if not form.validate():
        return _undoing(merge, form), 422
    try:
        unmerging.unmerge(
            actor(), merge, reason=form.reason.data or "", ground=form.given_ground(), picks=form.picks(),
            at=clock.now(), on=clock.today(), seen=form.digest.data or "-",
        )  # fmt: skip
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _undoing(load_or_404(merges.one(actor(), merge_id), "merge.undo"), form), 409
    db.session.commit()
    flash(_("已撤销合并，两家各自恢复。"), "success")
    return redirect(url_for("merges.show", merge_id=merge_id))


def _undoing(merge: Merge, form: Undoing) -> str:
    found, picks = undo_plans.undoing(merge), form.picks()
    form.digest.data = found.digest
    return render_template(
        "merges/undo.html",
        merge=merge,
        form=form,
        refusal=found.refusal,
        additions=merge_page.additions(merge, found.additions, picks),
        edits=merge_page.edits(found.edits, picks),
    )


def onward(actor: Actor, firm: Firm) -> ResponseReturnValue:
    """The same page of the firm it became; for who may not see that one, the declared minimum of it."""
    survivor = firms.survivor(firm)
    if not sees_firm(actor, survivor):
        county = reference.territory().get(survivor.statistical_county or "")
        office = survivor.office.short_name
        return render_template(
            "merges/elsewhere.html",
            folded=firm,
            merge=merged.standing_of(firm),
            county=county.name if county else office,
            office=office,
        )
    flash(_("“%(folded)s”已并入“%(winner)s”，以下是保留企业。", folded=firm.name, winner=survivor.name), "info")
    given: dict[str, Any] = {**(request.view_args or {}), "firm_id": survivor.id}
    # The query is put behind the path by itself: `url_for` has words of its own (`_method`, `endpoint`).
    query = urlencode(list(request.args.items(multi=True)))
    address = url_for(request.endpoint or "firms.show", **given)
    return redirect(f"{address}?{query}" if query else address)
