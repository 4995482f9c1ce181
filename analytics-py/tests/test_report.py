"""Reports on frames of the user's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import analytics_py as an

DAYS = [dt.date(2026, 10, 1) + dt.timedelta(days=day) for day in range(60)]
FACTS = pl.DataFrame(
    [
        {"account": account, "date": day, "metric": metric, "value": float(value * (number + 1))}
        for number, day in enumerate(DAYS)
        for account, value in (("a", 1), ("b", 10))
        for metric in ("impressions", "clicks")
    ]
)
NOVEMBER = {"start": "2026-11-01", "end": "2026-11-29"}


def asked(df: Any, **fields: Any) -> an.Report:
    query: dict[str, Any] = {"metrics": ["impressions", "ctr"], "range": NOVEMBER, "today": "2026-12-01"}
    return an.report(df, **(query | fields))


def total(report: an.Report, metric: str = "impressions") -> float:
    value: float = report.to_dict()["totals"][0]["totals"][metric]["current"]["value"]
    return value


EXPECTED = float(sum(11 * number for number in range(32, 61)))


@pytest.mark.parametrize(
    "df",
    [
        FACTS,
        FACTS.to_arrow(),
        FACTS.to_pandas(),
        FACTS.to_pandas().assign(date=lambda frame: pd.to_datetime(frame["date"])),
        duckdb.from_arrow(FACTS.to_arrow()).arrow(),
        nw.from_native(FACTS),
        FACTS.with_columns(pl.col("account").cast(pl.Categorical)),
    ],
    ids=["polars", "pyarrow", "pandas", "pandas timestamps", "duckdb", "narwhals", "categorical"],
)
def test_any_arrow_frame_is_read(df: Any) -> None:
    assert total(asked(df)) == EXPECTED


def test_frames_leave_for_every_library() -> None:
    report = asked(FACTS, grain="month", compare="previous_period", group_by=["account"])
    polars = report.totals.to_polars()
    assert isinstance(polars, pl.DataFrame)
    assert isinstance(report.series.to_pandas(), pd.DataFrame)
    assert pa.table(report.totals).num_rows == len(report.totals) == polars.height == 4
    assert set(report.totals.columns) == set(polars.columns)


def test_a_report_of_parts_adds_up() -> None:
    whole = total(asked(FACTS))
    groups = asked(FACTS, group_by=["account"]).to_dict()["groups"]
    assert sum(group["totals"]["impressions"]["current"]["value"] for group in groups) == whole


def test_a_day_without_coverage_is_missing_and_not_zero() -> None:
    report = asked(FACTS.filter(pl.col("date") != dt.date(2026, 11, 3)), grain="day").to_dict()
    third = report["totals"][0]["series"]["impressions"]["current"][2]
    assert (third["value"], third["status"]) == (None, "missing")
    assert report["totals"][0]["totals"]["impressions"]["current"]["status"] == "partial"


def test_own_metrics_join_the_catalogue() -> None:
    rows = FACTS.with_columns(pl.when(pl.col("metric") == "clicks").then(pl.lit("visits")).otherwise("metric").alias("metric"))
    catalogue = [
        {"id": "visits", "kind": "additive"},
        {"id": "visit_rate", "kind": "ratio", "unit": "ratio", "numerator": "visits", "denominator": "impressions"},
    ]
    report = asked(rows, metrics=["visits", "visit_rate"], catalogue=catalogue)
    assert (total(report, "visits"), total(report, "visit_rate")) == (EXPECTED, 1.0)


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"metrics": ["impresions"]}, an.UnknownNameError, "impressions"),
        ({"range": "last_30_day"}, an.UnknownNameError, "last_30_days"),
        ({"group_by": ["acount"]}, an.UnknownNameError, "account"),
        ({"range": {"start": "2026-11-02", "end": "2026-11-01"}}, an.InvalidQueryError, "before the start"),
        ({"range": {"start": "2026-02-30", "end": "2026-03-01"}}, an.InvalidQueryError, "range"),
        ({"grain": "fortnight"}, an.InvalidQueryError, "fortnight"),
    ],
)
def test_a_wrong_query_says_what_would_be_right(fields: dict[str, Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        asked(FACTS, **fields)


@pytest.mark.parametrize(
    ("df", "words"),
    [
        (FACTS.drop("metric"), "metric"),
        (FACTS.with_columns(pl.col("date").cast(pl.Datetime).dt.replace_time_zone("Asia/Tokyo")), "zone"),
        (FACTS.with_columns(pl.lit(float("nan")).alias("value")), "NaN|finite"),
        (FACTS.with_columns(pl.col("value").cast(pl.String)), "value"),
        ([1, 2, 3], "Arrow"),
    ],
    ids=["missing column", "moments", "NaN", "text for numbers", "no frame"],
)
def test_a_frame_of_another_shape_is_refused(df: Any, words: str) -> None:
    with pytest.raises(an.AnalyticsError, match=words):
        asked(df)


def test_an_unknown_metric_in_the_frame_is_an_error() -> None:
    with pytest.raises(an.AnalyticsError, match="footfall"):
        asked(FACTS.with_columns(pl.lit("footfall").alias("metric")))
