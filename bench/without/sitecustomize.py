"""Takes guards away from the processes of `dev.py bench --safety`: it alone puts this folder on their path.

`BENCH_WITHOUT` names them, with commas.  Python imports this before anything of the process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared import access_log, chain, crypto

NOTHING = bytes(32)
SIGNED = bytes(64)


def encryption() -> None:
    def as_it_is(_: bytes, value: bytes, *, bound_to: str) -> bytes:  # noqa: ARG001 - as the real one is called
        return value

    vars(crypto).update(seal=as_it_is, unseal=as_it_is)


def access_log_rows() -> None:
    async def unseen(_: Any, __: access_log.Read, ___: Sequence[UUID]) -> None:
        """Nobody notes it."""

    vars(access_log).update(note_reads=unseen)


def hash_chain() -> None:
    vars(chain).update(digest_of=lambda *_: NOTHING, hash_of=lambda *_: NOTHING)


def signed_heads() -> None:
    chain.Head.signed = lambda *_: SIGNED  # type: ignore[method-assign]
    chain.Head.is_signed = lambda *_: True  # type: ignore[method-assign]


GUARDS: Mapping[str, Callable[[], None]] = {
    "encryption": encryption,
    "access_log": access_log_rows,
    "chain": hash_chain,
    "signed_heads": signed_heads,
}

for name in filter(None, os.environ.get("BENCH_WITHOUT", "").split(",")):
    GUARDS[name]()
