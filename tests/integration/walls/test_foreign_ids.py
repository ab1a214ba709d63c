"""Through every route of every service: what belongs to others answers as what does not exist.

The routes are those of the OpenAPI documents and the ids those that stand in the database, so that a new
route or a new place for an id is swept without being named.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from httpx2 import Response

from deploy.keys import RECORDED
from tests.integration.walls.lives import Life, Lives
from tests.integration.walls.routes import Operation, Place, Request, name_in, operations

PUBLIC = {
    "offering_id", "offering_ids", "team_id", "organisation_id", "parties", "agreement_id", "template_id",
    "coordinating_organisation_id", "leads_to",
}  # fmt: skip
"""Ids of the directory, which all who take part read."""

FOR_THE_NETWORK = ("coordinator", "network_admin")
"""Roles that see flows and the directory of all; where a route is for them, it is for the whole network."""

NOT_ANYBODYS = {
    "organisations POST /invitations/{invitation_id}/revoke": "the network's own, and no organisation's",
    "organisations POST /demo/person-logins": "a demo's, and gone without it",
    "tracing POST /operations/parked/{service}/{subject}/redrive": "the operators' own",
}
"""Routes whose ids are nobody's things."""

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def thing(found: Mapping[str, str], name: str) -> str:
    """The thing that an id's name means: ``step_id`` is one of ``path_steps``; nothing if there is none."""
    stem = re.sub(r"(_ids?|ies|s)$", "", name)
    meant = [table for table in sorted(found, key=len) if re.search(rf"(^|_){stem}(s|es|ies)?$", table)]
    return found[meant[0]] if meant else NOTHING


def twin(known_id: str) -> str:
    """An id that nothing has, and that stands where the known one does in any order."""
    return str(UUID(int=UUID(known_id).int ^ 1))


def swept() -> list[Operation]:
    """All routes but those of the services among themselves."""
    return [one for one in operations() if "service" not in one.roles and str(one) not in NOT_ANYBODYS]


def private(operation: Operation) -> list[Place]:
    return [place for place in operation.places() if name_in(place) not in PUBLIC]


def test_every_place_for_an_id_is_understood(lives: Lives) -> None:
    """And there is something of theirs to put there."""
    missing = [
        f"{operation}: {name_in(place)}"
        for operation in swept()
        for place in private(operation)
        if name_in(place) != "after"
        and not thing(lives.things(lives.theirs, operation.service), name_in(place))
    ]

    assert missing == []


def attempts(lives: Lives, operation: Operation) -> list[tuple[Request, Request]]:
    """Each place in turn with what is theirs and with nothing's id, beside what is ours, or all theirs."""
    ours, theirs = (lives.things(life, operation.service) for life in (lives.ours, lives.theirs))
    made: list[tuple[Request, Request]] = []
    for found in (ours, theirs) if len(operation.places()) > 1 else (theirs,):
        request = operation.request(partial(thing, found))
        for place in private(operation):
            foreign = foreign_for(theirs, name_in(place))
            made += [(request.having(place, one), request.having(place, twin(one))) for one in foreign]
    return made


def foreign_for(theirs: Mapping[str, str], name: str) -> list[str]:
    """What of theirs fits there; a cursor may be the id of anything."""
    if name == "after":
        return [theirs[table] for table in CURSORS if table in theirs][
            : None if os.environ.get("LONG") else 1
        ]
    return [found for found in [thing(theirs, name)] if found != NOTHING]


NEEDS_A_STATE = {
    "referrals GET /persons/{person_id}/lock": "nobody of theirs is locked",
    "referrals POST /persons/{person_id}/erasure": "it takes no version, and they would be gone",
}
"""Routes that find a thing only in a state that none of theirs is in, or end it; each with its reason."""

NOTHING = "00000000-0000-7000-8000-000000000000"
CURSORS = ("referrals", "persons", "staff", "notices")


