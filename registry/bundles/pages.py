"""Papers in bulk: bring them, look at what each would be filed as, file or give up."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import FileRefused, RegistryError
from registry.base.extensions import clock, db
from registry.bundles import queries, services
from registry.bundles.forms import BringPapers, GiveUp, SettleFiles, settle_form
from registry.bundles.models import BundleFile, DocumentBundle
from registry.bundles.queries import FileLine
from registry.bundles.services import Settled
from registry.bundles.texts import FILED_SOME
from registry.documents.services import attachments, viewing
from registry.documents.views import sealed_off
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
    names = {code: row.name for code, row in reference.materials().items()}
    form = settle_form(lines, names, version=bundle.version)
    if not form.validate_on_submit():
        return _page(bundle, lines, form), 422 if request.method == "POST" else 200
    answers, seen = dict(form.answers()), form.seen
    try:
        services.settle(actor(), bundle, answers, seen=seen)
        if "file" not in request.form:
            db.session.commit()
            return redirect(url_for("bundles.show", bundle_id=bundle_id))
        count = services.file_all(actor(), bundle, at=clock.now(), on=clock.today())
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _kept(bundle_id, form, answers, seen), 422
    left = len(services.leftover(bundle))
    db.session.commit()
    flash(_("已归档 %(count)s 份材料。", count=count), "success")
    if left:
        flash(_(FILED_SOME, count=left), "warning")
    return redirect(url_for("bundles.show", bundle_id=bundle_id))


def _kept(bundle_id: int, form: SettleFiles, answers: dict[int, Settled], seen: int) -> str:
    """What was typed is kept though nothing was filed, unless somebody else has changed the bundle meanwhile."""
    bundle = _bundle(bundle_id)
    try:
        services.settle(actor(), bundle, answers, seen=seen)
        db.session.commit()
    except RegistryError:
        db.session.rollback()
    bundle = _bundle(bundle_id)
    form.version.data = str(bundle.version)
    return _page(bundle, queries.lines_of(actor(), bundle, on=clock.today()), form)


def _page(bundle: DocumentBundle, lines: list[FileLine], form: SettleFiles) -> str:
    return render_template("bundles/show.html", bundle=bundle, lines=lines, form=form)


@pages.route("/bundles/<int:bundle_id>/give-up", methods=["GET", "POST"])
@concerns("bundle.settle")
def give_up(bundle_id: int) -> ResponseReturnValue:
    """Asks first: what was not filed is deleted."""
    bundle, form = _bundle(bundle_id), GiveUp()
    left = len(services.leftover(bundle))
    if not form.validate_on_submit():
        page = render_template("bundles/give_up.html", bundle=bundle, form=form, left=left)
        return page, 422 if request.method == "POST" else 200
    try:
        names = services.give_up(actor(), bundle, at=clock.now())
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
    else:
        db.session.commit()
        services.remove_files(names)
        flash(_("已放弃没有归档的文件，文件已删除。"), "success")
    return redirect(url_for("bundles.listing"))


@pages.get("/bundles/<int:bundle_id>/files/<int:file_id>")
@concerns("bundle.settle")
def look(bundle_id: int, file_id: int) -> ResponseReturnValue:
    """A file that is not a paper yet, page by page."""
    row, path = _file(bundle_id, file_id)
    shown = viewing.of(row, path, request.args.get("page", type=int))
    return render_template("bundles/look.html", file=row, bundle=_bundle(bundle_id), shown=shown)


@pages.get("/bundles/<int:bundle_id>/files/<int:file_id>/pages/<int:number>")
@concerns("bundle.settle")
def page(bundle_id: int, file_id: int, number: int) -> ResponseReturnValue:
    """A page of it, drawn as those of papers are."""
    row, path = _file(bundle_id, file_id)
    try:
        picture, kind = viewing.picture(row, path, number)
    except FileRefused:
        abort(404)
    return sealed_off(Response(picture, mimetype=kind))


@pages.get("/bundles/<int:bundle_id>/files/<int:file_id>/download")
@concerns("bundle.settle")
def download(bundle_id: int, file_id: int) -> ResponseReturnValue:
    row, path = _file(bundle_id, file_id)
    return sealed_off(
        send_file(path, mimetype=row.media_type, as_attachment=True, download_name=row.filename, etag=False)
    )


def _file(bundle_id: int, file_id: int) -> tuple[BundleFile, Path]:
    bundle = _bundle(bundle_id)
    row = db.session.get(BundleFile, file_id)
    if row is None or row.bundle_id != bundle.id or row.stored_name is None or row.document_id is not None:
        abort(404)
    path = attachments.path(row.stored_name)
    if not path.is_file():
        abort(404)
    return row, path


def _bundle(bundle_id: int) -> DocumentBundle:
    bundle: DocumentBundle = load_or_404(queries.one(actor(), bundle_id), "bundle.settle")
    return bundle
