"""Telling events as the referrals service tells them, about one referral between two organisations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from shared.actor import service_actor
from shared.database import Database
from shared.events import Event
from shared.events.base import Urgency
from shared.events.consents import ConsentKind, ConsentWithdrawn
from shared.events.paths import PathOpened, StepRefused, StepWanted
from shared.events.referrals import (
    Party,
    ReferralAccepted,
    ReferralConsentLost,
    ReferralMarkedInError,
    ReferralOverdue,
    ReferralReopened,
    ReferralSent,
    Stage,
)
from shared.ids import new_id
from tests.network import Network

SOON = datetime(2026, 5, 11, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Referral:
    """The ids of one referral and of both its sides."""

    id: UUID = field(default_factory=new_id)
    path_id: UUID = field(default_factory=new_id)
    need_id: UUID = field(default_factory=new_id)
    city: UUID = field(default_factory=new_id)
    city_team: UUID = field(default_factory=new_id)
    caseworker: UUID = field(default_factory=new_id)
    club: UUID = field(default_factory=new_id)
    club_team: UUID = field(default_factory=new_id)
    recipient: UUID = field(default_factory=new_id)

    @property
    def sides(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "referral_id": self.id,
            "need_id": self.need_id,
            "from_organisation_id": self.city,
            "from_team_id": self.city_team,
            "from_staff_id": self.caseworker,
            "to_organisation_id": self.club,
            "to_team_id": self.club_team,
        }

    def path_opened(self) -> PathOpened:
        return PathOpened(path_id=self.path_id, organisation_id=self.city)

    def own_no(self) -> tuple[StepRefused, StepWanted]:
        """The person says no to a step of hers, and takes that back."""
        home = {"organisation_id": self.city, "team_id": self.city_team}
        about = {"path_id": self.path_id, "step_id": new_id(), "need_id": None, **home}
        return StepRefused.model_validate(about), StepWanted.model_validate(about)

    def sent(self, urgency: Urgency = Urgency.NORMAL) -> ReferralSent:
        more = {"offering_id": new_id(), "urgency": urgency, "answer_by": SOON}
        return ReferralSent.model_validate(self.sides | more)

    def accepted(self) -> ReferralAccepted:
        more = {"to_staff_id": self.recipient, "first_contact_by": date(2026, 5, 18)}
        return ReferralAccepted.model_validate(self.sides | more)

    def overdue(self, owed_by: Party, stage: Stage) -> ReferralOverdue:
        return ReferralOverdue.model_validate(self.sides | {"owed_by": owed_by, "stage": stage})

    def reopened(self, by: Party) -> ReferralReopened:
        return ReferralReopened.model_validate(self.sides | {"by": by})

    def marked_in_error(self) -> ReferralMarkedInError:
        return ReferralMarkedInError.model_validate(self.sides | {"was_accepted": False})

    def consent_lost(self) -> ReferralConsentLost:
        return ReferralConsentLost.model_validate(self.sides)

    def consent_withdrawn(self) -> ConsentWithdrawn:
        more = {"consent_id": new_id(), "kind": ConsentKind.SECRECY_RELEASE}
        return ConsentWithdrawn.model_validate(self.sides | more)


async def tell(network: Network, referral: Referral, *events: Event) -> None:
    """Tell the events in one transaction of the referrals service, acting for the sender."""
    database = Database.of(network.settings("referrals"))
    await database.open()
    try:
        async with database.transaction(service_actor("referrals")) as tx:
            await tx.act_for(referral.city)
            await tx.lock(referral.path_id)
            for event in events:
                await tx.tell(event)
    finally:
        await database.close()
