"""A consent that was asked for in easy Swedish, by its language tag and the hash of that very text."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.integration.referrals.kinds import PARTICIPATION, PROCESSING, RELEASE, a_sensitive_draft, said
from tests.integration.referrals.world import World

EASY = "sv-x-lattlast"
KINDS = (RELEASE, PROCESSING, PARTICIPATION)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_text_is_served_and_its_hash_is_the_proof(world: World, kind: str) -> None:
    draft = await a_sensitive_draft(world)
    address = f"/consent-texts?kind={kind}&referral_id={draft['id']}&language="
    text = await world.get(address + EASY, world.sender)
    plain = await world.get(f"{address}sv", world.sender)
    shown = {"language": EASY, "text_sha256": text["text_sha256"]}

    wrong = await said(world, draft, kind, language=EASY)
    right = await said(world, draft, kind, **shown)
    unknown = await world.call("GET", f"{address}sv-x-svar", world.sender)

    assert text["text_sha256"] == sha256(text["text"].encode()).hexdigest() != plain["text_sha256"]
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "text_sha256")
    assert (right.status_code, right.json()["language"]) == (201, EASY)
    assert unknown.status_code == 422
