"""The fan-out of new notices to open pages."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import pytest

from services.notifications import live
from services.notifications.domain import NoticeKind
from services.notifications.live import Live, Subscription
from services.notifications.queries import NONE, LiveNotice
from shared.actor import Actor, ActorKind
from shared.events.base import Role

CLUB, CLUB_TEAM, OTHER_CLUB = (UUID(int=number) for number in range(1, 4))
READER = Actor(
    kind=ActorKind.STAFF,
    id=UUID(int=9),
    organisation_id=CLUB,
    team_id=CLUB_TEAM,
    roles=frozenset({Role.RECIPIENT}),
)


def notice(
    position: int, *, org: UUID = CLUB, team: UUID | None = CLUB_TEAM, staff: UUID | None = None
) -> LiveNotice:
    return LiveNotice(position, UUID(int=100 + position), org, team, staff, NoticeKind.REFERRAL_SENT)


@dataclass
class AList:
    """The live list in memory."""

    rows: list[LiveNotice] = field(default_factory=list)
    reads: int = 0
    away: bool = False

    async def head(self) -> int:
        return self.rows[-1].position if self.rows else 0

    async def after(self, position: int, *, limit: int) -> Sequence[LiveNotice]:
        self.reads += 1
        if self.away:
            raise psycopg.OperationalError
        return [row for row in self.rows if row.position > position][:limit]

    async def latest(self, reader: Actor) -> UUID:
        return next((row.notice_id for row in reversed(self.rows) if row.is_for(reader)), NONE)

    async def missed(self, reader: Actor, *, last_seen: UUID) -> Sequence[LiveNotice]:
        after = next((row.position for row in self.rows if row.notice_id == last_seen), 0)
        return [row for row in self.rows if row.position > after and row.is_for(reader)]


@pytest.fixture(autouse=True)
def _polls_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY_S", 0.001)


async def first(subscription: Subscription, count: int) -> list[int]:
    seen: list[int] = []
    pages: AsyncIterator[LiveNotice] = aiter(subscription)
    async with asyncio.timeout(10):
        while len(seen) < count:
            seen.append((await anext(pages)).position)
    return seen


async def all_of(subscription: Subscription) -> list[int]:
    async with asyncio.timeout(10):
        return [row.position async for row in subscription]


async def test_a_page_gets_what_comes_after_it_was_opened() -> None:
    rows = AList([notice(1)])

    async with Live(rows).subscribed(READER, last_seen=None) as subscription:
        rows.rows += [notice(2), notice(3)]

        assert await first(subscription, 2) == [2, 3]


async def test_a_page_gets_nothing_of_others() -> None:
    rows = AList()

    async with Live(rows).subscribed(READER, last_seen=None) as subscription:
        rows.rows += [
            notice(1, org=OTHER_CLUB),
            notice(2, team=UUID(int=77)),
            notice(3, team=None, staff=UUID(int=78)),
            notice(4, team=None, staff=READER.id),
            notice(5),
        ]

        assert await first(subscription, 2) == [4, 5]


async def test_a_page_that_comes_back_gets_what_it_missed_once() -> None:
    rows = AList([notice(1), notice(2), notice(3)])

    async with Live(rows).subscribed(READER, last_seen=notice(1).notice_id) as subscription:
        rows.rows.append(notice(4))

        assert await first(subscription, 3) == [2, 3, 4]


async def test_a_page_learns_where_it_began_so_that_it_can_come_back() -> None:
    rows = AList([notice(1), notice(2, org=OTHER_CLUB)])
    pages = Live(rows)

    async with (
        pages.subscribed(READER, last_seen=None) as new,
        pages.subscribed(READER, last_seen=NONE) as back,
    ):
        assert (new.since, back.since) == (notice(1).notice_id, NONE)


async def test_every_open_page_of_the_process_is_served_by_one_poll() -> None:
    rows = AList()
    pages = Live(rows)

    async with (
        pages.subscribed(READER, last_seen=None) as one,
        pages.subscribed(READER, last_seen=None) as two,
    ):
        rows.rows.append(notice(1))

        assert await first(one, 1) == await first(two, 1) == [1]
        assert sum(task.get_name() == live.POLL for task in asyncio.all_tasks()) == 1


async def test_nothing_is_polled_when_nobody_is_there() -> None:
    rows = AList()
    pages = Live(rows)
    async with pages.subscribed(READER, last_seen=None):
        pass
    await asyncio.sleep(0.01)
    before = rows.reads

    await asyncio.sleep(0.01)

    assert rows.reads == before


async def test_the_next_page_starts_the_poll_again() -> None:
    rows = AList()
    pages = Live(rows)
    async with pages.subscribed(READER, last_seen=None):
        pass

    async with pages.subscribed(READER, last_seen=None) as subscription:
        rows.rows.append(notice(1))

        assert await first(subscription, 1) == [1]


async def test_a_page_stays_open_while_the_database_is_away() -> None:
    rows = AList()

    async with Live(rows).subscribed(READER, last_seen=None) as subscription:
        rows.away = True
        await asyncio.sleep(0.01)
        rows.away = False
        rows.rows.append(notice(1))

        assert await first(subscription, 1) == [1]


async def test_a_page_too_slow_to_follow_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BACKLOG", 2)
    rows = AList()

    async with Live(rows).subscribed(READER, last_seen=None) as subscription:
        rows.rows += [notice(number) for number in range(1, 6)]
        await asyncio.sleep(0.02)

        assert await all_of(subscription) == [1, 2]


async def test_a_stop_of_the_process_ends_every_page_and_is_passed_on() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        async with Live(AList()).subscribed(READER, last_seen=None) as subscription:
            await asyncio.sleep(0.01)
            os.kill(os.getpid(), signal.SIGTERM)

            assert await all_of(subscription) == []
        await asyncio.sleep(0.01)
        assert heard == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
