"""Suspected pairs: the queue by value, a pair with both records side by side, and the verdict that opens the next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import PairJudged, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import PAIRING_STATE_LABELS, RULING_LABELS, UNDO_GROUNDS, PairingState, Ruling, Stage
from registry.duplicates.forms import Judging, QueueQuery
from registry.duplicates.models import Pairing
from registry.duplicates.queries import certificates, pairs
from registry.duplicates.queries.pairs import Sought
from registry.duplicates.services import judging
from registry.duplicates.services.judging import RecordedVerdict
from registry.duplicates.views import pair_page
from registry.firms.queries import merged
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.display import here
from registry.site.listing import page_of
from registry.site.walks import just_left

pages = Blueprint("pairings", __name__)
CARRIED = ("q", "band", "county", "state", "sample")


@pages.get("/duplicates")
@requires("pairing.list")
def queue() -> ResponseReturnValue:
    """What is to be judged, most at stake first; the filter lives in the address and goes along from pair to pair."""
    query, sought = _query(), sought_here()
    page = page_of(pairs.queue(actor(), sought))
    counts = pairs.counts(actor(), sought)
    return render_template(
        "duplicates/queue.html",
        query=query,
        page=page,
        lines=pair_page.lines(page.items),
        strip=_strip(counts, query.state.data or ""),
        carried=carried(),
        filtered=any(carried().values()),
        **blindness(),
    )


def _query() -> QueueQuery:
    query = QueueQuery(request.args)
    query.offer((county.code, county.short_name) for county in reference.counties_and_zones())
    return query


def sought_here() -> Sought:
    return _query().sought(blind=is_blind())


def carried() -> dict[str, Any]:
    """The filter of the queue, for the links that lead on."""
    return {key: request.args[key] for key in CARRIED if request.args.get(key)}


def _strip(counts: dict[str, int], state: str) -> list[dict[str, Any]]:
    waiting = sum(counts.get(one, 0) for one in pairs.WAITING)
    chosen = state if state in PAIRING_STATE_LABELS else ""
    cells = [{"label": _("待判定"), "count": waiting, "href": here(state=None, page=None), "active": chosen == ""}]
    for key, label in PAIRING_STATE_LABELS.items():
        if key != PairingState.OPEN:
            href = here(state=key, page=None)
            cells.append({"label": _(label), "count": counts.get(key, 0), "href": href, "active": chosen == key})
    return cells


# -- one pair ---------------------------------------------------------------------------------------
@pages.get("/duplicates/<int:pairing_id>")
@concerns("pairing.read")
def show(pairing_id: int) -> ResponseReturnValue:
    pairing: Pairing = load_or_404(pairs.one(actor(), pairing_id), "pairing.read")
    return render_template("duplicates/show.html", **_page(pairing, Judging(formdata=None)))


@pages.get("/duplicates/<int:pairing_id>/print")
@concerns("pairing.read")
def printed(pairing_id: int) -> ResponseReturnValue:
    """Both records, the engine's opinion where it may be seen, and every word on the pair, on one sheet."""
    pairing: Pairing = load_or_404(pairs.one(actor(), pairing_id), "pairing.read")
    back = url_for("pairings.show", pairing_id=pairing_id, **carried())
    return render_template("duplicates/print.html", back=back, **_shown(pairing))


@pages.post("/duplicates/<int:pairing_id>/verdict")
@concerns("pairing.judge")
def judge(pairing_id: int) -> ResponseReturnValue:
    """Record the verdict and open the next pair; whatever is refused, the page comes back with what was typed."""
    pairing: Pairing = load_or_404(pairs.one(actor(), pairing_id), "pairing.judge")
    form, status = Judging(), 422
    if form.validate_on_submit():
        try:
            said = RecordedVerdict(
                Ruling(form.ruling.data or ""), form.reason.data or "", bool(form.blind.data) and _is_hidden(pairing)
            )
            verdict = judging.judge(actor(), pairing, said, rounds=form.seen_rounds(), at=clock.now())
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
            status = 409 if isinstance(error, PairJudged) else 422
        else:
            db.session.commit()
            flash(_("已判定：%(ruling)s。", ruling=_(RULING_LABELS[verdict.ruling])), "success")
            return redirect(_next(pairing_id))
    pairing = load_or_404(pairs.one(actor(), pairing_id), "pairing.judge")
    return render_template("duplicates/show.html", **_page(pairing, form)), status


