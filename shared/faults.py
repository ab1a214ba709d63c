"""Whose fault it is: the machines' (wait and try again) or the event's (park it).

Judged by SQLSTATE, never by exception class: psycopg's ``OperationalError``
covers both.
"""

from __future__ import annotations

import httpx2
import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from redis.exceptions import RedisError

from .errors import Unavailable

OURS = ("08", "25006", "40", "53", "55P03", "57P")
"""SQLSTATE classes and codes of the machines: connection, read only, rollback, resources, lock, shutdown."""

_MACHINES = (
    RedisError,
    OSError,
    TimeoutError,
    PoolTimeout,
    PoolClosed,
    TooManyRequests,
    httpx2.HTTPError,
    Unavailable,
)


def is_ours(error: BaseException) -> bool:
    """Whether waiting may cure it."""
    if isinstance(error, pg.PipelineAborted):
        return False
    if isinstance(error, psycopg.Error) and not isinstance(error, _MACHINES):
        lost = error.sqlstate is None and isinstance(error, psycopg.OperationalError)
        return lost or (error.sqlstate or "").startswith(OURS)
    return isinstance(error, _MACHINES)


def code_of(error: BaseException) -> str:
    """The error's class and SQLSTATE; never its text, which may quote values."""
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
