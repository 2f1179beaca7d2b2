"""What is known of this installation's health, line by line: for `registry doctor` and for the sysadmin's desk."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import text

from registry.base import private, sqlite
from registry.base.extensions import db
from registry.base.health import HealthLine
from registry.base.labels import N_
from registry.people.services import founding
from registry.serving import supervising


def health() -> Iterator[HealthLine]:
    yield _database()
    yield _private()
    yield from _programs()
    yield _administrators()


def _database() -> HealthLine:
    if db.engine.dialect.name == "sqlite":
        journal = sqlite.journal_mode()
        values = {"version": sqlite.DRIVER.sqlite_version, "journal": journal}
        return HealthLine(N_("数据库"), "ok", N_("SQLite %(version)s，日志方式 %(journal)s"), values)
    version = str(db.session.scalar(text("show server_version"))).split()[0]
    return HealthLine(N_("数据库"), "ok", N_("PostgreSQL %(version)s"), {"version": version})


def _private() -> HealthLine:
    found = private.open_to_others(current_app.config)
    if not found:
        return HealthLine(N_("文件权限"), "ok", N_("数据和密钥文件只有本程序可读"))
    return HealthLine(N_("文件权限"), "bad", N_("%(count)s 个文件可被本机其他用户读取"), {"count": len(found)})


def _programs() -> Iterator[HealthLine]:
    programs = supervising.recorded(supervising.place(current_app.config["INSTANCE"]))
    if not programs:
        yield HealthLine(N_("运行进程"), "warn", N_("没有由 registry serve 看管的进程"))
    for one in programs:
        ended = one["ended"] or 0
        if one["pid"]:
            said = N_("%(name)s 运行中，曾中断 %(ended)s 次") if ended else N_("%(name)s 运行中")
            yield HealthLine(N_("运行进程"), "warn" if ended else "ok", said, {"name": one["name"], "ended": ended})
        else:
            said = N_("%(name)s 已停止，等待重新启动")
            yield HealthLine(N_("运行进程"), "bad", said, {"name": one["name"]})


def _administrators() -> HealthLine:
    missing = list(founding.missing())
    if not missing:
        return HealthLine(N_("三类管理员"), "ok", N_("均已到位"))
    return HealthLine(
        N_("三类管理员"), "bad", N_("还缺 %(count)s 类，账号事项无法由第二人确认"), {"count": len(missing)}
    )
