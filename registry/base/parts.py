"""What a feature adds to the application: it declares its parts, and the application collects them.

Parts are named and not imported: `registry match` needs no database, and the child that parses uploads must stay small.
A place is `module:name`, the module counted from the feature's folder: `pages.windows:pages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from importlib import import_module
from typing import Any, NamedTuple


class Due(StrEnum):
    """How often the clock puts a job without arguments into the queue; a worker that was down misses none."""

    MINUTE = "minute"
    HOUR = "hour"
    NIGHT = "night"


@dataclass(frozen=True)
class Job:
    """A background job by its functions, called inside an application context and no transaction.

    `takes`: the types of its arguments. `place`: lane and office, from the arguments; else the short lane, or `long`.
    `ends`: says on what the job was for that it cannot be done, where there is something to say it on; called with
    the arguments and a `RegistryError`.
    """

    does: str
    takes: tuple[type, ...] = ()
    place: str | None = None
    ends: str | None = None
    long: bool = False
    due: Due | None = None


class Group(Enum):
    """The rooms of the menu, in their order: one line each; the pages of a room are tabs on its pages."""

    DESK = "desk"
    DIRECTORY = "directory"
    NOMINATIONS = "nominations"
    DUPLICATES = "duplicates"
    FILINGS = "filings"
    CASES = "cases"
    FUNDS = "funds"
    TARGETS = "targets"
    RULES = "rules"
    ACCOUNTS = "accounts"
    SYSTEM = "system"


class MenuEntry(NamedTuple):
    """One page of a room: its room and its place there, its words, where it leads and who may follow it.

    The line of a room leads to its first page that the reader may open. `counter`: under which name a number is shown
    beside it (`provides`: menu_counts).
    """

    group: Group
    rank: int
    label: str
    endpoint: str
    permission: str
    counter: str = ""


@dataclass(frozen=True)
class Parts:
    """Modules with tables, with a blueprint `pages`, with `COMMANDS`; jobs by the names they are queued under.

    `bare_commands` need no application: no instance, no settings, no database. `unfinished`: functions that say
    which (job, arguments) a stopped worker left behind. `sections`: pages that stand in no room of their own -> the
    pages whose tab is theirs, either by endpoint or by blueprint. `adds`: to tables of features below, once at the
    start: permissions (`base.permissions`), words (`trail.texts`), coverage (`merges.rules`), moved
    (`merges.queries.tables`: rows that a merge takes along). `provides`: what features below ask for under a name,
    and know no more of (`extensions.provided`): demo_day and onward (where a merged firm leads) by one feature,
    menu_counts, waiting (lists of what waits for somebody: `base.pending`), health (of the installation:
    `base.health`), renewed (the standing of a firm, for features below it), statements_filed, firm_papers (the papers
    of a firm as lines of a list), file_sets (files that are loaded beside those of reference data), beside_quarter
    (what a quarter keeps with itself when it is closed), institution_sections and firm_sections (tables on the pages
    of those), entry_folded (before a merge takes rows along), error_answers (what is said in place of the page of an
    error, at addresses that answer programs), and what a draft of reference data would do (handed_over, rerouted,
    stops_ending) by any number. `page_help` of one feature: what is said of the page that is shown.
    `belongings`: what is one person's and goes to a successor (`base.belongings`).
    """

    tables: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    bare_commands: tuple[str, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    provides: Mapping[str, str] = field(default_factory=dict)
    adds: Mapping[str, str] = field(default_factory=dict)


def resolve(feature: str, place: str) -> Any:
    """What `module:name` of a feature is; its module is imported now."""
    module, name = place.split(":")
    return getattr(import_module(f"registry.{feature}.{module}"), name)
