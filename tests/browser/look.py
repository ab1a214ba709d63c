"""Looking at a page as its users do: narrow and wide, with axe, and as a picture that is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from re import Pattern

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

WIDTHS = (320, 1280)
SCREENS = Path(__file__).parents[2] / "docs" / "screens"


@dataclass(frozen=True, slots=True)
class Look:
    """Looks at pages; the pictures go to ``docs/screens`` if ``SCREENS=1``, else to the test's folder."""

    folder: Path

    @classmethod
    def into(cls, tmp_path: Path) -> Look:
        """Keep the pictures where the environment says."""
        return cls(SCREENS if os.environ.get("SCREENS") == "1" else tmp_path)

    async def at(self, page: Page, name: str, heading: str | Pattern[str], *, refused: bool = False) -> None:
        """The page under its one heading: nothing is wrong at either width, nothing stands outside."""
        await expect(page.locator("h1")).to_have_text([heading])
        if refused:
            await expect(page.locator(".ds-error-summary")).to_be_visible()
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.screenshot(
                path=self.folder / f"{name}-{width}.png", full_page=True, animations="disabled"
            )
            overflow = await page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{name} is {overflow} px too wide at {width}"
            found = await Axe().run(page)
            assert found.violations_count == 0, f"{name} at {width}:\n{found.generate_report()}"
