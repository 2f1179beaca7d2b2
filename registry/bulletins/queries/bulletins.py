"""Bulletins in a reader's reach, what stops one, whose numbers are in it and what those offices have said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select
from sqlalchemy.orm import defer, selectinload

from registry.base.belongings import Belonging
from registry.base.extensions import clock, db
from registry.base.labels import N_
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import Role
from registry.bulletins.models import Bulletin, BulletinConfirmation, BulletinOffice, BulletinWording
from registry.bulletins.queries import kept
from registry.bulletins.rules import numbers as numbering
from registry.bulletins.rules import tables
from registry.bulletins.rules.checking import LENGTH, HandNumber, TextFault, digest_of, faults, hand_numbers
from registry.bulletins.rules.composing import composed
from registry.bulletins.rules.numbers import QuarterNumbers
from registry.bulletins.rules.rights import SENT_OUT, SPEAKERS
from registry.bulletins.rules.wording import BoundNumber, Level, keys, length, shown
from registry.people.models import Office
from registry.people.queries import people
from registry.quarters.models import Snapshot
from registry.quarters.queries import snapshots
from registry.reference.queries import parameters, reference


def visible_to(actor: Actor) -> Select[Bulletin]:
    """The newest quarter first; offices see what was sent to them."""
    statement = select(Bulletin).order_by(Bulletin.quarter.desc(), Bulletin.id.desc())
    return statement if actor.holds(*SEES_ALL) else statement.where(Bulletin.state.in_(sorted(SENT_OUT)))


def one(actor: Actor, bulletin_id: int) -> Select[Bulletin]:
    return visible_to(actor).where(Bulletin.id == bulletin_id)


def without_one() -> list[Snapshot]:
    """Closed quarters that kept something for a bulletin and have none, the newest first."""
    held = set(db.session.scalars(select(Bulletin.quarter).where(Bulletin.state != "withdrawn")))
    return [row for row in reversed(snapshots.closed()) if row.quarter not in held and kept.has(row)]


def told_shortly(statement: Select[Bulletin]) -> list[Bulletin]:
    """For lists: with the titles, and without the numbers and the content that only a page of its own shows."""
    short = (selectinload(Bulletin.paragraphs), defer(Bulletin.numbers), defer(Bulletin.content))
    return list(db.session.scalars(statement.options(*short)).unique())


def open_of(quarter: Quarter) -> Bulletin | None:
    rows = select(Bulletin).where(
        Bulletin.quarter == quarter.label, Bulletin.state.in_(("drafting", "confirming", "approved"))
    )
    return db.session.scalars(rows).first()


def original_of(quarter: Quarter) -> Bulletin | None:
    """The one that was issued, whatever corrects it."""
    rows = select(Bulletin).where(Bulletin.quarter == quarter.label, Bulletin.corrects_id.is_(None))
    return db.session.scalars(rows.where(Bulletin.state == "issued")).first()


def errata_of(bulletin: Bulletin) -> list[Bulletin]:
    rows = select(Bulletin).where(Bulletin.corrects_id == bulletin.id, Bulletin.state == "issued")
    return list(db.session.scalars(rows.order_by(Bulletin.id)))


# -- wordings -------------------------------------------------------------------------------------
def wordings() -> list[BulletinWording]:
    """The newest first."""
    return list(db.session.scalars(select(BulletinWording).order_by(BulletinWording.number.desc())))


def wording() -> BulletinWording | None:
    """The one in use."""
    return db.session.scalars(select(BulletinWording).order_by(BulletinWording.number.desc()).limit(1)).first()


# -- one bulletin ---------------------------------------------------------------------------------
def numbers_of(bulletin: Bulletin) -> QuarterNumbers:
    return numbering.read_back(bulletin.numbers)


def shown_to(actor: Actor, bulletin: Bulletin) -> dict[str, BoundNumber]:
    """The numbers that a reader may ask about: an office about those that are printed and those that are its own.

    The others hold words of other offices that were never meant for it.
    """
    known = numbers_of(bulletin).numbers
    if actor.holds(*SEES_ALL):
        return dict(known)
    own = set(reference.stood_for(actor.office_code, clock.today()).values())
    printed = {key for paragraph in bulletin.paragraphs for key in keys(paragraph.text)}
    printed |= {cell.key for table in tables_of(bulletin) for row in table.rows for cell in row}
    return {key: one for key, one in known.items() if key in printed or one.office_id in own}


def tables_of(bulletin: Bulletin) -> list[tables.NumberTable]:
    """An erratum says what is corrected, and repeats no tables."""
    return [] if bulletin.corrects_id else tables.tables(numbers_of(bulletin))


def removed(bulletin: Bulletin) -> list[str]:
    """What the wording made of the quarter and somebody took out, as it was printed; an erratum is not made so."""
    if bulletin.corrects_id:
        return []
    made = Counter(text for _level, text in composed(bulletin.wording.lines, numbers_of(bulletin)))
    left = made - Counter(row.made for row in bulletin.paragraphs)
    return [shown(text) for text in left.elements()]


@dataclass(frozen=True)
class TextCheck:
    """What the text of a bulletin is like: `faults` stop it, `by_hand` are to be looked at."""

    faults: list[TextFault]
    by_hand: list[HandNumber]
    length: int
    limit: int

    @property
    def is_long(self) -> bool:
        return self.length > self.limit


def check(bulletin: Bulletin, on: date) -> TextCheck:
    found = [paragraph.text for paragraph in bulletin.paragraphs]
    return TextCheck(
        list(faults(found, numbers_of(bulletin))),
        hand_numbers(found),
        length(iter(found)),
        parameters.integer(LENGTH, on),
    )


@dataclass(frozen=True)
class OfficeNumbers:
    """An office, its numbers in a bulletin, and what it has said of them; `standing`: of `texts.STANDING_LABELS`."""

    office: Office
    found: list[tuple[str, str]]
    sentences: list[str]
    said: BulletinConfirmation | None

    @property
    def digest(self) -> str:
        """Over the numbers and the paragraphs in which they stand: a number moved into other words is another."""
        return digest_of([*self.found, *(("", sentence) for sentence in self.sentences)])

    @property
    def standing(self) -> str:
        if self.said is None:
            return "missing"
        if self.said.digest != self.digest:
            return "changed"
        return "refused" if self.said.refused else "confirmed"

    @property
    def is_confirmed(self) -> bool:
        return self.standing == "confirmed"


def concerned(bulletin: Bulletin) -> list[OfficeNumbers]:
    """Every office that has numbers in text or tables, in the order of the offices."""
    numbers, found = numbers_of(bulletin), tables_of(bulletin)
    texts = [(paragraph.text, keys(paragraph.text)) for paragraph in bulletin.paragraphs]
    used = [key for _text, named in texts for key in named]
    said = {row.office_id: row for row in confirmations(bulletin)}
    by_office, lines = tables.by_office(numbers, used, found), []
    for office in sorted(reference.offices().values(), key=lambda office: office.id):
        if office.id in by_office:
            own_keys = {key for key, _shown in by_office[office.id]}
            sentences = [shown(text) for text, named in texts if own_keys & set(named)]
            lines.append(OfficeNumbers(office, by_office[office.id], sentences, said.get(office.id)))
    return lines


def own(actor: Actor, found: Iterable[OfficeNumbers]) -> list[OfficeNumbers]:
    """Of the actor's office and of those in whose place it stands."""
    offices = set(reference.stood_for(actor.office_code, clock.today()).values())
    return [one for one in found if one.office.id in offices]


