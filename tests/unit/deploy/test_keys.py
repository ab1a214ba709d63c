"""Secrets are made once, kept apart, and belong together."""

import base64
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy import keys


def test_secrets_stay_what_they_were(tmp_path: Path) -> None:
    file = tmp_path / "new" / ".env"

    assert keys.kept(file) == keys.kept(file)


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    file = tmp_path / ".env"

    keys.kept(file)

    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_a_missing_secret_is_added_and_every_other_line_stays(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    first = keys.kept(file)
    lines = [line for line in file.read_text().splitlines() if not line.startswith("TOKEN_KEY=")]
    file.write_text("\n".join(["# ours", "DEMO=1", *lines]))

    second = keys.kept(file)

    assert second.keys() == first.keys()
    assert second["TOKEN_KEY"] != first["TOKEN_KEY"]
    assert second | {"TOKEN_KEY": first["TOKEN_KEY"]} == first
    assert keys.read(file)["DEMO"] == "1"


def test_all_secrets_differ() -> None:
    made = keys.make()

    assert len(set(made.values())) == len(made)


def test_what_a_service_signs_its_public_key_proves() -> None:
    made = keys.make()
    public = dict(pair.split("=", 1) for pair in made["SERVICE_KEYS"].split(","))

    for service in keys.SERVICES:
        seed = base64.urlsafe_b64decode(made[f"{service.upper()}_SERVICE_KEY"])
        own = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        assert base64.urlsafe_b64decode(public[service]) == own
