"""The worked examples that the Rust core passes pass through Python too."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

import analytics_py as an
from analytics_py._report import bucket_pairs

from conftest import cases


def near(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)


def test_ranges() -> None:
    for case in cases("ranges"):
        asked = {key: case[key] for key in case if key != "expect"}
        assert an.resolve_range(asked.pop("range"), **asked) == case["expect"], case


def test_buckets() -> None:
    for case in cases("buckets"):
        asked = {key: case[key] for key in case if key != "expect"}
        assert an.buckets(**asked) == case["expect"], case


def test_bucket_pairs() -> None:
    for case in cases("pairs"):
        asked = {key: case[key] for key in case if key != "expect"}
        assert bucket_pairs(asked.pop("range"), asked.pop("grain"), **asked) == case["expect"], case


def test_changes() -> None:
    for case in cases("changes"):
        found = an.change(case["current"], case["previous"])
        for key in ("absolute", "relative"):
            assert near(found[key], case["expect"][key]), case
        assert found["reason"] == case["expect"]["reason"], case


def frame(rows: list[list[Any]], **columns: Any) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.mark.parametrize("number", range(len(cases("aggregates"))))
def test_aggregates(number: int) -> None:
    case = cases("aggregates")[number]
    facts = frame(
        [[account, date, metric, value / 1e6] for metric, account, date, value in case["facts"]],
        account=pl.String, date=pl.String, metric=pl.String, value=pl.Float64,
    ).with_columns(pl.col("date").str.to_date())
    coverage = frame(case["coverage"], account=pl.String, date=pl.String, state=pl.String).with_columns(
        pl.col("date").str.to_date()
    )
    windows = frame(
        [[account, metric, start, end, value / 1e6] for metric, account, start, end, value in case["windows"]],
        account=pl.String, metric=pl.String, start=pl.String, end=pl.String, value=pl.Float64,
    ).with_columns(pl.col("start").str.to_date(), pl.col("end").str.to_date())
    answer = an.report(
        facts,
        metrics=list(case["expect"]),
        range={"start": case["range"]["start"], "end": case["range"]["end"]},
        grain=case["grain"],
        week_start=case["week_start"],
        fiscal_year_start=case["fiscal_year_start"],
        complete_through=case["range"]["end"],
        today=case["range"]["end"],
        coverage=coverage,
        windows=windows,
    ).to_dict()
    kinds = {metric["id"]: metric["kind"] for metric in answer["metrics"]}
    for metric, expected in case["expect"].items():
        total = answer["totals"][0]["totals"][metric]["current"]
        series = answer["totals"][0]["series"][metric]["current"]
        scale = 1 if kinds[metric] == "ratio" else 1e6
        for found, wanted in [(total, expected["total"]), *zip(series, expected["series"], strict=True)]:
            assert found["status"] == wanted["status"], (number, metric, found, wanted)
            for key in ("value", "lower", "upper"):
                value = found.get(key)
                scaled = None if value is None else value * scale
                assert near(scaled, wanted.get(key)), (number, metric, key, found, wanted)
