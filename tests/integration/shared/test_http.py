"""What every request meets before any rule, and in which order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared import edge
from shared.http import LARGEST
from shared.ids import new_id
from tests.integration.shared.kit import TRACE
from tests.integration.shared.probe import Probe, problem

TOO_LARGE = b'{"words": "' + b"x" * LARGEST + b'"}'
NAME = f"/names/{new_id()}"


@pytest.mark.parametrize(
    ("better", "refusal"),
    [
        ([], (401, "unauthenticated")),
        (["token"], (413, "too-large")),
        (["token", "content"], (400, "key-missing")),
        (["token", "content", "key"], (422, "invalid")),
    ],
    ids=str,
)
async def test_of_several_faults_the_first_in_order_is_told(
    probe: Probe, better: list[str], refusal: tuple[int, str]
) -> None:
    bad: dict[str, Any] = {"token": None, "content": TOO_LARGE, "key": None, "path": "/names/no-id"}
    good: dict[str, Any] = {"token": probe.token, "content": b'{"words": "x"}', "key": "once"}
    sent = {name: (good if name in better else bad)[name] for name in bad}

    assert problem(await probe.call("POST", version=1, **sent)) == refusal


async def test_a_request_without_fault_is_answered(probe: Probe) -> None:
    answer = await probe.call("POST", NAME, json={"words": "x"}, version=3)

    assert (answer.status_code, answer.json()) == (200, {"length": 1, "seen": 3})


@pytest.mark.parametrize(("spare", "status"), [(0, 200), (1, 413)])
async def test_a_body_may_have_256_kilobytes_and_not_one_byte_more(
    probe: Probe, spare: int, status: int
) -> None:
    frame = len(b'{"words": ""}')
    body = b'{"words": "' + b"x" * (LARGEST - frame + spare) + b'"}'

    assert (await probe.call("POST", NAME, content=body, version=1)).status_code == status


async def test_a_body_that_does_not_say_its_length_is_measured_all_the_same(probe: Probe) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 1024 + 1):
            yield b"x" * 1024

    assert problem(await probe.call("POST", NAME, content=parts(), version=1)) == (413, "too-large")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"words": 7}', "words"),
        (b"{}", "words"),
        (b'{"words": "x", "more": 1}', "more"),
        (b'{"words": ', "10"),
        (b"\xff\xfe", "0"),
        (b"[]", "body"),
        (b"", "body"),
    ],
)
async def test_a_malformed_body_is_refused_by_naming_the_field(probe: Probe, body: bytes, field: str) -> None:
    answer = await probe.call("POST", NAME, content=body, version=1)

    assert problem(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("seen", ['"three"', "", '""', '"-1"', "*", '"٣"'])
async def test_a_version_that_is_none_is_asked_for(probe: Probe, seen: str) -> None:
    sent = {"Authorization": f"Bearer {probe.token}", "Idempotency-Key": "once", "If-Match": seen}
    headers = [(name.encode(), value.encode()) for name, value in sent.items()]

    answer = await probe.client.post(NAME, json={"words": "x"}, headers=headers)

    assert problem(answer) == (428, "version-missing")


@pytest.mark.parametrize("seen", ['"3"', 'W/"3"', "3"])
async def test_a_version_is_read_as_the_standard_writes_it(probe: Probe, seen: str) -> None:
    headers = {"Authorization": f"Bearer {probe.token}", "Idempotency-Key": "once", "If-Match": seen}

    answer = await probe.client.post(NAME, json={"words": "x"}, headers=headers)

    assert answer.json()["seen"] == 3


@pytest.mark.parametrize("asked", ["limit=0", "limit=201", "limit=many", "after=me"])
async def test_a_page_has_its_bounds(probe: Probe, asked: str) -> None:
    answer = await probe.call("GET", f"/names?{asked}")

    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == asked.partition("=")[0]


async def test_an_unknown_address_is_not_found(probe: Probe) -> None:
    assert problem(await probe.call("GET", "/nowhere")) == (404, "not-found")


async def test_another_method_is_not_allowed(probe: Probe) -> None:
    answer = await probe.call("DELETE", "/names")

    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_bug_says_nothing_of_itself(probe: Probe) -> None:
    answer = await probe.call("GET", "/bug")

    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_every_answer_can_be_found_in_the_logs_and_is_not_kept_by_others(probe: Probe) -> None:
    correlation = str(new_id())
    headers = {"Authorization": f"Bearer {probe.token}", "X-Correlation-Id": correlation}

    answer = await probe.client.get("/names", headers=headers)

    assert answer.headers["X-Correlation-Id"] == correlation
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("said", "kept"), [(TRACE, TRACE), ("00-Anna-1990", None), (None, None)], ids=["trace", "other", "none"]
)
async def test_an_event_carries_the_requests_correlation_and_trace(
    probe: Probe, said: str | None, kept: str | None
) -> None:
    correlation = str(new_id())
    headers = {
        "Authorization": f"Bearer {probe.token}",
        "X-Correlation-Id": correlation,
        "Idempotency-Key": "once",
        **({"traceparent": said} if said else {}),
    }
    body = {"organisation_id": str(probe.organisation), "version": 1}

    await probe.client.post("/told", json=body, headers=headers)

    rows = await probe.rows("select correlation_id, traceparent, actor, organisation_id from untold")
    assert [str(row["correlation_id"]) for row in rows] == [correlation]
    assert rows[0]["traceparent"] == kept
    assert rows[0]["actor"] == f"staff:{probe.staff}"
    assert rows[0]["organisation_id"] == probe.organisation


async def test_a_body_that_comes_drop_by_drop_is_given_up(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "BODY_S", 0.2)
    given_up = asyncio.Event()

    async def drops() -> AsyncIterator[bytes]:
        yield b'{"words": '
        await given_up.wait()

    asking = asyncio.ensure_future(probe.call("POST", NAME, content=drops(), version=1))
    done, _ = await asyncio.wait([asking], timeout=120)
    given_up.set()

    assert done
    assert asking.result().status_code == 408


@pytest.mark.parametrize("bracket", [b"[", b'{"words":'])
async def test_a_body_of_nothing_but_brackets_is_refused(probe: Probe, bracket: bytes) -> None:
    deep = bracket * (LARGEST // len(bracket) - 1)

    assert (await probe.call("POST", NAME, content=deep, version=1)).status_code == 422


@pytest.mark.parametrize("sent", ["3\r\nSet-Cookie: a=b", "en\r\n\r\n<html>", "\u2028x"])
async def test_nothing_that_is_sent_becomes_a_header(probe: Probe, sent: str) -> None:
    planted = {b"X-Correlation-Id": sent.replace("\r\n", " ").encode()}
    answer = await probe.client.get("/names", headers=planted)

    assert answer.headers["X-Correlation-Id"] != sent
    assert "set-cookie" not in answer.headers
