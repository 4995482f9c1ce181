"""Ranges, buckets, changes and reports, typed for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeAlias, TypedDict

from . import _native
from ._native import Frame

Day: TypeAlias = date | str
RangeLike: TypeAlias = str | Mapping[str, Day]


class ArrowStreamExportable(Protocol):
    """Any frame that leaves through the Arrow PyCapsule protocol: polars, pandas, pyarrow, duckdb…"""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Range(TypedDict):
    """An inclusive range; ``start`` and ``end`` are ISO dates."""

    start: str
    end: str
    days: int


class Ranges(TypedDict):
    """A resolved range and the one it is compared with; ``None`` where nothing is left."""

    range: Range | None
    comparison: Range | None


class Bucket(TypedDict):
    """A part of a range; ``whole`` says whether it is a whole day, week, month, quarter or year."""

    start: str
    end: str
    whole: bool


class Change(TypedDict):
    """A change; ``reason`` says why a figure is ``None``."""

    absolute: float | None
    relative: float | None
    reason: str | None


def _json(value: object) -> str:
    return json.dumps(value, default=lambda day: day.isoformat() if isinstance(day, date) else str(day))


def resolve_range(
    range: RangeLike,
    *,
    today: Day,
    complete_through: Day | None,
    compare: RangeLike | None = "previous_period",
    week_start: str = "monday",
    fiscal_year_start: int = 1,
) -> Ranges:
    """The effective range of a preset or of ``{"start", "end"}``, and what it is compared with.

    ``complete_through`` is the last day whose figures are complete; nothing reaches beyond it.

    Raises ``UnknownNameError`` for an unknown preset or mode.
    """
    arguments = {
        "range": range,
        "today": today,
        "complete_through": complete_through,
        "compare": compare,
        "week_start": week_start,
        "fiscal_year_start": fiscal_year_start,
    }
    ranges: Ranges = json.loads(_native.resolve_range(_json(arguments)))
    return ranges


def buckets(
    start: Day,
    end: Day,
    grain: str,
    *,
    week_start: str = "monday",
    fiscal_year_start: int = 1,
) -> list[Bucket]:
    """The days, weeks, months, quarters or years that tile ``start`` to ``end``, both included."""
    arguments = {
        "range": {"start": start, "end": end},
        "grain": grain,
        "week_start": week_start,
        "fiscal_year_start": fiscal_year_start,
    }
    tiles: list[Bucket] = json.loads(_native.buckets(_json(arguments)))
    return tiles


def bucket_pairs(
    range: RangeLike,
    grain: str,
    *,
    today: Day,
    complete_through: Day | None,
    compare: RangeLike = "previous_period",
    week_start: str = "monday",
    fiscal_year_start: int = 1,
) -> dict[str, list[Bucket | None]]:
    """The buckets of a range and, by position, the bucket each is compared with."""
    arguments = {
        "range": range,
        "grain": grain,
        "today": today,
        "complete_through": complete_through,
        "compare": compare,
        "week_start": week_start,
        "fiscal_year_start": fiscal_year_start,
    }
    pairs: dict[str, list[Bucket | None]] = json.loads(_native.bucket_pairs(_json(arguments)))
    return pairs


def change(current: float | None, previous: float | None) -> Change:
    """The change from ``previous`` to ``current``; relative to the absolute value of ``previous``."""
    absolute, relative, reason = _native.change(current, previous)
    return {"absolute": absolute, "relative": relative, "reason": reason}


class Report:
    """An answer: totals, series and groups, each figure with its status."""

    def __init__(self, native: _native.Report) -> None:
        self._native = native

    @property
    def totals(self) -> Frame:
        """One row a group and metric: current and previous value, status, covered share, change."""
        return self._native.totals()

    @property
    def series(self) -> Frame:
        """One row a group, metric and bucket, with the bucket it is compared with."""
        return self._native.series()

    def to_dict(self) -> dict[str, Any]:
        """The whole answer as JSON says it."""
        answer: dict[str, Any] = json.loads(self._native.to_json())
        return answer

    def __repr__(self) -> str:
        answer = self.to_dict()
        asked = answer["query"]
        span, against = asked["range"], asked["comparison"]
        words = f"{span['start']} – {span['end']}" if span else "no complete day"
        if against:
            words += f" vs {against['start']} – {against['end']}"
        return f"<Report {', '.join(metric['id'] for metric in answer['metrics'])}; {words}; {answer['total_groups']} groups>"


def query_json(
    metrics: Sequence[str],
    range: RangeLike,
    fields: Mapping[str, object],
) -> str:
    """The query as JSON: what is ``None`` is left out, so that the engine fills in its default."""
    query: dict[str, object] = {"metrics": list(metrics), "range": range}
    query.update({name: value for name, value in fields.items() if value is not None})
    return _json(query)


def report(
    df: ArrowStreamExportable,
    *,
    metrics: Sequence[str],
    range: RangeLike,
    grain: str | None = None,
    compare: RangeLike | None = None,
    group_by: Sequence[str] | None = None,
    filters: Sequence[Mapping[str, object]] | None = None,
    level: str | None = None,
    order_by: str | None = None,
    limit: int | None = None,
    offset: int | None = None,
    week_start: str = "monday",
    fiscal_year_start: int = 1,
    today: Day | None = None,
    complete_through: Day | None = None,
    coverage: ArrowStreamExportable | None = None,
    windows: ArrowStreamExportable | None = None,
    catalogue: Sequence[Mapping[str, object]] | None = None,
) -> Report:
    """A report on a long frame of your own.

    ``df`` has the columns ``account, date, metric, value`` and optionally ``platform, family,
    currency, level, entity, parent``. ``coverage`` (``account, date, state``) says what is
    ``missing``, ``failed``, ``provisional`` or ``final``; without it every (account, date) of
    ``df`` is final. ``windows`` (``account, metric, start, end, value``) holds exact values of
    unique metrics. ``catalogue`` adds metrics of your own:
    ``{"id", "unit", "kind", "better", "numerator", "denominator", "scale", "label"}``.

    Raises ``FrameError`` for a frame of another shape, ``UnknownNameError`` for unknown names.
    """
    query = query_json(
        metrics,
        range,
        {
            "grain": grain,
            "compare": compare,
            "group_by": None if group_by is None else list(group_by),
            "filters": None if filters is None else [dict(each) for each in filters],
            "level": level,
            "order_by": order_by,
            "limit": limit,
            "offset": offset,
            "week_start": week_start,
            "fiscal_year_start": fiscal_year_start,
            "today": today,
            "complete_through": complete_through,
        },
    )
    rows = None if catalogue is None else _json([dict(row) for row in catalogue])
    return Report(_native.report(df, query, coverage, windows, rows))
