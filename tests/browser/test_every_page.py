"""Every page of the story, looked at as it is met: axe, both widths, a picture."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser import story
from tests.browser.conftest import NewPage
from tests.browser.look import Look
from tests.browser.story import Somebody

SENDERS_HEADING = re.compile(r"^Överlämning Ö-\w{4}-\w\w$")
RECEIVERS_HEADING = re.compile(r"^Svenska språket Ö-\w{4}-\w\w$")
AMINA = Somebody(given_name="Amina", family_name="Påhittad", phone="070-174 06 05")


async def test_the_senders_pages(new_page: NewPage, tmp_path: Path) -> None:
    look, page = Look.into(tmp_path), await new_page()
    await page.goto("/logga-in")
    await look.at(page, "logga-in", "Logga in")
    await story.sign_in(page, "caseworker-a")
    await look.at(page, "overlamningar", "Mina överlämningar")
    await _ask_first(look, page)
    await _write_down(look, page)
    await _choose(look, page)
    await _ask_consent(look, page)
    await look.at(page, "granska", "Granska och skicka")
    referral_id = page.url.split("/")[-2]
    await story.send(page)
    await look.at(page, "skickas-strax", SENDERS_HEADING)
    await story.let_go(page)
    await expect(page.locator("#lage .state")).to_have_text("Skickad")
    await page.goto(f"/overlamningar/{referral_id}")
    await look.at(page, "overlamning-skickad", SENDERS_HEADING)
    await page.get_by_role("link", name="Dra tillbaka").click()
    await page.get_by_role("button", name="Dra tillbaka").click()
    await look.at(page, "dra-tillbaka-fel", "Dra tillbaka överlämningen", refused=True)
    await page.goto(f"/overlamningar/{referral_id}")
    await page.get_by_role("link", name="Ta tillbaka samtycket").click()
    await look.at(page, "ta-tillbaka", "Ta tillbaka samtycket")


async def test_the_receivers_pages(new_page: NewPage, tmp_path: Path) -> None:
    look, sender, page = Look.into(tmp_path), await new_page(), await new_page()
    await story.sign_in(sender, "caseworker-a")
    await story.sign_in(page, "recipient-b")
    referral_id = await story.draft_with_consent(sender, AMINA)
    await story.send(sender)
    await story.let_go(sender)
    await expect(page.locator(f"[data-id='{referral_id}']")).to_be_visible()
    await look.at(page, "inkorg", "Inkorg")
    await page.goto("/aviseringar")
    await look.at(page, "aviseringar", "Aviseringar")
    await page.goto(f"/inkorg/{referral_id}")
    await look.at(page, "kort", RECEIVERS_HEADING)
    await page.get_by_role("link", name="Öppna", exact=True).click()
    await page.get_by_role("button", name="Öppna", exact=True).click()
    await look.at(page, "oppna-fel", "Öppna överlämningen", refused=True)
    await story.open_referral(page, referral_id)
    await look.at(page, "oppnad", RECEIVERS_HEADING)
    await page.get_by_role("link", name="Kan inte ta emot").click()
    await page.get_by_role("button", name="Avböj").click()
    await look.at(page, "avboj-fel", "Kan inte ta emot", refused=True)
    await page.goto(f"/inkorg/{referral_id}/ta-emot")
    await look.at(page, "ta-emot", "Ta emot")
    await story.accept(page, referral_id)
    await look.at(page, "mottagen", RECEIVERS_HEADING)
    await story.withdraw(sender, referral_id)
    await look.at(sender, "aterkallat", "Samtycket är återkallat")
    await page.goto(f"/inkorg/{referral_id}")
    await look.at(page, "delningen-har-upphort", "Delningen har upphört")


async def test_the_admins_pages(new_page: NewPage, tmp_path: Path) -> None:
    look, sender, page = Look.into(tmp_path), await new_page(), await new_page()
    await story.sign_in(sender, "caseworker-a")
    await story.draft_with_consent(sender, Somebody())
    await story.sign_in(page, "netadmin")
    await page.goto("/floden")
    await look.at(page, "floden", "Flöden")
    await page.locator("tbody a").first.click()
    await look.at(page, "en-vag", "En väg")


async def test_the_persons_page_and_the_calm_ones(new_page: NewPage, tmp_path: Path) -> None:
    look, page = Look.into(tmp_path), await new_page()
    await story.sign_in(page, "person-1")
    await look.at(page, "min-vag", "Min väg")
    await page.goto("/finns-inte")
    await look.at(page, "finns-inte", "Sidan finns inte")
    await page.goto("/problems/consent-missing")
    await look.at(page, "problem", "Samtycke saknas")


async def _ask_first(look: Look, page: Page) -> None:
    await page.goto("/overlamningar/ny")
    await page.get_by_role("button", name="Fortsätt").click()
    await look.at(page, "ny-1-fraga-fel", "Ny överlämning", refused=True)
    await page.goto("/overlamningar/ny/rutin")
    await look.at(page, "ny-rutin", "Lägg inte in personen här")


async def _write_down(look: Look, page: Page) -> None:
    await page.goto("/overlamningar/ny/person")
    await page.get_by_label("Förnamn").fill("Amina")
    await page.get_by_label("Födelseår").fill("nittio")
    await page.get_by_role("button", name="Spara och fortsätt").click()
    await expect(page.get_by_label("Förnamn")).to_have_value("Amina")
    await look.at(page, "ny-2-person-fel", "Personen", refused=True)
    await story.write_person(page, AMINA)
    await look.at(page, "ny-3-behov", "Mål och behov")
    await story.state_need(page)


async def _choose(look: Look, page: Page) -> None:
    await look.at(page, "ny-4-mottagare", "Mottagare")
    await page.get_by_role("radio", name="Språkcafé,").check()
    await page.get_by_role("button", name="Fortsätt").click()
    await look.at(page, "ny-5-uppgifter", "Uppgifter som mottagaren behöver")
    await page.get_by_role("button", name="Spara utkastet").click()


async def _ask_consent(look: Look, page: Page) -> None:
    await look.at(page, "ny-6-samtycke", "Samtycke att lämna uppgifter")
    await page.get_by_role("button", name="Spara svaret").click()
    await look.at(page, "ny-6-samtycke-fel", "Samtycke att lämna uppgifter", refused=True)
    await story.say_yes(page)
