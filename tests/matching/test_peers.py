"""The bench of peers runs on any folder of labelled names, and never makes a figure up."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import pytest

from bench import peers

CITIES = ("汕尾市", "梅州市", "肇庆市", "清远市", "云浮市", "潮州市")
TRADES = ("海纳", "鼎峰", "益康", "弘泰")
NAMES = [f"{city}{trade}电子科技有限公司" for city in CITIES for trade in TRADES]
ROWS = len(NAMES) + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-four invented firms; every name stands beside itself in another writing and beside its neighbour."""
    same = [f"{name}\t{name.replace('有限公司', '公司')}\t1\torgform" for name in NAMES]
    twins = [f"{a}\t{b}\t0\tn_char1" for a, b in pairwise(NAMES)]
    _write(tmp_path / "pairs_dev.tsv", "a b label cls", same + twins)
    _write(tmp_path / "registry_1m.tsv.gz", "rid name", [f"{rid}\t{name}" for rid, name in enumerate(NAMES)])
    looked_up = [f"{name} (新增)\t{rid}\tannot" for rid, name in enumerate(NAMES)]
    _write(tmp_path / "lookup_dev.tsv", "query rid cls", [*looked_up, "北京无此商贸有限公司\t-1\tnone"])
    doubled = [f"{rid}\t{name}\t" for rid, name in enumerate(NAMES)] + [f"0\t{NAMES[0]}(注销)\tannot"]
    _write(tmp_path / "dedupe_dev_10000.tsv.gz", "rid name kind", doubled)
    return tmp_path


def _write(path: Path, heading: str, lines: list[str]) -> None:
    content = "\n".join([heading.replace(" ", "\t"), *lines, ""]).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


@pytest.mark.parametrize("method", [*peers.ON_PAIRS, *peers.ON_LOOKUPS, *peers.ON_A_LIST], ids=lambda one: one.name)
def test_every_method_gives_a_figure_on_a_small_folder(folder: Path, method: peers.Method) -> None:
    if method.needs:
        pytest.importorskip(method.needs)
    found = method.work(folder, ROWS)
    assert 0 < found["f1"] <= 1  # one double in a list is too few for trees to learn from


def test_ours_finds_every_look_up_and_the_one_double_of_the_small_folder(folder: Path) -> None:
    assert peers.lookups.ours(folder, ROWS)["f1"] == 1.0
    assert peers.selves.ours(folder, ROWS)["f1"] == 1.0


def test_a_file_that_is_not_there_is_named_and_its_table_left_out(tmp_path: Path) -> None:
    told = list(peers.figures(tmp_path, ROWS))
    assert [line.split(":")[0] for line in told] == ["pairs", "look-ups", "doubles"]
    assert "lookup_dev.tsv" in told[1]


def test_without_a_folder_nothing_is_measured() -> None:
    (told,) = peers.figures(None, ROWS)
    assert "--data" in told


def test_a_method_that_fails_is_said_to_have_failed() -> None:
    told = peers._measured(peers.Method("nothing there", peers.lookups.ours), Path("/nowhere"), ROWS)
    assert isinstance(told, str)
    assert told.startswith("failed: ")
