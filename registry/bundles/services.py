"""Papers brought in bulk: unpacked, read by their names, settled by a person, filed one by one in one transaction."""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from registry.base import characters
from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.bundles import queries, rules, texts
from registry.bundles.models import BundleFile, DocumentBundle
from registry.bundles.queries import FileLine, OfficeFirms
from registry.documents.services import attachments
from registry.documents.services.attachments import StoredDocument
from registry.firms.models.firms import Firm
from registry.firms.services import renewal
from registry.trail.services import trail

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second is one of nothing
_WORKBOOK = "[Content_Types].xml"
_UTF8 = 0x800
_LOCKED = 0x1
_LONGEST = 300


@dataclass(frozen=True)
class BroughtFile:
    """One file as it came: its name and its bytes."""

    filename: str
    content: bytes


def receive(actor: Actor, uploads: Iterable[BroughtFile], *, at: datetime) -> DocumentBundle:
    """Unpack, read the names, keep the files; raises FieldError('files') where nothing of it can be taken in."""
    bundle = DocumentBundle(filename="", office_id=actor.office_id, by_id=actor.user_id, by_name=actor.name, at=at)
    db.session.add(bundle)
    db.session.flush()
    firms, number = OfficeFirms(actor), 0
    for number, (came_in, one) in enumerate(_all_of(uploads), start=1):
        if number > rules.LIMIT_FILES:
            raise FieldError("files", texts.TOO_MANY, limit=rules.LIMIT_FILES)
        bundle.filename = bundle.filename or characters.shown(came_in, 200)
        row = BundleFile(bundle_id=bundle.id, number=number, place=characters.shown(one.filename[-_LONGEST:], _LONGEST))
        _keep(row, one)
        _read(row, firms)
        db.session.add(row)
    if not number:
        raise FieldError("files", texts.NOTHING_IN_IT)
    db.session.flush()
    for line in queries.lines_of(actor, bundle, on=at.date()):
        line.file.chosen = line.file.chosen and not line.notices  # what is there already need not be filed again
    db.session.flush()
    return bundle


def _all_of(uploads: Iterable[BroughtFile]) -> Iterator[tuple[str, BroughtFile]]:
    """One file at a time: what is in a zip is many times what came."""
    for upload in uploads:
        for one in _unpacked(upload):
            yield upload.filename, one


def _keep(row: BundleFile, upload: BroughtFile) -> None:
    """What is no paper is not kept, and said."""
    try:
        kept = attachments.keep(upload.filename, upload.content)
    except FieldError as refused:
        row.refused, row.chosen = [refused.template, refused.values], False
        return
    row.filename, row.stored_name, row.media_type = kept.filename, kept.stored_name, kept.media_type
    row.size, row.sha256 = kept.size, kept.sha256


def _read(row: BundleFile, firms: OfficeFirms) -> None:
    name = rules.read(row.place)
    row.firm, doubt = _firm_of(name, firms)
    row.firm_id, row.firm_doubt = row.firm.id if row.firm else None, doubt
    row.material = name.materials[0] if len(name.materials) == 1 else None
    if len(name.periods) == 1:
        row.year, row.month = name.periods[0].year, name.periods[0].month


def _firm_of(name: rules.ReadName, firms: OfficeFirms) -> tuple[Firm | None, list[object] | None]:
    """The code goes before the name, and both have to agree."""
    coded = [firms.by_code[code] for code in name.codes if code in firms.by_code]
    named, alone = firms.named_in(name.texts)
    if len(coded) == 1 and (not named or coded[0] in named):
        return coded[0], None
    if len(coded) > 1 or (not coded and not name.codes and len(named) > 1):
        return None, [texts.FIRM_SEVERAL, {}]
    if coded or (name.codes and named):
        code = coded[0].credit_code if coded else name.codes[0]
        return None, [texts.FIRM_DISAGREES, {"code": code, "name": named[0].name}]
    if name.codes:
        wrong = rules.wrong_code(name.codes)
        return None, [texts.CODE_WRONG, {"code": wrong}] if wrong else [texts.FIRM_UNKNOWN, {"code": name.codes[0]}]
    if named and not alone:
        return None, [texts.FIRM_UNSURE, {"name": named[0].name}]
    return (named[0], None) if named else (None, None)


def _unpacked(upload: BroughtFile) -> Iterator[BroughtFile]:
    """The files of a zip, whose names may be GBK; anything else is itself. Raises FieldError('files')."""
    if not upload.content.startswith(_ZIP):
        yield upload
        return
    try:
        with zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
            if _WORKBOOK in archive.namelist():
                yield upload
                return
            yield from _entries(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
    ) as broken:
        raise FieldError("files", texts.ZIP_BROKEN) from broken


def _entries(archive: zipfile.ZipFile) -> Iterator[BroughtFile]:
    entries = [entry for entry in archive.infolist() if not _is_noise(entry)]
    if len(entries) > rules.LIMIT_FILES:
        raise FieldError("files", texts.TOO_MANY, limit=rules.LIMIT_FILES)
    if sum(entry.file_size for entry in entries) > rules.LIMIT_UNPACKED_MB << 20:
        raise FieldError("files", texts.TOO_LARGE, limit=rules.LIMIT_UNPACKED_MB)
    for entry in entries:
        name = _name_of(entry)
        if entry.flag_bits & _LOCKED:
            raise FieldError("files", texts.ZIP_LOCKED, name=name)
        with archive.open(entry) as opened:  # one byte more than may be: `keep` then says that it is too large
            yield BroughtFile(name, opened.read((attachments.LIMIT_MB << 20) + 1))


