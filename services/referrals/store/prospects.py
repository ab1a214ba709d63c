"""The teams of an offer as the gate judges them, read in the sender's tenant."""

from __future__ import annotations

from datetime import date

from shared.database import Connection

from ..domain.disclosure import Contents
from ..domain.offer_gate import Prospect
from ..domain.offers import Offer, OfferedTeam, given_to
from . import directory


async def prospect(
    sql: Connection, offer: Offer, team: OfferedTeam, contents: Contents, *, today: date
) -> Prospect:
    """One of the teams, and what it would get."""
    sender = offer.from_organisation_id
    receiver = await directory.receiver_by(sql, team.offering_id, sender=sender, today=today)
    return Prospect(team=team, receiver=receiver, items=given_to(receiver, contents.items))


async def prospects(sql: Connection, offer: Offer, contents: Contents, *, today: date) -> list[Prospect]:
    """All teams, in the order in which they were named."""
    return [await prospect(sql, offer, team, contents, today=today) for team in offer.teams]
