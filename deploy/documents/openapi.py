"""``docs/openapi/<service>.json``: each service's interface, as the service itself describes it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from fastapi import FastAPI

from deploy.keys import RECORDED, SERVICES

from .json_text import as_json

FOLDER = "docs/openapi"
NOBODYS_KEY = "A" * 43
"""Thirty-two zero bytes: a key that only describes and never signs anything that counts."""

ENVIRONMENT = {
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "KEYS_DATABASE_URL": "postgresql://nobody@localhost/none",
    "REDIS_URL": "redis://localhost/0",
    "SERVICE_KEY": NOBODYS_KEY,
    "SEALING_KEY": NOBODYS_KEY,
    "TOKEN_KEY": NOBODYS_KEY,
    "BOOTSTRAP_SECRET": NOBODYS_KEY,
    "SERVICE_KEYS": ",".join(f"{name}={NOBODYS_KEY}" for name in SERVICES),
    "PEERS": ",".join(f"{name}=http://{name}" for name in SERVICES),
    "DEMO": "0",
}


@cache
def api_of(service: str) -> FastAPI:
    """A service's app, made but never started: nothing is connected."""
    with _environment(ENVIRONMENT):
        api: FastAPI = importlib.import_module(f"services.{service}.main").api
    return api


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Nothing but these values in the environment, for as long as it lasts."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def documents() -> Iterator[tuple[str, str]]:
    """The path and the text of each service's OpenAPI."""
    for service in RECORDED:
        yield (
            f"{FOLDER}/{service}.json",
            as_json(api_of(service).openapi()),
        )
