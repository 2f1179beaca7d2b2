"""Papers in bulk: bring them, look at what each would be filed as, file or give up."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import FileRefused, RegistryError
from registry.base.extensions import clock, db
from registry.bundles import queries, services
from registry.bundles.forms import BringPapers, SettleFiles, settle_form
from registry.bundles.models import BundleFile, DocumentBundle
from registry.bundles.queries import FileLine
from registry.documents.services import attachments, viewing
from registry.proposals.views import together
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.site.locale import sentence

pages = Blueprint("bundles", __name__)


@pages.get("/bundles")
@requires("bundle.bring")
def listing() -> ResponseReturnValue:
    """What the office brought, and the form to bring more."""
    return render_template("bundles/list.html", form=BringPapers(), page=page_of(queries.visible_to(actor())))


@pages.post("/bundles")
@requires("bundle.bring")
def bring() -> ResponseReturnValue:
    form = BringPapers()
    if form.validate_on_submit():
        uploads = (
            services.BroughtFile(one.filename or "", one.read()) for one in form.files.data if one and one.filename
        )
        try:
            bundle = services.receive(actor(), uploads, at=clock.now())
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            number = bundle.id
            db.session.commit()
            return redirect(url_for("bundles.show", bundle_id=number))
    return render_template("bundles/list.html", form=form, page=page_of(queries.visible_to(actor()))), 422


@pages.route("/bundles/<int:bundle_id>", methods=["GET", "POST"])
@concerns("bundle.settle")
def show(bundle_id: int) -> ResponseReturnValue:
    """Each file with what it would be filed as; what is typed is looked at again, or filed."""
    bundle = _bundle(bundle_id)
    lines = queries.lines_of(actor(), bundle, on=clock.today())
    if bundle.outcome is not None:
        filed = [line.file.firm_id for line in lines if line.file.document_id and line.file.firm_id]
        return render_template(
            "bundles/settled.html", bundle=bundle, lines=lines, materials=reference.materials(),
            next_step=together.of(filed),
        )  # fmt: skip
    form = settle_form(lines, {code: row.name for code, row in reference.materials().items()})
    if not form.validate_on_submit():
        return _page(bundle, lines, form), 422 if request.method == "POST" else 200
    try:
        services.settle(actor(), bundle, dict(form.answers()))
        if "file" not in request.form:
            db.session.commit()
            return redirect(url_for("bundles.show", bundle_id=bundle_id))
        return _file(bundle, bundle_id)
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(bundle, lines, form), 422


def _file(bundle: DocumentBundle, bundle_id: int) -> ResponseReturnValue:
    """What was typed is kept, whether all of it can be filed or not."""
    db.session.commit()
    count = services.file_all(actor(), bundle, at=clock.now(), on=clock.today())
    left = services.leftover(bundle)
    db.session.commit()
    services.remove_files(left)
    flash(_("已归档 %(count)s 份材料。", count=count), "success")
    return redirect(url_for("bundles.show", bundle_id=bundle_id))


def _page(bundle: DocumentBundle, lines: list[FileLine], form: SettleFiles) -> str:
    now = queries.lines_of(actor(), bundle, on=clock.today()) if form.is_submitted() else lines
    return render_template("bundles/show.html", bundle=bundle, lines=now, form=form)


@pages.post("/bundles/<int:bundle_id>/give-up")
@concerns("bundle.settle")
def give_up(bundle_id: int) -> ResponseReturnValue:
    bundle = _bundle(bundle_id)
    try:
        left = services.give_up(actor(), bundle, at=clock.now())
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
    else:
        db.session.commit()
        services.remove_files(left)
        flash(_("已放弃这一批，文件已删除。"), "success")
    return redirect(url_for("bundles.listing"))


@pages.get("/bundles/<int:bundle_id>/files/<int:file_id>/pages/<int:number>")
@concerns("bundle.settle")
def page(bundle_id: int, file_id: int, number: int) -> ResponseReturnValue:
    """A page of a file that is not a paper yet, drawn as those of papers are."""
    bundle = _bundle(bundle_id)
    row = db.session.get(BundleFile, file_id)
    if row is None or row.bundle_id != bundle.id or row.stored_name is None:
        abort(404)
    path = attachments.path(row.stored_name)
    if not path.is_file():
        abort(404)
    try:
        picture, kind = viewing.picture(row, path, number)
    except FileRefused:
        abort(404)
    answer = Response(picture, mimetype=kind)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _bundle(bundle_id: int) -> DocumentBundle:
    bundle: DocumentBundle = load_or_404(queries.one(actor(), bundle_id), "bundle.settle")
    return bundle