def _next(pairing_id: int) -> str:
    """The pair that comes after this one, else the first of the queue, else the queue, which is then empty."""
    if _in_sample():
        following = certificates.following(pairing_id)
        if following is None:
            return url_for("certificates.show")
        return url_for("pairings.show", pairing_id=following, last=pairing_id, **carried())
    pairing = db.session.get_one(Pairing, pairing_id)
    following = pairs.place(actor(), sought_here(), pairing).after or pairs.first(actor(), sought_here())
    if following is None or following == pairing_id:
        return url_for("pairings.queue", **carried())
    return url_for("pairings.show", pairing_id=following, last=pairing_id, **carried())


def _page(pairing: Pairing, form: Judging) -> dict[str, Any]:
    sampled, last = certificates.place(pairing) if _in_sample() else None, _last()
    place = sampled or pairs.place(actor(), sought_here(), pairing)
    return {
        **_shown(pairing),
        "form": form,
        "place": place,
        "walk": pair_page.walk(pairing, place, sampled=sampled is not None, hidden=_is_hidden(pairing)),
        "queue": [] if pairing.id in certificates.waiting() else _beside(pairing),
        "leads": lambda number: url_for("pairings.show", pairing_id=number, **carried()),
        "sampled": sampled is not None,
        "carried": carried(),
        "judges": can(actor(), "pairing.judge", pairing) and not _merged(pairing),
        "merge": merge_of(pairing),
        "undone": merged.taken_back(pairing.first_id, pairing.second_id),
        "grounds": UNDO_GROUNDS,
        "last": last,
        "last_merge": merge_of(last) if last else None,
    }


def _beside(pairing: Pairing) -> list[pair_page.PairLine]:
    """Of a pair that is drawn to be judged blind, whether it is in the queue is part of the engine's opinion."""
    return [] if _in_sample() else pair_page.beside(pairs.beside(actor(), sought_here(), pairing))


def _shown(pairing: Pairing) -> dict[str, Any]:
    hidden = _is_hidden(pairing)
    return {
        "pairing": pairing,
        "sides": pair_page.sides(pairing),
        "facts": pair_page.facts(pairing),
        "opinion": None if hidden else pair_page.opinion(pairing),
        "rounds": pair_page.rounds(pairing.verdicts, scores=not hidden),
        "merged": _merged(pairing),
        "hidden": hidden,
        **blindness(),
    }


def _in_sample() -> bool:
    """Whether the pairs of the sample are gone through, and not the queue."""
    return bool(request.args.get("sample"))


def _is_hidden(pairing: Pairing) -> bool:
    """Whether the engine's opinion stays hidden: to who judges blind; of the sample to everybody until it is judged."""
    settled = pairing.state in (PairingState.SAME, PairingState.DIFFERENT)
    return pairing.id in certificates.waiting() or (is_blind() and not settled)


def _merged(pairing: Pairing) -> bool:
    return Stage.MERGED in (pairing.first.stage, pairing.second.stage)


def merge_of(pairing: Pairing) -> str | None:
    """Where two firms judged the same are merged, for who may; a verdict never merges by itself."""
    if pairing.state != PairingState.SAME or _merged(pairing) or not can(actor(), "firm.merge", pairing.first):
        return None
    return url_for("merges.new", firm_id=pairing.first_id, other=pairing.second_id)


def _last() -> Pairing | None:
    """The pair judged a moment ago, so that one can go on with it or take another look."""
    pairing: Pairing | None = just_left(lambda number: pairs.one(actor(), number))
    return pairing


# -- blind ------------------------------------------------------------------------------------------
def is_blind() -> bool:
    """Whether this person judges without the engine's opinion."""
    return bool(session.get("blind"))


def blindness() -> dict[str, Any]:
    return {"blind": is_blind(), "may_judge": can(actor(), "pairing.judge")}


@pages.post("/duplicates/blind")
@requires("pairing.judge")
def switch() -> ResponseReturnValue:
    """Hide or show score, band and evidence of what is not judged yet; kept for the person's session."""
    session["blind"] = request.form.get("blind") == "1"
    number = request.form.get("pairing", 0, type=int)
    if 0 < number < 2**31:
        return redirect(url_for("pairings.show", pairing_id=number, **carried()))
    return redirect(url_for("pairings.queue", **carried()))
