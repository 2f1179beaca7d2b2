"""A bulletin is drafted from a closed quarter and a wording, edited by hand where need be, sent out, or withdrawn."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.bulletins import texts
from registry.bulletins.models import Bulletin, BulletinOffice, BulletinParagraph, BulletinWording
from registry.bulletins.queries import bulletins
from registry.bulletins.queries import numbers as numbering
from registry.bulletins.rules import numbers as keeping
from registry.bulletins.rules.checking import TextFault
from registry.bulletins.rules.composing import Paragraph, composed, line_faults
from registry.bulletins.rules.numbers import QuarterNumbers
from registry.bulletins.rules.wording import BoundNumber, Level, has_stray_braces, keys, marked
from registry.bulletins.texts import BULLETIN_ERRORS, BulletinStopped
from registry.notices.services import notices
from registry.papers.rules import day_of
from registry.quarters.models import Snapshot
from registry.quarters.queries import snapshots
from registry.reference.queries import reference
from registry.trail.services import trail

_STEP = 10
"""Between the ranks of two paragraphs, so that one fits between."""


def draft(actor: Actor, quarter: Quarter, *, at: datetime, on: date) -> Bulletin:
    """The draft of a closed quarter's bulletin by the wording in use.

    Raises NotAllowed, and RegistryError where the quarter is open, kept nothing, has one, or no wording is there.
    """
    snapshot, wording = _ready(actor, quarter)
    if bulletins.original_of(quarter) is not None:
        raise RegistryError(BULLETIN_ERRORS["issued"], quarter=quarter.label)
    numbers = numbering.of(snapshot)
    return _begin(actor, snapshot, wording, numbers, composed(wording.lines, numbers), at=at, on=on)


def correct(actor: Actor, old: Bulletin, *, reason: str, at: datetime, on: date) -> Bulletin:
    """The draft of an erratum: a paper of its own that names the one it corrects."""
    if not can(actor, "bulletin.correct", old):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    snapshot, wording = _ready(actor, Quarter.parse(old.quarter))
    found = numbering.of(snapshot)
    named = _of_old(old)
    numbers = QuarterNumbers({**found.numbers, **{one.key: one for one in named}}, found.items)
    title, day = (marked(one.shown, one.key) for one in named)
    paragraphs = [
        (Level.TITLE, texts.ERRATUM_TITLE.format(old=title)),
        *((Level(row.level), row.text) for row in old.paragraphs if row.level == Level.RECIPIENTS),
        (Level.BODY, texts.ERRATUM_BODY.format(old=title, day=day)),
        (Level.BODY, _sound(numbers, reason, "reason")),
    ]
    erratum = _begin(actor, snapshot, wording, numbers, paragraphs, at=at, on=on, corrects=old)
    said = erratum.paragraphs[-1]
    said.made = ""  # nothing but what a person wrote
    _signed(actor, said, at)
    db.session.flush()
    return erratum


def _of_old(old: Bulletin) -> tuple[BoundNumber, BoundNumber]:
    """The title and the day of the corrected paper, as numbers with a source of their own."""
    title, day = (texts.ITEM_KEY.format(kind=texts.OLD_KIND, item=old.id, name=name) for name in texts.OLD_NAMES)
    issued = day_of(old.issued_on) if old.issued_on else ""
    shown = texts.OLD_TITLE_FORM.format(title=bulletins.title_of(old))
    return BoundNumber(title, shown), BoundNumber(day, issued)


def _ready(actor: Actor, quarter: Quarter) -> tuple[Snapshot, BulletinWording]:
    if not can(actor, "bulletin.draft") or actor.user_id is None:
        raise NotAllowed
    snapshot, wording = snapshots.of(quarter), bulletins.wording()
    if snapshot is None:
        raise RegistryError(BULLETIN_ERRORS["not_closed"], quarter=quarter.label)
    if wording is None:
        raise RegistryError(BULLETIN_ERRORS["no_wording"])
    if bulletins.open_of(quarter) is not None:
        raise RegistryError(BULLETIN_ERRORS["open"], quarter=quarter.label)
    return snapshot, wording


def _begin(
    actor: Actor, snapshot: Snapshot, wording: BulletinWording, numbers: QuarterNumbers, paragraphs: list[Paragraph], *,
    at: datetime, on: date, corrects: Bulletin | None = None,
) -> Bulletin:  # fmt: skip
    bulletin = Bulletin(
        quarter=snapshot.quarter, snapshot=snapshot, wording=wording, corrects=corrects, state="drafting",
        numbers=keeping.kept(numbers), signature=_full_name(actor), drafted_by_id=actor.user_id,
        drafted_by_name=actor.name, drafted_at=at,
    )  # fmt: skip
    bulletin.paragraphs = [
        BulletinParagraph(rank=place * _STEP, level=str(level), text=text, made=text)
        for place, (level, text) in enumerate(paragraphs, start=1)
    ]
    db.session.add(bulletin)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody began one this very moment
        db.session.rollback()
        raise RegistryError(BULLETIN_ERRORS["open"], quarter=snapshot.quarter) from error
    after = {"quarter": snapshot.quarter, "wording": wording.number, "digest": snapshot.digest}
    if corrects is not None:
        after["corrects"] = corrects.digest
    trail.record(actor, "draft_bulletin", bulletin, at=at, after=after)
    return bulletin


def _full_name(actor: Actor) -> str:
    office = reference.offices().get(actor.office_code)
    return office.name if office else ""


# -- editing --------------------------------------------------------------------------------------
def rewrite(
    actor: Actor, bulletin: Bulletin, paragraph: BulletinParagraph, text: str, *, seen: int, at: datetime
) -> None:
    """`seen`: the state of the bulletin that was on the page. Raises NotAllowed, FieldError('text'), StaleRecord."""
    _editable(actor, bulletin, seen)
    text = _sound(bulletins.numbers_of(bulletin), text)
    if text == paragraph.text:
        return
    before, paragraph.text = paragraph.text, text
    _signed(actor, paragraph, at)
    _edited(actor, bulletin, {"text": before}, {"text": text}, at)


def add(
    actor: Actor, bulletin: Bulletin, after: BulletinParagraph, level: str, text: str, *, seen: int, at: datetime
) -> None:
    """A paragraph after another, written by hand."""
    _editable(actor, bulletin, seen)
    ranks = [row.rank for row in bulletin.paragraphs]
    place = ranks.index(after.rank) + 1
    text = _sound(bulletins.numbers_of(bulletin), text)
    paragraph = BulletinParagraph(bulletin_id=bulletin.id, rank=0, level=level, text=text)
    _signed(actor, paragraph, at)
    bulletin.paragraphs.insert(place, paragraph)
    for number, row in enumerate(bulletin.paragraphs, start=1):
        row.rank = number * _STEP
    _edited(actor, bulletin, {}, {"text": paragraph.text}, at)


def remove(actor: Actor, bulletin: Bulletin, paragraph: BulletinParagraph, *, seen: int, at: datetime) -> None:
    """Its text stays on the trail."""
    _editable(actor, bulletin, seen)
    if paragraph.level == Level.TITLE:
        raise FieldError("text", BULLETIN_ERRORS["title"])
    bulletin.paragraphs.remove(paragraph)
    db.session.delete(paragraph)
    _edited(actor, bulletin, {"text": paragraph.text}, {"text": ""}, at)


def _editable(actor: Actor, bulletin: Bulletin, seen: int) -> None:
    if not can(actor, "bulletin.edit", bulletin) or actor.user_id is None:
        raise NotAllowed
    fresh(bulletin, seen)


def fresh(bulletin: Bulletin, seen: int) -> None:
    """Whoever acts has looked at what it says now. Raises StaleRecord."""
    if bulletin.revision != seen:
        raise StaleRecord(who=bulletin.drafted_by_name)


def _sound(numbers: QuarterNumbers, text: str, field: str = "text") -> str:
    text = " ".join(text.split())
    if not text:
        raise FieldError(field, BULLETIN_ERRORS["empty"])
    if has_stray_braces(text):
        raise FieldError(field, BULLETIN_ERRORS["braces"])
    if unknown := [key for key in keys(text) if key not in numbers.numbers]:
        raise FieldError(field, BULLETIN_ERRORS["unknown"], key=unknown[0])
    return text


def _signed(actor: Actor, paragraph: BulletinParagraph, at: datetime) -> None:
    paragraph.by_id, paragraph.by_name, paragraph.at = actor.user_id, actor.name, at


def _edited(actor: Actor, bulletin: Bulletin, before: dict[str, str], after: dict[str, str], at: datetime) -> None:
    flag_modified(bulletin, "state")  # the paragraphs are the bulletin's: of two who write, the second is told
    db.session.flush()
    trail.record(actor, "edit_bulletin", bulletin, at=at, before=before, after=after)


# -- sending out and taking back ------------------------------------------------------------------
def submit(actor: Actor, bulletin: Bulletin, *, long_reason: str, seen: int, at: datetime, on: date) -> None:
    """Send it to the offices whose numbers are in it. Raises NotAllowed, BulletinStopped, FieldError('long_reason')."""
    _editable(actor, bulletin, seen)
    found = bulletins.check(bulletin, on)
    if found.faults:
        raise BulletinStopped([problem(fault) for fault in found.faults])
    if found.is_long and not long_reason.strip():
        raise FieldError("long_reason", texts.PROBLEMS["long"], length=found.length, limit=found.limit)
    bulletin.state, bulletin.submitted_at, bulletin.long_reason = "confirming", at, long_reason.strip()
    db.session.flush()
    after = {"length": found.length, "by_hand": [number.shown for number in found.by_hand]}
    trail.record(actor, "submit_bulletin", bulletin, at=at, after=after, reason=bulletin.long_reason)
    db.session.execute(delete(BulletinOffice).where(BulletinOffice.bulletin_id == bulletin.id))
    for line in bulletins.concerned(bulletin):
        db.session.add(BulletinOffice(bulletin_id=bulletin.id, office_id=line.office.id, digest=line.digest))
        if not line.is_confirmed:
            told = {"quarter": bulletin.quarter, "numbers": len(line.found)}
            notices.tell(
                line.office.id, "bulletin_to_confirm", told, at=at, subject_kind="bulletin", subject_id=bulletin.id
            )


def problem(fault: TextFault) -> str:
    """A fault of the text as a sentence."""
    return texts.PROBLEMS[fault.why] % asdict(fault)


def withdraw(actor: Actor, bulletin: Bulletin, *, reason: str, at: datetime) -> None:
    """Raises NotAllowed, FieldError('reason')."""
    if not can(actor, "bulletin.withdraw", bulletin):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    bulletin.state = "withdrawn"
    db.session.flush()
    trail.record(actor, "withdraw_bulletin", bulletin, at=at, reason=reason.strip())


# -- wordings -------------------------------------------------------------------------------------
def word(actor: Actor, lines: list[dict[str, str]], *, reason: str, seen: int, at: datetime) -> BulletinWording:
    """A new version of the wording, for drafts from now on. Raises NotAllowed, FieldError."""
    if not can(actor, "bulletin.wording"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    if found := [texts.WORDING_FAULTS[why] % {"line": line, "text": text} for line, why, text in line_faults(lines)]:
        raise BulletinStopped(found)
    last = bulletins.wording()
    number = last.number if last else 0
    if number != seen:
        raise RegistryError(BULLETIN_ERRORS["wording_seen"])
    made = BulletinWording(
        number=number + 1, lines=lines, reason=reason.strip(), by_id=actor.user_id, by_name=actor.name, at=at
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise RegistryError(BULLETIN_ERRORS["wording_seen"]) from error
    trail.record(
        actor, "word_bulletins", made, at=at, after={"number": made.number, "lines": len(lines)}, reason=reason
    )
    return made
