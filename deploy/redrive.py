"""Tries a subject's parked events again, now: `SERVICE SUBJECT`, with the service's environment."""

import argparse
import asyncio
import sys
import uuid

import httpx2

from shared.clients import ServiceClient
from shared.settings import CommonSettings


async def redrive(settings: CommonSettings, service: str, subject: uuid.UUID) -> int:
    """How many of the subject's events are still parked; raises httpx2.HTTPError."""
    client = ServiceClient(service, settings)
    try:
        path, key = f"/parked/{subject}/redrive", {"Idempotency-Key": str(uuid.uuid4())}
        answer = await client.call(service, "POST", path, headers=key)
        return int(answer.raise_for_status().json()["left"])
    finally:
        await client.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py redrive", description=__doc__)
    parser.add_argument("service")
    parser.add_argument("subject", type=uuid.UUID)
    wanted = parser.parse_args()
    try:
        # The environment gives what the class asks for.
        left = asyncio.run(redrive(CommonSettings(), wanted.service, wanted.subject))
    except httpx2.HTTPError as error:
        sys.exit(f"{wanted.service} does not answer: {type(error).__name__}")
    sys.exit(f"{left} still parked; the cause is not mended." if left else 0)


if __name__ == "__main__":
    main()
