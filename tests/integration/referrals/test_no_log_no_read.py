"""Whatever a route shows of what was sealed it has written into the access log, or it shows nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deploy.documents.openapi import api_of
from shared import crypto
from shared.events.base import Role
from tests.integration.referrals import homes, offering
from tests.integration.referrals.test_signposts import a_door
from tests.integration.referrals.test_steps import a_need_of, a_step
from tests.integration.referrals.world import OPEN, STARTED, Member, World

BESIDE = {
    "/positions": "for services alone: numbers and hashes",
    "/log": "for services alone: events, which are thin",
    "/ledger/head": "for who looks after an organisation: lengths and hashes",
    "/locked-paths": "for services alone: ids",
    "/admissions/{admission_id}": "for services alone: the id of whom it lets in",
    "/persons/{person_id}/lock": "for the two alone: ids and times",
    "/path-templates": "the same for everybody: nothing in it is of a person",
}
"""Routes that the story's people do not ask."""

CODE = re.compile(r"[a-z_\d-]*")
"""What may be shown without having been said: codes and dates."""


class Sealing:
    """Takes the place of the cipher, and notes every word that is sealed."""

    words: set[str] = set()  # noqa: RUF012 - one for all keys

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        if not bound_to.startswith(b"idempotency:"):
            self.words |= set(words_of(plain))
        return self._cipher.encrypt(nonce, plain, bound_to)

    def decrypt(self, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        return self._cipher.decrypt(nonce, sealed, bound_to)


def words_of(plain: bytes) -> Iterator[str]:
    """The texts of what is sealed, but for keys and codes."""
    try:
        text = plain.decode()
    except UnicodeDecodeError:
        return
    try:
        said = json.loads(text)
    except ValueError:
        said = text
    waiting = [said]
    while waiting:
        match waiting.pop():
            case dict() as one:
                waiting += one.values()
            case list() as some:
                waiting += some
            case str() as text if not CODE.fullmatch(text):
                yield text


class Life:
    """One person, and one of everything that a route may ask for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[str, list[str]] = {}

    def note(self, **ids: str) -> None:
        for name, one in ids.items():
            self.ids.setdefault(name, []).append(one)

    async def live(self) -> None:
        person = await self.world.a_person()
        self.note(person_id=person["id"])
        self.her = self.world.person_token(person["id"])
        await self._plan(person["id"])
        await self._meet()
        await self._decline()
        await self._withdraw()
        await self._ask_many()

    async def _a_draft(self) -> dict[str, Any]:
        draft = await self.world.a_draft(await self.world.a_need(self.ids["person_id"][0]))
        consent = await self.world.a_consent(draft)
        self.note(referral_id=draft["id"], consent_id=consent["id"])
        return draft

    async def _plan(self, person_id: str) -> None:
        world = self.world
        path = await world.post("/paths", world.sender, {"person_id": person_id, "goal": "Eget arbete!"})
        step = await a_step(world, path)
        need = await a_need_of(world, step)
        pointed = {"need_id": need["id"], "offering_id": await a_door(world)}
        signpost = await world.post("/signposts", world.sender, pointed)
        closed = await homes.done(world, need, "close")
        rating = await world.post(
            "/me/ratings", self.her, {"domain": "health", "step": 2, "words": "Så där."}
        )
        self.note(path_id=path["id"], step_id=step["id"], need_id=closed["id"], signpost_id=signpost["id"])
        self.note(rating_id=rating["id"])
        moved = await homes.an_offer(world)
        self.note(transfer_id=moved["id"])

    async def _meet(self) -> None:
        world, there = self.world, self.world.association
        referral = await world.done(await self._a_draft(), "send", world.sender)
        referral = await world.done(referral, "open", there, OPEN)
        referral = await world.done(referral, "ask", there, {"question": "Vilka tider?"})
        referral = await world.done(referral, "answer", world.sender, {"text": "Bara kvällar."})
        referral = await world.done(referral, "accept", there, world.accepting())
        referral = await world.done(referral, "start", there, STARTED)
        done = {"outcome": "met", "sentence": "Hon kommer varje vecka."}
        referral = await world.done(referral, "complete", there, done)
        said = {"met": False, "sentence": "Jag fick ingen hjälp."}
        outcome = await world.post(f"/me/referrals/{referral['id']}/outcomes", self.her, said)
        self.note(outcome_id=outcome["id"])

    async def _decline(self) -> None:
        world = self.world
        sent = await world.done(await self._a_draft(), "send", world.sender)
        no = {"reason": "other", "sentence": "Vi har fullt.", "text": "Hör gärna av er igen."}
        await world.done(sent, "decline", world.association, no)
        sent = await world.done(await self._a_draft(), "send", world.sender)
        await world.done(sent, "open", world.association, OPEN)

    async def _withdraw(self) -> None:
        world = self.world
        sent = await world.done(await self._a_draft(), "send", world.sender)
        await world.done(sent, "open", world.association, OPEN)
        consent = f"/consents/{self.ids['consent_id'][-1]}"
        await world.post(f"{consent}/withdrawal", world.sender, {})
        [holder] = (await world.get(f"{consent}/holders", world.sender))["items"]
        kept = {"answer": "kept_by_law", "ground": "Bokföringslagen 7:2."}
        await world.post(f"/disclosures/{holder['disclosure_id']}/receipt", world.association, kept)

    async def _ask_many(self) -> None:
        members = [self.world.association, *await offering.more_members(self.world)]
        need = await self.world.a_need(self.ids["person_id"][0])
        opened = await offering.an_open_offer(self.world, *members, need=need)
        self.note(offer_id=opened["id"])

    def callers(self, roles: list[str]) -> list[Member | str]:
        """Whoever of the story has one of a route's roles."""
        world = self.world
        theirs: Mapping[str, list[Member | str]] = {
            Role.CASEWORKER: [world.sender, homes.asked(world)],
            Role.RECIPIENT: [world.association],
            Role.PERSON: [self.her],
        }
        return [one for role, some in theirs.items() if role in roles for one in some]

    def addresses(self, path: str) -> list[str]:
        """The addresses of a route for everything in the story, with what its query must say."""
        names = re.findall(r"\{(\w+)\}", path)
        filled = [
            path.format(**dict(zip(names, ids, strict=True)))
            for ids in product(*(self.ids[name] for name in names))
        ]
        asks = {
            "/signposts": f"?need_id={self.ids['need_id'][0]}",
            "/consents": f"?referral_id={self.ids['referral_id'][0]}",
            "/consent-texts": f"?kind=secrecy_release&referral_id={self.ids['referral_id'][0]}&language=sv",
        }
        return [one + asks.get(path, "") for one in filled]


@pytest.fixture
def sealing(monkeypatch: pytest.MonkeyPatch) -> type[Sealing]:
    monkeypatch.setattr(crypto, "AESGCM", Sealing)
    monkeypatch.setattr(Sealing, "words", set())
    return Sealing


def routes() -> Iterator[tuple[str, list[str]]]:
    """Every address that may be read, and by which roles."""
    for path, methods in api_of("referrals").openapi()["paths"].items():
        if "get" in methods and path not in BESIDE:
            yield path, methods["get"]["x-roles"]


async def test_what_shows_a_sealed_word_is_logged_or_shows_nothing(
    living_world: World, sealing: type[Sealing]
) -> None:
    life = Life(living_world)
    await life.live()
    assert {"Amina", "Eget arbete!", "Vi har fullt.", "Bokföringslagen 7:2."} <= sealing.words

    showing: list[tuple[str, Member | str]] = []
    unanswered = {path for path, _ in routes()}
    async with living_world.counting("access_log") as logged:
        before = await logged()
        for path, roles in routes():
            for address, caller in product(life.addresses(path), life.callers(roles)):
                answer = await living_world.call("GET", address, caller)
                if answer.status_code != HTTPStatus.OK:
                    continue
                unanswered.discard(path)
                after = await logged()
                shown = [one for one in sealing.words if json.dumps(one, ensure_ascii=False) in answer.text]
                if shown:
                    assert after > before, (path, shown)
                    showing.append((address, caller))
                before = after
    assert unanswered == set()
    assert len(showing) > 30

    await living_world.as_owner("revoke insert on access_log from referrals")
    for address, caller in showing:
        answer = await living_world.call("GET", address, caller)
        assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR, address
        assert not [word for word in sealing.words if word in answer.text], address
