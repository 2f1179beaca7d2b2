"""Firms whose stage rests on a figure without its paper: listed to their office and the city, never moved for it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.base.extensions import clock
from registry.pathway.queries import unproven
from registry.reference.queries import reference
from registry.site.access import actor, requires
from registry.site.pagination import ListPages

pages = Blueprint("unproven", __name__)


@pages.get("/unproven")
@requires("firm.list")
def listing() -> ResponseReturnValue:
    page = ListPages(unproven.resting(actor(), on=clock.today()))
    return render_template("pathway/unproven/list.html", page=page, counties=reference.division_names())
