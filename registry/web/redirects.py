"""The address of a firm that was merged leads to the firm it became, for ever, as far as the reader may see that."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.domain.permissions import Actor, sees_firm
from registry.models import Firm
from registry.queries import firms, merges, reference


def onward(actor: Actor, firm: Firm) -> ResponseReturnValue:
    """The same page of the firm it became; for who may not see that one, the declared minimum of it."""
    survivor = firms.survivor(firm)
    if not sees_firm(actor, survivor):
        county = reference.territory().get(survivor.statistical_county or "")
        office = survivor.office.short_name
        return render_template(
            "merges/elsewhere.html",
            folded=firm,
            merge=merges.standing_of(firm),
            county=county.name if county else office,
            office=office,
        )
    flash(_("“%(folded)s”已并入“%(winner)s”，以下是保留企业。", folded=firm.name, winner=survivor.name), "info")
    given: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), "firm_id": survivor.id}
    return redirect(url_for(request.endpoint or "firms.show", **given))
