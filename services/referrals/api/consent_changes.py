"""What the person makes of a consent later: she says yes again, takes it back in part or whole."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from shared.events.base import ItemField, Role
from shared.http import Body, IfMatch, Nothing, Route, Tx, created, for_roles, versioned

from ..commands import consents as commands
from ..commands import narrowing, renewing
from ..commands.begin import Target
from ..domain.asking import Renewal
from ..domain.consent import Way
from ..domain.transitions import Command, roles_of
from ..queries import consents as queries
from .consents import ConsentSeen, GivenByGiven, Sha256, as_seen, givers
from .shapes import LIVE, Keys, Until, for_command, instant

router = APIRouter(route_class=Route, prefix="/consents/{consent_id}", tags=["consents"])
ENDERS = for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON, refuses=LIVE)


async def _target(consent_id: UUID, version: IfMatch) -> Target:
    return Target(id=consent_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The consent that a command is for, at the version that its giver saw."""


class RenewalGiven(Body):
    """That she said yes again, to the text in the language of before; without `given_by`, as before, now."""

    text_version: int
    text_sha256: Sha256
    given_how: Way
    valid_until: Until | None = None
    given_by: Annotated[tuple[GivenByGiven, ...], Field(max_length=10)] = ()
    interpreter: bool = False


class NarrowingGiven(Body):
    """The items and the end that are left; what is left out or null stays as it is."""

    fields: Annotated[frozenset[ItemField] | None, Field(max_length=len(ItemField))] = None
    valid_until: Until | None = None


@router.post("/withdrawal", openapi_extra=ENDERS)
async def withdraw(consent_id: UUID, _: Nothing, tx: Tx, keys: Keys, response: Response) -> ConsentSeen:
    """Take a consent back, in one step, without a reason or a version.

    When this has answered, no read of what was disclosed under it succeeds.
    """
    ended = await commands.withdraw(tx, consent_id, keys)
    versioned(response, ended.version)
    return as_seen(await queries.written(tx, ended))


@router.post("/narrowing", openapi_extra=ENDERS)
async def narrow(
    consent_id: UUID, body: NarrowingGiven, tx: Tx, keys: Keys, response: Response
) -> ConsentSeen:
    """Take back items or time, in one step, without a reason or a version; nothing is ever widened.

    When this has answered, no read of the items dropped succeeds, and their holders owe an answer.  To drop
    an item that the offering requires is to take the whole back: then the answer shows a consent that ended.
    """
    narrower = await narrowing.narrow(
        tx, consent_id, fields=body.fields, until=instant(body.valid_until), keys=keys
    )
    versioned(response, narrower.version)
    return as_seen(await queries.written(tx, narrower))


@router.post("/renewal", status_code=201, openapi_extra=for_command(roles_of(Command.SEND), *LIVE))
async def renew(target: Aim, body: RenewalGiven, tx: Tx, keys: Keys, response: Response) -> ConsentSeen:
    """Record that the person said yes again to the same, while her first yes lives.

    A new consent, at most 365 days long; what rested on the old one rests on it.
    """
    said = Renewal(
        until=instant(body.valid_until),
        text_version=body.text_version,
        text_sha256=body.text_sha256,
        given_how=body.given_how,
        given_by=givers(body.given_by, await tx.now()),
        asked_by=tx.actor.id,
        interpreter=body.interpreter,
    )
    consent = await renewing.renew(tx, target, said, keys)
    created(response, f"/consents/{consent.id}", consent.version)
    return as_seen(await queries.written(tx, consent))
