"""One act for many rows: what was ticked, what will be done to which and why some are left out, then done and counted.

A list draws `tick_box` in each row and `tick_bar` with its acts (templates/components/). An act is a route that posts:

    @pages.post("/visits/void/ticked")
    @requires("visit.record")
    def void_ticked() -> ResponseReturnValue:
        act = Act(_judged, _void, title=_("作废走访"), done=_("已作废"))
        return together(act, form=Sure(), template="visits/void_ticked.html", back=url_for("visits.listing"))

`template` extends layouts/many.html. The first press, from the list, shows the preview and stores nothing. The press
there does it in one transaction, each row within a savepoint. The numbers travel in the form, each with a digest of
what was shown of it: whatever is judged otherwise by then is left out, and said. Whoever reaches none of it is told the
number of what is not there, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.site.addresses import inside, record_number
from registry.site.forms.worded import Worded
from registry.site.locale import sentence

TICK, SEEN, LEFT, SURE, BACK = "tick", "seen", "left", "sure", "back"
MOST = 200
"""So many rows are taken in one press; the page of a list has 100 at most."""
_DIGEST = 16


@dataclass(frozen=True)
class Line:
    """One ticked row: what will be done to it (`will`), or why it is left out (`why`).

    `row` is for whoever acts; `notes`: what should be known of it although it is taken; `mark`: what else the judgement
    rests on, beside what is shown (a version): where it has changed by the second press, the row is left out.
    """

    id: int
    name: str
    row: Any = None
    href: str = ""
    code: str = ""
    will: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    mark: str = ""

    @property
    def seen(self) -> str:
        """What the form carries of a row that was shown as taken."""
        shown = json.dumps([self.id, self.name, self.will, *self.notes, self.mark])
        return f"{self.id}.{hashlib.sha256(shown.encode()).hexdigest()[:_DIGEST]}"


Judge = Callable[[list[int]], Iterable[Line]]
"""The rows of these numbers that the reader may see, judged anew; a number without a line is not there for them."""


@dataclass(frozen=True)
class Preview:
    """`taken` and `left` out; `dropped`: unticked on the preview itself; `gone`: numbers without a row in reach."""

    taken: tuple[Line, ...]
    left: tuple[Line, ...]
    dropped: tuple[Line, ...] = ()
    gone: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return len(self.taken) + len(self.left) + len(self.dropped) + len(self.gone)

    @property
    def offered(self) -> list[tuple[Line, bool]]:
        """What the preview offers, each with whether it is ticked."""
        return [*((line, True) for line in self.taken), *((line, False) for line in self.dropped)]

    @property
    def carried(self) -> list[int]:
        """What the confirming press is to count too."""
        return [*(line.id for line in self.left), *self.gone]


@dataclass(frozen=True)
class TickedOutcome:
    """What became of all that was ticked; the four add up to it."""

    done: tuple[Line, ...]
    left: tuple[Line, ...]
    dropped: tuple[Line, ...]
    gone: int

    @property
    def total(self) -> int:
        return len(self.done) + len(self.left) + len(self.dropped) + self.gone


class Sure(Worded):
    """The form of a preview without fields; one with fields is made from it and finds what it is about in `preview`."""

    preview: Preview = Preview((), ())


@dataclass(frozen=True)
class Act:
    """`judge` looks, `do` acts on one line, which may refuse it; `done` is its word: 已标为已读; `title` the page's."""

    judge: Judge
    do: Callable[[Line], object]
    title: str
    done: str
    before: Callable[[], object] = field(default=lambda: None)
    """What is taken once, before the first of them."""
    harmless: bool = False
    """It concerns nobody else and can be repeated (what one has read): done with the first press, without a preview."""


