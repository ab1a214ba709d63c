"""What a process is told by its environment."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.organisations.settings import OrganisationsSettings
from shared.settings import CommonSettings

SEED = bytes(range(32))
TEXT = base64.urlsafe_b64encode(SEED).decode()
GIVEN = {
    "service_key": TEXT,
    "service_keys": f"tracing={TEXT},web={TEXT.rstrip('=')}",
    "sealing_key": TEXT.rstrip("="),
    "peers": "tracing=http://tracing-api:8000,web=http://web:8080",
}


def test_keys_and_addresses_are_read() -> None:
    told = CommonSettings.model_validate(GIVEN)

    assert told.service_key.get_secret_value() == told.sealing_key.get_secret_value() == SEED
    assert told.service_keys == {"tracing": SEED, "web": SEED}
    assert told.peers == {"tracing": "http://tracing-api:8000", "web": "http://web:8080"}


def test_a_demo_is_asked_for() -> None:
    assert CommonSettings.model_validate(GIVEN).demo is False
    assert CommonSettings.model_validate({**GIVEN, "demo": "1"}).demo is True


@pytest.mark.parametrize("name", ["service_key", "sealing_key"])
def test_a_key_of_another_length_stops_the_start(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        CommonSettings.model_validate({**GIVEN, name: base64.urlsafe_b64encode(SEED[:31]).decode()})


def test_a_secret_is_not_shown() -> None:
    assert TEXT not in repr(CommonSettings.model_validate(GIVEN).service_key)


@pytest.mark.parametrize("name", ["service_key", "sealing_key"])
def test_a_key_that_was_typed_stops_the_start_outside_a_demo(name: str) -> None:
    typed = base64.urlsafe_b64encode(b"change-me" * 4)[:43].decode()

    with pytest.raises(ValidationError, match="drawn at random"):
        CommonSettings.model_validate({**GIVEN, name: typed})
    assert CommonSettings.model_validate({**GIVEN, name: typed, "demo": "1"}).demo


@pytest.mark.parametrize("secret", ["changeme", "a" * 15])
def test_a_short_secret_stops_the_start(secret: str) -> None:
    given = {**GIVEN, "database_url": "x", "redis_url": "x", "token_key": TEXT}

    assert OrganisationsSettings.model_validate(given).bootstrap_secret.get_secret_value() == ""
    with pytest.raises(ValidationError, match="bootstrap_secret"):
        OrganisationsSettings.model_validate({**given, "bootstrap_secret": secret})


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "service_key"
    file.write_text(f"{TEXT}\n")
    for name, value in GIVEN.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.delenv("SERVICE_KEY")
    monkeypatch.setenv("SERVICE_KEY_FILE", str(file))

    assert CommonSettings().service_key.get_secret_value() == SEED
