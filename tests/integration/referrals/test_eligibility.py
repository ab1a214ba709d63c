"""The rules of who an offering is for are kept as they were when a referral was sent."""

from __future__ import annotations

from typing import Any

from shared.events.base import Area
from shared.events.organisations import EligibilityRule, OfferingStatus, RuleKind
from tests.integration.referrals.world import World

SODER = EligibilityRule(rule=RuleKind.AREA, areas=(Area.SODER,))
DALHEM = EligibilityRule(rule=RuleKind.AREA, areas=(Area.DALHEM,))


async def test_what_was_sent_keeps_the_rules_it_was_sent_under(world: World) -> None:
    async def now_ruled(version: int, rule: EligibilityRule, **more: Any) -> None:
        said = {"version": version, "eligibility": (rule,), "eligibility_version": version, **more}
        await world.hear(world.offering(world.association, **said))

    async def ruled() -> tuple[int, list[str], bool]:
        seen = await world.get(f"/referrals/{draft['id']}/eligibility", world.sender)
        return seen["version"], seen["rules"][0]["areas"], seen["frozen"]

    await now_ruled(2, SODER)
    draft = await world.a_draft()
    drafted = await ruled()
    await now_ruled(3, DALHEM)
    redrafted = await ruled()
    await world.a_consent(draft)
    await world.done(draft, "send", world.sender)
    await world.network.settle()
    await now_ruled(4, SODER, status=OfferingStatus.PAUSED)

    assert (drafted, redrafted) == ((2, ["B041"], False), (3, ["B023"], False))
    assert await ruled() == (3, ["B023"], True)
