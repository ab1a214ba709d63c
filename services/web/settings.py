"""What the web process is told by its environment."""

from __future__ import annotations

from pydantic import Field

from shared.settings import CommonSettings


class WebSettings(CommonSettings):
    """The common settings, and what the pages alone need.

    ``public_url`` is the address that browsers reach them at; ``undo_s`` how many seconds
    the sender may change her mind after "Skicka", at most 60.
    """

    public_url: str = "http://localhost:8080"
    undo_s: int = Field(default=10, ge=0, le=60)
