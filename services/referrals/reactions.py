"""What this service does on the directory's events: it keeps its own copy of who takes part.

So that no command has to ask another service whether a receiver is open.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.database import Transaction
from shared.events import Event
from shared.events.organisations import (
    AgreementConcluded,
    AgreementEnded,
    OfferingChanged,
    OfferingConfirmationDue,
    OfferingErrorReported,
    OfferingPublished,
    OrganisationChanged,
    OrganisationRegistered,
    PledgeSigned,
    SearchMissed,
    StaffAppointed,
    StaffChanged,
    SubstituteNamed,
    SubstituteReleased,
    TeamChanged,
    TeamOpened,
)
from shared.hearing import Reactions

from .store import directory


async def copy_the_organisation(tx: Transaction, said: OrganisationRegistered | OrganisationChanged) -> None:
    await directory.put_organisation(tx.sql, said)


async def copy_the_team(tx: Transaction, said: TeamOpened) -> None:
    await directory.put_team(tx.sql, said.team_id, said.organisation_id)


async def copy_the_appointment(tx: Transaction, said: StaffAppointed) -> None:
    await directory.put_staff(tx.sql, said, active=True)


async def copy_the_member_of_staff(tx: Transaction, said: StaffChanged) -> None:
    await directory.put_staff(tx.sql, said, active=said.active)


async def copy_the_offering(tx: Transaction, said: OfferingPublished | OfferingChanged) -> None:
    await directory.put_offering(tx.sql, said)


async def copy_the_agreement(tx: Transaction, said: AgreementConcluded) -> None:
    await directory.put_agreement(tx.sql, said)


async def end_the_agreement(tx: Transaction, said: AgreementEnded) -> None:
    await directory.end_agreement(tx.sql, said.agreement_id)


async def copy_the_pledge(tx: Transaction, said: PledgeSigned) -> None:
    await directory.put_pledge(tx.sql, said)


REACTIONS: Reactions = {
    OrganisationRegistered: copy_the_organisation,
    OrganisationChanged: copy_the_organisation,
    TeamOpened: copy_the_team,
    StaffAppointed: copy_the_appointment,
    StaffChanged: copy_the_member_of_staff,
    OfferingPublished: copy_the_offering,
    OfferingChanged: copy_the_offering,
    AgreementConcluded: copy_the_agreement,
    AgreementEnded: end_the_agreement,
    PledgeSigned: copy_the_pledge,
}

_DIRECTORYS_OWN = "The directory's own: nothing here rests on it."

_NOT_THE_GATES = "Who is reached meanwhile is for those who send notices; no gate asks for it."

EXCUSED: Mapping[type[Event], str] = {
    OfferingConfirmationDue: _DIRECTORYS_OWN,
    OfferingErrorReported: _DIRECTORYS_OWN,
    SearchMissed: _DIRECTORYS_OWN,
    **dict.fromkeys((TeamChanged, SubstituteNamed, SubstituteReleased), _NOT_THE_GATES),
}
