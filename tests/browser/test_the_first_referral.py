"""The first story, in a real browser: one referral goes through the whole house."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser import story
from tests.browser.conftest import NewPage
from tests.browser.story import Somebody


async def test_a_referral_goes_through_the_whole_house(new_page: NewPage) -> None:
    person = Somebody()
    caseworker, partner, admin = await new_page(), await new_page(), await new_page()
    await story.sign_in(caseworker, "caseworker-a")
    await story.sign_in(partner, "recipient-b")
    await story.sign_in(admin, "netadmin")

    referral_id = await story.draft_with_consent(caseworker, person)
    await story.send(caseworker)
    await story.let_go(caseworker)
    await expect(caseworker.locator("#lage .state")).to_have_text("Skickad")
    await expect(partner.locator(f"[data-id='{referral_id}']")).to_be_visible()
    await expect(partner.locator("#sagt")).to_have_text("1 ny överlämning")

    await story.open_referral(partner, referral_id)
    assert await story.items_seen(partner) == {
        "Förnamn": person.given_name,
        "Telefon": person.phone,
        "Språk": "svenska",
    }
    assert person.family_name not in await partner.content()

    await story.accept(partner, referral_id)
    await caseworker.goto(f"/overlamningar/{referral_id}")
    await expect(caseworker.locator("#lage .state")).to_have_text("Mottagen")
    await _sees_notice(caseworker, referral_id, "Din överlämning är mottagen")

    await _traces(admin, person, ["Överlämningen skickades", "Överlämningen togs emot"])

    await story.withdraw(caseworker, referral_id)
    await partner.goto(f"/inkorg/{referral_id}")
    await expect(partner.get_by_role("heading", level=1)).to_have_text("Delningen har upphört")
    assert person.given_name not in await partner.content()
    await _traces(admin, person, ["Samtycket återkallades"])


async def test_the_story_needs_no_script(new_page: NewPage) -> None:
    person = Somebody()
    caseworker, partner = await new_page(script=False), await new_page(script=False)
    await story.sign_in(caseworker, "caseworker-a")
    await story.sign_in(partner, "recipient-b")

    referral_id = await story.draft_with_consent(caseworker, person)
    await story.send(caseworker)
    await story.let_go(caseworker)
    await _until_state(caseworker, "Skickad")
    await partner.goto("/inkorg")
    await expect(partner.locator(f"[data-id='{referral_id}']")).to_be_visible()
    await story.open_referral(partner, referral_id)
    assert (await story.items_seen(partner))["Telefon"] == person.phone
    await story.accept(partner, referral_id)
    await story.withdraw(caseworker, referral_id)
    await partner.goto(f"/inkorg/{referral_id}")
    await expect(partner.get_by_role("heading", level=1)).to_have_text("Delningen har upphört")


async def test_undo_in_time_leaves_a_draft_that_the_receiver_never_sees(new_page: NewPage) -> None:
    caseworker, partner = await new_page(), await new_page()
    await story.sign_in(caseworker, "caseworker-a")
    await story.sign_in(partner, "recipient-b")
    referral_id = await story.draft_with_consent(caseworker, Somebody())

    await story.send(caseworker)
    await caseworker.get_by_role("button", name="Ångra").click()

    await expect(caseworker.locator("#lage .state")).to_have_text("Utkast")
    answer = await partner.goto(f"/inkorg/{referral_id}")
    assert answer is not None
    assert answer.status == 404


async def test_a_no_is_a_full_answer(new_page: NewPage) -> None:
    page = await new_page()
    await story.sign_in(page, "caseworker-a")
    await story.write_down(page, Somebody())
    await story.choose_receiver(page)

    await page.get_by_label("Nej. Svaret sparas").check()
    await page.get_by_label("Muntligt").check()
    await page.get_by_role("button", name="Spara svaret").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Personen sade nej")


async def test_a_protected_person_is_never_written_down(new_page: NewPage) -> None:
    page = await new_page()
    await story.sign_in(page, "caseworker-a")
    await page.goto("/overlamningar/ny")

    await page.get_by_label("Ja", exact=True).check()
    await page.get_by_role("button", name="Fortsätt").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Lägg inte in personen här")
    await expect(page.get_by_text("Inget har sparats.")).to_be_visible()


async def test_the_list_keeps_still_under_a_hand(new_page: NewPage) -> None:
    caseworker, partner = await new_page(), await new_page()
    await story.sign_in(caseworker, "caseworker-a")
    await story.sign_in(partner, "recipient-b")
    await _deliver(caseworker, Somebody())
    await partner.reload()
    first = partner.locator("#rader a").first
    await first.focus()

    second = await _deliver(caseworker, Somebody())

    bar = partner.get_by_role("link", name=re.compile("^Visa 1 ny överlämning"))
    await expect(bar).to_be_visible()
    await expect(first).to_be_focused()
    await expect(partner.locator(f"[data-id='{second}']")).to_have_count(0)
    await bar.click()
    await expect(partner.locator(f"[data-id='{second}']")).to_be_visible()


async def test_two_tabs_share_one_connection_and_both_are_told(new_page: NewPage) -> None:
    caseworker, partner = await new_page(), await new_page()
    await story.sign_in(caseworker, "caseworker-a")
    async with partner.expect_request("**/live"):
        await story.sign_in(partner, "recipient-b")
    connections: list[str] = []
    partner.context.on("request", lambda asked: connections.append(asked.url))
    other = await partner.context.new_page()
    await other.goto("/inkorg")

    referral_id = await _deliver(caseworker, Somebody())

    for tab in (partner, other):
        await expect(tab.locator(f"[data-id='{referral_id}']")).to_be_visible()
    assert not [url for url in connections if url.endswith("/live")]


async def _deliver(caseworker: Page, person: Somebody) -> str:
    referral_id = await story.draft_with_consent(caseworker, person)
    await story.send(caseworker)
    await story.let_go(caseworker)
    await expect(caseworker.locator("#lage .state")).to_have_text("Skickad")
    return referral_id


async def _until_state(page: Page, word: str) -> None:
    """Reload as a person without script does, until the state is this."""
    for _ in range(30):
        await page.reload()
        if await page.locator("#lage .state").inner_text() == word:
            return
        await page.wait_for_timeout(1000)
    await expect(page.locator("#lage .state")).to_have_text(word)


async def _sees_notice(page: Page, referral_id: str, sentence: str) -> None:
    notice = page.locator(f"a[href='/overlamningar/{referral_id}']", has_text=sentence)
    for _ in range(30):
        await page.goto("/aviseringar")
        if await notice.count():
            return
        await page.wait_for_timeout(500)
    await expect(notice).to_be_visible()


async def _traces(admin: Page, person: Somebody, sentences: list[str]) -> None:
    """The newest path's trace has these sentences, each handled, and nowhere a name."""
    await admin.goto("/floden")
    await admin.locator("tbody a").first.click()
    for sentence in sentences:
        step = admin.get_by_role("row").filter(has_text=sentence)
        for _ in range(30):
            if await step.filter(has_text="Aviseringar").count():
                break
            await admin.wait_for_timeout(500)
            await admin.reload()
        await expect(step).to_contain_text("Aviseringar")
    shown = await admin.content()
    for name in (person.given_name, person.family_name, person.phone):
        assert name not in shown
