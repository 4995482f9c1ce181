"""Exceptions, one a kind of failure; where Python has a builtin for it, it is that too."""


class AnalyticsError(Exception):
    """Base of every exception of this package. ``code`` is stable and meant for programs."""

    code: str

    def __init__(self, message: str, code: str = "error") -> None:
        super().__init__(message)
        self.code = code


class UnknownNameError(AnalyticsError, ValueError):
    """A metric, preset, dimension or account that nobody knows; the message names the nearest."""


class InvalidQueryError(AnalyticsError, ValueError):
    """A value that is known but cannot be used, such as a range whose end lies before its start."""


class UnsupportedError(AnalyticsError, NotImplementedError):
    """Something the query language names but this version does not do yet."""


class NotFoundError(AnalyticsError, LookupError):
    """A workspace or account that does not exist in the store."""


class FrameError(AnalyticsError, TypeError):
    """A frame without the columns or types that are expected."""


class StorageError(AnalyticsError, OSError):
    """The database could not be opened or read, or the store is closed."""
