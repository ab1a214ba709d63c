"""Prints an access token of the running demo: `LOGIN [--data DIR]`."""

import argparse
import json
import sys
import uuid
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from deploy.data_folder import DEFAULT, DataFolder


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py token", description=__doc__)
    parser.add_argument("login")
    parser.add_argument("--data", type=Path, default=DEFAULT)
    wanted = parser.parse_args()
    demo = DataFolder(wanted.data.resolve()).demo
    if not demo.exists():
        sys.exit("No demo runs here: python3 dev.py demo")
    print(_token(json.loads(demo.read_text())["services"]["organisations"], wanted.login))


def _token(organisations: str, login: str) -> str:
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    request = Request(f"{organisations}/tokens", json.dumps({"login": login}).encode(), headers)  # noqa: S310 - http
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - http
            return str(json.load(answer)["access_token"])
    except HTTPError as refusal:
        sys.exit(f"No token for {login}: {json.load(refusal).get('title', refusal)}")
    except OSError:
        sys.exit("No demo runs here: python3 dev.py demo")


if __name__ == "__main__":
    main()
