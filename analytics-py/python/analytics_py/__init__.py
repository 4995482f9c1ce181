"""Marketing metrics with a status on every number.

``Store`` reads what an Analytics server has collected; ``report`` asks the same questions of a
frame of your own. Results are frames that any Arrow consumer reads without copying.
"""

from ._errors import (
    AnalyticsError,
    FrameError,
    InvalidQueryError,
    NotFoundError,
    StorageError,
    UnknownNameError,
    UnsupportedError,
)
from ._native import Frame, __version__
from ._report import Report, buckets, change, report, resolve_range
from ._store import Store

__all__ = [
    "AnalyticsError",
    "Frame",
    "FrameError",
    "InvalidQueryError",
    "NotFoundError",
    "Report",
    "StorageError",
    "Store",
    "UnknownNameError",
    "UnsupportedError",
    "__version__",
    "buckets",
    "change",
    "report",
    "resolve_range",
]
