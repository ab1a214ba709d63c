"""The pages of the network, looked at as they are met: axe, both widths, a picture."""

from __future__ import annotations

import secrets
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser import story
from tests.browser.conftest import NewPage
from tests.browser.look import Look


async def test_the_pages_of_those_who_seek(new_page: NewPage, tmp_path: Path) -> None:
    look, page = Look.into(tmp_path), await new_page()
    for path, name, heading in (
        ("/insatser", "insatser", "Öppet för alla"),
        ("/moten", "moten", "Mötesplatser"),
    ):
        await page.goto(path)
        await look.at(page, name, heading)
    await story.sign_in(page, "caseworker-a")
    await page.goto("/hitta?need=language&area=B041&age=34&language=fa&access=step_free")
    await look.at(page, "hitta", "Hitta insats")
    await page.goto("/hitta?need=language&area=B022")
    await page.get_by_role("link", name="Språkcafé", exact=True).click()
    await look.at(page, "hitta-insats", "Språkcafé")
    await page.get_by_role("link", name="Rapportera fel").click()
    await page.get_by_role("button", name="Rapportera").click()
    await look.at(page, "rapportera-fel", "Rapportera fel", refused=True)
    await page.get_by_label("Fel om tiderna").check()
    await page.get_by_role("button", name="Rapportera").click()
    await look.at(page, "rapporterat", "Tack")
    await page.goto("/matris")
    await look.at(page, "matris", "Nätverkets luckor")


async def test_the_pages_of_an_associations_administrator(new_page: NewPage, tmp_path: Path) -> None:
    look, page = Look.into(tmp_path), await new_page()
    await story.sign_in(page, "orgadmin-b")
    await look.at(page, "var-organisation", "Föreningen Öppna Dörren (demo)")
    await page.goto("/vara-insatser")
    await look.at(page, "vara-insatser", "Våra insatser")
    await page.get_by_role("link", name="Promenadgruppen", exact=True).click()
    await page.get_by_label("Vad heter insatsen?").fill("")
    await page.get_by_label("Lägsta ålder").first.fill("arton")
    await page.get_by_role("button", name="Spara").first.click()
    await look.at(page, "insats-fel", "Promenadgruppen", refused=True)
    await page.goto("/var-organisation/uppgifter")
    await look.at(page, "om-organisationen", "Om organisationen")
    await page.goto("/medarbetare")
    await look.at(page, "medarbetare", "Medarbetare")
    await page.get_by_role("link", name="Lägg till en kollega").click()
    await page.get_by_role("button", name="Lägg till").click()
    await look.at(page, "ny-kollega-fel", "En ny kollega", refused=True)
    await page.goto("/tystnadsloftet")
    await look.at(page, "tystnadsloftet", "Tystnadslöftet")


async def test_the_pages_of_joining(new_page: NewPage, tmp_path: Path) -> None:
    look, network, page = Look.into(tmp_path), await new_page(), await new_page()
    await story.sign_in(network, "coordinator")
    await network.goto("/natverket/inbjudningar")
    await network.get_by_role("button", name="Gör en inbjudan").click()
    await look.at(network, "inbjudningar-fel", "Inbjudningar", refused=True)
    link = await story.invite(network, "Föreningen Nya (demo)")
    await _without_its_secret(network)
    await look.at(network, "inbjudan-klar", "Inbjudan är klar")
    await network.goto("/natverket/overenskommelser")
    await look.at(network, "overenskommelser", "Överenskommelser")
    await page.goto("/inbjudan")
    await look.at(page, "ga-med", "Gå med i nätverket")
    await _join(page, link)
    await look.at(page, "valkommen", "Välkommen")
    await page.get_by_role("button", name="Logga in som").click()
    await look.at(page, "ny-organisation", "Föreningen Nya (demo)")


async def test_joining_needs_no_script(new_page: NewPage) -> None:
    network, page = await new_page(script=False), await new_page(script=False)
    await story.sign_in(network, "coordinator")
    link = await story.invite(network, "Föreningen Enkla (demo)")

    await page.goto(link)
    await _join(page, link)
    await page.get_by_role("button", name="Logga in som").click()
    await page.get_by_role("button", name="Jag tar emot själv").click()

    await expect(page.get_by_role("button", name="Jag lovar")).to_be_visible()


async def _join(page: Page, link: str) -> None:
    await page.get_by_label("Kod", exact=True).fill(link.partition("#")[2])
    await page.get_by_label("Ditt namn").fill("Alva T.")
    await page.get_by_label("Din inloggning").fill(f"alva-{secrets.token_hex(3)}")
    await page.get_by_role("button", name="Gå med").click()


async def _without_its_secret(page: Page) -> None:
    """A picture that is kept shows no secret."""
    await page.get_by_label("Länk").evaluate("field => field.value = field.value.split('#')[0] + '#…'")
