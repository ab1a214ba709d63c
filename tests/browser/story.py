"""The first story's steps, done the way a person does them: by label, button and link."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from playwright.async_api import Page, expect

CONDITION = "Mottagaren får inte lämna uppgifterna vidare."
GIVEN_NAMES = ("Amina", "Yusuf", "Leyla", "Maria", "Samir")


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented person, new for each story."""

    given_name: str = field(default_factory=lambda: secrets.choice(GIVEN_NAMES))
    family_name: str = field(default_factory=lambda: f"Påhittad{secrets.token_hex(3)}")
    phone: str = field(default_factory=lambda: f"070-174 06 {secrets.randbelow(95) + 5:02d}")


async def sign_in(page: Page, login: str) -> None:
    await page.goto("/logga-in")
    await page.get_by_role("button", name=re.compile(rf"^{login}\b")).click()
    await page.wait_for_url(lambda url: "logga-in" not in url)


async def write_down(page: Page, person: Somebody, need: str = "language") -> None:
    """The question about protected identity, the person, her goal and need."""
    await page.goto("/overlamningar")
    await page.get_by_role("link", name="Ny överlämning", exact=True).click()
    await page.get_by_label("Nej", exact=True).check()
    await page.get_by_role("button", name="Fortsätt").click()
    await write_person(page, person)
    await state_need(page, need)


async def write_person(page: Page, person: Somebody) -> None:
    await page.get_by_label("Förnamn").fill(person.given_name)
    await page.get_by_label("Efternamn").fill(person.family_name)
    await page.get_by_label("Födelseår").fill("1990")
    await page.get_by_label("Telefon").fill(person.phone)
    await page.get_by_role("button", name="Spara och fortsätt").click()


async def state_need(page: Page, need: str = "language") -> None:
    await page.get_by_label("Vad vill personen själv nå?").fill("Prata svenska med andra")
    await page.get_by_label("Behov").select_option(need)
    await page.get_by_label("Stadsområde").select_option("B022")
    await page.get_by_label("Individ och kamrater").check()
    await page.get_by_label("Vanlig").check()
    await page.get_by_role("button", name="Spara och fortsätt").click()


async def choose_receiver(page: Page, offering: str = "Språkcafé") -> None:
    """An offering that fits, with the items it asks for as they are proposed."""
    await page.get_by_role("radio", name=f"{offering},").check()
    await page.get_by_role("button", name="Fortsätt").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Uppgifter som mottagaren behöver")
    await page.get_by_role("button", name="Spara utkastet").click()


async def say_yes(page: Page) -> None:
    """Every item is ticked by hand; none is from the start."""
    await page.get_by_label("Ja, de uppgifter").check()
    boxes = page.get_by_role("group", name="Vilka uppgifter").get_by_role("checkbox")
    for box in await boxes.all():
        await expect(box).not_to_be_checked()
        await box.check()
    await page.get_by_label(CONDITION).check()
    await page.get_by_label("Muntligt").check()
    await page.get_by_role("button", name="Spara svaret").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Granska och skicka")


async def draft_with_consent(page: Page, person: Somebody) -> str:
    """Everything up to the check page; gives the referral's id."""
    await write_down(page, person)
    await choose_receiver(page)
    await say_yes(page)
    return page.url.split("/")[-2]


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Skicka", exact=True).click()
    await expect(page.get_by_role("button", name="Ångra")).to_be_visible()


async def let_go(page: Page) -> None:
    """The time in which the sender may change her mind passes, for the whole house."""
    answer = await page.request.post("/demo/clock", data={"advance": "PT1M"})
    assert answer.ok, answer.status


async def open_referral(page: Page, referral_id: str) -> None:
    await page.goto(f"/inkorg/{referral_id}")
    await page.get_by_role("link", name="Öppna", exact=True).click()
    await expect(page.get_by_role("listitem").filter(has_text=CONDITION)).to_be_visible()
    await page.get_by_label("Jag godkänner villkoren").check()
    await page.get_by_label("tystnadslöftet").check()
    await page.get_by_role("button", name="Öppna", exact=True).click()
    await expect(page.get_by_role("heading", name="Det som lämnades")).to_be_visible()


async def items_seen(page: Page) -> dict[str, str]:
    """What stands under "Det som lämnades"."""
    names = await page.locator("#uppgifter dt").all_inner_texts()
    values = await page.locator("#uppgifter dd").all_inner_texts()
    return dict(zip(names, values, strict=True))


async def accept(page: Page, referral_id: str) -> None:
    await page.goto(f"/inkorg/{referral_id}")
    await page.get_by_role("link", name="Ta emot", exact=True).click()
    await page.get_by_role("button", name="Ta emot").click()
    await expect(page.locator(".state").first).to_have_text("Mottagen")


async def withdraw(page: Page, referral_id: str) -> None:
    await page.goto(f"/overlamningar/{referral_id}")
    await page.get_by_role("link", name="Ta tillbaka samtycket").click()
    await page.get_by_role("button", name="Ta tillbaka samtycket").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Samtycket är återkallat")


async def invite(page: Page, organisation: str) -> str:
    """The network invites; gives the link."""
    await page.goto("/natverket/inbjudningar")
    await page.get_by_label("Organisationens namn").fill(organisation)
    await page.get_by_role("button", name="Gör en inbjudan").click()
    return await page.get_by_label("Länk").input_value()


async def agree(page: Page, *parties: str) -> None:
    """The network writes down that they cooperate."""
    await page.goto("/natverket/overenskommelser")
    await page.get_by_label("Samverkan", exact=True).check()
    for party in parties:
        await page.get_by_label(party, exact=True).check()
    await page.get_by_role("button", name="Skriv in").click()
    await expect(page.get_by_role("listitem").filter(has_text=parties[0]).first).to_be_visible()


async def settle(page: Page) -> None:
    """Every service has heard what was told."""
    answer = await page.request.post("/demo/settle", data={})
    assert answer.ok, answer.status
