"""What the web process is told by its environment."""

from __future__ import annotations

from shared.settings import CommonSettings


class WebSettings(CommonSettings):
    """The common settings, and the address that browsers reach the pages at."""

    public_url: str = "http://localhost:8080"
