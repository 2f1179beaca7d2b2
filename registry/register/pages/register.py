"""The register of registered firms: look-up, loads, entries that differ from it, and firms nobody has proposed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.reference.queries import reference
from registry.register import views
from registry.register.forms import CandidateQuery, DifferenceQuery, Export, Lookup
from registry.register.models import RegisterLoad
from registry.register.queries import candidates, differences, registered
from registry.register.rules import CHANGE_LABELS, COMPARED_LABELS, FIELD_LABELS, SECTOR_CODES, SECTOR_LABELS
from registry.register.services import exporting, faulty_rows
from registry.sheets import account
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site import reading
from registry.site.access import actor, refuse, requires
from registry.site.display import here
from registry.site.listing import page_of
from registry.site.pagination import ListPages

pages = Blueprint("register", __name__)

SHOWN_FAULTS = 100


@pages.get("/register")
@requires("register.read")
def lookup() -> ResponseReturnValue:
    """Look a firm up by code or by name in any form; the nearest first."""
    form, load = Lookup(request.args), registered.latest_load()
    text = (form.q.data or "").strip()
    page = ListPages(registered.find(text, limit=100) if text and load else ())
    return render_template("register/list.html", form=form, page=page, load=load, **_words())


@pages.get("/register/<int:registered_id>")
@requires("register.read")
def show(registered_id: int) -> ResponseReturnValue:
    """One registered firm, what loads changed of it, and whether the directory has it."""
    firm = db.session.scalars(registered.one(registered_id)).one_or_none()
    if firm is None:
        refuse("register.read")
    own = firms.visible_to(actor()).where(Firm.credit_code == firm.credit_code)
    entry = db.session.scalars(own).unique().one_or_none()
    return render_template(
        "register/show.html",
        firm=firm,
        entry=entry,
        facts=views.facts(firm),
        changes=[(change, views.changed(change)) for change in registered.changes_of(firm)],
        first=db.session.get_one(RegisterLoad, firm.first_load_id),
        last=db.session.get_one(RegisterLoad, firm.load_id),
        **_words(),
    )


@pages.get("/register/loads")
@requires("register.loads")
def loads() -> ResponseReturnValue:
    return render_template("register/loads.html", page=page_of(registered.loads()), **_words())


@pages.get("/register/loads/<int:load_id>")
@requires("register.read")
def load(load_id: int) -> ResponseReturnValue:
    """What one load brought: its counts, what it changed, and the rows that go back."""
    found = db.session.get(RegisterLoad, load_id)
    if found is None:
        refuse("register.read")
    kind = request.args.get("kind", "")
    page = page_of(registered.changes_by(found, kind if kind in CHANGE_LABELS else ""))
    sheets = account.sheets_of(found.reading)
    faults = [
        (account.row_words(row.number, sheets), row, views.sentences(row))
        for row, _number in zip(faulty_rows.faulty(found), range(SHOWN_FAULTS), strict=False)
    ]
    return render_template(
        "register/load.html",
        load=found,
        reading=reading.told(found.reading),
        page=page,
        kind=kind,
        changes=[(change, views.changed(change)) for change in page.items],
        faults=faults,
        **_words(),
    )


@pages.get("/register/candidates")
@requires("register.read")
def proposable() -> ResponseReturnValue:
    """Registered firms of an industry the plan names that nobody has proposed."""
    form = _candidate_query()
    page = page_of(candidates.matching(actor(), form.asked()))
    return render_template(
        "register/candidates.html",
        form=form,
        page=page,
        load=registered.latest_load(),
        strip=_strip(form),
        export_at=_at("register.export"),
        **_words(),
    )


@pages.route("/register/candidates/export", methods=["GET", "POST"])
@requires("register.export")
def export() -> ResponseReturnValue:
    """Exactly what the filter shows, every page of it."""
    query, form = _candidate_query(), Export()
    form.offer()
    if form.validate_on_submit():
        try:
            return _send(query, FileKind(form.kind.data))
        except RegistryError as error:
            form.refuse(error)
    total = candidates.count(actor(), query.asked())
    page = render_template(
        "register/export.html", form=form, total=total, words=query.words(), back=_at("register.proposable")
    )
    return page, 422 if form.errors else 200


def _send(query: CandidateQuery, kind: FileKind) -> ResponseReturnValue:
    words = str(_("；")).join(query.words())
    taken = exporting.take(actor(), query.asked(), kind=kind, filter_text=words, at=clock.now())
    exporting.record(actor(), taken, at=clock.now())
    db.session.commit()
    name = _("登记在册尚未提名企业_%(day)s", day=clock.today().isoformat())
    return send_file(taken.file, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=f"{name}.{kind}")


@pages.get("/register/differences")
@requires("register.read")
def differing() -> ResponseReturnValue:
    """Entries of the directory in reach that say otherwise than the register."""
    form = DifferenceQuery(request.args)
    form.offer()
    page = page_of(differences.visible_to(actor(), form.field.data or ""))
    held = differences.registrations(page.items)
    rows = [(firm, held[firm.credit_code], views.differing(firm, held[firm.credit_code])) for firm in page.items]
    return render_template(
        "register/differences.html", form=form, page=page, rows=rows, load=registered.latest_load(), **_words()
    )


def _candidate_query() -> CandidateQuery:
    form = CandidateQuery(request.args)
    form.offer(actor())
    return form


def _strip(form: CandidateQuery) -> list[dict[str, Any]]:
    """The sectors as navigation, with what the rest of the filter leaves in each."""
    asked = form.asked()
    counts = candidates.by_sector(actor(), asked)
    cells = [("", _("全部"), sum(counts.values()))]
    cells += [(key, _(label), counts.get(key, 0)) for key, label in SECTOR_LABELS.items()]
    return [
        {
            "label": label,
            "count": count,
            "href": here(sector=key or None, page=None),
            "active": key == asked.sector,
            "total": not key,
        }
        for key, label, count in cells
    ]


def _at(endpoint: str) -> str:
    """Another page of the same filter."""
    query = request.query_string.decode("ascii", "replace")
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)


def _words() -> dict[str, Any]:
    return {
        "sectors": SECTOR_LABELS,
        "sector_codes": SECTOR_CODES,
        "kinds": CHANGE_LABELS,
        "compared": COMPARED_LABELS,
        "fields": FIELD_LABELS,
        "places": reference.division_names(),
        "city": reference.city(),
    }
