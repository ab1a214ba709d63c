"""Sending and accepting without a mouse, with the focus always to be seen."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser import story
from tests.browser.conftest import NewPage
from tests.browser.story import Somebody

FAR = 60
"""More stops than any page has."""

FOCUS = """() => {
  const seen = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
  };
  const focused = document.activeElement;
  return seen(focused) || seen(focused.closest(".ds-field") ?? focused);
}"""
"""Whether the focus can be seen: on the element, or around a box and its label together."""


async def test_a_referral_is_sent_and_accepted_by_keyboard_alone(new_page: NewPage) -> None:
    caseworker, partner = await new_page(), await new_page()
    await story.sign_in(caseworker, "caseworker-a")
    await story.sign_in(partner, "recipient-b")
    referral_id = await story.draft_with_consent(caseworker, Somebody())

    await _press(caseworker, "Skicka")
    await expect(caseworker.get_by_role("button", name="Ångra")).to_be_visible()
    await story.let_go(caseworker)
    await expect(caseworker.locator("#lage .state")).to_have_text("Skickad")

    await partner.goto(f"/inkorg/{referral_id}")
    await _press(partner, "Öppna")
    await _tick(partner, "conditions_accepted")
    await _tick(partner, "pledge")
    await _press(partner, "Öppna")
    await expect(partner.get_by_role("heading", name="Det som lämnades")).to_be_visible()
    await _press(partner, "Ta emot")
    await _press(partner, "Ta emot")
    await expect(partner.locator(".state").first).to_have_text("Mottagen")


async def test_the_first_stop_leads_past_the_menu(new_page: NewPage) -> None:
    page = await new_page()
    await story.sign_in(page, "caseworker-a")

    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Hoppa till innehållet")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.locator("#innehall")).to_be_focused()


async def test_a_refused_form_moves_the_focus_to_what_is_wrong(new_page: NewPage) -> None:
    page = await new_page(script=False)
    await story.sign_in(page, "caseworker-a")
    await page.goto("/overlamningar/ny/person")

    await page.get_by_role("button", name="Spara och fortsätt").press("Enter")

    await expect(page.locator(".ds-error-summary")).to_be_focused()
    await page.get_by_role("link", name="Skriv personens förnamn.").press("Enter")
    await expect(page.get_by_label("Förnamn")).to_be_focused()


async def _press(page: Page, words: str) -> None:
    """Go to the link or button with these words, and press it."""
    await _go_to(page, f"e => e.matches('a, button') && e.textContent.trim() === {words!r}")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def _tick(page: Page, name: str) -> None:
    await _go_to(page, f"e => e.name === {name!r}")
    await page.keyboard.press("Space")


async def _go_to(page: Page, is_it: str) -> None:
    for _ in range(FAR):
        await page.keyboard.press("Tab")
        assert await page.evaluate(FOCUS), await page.evaluate("document.activeElement.outerHTML")
        if await page.evaluate(f"({is_it})(document.activeElement)"):
            return
    raise AssertionError(f"no Tab leads to {is_it}")
