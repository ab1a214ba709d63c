"""No name and no number of a person reaches a log, whichever way it is tried."""

from __future__ import annotations

import json
import logging as standard
import warnings
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog

from shared import logging
from shared.logging import KNOWN, NUMBERS

HERS = ("Amina Exempel", "Amina", "19910203-4567", "199102034567", "070-174 06 05", "amina@example.org")
WAYS = ("debug", "info", "warning", "error", "critical")


class Loud(Exception):  # noqa: N818 - an error whose text says too much
    pass


def _say(words: str) -> None:
    raise Loud(words)


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    root, handlers, level = standard.getLogger(), standard.getLogger().handlers, standard.getLogger().level
    before = structlog.get_config()
    yield
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()
    root.handlers = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("words", HERS)
@pytest.mark.parametrize("key", [*KNOWN, *sorted(NUMBERS), "name", "person", "exc_info", "stack_info"])
def test_nothing_of_hers_passes_by_any_key(capsys: pytest.CaptureFixture[str], key: str, words: str) -> None:
    logging.configure("referrals")
    said: dict[str, Any] = {"event": "request", key: words}
    event = said.pop("event")

    for way in WAYS:
        getattr(structlog.get_logger(), way)(event, **said)
    structlog.contextvars.bind_contextvars(**{key: words})
    structlog.get_logger().info(event)

    written = capsys.readouterr().out
    assert written.count("\n") == len(WAYS) + 1
    assert words not in written


@pytest.mark.parametrize("words", HERS)
def test_nothing_of_hers_passes_in_what_is_no_text(capsys: pytest.CaptureFixture[str], words: str) -> None:
    logging.configure("referrals")
    structlog.get_logger().info("request", route=[words], status={"name": words}, kind=Loud(words))

    assert words not in capsys.readouterr().out


@pytest.mark.parametrize("words", HERS)
def test_nothing_of_hers_passes_in_an_error(capsys: pytest.CaptureFixture[str], words: str) -> None:
    logging.configure("referrals")

    def fail() -> None:
        try:
            _say(words)
        except Loud as error:
            raise ValueError(f"for {words}") from error

    try:
        fail()
    except ValueError as error:
        structlog.get_logger().exception("timer.failed", error="ValueError")
        structlog.get_logger().critical("worker.died", exc_info=error)
        standard.getLogger("uvicorn.error").exception("Failed for %s", words)
        standard.getLogger("asyncio").exception("Task exception of " + words)  # noqa: G003 - as libraries do

    first, *_ = found = lines(capsys)
    assert words not in json.dumps(found)
    assert first["trace"][0] == "ValueError"
    assert "Loud" in first["trace"]
    assert any("fail" in frame for frame in first["trace"])
    assert [one["event"] for one in found[2:]] == ["library.uvicorn.error", "library.asyncio"]


@pytest.mark.parametrize("words", HERS)
def test_nothing_of_hers_passes_by_a_library(capsys: pytest.CaptureFixture[str], words: str) -> None:
    logging.configure("referrals")
    logger = standard.getLogger("psycopg.pool")
    logger.warning("DETAIL: Key (name)=(%s)", words)
    logger.warning(words, extra={"name_of": words}, stack_info=True)
    standard.captureWarnings(capture=True)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(words, UserWarning, stacklevel=1)
    standard.captureWarnings(capture=False)

    written = lines(capsys)
    assert [one["event"] for one in written] == ["library.psycopg.pool"] * 2 + ["library.py.warnings"]
    assert words not in json.dumps(written)


def test_what_an_operator_needs_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("referrals")
    log = structlog.get_logger()
    log.info("request", method="POST", route="/persons/{person_id}", status=201, ms=3.2)
    log.error("timer.failed", kind="close", error="OperationalError 08006")
    log.critical("listener.stopped", stream="events:referrals", reason="events:referrals: the log forks at 7")
    log.warning("relay.refills", stream="events:referrals", after=1, head=9, id=uuid4())

    assert [one.get("left_out") for one in lines(capsys)] == [None, None, None, 1]
