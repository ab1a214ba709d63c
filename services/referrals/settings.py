"""What this service is told besides what every service is."""

from __future__ import annotations

from shared.settings import Settings


class ReferralsSettings(Settings):
    """Where the keys are: a database of their own, which may be on a server of its own."""

    keys_database_url: str
