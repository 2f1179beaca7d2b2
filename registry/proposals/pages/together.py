"""Several nominations in one press: who will be submitted is listed and confirmed; each is judged as if by itself."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.firms.models.firms import Firm
from registry.proposals.forms.proposals import Submission
from registry.proposals.pages.proposals import pages
from registry.proposals.services import proposals
from registry.proposals.views import together
from registry.proposals.views.together import Submittable
from registry.site.access import actor, requires
from registry.site.addresses import LARGEST


@pages.route("/proposals/together", methods=["GET", "POST"])
@requires("firm.create")
def submit_together() -> ResponseReturnValue:
    """The firms named in the address: those that can be submitted, and what the others lack."""
    found = together.of([number for number in request.args.getlist("firm", type=int) if 0 < number <= LARGEST])
    form = Submission()
    if not form.validate_on_submit() or not found.ready:
        page = render_template("proposals/together.html", found=found, form=form)
        return page, 422 if form.is_submitted() else 200
    done, failed = _submit(found, form.note.data or "")
    db.session.commit()
    if done:
        flash(_("已提交 %(count)s 家，由各牵头部门核查。", count=done), "success")
    for name in failed:
        flash(_("“%(name)s”没有提交：提交前又有变动，请打开该企业核对。", name=name), "warning")
    return redirect(url_for("proposals.listing", state="proposed"))


def _submit(found: Submittable, note: str) -> tuple[int, list[str]]:
    """Each by itself: what one is refused for is no matter of the others. How many went, and the names of the rest."""
    done, failed, at, on = 0, [], clock.now(), clock.today()
    names = {firm.id: firm.name for firm, _office in found.ready}
    for firm_id, name in names.items():
        firm = db.session.get_one(Firm, firm_id)
        try:
            with db.session.begin_nested():
                proposals.submit(actor(), firm, at=at, on=on, note=note)
        except RegistryError:
            failed.append(name)
        else:
            done += 1
    return done, failed