def together(
    act: Act,
    *,
    back: str,
    form: Sure | None = None,
    template: str = "",
    deliver: Callable[[TickedOutcome], ResponseReturnValue] | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """Preview, or on the confirming press the act itself; what the page shows beside is in `shown`.

    `deliver`: the answer to what was done, where it is a file and no page.
    """
    back = inside(request.form.get(BACK)) or back
    if not (number := len({*ticked(), *ticked(LEFT), *_seen()})):
        flash(_("请先在列表中勾选。"), "warning")
        return redirect(back)
    if number > MOST:
        flash(_("一次最多办理 %(most)s 项，这次勾选了 %(count)s 项，请分次办理。", most=MOST, count=number), "warning")
        return redirect(back)
    found = preview(act.judge)
    form = form or Sure()
    form.preview = found
    if not act.harmless and (not is_sure() or not form.validate() or not found.taken):
        page = render_template(template, preview=found, form=form, back=back, act=act, **shown)
        return page, 422 if is_sure() else 200
    outcome = carry_out(act, found)
    if deliver is not None and outcome.done:
        return deliver(outcome)
    db.session.commit()
    return answer(act, outcome, back)


def is_sure() -> bool:
    """Whether this is the press on the preview."""
    return SURE in request.form


def ticked(name: str = TICK) -> list[int]:
    """The numbers that were sent, one a box or several in one field, each once and in the order of the list."""
    sent = [text for field in request.form.getlist(name) for text in field.split(",")]
    return [number for number in dict.fromkeys(map(record_number, sent)) if number]


def preview(judge: Judge) -> Preview:
    """What would be done now to what was ticked; on the second press, only to what stands as it was shown."""
    numbers, seen, carried = ticked(), _seen(), ticked(LEFT)
    asked = list(dict.fromkeys([*numbers, *carried, *seen]))
    lines = {line.id: line for line in judge(asked)}
    taken, left, dropped = [], [], []
    for line in (lines[number] for number in asked if number in lines):
        if line.id not in numbers and line.id not in carried:
            dropped.append(line)
        elif line.why or (why := _changed(line, seen)):
            left.append(line if line.why else replace(line, why=why))
        else:
            taken.append(line)
    gone = tuple(number for number in asked if number not in lines)
    return Preview(tuple(taken), tuple(left), tuple(dropped), gone)


def _changed(line: Line, seen: dict[int, str]) -> str:
    """Why a row that may be taken was not confirmed; empty where it was, and before the preview."""
    why = ""
    if is_sure() and line.id not in seen:
        why = _("预览时不能办理，现在可以办理，请重新勾选。")
    elif is_sure() and seen[line.id] != line.seen:
        why = _("预览之后情况有变动，请重新勾选核对。")
    return why


def _seen() -> dict[int, str]:
    """Number -> what was shown of it; nothing before the preview."""
    if not is_sure():
        return {}
    sent = request.form.getlist(SEEN)
    return {number: text for text in sent if (number := record_number(text.partition(".")[0]))}


def carry_out(act: Act, found: Preview) -> TickedOutcome:
    """Each by itself: what one is refused for is no matter of the others. Commits nothing."""
    act.before()
    whole = db.session().get_transaction()
    done: list[Line] = []
    refused: list[Line] = []
    for line in found.taken:
        try:
            with db.session.begin_nested():
                act.do(line)
        except RegistryError as error:
            refused.append(replace(line, why=sentence(error)))
        else:
            done.append(line)
        if db.session().get_transaction() is not whole:  # a service took everything back: none of them is done
            why = _("与他人同时办理，本次没有办理，请重新勾选。")
            everything = [line if line.why else replace(line, why=why) for line in (*refused, *_others(found, refused))]
            return TickedOutcome((), (*everything, *found.left), found.dropped, len(found.gone))
    return TickedOutcome(tuple(done), (*refused, *found.left), found.dropped, len(found.gone))


def _others(found: Preview, refused: Sequence[Line]) -> list[Line]:
    known = {line.id for line in refused}
    return [line for line in found.taken if line.id not in known]


def answer(act: Act, outcome: TickedOutcome, back: str) -> ResponseReturnValue:
    """Back to the list where all was done; else a page that says of each why it was not."""
    if len(outcome.done) == outcome.total:
        flash(_("%(act)s：共 %(count)s 项。", act=act.done, count=outcome.total), "success")
        return redirect(back)
    return render_template("site/many_done.html", act=act, outcome=outcome, back=back)
