"""What this service is told besides what every service is."""

from __future__ import annotations

from typing import Self

from pydantic import SecretStr, model_validator

from shared.settings import Key, KeyIfAny, Settings

from .providers import Providers, is_safe


class OrganisationsSettings(Settings):
    """The keys of the access tokens, and the secret by which the first organisation comes in.

    ``token_key`` signs; ``token_key_other`` is published beside it for as long as a rotation
    takes: the next key before it signs, the one before until its last token has ended.
    Without a bootstrap secret nobody can use one.
    ``oidc_providers`` are those by which people sign in, as JSON; ``public_url`` is where they come back to.
    """

    token_key: Key
    token_key_other: KeyIfAny = None
    bootstrap_secret: SecretStr = SecretStr("")
    public_url: str = "http://localhost:8080"
    oidc_providers: Providers = ()

    @model_validator(mode="after")
    def _asks_nobody_in_the_open(self) -> Self:
        """Outside a demo a provider is spoken to by https alone."""
        open_ones = [one.name for one in self.oidc_providers if not is_safe(one.issuer, demo=self.demo)]
        if open_ones:
            raise ValueError(f"{', '.join(open_ones)}: an issuer's address begins with https")
        return self
