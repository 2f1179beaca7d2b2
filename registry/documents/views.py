"""How a file that somebody uploaded is answered, how a paper stands in a list, and beside the case it proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from registry.base.errors import PAGE_CANNOT_BE_DRAWN, FileRefused
from registry.base.extensions import provided
from registry.base.periods import Period
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments, viewing
from registry.documents.services.viewing import Shown
from registry.firms.models.firms import Firm
from registry.reference.queries import reference


@dataclass(frozen=True)
class Paper:
    """One line of components/file_list.html: a paper at hand, or a material that is not."""

    label: str
    href: str | None
    note: str | None
    required: bool = False


def sealed_off(answer: Response) -> Response:
    """Should a browser show it in spite of all, it may do nothing at all."""
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@dataclass(frozen=True)
class OtherPaper:
    id: int
    label: str


@dataclass(frozen=True)
class Beside:
    """The paper beside a case: the page of it that is shown, where it can be had, and the other papers.

    `picture` is the address of the page, `file` of the whole; `look`: where it is seen alone; `figures`: what is on
    record for its period (figures.queries.figures.StatedFigure).
    """

    id: int
    label: str
    filename: str
    shown: Shown
    picture: str
    file: str
    others: tuple[OtherPaper, ...]
    look: str = ""
    figures: tuple[Any, ...] = ()


@dataclass(frozen=True)
class KeptFile:
    """A file of a case that is no paper of a firm: what it is called, and where page and whole are answered."""

    id: int
    label: str
    filename: str
    stored_name: str
    media_type: str
    file: str
    picture: Callable[[int], str]
    pages: str = ""


def beside(firm: Firm, first: Callable[[list[Document]], Document | None] | None = None) -> Beside | None:
    """The paper the address asks for (`paper`, its page `sheet`), else the one `first` chooses, else the first."""
    held = {one.id: one for one in documents.documents_of(firm) if one.voided_at is None}
    chosen = first(list(held.values())) if first else None
    found = beside_of([_kept(one) for one in held.values()], chosen.id if chosen else None)
    if found is None:
        return None
    (stated,) = provided("figures_of_paper")
    look = url_for("documents.look", document_id=found.id)
    return replace(found, look=look, figures=tuple(stated(firm, held[found.id])))


def beside_of(files: Sequence[KeptFile], first: int | None = None) -> Beside | None:
    """The same of files that are no papers of a firm; `first` is the number of the one shown unasked."""
    if not files:
        return None
    asked = request.args.get("paper", type=int)
    chosen = next((one for number in (asked, first) for one in files if one.id == number), files[0])
    path = attachments.path(chosen.stored_name)
    number = request.args.get("sheet", type=int) if asked in (None, chosen.id) else None
    shown = viewing.of(chosen, path, number) if path.is_file() else _lost()
    others = tuple(OtherPaper(one.id, one.label) for one in files)
    return Beside(
        chosen.id, chosen.label, chosen.filename, shown, chosen.picture(shown.number or 1), chosen.file, others
    )  # fmt: skip


def page_answered(file: viewing.Viewed, path: Path, number: int) -> Response:
    """A picture as it is, or a page of a PDF drawn here: a browser never runs what a paper brings along."""
    try:
        picture, kind = viewing.picture(file, path, number)
    except (FileRefused, FileNotFoundError):
        abort(404)
    return sealed_off(Response(picture, mimetype=kind))


def _kept(document: Document) -> KeptFile:
    return KeptFile(
        document.id, called(document), document.filename, document.stored_name, document.media_type,
        url_for("documents.download", document_id=document.id),
        lambda number: url_for("documents.page", document_id=document.id, number=number),
        document.pages or "",
    )  # fmt: skip


def _lost() -> Shown:
    """The file is not where it was kept."""
    return Shown(0, 0, refused=FileRefused(PAGE_CANNOT_BE_DRAWN))


def called(document: Document) -> str:
    """A paper by its kind and period."""
    material = reference.materials().get(document.material)
    name = _(material.name) if material else document.material
    if not document.year:
        return str(name)
    return str(name + _("（%(note)s）", note=Period(document.year, document.month or 0).label))
