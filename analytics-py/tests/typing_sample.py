"""Type checked, not run: what a typed user writes."""

import datetime as dt

import polars as pl

import analytics_py as an


def spend(store: an.Store) -> float:
    report = store.report(metrics=["spend"], range="last_30_days", compare="previous_period", group_by=["platform"])
    frame: an.Frame = report.totals
    rows: int = len(frame)
    return float(rows)


def own(df: pl.DataFrame) -> dict[str, object]:
    return an.report(df, metrics=["spend"], range={"start": dt.date(2026, 1, 1), "end": "2026-01-31"}).to_dict()


ranges = an.resolve_range("last_30_days", today="2026-11-23", complete_through="2026-11-22")
start: str | None = ranges["range"]["start"] if ranges["range"] else None
