"""The migrations make the very tables of the models, and every one goes down and up again with data in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, MetaData, func, inspect, select, text

from registry.base.extensions import db
from registry.base.tables import Base
from registry.config import ROOT
from registry.firms.models.firms import CROSSED_TEXT, DISTANCE_TEXT, Firm
from registry.imports.models import ImportBatch, ImportRow
from registry.names import models
from registry.people.queries import people
from registry.qualifications.services import recording
from registry.qualifications.services.recording import CertificateEntry
from registry.seeding.services import seeds
from registry.trail.services import trail
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from tests.institutions.test_institutions import entered
from tests.qualifications.entered import ITEMS, certificate, facts
from tests.world import NOW, TODAY, World

BY_EXPRESSIONS = ("ix_firm_nearest",)
FOLDER = str(ROOT / "migrations")


def revisions() -> list[str]:
    """From the first to the last."""
    return [script.revision for script in reversed(list(ScriptDirectory(FOLDER).walk_revisions()))]


@pytest.fixture(autouse=True)
def may_lose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said for the seals, whose way down would make the trail doubtful and refuses by itself."""
    monkeypatch.setenv("REGISTRY_MAY_LOSE", "seals")


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
        db.session.rollback()


def lived() -> None:
    """A database in use: a firm on the list, a list imported, a workbook returned with cells and a new firm."""
    firm, office = World().admitted(), people.office("441521")
    batch = ImportBatch(
        office=office, by_name="陈晓", filename="名单.xlsx", year=2021, created_at=NOW, touched_at=NOW, state="checked"
    )
    book = WorkbookReturn(office=office, by_name="陈晓", filename="工作簿.xlsx", state="compared", at=NOW, batch=batch)
    db.session.add_all([batch, book])
    db.session.flush()
    db.session.add(ImportRow(batch_id=batch.id, number=2, kind="new", name="海丰县新来软件有限公司"))
    db.session.add(
        ReturnedValue(return_id=book.id, firm_id=firm.id, kind="clean", field="activity", values={"now": "x"})
    )
    _certified(firm)
    db.session.commit()
    release()


def _certified(firm: Firm) -> None:
    """Certificates that hang together: a firm's with items and what it renewed, and an institution's."""
    world = World()
    old = certificate(world, firm, items=ITEMS)
    later = CertificateEntry(facts("202119110002", valid_from=date(2021, 10, 1), valid_to=date(2027, 9, 30)))
    recording.renew(world.actor("haifeng"), old, later, at=NOW, on=TODAY)
    certificate(world, entered(world), "202119110003")


def schema() -> dict[str, object]:
    """Everything about the tables that a migration could get wrong, and the triggers that guard the trail."""
    inspector = inspect(db.engine)
    tables = {
        name: {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)),
            "primary": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(
                str((k["constrained_columns"], k["referred_table"])) for k in inspector.get_foreign_keys(name)
            ),
            "indexes": sorted(str((i["name"], i["column_names"], i["unique"])) for i in inspector.get_indexes(name)),
            "unique": sorted(str(u["column_names"]) for u in inspector.get_unique_constraints(name)),
            "checks": sorted(str(c["name"]) for c in inspector.get_check_constraints(name)),
        }
        for name in sorted(inspector.get_table_names())
        if name != "alembic_version"
    }
    return {**tables, "triggers": triggers()}


def triggers() -> list[str]:
    queries = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select tgname from pg_trigger where not tgisinternal",
    }
    found = sorted(db.session.scalars(text(queries[db.engine.dialect.name])))
    db.session.rollback()
    return found


def release() -> None:
    """Nothing may hold the tables while they are changed."""
    db.session.rollback()
    db.engine.dispose()


def test_the_migrations_make_the_tables_of_the_models(inside: Flask) -> None:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": _ours, "include_object": _comparable}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_an_index_by_expressions_has_the_words_of_the_model(inside: Flask) -> None:
    """Each database writes an expression in its own way, so that Alembic takes equal ones for different."""
    catalog = (
        "sqlite_master where type = 'index' and name"
        if db.engine.dialect.name == "sqlite"
        else "pg_indexes where indexname"
    )
    column = "sql" if db.engine.dialect.name == "sqlite" else "indexdef"
    for name in BY_EXPRESSIONS:
        found = db.session.scalar(text(f"select {column} from {catalog} = :name"), {"name": name})
        words = [part for one in (CROSSED_TEXT, DISTANCE_TEXT) for part in one.strip("()").split() if part.isalpha()]
        plain = str(found).lower().replace("(", " ").replace(")", " ").split()
        assert [word for word in words if word not in plain] == []
        assert "in_chain" in str(found)


def _comparable(_thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    return kind != "index" or name not in BY_EXPRESSIONS


def test_every_constraint_of_the_models_is_in_the_database_by_its_name(inside: Flask) -> None:
    """Alembic does not compare check constraints; the services rely on their names."""
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {str(c["name"]) for c in inspector.get_check_constraints(table.name)} == wanted, table.name


def test_the_revisions_are_one_line_numbered_in_order() -> None:
    assert len(ScriptDirectory(FOLDER).get_heads()) == 1
    assert revisions() == [f"{number:04d}" for number in range(1, len(revisions()) + 1)]


def test_each_revision_goes_down_and_up_again_to_the_same_tables_with_data_in_them(inside: Flask) -> None:
    lived()
    for revision in reversed(revisions()):
        before = schema()
        release()
        downgrade(directory=FOLDER, revision="-1")
        release()
        upgrade(directory=FOLDER, revision=revision)
        release()
        assert schema() == before, revision
        release()
        downgrade(directory=FOLDER, revision="-1")
        release()
    assert schema() == {"triggers": []}


def test_what_hangs_on_a_returned_workbook_outlives_the_step_that_links_it_to_a_batch(inside: Flask) -> None:
    lived()
    kept = select(ReturnedValue.return_id, ReturnedValue.field, ReturnedValue.values)
    before = db.session.execute(kept).all()
    release()
    downgrade(directory=FOLDER, revision="0025")
    release()
    upgrade(directory=FOLDER)
    release()
    assert before
    assert db.session.execute(kept).all() == before
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 1


def test_after_all_the_way_down_and_up_the_house_stands_again(inside: Flask) -> None:
    lived()
    downgrade(directory=FOLDER, revision="base")
    release()
    upgrade(directory=FOLDER)
    seeds.load(ROOT / "seeds")
    World().people()
    World().admitted()
    db.session.commit()
    assert trail.verify().broken is None


def test_nothing_but_our_tables_is_left_in_a_database(inside: Flask) -> None:
    found = MetaData()
    found.reflect(db.engine)
    ours = {name for name in found.tables if not models.is_of_an_index(name)}
    assert ours - {"alembic_version"} == set(Base.metadata.tables)


def test_the_migrations_leave_every_index_of_names_with_its_triggers(inside: Flask) -> None:
    """A migration that copies a table on SQLite drops what hung on it, and says nothing."""
    indexed = [table for table in models.CUTS if inspect(db.engine).has_table(f"{table}_grams")]
    wanted = {f"{table}_grams_{what}" for table in indexed for what in ("added", "taken", "renamed")}
    assert {"firm", "former_name"} <= set(indexed)
    assert wanted <= set(triggers())


def test_foreign_keys_are_kept_by_the_database(inside: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("pragma foreign_keys")) == 1
        assert db.session.execute(text("pragma foreign_key_check")).all() == []
    assert db.session.scalar(select(func.count()).select_from(Base.metadata.tables["office"])) == 24


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in Base.metadata.tables
