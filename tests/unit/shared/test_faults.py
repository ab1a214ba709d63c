"""Whose fault it is, by SQLSTATE: the machines' is waited out, the event's is parked."""

from __future__ import annotations

import httpx2
import psycopg
import pytest
from psycopg import errors as pg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from redis.exceptions import ConnectionError as RedisGone
from redis.exceptions import ResponseError

from shared.errors import NotFound, Unavailable
from shared.faults import code_of, is_ours

SECRET = "Key (name)=(Amina) already exists."


@pytest.mark.parametrize(
    ("sqlstate", "ours"),
    [
        ("08000", True),
        ("08006", True),
        ("25006", True),
        ("40001", True),
        ("40P01", True),
        ("53100", True),
        ("53300", True),
        ("55P03", True),
        ("57P01", True),
        ("57P03", True),
        ("57014", False),
        ("54000", False),
        ("54001", False),
        ("25P02", False),
        ("22P02", False),
        ("23502", False),
        ("23503", False),
        ("23505", False),
        ("42501", False),
        ("42P01", False),
        ("P0001", False),
        ("XX000", False),
    ],
)
def test_the_sqlstate_says_whose_fault_it_is(sqlstate: str, ours: bool) -> None:  # noqa: FBT001 - a table
    assert is_ours(pg.lookup(sqlstate)()) is ours


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("the connection is lost"),
        PoolTimeout(),
        PoolClosed(),
        TooManyRequests(),
        RedisGone(),
        ResponseError("OOM command not allowed"),
        ConnectionRefusedError(),
        TimeoutError(),
        httpx2.ConnectError("refused"),
        Unavailable(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_waiting_may_cure_is_ours(error: Exception) -> None:
    assert is_ours(error)


@pytest.mark.parametrize(
    "error",
    [ValueError(), KeyError("a"), AssertionError(), NotFound(), pg.PipelineAborted(), psycopg.DataError()],
    ids=lambda error: type(error).__name__,
)
def test_what_waiting_cannot_cure_is_the_events(error: Exception) -> None:
    assert not is_ours(error)


def test_an_error_is_named_without_its_text() -> None:
    assert code_of(pg.UniqueViolation(SECRET)) == "UniqueViolation 23505"
    assert code_of(ValueError(SECRET)) == "ValueError"
