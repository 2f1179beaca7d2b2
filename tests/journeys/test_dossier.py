"""A missing paper is dropped on its own row of the dossier, and the page that comes back asks for one less."""

from __future__ import annotations

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.filed import qualified, window
from tests.journeys.conftest import Enter, Serve
from tests.journeys.steps import IN_OCTOBER
from tests.sweep import looking
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]
_FILE = """() => {
  const held = new DataTransfer();
  held.items.add(new File(["%PDF-1.4 invented licence"], "执照.pdf", {type: "application/pdf"}));
  return held;
}"""


@pytest.fixture
def firm(app: Flask) -> int:
    """A firm over the line with papers missing, while the window for it is open."""
    with app.app_context():
        world = World()
        window(world)
        found = qualified(world)
        db.session.commit()
        return int(found.id)


def test_a_paper_is_dropped_on_its_row_and_chosen_in_another(serve: Serve, enter: Enter, firm: int) -> None:
    clerk = enter(serve(IN_OCTOBER, working=False), "haifeng")
    clerk.go(f"/firms/{firm}")
    clerk.sees("要补的（5 项）", "还缺 4 份，待核对印章 2 份")
    assert looking.by_axe(clerk.part("html").page) == []
    row = clerk.part("#need-paper-M03-any")
    row.dispatch_event("drop", {"dataTransfer": row.page.evaluate_handle(_FILE)})
    clerk.sees("已上传营业执照（证书）复印件 1 份。", "还缺 3 份，待核对印章 3 份")
    paper = {"name": "情况表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 invented unit"}
    clerk.part("#need-paper-M02-any input[type=file]").set_input_files(paper)
    clerk.sees("已上传调查单位基本情况表 1 份。", "还缺 2 份，待核对印章 4 份")
    clerk.shot("dossier_road")
