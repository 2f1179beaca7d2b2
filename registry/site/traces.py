"""What an error leaves in the log: where it happened and of which kind, without the values that were at hand.

Names, numbers and codes of people and firms stand in the messages of errors: in what PostgreSQL adds to a violated
constraint, in a `KeyError`, in a number that is none. The place and the kind are enough to mend it.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError

from registry.config import BadSetting

LEFT_OUT = "(message left out: it may hold personal data)"
# These say what is wrong with the program or the machine, never what a person typed; SQL's are cleaned at the source.
PLAIN = (
    SQLAlchemyError, BadSetting, NameError, AttributeError, ImportError, NotImplementedError, RecursionError,
    MemoryError, ConnectionError, TimeoutError,
)  # fmt: skip
_QUOTED = re.compile("""(["'“«]).*(["'”»])""", re.DOTALL)
_VIOLATION = "23"
"""The class of SQLSTATE whose messages quote names of tables and constraints, never a value."""
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"

Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def install() -> None:
    """For every engine and every log of this process, and for what ends a command; installing twice does no harm."""
    if not event.contains(Engine, "handle_error", _clean):
        event.listen(Engine, "handle_error", _clean)
    logging.Formatter.formatException = _formatted  # type: ignore[assignment, method-assign]
    sys.excepthook = _ended


def _clean(context: ExceptionContext) -> None:
    """Before anybody sees it: what the database says of the row goes, and what did not fit into a column."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if _is_of_a_database(error):
        error.args = (message(error),)
    if wrapped is not None:
        wrapped.args = (f"({type(error).__module__}.{type(error).__name__}) {message(error)}",)


def message(error: BaseException) -> str:
    """What `error` says, as far as it holds no value."""
    if isinstance(error, PLAIN):
        return str(error)
    if not _is_of_a_database(error):
        return LEFT_OUT
    first = str(error).partition("\n")[0]  # DETAIL, HINT and CONTEXT follow
    state = getattr(error, "sqlstate", None) or ""
    return first if state.startswith(_VIOLATION) else _QUOTED.sub(r"\1...\2", first)


def _is_of_a_database(error: BaseException) -> bool:
    """An error of a driver: `Error` of PEP 249 is among its kinds."""
    return any(
        kind.__name__ == "Error" and kind.__module__.partition(".")[0].strip("_") in ("psycopg", "sqlite3", "pysqlite3")
        for kind in type(error).__mro__
    )


def told(error: BaseException) -> str:
    """The traceback of `error` and of what led to it, without the values."""
    return "".join(_told(error, set())).rstrip("\n")


def _told(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause, context = error.__cause__, error.__context__
    if cause is not None and id(cause) not in seen:
        yield from _told(cause, seen)
        yield _CAUSE
    elif cause is None and context is not None and not error.__suppress_context__ and id(context) not in seen:
        yield from _told(context, seen)
        yield _CONTEXT
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {message(error)}\n"


def _formatted(_: logging.Formatter, caught: Caught) -> str:
    return told(caught[1]) if caught[1] else ""


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        print(told(error.with_traceback(trace)), file=sys.stderr)  # noqa: T201 - the last word of a process
