"""What this service is told besides what every service is."""

from __future__ import annotations

from pydantic import SecretStr

from shared.settings import Key, KeyIfAny, Settings


class OrganisationsSettings(Settings):
    """The keys of the access tokens, and the secret by which the first organisation comes in.

    ``token_key`` signs; ``token_key_other`` is published beside it for as long as a rotation
    takes: the next key before it signs, the one before until its last token has ended.
    Without a bootstrap secret nobody can use one.
    """

    token_key: Key
    token_key_other: KeyIfAny = None
    bootstrap_secret: SecretStr = SecretStr("")
