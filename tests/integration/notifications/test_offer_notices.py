"""What is told of an open offer, and that nothing in a losing team's list leads to the person."""

from __future__ import annotations

from shared.events.base import Role, Urgency
from shared.events.offers import OfferClaimed, OfferOpened
from shared.ids import new_id
from tests.integration.notifications.telling import SOON, Referral, tell
from tests.integration.notifications.test_notices import notices
from tests.network import Network


async def test_a_claim_is_told_to_home_and_winner_and_to_the_others_that_it_closed(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    loser = {"organisation_id": new_id(), "team_id": new_id()}
    winner = {"organisation_id": referral.club, "team_id": referral.club_team}
    offer = {**referral.sides, "offer_id": new_id(), "urgency": Urgency.NORMAL}
    opened = OfferOpened.model_validate({**offer, "teams": [winner, loser], "closes_at": SOON})
    claimed = OfferClaimed.model_validate(
        {
            **offer,
            "offering_id": new_id(),
            "answer_by": SOON,
            "by_staff_id": referral.recipient,
            "others": [loser],
        }
    )
    loser_token = network.token(Role.RECIPIENT, org=loser["organisation_id"], team=loser["team_id"])

    async with network.delivered():
        await tell(network, referral, opened, claimed)
    async with network.delivered():
        await tell(network, referral, referral.consent_withdrawn(), referral.consent_lost())

    lost = await notices(network, loser_token)
    won = await notices(network, club_token)
    assert {one["kind"] for one in lost} == {"offer_opened", "offer_closed"}
    assert {(one["referral_id"], one["path_id"], one["offer_id"]) for one in lost} == {
        (None, None, str(offer["offer_id"]))
    }
    assert {one["kind"] for one in won} == {"offer_opened", "offer_won", "sharing_ended", "referral_ended"}
    assert {one["referral_id"] for one in won if one["kind"] == "offer_won"} == {str(referral.id)}
    assert {one["kind"] for one in await notices(network, city_token)} == {"offer_claimed", "referral_ended"}