def unconfirmed(bulletin: Bulletin) -> list[OfficeNumbers]:
    """Those concerned that have not confirmed their numbers."""
    return [one for one in concerned(bulletin) if not one.is_confirmed]


def confirmations(bulletin: Bulletin) -> list[BulletinConfirmation]:
    """Everything that offices have said of it, in order."""
    rows = select(BulletinConfirmation).where(BulletinConfirmation.bulletin_id == bulletin.id)
    return list(db.session.scalars(rows.order_by(BulletinConfirmation.id)).unique())


# -- what waits -----------------------------------------------------------------------------------
def to_do(actor: Actor) -> Select[Bulletin]:
    """Those in which the actor's office has numbers to confirm, and those that wait for its approval or issue."""
    found = [and_(Bulletin.state == "confirming", _asks(actor))] if actor.holds(*SPEAKERS) else []
    if actor.holds(Role.CITY_OFFICE, Role.STATISTICIAN):
        spoken = not_(exists().where(BulletinOffice.bulletin_id == Bulletin.id, _unanswered()))
        others = Bulletin.drafted_by_id != (actor.user_id or -1)
        had = Bulletin.former_hands.contains(f",{actor.user_id},")
        found.append(and_(Bulletin.state == "confirming", others, ~had, spoken))
    if actor.holds(Role.CITY_OFFICE):
        found.append(Bulletin.state == "approved")
    return select(Bulletin).where(or_(false(), *found)).order_by(Bulletin.id)


def is_asked(actor: Actor, bulletin: Bulletin) -> bool:
    """Whether the actor's office has yet to say something of its numbers."""
    rows = select(Bulletin.id).where(Bulletin.id == bulletin.id, Bulletin.state == "confirming", _asks(actor))
    return db.session.scalar(rows) is not None


def _asks(actor: Actor) -> ColumnElement[bool]:
    own = BulletinOffice.office_id.in_(people.stood_for(actor))
    asked = exists().where(BulletinOffice.bulletin_id == Bulletin.id, own)
    return asked.where(_unanswered())


def _unanswered() -> ColumnElement[bool]:
    """That an office which was asked has not said anything of these numbers."""
    said = exists().where(
        BulletinConfirmation.bulletin_id == BulletinOffice.bulletin_id,
        BulletinConfirmation.office_id == BulletinOffice.office_id,
        BulletinConfirmation.digest == BulletinOffice.digest,
    )
    return not_(said)


def title_of(bulletin: Bulletin) -> str:
    return next((shown(row.text) for row in bulletin.paragraphs if row.level == Level.TITLE), bulletin.quarter)


BELONGINGS = (
    Belonging(
        "bulletins",
        N_("本人起草、尚未印发的通报"),
        Bulletin.drafted_by_id,
        lambda _user: Bulletin.state.in_(("drafting", "confirming", "approved")),
        roles=frozenset({Role.CITY_OFFICE}),
        named=Bulletin.drafted_by_name,
        before=Bulletin.former_hands,
    ),
)
