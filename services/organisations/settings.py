"""What this service is told besides what every service is."""

from __future__ import annotations

from pydantic import SecretStr

from shared.settings import Key, Settings


class OrganisationsSettings(Settings):
    """The key of the access tokens, and the secret by which the first organisation comes in.

    Without a bootstrap secret nobody can use one.
    """

    token_key: Key
    bootstrap_secret: SecretStr = SecretStr("")
