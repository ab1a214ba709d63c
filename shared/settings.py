"""What a process is told by its environment; a missing value stops the start."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, SecretBytes, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

LEAST_VARIED = 12
"""A key of 32 bytes with fewer different ones was typed, not drawn at random."""

LEAST_LONG = 16
"""The fewest signs of a secret in words."""


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


def _is_weak(value: Any) -> bool:
    if isinstance(value, SecretBytes):
        return len(set(value.get_secret_value())) < LEAST_VARIED
    if isinstance(value, SecretStr):
        return 0 < len(value.get_secret_value()) < LEAST_LONG
    return False


def _in_files(settings_cls: type[BaseSettings]) -> dict[str, Any]:
    named = {name: os.environ.get(f"{name.upper()}_FILE") for name in settings_cls.model_fields}
    return {name: Path(file).read_text().strip() for name, file in named.items() if file}


class CommonSettings(BaseSettings):
    """What every process needs: its own key, everybody's public keys and addresses.

    ``patience_s`` is how long a request waits for a database or a service before it answers 503.
    ``sealing_key_before`` is the sealing key of the version before, told for as long as a rotation takes.
    """

    model_config = SettingsConfigDict(extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - of pydantic
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - of pydantic
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """``NAME_FILE`` names the file that holds ``NAME``: a secret need not be in the environment."""
        files = InitSettingsSource(settings_cls, _in_files(settings_cls))
        return (init_settings, files, env_settings)

    @model_validator(mode="after")
    def _has_drawn_secrets(self) -> Self:
        """Outside a demo a default or short secret stops the start."""
        weak = [name for name, value in self if not self.demo and _is_weak(value)]
        if weak:
            raise ValueError(f"{', '.join(weak)}: a secret must be drawn at random (python3 dev.py secrets)")
        return self

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
