"""Splink on the parts that our own parser cuts a name into: its weights from labels, its computing in DuckDB."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from bench.labelled import Pair
from registry.matching.parse import parse

Settings = dict[str, Any]
UNSEEN = 0.001
"""The share given to a level that no label showed."""
SAMPLED, SEED = 1_000_000, 1


def record(place: int, name: str, pair: int = 0) -> dict[str, object]:
    """A row of Splink's table; parts that are not there are NULL and count neither for nor against."""
    parts = parse(name)
    return {
        "unique_id": place,
        "pair": pair,
        "division": parts.divisions[0].token if parts.divisions else None,
        "trade": parts.trade_name or None,
        "trade_start": parts.trade_name[:2] or None,
        "trade_end": parts.trade_name[-2:] or None,
        "own": parts.own_text or None,
        "industry": "".join(parts.industry_words) or None,
        "form": parts.legal_form or None,
        "branch": parts.branch_tail,
        "numerals": "|".join(parts.numerals),
    }


def model(rules: Sequence[str]) -> Settings:
    """Settings without weights; `rules` are the columns of which one must be equal."""
    import splink.comparison_library as kinds
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            kinds.JaroWinklerAtThresholds("trade", [0.92, 0.7]).configure(term_frequency_adjustments=True),
            kinds.JaroWinklerAtThresholds("industry", [0.9, 0.7]),
            kinds.LevenshteinAtThresholds("division", 2),
            kinds.JaroWinklerAtThresholds("form", [0.85]),
            kinds.JaroWinklerAtThresholds("branch", [0.92]),
            kinds.ExactMatch("numerals"),
        ],
        blocking_rules_to_generate_predictions=[block_on(rule) for rule in rules],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
        additional_columns_to_retain=["pair"],
    ).create_settings_dict("duckdb")


def of_labels(pairs: Sequence[Pair]) -> Settings:
    """m as among the pairs of one firm, u as among those of two."""
    result = model(["pair"])
    result["probability_two_random_records_match"] = float(np.mean([pair.label for pair in pairs]))
    same, different = (_shares([pair for pair in pairs if pair.label == label]) for label in (1, 0))
    return _weighted(result, same, different)


def of_a_list(pairs: Sequence[Pair], names: Sequence[str], rules: Sequence[str], share: float) -> Settings:
    """m as among labelled pairs of one firm, u as among chance pairs of `names`, of which `share` are of one firm."""
    settings = model(rules)
    settings["probability_two_random_records_match"] = share
    linker = _linker([record(place, name) for place, name in enumerate(names)], settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED, seed=None)
    by_chance = linker.misc.save_model_to_json()
    same = _shares([pair for pair in pairs if pair.label])
    return _weighted(settings, same, [_told(comparison, "u_probability") for comparison in by_chance["comparisons"]])


def scores(pairs: Sequence[Pair], settings: Settings) -> np.ndarray:
    """The match weight of each pair."""
    found = _linker(_both(pairs), settings).inference.predict().as_duckdbpyrelation().fetchnumpy()
    result: np.ndarray = np.full(len(pairs), -np.inf)
    result[found["pair_l"]] = found["match_weight"]
    return result


def likely(names: Sequence[str], settings: Settings) -> Iterable[tuple[int, int, float]]:
    """Pairs of places, and their match weight."""
    linker = _linker([record(place, name) for place, name in enumerate(names)], settings)
    found = linker.inference.predict().as_duckdbpyrelation().fetchnumpy()
    columns = (found[column].tolist() for column in ("unique_id_l", "unique_id_r", "match_weight"))
    return zip(*columns, strict=True)


def _both(pairs: Sequence[Pair]) -> list[dict[str, object]]:
    """Rows 2i and 2i + 1 are the names of pair i."""
    names = (name for pair in pairs for name in (pair.a, pair.b))
    return [record(place, name, place // 2) for place, name in enumerate(names)]


def _linker(records: list[dict[str, object]], settings: Settings) -> Any:
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    return Linker(database.register(_table(records)), deepcopy(settings), log_level=None)


def _table(records: list[dict[str, object]]) -> Any:
    import pyarrow

    whole = ("unique_id", "pair")
    kinds = [(name, pyarrow.int64() if name in whole else pyarrow.string()) for name in records[0]]
    return pyarrow.Table.from_pylist(records, schema=pyarrow.schema(kinds))


def _shares(pairs: Sequence[Pair]) -> list[list[float]]:
    """For each comparison the share of `pairs` at each of its levels, by Splink's own counting."""
    linker = _linker(_both(pairs), model(["pair"]))
    linker.training.estimate_m_from_label_column("pair")
    return [_told(comparison, "m_probability") for comparison in linker.misc.save_model_to_json()["comparisons"]]


def _told(comparison: Settings, which: str) -> list[float]:
    levels = (level for level in comparison["comparison_levels"] if not level.get("is_null_level"))
    told = (level.get(which) for level in levels)
    return [max(share, UNSEEN) if isinstance(share, float) else UNSEEN for share in told]


def _weighted(settings: Settings, same: list[list[float]], different: list[list[float]]) -> Settings:
    result = deepcopy(settings)
    for comparison, m, u in zip(result["comparisons"], same, different, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, its_m, its_u in zip(levels, m, u, strict=True):
            level["m_probability"], level["u_probability"] = its_m, its_u
    return result
