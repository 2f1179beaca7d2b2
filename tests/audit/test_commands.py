"""`registry trail`: checks the chain, and prints the head that belongs outside the database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from registry.base.extensions import db
from tests.terminal import Said, registry


def tamper(app: Flask, *statements: str) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            statements = ("drop trigger trail_entry_no_update", "drop trigger trail_entry_no_delete", *statements)
        else:
            statements = ("alter table trail_entry disable trigger user", *statements)
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()


def test_a_whole_chain_is_ok_and_its_head_is_printed(installed: Path) -> None:
    head = registry("trail", "head").out.strip()
    said = registry("trail", "verify")
    assert (said.status, said.err) == (0, "")
    first, anchors, rows = said.out.splitlines()
    assert first == f"ok: {head.partition(':')[0]} rows, head {head}"
    assert anchors.startswith("ok: 0 anchors in ")
    assert re.fullmatch(r"ok: (\d+) rows of data fit their seals, (\d+) seals, head \2:[0-9a-f]{64}", rows)
    assert registry("trail", "verify", "--anchor", head, "--chain-only").out == first + "\n" + anchors + "\n"


def test_the_first_row_that_does_not_fit_is_named(app: Flask, installed: Path) -> None:
    tamper(app, "update trail_entry set reason = 'x' where seq in (7, 9)")
    assert registry("trail", "verify") == Said(
        1, "", "error: row 7: the row's content was changed (6 rows before it fit)\n"
    )


def test_a_row_taken_out_is_named(app: Flask, installed: Path) -> None:
    tamper(app, "delete from trail_entry where seq = 4")
    assert registry("trail", "verify").err == "error: row 4: a row is missing (3 rows before it fit)\n"


def test_a_tail_cut_with_its_head_is_found_by_the_head_noted_before(app: Flask, installed: Path) -> None:
    head = registry("trail", "head").out.strip()
    seq = int(head.partition(":")[0])
    tamper(
        app,
        f"delete from trail_entry where seq = {seq}",
        f"update trail_head set seq = {seq - 1}, hash = (select hash from trail_entry where seq = {seq - 1})",
    )
    assert registry("trail", "verify", "--chain-only").status == 0
    said = registry("trail", "verify", "--anchor", head)
    assert (said.status, said.err) == (
        1, f"error: row {seq}: the row noted outside the database is missing or differs ({seq - 1} rows before it fit)\n",
    )  # fmt: skip


@pytest.mark.parametrize("anchor", ["7", "x:y", "0:" + "a" * 64, "7:" + "g" * 64, ":", ""])
def test_a_head_that_is_none_is_one_line(installed: Path, anchor: str) -> None:
    said = registry("trail", "verify", "--anchor", anchor)
    assert said.status == 2
    assert said.err == (
        "error: Invalid value for '--anchor': not SEQ:HASH as `registry trail verify` prints it "
        "(see `registry trail verify --help`)\n"
    )