@pytest.mark.parametrize("service", RECORDED)
async def test_what_is_theirs_answers_as_what_does_not_exist(lives: Lives, service: str) -> None:
    secret, before = lives.secrets(lives.theirs), lives.state(lives.theirs)
    told, tried = [], 0
    for operation in (one for one in swept() if one.service == service):
        for name, token in askers(lives.ours, operation).items():
            for foreign, unknown in attempts(lives, operation):
                answers = [await lives.asked(one, token) for one in (foreign, unknown)]
                tried += 1
                told += [f"{name}: {operation}: {said}" for said in differing(*answers, secret=secret)]
                told += [
                    f"{name}: {operation}: not signed in" for one in answers if is_nobodys(operation, one)
                ]

    assert told == []
    assert tried > 0
    assert lives.state(lives.theirs) == before


@pytest.mark.parametrize("service", RECORDED)
async def test_no_list_holds_anything_of_theirs(lives: Lives, service: str) -> None:
    secret, told = lives.secrets(lives.theirs), []
    for operation in (one for one in swept() if one.service == service and is_list(one)):
        plain = operation.request(lambda _: NOTHING)
        for name, token in askers(lives.ours, operation).items():
            for query in [{}, *({one: chosen} for one, chosen in operation.filters())]:
                request = replace(plain, query={**plain.query, **query})
                answer = await lives.asked(request, token)
                said = [*differing(answer, answer, secret=secret)]
                said += ["not signed in"] * is_nobodys(operation, answer)
                told += [f"{name}: {operation} {query}: {one}" for one in said]

    assert told == []


async def test_what_is_theirs_is_there_for_them(lives: Lives) -> None:
    """Or the sweep would say nothing: each of its routes finds what is theirs for somebody of theirs."""
    unseen = [
        str(operation)
        for operation in swept()
        if any(place[0] != "query" for place in private(operation)) and str(operation) not in NEEDS_A_STATE
        if not await is_found(lives, operation)
    ]

    assert unseen == []


async def is_found(lives: Lives, operation: Operation) -> bool:
    """Asked with a version that nothing has, so that no command is carried out."""
    theirs = lives.things(lives.theirs, operation.service)
    plain = operation.request(partial(thing, theirs))
    more = [plain.having(place, thing(theirs, name_in(place))) for place in private(operation)]
    for request in (plain, *more):
        for token in lives.theirs.tokens().values():
            if (await lives.asked(request, token, version=10**6)).status_code not in {401, 404, 422}:
                return True
    return False


def askers(life: Life, operation: Operation) -> dict[str, str]:
    """Whoever may use the route, and who administers; with the full numbers everybody."""
    tokens = {name: token for name, token in life.tokens().items() if not is_for_the_network(operation, name)}
    if os.environ.get("LONG"):
        return tokens
    fitting = {name for name in tokens if life.roles(name) & operation.roles or not operation.roles}
    return {name: token for name, token in tokens.items() if name in (fitting | {"own"}) - {"house"}}


def headers(answer: Response) -> dict[str, str]:
    """What is said in the headers but for the time and the name of this very request."""
    return {name: said for name, said in answer.headers.items() if name not in {"date", "x-correlation-id"}}


def is_list(operation: Operation) -> bool:
    return operation.method == "GET" and "{" not in operation.path and not operation.path.endswith("/live")


def is_nobodys(operation: Operation, answer: Response) -> bool:
    """Whether nobody was asked for: a sweep whose tokens are over finds nothing."""
    return bool(operation.roles) and answer.status_code == 401


def is_for_the_network(operation: Operation, who: str) -> bool:
    return who == "network" and not operation.roles.isdisjoint(FOR_THE_NETWORK)


def differing(foreign: Response, unknown: Response, *, secret: frozenset[str]) -> Iterator[str]:
    """What an answer tells of others: by how it differs, or by an id that only they may know."""
    if (foreign.status_code, foreign.text) != (unknown.status_code, unknown.text):
        yield f"{foreign.status_code} {foreign.text[:120]} for theirs, {unknown.status_code} for nothing"
    if (found := headers(foreign)) != (other := headers(unknown)):
        yield f"other headers: {found.items() ^ other.items()}"
    for answer in (foreign, unknown):
        if answer.status_code >= 500:
            yield f"{answer.status_code}"
        yield from (f"the id {one}" for one in secret.intersection(UUID_TEXT.findall(answer.text)))
