"""Which providers an installation may trust, and for whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from deploy.documents.openapi import ENVIRONMENT
from services.organisations.providers import Provider
from services.organisations.settings import OrganisationsSettings
from shared.actor import ActorKind
from tests.unit.organisations.makers import ELSEWHERE, HERE

ONE = {
    "name": "staden",
    "label": "Staden",
    "issuer": "https://id.staden.example",
    "client_id": "vardekedjor",
    "client_secret": "hemlig",
}


def a_provider(**others: Any) -> Provider:
    return Provider.model_validate(ONE | others)


@pytest.mark.parametrize(
    ("realm", "value", "login"),
    [
        (None, "anna", "anna"),
        (None, "anna@staden", "anna@staden"),
        ("staden", "anna", "anna@staden"),
        ("staden", "anna@regionen", None),
        ("staden", "", None),
        (None, "", None),
        (None, "anna å", None),
        (None, "a" * 101, None),
        (None, None, None),
        (None, ["anna"], None),
        (None, 7, None),
    ],
)
def test_a_claim_becomes_a_login_of_the_providers_own_realm(
    realm: str | None, value: Any, login: str | None
) -> None:
    assert a_provider(realm=realm).login_of(value) == login


def test_a_provider_vouches_for_those_it_is_trusted_for_alone() -> None:
    one = a_provider(organisations=[HERE])

    assert one.may_vouch_for(ActorKind.STAFF, HERE)
    assert not one.may_vouch_for(ActorKind.STAFF, ELSEWHERE)
    assert not one.may_vouch_for(ActorKind.PERSON, HERE)
    assert a_provider(holders=["person"]).may_vouch_for(ActorKind.PERSON, ELSEWHERE)


def settings(
    monkeypatch: pytest.MonkeyPatch, *providers: dict[str, Any], **more: str
) -> OrganisationsSettings:
    for name, value in {**ENVIRONMENT, "OIDC_PROVIDERS": json.dumps(providers), **more}.items():
        monkeypatch.setenv(name, value)
    return OrganisationsSettings()


OTHER = {**ONE, "name": "regionen"}


@pytest.mark.parametrize(
    "providers",
    [
        [ONE, ONE | {"realm": "a"}],
        [ONE, OTHER],
        [ONE | {"realm": "a"}, OTHER],
        [ONE | {"realm": "a"}, OTHER | {"realm": "a"}],
        [ONE | {"issuer": "http://id.staden.example"}],
        [ONE | {"issuer": "http://localhost:1"}],
        [ONE | {"scope": "profile"}],
        [ONE | {"colour": "red"}],
    ],
)
def test_settings_by_which_one_could_pass_for_another_stop_the_start(
    providers: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError):
        settings(monkeypatch, *providers)


def test_providers_are_told_by_the_environment_or_by_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings(monkeypatch).oidc_providers == ()
    two = settings(monkeypatch, ONE | {"realm": "a"}, OTHER | {"realm": "b"}).oidc_providers
    file = tmp_path / "providers.json"
    file.write_text(json.dumps([ONE]))

    assert [one.name for one in two] == ["staden", "regionen"]
    assert settings(monkeypatch, OIDC_PROVIDERS_FILE=str(file)).oidc_providers == (a_provider(),)
    monkeypatch.delenv("OIDC_PROVIDERS_FILE")
    assert settings(monkeypatch, OIDC_PROVIDERS="").oidc_providers == ()
