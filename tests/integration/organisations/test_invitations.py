"""An association comes in by a link: once, in time, and with everything at once or nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from services.organisations.domain.sign_in import digest_of
from shared.ids import new_id
from tests.integration.organisations.directory import Directory


async def invited(directory: Directory) -> dict[str, Any]:
    body = {"name": "Föreningen Nya (demo)", "kind": "association", "legal_kind": "association"}
    return await directory.made("/invitations", await directory.operator(), **body)


async def join(directory: Directory, secret: str, **changes: str) -> httpx2.Response:
    body = {
        "secret": secret,
        "team_name": "Mottagningen",
        "admin_name": "Amina H.",
        "login": f"login-{new_id()}",
    }
    address = f"{directory.address}/invitations/acceptance"
    return await directory.network.http.post(address, json=body | changes)


async def test_an_association_comes_in_with_team_and_administrator(directory: Directory) -> None:
    invitation = await invited(directory)

    answer = await join(directory, invitation["secret"], login="first-admin")

    made = answer.json()
    admin = await directory.token(login="first-admin")
    organisation = (await directory.get(answer.headers["Location"], admin)).json()
    team = await directory.made("/teams", admin, organisation_id=made["organisation_id"], name="Kvällslaget")
    assert (answer.status_code, organisation["name"]) == (201, "Föreningen Nya (demo)")
    assert (organisation["kind"], organisation["legal_kind"]) == ("association", "association")
    assert team["organisation_id"] == made["organisation_id"]
    types = [one["type"] for one in await directory.told()][:3]
    assert types == ["organisation.registered.v1", "team.opened.v1", "staff.appointed.v1"]
    (seen,) = await directory.listed("/invitations", await directory.operator())
    assert seen["organisation_id"] == made["organisation_id"]
    assert "secret" not in seen


async def test_of_many_at_once_one_comes_in(directory: Directory) -> None:
    invitation = await invited(directory)

    answers = await asyncio.gather(*(join(directory, invitation["secret"]) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    refused = [answer.json()["type"] for answer in answers if answer.status_code == 409]
    assert refused == ["/problems/invitation-over"] * 2
    assert len(await directory.rows("select from organisations")) == 1


async def test_an_old_link_and_a_guess_are_answered_alike(directory: Directory) -> None:
    invitation = await invited(directory)
    await directory.rows("update clock set shift = shift + interval '14 days' returning shift")

    old, guess = [await join(directory, secret) for secret in (invitation["secret"], "a" * 43)]

    assert (old.status_code, old.json()) == (409, guess.json())
    assert await directory.rows("select from organisations") == []


async def test_a_login_that_is_taken_makes_nothing_and_leaves_the_link(directory: Directory) -> None:
    house, invitation = await directory.a_house(), await invited(directory)

    taken = await join(directory, invitation["secret"], login=house.admin.login)
    again = await join(directory, invitation["secret"])

    assert (taken.json()["type"], again.status_code) == ("/problems/login-taken", 201)
    assert len(await directory.rows("select from organisations")) == 2


async def test_only_the_network_invites_and_nobody_reads_the_secret(directory: Directory) -> None:
    house, invitation = await directory.a_house(), await invited(directory)

    refused = await directory.post("/invitations", house.admin.token, name="Ny", kind="association")
    unseen = await directory.get("/invitations", house.admin.token)

    assert [answer.json()["type"] for answer in (refused, unseen)] == ["/problems/role-missing"] * 2
    (row,) = await directory.rows("select * from invitations")
    assert row["digest"] == digest_of(invitation["secret"])
    assert invitation["secret"] not in str(row)


async def test_a_revoked_link_opens_nothing_and_is_seen_as_such(directory: Directory) -> None:
    invitation, operator = await invited(directory), await directory.operator()
    path = f"/invitations/{invitation['id']}/revoke"

    revoked = await directory.command(path, operator, version=1)
    late = await join(directory, invitation["secret"])
    again = await directory.command(path, operator, version=2)

    assert (revoked.status_code, revoked.json()["version"]) == (200, 2)
    assert [late.json()["type"], again.json()["type"]] == ["/problems/invitation-over"] * 2
    (seen,) = await directory.listed("/invitations", operator)
    assert (seen["revoked_at"] is not None, seen["used_at"]) == (True, None)