def _is_noise(entry: zipfile.ZipInfo) -> bool:
    """Folders, links, and what other machines put beside files."""
    last = entry.filename.rsplit("/", 1)[-1]
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    return entry.is_dir() or linked or entry.filename.startswith("__MACOSX/") or last in (".DS_Store", "Thumbs.db")


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Archives made under Chinese Windows hold GBK, those of a Mac UTF-8, and neither says so."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    with suppress(UnicodeError):
        raw = entry.filename.encode("cp437")
        with suppress(UnicodeError):
            return raw.decode("utf-8")
        return raw.decode("gb18030")
    return entry.filename


@dataclass(frozen=True)
class Settled:
    """What a person made of one file: whose (code or name), which paper, which period, whether it is to be filed."""

    firm: str
    material: str
    period: Period | None
    chosen: bool


def settle(actor: Actor, bundle: DocumentBundle, answers: Mapping[int, Settled], *, seen: int) -> None:
    """Take what was typed for each file, by its id. Raises RegistryError where the bundle is settled.

    `seen`: the version that the page showed; it raises where somebody has changed it since.
    """
    refuse_settled(bundle)
    if bundle.version != seen:
        raise RegistryError(texts.CHANGED)
    bundle.version += 1
    firms = OfficeFirms(actor)
    for row in queries.files_of(bundle):
        if row.refused or row.document_id is not None or row.id not in answers:
            continue
        answer = answers[row.id]
        if answer.firm != queries.called(row.firm):
            row.firm = firms.find(answer.firm)
            row.firm_id = row.firm.id if row.firm else None
            row.firm_doubt = None if row.firm or not answer.firm else [texts.FIRM_UNKNOWN, {"code": answer.firm}]
        row.material = answer.material or None
        row.year = answer.period.year if answer.period else None
        row.month = answer.period.month if answer.period else None
        row.chosen = answer.chosen
    db.session.flush()


def file_all(actor: Actor, bundle: DocumentBundle, *, at: datetime, on: date) -> int:
    """File every chosen file; how many. Raises RegistryError where one is not ready, and then files none.

    The bundle stays open while files are left that were not chosen.
    """
    refuse_settled(bundle)
    lines = queries.lines_of(actor, bundle, on=on)
    chosen = [line for line in lines if line.file.chosen and line.file.document_id is None]
    open_ = [line for line in chosen if not line.is_ready]
    if not chosen:
        raise RegistryError(texts.NOTHING_CHOSEN)
    if open_:
        raise RegistryError(texts.ROWS_OPEN, count=len(open_))
    touched: dict[int, Firm] = {}
    for line in sorted(chosen, key=lambda line: (line.file.firm_id or 0, line.file.number)):
        touched |= _file(actor, line, at=at)
    for _number, firm in sorted(touched.items()):
        renewal.renew(firm, on=on, at=at)
    bundle.version += 1
    if not leftover(bundle):
        _end(actor, bundle, "filed", at=at)
    counts = {"files": len(queries.files_of(bundle)), "filed": len(chosen)}
    trail.record(actor, "file_bundle", bundle, at=at, after=counts, source=bundle.filename)
    return len(chosen)


def _file(actor: Actor, line: FileLine, *, at: datetime) -> dict[int, Firm]:
    row, firm = line.file, line.file.firm
    if firm is None or row.stored_name is None or not row.material:
        raise RegistryError(texts.ROWS_OPEN, count=1)
    kept = StoredDocument(row.filename, row.stored_name, row.media_type, row.size, row.sha256)
    try:
        document = attachments.attach_kept(
            actor, firm, kept, material=row.material, at=at,
            year=line.period.year if line.period else None, month=line.period.month if line.period else None,
        )  # fmt: skip
    except RegistryError as refused:  # said at the file it is about
        raise FieldError(f"firm_{row.id}", refused.template, **refused.values) from refused
    row.document_id = document.id
    return {firm.id: firm}


def give_up(actor: Actor, bundle: DocumentBundle, *, at: datetime) -> list[str]:
    """File no more of it; the stored names whose files go once this is committed. Raises RegistryError."""
    refuse_settled(bundle)
    left, rows = leftover(bundle), queries.files_of(bundle)
    filed = sum(row.document_id is not None for row in rows)
    _end(actor, bundle, "filed" if filed else "given_up", at=at)
    trail.record(actor, "give_up_bundle", bundle, at=at, after={"files": len(left), "filed": filed})
    return left


def leftover(bundle: DocumentBundle) -> list[str]:
    """Stored names of files that became no paper."""
    return [f.stored_name for f in queries.files_of(bundle) if f.stored_name and f.document_id is None]


def remove_files(stored_names: Iterable[str]) -> None:
    """After the commit that left them to nobody."""
    for name in stored_names:
        attachments.path(name).unlink(missing_ok=True)


def refuse_settled(bundle: DocumentBundle) -> None:
    db.session.refresh(bundle, with_for_update={"of": DocumentBundle})
    if bundle.outcome is not None:
        raise RegistryError(texts.SETTLED)


def _end(actor: Actor, bundle: DocumentBundle, outcome: str, *, at: datetime) -> None:
    bundle.outcome, bundle.settled_at, bundle.settled_by_name = outcome, at, actor.name
    db.session.flush()
