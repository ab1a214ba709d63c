"""A new association comes in by its link, and has its first referral after twelve interactions at most."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from playwright.async_api import Locator, Page, expect

from tests.browser import story
from tests.browser.conftest import NewPage
from tests.browser.story import Somebody

AT_MOST = 12


@dataclass(slots=True)
class Hand:
    """What the association does: every link opened, click, tick and field filled in is one interaction."""

    page: Page
    done: list[str] = field(default_factory=list)

    async def open(self, address: str) -> None:
        self.done.append("open the link")
        await self.page.goto(address)

    async def click(self, words: str, *, role: str = "button") -> None:
        self.done.append(f"click {words}")
        target: Locator = self.page.get_by_role(role, name=words, exact=True)  # type: ignore[arg-type]
        await target.first.click()

    async def fill(self, label: str, text: str) -> None:
        self.done.append(f"fill in {label}")
        await self.page.get_by_label(label, exact=True).fill(text)

    async def tick(self, label: str) -> None:
        self.done.append(f"tick {label}")
        await self.page.get_by_role("checkbox", name=label, exact=True).check()


async def test_from_invitation_to_the_first_referral_in_twelve_interactions(new_page: NewPage) -> None:
    network, caseworker, association = await new_page(), await new_page(), await new_page()
    asked: list[str] = []
    association.on("request", lambda request: asked.append(urldefrag(request.url).url))
    mark = secrets.token_hex(3)
    name, offering = f"Föreningen {mark} (demo)", f"Följeslagare {mark}"
    await story.sign_in(network, "coordinator")
    link = await story.invite(network, name)
    hand = Hand(association)

    await hand.open(link)
    await expect(association.get_by_label("Kod", exact=True)).to_be_hidden()
    await hand.fill("Ditt namn", "Alva T.")
    await hand.fill("Din inloggning", f"alva-{mark}")
    await hand.click("Gå med")
    await hand.click(f"Logga in som alva-{mark}")
    await hand.click("Jag tar emot själv")
    await hand.click("Jag lovar")
    await hand.click("Lägg upp er första insats", role="link")
    await hand.fill("Vad heter insatsen?", offering)
    await hand.tick("Gemenskap")
    await hand.click("Lägg upp")
    await expect(association.get_by_role("heading", name=offering)).to_be_visible()

    await story.agree(network, name, "Socialförvaltningen (demo)")
    await story.settle(network)
    await story.sign_in(caseworker, "caseworker-a")
    await story.write_down(caseworker, Somebody(), need="loneliness")
    await story.choose_receiver(caseworker, offering)
    await story.say_yes(caseworker)
    referral_id = caseworker.url.split("/")[-2]
    await story.send(caseworker)
    await story.let_go(caseworker)
    await expect(caseworker.locator("#lage .state")).to_have_text("Skickad")

    await hand.click("Inkorg", role="link")
    await expect(association.locator(f"[data-id='{referral_id}']")).to_be_visible()
    assert len(hand.done) <= AT_MOST, hand.done
    assert not [address for address in asked if link.partition("#")[2] in address]
    await story.open_referral(association, referral_id)
