"""The passwords and keys of one installation: made once, kept in one file that only its owner reads."""

import base64
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORDED = ("organisations", "referrals", "notifications", "tracing")
"""The services with a record of their own in PostgreSQL and a login of their own in Redis."""

SERVICES = (*RECORDED, "web")


def names() -> list[str]:
    """The name of every secret that `docker-compose.yml` asks for, but SERVICE_KEYS, which follows."""
    passwords = [f"{service}_{kind}_PASSWORD".upper() for service in RECORDED for kind in ("db", "redis")]
    keys = [f"{service}_{kind}_KEY".upper() for service in SERVICES for kind in ("service", "sealing")]
    servers = ["POSTGRES_PASSWORD", "REDIS_PASSWORD", "KEYS_DB_PASSWORD"]
    return [*servers, *passwords, *keys, "TOKEN_KEY", "BOOTSTRAP_SECRET"]


def make(known: Mapping[str, str] | None = None) -> dict[str, str]:
    """All secrets: the known ones as they are, the missing ones new."""
    made = {name: (known or {}).get(name) or _new() for name in names()}
    return made | {"SERVICE_KEYS": _public_keys(made)}


def kept(file: Path) -> dict[str, str]:
    """The secrets of this file, which is made or completed first; only its owner may read it.

    Lines of the file that are no secret of ours (DEMO, PUBLIC_URL) stay.
    """
    known = read(file) if file.exists() else {}
    complete = known | make(known)
    if complete != known:
        _write(file, complete)
    return {name: complete[name] for name in (*names(), "SERVICE_KEYS")}


def read(file: Path) -> dict[str, str]:
    """The NAME=value lines of a file."""
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def _new() -> str:
    # 32 random bytes are as good a password as an AES key or an Ed25519 seed.
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _public_keys(made: Mapping[str, str]) -> str:
    return ",".join(f"{name}={_public_key(made[f'{name.upper()}_SERVICE_KEY'])}" for name in SERVICES)


def _public_key(seed: str) -> str:
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(seed))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(public).decode()


def _write(file: Path, values: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as written:
        written.writelines(f"{name}={value}\n" for name, value in values.items())
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)


def main() -> None:
    """Write or complete the file given, `.env` if none is: what `docker compose` reads."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else ".env")
    kept(file)
    print(f"{file} holds every secret; keep it out of the repository and in the backup.")


if __name__ == "__main__":
    main()
