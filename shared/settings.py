"""What a process is told by its environment; a missing value stops the start."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from pydantic import BeforeValidator, SecretBytes
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def from_base64url(text: str) -> bytes:
    """Bytes from base64url text, with or without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    key = from_base64url(value)
    if len(key) != 32:  # noqa: PLR2004
        msg = "a key is 32 bytes as base64url"
        raise ValueError(msg)
    return key


def _pairs(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return dict(pair.split("=", 1) for pair in value.split(",") if pair)


def _public_keys(value: Any) -> Any:
    return {name: _key(key) for name, key in _pairs(value).items()}


Key = Annotated[SecretBytes, BeforeValidator(_key)]
KeyIfAny = Annotated[SecretBytes | None, BeforeValidator(lambda value: _key(value) if value else None)]
PublicKeys = Annotated[dict[str, bytes], NoDecode, BeforeValidator(_public_keys)]
Addresses = Annotated[dict[str, str], NoDecode, BeforeValidator(_pairs)]


class CommonSettings(BaseSettings):
    """What every process needs: its own key, everybody's public keys and addresses.

    ``patience_s`` is how long a request waits for a database or a service before it answers 503.
    ``sealing_key_before`` is the sealing key of the version before, told for as long as a rotation takes.
    """

    model_config = SettingsConfigDict(extra="ignore")

    service_key: Key
    service_keys: PublicKeys
    sealing_key: Key
    sealing_key_version: int = 1
    sealing_key_before: KeyIfAny = None
    peers: Addresses
    demo: bool = False
    patience_s: float = 5.0


class Settings(CommonSettings):
    """What a service with a record and a stream needs."""

    database_url: str
    keys_database_url: str = ""
    redis_url: str
    reaction_limit_s: float = 60.0
