"""What an error says of the ground we stand on: the database is busy or away, the disk is full; else it is ours."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Trouble(StrEnum):
    BUSY = "busy"
    """Others hold what we wait for: a lock, a connection."""
    AWAY = "away"
    """Not there, not readable, or gone in the middle of a request."""
    FULL = "full"
    """The disk takes nothing more, or cannot be written."""


_SQLITE = {
    5: Trouble.BUSY,  # SQLITE_BUSY
    6: Trouble.BUSY,  # SQLITE_LOCKED
    15: Trouble.BUSY,  # SQLITE_PROTOCOL: readers race for the journal's lock
    8: Trouble.FULL,  # SQLITE_READONLY
    10: Trouble.FULL,  # SQLITE_IOERR: also how a limit of the file's size shows itself
    13: Trouble.FULL,  # SQLITE_FULL
    11: Trouble.AWAY,  # SQLITE_CORRUPT
    14: Trouble.AWAY,  # SQLITE_CANTOPEN
    26: Trouble.AWAY,  # SQLITE_NOTADB
}
# By the whole state, else by its class (the first two characters).
_POSTGRESQL = {
    "55P03": Trouble.BUSY,  # lock_not_available
    "57014": Trouble.BUSY,  # query_canceled: a statement's time was over
    "40": Trouble.BUSY,  # serialization_failure, deadlock_detected
    "53": Trouble.BUSY,  # too_many_connections, out_of_memory
    "53100": Trouble.FULL,  # disk_full
    "58": Trouble.FULL,  # io_error
    "08": Trouble.AWAY,  # connection exceptions
    "57P": Trouble.AWAY,  # shut down, crashed, starting, idle too long
    "25P03": Trouble.AWAY,  # idle_in_transaction_session_timeout
    "25006": Trouble.AWAY,  # read_only_sql_transaction: a stand-by answers
    "28": Trouble.AWAY,  # we are not let in
    "3D000": Trouble.AWAY,  # the database was dropped
}
_OS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), Trouble.FULL),
    **dict.fromkeys((errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM), Trouble.FULL),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), Trouble.BUSY),
}
# A refused connection carries no state, only the server's words.
_CROWDED = ("too many clients", "too many connections", "remaining connection slots")


def trouble_in(error: BaseException) -> Trouble | None:
    """Which trouble `error`, or what led to it, is a sign of; None for a fault of the program."""
    return next((found for one in _led_to(error) if (found := _of(one))), None)


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _of(error: BaseException) -> Trouble | None:
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    if isinstance(error, DBAPIError):
        return _of_driver(error.orig) or (Trouble.AWAY if error.connection_invalidated else None)
    if isinstance(error, OSError):
        return _OS.get(error.errno or 0)
    return _of_driver(error)


def _of_driver(error: BaseException | None) -> Trouble | None:
    """The drivers are known by what their errors carry, so that none needs to be installed."""
    if code := getattr(error, "sqlite_errorcode", None):
        return _SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state:
        return next((_POSTGRESQL[state[:n]] for n in (5, 3, 2) if state[:n] in _POSTGRESQL), None)
    if type(error).__module__.startswith("psycopg") and type(error).__name__ in ("OperationalError", "InterfaceError"):
        return Trouble.BUSY if any(words in str(error) for words in _CROWDED) else Trouble.AWAY
    return None
