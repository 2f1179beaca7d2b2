"""A ledger page and a search over a million firms, each beside the bare query that fetches the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from bench.city import city, signed_in
from bench.measure import Cost, cost, median_ms
from bench.scale import fill
from registry.base.extensions import db
from registry.firms.models.firms import Firm

TIMES = 15
PAGES = (
    ("first page", "/firms", None),
    ("one county, one stage", "/firms?division=441521&stage=admitted", None),
    ("search of two characters", "/firms?q=云谷", "云谷"),
    ("search of a rare word", "/firms?q=海云知南", "海云知南"),
    ("by revenue, page 100", "/firms?sort=-revenue_to_date&page=100", None),
)


def figures(folder: Path, firms: int) -> Iterator[str]:
    built = cost(_build, folder, firms)
    yield f"ledger over {firms:,} firms (SQLite; built in {built.wall:.0f} s)"
    bare = {text: cost(_bare, folder, text) for text in {text for _, _, text in PAGES}}
    for label, address, text in PAGES:
        page: Cost = cost(_page, folder, address)
        floor = bare[text]
        named = "page query and count" if text is None else "LIKE scan: page query and count"
        yield (
            f"  {label:<26} page p50 {page.result:8.1f} ms, peak {page.peak:4.0f} MB"
            f" | bare SQLAlchemy {named} {floor.result:8.1f} ms | ratio {page.result / floor.result:6.2f}"
        )


def _build(folder: Path, firms: int) -> None:
    with city(folder):
        fill(firms)
        db.session.execute(db.text("analyze"))
        db.session.commit()


def _page(folder: Path, address: str) -> float:
    with city(folder) as app:
        client = signed_in(app)

        def ask() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return median_ms(ask, TIMES)


def _bare(folder: Path, text: str | None) -> float:
    with city(folder):
        rows = select(Firm.__table__).order_by(Firm.id.desc()).limit(20)
        count = select(func.count()).select_from(Firm)
        if text:
            rows, count = (statement.where(Firm.name.contains(text)) for statement in (rows, count))

        def ask() -> None:
            db.session.execute(rows).all()
            db.session.scalar(count)
            db.session.rollback()

        return median_ms(ask, TIMES)
