"""What an Analytics server has collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from . import _native
from ._native import Frame
from ._report import Day, RangeLike, Report, query_json


class Store:
    """An Analytics database, opened for reading.

    ``url`` is ``sqlite://path/to/analytics.db``. ``workspace`` is an id (``ws_…``) or a name, and
    is needed only where the database holds several.

    Raises ``StorageError`` if it cannot be opened, ``NotFoundError`` for an unknown workspace.
    """

    def __init__(self, url: str, workspace: str | None = None) -> None:
        self._native = _native.Store(url, workspace)

    def accounts(self) -> Frame:
        """One row a linked account: ``account, platform, external_id, name, currency, time_zone,
        state, complete_through``."""
        return self._native.accounts()

    def entities(self) -> Frame:
        """One row an entity: ``entity, account, level, external_id, name, status, parent``."""
        return self._native.entities()

    def metrics(self) -> Frame:
        """The catalogue: ``metric, label, unit, kind, better, numerator, denominator, scale``."""
        return self._native.metrics()

    def coverage(self) -> Frame:
        """One row a run of days: ``account, level, feed, start, end, state, first_fetched_at,
        last_fetched_at`` (times in UTC, ISO 8601)."""
        return self._native.coverage()

    def facts(
        self,
        *,
        metrics: Sequence[str] | None = None,
        start: Day | None = None,
        end: Day | None = None,
        level: str = "account",
    ) -> Frame:
        """Stored values of one level: ``account, entity, metric, date, value``.

        A zero is not stored: a covered day without a row is zero, an uncovered one is unknown.
        """
        return self._native.facts(
            None if metrics is None else list(metrics),
            None if start is None else str(start),
            None if end is None else str(end),
            level,
        )

    def report(
        self,
        *,
        metrics: Sequence[str],
        range: RangeLike,
        accounts: Sequence[str] | None = None,
        grain: str | None = None,
        compare: RangeLike | None = None,
        group_by: Sequence[str] | None = None,
        filters: Sequence[Mapping[str, object]] | None = None,
        level: str | None = None,
        order_by: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        week_start: str | None = None,
        fiscal_year_start: int | None = None,
        today: Day | None = None,
        complete_through: Day | None = None,
    ) -> Report:
        """A report on the stored figures; ``today`` is the workspace's day unless given.

        Raises ``UnknownNameError`` for an unknown metric, account, preset or dimension.
        """
        query = query_json(
            metrics,
            range,
            {
                "accounts": None if accounts is None else list(accounts),
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
        return Report(self._native.report(query))

    def close(self) -> None:
        """Closes the database; later calls raise ``StorageError``."""
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return repr(self._native)
